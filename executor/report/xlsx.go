package report

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"provision/executor/report/table"
)

// The sheets of the workbook.
const (
	sheetAttention = "Attention"
	sheetRows      = "Rows"
)

// WriteXLSX writes the report as a workbook of sheets: Attention, which
// opens with the phones whose emergency address is not confirmed, goes on with
// what went wrong by cause and what to do next, and ends with the counts; and
// Rows, with the report's table, header frozen, filter on. More tables become a
// sheet each behind them. Every text is a typed string in text format, so that
// no cell is a formula and no zero is lost.
//
// A sheet of more than 16 MB lies in a file of mode 0600 in the folder tmpDir
// while it is written (empty: the system's); it holds what the report holds.
func (r *Report) WriteXLSX(w io.Writer, tmpDir string, more ...*table.Table) (err error) {
	f := excelize.NewFile(excelize.Options{TmpDir: tmpDir})
	defer func() { err = errors.Join(err, f.Close()) }()
	book, err := newWorkbook(f)
	if err != nil {
		return fmt.Errorf("write report as XLSX: %w", err)
	}
	if err := book.attention(r); err != nil {
		return fmt.Errorf("write sheet %s: %w", sheetAttention, err)
	}
	if err := book.rows(r); err != nil {
		return fmt.Errorf("write sheet %s: %w", sheetRows, err)
	}
	for _, t := range more {
		if err := table.AddSheet(f, t); err != nil {
			return fmt.Errorf("write report as XLSX: %w", err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write report as XLSX: %w", err)
	}
	return nil
}

const coreProperties = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
	`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>provision</dc:creator><cp:lastModifiedBy>provision</cp:lastModifiedBy></cp:coreProperties>`

// workbook is the file being written and the styles it uses.
type workbook struct {
	file              *excelize.File
	text, head, alarm int
}

func newWorkbook(f *excelize.File) (*workbook, error) {
	b := &workbook{file: f}
	// 49 is the number format "@": text.
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.text, excelize.Style{NumFmt: 49}},
		{&b.head, excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}}},
		{&b.alarm, excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true, Color: "B00020"}}},
	} {
		id, err := f.NewStyle(&s.style)
		if err != nil {
			return nil, err
		}
		*s.id = id
	}
	if err := f.SetSheetName("Sheet1", sheetAttention); err != nil {
		return nil, err
	}
	if _, err := f.NewSheet(sheetRows); err != nil {
		return nil, err
	}
	// The library writes these in a form that some programs refuse.
	f.Pkg.Store("docProps/core.xml", []byte(coreProperties))
	return b, nil
}

// rows writes the report's table.
func (b *workbook) rows(r *Report) error {
	header := r.Header()
	last, err := excelize.CoordinatesToCellName(len(header), r.entries()+1)
	if err != nil {
		return err
	}
	// The filter has to be there before the stream begins.
	if err := b.file.AutoFilter(sheetRows, "A1:"+last, nil); err != nil {
		return err
	}
	sw, err := b.file.NewStreamWriter(sheetRows)
	if err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := b.columns(sw, header); err != nil {
		return err
	}
	if err := sw.SetRow("A1", b.cells(b.head, header...)); err != nil {
		return err
	}
	attempts := len(header) - len(Columns()) + 9
	for i, l := range r.all() {
		cells := b.cells(b.text, r.Record(l)...)
		cells[attempts] = l.Attempts
		if err := sw.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// columns gives all columns the text format, also where cells are empty, and
// the long ones of ours room.
func (b *workbook) columns(sw *excelize.StreamWriter, header []string) error {
	if err := sw.SetColStyle(1, len(header), b.text); err != nil {
		return err
	}
	if err := sw.SetColWidth(1, len(header), 16); err != nil {
		return err
	}
	wide := map[string]float64{"source": 28, "changes": 28, "message": 60, "started": 22, "ended": 22, "request_id": 38}
	for i, name := range Columns() {
		if width := wide[name]; width > 0 {
			at := len(header) - len(Columns()) + i + 1
			if err := sw.SetColWidth(at, at, width); err != nil {
				return err
			}
		}
	}
	return nil
}

// cells makes typed strings; empty ones are no cells.
func (b *workbook) cells(style int, texts ...string) []any {
	cells := make([]any, len(texts))
	for i, t := range texts {
		if t != "" {
			cells[i] = excelize.Cell{StyleID: style, Value: t}
		}
	}
	return cells
}
