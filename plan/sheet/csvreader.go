package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"provision/plan"
)

// csvReader is the Reader over a CSV file.
type csvReader struct {
	layout *layout
	limits Limits
	text   []byte // the rows below the header
	base   int    // where in text the reader r began
	first  int    // line of the sheet at base
	r      *csv.Reader
	comma  rune
	offset int // how much of text is read
	line   Line
	rows   int
}

// header finds the header, and the size of the text up to behind it.
func (f *csvFile) header(names *headerNames) (*rawRow, int, error) {
	src := newCSVSource(f.text[f.start:], f.delimiter, f.firstLine())
	row, _, err := names.findHeader(src, false)
	if errors.Is(err, errNoHeader) {
		src = newCSVSource(f.text[f.start:], f.delimiter, f.firstLine())
		row, _, err = names.findHeader(src, true)
	}
	return row, src.offset, err
}

// reader finds the header and makes the Reader for the rows below it.
func (f *csvFile) reader(info plan.SheetInfo, names *headerNames) (*csvReader, error) {
	row, size, err := f.header(names)
	if err != nil {
		return nil, err
	}
	c := &csvReader{layout: names.newLayout(info, row), comma: f.delimiter, limits: f.limits}
	end := f.start + size
	c.text = f.text[end:]
	c.first = f.firstLine() + bytes.Count(f.text[f.start:end], []byte("\n"))
	if c.line.decoder, err = newDecoder(c.layout, c.comma); err != nil {
		return nil, err
	}
	c.line.layout = c.layout
	c.restart(0, c.first)
	return c, nil
}

// restart makes a csv.Reader for the text from offset on, where a line of the
// sheet begins.
func (c *csvReader) restart(offset, line int) {
	c.base, c.offset, c.first = offset, offset, line
	c.r = csv.NewReader(bytes.NewReader(c.text[offset:]))
	c.r.Comma, c.r.ReuseRecord, c.r.FieldsPerRecord = c.comma, true, len(c.layout.columns)
}

func (c *csvReader) Info() plan.SheetInfo { return c.layout.info }

func (c *csvReader) HeaderProblems() (errs, warnings []plan.Problem) {
	return c.layout.errors, c.layout.warnings
}

func (c *csvReader) Read() (*Line, error) {
	for {
		begin := c.offset
		if err := c.next(); err != nil {
			return nil, err
		}
		if c.offset-begin > c.limits.CellBytes {
			if err := c.checkCells(); err != nil {
				return nil, err
			}
		}
		c.layout.checkSurplus(&c.line)
		if len(c.line.Problems) == 0 && c.line.blank() {
			continue
		}
		if c.layout.unnamed {
			for i, text := range c.line.cells {
				c.layout.noteUnnamed(i, c.line.Row, text)
			}
		}
		if c.rows++; c.rows > c.limits.Rows {
			return nil, tooManyRows(c.limits)
		}
		return &c.line, nil
	}
}

// next reads the next row into c.line.
func (c *csvReader) next() error {
	cells, err := c.r.Read()
	var syntax *csv.ParseError
	switch {
	case err == nil:
		begin := c.offset
		c.offset = c.consumed()
		c.line.Problems, c.line.lines = nil, c.line.lines[:0]
		c.line.cells, c.line.raw = cells, c.text[begin:c.offset]
		c.position()
		c.checkSwallowed(c.line.raw)
		return nil
	case errors.As(err, &syntax) && errors.Is(err, csv.ErrFieldCount):
		return c.reread(c.sheetLine(syntax.StartLine))
	case errors.As(err, &syntax):
		return c.requote(c.sheetLine(syntax.StartLine))
	}
	return err
}

// consumed is how far in the text the csv.Reader has come.
func (c *csvReader) consumed() int { return c.base + int(c.r.InputOffset()) }

// position takes over the lines of the fields just read. Nearly all rows are on
// one line.
func (c *csvReader) position() {
	n := len(c.layout.columns)
	begin, _ := c.r.FieldPos(0)
	c.line.Row = c.sheetLine(begin)
	if end, _ := c.r.FieldPos(n - 1); end == begin {
		return
	}
	for i := range n {
		line, _ := c.r.FieldPos(i)
		c.line.lines = append(c.line.lines, c.sheetLine(line))
	}
}

// sheetLine turns the reader's line, of which base is on the first, into the
// file's.
func (c *csvReader) sheetLine(line int) int { return line - 1 + c.first }

