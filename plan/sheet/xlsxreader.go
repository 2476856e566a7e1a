package sheet

import (
	"errors"
	"fmt"
	"slices"

	"provision/plan"
)

// xlsxReader is the Reader over a worksheet.
type xlsxReader struct {
	layout *layout
	src    *xlsxSource
	merged []cellRange // that touch data
	line   Line
	rows   int
}

// reader finds the sheet's header and makes the Reader for the rows below it.
func (w *workbook) reader(part *sheetPart, info plan.SheetInfo, names *headerNames) (*xlsxReader, error) {
	src, row, err := w.sourceAtHeader(part, names, false)
	if errors.Is(err, errNoHeader) {
		src, row, err = w.sourceAtHeader(part, names, true)
	}
	if err != nil {
		return nil, err
	}
	x := &xlsxReader{layout: names.newLayout(info, row), src: src}
	if x.line.decoder, err = newDecoder(x.layout, ','); err != nil {
		return nil, errors.Join(err, src.close())
	}
	x.line.layout, x.line.cells = x.layout, make([]string, len(x.layout.columns))
	x.findMerged(part.scan.merged)
	x.findHidden(part.scan.columns)
	return x, nil
}

// findHidden tells of columns of ours that are hidden: they are read, and
// somebody who looks at the sheet does not see what they say.
func (x *xlsxReader) findHidden(ranges [][2]int) {
	for i, id := range x.layout.columns {
		hidden := func(r [2]int) bool { return r[0] <= i+1 && i+1 <= r[1] }
		if id != colNone && slices.ContainsFunc(ranges, hidden) {
			x.layout.warn(i, "hidden_column", fmt.Sprintf("column %q is hidden in the sheet, and was read", x.layout.info.Header[i]))
		}
	}
}

// sourceAtHeader opens a worksheet's rows and reads up to the header.
func (w *workbook) sourceAtHeader(part *sheetPart, names *headerNames, loose bool) (*xlsxSource, *rawRow, error) {
	src, err := w.source(part)
	if err != nil {
		return nil, nil, err
	}
	row, _, err := names.findHeader(src, loose)
	if err != nil {
		return nil, nil, errors.Join(err, src.close())
	}
	return src, row, nil
}

// findMerged keeps the merged ranges that reach below the title rows and into a
// column of ours.
func (x *xlsxReader) findMerged(all []cellRange) {
	for _, m := range all {
		if m.lastRow < x.layout.line || m.firstCol == m.lastCol && m.firstRow == m.lastRow {
			continue
		}
		ours := false
		for i := m.firstCol - 1; i < min(m.lastCol, len(x.layout.columns)); i++ {
			ours = ours || x.layout.columns[i] != colNone
		}
		if !ours {
			continue
		}
		x.merged = append(x.merged, m)
		message := "the cells " + m.String() + " are merged, so only the first holds a value; unmerge them and fill each"
		if m.firstRow <= x.layout.line && m.lastRow > x.layout.line {
			message = "the cells " + m.String() + " are merged, so that the header takes several rows; unmerge them, put the name of each column into one row, and delete the others"
		}
		x.layout.errors = append(x.layout.errors, plan.Problem{Cell: x.layout.cell(m.firstCol-1, max(m.firstRow, x.layout.line)), Value: m.String(), Code: "merged_cells",
			Message: message})
	}
	slices.SortFunc(x.merged, func(a, b cellRange) int { return a.firstRow - b.firstRow })
}

func (x *xlsxReader) Info() plan.SheetInfo { return x.layout.info }

func (x *xlsxReader) HeaderProblems() (errs, warnings []plan.Problem) {
	return x.layout.errors, x.layout.warnings
}

func (x *xlsxReader) Read() (*Line, error) {
	for {
		row, err := x.src.next()
		if err != nil {
			return nil, err
		}
		for i, c := range row.cells {
			if x.layout.unnamed || i >= len(x.line.cells) {
				x.layout.noteUnnamed(i, row.line, c)
			}
		}
		clear(x.line.cells)
		copy(x.line.cells, row.cells)
		x.line.Problems = nil
		x.line.Row, x.line.Hidden, x.line.kinds = row.line, row.hidden, row.kinds
		x.missingResults(row)
		x.layout.checkSurplus(&x.line)
		if len(x.line.Problems) == 0 && x.line.blank() {
			continue
		}
		x.markMerged()
		if x.rows++; x.rows > x.src.limits.Rows {
			return nil, tooManyRows(x.src.limits)
		}
		return &x.line, nil
	}
}

// missingResults reports formulas in columns of ours whose result the file does
// not hold.
func (x *xlsxReader) missingResults(row *rawRow) {
	for i, k := range row.kinds {
		if kindOf(k) != kindNoValue || i >= len(x.layout.columns) || x.layout.columns[i] == colNone {
			continue
		}
		x.line.Problems = append(x.line.Problems, plan.Problem{Cell: x.layout.cell(i, row.line), Code: "formula_without_value",
			Message: "the formula's result is not stored in the file; open it in a spreadsheet program and save it, or put the value in its place"})
	}
}

// markMerged makes the rows that lie in merged cells unusable; the cells are
// reported with the header's problems.
func (x *xlsxReader) markMerged() {
	for len(x.merged) > 0 && x.merged[0].lastRow < x.line.Row {
		x.merged = x.merged[1:]
	}
	x.line.merged = false
	for _, m := range x.merged {
		if m.firstRow > x.line.Row {
			return
		}
		if m.lastRow >= x.line.Row {
			x.line.merged = true
			return
		}
	}
}
