package sheet_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/plan"
	"provision/plan/sheet"
)

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
