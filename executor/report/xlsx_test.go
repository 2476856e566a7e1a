package report_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

func openReport(t *testing.T, r *report.Report) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(written(t, func(w io.Writer) error { return r.WriteXLSX(w, t.TempDir()) })))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func TestWriteXLSX(t *testing.T) {
	t.Parallel()
	r := sampleReport()
	f := openReport(t, r)
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "Attention" || got[1] != "Rows" {
		t.Fatalf("got sheets %q", got)
	}
	rows, err := f.GetRows("Rows")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(r.Lines)+1 {
		t.Fatalf("got %d rows, want %d", len(rows), len(r.Lines)+1)
	}
	for i := range r.Lines {
		want := r.Record(&r.Lines[i])
		for j, w := range want {
			got := ""
			if j < len(rows[i+1]) {
				got = rows[i+1][j]
			}
			if got != strings.ReplaceAll(w, "\x1b", "\ufffd") {
				t.Errorf("row %d column %d: got %q, want %q", i+2, j+1, got, w)
			}
		}
	}
	panes, err := f.GetPanes("Rows")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("got panes %+v and error %v, want the header frozen", panes, err)
	}
	names := f.GetDefinedName()
	if len(names) != 1 || !strings.HasSuffix(names[0].RefersTo, "$U$11") {
		t.Errorf("got names %+v, want a filter over all rows", names)
	}
	first, err := f.GetRows("Attention")
	if err != nil {
		t.Fatal(err)
	}
	if len(first) == 0 || first[0][0] != "Emergency addresses that are not confirmed: 3" {
		t.Errorf("got %q, want the sheet to open with the addresses", first)
	}
}

func TestWriteXLSXHasNoFormulas(t *testing.T) {
	t.Parallel()
	evil := []string{"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "00042", "1.5E10", "_x0041_", "<b>&"}
	p := &plan.Plan{Sheets: []plan.SheetInfo{{File: "=evil.csv", Header: evil}}}
	p.Rows = []plan.RowResult{{At: plan.RowCell("=evil.csv", "", 2), Raw: evil, Status: plan.RowChanged, Changes: []string{"c"}, On: &plan.Extension{Name: "=x"}, Phone: &plan.RowPhone{Number: "+16505550101"}}}
	p.Changes = []plan.Change{{ID: "c", Kind: plan.KindUpdate, Rows: []int{0}}}
	st := journal.State{Outcomes: map[string]journal.Outcome{"c": {Status: journal.AddressInvalid, Code: "=c", Message: "=HYPERLINK(1)"}}}
	f := openReport(t, report.Build(p, st, report.Options{Run: "=run"}))
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, value := range row {
				name, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula(sheet, name); err != nil || formula != "" {
					t.Errorf("%s!%s: got formula %q and error %v", sheet, name, formula, err)
				}
				kind, err := f.GetCellType(sheet, name)
				if err != nil {
					t.Fatal(err)
				}
				number := sheet == "Rows" && rows[0][j] == "attempts" && i > 0
				if value != "" && !number && kind != excelize.CellTypeInlineString {
					t.Errorf("%s!%s: got cell type %d for %q, want a string", sheet, name, kind, value)
				}
			}
		}
	}
	got, err := f.GetRows("Rows")
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range evil {
		if got[1][j] != want {
			t.Errorf("column %d: got %q, want %q", j+1, got[1][j], want)
		}
	}
}
