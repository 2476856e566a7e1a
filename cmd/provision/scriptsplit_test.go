package main

import (
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"provision/executor/report"
	"provision/plan"
)

// cmdFlat makes a CSV file of a workbook's first sheet: flat OUT IN.
func cmdFlat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: flat out in")
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for _, row := range tableOf(ts, ts.MkAbs(args[1])) {
		if len(row) > 0 {
			ts.Check(w.Write(row))
		}
	}
	w.Flush()
	ts.Check(w.Error())
	ts.Check(writePrivate(ts.MkAbs(args[0]), []byte(b.String())))
}

// tableOf reads a CSV file or a workbook's first sheet.
func tableOf(ts *testscript.TestScript, path string) [][]string {
	if strings.HasSuffix(path, ".csv") {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(ts.ReadFile(path), "\ufeff")))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		ts.Check(err)
		return rows
	}
	f, err := excelize.OpenFile(path)
	ts.Check(err)
	defer f.Close() //nolint:errcheck // nothing is written
	rows, err := f.GetRows(f.GetSheetName(0))
	ts.Check(err)
	return rows
}

// reported is one row of a run's report.
type reported struct {
	cells  []string
	status string
	parts  []string // that hold it
}

// cmdParted holds a run's parts against its report: parted RUN FOLDER PART... Each row of a part is a row of the
// sheet and says what became of it, each row of the sheet is in one part at most, those that are in none are done, and
// the parts that are named, no other, are there.
func cmdParted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: parted run folder part...")
	}
	rows := reportedRows(ts, filepath.Join(ts.MkAbs(args[0]), "report.csv"))
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[1]), "*"))
	ts.Check(err)
	var names []string
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		names = append(names, name)
		table := tableOf(ts, file)
		says := slices.Index(table[0], plan.ReasonColumn)
		for _, row := range table[1:] {
			r := find(rows, row[:says])
			if r == nil {
				ts.Fatalf("%s: %q is no row of the sheet, or stands in two places", file, row)
			}
			r.parts = append(r.parts, name)
			if !strings.HasPrefix(row[says], r.status) {
				ts.Fatalf("%s: %q is %s", file, row, r.status)
			}
		}
	}
	want := slices.Sorted(slices.Values(args[2:]))
	if !slices.Equal(names, want) {
		ts.Fatalf("parts are %q, want %q", names, want)
	}
	for _, r := range rows {
		belongs := map[string][]string{"ambiguous": {report.PartUnknown}, "invalid": {report.PartUnknown, report.PartFixMe}, "address_invalid": {report.PartUnknown, report.PartFixMe}}
		done := slices.Contains([]string{"applied", "no_op", "ignored", "address_pending"}, r.status)
		if allowed := belongs[r.status]; !done && (len(r.parts) != 1 || allowed != nil && !slices.Contains(allowed, r.parts[0])) {
			ts.Fatalf("%q is %s, and in the parts %q", r.cells, r.status, r.parts)
		}
	}
}

// reportedRows reads the operator's own columns and the status from a report.
func reportedRows(ts *testscript.TestScript, path string) []*reported {
	table := tableOf(ts, path)
	own, status := slices.Index(table[0], "source"), slices.Index(table[0], "status")
	if own < 0 || status < 0 {
		ts.Fatalf("%s has the columns %q", path, table[0])
	}
	var rows []*reported
	for _, row := range table[1:] {
		rows = append(rows, &reported{cells: row[:own], status: row[status]})
	}
	return rows
}

// find is the first row that no part holds yet and whose cells these are. A cell whose value is lost says so.
func find(rows []*reported, cells []string) *reported {
	for _, r := range rows {
		same := len(r.parts) == 0 && len(r.cells) == len(cells)
		for i := range cells {
			if !same {
				break
			}
			same = cells[i] == "#VALUE!" || strings.TrimPrefix(cells[i], "'") == strings.TrimPrefix(r.cells[i], "'")
		}
		if same {
			return r
		}
	}
	return nil
}
