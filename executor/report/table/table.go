package table

import (
	"strings"
	"unicode"
)

// Table is a table of text.
type Table struct {
	Title string
	// Notes are sentences about the table: what it is, who it is for.
	Notes  []string
	Header []string
	Parts  []Part
	// Exact leaves the cells of a workbook as they are, uncleaned: for values
	// that have to arrive, as passwords.
	Exact bool
}

// Part is some of a table's rows.
type Part struct {
	Name string // of the workbook's sheet, before it is made to fit
	Rows [][]string
}

// Len is how many rows the table has.
func (t *Table) Len() int {
	n := 0
	for i := range t.Parts {
		n += len(t.Parts[i].Rows)
	}
	return n
}

// Clean makes a text of a sheet, of the account or of the service safe to show
// and to print: line breaks and tabs become spaces, and characters that steer
// a terminal, turn the direction of writing or are none become a mark.
func Clean(t string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case r == '\u200d' || r == '\ufe0f': // they join emoji and steer nothing
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Noncharacter_Code_Point, r):
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(t, string(unicode.ReplacementChar)))
}
