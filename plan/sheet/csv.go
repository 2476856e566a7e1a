package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// csvFile is a CSV file's text with what was found out about its form.
type csvFile struct {
	decoded
	start     int // where the rows begin, behind a sep= line
	delimiter rune
	limits    Limits
}

// delimiters are tried in this order; the first of equally good ones wins. The
// last ones are the separators that ASCII and Hive have for that.
var delimiters = [...]rune{',', ';', '\t', '|', '^', '~', ':', '§', '¦', 0x1F, 0x01}

// newCSVFile decodes a file's bytes and finds its delimiter.
func newCSVFile(data []byte, opts Options, names *headerNames) (*csvFile, *FileError) {
	text, err := decodeText(data, opts.Encoding)
	if err != nil {
		return nil, err
	}
	f := &csvFile{decoded: text, limits: opts.Limits}
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
	if hasLoneCR(f.text[f.start:]) {
		breakLoneCR(f.text[f.start:], f.delimiter)
	}
	return f, nil
}

// hasLoneCR reports whether a carriage return stands without a line feed: the
// line end of old Macintosh programs, and what is left where texts of several
// systems were put together.
func hasLoneCR(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\r')
		if i < 0 {
			return false
		}
		if i+1 == len(text) || text[i+1] != '\n' {
			return true
		}
		text = text[i+1:]
	}
}

// breakLoneCR makes line feeds of the lone carriage returns outside of quoted
// values. Within these they are part of the value.
func breakLoneCR(text []byte, delimiter rune) {
	comma := []byte(string(delimiter))
	quoted, begin := false, true // within a quoted value; at the begin of a value
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && quoted:
			if i+1 < len(text) && text[i+1] == '"' {
				i++
			} else {
				quoted = false
			}
		case quoted:
		case c == '"' && begin:
			quoted, begin = true, false
		case c == '\n':
			begin = true
		case c == '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				text[i] = '\n'
			}
			begin = true
		case bytes.HasPrefix(text[i:], comma):
			i += len(comma) - 1
			begin = true
		default:
			begin = false
		}
	}
}

// sepLine reads the line "sep=;" by which Excel is told the delimiter, and
// gives its length.
func sepLine(text []byte) (rune, int) {
	const longest = 64
	end := bytes.IndexAny(text[:min(len(text), longest)], "\r\n")
	if end < 0 {
		return 0, 0
	}
	next := end + 1
	if bytes.HasPrefix(text[end:], []byte("\r\n")) {
		next++
	}
	// A program that wrote the line as a row put delimiters behind it.
	line := strings.Trim(string(text[:end]), `"`)
	if len(line) < len("sep=;") || !strings.EqualFold(line[:4], "sep=") {
		return 0, 0
	}
	sep := strings.TrimLeft(line[4:], " ")
	if sep == "" {
		sep = " "
	}
	d, n := utf8.DecodeRuneInString(sep)
	if strings.Trim(sep[n:], "\" ,;|\t"+string(d)) != "" || !isDelimiter(d) {
		return 0, 0
	}
	return d, next
}

func isDelimiter(r rune) bool {
	return r != 0 && r != '"' && r != '\r' && r != '\n' && r != utf8.RuneError && !isLetterOrDigit(r)
}

func parseDelimiter(s string) (rune, bool) {
	switch strings.ToLower(s) {
	case "tab", `\t`:
		return '\t', true
	case "comma":
		return ',', true
	case "semicolon":
		return ';', true
	case "pipe":
		return '|', true
	case "space":
		return ' ', true
	}
	r, n := utf8.DecodeRuneInString(s)
	return r, n == len(s) && isDelimiter(r)
}

// detectAhead is the length of the text's top, in bytes, by which the delimiter
// is found in the first place.
const detectAhead = 1 << 20

// detectDelimiter takes the delimiter that makes the best header of one of the
// top rows; commas in the data can't mislead that.
func (f *csvFile) detectDelimiter(names *headerNames) rune {
	text := f.text[f.start:]
	top := text[:min(len(text), detectAhead)]
	for _, loose := range []bool{false, true} {
		if d, ok := bestDelimiter(top, names, loose); ok {
			return d
		}
		if len(top) < len(text) {
			if d, ok := bestDelimiter(text, names, loose); ok {
				return d
			}
		}
	}
	// No header is found anyway; the most frequent one makes the better message.
	best, most := delimiters[0], 0
	for _, d := range delimiters {
		if n := bytes.Count(top[:min(len(top), 4096)], []byte(string(d))); n > most {
			best, most = d, n
		}
	}
	return best
}

