package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"time"

	"github.com/xuri/excelize/v2"
)

// table is a sheet: a header and rows whose values stand in the header's order.
// A value is a text, or in a workbook a number or a time too, where the sheet
// means to show what spreadsheet programs make of texts.
type table struct {
	titles []string // rows above the header, in workbooks
	header []string
	rows   [][]any
}

// formula is a value that a workbook computes; its result is not stored.
type formula string

// row is one row by column; what it leaves out is empty.
type row map[string]any

// newTable puts rows into the header's order and numbers them in the column
// row_id.
func newTable(prefix string, header []string, rows ...row) table {
	t := table{header: header}
	for i, r := range rows {
		values := make([]any, len(header))
		for j, h := range header {
			values[j] = r[h]
			if h == "row_id" {
				values[j] = fmt.Sprintf("%s-%02d", prefix, i+1)
			}
		}
		t.rows = append(t.rows, values)
	}
	return t
}

// with adds the columns of other rows to a row.
func (r row) with(more ...row) row {
	out := row{}
	for _, m := range append([]row{r}, more...) {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

func (t table) encode(name, title string) ([]byte, error) {
	if filepath.Ext(name) == ".csv" {
		return t.csv()
	}
	return t.xlsx(title)
}

func (t table) csv() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	records := [][]string{t.header}
	for _, r := range t.rows {
		record := make([]string, len(r))
		for i, v := range r {
			if v != nil {
				record[i] = fmt.Sprint(v)
			}
		}
		records = append(records, record)
	}
	if err := w.WriteAll(records); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// madeAt is the time that workbooks carry, so that the same sheet is always the
// same bytes.
const madeAt = "2026-11-02T08:00:00Z"

// coreProperties say who made a workbook, and when. The library would leave out
// the prefix of one of the names, over which some programs refuse the workbook.
const coreProperties = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
	`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
	`<dc:creator>provision</dc:creator><cp:lastModifiedBy>provision</cp:lastModifiedBy>` +
	`<dcterms:created xsi:type="dcterms:W3CDTF">` + madeAt + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + madeAt + `</dcterms:modified></cp:coreProperties>`

func (t table) xlsx(title string) (data []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := f.SetSheetName("Sheet1", title); err != nil {
		return nil, err
	}
	if err := t.fill(f, title); err != nil {
		return nil, err
	}
	f.Pkg.Store("docProps/core.xml", []byte(coreProperties))
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// fill writes texts in text format, so that zeros and pluses survive, and gives
// times a date format.
func (t table) fill(f *excelize.File, title string) error {
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		return err
	}
	for i, text := range t.titles {
		if err := put(f, title, 0, i, text, head); err != nil {
			return err
		}
	}
	top := len(t.titles)
	for j, h := range t.header {
		if err := put(f, title, j, top, h, head); err != nil {
			return err
		}
	}
	for i, r := range t.rows {
		for j, v := range r {
			style := text
			switch v.(type) {
			case nil:
				continue
			case time.Time:
				style = date
			case int, float64, formula:
				style = 0
			}
			if err := put(f, title, j, top+i+1, v, style); err != nil {
				return err
			}
		}
	}
	last, err := excelize.ColumnNumberToName(len(t.header))
	if err != nil {
		return err
	}
	if err := f.SetColWidth(title, "A", last, 18); err != nil {
		return err
	}
	return f.SetPanes(title, &excelize.Panes{Freeze: true, YSplit: top + 1, TopLeftCell: fmt.Sprintf("A%d", top+2), ActivePane: "bottomLeft"})
}

func put(f *excelize.File, title string, column, row int, value any, style int) error {
	cell, err := excelize.CoordinatesToCellName(column+1, row+1)
	if err != nil {
		return err
	}
	if text, ok := value.(formula); ok {
		err = f.SetCellFormula(title, cell, string(text))
	} else {
		err = f.SetCellValue(title, cell, value)
	}
	if err != nil {
		return err
	}
	return f.SetCellStyle(title, cell, cell, style)
}
