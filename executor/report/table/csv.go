package table

import (
	"encoding/csv"
	"fmt"
	"io"

	"provision/plan"
)

// bom tells spreadsheet programs that a CSV is UTF-8.
const bom = "\ufeff"

// WriteCSV writes the table as CSV: UTF-8 with a byte order mark, comma, lines
// that end in LF, one header, and the rows of all parts. Cells are cleaned and
// guarded by [plan.GuardCell]; title and notes are left out.
func (t *Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return fmt.Errorf("write %s as CSV: %w", t.Title, err)
	}
	cw := csv.NewWriter(w)
	write := func(cells []string) error {
		out := make([]string, len(cells))
		for i, c := range cells {
			out[i] = plan.GuardCell(Clean(c))
		}
		return cw.Write(out)
	}
	err := write(t.Header)
	for i := range t.Parts {
		for _, row := range t.Parts[i].Rows {
			if err == nil {
				err = write(row)
			}
		}
	}
	cw.Flush()
	if err == nil {
		err = cw.Error()
	}
	if err != nil {
		return fmt.Errorf("write %s as CSV: %w", t.Title, err)
	}
	return nil
}
