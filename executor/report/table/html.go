package table

import (
	"html/template"
	"io"
	"strings"
	"unicode/utf8"

	"provision/executor/report/page"
)

// keepWord is up to how many letters a word is not broken on paper. A table of 16
// columns of such words is no wider than what browsers shrink to a page.
const keepWord = 15

// keeps reports whether all words of a cell are short.
func keeps(cell string) bool {
	for word := range strings.FieldsSeq(cell) {
		if utf8.RuneCountInString(word) > keepWord {
			return false
		}
	}
	return true
}

// prose is from how many letters on a cell is a sentence, which is not to be
// squeezed between columns of single words.
const prose = 40

// WriteHTML writes the table as one self-contained HTML page, a section for
// each part.
func (t *Table) WriteHTML(w io.Writer) error {
	return page.Write(w, page.Page{Title: Clean(t.Title), Body: "table.html", Data: t, Funcs: template.FuncMap{"t": Clean, "keeps": keeps, "prose": func(cell string) bool { return utf8.RuneCountInString(cell) >= prose }}})
}
