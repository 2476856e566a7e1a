package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// saveBook lets the test fill a workbook and saves it.
func saveBook(t *testing.T, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var buf bytes.Buffer
	if _, err := f.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return save(t, "a.xlsx", buf.Bytes())
}

// setRows fills a sheet's rows from the top. nil leaves a cell empty.
func setRows(t *testing.T, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		if err := f.SetSheetRow(sheet, cellName(1, i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func style(t *testing.T, f *excelize.File, format string) int {
	t.Helper()
	s, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	must(t, err)
	return s
}

func TestStoredKinds(t *testing.T) {
	t.Parallel()
	path := saveBook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1",
			[]any{"Phones of the Boston office"},
			nil,
			[]any{"Ext", "MAC", "Zip", "State", "Country", "Street", "City", "Common Phone", "Notes", "Device Name", "Started", "DID"},
			[]any{101, "000b82123456", 2134, "MA", "US", "1 Main St", "Boston", true, "n", "Desk", 45000, 16505550100},
			[]any{102.5, 112233445560, nil, nil, nil, nil, nil, false, nil, 45000, nil, "1.6502E+10"},
			[]any{"0103", nil, 2134, "MA", "US", "1 Main St", "Boston", nil, nil, "#N/A", nil, 123456789012345678},
		)
		must(t, f.SetCellStyle("Sheet1", "K4", "K4", style(t, f, "yyyy-mm-dd")))
		must(t, f.SetCellStyle("Sheet1", "J5", "J5", style(t, f, "d/m/yy")))
		must(t, f.SetCellStyle("Sheet1", "C6", "C6", style(t, f, "00000")))
		must(t, f.SetCellFormula("Sheet1", "B6", "1+1"))
	})
	d, detected, err := Read(t.Context(), []string{path}, Options{})
	must(t, err)
	if detected[0].HeaderRow != 3 || detected[0].DataRows != 3 {
		t.Errorf("got %+v", detected[0])
	}
	first := d.Rows[0]
	if first.Extension.Text != "101" || first.Address.Zip != "02134" || first.CommonPhone.Text != "yes" || first.PhoneNumber.Text != "+16505550100" {
		t.Errorf("got %+v", first)
	}
	if first.Raw[10] != "2023-03-15" || first.Raw[7] != "TRUE" {
		t.Errorf("got raw %q, want a date and TRUE in it", first.Raw)
	}
	if got := d.Rows[2].Address.Zip; got != "02134" {
		t.Errorf("got zip %q of a number shown as 02134", got)
	}
	if diff := cmp.Diff([]string{
		"a.xlsx!Sheet1!A5 extension_invalid", "a.xlsx!Sheet1!B5 serial_as_number", "a.xlsx!Sheet1!J5 date_cell", "a.xlsx!Sheet1!L5 scientific_notation",
		"a.xlsx!Sheet1!B6 formula_without_value", "a.xlsx!Sheet1!J6 error_cell", "a.xlsx!Sheet1!L6 digits_lost",
	}, codes(d.Errors)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"a.xlsx!Sheet1!K3 unknown_column",
		"a.xlsx!Sheet1!A4 stored_as_number", "a.xlsx!Sheet1!C4 zip_restored", "a.xlsx!Sheet1!C4 stored_as_number", "a.xlsx!Sheet1!L4 stored_as_number",
	}, codes(d.Warnings)); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestFormulaResults(t *testing.T) {
	t.Parallel()
	sheet := xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1"><c r="A1" t="inlineStr"><is><t>ext</t></is></c><c r="B1" t="inlineStr"><is><t>device_name</t></is></c><c r="C1" t="inlineStr"><is><r><t>si</t></r><r><t>te</t></r></is></c></row>` +
		`<row r="2"><c r="A2"><f>100+1</f><v>101</v></c><c r="B2" t="str"><f>A1</f><v>De&amp;sk</v></c><c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>` +
		`<row r="3" spans="1:3" s="4"/><row r="4"><c r="A4" s="3"/></row>` +
		`<row r="5"><c r="A5"><v>102</v></c><c r="B5" t="str"><f>""</f><v></v></c></row>` +
		`</sheetData></worksheet>`
	d, _, err := Read(t.Context(), []string{saveParts(t, workbookParts(sheet, emptyTable))}, Options{})
	must(t, err)
	if len(d.Rows) != 2 || d.Rows[0].Extension.Text != "101" || d.Rows[0].DeviceName.Text != "De&sk" || d.Rows[1].DeviceName.Text != "" {
		t.Errorf("got %+v", d.Rows)
	}
	if diff := cmp.Diff([]string{"a.xlsx!Sheet1!C2 error_cell"}, codes(d.Errors)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

const emptyTable = xmlHead + `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></sst>`

func saveParts(tb testing.TB, parts map[string]string) string {
	tb.Helper()
	var buf bytes.Buffer
	if err := zipParts(&buf, parts); err != nil {
		tb.Fatal(err)
	}
	return save(tb, "a.xlsx", buf.Bytes())
}

func TestMergedCells(t *testing.T) {
	t.Parallel()
	path := saveBook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1",
			[]any{"Title over all"}, []any{"Ext", "Email", "Oddity"},
			[]any{"101", "a@b.com", "x"}, []any{"102", "b@b.com"}, []any{"103", "c@b.com"}, []any{"104", "d@b.com"})
		must(t, f.MergeCell("Sheet1", "A1", "C1"))
		must(t, f.MergeCell("Sheet1", "B4", "B5"))
		must(t, f.MergeCell("Sheet1", "C3", "C4"))
	})
	d, _, err := Read(t.Context(), []string{path}, Options{})
	must(t, err)
	if diff := cmp.Diff([]string{"a.xlsx!Sheet1!B4 merged_cells"}, codes(d.Errors)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	var invalid []bool
	for _, r := range d.Rows {
		invalid = append(invalid, r.Invalid)
	}
	if diff := cmp.Diff([]bool{false, true, true, false}, invalid); diff != "" {
		t.Errorf("invalid (-want +got):\n%s", diff)
	}
}

