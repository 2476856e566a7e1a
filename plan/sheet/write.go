package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// The formats that are written.
const (
	FormatXLSX = "xlsx"
	FormatCSV  = "csv"
)

// textFormat is the number format "@": what is typed stays what it is (ECMA-376
// part 1, 18.8.30).
const textFormat = 49

// WriteSheet writes a sheet of text: XLSX with every cell stored as text, or
// CSV in UTF-8. Rows longer than the header are an error.
func WriteSheet(w io.Writer, format string, header []string, rows [][]string) error {
	for i, row := range rows {
		if len(row) > len(header) {
			return fmt.Errorf("write row %d of the sheet: %d values for %d columns", i+1, len(row), len(header))
		}
	}
	switch format {
	case FormatCSV:
		return writeCSV(w, append([][]string{header}, rows...))
	case FormatXLSX:
	default:
		return fmt.Errorf("write sheet: format %q is neither %s nor %s", format, FormatXLSX, FormatCSV)
	}
	b := newBuilder()
	b.sheet("Rows", header, rows)
	return b.writeTo(w)
}

func writeCSV(w io.Writer, rows [][]string) error {
	c := csv.NewWriter(w)
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	return nil
}

// builder makes a workbook. The first error is kept and stops the rest.
type builder struct {
	file   *excelize.File
	sheets int
	text   int                  // style of cells
	head   int                  // style of headers
	rest   map[string]*lateRows // rows that are written when the rest of the workbook is, by sheet
	err    error
}

func newBuilder() *builder {
	b := &builder{file: excelize.NewFile(), rest: map[string]*lateRows{}}
	b.text, b.err = b.file.NewStyle(&excelize.Style{NumFmt: textFormat})
	b.do(func() (err error) {
		b.head, err = b.file.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}})
		return err
	})
	return b
}

func (b *builder) do(step func() error) {
	if b.err == nil {
		b.err = step()
	}
}

const columnWidth = 18 // characters

// sheet writes one sheet with its columns formatted as text and the header
// always in view.
func (b *builder) sheet(name string, header []string, rows [][]string) {
	b.newSheet(name)
	b.do(func() error {
		sw, err := b.file.NewStreamWriter(name)
		if err != nil {
			return err
		}
		if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return err
		}
		if err := sw.SetColWidth(1, len(header), columnWidth); err != nil {
			return err
		}
		if err := sw.SetColStyle(1, len(header), b.text); err != nil {
			return err
		}
		if err := setRow(sw, 1, header, b.head); err != nil {
			return err
		}
		b.rest[name] = &lateRows{style: b.text, each: func(yield func(int, []string) error) error {
			for i, row := range rows {
				if err := yield(i+2, row); err != nil {
					return err
				}
			}
			return nil
		}}
		return sw.Flush()
	})
}

func (b *builder) newSheet(name string) {
	b.do(func() error {
		if b.sheets++; b.sheets == 1 {
			return b.file.SetSheetName("Sheet1", name)
		}
		_, err := b.file.NewSheet(name)
		return err
	})
}

// plainSheet writes a sheet of columns without rows.
func (b *builder) plainSheet(name string, width int) {
	b.do(func() error { return b.file.SetSheetName("Sheet1", name) })
	b.do(func() error {
		sw, err := b.file.NewStreamWriter(name)
		if err != nil {
			return err
		}
		if err := sw.SetColWidth(1, max(width, 1), columnWidth); err != nil {
			return err
		}
		if err := sw.SetColStyle(1, max(width, 1), b.text); err != nil {
			return err
		}
		return sw.Flush()
	})
}

// setRow writes texts as texts: a value that looks like a formula or a number
// stays one.
func setRow(sw *excelize.StreamWriter, row int, values []string, style int) error {
	cells := make([]any, len(values))
	for i, v := range values {
		if v != "" {
			cells[i] = excelize.Cell{StyleID: style, Value: v}
		}
	}
	return sw.SetRow(cellName(1, row), cells)
}

// note puts a comment on a header.
func (b *builder) note(sheet string, col int, text string) {
	b.do(func() error {
		return b.file.AddComment(sheet, excelize.Comment{Cell: cellName(col, 1), Author: "provision", Text: text, Width: 240, Height: 100})
	})
}

// coreProperties say who made the workbook. The library writes them in a form
// that some programs refuse (a name without the prefix they expect).
const coreProperties = partHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>provision</dc:creator><cp:lastModifiedBy>provision</cp:lastModifiedBy></cp:coreProperties>`

func (b *builder) writeTo(w io.Writer) error {
	b.file.Pkg.Store("docProps/core.xml", []byte(coreProperties))
	b.do(func() error {
		if len(b.rest) == 0 {
			_, err := b.file.WriteTo(w)
			return err
		}
		var buf bytes.Buffer
		if _, err := b.file.WriteTo(&buf); err != nil {
			return err
		}
		pkg, err := newPackageEditor(bytes.NewReader(buf.Bytes()), int64(buf.Len()), Limits{}.withDefaults())
		if err == nil {
			err = pkg.addRows(b.rest)
		}
		if err != nil {
			return err
		}
		return pkg.writeTo(w)
	})
	if err := b.file.Close(); b.err == nil {
		b.err = err
	}
	if b.err != nil {
		return fmt.Errorf("write workbook: %w", b.err)
	}
	return nil
}
