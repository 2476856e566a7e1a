package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/gocarina/gocsv"
)

// decoder makes a record of a line: gocsv does, from a csv.Reader that is given
// line after line as text. Those of a CSV file are given as they stand there,
// the others are written as CSV first. One serves the lines of one sheet.
type decoder struct {
	text    bytes.Buffer
	encoder *csv.Writer
	rows    *gocsv.Unmarshaller
}

// newDecoder makes the decoder for a sheet's lines; comma is the delimiter of
// a CSV file's.
func newDecoder(l *layout, comma rune) (*decoder, error) {
	d := &decoder{}
	d.encoder = csv.NewWriter(&d.text)
	d.encoder.Comma = comma
	if err := d.encode(l.canonical()); err != nil {
		return nil, err
	}
	r := csv.NewReader(&d.text)
	r.Comma, r.ReuseRecord, r.FieldsPerRecord = comma, true, len(l.columns)
	var err error
	if d.rows, err = gocsv.NewUnmarshaller(r, &record{}); err != nil {
		return nil, fmt.Errorf("decode header: %w", err)
	}
	return d, nil
}

func (d *decoder) encode(cells []string) error {
	if err := d.encoder.Write(cells); err != nil {
		return fmt.Errorf("encode row: %w", err)
	}
	d.encoder.Flush()
	return d.encoder.Error()
}

// record decodes a line.
func (d *decoder) record(l *Line) (*record, error) {
	if l.blank() {
		return &record{}, nil // as text it may be an empty line, which the csv.Reader skips
	}
	d.text.Reset()
	if l.raw != nil {
		d.text.Write(l.raw)
	} else if err := d.encode(l.cells); err != nil {
		return nil, err
	}
	v, err := d.rows.Read()
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	rec, ok := v.(*record)
	if !ok {
		return nil, fmt.Errorf("decode: got %T", v)
	}
	return rec, nil
}
