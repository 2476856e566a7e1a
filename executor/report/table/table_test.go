package table

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// hostile are cells that something could run, or break at.
func hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `=HYPERLINK("http://x","y")`, "+cmd|' /C calc'!A0", "@SUM(1)", "-1+1",
		"\u202egnp.exe", "\u2066a\u2069", strings.Repeat("x", 10000), strings.Repeat("😀", 20000), "👩‍👩‍👧 emoji", "a\x00b", "\x1b[31mred\x1b]0;t\x07",
		"two\nlines\r\nof\ttext", "\xff\xfe", "\ufeff", "]]>", "&lt;b&gt;", "'quoted", "{{.}}", "\ufffe\uffff",
	}
}

func sample() *Table {
	t := &Table{Title: "T <b>", Notes: []string{"note </p><script>"}, Header: []string{"name", "<i>"}}
	p := Part{Name: "Part [1]: a/b\\c*?"}
	for _, h := range hostile() {
		p.Rows = append(p.Rows, []string{h, "x"})
	}
	t.Parts = []Part{p, {Name: "part [1]: A/B\\c*?", Rows: [][]string{{"1", "2"}}}, {Name: ""}, {Name: "History"}, {Name: strings.Repeat("😀", 30)}, {Name: "'About'"}}
	return t
}

var steering = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f\x{202a}-\x{202e}\x{2066}-\x{2069}]`)

func TestCSVTakesHostileCells(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sample().WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(b.Bytes()) {
		t.Error("the CSV is no UTF-8")
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), bom))).ReadAll()
	if err != nil || len(records) != 1+len(hostile())+1 {
		t.Fatalf("got %d records, %v", len(records), err)
	}
	for _, r := range records {
		if steering.MatchString(r[0]) {
			t.Errorf("%.20q steers", r[0])
		}
		if strings.ContainsAny(r[0][:min(1, len(r[0]))], "=+-@") {
			t.Errorf("%q is a formula", r[0])
		}
	}
}

func TestXLSXTakesHostileCells(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	tab := sample()
	if err := tab.WriteXLSX(&b, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	sheets := f.GetSheetList()
	if len(sheets) != len(tab.Parts)+1 {
		t.Fatalf("got sheets %q", sheets)
	}
	for _, name := range sheets {
		if strings.ContainsAny(name, `[]:*?/\`) || len(utf16.Encode([]rune(name))) > maxName || strings.EqualFold(name, "history") {
			t.Errorf("no sheet can have the name %q", name)
		}
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			for j := range rows[i] {
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				formula, err := f.GetCellFormula(name, at)
				if typ, e := f.GetCellType(name, at); err != nil || e != nil || formula != "" || rows[i][j] != "" && typ != excelize.CellTypeInlineString && typ != excelize.CellTypeSharedString {
					t.Errorf("%s!%s: formula %q, type %v, %v", name, at, formula, typ, err)
				}
				if steering.MatchString(rows[i][j]) || len(utf16.Encode([]rune(rows[i][j]))) > maxCell {
					t.Errorf("%s!%s steers, or is too long", name, at)
				}
			}
		}
	}
	rows, err := f.GetRows(sheets[0])
	if err != nil || rows[1][0] != hostile()[0] || rows[3][0] != hostile()[2] || len(rows[9][0]) != 10000 || !strings.HasSuffix(rows[10][0], cut) {
		t.Errorf("texts did not arrive: %.60q, %v", rows[3], err)
	}
}

func TestHTMLTakesHostileCells(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := sample().WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if n := strings.Count(got, "<script"); n != 1 {
		t.Errorf("got %d scripts, want the page's own", n)
	}
	for _, bad := range []string{"<img", "<i>", "<b>", "\x00", "\x1b", "\u202e", "href=\"http"} {
		if strings.Contains(got, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

func TestNoRows(t *testing.T) {
	t.Parallel()
	var csvOut, xlsxOut, htmlOut bytes.Buffer
	empty := &Table{Title: "Empty", Header: []string{"a"}}
	for _, err := range []error{empty.WriteCSV(&csvOut), empty.WriteXLSX(&xlsxOut, t.TempDir()), empty.WriteHTML(&htmlOut)} {
		if err != nil {
			t.Error(err)
		}
	}
	if !strings.Contains(htmlOut.String(), "nothing to list") || csvOut.String() != bom+"a\n" {
		t.Errorf("got %q", csvOut.String())
	}
}
