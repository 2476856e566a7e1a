package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"provision/executor/report"
	"provision/plan"
	"provision/plan/sheet"
)

// writeSplit writes what is left of a run as sheets. Parts of an earlier time
// that are empty now are removed: they would be taken for what is left.
func (a *app) writeSplit(dir string, p *plan.Plan, rep *report.Report) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("split report: %w", err)
	}
	for _, name := range []string{report.PartRetry, report.PartFixMe, report.PartUnknown} {
		if err := os.Remove(partPath(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("split report: %w", err)
		}
	}
	parts := report.Split(p, rep, sheet.ColumnOf)
	for _, part := range parts {
		var buf bytes.Buffer
		if err := sheet.WriteSheet(&buf, sheet.FormatXLSX, part.Header, part.Rows); err != nil {
			return err
		}
		if err := writePrivate(partPath(dir, part.Name), buf.Bytes()); err != nil {
			return fmt.Errorf("split report: %w", err)
		}
		a.say(fmt.Sprintf("%s: %s", partPath(dir, part.Name), count(len(part.Rows), "row")))
	}
	if len(parts) == 0 {
		a.say("nothing is left to be split")
	}
	return nil
}

func partPath(dir, name string) string { return filepath.Join(dir, name+".xlsx") }

// resultColumns are what a sheet with results gets; none is a name of ours.
var resultColumns = []string{"provision status", "provision message", "provision device", "provision number", "provision address status"}

// writeResults writes the run's copies of the sheets with columns of results.
func (a *app) writeResults(ctx context.Context, dir string, r runFolder, p *plan.Plan, rep *report.Report) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	for _, file := range keptSheets(p) {
		from := filepath.Join(r.dir, sourcesDir, filepath.Base(file.Path))
		if other := filepath.Join(r.dir, sourcesDir, file.SHA256[:8]+"-"+filepath.Base(file.Path)); fileExists(other) {
			from = other
		}
		var results []sheet.Result
		for i := range rep.Lines {
			l := &rep.Lines[i]
			if l.Sheet < 0 || l.Sheet >= len(p.Sheets) || p.Sheets[l.Sheet].Path != file.Path {
				continue
			}
			results = append(results, sheet.Result{Sheet: p.Sheets[l.Sheet].Sheet, Row: p.Rows[i].At.Row(), Cells: []string{string(l.Status), l.Message, l.DeviceID, l.Number, l.Emergency}, Bad: !l.Status.Good()})
		}
		var buf bytes.Buffer
		if err := sheet.WriteResults(ctx, &buf, from, sheet.Options{}, resultColumns, results); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
		ext := filepath.Ext(from)
		if !strings.HasPrefix(strings.ToLower(ext), ".xls") {
			ext = ".xlsx"
		}
		to := filepath.Join(dir, strings.TrimSuffix(filepath.Base(from), filepath.Ext(from))+"-results"+ext)
		if err := writePrivate(to, buf.Bytes()); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
		a.say("results: " + to)
	}
	return nil
}
