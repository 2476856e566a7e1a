package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"provision/executor/report"
	"provision/plan"
	"provision/plan/sheet"
)

// validation is the JSON document of "provision validate".
type validation struct {
	report.Validation
	// HiddenSkipped counts the hidden rows that --hidden=skip left out.
	HiddenSkipped int         `json:"hidden_skipped"`
	Sheets        []readSheet `json:"sheets"`
}

// readSheet is a sheet as it was found.
type readSheet struct {
	File      string        `json:"file"`
	Sheet     string        `json:"sheet"`     // empty for CSV
	Format    string        `json:"format"`    // csv or xlsx
	Encoding  string        `json:"encoding"`  // of a CSV
	Delimiter string        `json:"delimiter"` // of a CSV
	HeaderRow int           `json:"header_row"`
	Rows      int           `json:"rows"`
	Layout    string        `json:"layout"` // whose layout it is; empty for ours
	Columns   []columnTaken `json:"columns"`
	Notes     []string      `json:"notes"`
	Skipped   []string      `json:"skipped"` // sheets of the file that were not read, and why
}

// columnTaken is a column of a sheet with what it was taken for.
type columnTaken struct {
	Column string  `json:"column"` // its letters
	Header string  `json:"header"` // as the sheet spells it
	Means  *string `json:"means"`  // our column; null: kept for the report only
}

// validationOf makes the document out of what was read.
func validationOf(d *plan.Desired, found []sheet.Detected) validation {
	v := validation{Validation: report.ValidateJSON(d), HiddenSkipped: d.HiddenSkipped, Sheets: []readSheet{}}
	v.Rows = rowsIn(found)
	for i, f := range found {
		s := readSheet{
			File: f.File, Sheet: f.Sheet, Format: f.Format, Encoding: f.Encoding, Delimiter: f.Delimiter, HeaderRow: f.HeaderRow,
			Rows: f.DataRows, Columns: []columnTaken{}, Notes: append([]string{}, f.Notes...), Skipped: append([]string{}, f.Skipped...),
		}
		if i < len(d.Sheets) {
			s.Layout, s.Columns = d.Sheets[i].Layout, columnsTaken(&d.Sheets[i])
		}
		v.Sheets = append(v.Sheets, s)
	}
	return v
}

func columnsTaken(info *plan.SheetInfo) []columnTaken {
	columns := []columnTaken{}
	for i, header := range info.Header {
		c := columnTaken{Column: plan.ColumnName(i + 1), Header: header}
		if i < len(info.Mapping) && info.Mapping[i] != "" {
			c.Means = &info.Mapping[i]
		}
		columns = append(columns, c)
	}
	return columns
}

func rowsIn(found []sheet.Detected) int {
	n := 0
	for _, f := range found {
		n += f.DataRows
	}
	return n
}

// writeMappings lists for each sheet how it was read and what its columns were
// taken for.
func writeMappings(w io.Writer, d *plan.Desired, found []sheet.Detected) error {
	var errs []error
	line := func(format string, args ...any) {
		_, err := fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf(format, args...), " "))
		errs = append(errs, err)
	}
	for i, f := range found {
		line("%s: %s", plan.RowCell(f.File, f.Sheet, 0), howRead(f))
		if i >= len(d.Sheets) {
			continue
		}
		if layout := d.Sheets[i].Layout; layout != "" {
			line("  layout: %s", layout)
		}
		columns := columnsTaken(&d.Sheets[i])
		width := 0
		for _, c := range columns {
			width = max(width, min(utf8.RuneCountInString(c.Header), widestHeader))
		}
		for _, c := range columns {
			if c.Header == "" {
				continue
			}
			means := "(kept for the report only)"
			if c.Means != nil {
				means = *c.Means
			}
			line("  %-3s %-*s -> %s", c.Column, width, shortened(oneLine(c.Header), widestHeader), means)
		}
	}
	return errors.Join(errs...)
}

// howRead tells what was found out about the form of a sheet.
func howRead(f sheet.Detected) string {
	form := strings.ToUpper(f.Format)
	if f.Format == sheet.FormatCSV {
		form += fmt.Sprintf(" in %s, delimiter %s", f.Encoding, delimiterName(f.Delimiter))
	}
	return fmt.Sprintf("%s, header in row %d, %s", form, f.HeaderRow, count(f.DataRows, "row"))
}

// delimiterName is a delimiter as it can be told from the text around it; one
// that is given by its name, as tab, can.
func delimiterName(d string) string {
	if utf8.RuneCountInString(d) > 1 {
		return d
	}
	return strconv.Quote(d)
}

// Most characters of a header and of a value that a line shows.
const (
	widestHeader = 40
	widestValue  = 60
)

// shortened cuts a text that is longer than a line can show.
func shortened(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// problemText is a problem in one line: its cell, the value there, and what to
// do about it.
func problemText(p plan.Problem) string {
	at := p.Cell.String()
	if p.Value != "" && !strings.Contains(p.Message, strconv.Quote(p.Value)) {
		at += fmt.Sprintf(" %q", shortened(p.Value, widestValue))
	}
	return oneLine(at + ": " + p.Message)
}