func TestHiddenRows(t *testing.T) {
	t.Parallel()
	path := saveBook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"Ext", "Email"}, []any{"101", "a@b.com"}, []any{"102", "b@b.com"}, nil, []any{"103", "c@b.com"})
		for _, row := range []int{3, 4} {
			must(t, f.SetRowVisible("Sheet1", row, false))
		}
	})
	_, _, err := Read(t.Context(), []string{path}, Options{})
	var ferr *FileError
	if !errors.As(err, &ferr) || ferr.Reason != ReasonHiddenRows || !strings.Contains(ferr.Detail, "1 row with data is hidden or filtered out: 3") {
		t.Errorf("got %v, want row 3 refused", err)
	}
	for hidden, want := range map[Hidden]int{HiddenRead: 3, HiddenSkip: 2} {
		d, _, err := Read(t.Context(), []string{path}, Options{Hidden: hidden})
		must(t, err)
		if len(d.Rows) != want || d.HiddenSkipped != 3-want {
			t.Errorf("%s: got %d rows and %d skipped", hidden, len(d.Rows), d.HiddenSkipped)
		}
	}
}

func TestSheetChoice(t *testing.T) {
	t.Parallel()
	path := saveBook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"Notes"}, []any{"Made by hand."})
		for _, name := range []string{"Boston", "Berlin", "Old", "Blank"} {
			_, err := f.NewSheet(name)
			must(t, err)
			if name != "Blank" {
				setRows(t, f, name, []any{"Ext", "Email"}, []any{"101", name + "@b.com"})
			}
		}
		must(t, f.SetSheetVisible("Old", false))
	})
	for name, tc := range map[string]struct {
		sheets []string
		want   []string
		reason Reason
	}{
		"none named":       {reason: ReasonManySheets},
		"all":              {sheets: []string{"*"}, want: []string{"boston@b.com", "berlin@b.com"}},
		"one":              {sheets: []string{"BERLIN"}, want: []string{"berlin@b.com"}},
		"hidden one":       {sheets: []string{"Old"}, want: []string{"old@b.com"}},
		"unknown":          {sheets: []string{"Paris"}, reason: ReasonNoSheet},
		"without header":   {sheets: []string{"Sheet1"}, reason: ReasonNoHeader},
		"empty":            {sheets: []string{"Blank"}, reason: ReasonEmpty},
		"some without one": {sheets: []string{"Boston", "Sheet1"}, reason: ReasonNoHeader},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, detected, err := Read(t.Context(), []string{path}, Options{Sheets: tc.sheets})
			var ferr *FileError
			if errors.As(err, &ferr) != (tc.reason != "") || ferr != nil && (ferr.Reason != tc.reason || ferr.Hint == "") {
				t.Fatalf("got error %v, want reason %q", err, tc.reason)
			}
			if tc.reason != "" {
				return
			}
			var got []string
			for _, r := range d.Rows {
				got = append(got, r.Email.Text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if len(detected[0].Skipped) == 0 {
				t.Error("want the other sheets named")
			}
		})
	}
}

