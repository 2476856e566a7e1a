package sheet

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"provision/plan"
)

// The sheets of the samples with one of each error.
const (
	brokenCSV  = "../../samples/broken.csv"
	brokenXLSX = "../../samples/broken.xlsx"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads the sheets of testdata and compares what was detected, how
// the columns were mapped and every problem with the golden file beside each.
func TestGolden(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.csv")
	must(t, err)
	if len(paths) < 2 {
		t.Fatalf("got %d sheets in testdata", len(paths))
	}
	paths = append(paths, brokenCSV, brokenXLSX)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			opts := Options{}
			if filepath.Dir(path) == "testdata" {
				opts.Map = map[string]string{"Status": "-"}
			}
			desired, detected, err := Read(t.Context(), []string{path}, opts)
			must(t, err)
			for i := range desired.Sheets {
				desired.Sheets[i].Path = filepath.Base(path)
			}
			type problem struct{ Cell, Value, Code, Message string }
			list := func(problems []plan.Problem) []problem {
				out := []problem{}
				for _, p := range problems {
					out = append(out, problem{p.Cell.String(), p.Value, p.Code, p.Message})
				}
				return out
			}
			got, err := json.MarshalIndent(map[string]any{
				"detected": detected, "sheets": desired.Sheets, "errors": list(desired.Errors), "warnings": list(desired.Warnings),
			}, "", "  ")
			must(t, err)
			golden := filepath.Join("testdata", filepath.Base(path)+".golden")
			if *update {
				must(t, os.WriteFile(golden, append(got, '\n'), 0o600))
			}
			want, err := os.ReadFile(golden)
			must(t, err)
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Errorf("%s (-golden +got):\n%s", golden, diff)
			}
		})
	}
}

// TestErrorsNameTheVeryCell looks in the file for the value that an error is
// about, by other means than the reader's: it must stand in the cell that the
// error names.
func TestErrorsNameTheVeryCell(t *testing.T) {
	t.Parallel()
	for path, cellText := range map[string]func(string, plan.Cell) string{brokenCSV: csvCells(t, ';'), brokenXLSX: xlsxCells(t)} {
		d, _, err := Read(t.Context(), []string{path}, Options{})
		must(t, err)
		checked := 0
		for _, p := range d.Errors {
			if p.Value == "" {
				continue
			}
			checked++
			if got := strings.TrimSpace(cellText(path, p.Cell)); got != p.Value && numberText(got) != p.Value && p.Code != "date_cell" {
				t.Errorf("%s: the cell holds %q, the error is about %q", p.Cell, got, p.Value)
			}
		}
		if checked < 12 {
			t.Errorf("%s: got %d errors with a value, want one of each", path, checked)
		}
		for _, r := range d.Rows {
			if filepath.Ext(path) == ".csv" && !r.Invalid {
				t.Errorf("%s is valid, want all rows of this file wrong", r.At)
			}
		}
	}
}

// csvCells reads a value by the line on which it begins, as encoding/csv counts
// lines.
func csvCells(t *testing.T, comma rune) func(string, plan.Cell) string {
	t.Helper()
	return func(path string, cell plan.Cell) string {
		data, err := os.ReadFile(path)
		must(t, err)
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma, r.FieldsPerRecord = comma, -1
		for {
			record, err := r.Read()
			if err != nil {
				t.Errorf("%s: no such cell: %v", cell, err)
				return ""
			}
			if i := cell.Column() - 1; i < len(record) {
				if line, _ := r.FieldPos(i); line == cell.Row() {
					return record[i]
				}
			}
		}
	}
}

func xlsxCells(t *testing.T) func(string, plan.Cell) string {
	t.Helper()
	return func(path string, cell plan.Cell) string {
		f, err := excelize.OpenFile(path)
		must(t, err)
		defer f.Close() //nolint:errcheck // nothing is written
		text, err := f.GetCellValue(cell.Sheet(), cellName(cell.Column(), cell.Row()), excelize.Options{RawCellValue: true})
		must(t, err)
		return text
	}
}
