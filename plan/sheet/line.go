package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/gocarina/gocsv"

	"provision/plan"
)

// Reader gives the data rows of one sheet, decoded by column. It is used by one
// goroutine.
type Reader interface {
	// Read gives the next row that holds anything. The Line is valid until the
	// next call. io.EOF comes only once the sheet is proven to be read to its
	// end; any other error ends the reading and is a *FileError.
	Read() (*Line, error)
	// Info tells the sheet's file, header and mapping.
	Info() plan.SheetInfo
	// HeaderProblems gives what is wrong with the header, and what is worth a
	// word.
	HeaderProblems() (errors, warnings []plan.Problem)
}

// Line is one data row: text by column, each with its cell, not yet judged.
type Line struct {
	Row    int  // of the sheet, from 1; in CSV the line on which it begins
	Hidden bool // hidden or filtered out
	// Problems make the row unusable as it stands.
	Problems []plan.Problem

	merged bool // touched by merged cells, which the header's problems name
	layout *layout
	values *record
	extra  []string // texts of the columns that are none of ours, by position
	kinds  []byte   // of a workbook's cells
	lines  []int    // line of each field, where a CSV row spans several
}

// Len is the number of the sheet's columns.
func (l *Line) Len() int { return len(l.layout.columns) }

// Text gives the i-th column's text.
func (l *Line) Text(i int) string {
	if id := l.layout.columns[i]; id != colNone {
		return registry[id].get(l.values)
	}
	if i < len(l.extra) {
		return l.extra[i]
	}
	return ""
}

// blank reports whether the row holds nothing.
func (l *Line) blank() bool {
	for i := range l.layout.columns {
		if strings.TrimSpace(l.Text(i)) != "" {
			return false
		}
	}
	return true
}

// repeatsHeader reports whether the row is the sheet's header once more.
func (l *Line) repeatsHeader() bool {
	same := 0
	for i, header := range l.layout.info.Header {
		if text := l.Text(i); text != header {
			// Mostly the first column tells.
			if clean, _ := cleanText(text); clean != header {
				return false
			}
		} else if header != "" {
			same++
		}
	}
	return same > 0
}

// Cell gives the i-th column's cell.
func (l *Line) Cell(i int) plan.Cell {
	line := l.Row
	if i < len(l.lines) {
		line = l.lines[i]
	}
	return l.layout.cell(i, line)
}

// Value gives the i-th column's text with its cell.
func (l *Line) Value(i int) plan.Value { return plan.Value{Text: l.Text(i), Cell: l.Cell(i)} }

// kind gives what a workbook stores the i-th column as; kindText for CSV.
func (l *Line) kind(i int) byte {
	if i < len(l.kinds) {
		return l.kinds[i]
	}
	return pack(kindText, 0)
}

// feed decodes single rows by gocsv: each is written as a line of CSV into a
// csv.Reader that the decoder reads from.
type feed struct {
	buf     bytes.Buffer
	w       *csv.Writer
	decoder *gocsv.Unmarshaller
}

func newFeed(header []string) (*feed, error) {
	f := &feed{}
	f.w = csv.NewWriter(&f.buf)
	if err := f.put(header); err != nil {
		return nil, err
	}
	r := csv.NewReader(&f.buf)
	r.ReuseRecord = true
	r.FieldsPerRecord = -1
	decoder, err := gocsv.NewUnmarshaller(r, &record{})
	if err != nil {
		return nil, fmt.Errorf("decode header: %w", err)
	}
	f.decoder = decoder
	return f, nil
}

func (f *feed) put(cells []string) error {
	if err := f.w.Write(cells); err != nil {
		return fmt.Errorf("encode row: %w", err)
	}
	f.w.Flush()
	return f.w.Error()
}

// decode puts one row, which must not be empty, through the decoder.
func (f *feed) decode(cells []string) (*record, error) {
	f.buf.Reset()
	if err := f.put(cells); err != nil {
		return nil, err
	}
	return decodeRecord(f.decoder)
}

func decodeRecord(decoder *gocsv.Unmarshaller) (*record, error) {
	v, err := decoder.Read()
	if err != nil {
		return nil, err
	}
	return asRecord(v)
}

func asRecord(v any) (*record, error) {
	rec, ok := v.(*record)
	if !ok {
		return nil, fmt.Errorf("decode row: got %T", v)
	}
	return rec, nil
}