// TestRecastReadsTheSame reads a workbook whose table of texts is too large for
// the library's memory, and the same rows as CSV.
func TestRecastReadsTheSame(t *testing.T) {
	t.Parallel()
	const rows = 6_000
	xlsx, csv := t.TempDir()+"/a.xlsx", t.TempDir()+"/a.csv"
	must(t, writeBench(xlsx, "shared", rows))
	must(t, writeBench(csv, "csv", rows))
	temp := t.TempDir()
	got, _, err := Read(t.Context(), []string{xlsx}, Options{TempDir: temp})
	must(t, err)
	want, _, err := Read(t.Context(), []string{csv}, Options{})
	must(t, err)
	if len(got.Rows) != rows || len(want.Rows) != rows {
		t.Fatalf("got %d and %d rows", len(got.Rows), len(want.Rows))
	}
	for i := range got.Rows {
		if diff := cmp.Diff(want.Rows[i].Raw, got.Rows[i].Raw); diff != "" {
			t.Fatalf("row %d (-csv +xlsx):\n%s", i, diff)
		}
	}
	wantEmpty(t, temp)
}

func wantEmpty(tb testing.TB, folder string) {
	tb.Helper()
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		tb.Errorf("got %v (%v) left over, want nothing", left, err)
	}
}

// TestSharedTexts holds our reading of the table against the library's.
func TestSharedTexts(t *testing.T) {
	t.Parallel()
	for _, item := range []string{
		"<si><t>plain</t></si>", "<si><t>a &amp; b &lt;&gt; &#65;&#x42; &quot;&apos;</t></si>", "<si><t xml:space=\"preserve\"> x </t></si>",
		"<si><r><t>two</t></r><r><rPr><b/></rPr><t> runs</t></r></si>", "<si><t>漢字</t><rPh sb=\"0\" eb=\"2\"><t>かんじ</t></rPh></si>",
		"<si><t>a_x000D_b _x005F_x000D_ _xZZZZ_</t></si>", "<si><t><![CDATA[a &amp; b]]></t></si>", "<si><t/></si>", "<si/>",
	} {
		table := xmlHead + `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + item + `</sst>`
		h := &sharedHandler{table: &textTable{}, limits: DefaultLimits()}
		must(t, newXMLScanner(strings.NewReader(table), h).run())
		got, ok := h.table.text(0)
		sheet := xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`
		f, err := excelize.OpenFile(saveParts(t, workbookParts(sheet, table)))
		must(t, err)
		want, err := f.GetCellValue("Sheet1", "A1")
		must(t, errors.Join(err, f.Close()))
		if !ok || got != want {
			t.Errorf("%s: got %q, want %q", item, got, want)
		}
	}
}

