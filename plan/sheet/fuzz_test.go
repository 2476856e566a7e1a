package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"provision/plan"
)

// FuzzCSV reads any bytes as a CSV file. Each row must know its cells.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"ext,email\n101,a@b.com\n", "sep=;\next;email\n1;2", "\xff\xfee\x00x\x00t\x00\n\x001\x00", "ext\temail\n\"a\nb\"\tc\n", "ext,email\n1,2,3\n4\n", "ext,email\n\"1\n", "ext,,email\n1,x,\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzFile(t, "a.csv", data)
		fuzzRows(t, data)
	})
}

// fuzzRows holds the rows that were read of a plain text against those that
// encoding/csv finds in it: none may be lost.
func fuzzRows(t *testing.T, data []byte) {
	t.Helper()
	text := append([]byte("ext,email\n"), data...)
	if !utf8.Valid(text) || bytes.ContainsAny(text, "\x00\r\x1a") || bytes.Contains(text, utf8BOM) {
		return
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	if err != nil {
		return // only our reader makes something of it
	}
	want := 0
	for _, record := range records[1:] {
		if !(&rawRow{cells: record}).empty() && !isHeaderRow(record) {
			want++
		}
	}
	d, found, err := Read(t.Context(), []string{save(t, "rows.csv", text)}, Options{Delimiter: ","})
	if err != nil {
		if want > 0 {
			t.Errorf("got %v of %d rows", err, want)
		}
		return
	}
	if got := len(d.Rows); got != want || found[0].DataRows != got {
		t.Errorf("got %d rows, want %d", got, want)
	}
}

// isHeaderRow reports whether a row is the header of fuzzRows once more.
func isHeaderRow(cells []string) bool {
	for i, c := range cells {
		clean, _ := cleanText(c)
		if want := [...]string{"ext", "email"}; i < len(want) && clean != want[i] || i >= len(want) && strings.TrimSpace(c) != "" {
			return false
		}
	}
	return len(cells) >= 2
}

// FuzzHeader reads any text as a header. Each column of ours is taken once, and
// what is taken is told.
func FuzzHeader(f *testing.F) {
	for _, s := range []string{"Extensoin,Devise Name", "Ext,Ext", userDataHeader, "E911 Street,Emergency Address", "Extension*,MAC (required)", "Extension,Device Type,MAC Address,Device Name", "name,location,#"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		index := newHeaderIndex()
		names := &headerNames{index: index, limits: DefaultLimits()}
		cells := strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ';' })
		l := names.newLayout(plan.SheetInfo{File: "a.csv"}, &rawRow{line: 1, cells: cells})
		if len(l.info.Mapping) != len(l.info.Header) || len(l.columns) != len(l.info.Header) {
			t.Fatalf("got %d meanings of %d headers", len(l.info.Mapping), len(l.info.Header))
		}
		seen := map[string]bool{}
		for i, m := range l.info.Mapping {
			if m != "" && seen[m] {
				t.Errorf("column %s is taken twice: %q", m, l.info.Header)
			}
			seen[m] = true
			if m != "" && l.at[l.columns[i]] != i {
				t.Errorf("column %s is not where it is", m)
			}
		}
		for range 3 {
			again := names.newLayout(plan.SheetInfo{File: "a.csv"}, &rawRow{line: 1, cells: cells})
			if !slices.Equal(again.info.Mapping, l.info.Mapping) || !slices.Equal(codes(again.warnings), codes(l.warnings)) || len(again.errors) != len(l.errors) {
				t.Error("the same header was read in two ways")
			}
		}
	})
}

// FuzzXLSX reads any bytes as the sheet and the table of texts of a workbook.
func FuzzXLSX(f *testing.F) {
	const sheet = `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>email</t></is></c></row><row r="2" hidden="0"><c r="A2" s="1"><v>101</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`
	f.Add([]byte(sheet), []byte(`<sst><si><t>ext</t></si></sst>`))
	f.Add([]byte(`<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`), []byte(`<sst/>`))
	f.Add([]byte(`<worksheet><sheetData/></worksheet>`), []byte(``))
	f.Fuzz(func(t *testing.T, sheet, shared []byte) {
		var buf bytes.Buffer
		if err := zipParts(&buf, workbookParts(string(sheet), string(shared))); err != nil {
			t.Fatal(err)
		}
		fuzzFile(t, "a.xlsx", buf.Bytes())
	})
}

// FuzzBook reads any bytes as a workbook's file.
func FuzzBook(f *testing.F) {
	var buf bytes.Buffer
	if err := zipParts(&buf, workbookParts(`<worksheet><sheetData/></worksheet>`, emptyTable)); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) { fuzzFile(t, "a.xlsx", data) })
}

func fuzzFile(t *testing.T, name string, data []byte) {
	t.Helper()
	temp := t.TempDir()
	path := save(t, name, data)
	desired, _, err := Read(t.Context(), []string{path}, Options{TempDir: temp, Hidden: HiddenRead, Limits: Limits{UnpackedBytes: 8 << 20}})
	if err != nil {
		var ferr *FileError
		if !errors.As(err, &ferr) {
			t.Errorf("got %v, want a FileError", err)
		}
	} else if len(desired.Rows) == 0 {
		t.Error("got neither rows nor an error")
	}
	for _, r := range desired.Rows {
		if r.At.Row() < 1 || len(r.Raw) != len(desired.Sheets[r.Sheet].Header) {
			t.Errorf("got row %+v", r)
		}
		if v := r.Extension; v.Text != "" && (!isDigits(v.Text) || v.Cell.Row() < r.At.Row()) {
			t.Errorf("got extension %+v", v)
		}
	}
	rows := map[plan.Cell]bool{}
	for _, r := range desired.Rows {
		if rows[r.At] {
			t.Errorf("got row %s twice", r.At)
		}
		rows[r.At] = true
	}
	checkRecords(t, path, Options{TempDir: temp, Limits: Limits{UnpackedBytes: 8 << 20}})
	left, err := os.ReadDir(temp)
	if err != nil || len(left) > 0 {
		t.Errorf("got %v (%v) left over", left, err)
	}
}
