package sheet

import "provision/plan"

// Reader gives the data rows of one sheet, as texts by column. It is used by
// one goroutine.
type Reader interface {
	// Read gives the next row that holds anything. The Line is valid until the
	// next call. io.EOF comes only once the sheet is proven to be read to its
	// end; any other error ends the reading and is a *FileError.
	Read() (*Line, error)
	// Info tells the sheet's file, header and mapping.
	Info() plan.SheetInfo
	// HeaderProblems gives what is wrong with the header, and what is worth a
	// word.
	HeaderProblems() (errors, warnings []plan.Problem)
}

// Line is one data row: text by column, each with its cell, not yet judged.
type Line struct {
	Row    int  // of the sheet, from 1; in CSV the line on which it begins
	Hidden bool // hidden or filtered out
	// Problems make the row unusable as it stands.
	Problems []plan.Problem

	merged  bool // touched by merged cells, which the header's problems name
	layout  *layout
	decoder *decoder // of the row's record
	cells   []string // texts by column, as many as the header has
	raw     []byte   // the row as a CSV file has it; nil where it has to be encoded
	kinds   []byte   // of a workbook's cells
	lines   []int    // line of each field, where a CSV row spans several
}

// Len is the number of the sheet's columns.
func (l *Line) Len() int { return len(l.layout.columns) }

// Text gives the i-th column's text.
func (l *Line) Text(i int) string { return l.cells[i] }

// blank reports whether the row holds nothing.
func (l *Line) blank() bool { return (&rawRow{cells: l.cells}).empty() }

// repeatsHeader reports whether the row is the sheet's header once more.
func (l *Line) repeatsHeader() bool {
	same := 0
	for i, header := range l.layout.info.Header {
		if text := l.Text(i); text != header {
			// Mostly the first column tells.
			if clean, _ := cleanText(text); clean != header {
				return false
			}
		} else if header != "" {
			same++
		}
	}
	return same > 0
}

// Cell gives the i-th column's cell.
func (l *Line) Cell(i int) plan.Cell {
	line := l.Row
	if i < len(l.lines) {
		line = l.lines[i]
	}
	return l.layout.cell(i, line)
}

// Value gives the i-th column's text with its cell.
func (l *Line) Value(i int) plan.Value { return plan.Value{Text: l.Text(i), Cell: l.Cell(i)} }

// kind gives what a workbook stores the i-th column as; kindText for CSV.
func (l *Line) kind(i int) byte {
	if i < len(l.kinds) {
		return l.kinds[i]
	}
	return pack(kindText, 0)
}
