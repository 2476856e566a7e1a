package sheet

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"provision/templates"
)

// TestExamplesAreKnown: the examples of today's template are told as such. Who
// changes them adds their sum and keeps the old ones.
func TestExamplesAreKnown(t *testing.T) {
	t.Parallel()
	columns, err := templates.Columns()
	must(t, err)
	names, err := templates.ExampleNames()
	must(t, err)
	if got, want := sumOfRows(exampleTable(columns, names)), exampleSums[len(exampleSums)-1]; got != want {
		t.Errorf("the sum of the examples is %s, not %s", got, want)
	}
}

// TestExamplesOfTemplate fills a template in, in every way that people do, and
// reads it. Only the unchanged examples are left out, and that is told.
func TestExamplesOfTemplate(t *testing.T) {
	t.Parallel()
	set := func(f *excelize.File, sheet, cell, text string) { must(t, f.SetCellStr(sheet, cell, text)) }
	for name, c := range map[string]struct {
		change func(f *excelize.File)
		opts   Options
		rows   int
		want   string // of the error
	}{
		"filled in":  {func(f *excelize.File) { set(f, "Phones", "B2", "101") }, Options{}, 1, ""},
		"all sheets": {func(f *excelize.File) { set(f, "Phones", "B2", "101") }, Options{Sheets: []string{"*"}}, 1, ""},
		"renamed":    {func(f *excelize.File) { set(f, "Phones", "B2", "101"); must(t, f.SetSheetName("Examples", "Muster")) }, Options{}, 1, ""},
		"formatted": {func(f *excelize.File) {
			set(f, "Phones", "B2", "101")
			must(t, f.SetColWidth("Examples", "A", "D", 40))
		}, Options{}, 1, ""},
		"asked for":         {func(*excelize.File) {}, Options{Sheets: []string{"Examples"}}, 7, ""},
		"nothing filled in": {func(*excelize.File) {}, Options{}, 0, "no row below the header"},
		"only the examples": {func(f *excelize.File) { must(t, f.DeleteSheet("Phones")) }, Options{}, 0, "the template's examples only"},
		"own rows there":    {func(f *excelize.File) { set(f, "Examples", "C9", "107") }, Options{}, 0, "something in it was changed"},
		"own rows, all":     {func(f *excelize.File) { set(f, "Examples", "C9", "107") }, Options{Sheets: []string{"*"}}, 0, "something in it was changed"},
		"an example filled": {func(f *excelize.File) { set(f, "Examples", "C2", "2001") }, Options{}, 0, "something in it was changed"},
		"a far away cell":   {func(f *excelize.File) { set(f, "Examples", "C900", "2001") }, Options{}, 0, "something in it was changed"},
		"mark lost": {func(f *excelize.File) {
			set(f, "Examples", "C2", "2001")
			must(t, f.DeleteDefinedName(&excelize.DefinedName{Name: examplesName}))
		}, Options{}, 0, "several sheets have our header"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var buf bytes.Buffer
			must(t, WriteTemplate(&buf, FormatXLSX, Lists{}))
			f, err := excelize.OpenReader(&buf)
			must(t, err)
			c.change(f)
			path := filepath.Join(t.TempDir(), "t.xlsx")
			must(t, f.SaveAs(path))
			must(t, f.Close())
			checkExamples(t, path, c.opts, c.rows, c.want)
		})
	}
}

func checkExamples(t *testing.T, path string, opts Options, rows int, want string) {
	t.Helper()
	d, found, err := Read(t.Context(), []string{path}, opts)
	if want != "" {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		return
	}
	must(t, err)
	if len(d.Rows) != rows {
		t.Errorf("got %d rows, want %d", len(d.Rows), rows)
	}
	if told := strings.Contains(strings.Join(found[0].Skipped, "\n"), "the template's examples, unchanged"); told != (rows == 1) {
		t.Errorf("told of the examples: %v: %q", told, found[0].Skipped)
	}
}

// TestExamplesAfterAnotherProgram reads templates that other programs saved.
func TestExamplesAfterAnotherProgram(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/saved-by-*.xlsx")
	must(t, err)
	if len(paths) == 0 {
		t.Fatal("there is no workbook to read")
	}
	for _, path := range paths {
		_, err := os.Stat(path)
		must(t, err)
		checkExamples(t, path, Options{}, 1, "")
	}
}
