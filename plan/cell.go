package plan

import (
	"cmp"
	"strconv"
)

// Cell names one cell of a sheet. Row counts from 1 as a spreadsheet program
// shows it (in CSV: the line on which the field begins); Column counts from 1.
type Cell struct {
	File   string `json:"file"`            // base name, as the operator knows it
	Sheet  string `json:"sheet,omitempty"` // empty for CSV
	Row    int    `json:"row"`
	Column int    `json:"column,omitempty"` // 0: the row as a whole
	Header string `json:"header,omitempty"` // the column's header, as the sheet spells it
}

// String renders the cell as people write it: "onboarding.xlsx!Users!F12", and
// "moves.csv!F12" where there are no sheets. A whole row is "moves.csv!12".
func (c Cell) String() string {
	s := c.File
	if c.Sheet != "" {
		s += "!" + c.Sheet
	}
	if c.Row == 0 {
		return s
	}
	return s + "!" + ColumnName(c.Column) + strconv.Itoa(c.Row)
}

// IsZero reports whether the cell names nothing.
func (c Cell) IsZero() bool { return c == Cell{} }

// Compare orders cells by file, sheet, row and column.
func (c Cell) Compare(o Cell) int {
	return cmp.Or(cmp.Compare(c.File, o.File), cmp.Compare(c.Sheet, o.Sheet), cmp.Compare(c.Row, o.Row), cmp.Compare(c.Column, o.Column))
}

// ColumnName turns a column's number into its letters: 1 is A, 27 is AA. Zero
// or less is the empty string.
func ColumnName(n int) string {
	var b []byte
	for n > 0 {
		n--
		b = append([]byte{byte('A' + n%26)}, b...)
		n /= 26
	}
	return string(b)
}

// Value is a text of the sheet and the cell it came from. An empty text means
// that the row does not state this value.
type Value struct {
	Text string
	Cell Cell
}

// IsSet reports whether the row states a value.
func (v Value) IsSet() bool { return v.Text != "" }

// Problem is something that is wrong, or worth a word, at one place of the
// sheet. Code is stable and meant for programs; Message is for people: it says
// what is wrong and what to do.
type Problem struct {
	Cell    Cell   `json:"cell"`
	Value   string `json:"value,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// String renders the problem as "cell: message".
func (p Problem) String() string { return p.Cell.String() + ": " + p.Message }
