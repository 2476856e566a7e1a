package sheet

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// cellEdit is what becomes of one cell of a sheet.
type cellEdit struct {
	row, col int
	// fill, where set, is the color of a mark.
	fill string
	// write puts text into the cell, in place of whatever it held.
	write bool
	text  string
	style int // of a text
}

// cellsEditor changes cells of one sheet's part, and nothing else in it.
type cellsEditor struct {
	src    []byte
	styles *styleEditor
	edits  []cellEdit
	// was gives the fill that a cell had before it was marked, by name; a cell
	// that has a mark's color and is not in it gets none.
	was map[string]string
	// unmark lets all old marks be taken off.
	unmark bool

	// drawing, where set, is the id of the drawing of notes that the sheet shall name.
	drawing string

	// before are the fills, as XML, of the cells that were marked now.
	before map[string]string

	prefix   string
	office   string // namespace of ids
	out      []edit
	next     int // of edits
	row, col int // last that were seen
	rowStyle int
	inRow    *element
	columns  []columnStyle
	named    bool // the drawing is
}

type columnStyle struct{ from, to, style int }

// run finds the edits of the part.
func (c *cellsEditor) run() ([]edit, error) {
	slices.SortStableFunc(c.edits, func(a, b cellEdit) int { return cmp.Or(a.row-b.row, a.col-b.col) })
	c.before = map[string]string{}
	err := walk(c.src, c.open, c.shut)
	if err != nil {
		return nil, fmt.Errorf("edit sheet: %w", err)
	}
	return c.out, nil
}

func (c *cellsEditor) open(at []*element) {
	e := at[len(at)-1]
	switch {
	case len(at) == 1:
		c.prefix, c.office = e.prefix, relBase
		if bytes.Contains(e.tag, []byte(relStrict)) {
			c.office = relStrict
		}
	case len(at) == 2 && slices.Contains(tailOf, e.name):
		c.nameDrawing(e.start)
	case isPath(at, "cols", "col"):
		from, err1 := strconv.Atoi(e.attr("min"))
		to, err2 := strconv.Atoi(e.attr("max"))
		style, err3 := strconv.Atoi(e.attr("style"))
		if err1 == nil && err2 == nil && err3 == nil {
			c.columns = append(c.columns, columnStyle{from, to, style})
		}
	case isPath(at, "sheetData", "row"):
		c.row++
		if n, err := strconv.Atoi(e.attr("r")); err == nil {
			c.row = n
		}
		c.newRows(e.start, c.row)
		c.inRow, c.col, c.rowStyle = e, 0, -1
		if s, err := strconv.Atoi(e.attr("s")); err == nil && isTrue(e.attr("customFormat")) {
			c.rowStyle = s
		}
	case isPath(at, "sheetData", "row", "c"):
		c.col++
		if col, _, ok := parseCellName([]byte(e.attr("r"))); ok {
			c.col = col
		}
		var cells strings.Builder
		c.newCells(&cells, c.row, c.col)
		if cells.Len() > 0 {
			c.out = append(c.out, edit{e.start, e.start, cells.String()})
		}
	}
}

func isTrue(s string) bool { return s == "1" || s == "true" }

func (c *cellsEditor) shut(at []*element) {
	e := at[len(at)-1]
	switch {
	case isPath(at, "sheetData", "row", "c"):
		c.cell(e)
	case isPath(at, "sheetData", "row"):
		var cells strings.Builder
		c.newCells(&cells, c.row, lastColumn+1)
		if cells.Len() > 0 {
			c.out = append(c.out, e.appendChild(c.src, cells.String()))
		}
	case len(at) == 1:
		c.nameDrawing(e.out)
	case isPath(at, "sheetData"):
		var rows strings.Builder
		c.rowsBefore(&rows, xlsxRows+1)
		if rows.Len() > 0 {
			c.out = append(c.out, e.appendChild(c.src, rows.String()))
		}
	}
}

