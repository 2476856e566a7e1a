package sheet_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/plan/sheet"
)

// TestResultsStandBesideTheRows gives a workbook columns: it reads as before, and no other part is touched.
func TestResultsStandBesideTheRows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "in.xlsx"), filepath.Join(dir, "out.xlsx")
	richWorkbook(t, from)
	before, _, err := sheet.Read(t.Context(), []string{from}, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	results := []sheet.Result{{Sheet: "It's you & me", Row: 4, Cells: []string{"applied", "=1+1"}}, {Sheet: "It's you & me", Row: 7, Cells: []string{"failed", "why <&>"}, Bad: true}}
	var buf bytes.Buffer
	if err := sheet.WriteResults(t.Context(), &buf, from, sheet.Options{}, []string{"provision status", "provision message"}, results); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var changed []string
	old := partsOf(t, from)
	for name, content := range partsOf(t, to) {
		if old[name] != content {
			changed = append(changed, name)
		}
	}
	if diff := cmp.Diff(map[string]bool{"xl/worksheets/sheet1.xml": true, "xl/styles.xml": true}, set(changed)); diff != "" {
		t.Errorf("changed parts (-want +got):\n%s", diff)
	}
	f := open(t, to)
	for cell, want := range map[string]string{"H3": "provision status", "I3": "provision message", "H4": "applied", "I4": "=1+1", "I7": "why <&>", "H5": ""} {
		got, err := f.GetCellValue("It's you & me", cell)
		formula, err2 := f.GetCellFormula("It's you & me", cell)
		if got != want || formula != "" || err != nil || err2 != nil {
			t.Errorf("%s is %q with formula %q, want %q (%v, %v)", cell, got, formula, want, err, err2)
		}
	}
	after, _, err := sheet.Read(t.Context(), []string{to}, sheet.Options{})
	if err != nil || len(after.Rows) != len(before.Rows) || len(after.Errors) != len(before.Errors) {
		t.Errorf("read %d rows with %d errors, want %d with %d (%v)", len(after.Rows), len(after.Errors), len(before.Rows), len(before.Errors), err)
	}
}

func set(names []string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}
