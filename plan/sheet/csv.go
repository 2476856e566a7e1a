package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gocarina/gocsv"

	"provision/plan"
)

// csvFile is a CSV file's text with what was found out about its form.
type csvFile struct {
	decoded
	start     int // where the rows begin, behind a sep= line
	delimiter rune
}

// delimiters are tried in this order; the first of equally good ones wins.
var delimiters = [...]rune{',', ';', '\t', '|'}

// newCSVFile decodes a file's bytes and finds its delimiter.
func newCSVFile(data []byte, opts Options, names *headerNames) (*csvFile, *FileError) {
	text, err := decodeText(data, opts.Encoding)
	if err != nil {
		return nil, err
	}
	f := &csvFile{decoded: text}
	if bytes.IndexByte(f.text, '\n') < 0 {
		// Line ends of old Macintosh programs.
		f.text = bytes.ReplaceAll(f.text, []byte("\r"), []byte("\n"))
	}
	if sep, n := sepLine(f.text); n > 0 {
		f.delimiter, f.start = sep, n
	}
	switch {
	case opts.Delimiter != "":
		d, ok := parseDelimiter(opts.Delimiter)
		if !ok {
			return nil, &FileError{Reason: ReasonCSVSyntax, Detail: fmt.Sprintf("the delimiter %q is no single character", opts.Delimiter), Hint: "give one of , ; | or tab"}
		}
		f.delimiter = d
	case f.delimiter == 0:
		f.delimiter = f.detectDelimiter(names)
	}
	return f, nil
}

// sepLine reads the line "sep=;" by which Excel is told the delimiter, and
// gives its length.
func sepLine(text []byte) (rune, int) {
	end := bytes.IndexByte(text, '\n')
	if end < 0 {
		return 0, 0
	}
	line := strings.Trim(strings.TrimRight(string(text[:end]), "\r\n"), `"`)
	if len(line) != len("sep=;") || !strings.EqualFold(line[:4], "sep=") {
		return 0, 0
	}
	if line[4] == '"' || line[4] >= 0x80 {
		return 0, 0
	}
	return rune(line[4]), end + 1
}

func parseDelimiter(s string) (rune, bool) {
	switch s {
	case "tab", `\t`, "TAB":
		return '\t', true
	}
	r := []rune(s)
	if len(r) != 1 || r[0] == '"' || r[0] == '\r' || r[0] == '\n' || r[0] == 0xFFFD {
		return 0, false
	}
	return r[0], true
}

// detectDelimiter takes the delimiter that makes the best header of one of the
// top rows; commas in the data can't mislead that.
func (f *csvFile) detectDelimiter(names *headerNames) rune {
	best, bestKnown := delimiters[0], 0
	for _, d := range delimiters {
		src := f.source(d)
		if _, known, err := names.findHeader(src); err == nil && known > bestKnown {
			best, bestKnown = d, known
		}
	}
	if bestKnown > 0 {
		return best
	}
	// No header is found anyway; the most frequent one makes the better message.
	top := f.text[f.start:min(len(f.text), f.start+4096)]
	for _, d := range delimiters {
		if n := bytes.Count(top, []byte(string(d))); n > bestKnown {
			best, bestKnown = d, n
		}
	}
	return best
}

// csvSource reads rows leniently, for the search of the header.
type csvSource struct {
	r     *csv.Reader
	first int // line of the reader's line 1
	row   rawRow
}

func (f *csvFile) source(delimiter rune) *csvSource {
	r := csv.NewReader(bytes.NewReader(f.text[f.start:]))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = delimiter, true, -1
	return &csvSource{r: r, first: 1 + bytes.Count(f.text[:f.start], []byte("\n"))}
}

func (s *csvSource) next() (*rawRow, error) {
	cells, err := s.r.Read()
	if err != nil {
		return nil, err
	}
	line, _ := s.r.FieldPos(0)
	s.row = rawRow{line: line - 1 + s.first, cells: cells}
	return &s.row, nil
}

func delimiterName(d rune) string {
	if d == '\t' {
		return "tab"
	}
	return string(d)
}

// csvReader is the Reader over a CSV file.
type csvReader struct {
	layout  *layout
	text    []byte // the rows below the header
	header  int    // length of the header line that was put in front
	first   int    // line of the sheet that text begins on
	r       *csv.Reader
	decoder *gocsv.Unmarshaller
	spare   *feed // for rows that are longer or shorter than the header
	comma   rune
	offset  int // how much of text is read
	line    Line
	rows    int
}

// reader finds the header and makes the Reader for the rows below it.
func (f *csvFile) reader(info plan.SheetInfo, names *headerNames) (*csvReader, error) {
	src := f.source(f.delimiter)
	row, _, err := names.findHeader(src)
	if err != nil {
		return nil, err
	}
	c := &csvReader{layout: names.newLayout(info, row), comma: f.delimiter}
	end := f.start + int(src.r.InputOffset())
	c.text = f.text[end:]
	c.first = 1 + bytes.Count(f.text[:end], []byte("\n"))
	canonical := strings.Join(c.layout.canonical(), string(f.delimiter)) + "\n"
	c.header = len(canonical)
	c.r = csv.NewReader(io.MultiReader(strings.NewReader(canonical), bytes.NewReader(c.text)))
	c.r.Comma, c.r.ReuseRecord, c.r.FieldsPerRecord = f.delimiter, true, 0
	if c.decoder, err = gocsv.NewUnmarshaller(c.r, &record{}); err != nil {
		return nil, fmt.Errorf("decode header: %w", err)
	}
	if c.spare, err = newFeed(c.layout.canonical()); err != nil {
		return nil, err
	}
	c.line.layout = c.layout
	c.line.extra = make([]string, len(c.layout.columns))
	return c, nil
}

