package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// csvRows are the rows of a CSV file as rows of a workbook: each on the row that
// its line has in the file.
type csvRows struct {
	file    *csvFile
	head    int // size of what stands up to behind the header
	path    string
	columns int          // the most that are taken of a row
	header  int          // its line
	names   int          // how many columns the header has
	surplus map[int]bool // columns beyond the header in which some row has a value
	width   int          // of the longest row
	last    int          // column that holds something
	style   int          // of the cells
	starts  []int32      // on which line each row begins
	within  map[int]int  // of values that begin on a later line than their row: that of the row
}

// workbookOf makes a workbook of a CSV file.
func workbookOf(path string, data []byte, opts Options) (*markSource, error) {
	index := newHeaderIndex()
	m, err := newMapping(opts, index)
	if err != nil {
		return nil, err
	}
	names := &headerNames{index: index, mapping: m, limits: opts.Limits}
	f, ferr := newCSVFile(data, opts, names)
	if ferr != nil {
		return nil, ferr
	}
	header, head, err := f.header(names)
	if err != nil {
		return nil, err
	}
	b := newBuilder()
	c := &csvRows{file: f, head: head, path: path, columns: opts.Limits.Columns, style: b.text, within: map[int]int{},
		header: header.line, names: len(header.named()), surplus: map[int]bool{}}
	if err := c.look(); err != nil {
		return nil, err
	}
	name := sheetName(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))
	b.plainSheet(name, c.width)
	var buf bytes.Buffer
	if err := b.writeTo(&buf); err != nil {
		return nil, err
	}
	return &markSource{
		path: path, r: bytes.NewReader(buf.Bytes()), size: int64(buf.Len()), opts: opts, csv: c, sheet: name,
		close: func() error { return nil },
	}, nil
}

// read goes over all rows: those up to the header, which may be odd, by
// themselves.
func (c *csvRows) read(do func(row *rawRow, lines []int) error) error {
	text, first := c.file.text[c.file.start:], c.file.firstLine()
	head := text[:c.head]
	if err := c.readPart(newCSVSource(head, c.file.delimiter, first), do); err != nil {
		return err
	}
	return c.readPart(newCSVSource(text[c.head:], c.file.delimiter, first+bytes.Count(head, []byte("\n"))), do)
}

func (c *csvRows) readPart(src *csvSource, do func(row *rawRow, lines []int) error) error {
	for {
		row, err := src.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", c.path, err)
		}
		if err := do(row, src.lines); err != nil {
			return err
		}
	}
}

// look finds out how large the sheet is, and where its rows are.
func (c *csvRows) look() error {
	return c.read(func(row *rawRow, lines []int) error {
		c.starts = append(c.starts, int32(row.line)) //nolint:gosec // less than the file's bytes
		for i, text := range row.cells {
			if line := lines[i]; line != row.line {
				c.within[line] = row.line
			}
			if i < c.columns && text != "" {
				c.last = max(c.last, i+1)
			}
			if row.line > c.header && i >= c.names && i < c.columns && strings.TrimSpace(text) != "" {
				c.surplus[i] = true
			}
		}
		c.width = max(c.width, min(len(row.cells), c.columns))
		return nil
	})
}

// row tells on which row a line of the file is; 0 if it is on none.
func (c *csvRows) row(line int) int {
	if _, ok := slices.BinarySearch(c.starts, int32(line)); ok { //nolint:gosec // a line of the file
		return line
	}
	return c.within[line]
}

// late are the rows, to be written.
func (c *csvRows) late() *lateRows {
	return &lateRows{style: c.style, width: max(c.width, 1), each: func(yield func(int, []string) error) error {
		return c.read(func(row *rawRow, _ []int) error {
			if row.line == c.header {
				return yield(row.line, c.headed(row.cells))
			}
			return yield(row.line, row.cells[:min(len(row.cells), c.columns)])
		})
	}}
}

// headed gives the columns that a row has more values than the header for a
// header of their own: without, they would be somebody's remarks in a workbook.
func (c *csvRows) headed(header []string) []string {
	header = slices.Clone(header[:min(len(header), c.columns)])
	for i := range c.width {
		if i >= len(header) {
			header = append(header, "")
		}
		if c.surplus[i] {
			header[i] = surplusColumn
		}
	}
	return header
}