// reread takes a row that the reader refused because it is longer or shorter
// than the header. It begins on the given line.
func (c *csvReader) reread(line int) error {
	end := c.consumed()
	row, fault := scanQuoted(c.text[c.offset:end], c.comma)
	first := line - row.lines[0]
	if fault != nil {
		return c.fault(fault, first)
	}
	c.take(row, first)
	c.offset = end
	return nil
}

// requote takes a row that the reader refused because of a quotation mark, if it
// can be understood. The reader does not go on behind such a row; another does.
func (c *csvReader) requote(line int) error {
	row, fault := scanQuoted(c.text[c.offset:], c.comma)
	first := line - row.lines[0]
	if fault != nil {
		return c.fault(fault, first)
	}
	c.take(row, first)
	end := c.offset + row.size
	c.restart(end, first+bytes.Count(c.text[c.offset:end], []byte("\n")))
	return nil
}

func (c *csvReader) fault(f *quoteFault, first int) error {
	return f.fileError(first, plan.ColumnName(f.cell+1)+fmt.Sprint(first+f.open.line))
}

// take makes c.line of a row that the csv.Reader did not take.
func (c *csvReader) take(row quotedRow, first int) {
	c.line.Row = first + row.lines[0]
	c.line.Problems, c.line.lines = nil, c.line.lines[:0]
	n := len(c.layout.columns)
	if row.lines[len(row.lines)-1] != row.lines[0] {
		for i := range min(n, len(row.lines)) {
			c.line.lines = append(c.line.lines, first+row.lines[i])
		}
	}
	c.checkLength(row)
	c.line.cells, c.line.raw = make([]string, n), nil
	copy(c.line.cells, row.cells)
	c.checkSwallowed(c.text[c.offset : c.offset+row.size])
}

// checkLength judges a row that is not as long as the header. Missing values at
// its end are empty ones, unless the file may be cut there; values beyond the
// header mean that the row's values are shifted.
func (c *csvReader) checkLength(row quotedRow) {
	n, got := len(c.layout.columns), len(row.cells)
	if blank := (&rawRow{cells: row.cells}).empty(); !blank && got < n && c.offset+row.size == len(c.text) && !bytes.HasSuffix(c.text, []byte("\n")) {
		c.line.Problems = append(c.line.Problems, plan.Problem{Cell: c.layout.rowCell(c.line.Row), Code: "row_cut",
			Message: fmt.Sprintf("the file ends within this row, after %d of %d values: it may be cut; fetch it again, or complete the row and end it with a line break", got, n)})
	}
	for i := n; i < got; i++ {
		if strings.TrimSpace(row.cells[i]) == "" {
			continue
		}
		line := c.line.Row + row.lines[i] - row.lines[0]
		c.line.Problems = append(c.line.Problems, plan.Problem{Cell: c.layout.cell(i, line), Value: row.cells[i], Code: "extra_value",
			Message: fmt.Sprintf("the row has %d values for %d columns, so they may stand in the wrong ones; put quotation marks around a value that holds %q", got, n, delimiterName(c.comma))})
		return
	}
}

// checkSwallowed looks at a row of several lines for one that has as many
// delimiters as the header: then a quotation mark is missing, and the value
// has taken in rows up to the next one. raw is the row as it stands in the text.
func (c *csvReader) checkSwallowed(raw []byte) {
	if end := bytes.IndexByte(raw, '\n'); end < 0 || end == len(raw)-1 {
		return
	}
	n := len(c.layout.columns)
	const least = 4 // columns; a few words with commas between are common in notes
	if n < least {
		return
	}
	comma := string(c.comma)
	for i := range n {
		text := c.line.Text(i)
		if !strings.Contains(text, "\n") {
			continue
		}
		inner := strings.Split(text, "\n")
		for k, line := range inner[1:] {
			if strings.Count(line, comma) < n-1 {
				continue
			}
			c.line.Problems = append(c.line.Problems, plan.Problem{Cell: c.line.Cell(i), Value: text, Code: "rows_in_value",
				Message: fmt.Sprintf("the quoted value has taken in line %d, which looks like a row of its own: a quotation mark is missing or one too many; mend it, or take the line breaks out of the value", c.line.Cell(i).Row()+k+1)})
			return
		}
	}
}

// checkCells looks for the value that is too long, in a row that is.
func (c *csvReader) checkCells() error {
	for i := range c.layout.columns {
		if len(c.line.Text(i)) > c.limits.CellBytes {
			return tooLongCell(plan.ColumnName(i+1)+fmt.Sprint(c.line.Cell(i).Row()), c.limits)
		}
	}
	return nil
}
