package report_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"provision/executor/report"
)

func TestWritePlanMarkdown(t *testing.T) {
	t.Parallel()
	golden(t, "plan.md", written(t, func(w io.Writer) error { return report.WritePlanMarkdown(w, sampleReview()) }))
}

// The workbook's sheets as text: its bytes hold more than what is in the cells.
func TestWritePlanXLSX(t *testing.T) {
	t.Parallel()
	data := written(t, func(w io.Writer) error { return report.WritePlanXLSX(w, sampleReview(), t.TempDir()) })
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== %s\n", name)
		for _, row := range rows {
			fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(strings.Join(row, " | "), "\n", " / "))
		}
	}
	golden(t, "plan.xlsx.txt", []byte(b.String()))
	if ok, target, err := f.GetCellHyperLink("Review", linkCell(t, f)); err != nil || !ok || !strings.HasPrefix(target, "'") {
		t.Errorf("the list of sheets has no link: %t, %q, %v", ok, target, err)
	}
}

// linkCell finds the first entry of the list of sheets.
func linkCell(t *testing.T, f *excelize.File) string {
	t.Helper()
	found, err := f.SearchSheet("Review", "Sheets of this workbook")
	if err != nil || len(found) != 1 {
		t.Fatalf("got %v and %v, want one list of sheets", found, err)
	}
	_, row, err := excelize.CellNameToCoordinates(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("A%d", row+1)
}
