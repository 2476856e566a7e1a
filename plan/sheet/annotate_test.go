package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"provision/plan"
	"provision/plan/sheet"
)

// richWorkbook is a workbook as people have them: styles, formulas, widths, notes, rules, lists, an image, other sheets, a
// name of one sheet only, and parts that the library knows nothing of. Four cells of it are wrong, and one odd.
func richWorkbook(t *testing.T, path string) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // it is written elsewhere
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(f.SetSheetName("Sheet1", "It's you & me"))
	for _, name := range []string{"Other", "Secret"} {
		_, err := f.NewSheet(name)
		do(err)
	}
	do(f.SetSheetVisible("Secret", false))
	const users = "It's you & me"
	do(f.SetSheetRow(users, "B2", &[]any{"Phones of the house"}))
	do(f.SetSheetRow(users, "B3", &[]any{"Extension", "Serial Number", "Device Name", "Email", "Wing", "device_type"}))
	do(f.SetSheetRow(users, "B4", &[]any{"101", "00:0b:82:12:34:56", "=A1 by name", "ada@example.com", "north"}))
	do(f.SetSheetRow(users, "B5", &[]any{"1O2", "not a mac", "Bob", "bob", "south"}))
	do(f.SetSheetRow(users, "B7", &[]any{103, nil, "Cyd", "cyd@example.com", "south", "Fax"}))
	do(f.SetCellFormula(users, "F9", "LOWER(\"NORTH\")"))
	red, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "FF0000"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"00FF00"}}, Border: []excelize.Border{{Type: "left", Style: 2, Color: "000000"}}})
	do(err)
	do(f.SetCellStyle(users, "C5", "C5", red))
	column, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Italic: true}})
	do(err)
	do(f.SetColStyle(users, "G", column))
	do(f.SetColWidth(users, "B", "D", 31.5))
	do(f.AddComment(users, excelize.Comment{Cell: "B5", Author: "Ada", Text: "typed by hand"}))
	do(f.AddComment(users, excelize.Comment{Cell: "F4", Author: "Ada", Text: "which wing?"}))
	dup, err := f.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: "9A0511"}})
	do(err)
	do(f.SetConditionalFormat(users, "B4:B20", []excelize.ConditionalFormatOptions{{Type: "duplicate", Criteria: "=", Format: &dup}}))
	dv := excelize.NewDataValidation(true)
	dv.SetSqref("F4:F20")
	do(dv.SetDropList([]string{"north", "south"}))
	do(f.AddDataValidation(users, dv))
	do(f.AddTable(users, &excelize.Table{Range: "B3:G9", Name: "Phones"}))
	do(f.SetPanes(users, &excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4", ActivePane: "bottomLeft"}))
	do(f.SetDefinedName(&excelize.DefinedName{Name: "Here", RefersTo: "Other!$A$1", Scope: "Other"}))
	do(f.SetCellValue("Other", "A1", 42.5))
	var img bytes.Buffer
	do(png.Encode(&img, image.NewGray(image.Rect(0, 0, 2, 2))))
	do(f.AddPictureFromBytes(users, "J2", &excelize.Picture{Extension: ".png", File: img.Bytes(), Format: &excelize.GraphicOptions{}}))
	do(f.AddChart("Other", "C3", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "x", Values: "Other!$A$1"}}}))
	do(f.SetCellHyperLink(users, "D4", "https://example.com", "External"))
	plain := filepath.Join(t.TempDir(), "plain.xlsx")
	do(f.SaveAs(plain))
	addParts(t, plain, path, map[string]string{"xl/vbaProject.bin": "\x00macros", "customXml/item1.xml": "<odd/>"})
}

// addParts copies a workbook and adds parts to it that no library knows.
func addParts(t *testing.T, from, to string, parts map[string]string) {
	t.Helper()
	zr, err := zip.OpenReader(from)
	if err != nil {
		t.Fatal(err)
	}
	defer zr.Close() //nolint:errcheck // nothing is written
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for _, f := range zr.File {
		if err := zw.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range parts {
			if !yield(n) {
				return
			}
		}
	}) {
		w, err := zw.Create(name)
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// partsOf are a workbook's parts by name.
func partsOf(t *testing.T, path string) map[string]string {
	t.Helper()
	zr, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer zr.Close() //nolint:errcheck // nothing is written
	parts := map[string]string{}
	for _, f := range zr.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if _, twice := parts[f.Name]; twice {
			t.Fatalf("%s: two parts %s", path, f.Name)
		}
		parts[f.Name] = string(b)
	}
	return parts
}

