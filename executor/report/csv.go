package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode"

	"provision/plan"
)

// bom tells spreadsheet programs that a CSV is UTF-8.
const bom = "\ufeff"

// WriteCSV writes the report as CSV: UTF-8 with a byte order mark, comma, lines
// that end in LF (a CR would have to be put into cells of several lines too).
// Cells are guarded by [plan.GuardCell]. Those of the user's columns are as the
// sheet has them, but for characters that steer a terminal: these become a mark.
func (r *Report) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return fmt.Errorf("write report as CSV: %w", err)
	}
	cw := csv.NewWriter(w)
	write := func(cells []string) error {
		for i, c := range cells {
			cells[i] = plan.GuardCell(steerless(c))
		}
		if err := cw.Write(cells); err != nil {
			return fmt.Errorf("write report as CSV: %w", err)
		}
		return nil
	}
	if err := write(r.Header()); err != nil {
		return err
	}
	for _, l := range r.all() {
		if err := write(r.Record(l)); err != nil {
			return err
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return fmt.Errorf("write report as CSV: %w", err)
	}
	return nil
}

// steerless is a text without control characters but those that end lines and
// move to the next column.
func steerless(t string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, t)
}
