package plan_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"provision/plan"
	"provision/plan/sheet"
)

// BenchmarkReadAndPlan reads rows from a workbook and plans them, in turns. Its
// metrics are the processor time of each, the collector's included, and
// planning's share of the reading.
func BenchmarkReadAndPlan(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) { benchReadAndPlan(b, n) })
	}
}

func benchReadAndPlan(b *testing.B, n int) {
	path := filepath.Join(b.TempDir(), "rows.xlsx")
	account, want := setUp(b, path, n)
	var reading, planning time.Duration
	for b.Loop() {
		runtime.GC()
		start := plan.ProcessorTime(b)
		desired, _, err := sheet.Read(b.Context(), []string{path}, sheet.Options{})
		reading += plan.ProcessorTime(b) - start
		if err != nil || len(desired.Rows) != n {
			b.Fatalf("read %d rows, error %v, want %d", len(desired.Rows), err, n)
		}
		runtime.GC()
		start = plan.ProcessorTime(b)
		got := planned(b, desired, account)
		planning += plan.ProcessorTime(b) - start
		if got != want {
			b.Fatalf("planned %d changes from the sheet, want %d", got, want)
		}
	}
	per := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(b.N) / float64(n) }
	b.ReportMetric(per(reading), "read-ns/row")
	b.ReportMetric(per(planning), "plan-ns/row")
	b.ReportMetric(float64(planning)/float64(reading), "plan/read")
}

// setUp writes n rows to a workbook; it returns the account that they are for
// and the number of changes that they come to. It keeps no row.
func setUp(b *testing.B, path string, n int) (plan.Snapshot, int) {
	b.Helper()
	rows, account := plan.BenchInput(n)
	if err := writeRows(path, rows, account); err != nil {
		b.Fatal(err)
	}
	return account, planned(b, rows, account)
}

// planned is the number of changes that the rows come to.
func planned(b *testing.B, d plan.Desired, s plan.Snapshot) int {
	b.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command line plans
	p, err := plan.Build(d, s, plan.Options{Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Guards: plan.Guards{Off: true}})
	if err != nil || len(p.Errors) > 0 {
		b.Fatal(err, p.Errors[:min(3, len(p.Errors))])
	}
	return len(p.Changes)
}

// writeRows writes the rows as people fill a sheet: whom they are for is told
// in words too, and a row that names an emergency location has its address.
func writeRows(path string, d plan.Desired, s plan.Snapshot) error {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	header := []any{"action", "extension", "email", "user_name", "site", "device_id", "device_name", "area_code", "emergency_location",
		"street", "city", "state", "zip", "country", "replace_with", "notes"}
	if err := w.SetRow("A1", header); err != nil {
		return err
	}
	places := map[string]plan.Address{}
	for _, l := range s.Locations {
		places[l.Name] = l.Address
	}
	for i := range d.Rows {
		r, e := &d.Rows[i], &s.Extensions[i]
		a, with := places[r.Location.Text], ""
		if r.ReplaceWith.Form != plan.ReplaceNone {
			with = string(r.ReplaceWith.Form) + ":" + r.ReplaceWith.Arg
		}
		cells := []any{}
		for _, text := range []string{string(r.Action), r.Extension.Text, e.Email, e.Name, "main-site", r.DeviceID.Text, r.DeviceName.Text, r.AreaCode.Text, r.Location.Text,
			a.Street, a.City, a.State, a.Zip, a.Country, with, fmt.Sprintf("row %d of the list", i+1)} {
			if text == "" {
				cells = append(cells, nil)
				continue
			}
			cells = append(cells, text)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
			return err
		}
	}
	return errors.Join(w.Flush(), f.SaveAs(path), f.Close())
}