// TestControlsBehindTheTable: drawings of controls hold elements named row, too.
func TestControlsBehindTheTable(t *testing.T) {
	t.Parallel()
	sheet := xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xdr="x"><sheetData>` +
		`<row r="1"><c r="A1" t="inlineStr"><is><t>ext</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>101</t></is></c></row>` +
		`</sheetData><controls><from><xdr:row>5</xdr:row></from></controls></worksheet>`
	d, _, err := Read(t.Context(), []string{saveParts(t, workbookParts(sheet, emptyTable))}, Options{})
	if err != nil || len(d.Rows) != 1 {
		t.Errorf("got %d rows, %v", len(d.Rows), err)
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range Columns() {
		names = append(names, c.Name)
		if c.Description == "" {
			t.Errorf("column %s has no description in templates/columns.csv", c.Name)
		}
	}
	for _, format := range []string{FormatXLSX, FormatCSV} {
		var buf bytes.Buffer
		must(t, WriteTemplate(&buf, format, Lists{}))
		path := save(t, "template."+format, buf.Bytes())
		_, _, err := Read(t.Context(), []string{path}, Options{})
		var ferr *FileError
		if !errors.As(err, &ferr) || ferr.Reason != ReasonEmpty {
			t.Errorf("%s: got %v, want an empty sheet refused", format, err)
		}
		book, err := Open(t.Context(), path, Options{})
		must(t, err)
		r, err := book.Reader(book.Sheets()[0])
		must(t, err)
		if diff := cmp.Diff(names, r.Info().Header); diff != "" {
			t.Errorf("%s header (-columns +template):\n%s", format, diff)
		}
		if errs, warnings := r.HeaderProblems(); len(errs)+len(warnings) > 0 {
			t.Errorf("%s: got %v %v", format, errs, warnings)
		}
		must(t, book.Close())
	}
}

func TestWriteSheet(t *testing.T) {
	t.Parallel()
	header := []string{"extension", "device_name", "zip", "notes"}
	rows := [][]string{{"0101", "=1+1", "02134", "+49"}, {"102", "two\nlines", "", "\"q\""}, {"103"}}
	for _, format := range []string{FormatXLSX, FormatCSV} {
		var buf bytes.Buffer
		must(t, WriteSheet(&buf, format, header, rows))
		d, _, err := Read(t.Context(), []string{save(t, "a."+format, buf.Bytes())}, Options{})
		must(t, err)
		for i, want := range rows {
			want = append(want, make([]string, len(header)-len(want))...)
			if diff := cmp.Diff(want, d.Rows[i].Raw); diff != "" {
				t.Errorf("%s row %d (-want +got):\n%s", format, i, diff)
			}
		}
	}
	if err := WriteSheet(&bytes.Buffer{}, "ods", header, rows); err == nil {
		t.Error("got no error for an unknown format")
	}
	if err := WriteSheet(&bytes.Buffer{}, FormatCSV, header[:1], rows); err == nil {
		t.Error("got no error for a row longer than the header")
	}
}

func TestDateFormats(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]cellKind{
		"yyyy-mm-dd": kindDate, "[$-409]d-mmm-yy;@": kindDate, "h:mm AM/PM": kindDate, "[h]:mm:ss": kindDate, "[ss]": kindDate,
		"0.00": kindNumber, "General": kindNumber, `"day" 0`: kindNumber, "[Red]0": kindNumber, `\d0`: kindNumber, "#,##0_d": kindNumber, "0": kindNumber, "Standard": kindNumber,
		"00000": kindPadded,
	} {
		if got := kindOf(formatKind(200, map[int]string{200: format})); got != want {
			t.Errorf("%q: got %d, want %d", format, got, want)
		}
	}
}

func TestCellNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]int{"A1": {1, 1}, "$F$12": {6, 12}, "XFD1048576": {16384, 1048576}, "aa3": {27, 3}} {
		if col, row, ok := parseCellName([]byte(name)); !ok || col != want[0] || row != want[1] {
			t.Errorf("%s: got %d, %d, %v", name, col, row, ok)
		}
	}
	for _, name := range []string{"", "A", "1", "A0", "XFE1", "A1048577", "A1B", "A-1", "ÄA1"} {
		if col, row, ok := parseCellName([]byte(name)); ok {
			t.Errorf("%q: got %s, want none", name, cellName(col, row))
		}
	}
	if got := fmt.Sprint(cellRange{1, 2, 3, 4}); got != "A2:C4" {
		t.Errorf("got %s", got)
	}
}

// A header of two rows, as forms have it, is told to be one.
func TestHeaderOfTwoRows(t *testing.T) {
	t.Parallel()
	path := saveBook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"Ext", "Email", "Emergency Address"}, []any{nil, nil, "Street", "City"}, []any{"101", "a@b.com", "1 Main St", "Belmont"})
		must(t, f.MergeCell("Sheet1", "A1", "A2"))
		must(t, f.MergeCell("Sheet1", "C1", "D1"))
	})
	d, _, err := Read(t.Context(), []string{path}, Options{})
	must(t, err)
	if len(d.Errors) != 1 || d.Errors[0].Cell.String() != "a.xlsx!Sheet1!A1" || !strings.Contains(d.Errors[0].Message, "put the name of each column into one row") {
		t.Errorf("got %+v", d.Errors)
	}
}
