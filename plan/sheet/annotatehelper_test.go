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
