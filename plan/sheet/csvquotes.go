package sheet

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// quotedRow is one row of a CSV text, read by quotedScan.
type quotedRow struct {
	cells []string
	lines []int // on which each begins, the scan's first line being 0
	size  int   // bytes up to behind the row's line break
}

// quoteFault is a quotation mark that can't be understood.
type quoteFault struct {
	cell      int // number of the value, from 0
	open      spot
	at        spot // where it went wrong; the text's end if the value does not end
	unclosed  bool
	backslash bool // the mark that seems to end the value follows a backslash
}

// spot is a place in a text: a line from 0 and a character of it from 1.
type spot struct{ line, char int }

// quotedScan reads a row of which the csv package makes nothing because of its
// quotation marks. It takes what can mean one thing only: space around a quoted
// value, and marks inside of one that is not quoted.
type quotedScan struct {
	text  []byte
	comma []byte
	pos   int
	line  int
	begin int // of the line
	row   quotedRow
}

// scanQuoted reads the first row of text that is not blank. fault is nil unless
// it can't be read.
func scanQuoted(text []byte, delimiter rune) (quotedRow, *quoteFault) {
	s := &quotedScan{text: text, comma: []byte(string(delimiter))}
	for s.pos < len(text) && (text[s.pos] == '\n' || text[s.pos] == '\r') {
		s.step()
	}
	for {
		s.row.lines = append(s.row.lines, s.line)
		if fault := s.value(); fault != nil {
			return s.row, fault
		}
		if !bytes.HasPrefix(s.rest(), s.comma) {
			break
		}
		s.pos += len(s.comma)
	}
	for s.pos < len(text) && text[s.pos] == '\r' {
		s.step()
	}
	if s.pos < len(text) {
		s.step() // the line feed
	}
	s.row.size = s.pos
	return s.row, nil
}

func (s *quotedScan) rest() []byte { return s.text[s.pos:] }

// step passes one byte.
func (s *quotedScan) step() {
	s.pos++
	if s.text[s.pos-1] == '\n' {
		s.line, s.begin = s.line+1, s.pos
	}
}

func (s *quotedScan) spot() spot { return s.spotAt(s.line, s.begin, s.pos) }

// spotAt is the place of a byte of a line that begins at begin.
func (s *quotedScan) spotAt(line, begin, pos int) spot {
	return spot{line, 1 + utf8.RuneCount(s.text[begin:pos])}
}

// value reads one value up to its delimiter or the row's end.
func (s *quotedScan) value() *quoteFault {
	start := *s
	s.pos += s.spaces()
	if s.pos == len(s.text) || s.text[s.pos] != '"' {
		*s = start
		s.plain()
		return nil
	}
	fault := s.quoted()
	if fault == nil {
		return nil
	}
	if s.pos > start.pos && start.text[start.pos] != '"' {
		// Behind a space the mark may as well be part of the text.
		row := s.row
		*s = start
		s.row = row
		s.plain()
		return nil
	}
	fault.cell = len(s.row.lines) - 1
	return fault
}

// spaces counts the blanks ahead, as far as they separate nothing.
func (s *quotedScan) spaces() int {
	n := 0
	for n < len(s.rest()) && (s.rest()[n] == ' ' || s.rest()[n] == '\t') && !bytes.HasPrefix(s.rest()[n:], s.comma) {
		n++
	}
	return n
}

func (s *quotedScan) plain() {
	begin := s.pos
	for s.pos < len(s.text) && s.text[s.pos] != '\n' && !bytes.HasPrefix(s.rest(), s.comma) {
		s.pos++
	}
	s.row.cells = append(s.row.cells, string(bytes.TrimSuffix(s.text[begin:s.pos], []byte("\r"))))
}

// quoted reads a value from its opening mark on.
func (s *quotedScan) quoted() *quoteFault {
	open := s.spot()
	s.step()
	var value []byte
	for s.pos < len(s.text) {
		if s.text[s.pos] != '"' {
			if s.text[s.pos] != '\r' || !bytes.HasPrefix(s.rest(), []byte("\r\n")) {
				value = append(value, s.text[s.pos])
			}
			s.step()
			continue
		}
		line, begin, pos := s.line, s.begin, s.pos // counted out only for a fault: a value may be all marks
		slash := s.text[s.pos-1] == '\\'
		s.step()
		if s.pos < len(s.text) && s.text[s.pos] == '"' {
			value = append(value, '"')
			s.step()
			continue
		}
		s.pos += s.spaces()
		if r := s.rest(); len(r) > 0 && r[0] != '\n' && !bytes.HasPrefix(r, []byte("\r\n")) && !bytes.HasPrefix(r, s.comma) {
			return &quoteFault{open: open, at: s.spotAt(line, begin, pos), backslash: slash}
		}
		s.row.cells = append(s.row.cells, string(value))
		return nil
	}
	return &quoteFault{open: open, at: s.spot(), unclosed: true}
}

// fileError words a fault. first is the line on which the scan began, cell the
// name of the value's cell.
func (f *quoteFault) fileError(first int, cell string) *FileError {
	open := fmt.Sprintf("line %d, character %d", first+f.open.line, f.open.char)
	e := &FileError{Reason: ReasonCSVSyntax, Hint: "write a quotation mark inside a value twice, or put the value in quotation marks as a whole"}
	switch {
	case f.unclosed:
		e.Detail = fmt.Sprintf("%s (%s): the quotation mark begins a value that does not end: the file is cut, or the second mark is missing", cell, open)
		e.Hint = "fetch the file again, or mend that value"
	case f.backslash:
		e.Detail = fmt.Sprintf(`%s (line %d, character %d): a quotation mark inside a value is written as \", which CSV does not know`, cell, first+f.at.line, f.at.char)
		e.Hint = `write it twice (""), or export the sheet as .xlsx`
	default:
		e.Detail = fmt.Sprintf("%s (line %d, character %d): text behind the closing quotation mark of the value that begins at %s", cell, first+f.at.line, f.at.char, open)
	}
	return e
}