// cell changes a cell that is there.
func (c *cellsEditor) cell(e *element) {
	name := cellName(c.col, c.row)
	style := max(0, atoi(e.attr("s")))
	old := style
	if c.unmark && c.styles.isMark(style) {
		style = c.styles.withFill(style, c.was[name])
	}
	tag := string(c.src[e.start:e.in])
	for c.next < len(c.edits) && c.edits[c.next].row == c.row && c.edits[c.next].col == c.col {
		d := c.edits[c.next]
		c.next++
		if d.write {
			c.out = append(c.out, edit{e.start, e.end, c.newCell(d, d.style)})
			return
		}
		style = c.mark(name, style, d.fill)
	}
	if style != old {
		c.out = append(c.out, edit{e.start, e.in, setAttr(tag, "s", strconv.Itoa(style))})
	}
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// mark is a style with a mark's color.
func (c *cellsEditor) mark(name string, style int, color string) int {
	if _, ok := c.before[name]; !ok {
		c.before[name] = c.styles.fillOf(style)
	}
	return c.styles.withFill(style, c.styles.solid(color))
}

// newRows puts the rows that are not there before the one at a place.
func (c *cellsEditor) newRows(at, row int) {
	var rows strings.Builder
	c.rowsBefore(&rows, row)
	if rows.Len() > 0 {
		c.out = append(c.out, edit{at, at, rows.String()})
	}
}

func (c *cellsEditor) rowsBefore(b *strings.Builder, row int) {
	for c.next < len(c.edits) && c.edits[c.next].row < row {
		n := c.edits[c.next].row
		c.rowStyle = -1
		fmt.Fprintf(b, `<%srow r="%d">`, c.prefix, n)
		c.newCells(b, n, lastColumn+1)
		fmt.Fprintf(b, `</%srow>`, c.prefix)
	}
}

// newCells writes the cells of a row that are not there, up to a column.
func (c *cellsEditor) newCells(b *strings.Builder, row, before int) {
	for c.next < len(c.edits) && c.edits[c.next].row == row && c.edits[c.next].col < before {
		d := c.edits[c.next]
		c.next++
		if d.write {
			b.WriteString(c.newCell(d, d.style))
			continue
		}
		style := c.rowStyle
		for _, s := range c.columns {
			if style < 0 && s.from <= d.col && d.col <= s.to {
				style = s.style
			}
		}
		style = c.mark(cellName(d.col, row), max(style, 0), d.fill)
		fmt.Fprintf(b, `<%sc r="%s" s="%d"/>`, c.prefix, cellName(d.col, row), style)
	}
}

// newCell writes a text as a typed text: it can't be a formula or a number.
func (c *cellsEditor) newCell(d cellEdit, style int) string {
	return textCell(c.prefix, cellName(d.col, d.row), style, d.text)
}

func textCell(prefix, name string, style int, text string) string {
	if text == "" {
		return fmt.Sprintf(`<%sc r="%s" s="%d"/>`, prefix, name, style)
	}
	return fmt.Sprintf(`<%[1]sc r="%[2]s" s="%[3]d" t="inlineStr"><%[1]sis><%[1]st xml:space="preserve">%[4]s</%[1]st></%[1]sis></%[1]sc>`, prefix, name, style, escapeCell(cut(text, maxCellText)))
}

// maxCellText is the most characters of a cell (ECMA-376 part 1, 18.18.12).
const maxCellText = 32767

// cut shortens a text that is longer than n bytes, between characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n-3], "") + "…"
}

// tailOf are the elements of a sheet behind the one that names its notes
// (ECMA-376 part 1, 18.3.1.99).
var tailOf = []string{"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst", "AlternateContent"}

// nameDrawing lets the sheet name the drawing of its notes, at this place.
func (c *cellsEditor) nameDrawing(at int) {
	if c.drawing == "" || c.named {
		return
	}
	c.named = true
	c.out = append(c.out, edit{at, at, fmt.Sprintf(`<%slegacyDrawing xmlns:r="%s" r:id="%s"/>`, c.prefix, c.office, c.drawing)})
}
