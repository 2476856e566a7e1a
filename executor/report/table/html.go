package table

import (
	"html/template"
	"io"

	"provision/executor/report/page"
)

// WriteHTML writes the table as one self-contained HTML page, a section for
// each part.
func (t *Table) WriteHTML(w io.Writer) error {
	return page.Write(w, page.Page{Title: Clean(t.Title), Body: "table.html", Data: t, Funcs: template.FuncMap{"t": Clean}})
}