func bestDelimiter(text []byte, names *headerNames, loose bool) (best rune, found bool) {
	bestScore := 0
	lone := hasLoneCR(text)
	for _, d := range delimiters {
		if !bytes.ContainsRune(text, d) && d != delimiters[0] {
			continue
		}
		sample := text
		if lone {
			sample = bytes.Clone(text)
			breakLoneCR(sample, d)
		}
		if _, score, err := names.findHeader(newCSVSource(sample, d, 1), loose); err == nil && score > bestScore {
			best, bestScore = d, score
		}
	}
	return best, bestScore > 0
}

// csvSource reads rows as [csvReader] does, also those above the header, of
// which it takes the ones that can't be understood for a line each.
type csvSource struct {
	text   []byte
	comma  rune
	r      *csv.Reader
	base   int // where in text r began
	first  int // line at base
	offset int // how much of text is read
	broken bool
	row    rawRow
	lines  []int // on which the row's values begin
}

func newCSVSource(text []byte, delimiter rune, first int) *csvSource {
	s := &csvSource{text: text, comma: delimiter}
	s.restart(0, first)
	return s
}

// restart goes on at an offset, where a line begins.
func (s *csvSource) restart(offset, first int) {
	s.base, s.offset, s.first = offset, offset, first
	s.r = csv.NewReader(bytes.NewReader(s.text[offset:]))
	s.r.Comma, s.r.FieldsPerRecord, s.r.ReuseRecord = s.comma, -1, true
}

// firstLine is the number of the line on which the rows begin.
func (f *csvFile) firstLine() int {
	if f.start > 0 {
		return 2
	}
	return 1
}

func (s *csvSource) next() (*rawRow, error) {
	if s.broken {
		return s.nextLine()
	}
	cells, err := s.r.Read()
	var syntax *csv.ParseError
	switch {
	case err == nil:
		s.offset = s.base + int(s.r.InputOffset())
		s.lines = s.lines[:0]
		for i := range cells {
			line, _ := s.r.FieldPos(i)
			s.lines = append(s.lines, line-1+s.first)
		}
		s.row = rawRow{line: s.lines[0], cells: cells}
		return &s.row, nil
	case errors.As(err, &syntax):
		return s.odd()
	}
	return nil, err
}

// odd reads a row that the csv package refuses for its quotation marks.
func (s *csvSource) odd() (*rawRow, error) {
	text := s.text[s.offset:]
	first := s.first + bytes.Count(s.text[s.base:s.offset], []byte("\n"))
	row, fault := scanQuoted(text, s.comma)
	if fault != nil {
		// To look for the end of a value in all of the text again for each line would take for ever.
		s.broken = fault.unclosed
		return s.nextLine()
	}
	s.take(row, first)
	s.restart(s.offset+row.size, first+bytes.Count(text[:row.size], []byte("\n")))
	return &s.row, nil
}

// nextLine reads the next line that is not blank as a row.
func (s *csvSource) nextLine() (*rawRow, error) {
	first := s.first + bytes.Count(s.text[s.base:s.offset], []byte("\n"))
	for s.offset < len(s.text) {
		line := s.text[s.offset:]
		if end := bytes.IndexByte(line, '\n'); end >= 0 {
			line = line[:end+1]
		}
		s.restart(s.offset+len(line), first+1)
		if line := bytes.Trim(line, "\r\n"); len(line) > 0 {
			row, fault := scanQuoted(line, s.comma)
			if fault != nil {
				row = quotedRow{cells: strings.Split(string(line), string(s.comma))}
				row.lines = make([]int, len(row.cells))
			}
			s.take(row, first)
			return &s.row, nil
		}
		first++
	}
	return nil, io.EOF
}

// take makes a row of one that the csv package did not take. It was begun on
// the line first.
func (s *csvSource) take(row quotedRow, first int) {
	s.lines = s.lines[:0]
	for _, line := range row.lines {
		s.lines = append(s.lines, first+line)
	}
	s.row = rawRow{line: s.lines[0], cells: row.cells}
}

func delimiterName(d rune) string {
	switch {
	case d == '\t':
		return "tab"
	case d < ' ':
		return fmt.Sprintf("character %d", d)
	}
	return string(d)
}