func (c *csvReader) Info() plan.SheetInfo { return c.layout.info }

func (c *csvReader) HeaderProblems() (errs, warnings []plan.Problem) {
	return c.layout.errors, c.layout.warnings
}

func (c *csvReader) Read() (*Line, error) {
	for {
		err := c.decode()
		var syntax *csv.ParseError
		switch {
		case err == nil:
		case errors.As(err, &syntax) && (errors.Is(err, csv.ErrFieldCount) || errors.Is(err, csv.ErrBareQuote)):
			err = c.reread(syntax.StartLine)
		case errors.As(err, &syntax):
			return nil, c.quoteError(syntax)
		}
		if err != nil {
			return nil, err
		}
		c.offset = int(c.r.InputOffset()) - c.header
		if len(c.line.Problems) == 0 && c.line.blank() {
			continue
		}
		for i := range c.line.extra {
			if c.layout.unnamed {
				c.layout.noteUnnamed(i, c.line.Row, c.line.extra[i])
			}
		}
		if c.rows++; c.rows > maxRows {
			return nil, tooLarge(fmt.Sprintf("has more than %d rows", maxRows))
		}
		return &c.line, nil
	}
}

// decode reads the next row, which must be as long as the header.
func (c *csvReader) decode() error {
	c.line.Problems, c.line.lines = nil, c.line.lines[:0]
	if c.layout.unknown {
		v, unmatched, err := c.decoder.ReadUnmatched()
		if err != nil {
			return err
		}
		if c.line.values, err = asRecord(v); err != nil {
			return err
		}
		for i, id := range c.layout.columns {
			if id == colNone {
				c.line.extra[i] = unmatched[unknownName(i)]
			}
		}
	} else {
		rec, err := decodeRecord(c.decoder)
		if err != nil {
			return err
		}
		c.line.values = rec
	}
	c.position()
	return nil
}

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

// sheetLine turns the reader's line, in which the header put in front is the
// first, into the file's.
func (c *csvReader) sheetLine(line int) int { return line - 2 + c.first }

// reread takes a row that the reader refused because it is longer or shorter
// than the header, or because of a quotation mark inside a value that is not
// quoted, which can mean only itself.
func (c *csvReader) reread(startLine int) error {
	end := int(c.r.InputOffset()) - c.header
	r := csv.NewReader(bytes.NewReader(c.text[c.offset:end]))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = c.comma, -1, true
	cells, err := r.Read()
	if err != nil {
		return &FileError{Reason: ReasonCSVSyntax, Detail: fmt.Sprintf("line %d can't be read", c.sheetLine(startLine)), Err: err}
	}
	c.line.Row = c.sheetLine(startLine)
	c.line.Problems, c.line.lines = nil, c.line.lines[:0]
	c.checkLength(cells, end)
	n := len(c.layout.columns)
	full := make([]string, n)
	copy(full, cells)
	for i, id := range c.layout.columns {
		c.line.extra[i] = ""
		if id == colNone {
			c.line.extra[i] = full[i]
		}
	}
	if (&rawRow{cells: full}).empty() {
		c.line.values = &record{}
		return nil
	}
	if c.line.values, err = c.spare.decode(full); err != nil {
		return fmt.Errorf("decode row of line %d: %w", c.line.Row, err)
	}
	return nil
}

// checkLength judges a row that is not as long as the header. Missing values at
// its end are empty ones, unless the file may be cut there; values beyond the
// header mean that the row's values are shifted.
func (c *csvReader) checkLength(cells []string, end int) {
	n := len(c.layout.columns)
	if len(cells) < n && end == len(c.text) && !bytes.HasSuffix(c.text, []byte("\n")) {
		c.line.Problems = append(c.line.Problems, plan.Problem{Cell: c.layout.rowCell(c.line.Row), Code: "row_cut",
			Message: fmt.Sprintf("the file ends within this row, after %d of %d values: it may be cut; fetch it again, or complete the row and end it with a line break", len(cells), n)})
	}
	for i := n; i < len(cells); i++ {
		if strings.TrimSpace(cells[i]) == "" {
			continue
		}
		c.line.Problems = append(c.line.Problems, plan.Problem{Cell: c.layout.cell(i, c.line.Row), Value: cells[i], Code: "extra_value",
			Message: fmt.Sprintf("the row has %d values for %d columns, so they may stand in the wrong ones; put quotation marks around a value that holds %q", len(cells), n, delimiterName(c.comma))})
		return
	}
}

func (c *csvReader) quoteError(e *csv.ParseError) *FileError {
	line := c.sheetLine(e.StartLine)
	if int(c.r.InputOffset())-c.header >= len(c.text) {
		return &FileError{Reason: ReasonCSVSyntax, Detail: fmt.Sprintf("a quoted value in the row of line %d does not end: the file is cut or a quotation mark is missing", line), Hint: "fetch the file again, or mend that row"}
	}
	return &FileError{Reason: ReasonCSVSyntax, Detail: fmt.Sprintf("line %d: text behind the closing quotation mark of a value that begins in the row of line %d", c.sheetLine(e.Line), line), Hint: "write a quotation mark inside a value twice"}
}
