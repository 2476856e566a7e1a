package sheet

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
)

// FuzzCSV reads any bytes as a CSV file. Each row must know its cells.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"ext,email\n101,a@b.com\n", "sep=;\next;email\n1;2", "\xff\xfee\x00x\x00t\x00\n\x001\x00", "ext\temail\n\"a\nb\"\tc\n", "ext,email\n1,2,3\n4\n", "ext,email\n\"1\n", "ext,,email\n1,x,\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzFile(t, "a.csv", data) })
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
	left, err := os.ReadDir(temp)
	if err != nil || len(left) > 0 {
		t.Errorf("got %v (%v) left over", left, err)
	}
}

// FuzzValues gives any text to the parsers of values. What they accept has the
// form they promise, and reading it again changes nothing.
func FuzzValues(f *testing.F) {
	for _, s := range []string{"00:0B:82:12:34:56", "+1 (650) 555-0100", "2134", "02134-1234", "1.6502E+10", "101.0", "ext:5", "serial:000b82123456", "１０１", "=\"1\"", "U.S.A.", "P.O. Box 1", "#N/A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if mac, problem := parseMAC(s); problem == "" {
			if again, p := parseMAC(mac); p != "" || again != mac || len(mac) != macDigits {
				t.Errorf("MAC %q: got %q, then %q %s", s, mac, again, p)
			}
		}
		if number, problem := parsePhone(s, "US"); problem == "" {
			if again, p := parsePhone(number, "DE"); p != "" || again != number || !strings.HasPrefix(number, "+") || !isDigits(number[1:]) {
				t.Errorf("phone %q: got %q, then %q %s", s, number, again, p)
			}
		}
		if zip, _, problem := parseZip(s, "MA"); problem == "" {
			if again, restored, p := parseZip(zip, "CA"); p != "" || restored || again != zip {
				t.Errorf("ZIP %q: got %q, then %q %s", s, zip, again, p)
			}
		}
		if digits, form := wholeDigits(s); form == wholeNumber && !isDigits(digits) {
			t.Errorf("number %q: got %q", s, digits)
		}
		if r, _, problem := parseReplacement(s); problem == "" && r.Form == "" {
			t.Errorf("replacement %q: got %+v", s, r)
		}
		code, _ := cleanCode(s)
		if again, changed := cleanCode(code); again != code || changed {
			t.Errorf("clean %q: got %q, then %q", s, code, again)
		}
		p := newPlaces()
		if c := p.country(s); c != "" && p.country(c) != c {
			t.Errorf("country %q: got %q, then %q", s, c, p.country(c))
		}
		isPOBox(s)
		isDateFormat(s)
	})
}
