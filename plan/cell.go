package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unique"
)

// Cell names one cell of a sheet, or a row as a whole. It is two words wide
// and can be compared: what the cells of one column share (file, sheet and
// header) is stored once for all of them.
type Cell struct {
	column  unique.Handle[sheetColumn]
	row, at int32
}

// sheetColumn is what all cells of a column have in common. The cells that
// name whole rows are a column of their own, without a header.
type sheetColumn struct{ file, sheet, header string }

// RowCell names a row as a whole. The file is its base name, as the operator
// knows it; sheet is empty for CSV. Rows count from 1 as a spreadsheet program
// shows them (in CSV: the line on which the row begins); row 0 names the sheet.
func RowCell(file, sheet string, row int) Cell {
	return Cell{column: unique.Make(sheetColumn{file: file, sheet: sheet}), row: narrow(row)}
}

// In is the cell of the same row in a column, counted from 1; header is the
// column's header as the sheet spells it.
func (c Cell) In(column int, header string) Cell {
	s := c.shared()
	if s.header != header {
		s.header = header
		c.column = unique.Make(s)
	}
	c.at = narrow(column)
	return c
}

// OnRow is the cell of the same column in another row.
func (c Cell) OnRow(row int) Cell {
	c.row = narrow(row)
	return c
}

// Whole is the cell's row as a whole.
func (c Cell) Whole() Cell {
	if c.at == 0 {
		return c
	}
	return RowCell(c.File(), c.Sheet(), c.Row())
}

// narrow keeps a position within what a cell holds; no sheet has as many rows.
func narrow(n int) int32 { return int32(min(max(n, 0), math.MaxInt32)) }

func (c Cell) shared() sheetColumn {
	if c.column == (unique.Handle[sheetColumn]{}) {
		return sheetColumn{}
	}
	return c.column.Value()
}

// File is the base name of the cell's file, as the operator knows it.
func (c Cell) File() string { return c.shared().file }

// Sheet is the name of the cell's sheet; it is empty for CSV.
func (c Cell) Sheet() string { return c.shared().sheet }

// Header is the header of the cell's column, as the sheet spells it.
func (c Cell) Header() string { return c.shared().header }

// Row is the cell's row, from 1; 0 is a sheet as a whole.
func (c Cell) Row() int { return int(c.row) }

// Column is the cell's column, from 1; 0 is a row as a whole.
func (c Cell) Column() int { return int(c.at) }

// String renders the cell as people write it: "onboarding.xlsx!Users!F12", and
// "moves.csv!F12" where there are no sheets. A whole row is "moves.csv!12".
func (c Cell) String() string {
	shared := c.shared()
	s := shared.file
	if shared.sheet != "" {
		s += "!" + shared.sheet
	}
	if c.row == 0 {
		return s
	}
	return s + "!" + ColumnName(int(c.at)) + strconv.Itoa(int(c.row))
}

// IsZero reports whether the cell names nothing.
func (c Cell) IsZero() bool { return c == Cell{} }

// Compare orders cells by file, sheet, row and column.
func (c Cell) Compare(o Cell) int {
	if c.column != o.column {
		a, b := c.shared(), o.shared()
		if d := cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.sheet, b.sheet)); d != 0 {
			return d
		}
	}
	return cmp.Or(cmp.Compare(c.row, o.row), cmp.Compare(c.at, o.at))
}

// cellJSON is a cell as saved plans and journals have it.
type cellJSON struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row"`
	Column int    `json:"column,omitempty"` // absent: the row as a whole
	Header string `json:"header,omitempty"`
}

// MarshalJSON writes the cell in full, so that each can be read by itself.
func (c Cell) MarshalJSON() ([]byte, error) {
	s := c.shared()
	return json.Marshal(cellJSON{File: s.file, Sheet: s.sheet, Row: c.Row(), Column: c.Column(), Header: s.header})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Cell) UnmarshalJSON(data []byte) error {
	var j cellJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return fmt.Errorf("read cell: %w", err)
	}
	*c = RowCell(j.File, j.Sheet, j.Row).In(j.Column, j.Header)
	return nil
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
