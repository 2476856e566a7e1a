package sheet_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"provision/plan"
	"provision/plan/sheet"
)

// TestTemplateOffersTheAccount has names that make long lists, that look like formulas, and that several objects have. What is
// picked from a list is read as it was meant.
func TestTemplateOffersTheAccount(t *testing.T) {
	t.Parallel()
	s := plan.Snapshot{
		Account: plan.Account{ERLRegime: true}, TakenAt: exportTime, DevicesComplete: true, LocationsRead: true,
		Sites:       []plan.Site{{ID: "main-site", Name: "Main Site"}, {ID: "71", Name: "Twin"}, {ID: "72", Name: "twin"}},
		CostCenters: []plan.CostCenter{{ID: "9", Name: "=SUM(1)"}},
		Extensions: []plan.Extension{
			{ID: "1", Number: "0101", Type: "User", Status: "Enabled"}, {ID: "2", Number: "99", Type: "Limited", Status: "Enabled"},
			{ID: "3", Number: "103", Type: "User", Status: "Frozen"}, {ID: "4", Number: "104", Type: "Department", Status: "Enabled"},
		},
		Locations: []plan.Location{{ID: "501", Name: "Gone", AddressStatus: "Invalid"}, {ID: "502", Name: "a,b \"c\"", AddressStatus: "Valid"}},
	}
	for i := range 400 {
		s.Locations = append(s.Locations, plan.Location{ID: plan.LocationID(fmt.Sprint(1000 + i)), Name: fmt.Sprintf("Floor %03d of a house with a long name", i), AddressStatus: "Valid"})
	}
	path := filepath.Join(t.TempDir(), "t.xlsx")
	var buf bytes.Buffer
	if err := sheet.WriteTemplate(&buf, sheet.FormatXLSX, sheet.ListsOf(&s)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, path)
	offers := offersOf(t, f)
	for column, want := range map[string][]string{
		"action": {"add", "update", "swap", "remove", "stock", "unstock", "ignore"}, "device_type": {"OtherPhone", "WebRTC"}, "toll_type": {"Toll", "TollFree"},
		"keep_assets": {"yes", "number", "no"}, "common_phone": {"yes", "no"}, "replace_with": {"inventory", "new"},
		"extension": {"99", "0101"}, "site": {"71", "72", "Main Site"}, "cost_center": {"=SUM(1)"},
	} {
		if diff := cmp.Diff(want, offers[column]); diff != "" {
			t.Errorf("%s (-want +offered):\n%s", column, diff)
		}
	}
	if erls := offers["emergency_location"]; len(erls) != 401 || !slices.Contains(erls, `a,b "c"`) || slices.Contains(erls, "Gone") {
		t.Errorf("%d locations are offered: %q", len(erls), erls)
	}
	if got := sheet.TemplateOf(path); got != fmt.Sprint(sheet.TemplateVersion) {
		t.Errorf("version %q", got)
	}
	for _, name := range []string{"Phones", "Examples"} {
		if v, err := f.GetSheetVisible(name); err != nil || !v {
			t.Errorf("sheet %s is hidden (%v)", name, err)
		}
	}
	if v, err := f.GetSheetVisible("Lists"); err != nil || v {
		t.Errorf("the lists are to be seen (%v)", err)
	}
	fillAndRead(t, f, path, offers)
}

// offersOf are the entries of the dropdowns by column.
func offersOf(t *testing.T, f *excelize.File) map[string][]string {
	t.Helper()
	rules, err := f.GetDataValidations("Phones")
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string][]string{}
	columns, err := f.GetCols("Lists")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range f.GetDefinedName() {
		if strings.HasPrefix(n.Name, "provision_") && strings.HasPrefix(n.RefersTo, "Lists!") {
			var col, col2 string
			var from, to int
			if _, err := fmt.Sscanf(strings.NewReplacer("$", " ", ":", " ", "!", " ").Replace(n.RefersTo), "Lists %s %d %s %d", &col, &from, &col2, &to); err != nil {
				t.Fatalf("name %s refers to %s: %v", n.Name, n.RefersTo, err)
			}
			i, err := excelize.ColumnNameToNumber(col)
			if err != nil {
				t.Fatal(err)
			}
			lists[n.Name] = columns[i-1][from-1 : to]
		}
	}
	offers := map[string][]string{}
	for _, r := range rules {
		col, _, _ := strings.Cut(r.Sqref, "2:")
		header, err := f.GetCellValue("Phones", col+"1")
		if err != nil {
			t.Fatal(err)
		}
		if list, ok := lists[r.Formula1]; ok {
			offers[header] = list
			continue
		}
		offers[header] = strings.Split(strings.Trim(r.Formula1, `"`), ",")
	}
	return offers
}

// fillAndRead fills the blank sheet in and reads it: only that sheet counts.
func fillAndRead(t *testing.T, f *excelize.File, path string, offers map[string][]string) {
	t.Helper()
	for column, list := range offers {
		for i, h := range sheet.Columns() {
			if h.Name == column {
				cell, _ := excelize.CoordinatesToCellName(i+1, 2)
				if err := f.SetCellStr("Phones", cell, list[0]); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	d, _, err := sheet.Read(t.Context(), []string{path}, sheet.Options{})
	if err != nil || len(d.Rows) != 1 || len(d.Errors)+len(d.Warnings) > 0 {
		t.Fatalf("%d rows, %v %v %v", len(d.Rows), err, d.Errors, d.Warnings)
	}
	if r := d.Rows[0]; r.Extension.Text != "99" || r.CostCenter.Text != "=SUM(1)" || r.KeepAssets != plan.KeepAll {
		t.Errorf("read %+v", r)
	}
}