func annotate(t *testing.T, from, to string) plan.Desired {
	t.Helper()
	d, _, err := sheet.Read(t.Context(), []string{from}, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if _, err := sheet.Annotate(t.Context(), &buf, from, sheet.Options{}, &d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAnnotateTouchesNothingElse compares a workbook's parts before and after.
func TestAnnotateTouchesNothingElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "in.xlsx"), filepath.Join(dir, "out.xlsx")
	richWorkbook(t, from)
	d := annotate(t, from, to)
	if len(d.Errors) != 4 {
		t.Fatalf("the workbook has %d errors, want 4: %v", len(d.Errors), d.Errors)
	}
	before, after := partsOf(t, from), partsOf(t, to)
	changed := map[string]bool{}
	for name, content := range before {
		if after[name] != content {
			changed[name] = true
		}
	}
	want := map[string]bool{
		"[Content_Types].xml": true, "xl/workbook.xml": true, "xl/_rels/workbook.xml.rels": true, "xl/styles.xml": true,
		"xl/worksheets/sheet1.xml": true, "xl/comments1.xml": true, "xl/drawings/vmlDrawing1.vml": true,
	}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("changed parts (-want +got):\n%s", diff)
	}
	if n := len(after) - len(before); n != 1 {
		t.Errorf("%d new parts, want one, the list", n)
	}

	in, out := open(t, from), open(t, to)
	if diff := cmp.Diff(append([]string{"provision problems"}, in.GetSheetList()...), out.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	if got := out.GetSheetName(out.GetActiveSheetIndex()); got != "It's you & me" {
		t.Errorf("the workbook opens at %q, want it to open where it did", got)
	}
	names := out.GetDefinedName()
	if len(names) != 1 || names[0].Scope != "Other" {
		t.Errorf("defined names %+v, want the scope to be Other still", names)
	}
	sameCells(t, in, out, map[string]bool{"B5": true, "C5": true, "E5": true, "G7": true, "B7": true, "F3": true})
}

func open(t *testing.T, path string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// sameCells compares values, formulas, widths and styles of the sheets that both have. Marked cells differ in their fill
// only, and must do so.
func sameCells(t *testing.T, in, out *excelize.File, marked map[string]bool) {
	t.Helper()
	for _, name := range in.GetSheetList() {
		for row := 1; row <= 12; row++ {
			for col := 1; col <= 11; col++ {
				cell, _ := excelize.CoordinatesToCellName(col, row)
				was, is := style(t, in, name, cell), style(t, out, name, cell)
				if marked[cell] && name == "It's you & me" {
					if cmp.Equal(was.Fill, is.Fill) {
						t.Errorf("%s!%s is not colored", name, cell)
					}
					was.Fill, is.Fill = excelize.Fill{}, excelize.Fill{}
				}
				if diff := cmp.Diff(was, is, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("style of %s!%s (-before +after):\n%s", name, cell, diff)
				}
				for what, read := range map[string]func(*excelize.File) (string, error){
					"value":   func(f *excelize.File) (string, error) { return f.GetCellValue(name, cell) },
					"formula": func(f *excelize.File) (string, error) { return f.GetCellFormula(name, cell) },
					"type":    func(f *excelize.File) (string, error) { k, err := f.GetCellType(name, cell); return fmt.Sprint(k), err },
				} {
					a, err1 := read(in)
					b, err2 := read(out)
					if err1 != nil || err2 != nil || a != b && (what != "type" || a != "0") {
						t.Errorf("%s of %s!%s: %q was %q (%v, %v)", what, name, cell, b, a, err1, err2)
					}
				}
			}
		}
	}
}

func style(t *testing.T, f *excelize.File, sheet, cell string) excelize.Style {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return *s
}

// TestAnnotatedReadsAsBefore feeds the marked workbook back, and marks it again and again.
func TestAnnotatedReadsAsBefore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := func(n int) string { return filepath.Join(dir, fmt.Sprint(n), "in.xlsx") }
	for n := range 4 {
		if err := os.MkdirAll(filepath.Dir(name(n)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	richWorkbook(t, name(0))
	first := annotate(t, name(0), name(1))
	for n := 1; n < 3; n++ {
		d := annotate(t, name(n), name(n+1))
		if diff := cmp.Diff(problems(first), problems(d)); diff != "" {
			t.Errorf("reading %d of the marked workbook (-first +now):\n%s", n, diff)
		}
		for i := range d.Rows {
			if diff := cmp.Diff(first.Rows[i].Raw, d.Rows[i].Raw); diff != "" {
				t.Errorf("row %d (-first +now):\n%s", i, diff)
			}
		}
		if len(d.Rows) != len(first.Rows) {
			t.Errorf("%d rows, want %d", len(d.Rows), len(first.Rows))
		}
	}
	if diff := cmp.Diff(partsOf(t, name(2)), partsOf(t, name(3))); diff != "" {
		t.Errorf("marks heap up from check to check (-second +third):\n%s", diff)
	}
	notes := notesOf(t, name(3))
	if !strings.HasPrefix(notes["B5"], "typed by hand") || strings.Count(notes["B5"], "[provision]") != 1 || notes["F4"] != "which wing?" || !strings.HasPrefix(notes["G7"], "Please mend: ") {
		t.Errorf("notes %q", notes)
	}
}

// TestAnnotateTakesMarksBack mends the workbook: nothing of the marks is left.
func TestAnnotateTakesMarksBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, marked, mended, to := filepath.Join(dir, "in.xlsx"), filepath.Join(dir, "marked.xlsx"), filepath.Join(dir, "mended.xlsx"), filepath.Join(dir, "to.xlsx")
	richWorkbook(t, from)
	annotate(t, from, marked)
	f := open(t, marked) // another program, which writes all parts anew
	for cell, v := range map[string]any{"B5": "102", "C5": "00:0b:82:12:34:57", "E5": "bob@example.com", "G7": nil} {
		if err := f.SetCellValue("It's you & me", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(mended); err != nil {
		t.Fatal(err)
	}
	if d := annotate(t, mended, to); len(d.Errors) != 0 {
		t.Fatalf("errors are left: %v", d.Errors)
	}
	in, out := open(t, from), open(t, to)
	for _, cell := range []string{"B5", "C5", "E5"} {
		was, is := style(t, in, "It's you & me", cell), style(t, out, "It's you & me", cell)
		if diff := cmp.Diff(was, is, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("style of %s (-before +after):\n%s", cell, diff)
		}
	}
	if diff := cmp.Diff(map[string]string{"B5": "typed by hand", "F4": "which wing?"}, notesOf(t, to), cmpopts.IgnoreMapEntries(func(cell, _ string) bool { return cell == "B7" || cell == "F3" })); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func notesOf(t *testing.T, path string) map[string]string {
	t.Helper()
	comments, err := open(t, path).GetComments("It's you & me")
	if err != nil {
		t.Fatal(err)
	}
	notes := map[string]string{}
	for _, c := range comments {
		text := ""
		if len(c.Paragraph) == 0 {
			text = c.Text
		}
		for _, p := range c.Paragraph {
			text += p.Text
		}
		notes[c.Cell] = strings.TrimPrefix(text, "Ada:\n")
	}
	return notes
}

func problems(d plan.Desired) []string {
	var all []string
	for _, p := range append(slices.Clone(d.Errors), d.Warnings...) {
		all = append(all, p.String())
	}
	return all
}

// TestAnnotateCSV makes a workbook of a CSV file whose rows are more lines than one.
func TestAnnotateCSV(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "moves.csv"), filepath.Join(dir, "moves.xlsx")
	text := "Moves of May;;\n\nextension;notes;email\n101;\"two\nlines\";bad one\n=1+1;+x;c@example.com\n"
	if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d := annotate(t, from, to)
	again, _, err := sheet.Read(t.Context(), []string{to}, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range again.Errors {
		got = append(got, p.Cell.String()+" "+p.Value)
	}
	if diff := cmp.Diff([]string{"moves.xlsx!moves!C4 bad one", "moves.xlsx!moves!A6 =1+1"}, got); diff != "" || len(d.Errors) != 2 {
		t.Errorf("errors of the workbook (-want +got):\n%s", diff)
	}
	f := open(t, to)
	links := 0
	for _, cell := range []string{"A4", "A5"} {
		if ok, target, err := f.GetCellHyperLink("provision problems", cell); err == nil && ok && (target == "'moves'!C4" || target == "'moves'!A6") {
			links++
		}
	}
	if formula, err := f.GetCellFormula("moves", "A6"); links != 2 || formula != "" || err != nil {
		t.Errorf("%d links, want 2; formula %q, %v", links, formula, err)
	}
}

// A CSV file becomes a workbook as it is read: by the delimiter of its header, with the values that its reader takes.
func TestAnnotateOddCSV(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"delimiter of the header": "a,b,c,d\na,b,c,d\nFrom: x\next:email\n101:bad one\n",
		"space before quotes":     "ext,email,device_name\n101, \"bad, one\", \"Desk, 1\"\n102,b@x.co,\"a\nb\"\n103,no,x\n",
		"more than columns":       "ext,email,device_name\n101,b@x.co,Desk, HQ\n102,b@x.co,Room\n103,c@x.co,Door,,far\n",
		"quotes within":           "ext,email,device_name\n101,bad,6\" tall\n102,\"no\",\"7\"\" tall\"\n",
		"title with a quote":      "Phones of \"May\" 2026,,\n\"Moves\" of May,,\n\next,email,device_name\n101,bad,x\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			from, to := filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.xlsx")
			if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			d := annotate(t, from, to)
			again, _, err := sheet.Read(t.Context(), []string{to}, sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			where := func(d plan.Desired) (all []string) {
				for _, p := range d.Errors {
					all = append(all, fmt.Sprint(p.Cell.Row(), p.Cell.Column(), p.Value))
				}
				for i := range d.Rows {
					all = append(all, fmt.Sprint(d.Rows[i].At.Row(), d.Rows[i].Extension.Text, d.Rows[i].DeviceName.Text))
				}
				return all
			}
			if diff := cmp.Diff(where(d), where(again)); diff != "" || len(d.Errors) == 0 {
				t.Errorf("the workbook (-file +workbook):\n%s", diff)
			}
		})
	}
}
