package sheet

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// lateRows are rows of texts that are put into a sheet's part while the
// workbook is written. As XML they take many times the room of a CSV file, so
// they are never held as such; and the library would put those of a long sheet
// into a file in the folder for temporary files.
type lateRows struct {
	style int // of the cells
	width int // columns that have it, also where there is no cell
	// each gives the rows in their order, each time that it is called.
	each func(yield func(row int, cells []string) error) error
	// edits are cells that differ from what each gives: new texts, and styles
	// of cells that are there or not. Of a cell there is one at most.
	edits []cellEdit
}

// mark resolves edits to styles and tells, by cell, the fill that was there
// before each mark.
func (l *lateRows) mark(styles *styleEditor, edits []cellEdit) (before map[string]string) {
	before = map[string]string{}
	for _, e := range edits {
		if !e.write {
			style := l.style
			if e.col > l.width {
				style = 0
			}
			before[cellName(e.col, e.row)] = styles.fillOf(style)
			e.style = styles.withFill(style, styles.solid(e.fill))
		}
		l.edits = append(l.edits, e)
	}
	slices.SortFunc(l.edits, func(a, b cellEdit) int { return cmp.Or(a.row-b.row, a.col-b.col) })
	return before
}

// rowsBuffer is how many bytes of rows are gathered before they are written.
const rowsBuffer = 64 << 10

// writeTo writes the rows as XML.
func (l *lateRows) writeTo(w io.Writer) error {
	x := &rowsXML{style: l.style, edits: l.edits}
	flush := func(least int) error {
		if len(x.text) < least {
			return nil
		}
		_, err := w.Write(x.text)
		x.text = x.text[:0]
		return err
	}
	err := l.each(func(row int, cells []string) error {
		x.before(row)
		x.row(row, cells)
		return flush(rowsBuffer)
	})
	if err != nil {
		return err
	}
	x.before(xlsxRows + 1)
	return flush(0)
}

// rowsXML makes the XML of rows.
type rowsXML struct {
	style int
	edits []cellEdit // that are still to come
	text  []byte
}

// before writes the rows that only edits have.
func (x *rowsXML) before(row int) {
	for len(x.edits) > 0 && x.edits[0].row < row {
		x.row(x.edits[0].row, nil)
	}
}

// row writes a row with its edits. An empty text is no cell.
func (x *rowsXML) row(row int, cells []string) {
	x.text = append(x.text, `<row r="`...)
	x.text = append(strconv.AppendInt(x.text, int64(row), 10), `">`...)
	for i, text := range cells {
		x.until(row, i+1)
		style, edited := x.style, false
		if len(x.edits) > 0 && x.edits[0].row == row && x.edits[0].col == i+1 {
			style, edited = x.edits[0].style, true
			if x.edits[0].write {
				text = x.edits[0].text
			}
			x.edits = x.edits[1:]
		}
		if text != "" || edited {
			x.cell(row, i+1, style, text)
		}
	}
	x.until(row, lastColumn+1)
	x.text = append(x.text, `</row>`...)
}

// until writes the row's cells left of a column that only edits have.
func (x *rowsXML) until(row, col int) {
	for len(x.edits) > 0 && x.edits[0].row == row && x.edits[0].col < col {
		e := x.edits[0]
		x.edits = x.edits[1:]
		x.cell(row, e.col, e.style, e.text)
	}
}

func (x *rowsXML) cell(row, col, style int, text string) {
	x.text = append(append(x.text, `<c r="`...), cellName(col, row)...)
	x.text = append(strconv.AppendInt(append(x.text, `" s="`...), int64(style), 10), '"')
	if text == "" {
		x.text = append(x.text, `/>`...)
		return
	}
	x.text = append(x.text, ` t="inlineStr"><is><t xml:space="preserve">`...)
	if text = cut(text, maxCellText); isPlain(text) && !bytes.ContainsAny([]byte(text), "_<>&'\"") {
		x.text = append(x.text, text...)
	} else {
		x.text = append(x.text, escapeCell(text)...)
	}
	x.text = append(x.text, `</t></is></c>`...)
}

// addRows lets rows be put behind those that the sheets of a workbook have,
// when it is written.
func (p *packageEditor) addRows(rest map[string]*lateRows) error {
	for _, s := range p.archive.sheets {
		rows := rest[s.name]
		if rows == nil {
			continue
		}
		part := p.name(s.part)
		src, err := p.part(part)
		if err != nil {
			return err
		}
		if _, err := endOfRows(src); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
		c := p.change(part)
		c.text, c.rows = src, rows
	}
	return nil
}

// endOfRows is the place behind a part's last row.
func endOfRows(src []byte) (int, error) {
	at := -1
	err := walk(src, nil, func(path []*element) {
		if isPath(path, "sheetData") && !path[1].selfClosed {
			at = path[1].out
		}
	})
	if err == nil && at < 0 {
		err = fmt.Errorf("the part has no place for rows")
	}
	return at, err
}

// writeLate writes a part with the rows that come late.
func writeLate(w io.Writer, src []byte, rows *lateRows) error {
	at, err := endOfRows(src)
	if err != nil {
		return err
	}
	if _, err := w.Write(src[:at]); err != nil {
		return err
	}
	if err := rows.writeTo(w); err != nil {
		return err
	}
	_, err = w.Write(src[at:])
	return err
}
