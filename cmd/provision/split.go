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

// writeSplit writes what is left of a run as sheets: CSV (UTF-8, with commas)
// where all sheets were CSV, else workbooks. Parts that are there may have been
// mended: they stay, but with --force, and then all of them go, as one of them
// would be taken for what is left. Of a run that can be gone on with nothing is
// left to be planned anew.
func (a *app) writeSplit(o reportOptions, r runFolder, p *plan.Plan, rep *report.Report) error {
	dir := o.split
	if rep.Changes[report.Pending] > 0 && !rep.Closed {
		return refusedf(fmt.Sprintf("go on with \"provision resume %[1]s\", or close it with \"provision abandon %[1]s\", then split", r.id),
			"the run has %s to be carried out yet, and its rows would be done twice", count(rep.Changes[report.Pending], "change"))
	}
	if err := makeFolder("--split", dir); err != nil {
		return err
	}
	if err := refuseExisting(o.force, partPaths(dir)...); err != nil {
		return err
	}
	for _, path := range partPaths(dir) {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("split report: %w", err)
		}
	}
	format := splitFormat(p)
	parts := report.Split(p, rep, sheet.ColumnOf)
	for _, part := range parts {
		var buf bytes.Buffer
		if err := sheet.WriteSheet(&buf, format, part.Header, part.Rows); err != nil {
			return err
		}
		path := partPath(dir, part.Name, format)
		if err := writePrivate(path, buf.Bytes()); err != nil {
			return fmt.Errorf("split report: %w", err)
		}
		a.say(fmt.Sprintf("%s: %s", path, count(len(part.Rows), "row")))
	}
	if len(parts) == 0 {
		a.say("nothing is left to be split")
	}
	return nil
}

// splitFormat is the format of a run's parts: that of its sheets.
func splitFormat(p *plan.Plan) string {
	for _, s := range p.Sheets {
		if s.Sheet != "" {
			return sheet.FormatXLSX
		}
	}
	return sheet.FormatCSV
}

// partPaths are all files that --split may write.
func partPaths(dir string) []string {
	var paths []string
	for _, name := range []string{report.PartRetry, report.PartFixMe, report.PartUnknown} {
		paths = append(paths, partPath(dir, name, sheet.FormatXLSX), partPath(dir, name, sheet.FormatCSV))
	}
	return paths
}

func partPath(dir, name, format string) string { return filepath.Join(dir, name+"."+format) }

// makeFolder makes the folder that a flag names. A file's name in its place is
// a mistake.
func makeFolder(flag, dir string) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return usagef("%s %s is a file: name a folder", flag, dir)
	} else if err != nil {
		switch ext := strings.ToLower(filepath.Ext(dir)); ext {
		case ".csv", ".xlsx", ".xlsm", ".json", ".txt":
			return usagef("%s %s: name a folder, not a file; several files are written into it", flag, dir)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	return nil
}

// resultColumns are what a sheet with results gets; none is a name of ours.
var resultColumns = []string{"provision status", "provision message", "provision device", "provision number", "provision address status"}

// writeResults writes the run's copies of the sheets with columns of results.
func (a *app) writeResults(ctx context.Context, o reportOptions, r runFolder, p *plan.Plan, rep *report.Report) error {
	dir := o.results
	if err := makeFolder("--results", dir); err != nil {
		return err
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
		to := filepath.Join(dir, strings.TrimSuffix(filepath.Base(from), filepath.Ext(from))+"-results"+bookEnding(from))
		if err := refuseExisting(o.force, to); err != nil {
			return err
		}
		if err := writePrivate(to, buf.Bytes()); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
		a.say("results: " + to)
	}
	return nil
}
