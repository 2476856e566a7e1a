package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"provision/cmd/provision/scratch"
	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/handout"
	"provision/executor/report/redact"
	"provision/executor/report/result"
	"provision/executor/report/table"
	"provision/plan"
)

// resultFiles are the files that tell what became of a run.
type resultFiles struct {
	run    runFolder
	plan   *plan.Plan
	state  journal.State
	report *report.Report
	tokens *redact.Tokens // not nil: the redacted twins
}

// result is the run's result, redacted where tokens are given.
func (f resultFiles) result() *result.Result {
	return result.Build(f.plan, f.state, f.report, result.Options{Tokens: f.tokens})
}

// forms are the forms of a run's report, by the ending of a file's name.
func (f resultFiles) forms(tmp string) map[string]func(io.Writer) error {
	res, rep := f.result(), f.report.Redacted(f.tokens)
	return map[string]func(io.Writer) error{
		".csv":  rep.WriteCSV,
		".xlsx": func(w io.Writer) error { return rep.WriteXLSX(w, tmp, res.Tables()...) },
		".json": rep.WriteJSON,
		".html": res.WriteHTML,
	}
}

// scratch makes a folder in the run's for what does not fit into memory, and
// takes away those that killed processes left there.
func (r runFolder) scratch() (*scratch.Folder, error) {
	scratch.SweepIn(r.dir)
	return scratch.NewIn(r.dir)
}

// writeReports writes the report in all its forms into the run's folder.
func (a *app) writeReports(f resultFiles) error {
	tmp, err := f.run.scratch()
	if err != nil {
		return fmt.Errorf("write reports: %w", err)
	}
	forms := f.forms(tmp.Path)
	var errs []error
	for _, form := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{reportCSV, forms[".csv"]}, {reportXLSX, forms[".xlsx"]}, {reportJSON, forms[".json"]},
		{reportHTML, forms[".html"]}, {resultJSON, f.result().WriteJSON},
	} {
		errs = append(errs, writeForm(f.run.file(form.name), form.write))
	}
	errs = append(errs, tmp.Remove())
	if err := errors.Join(errs...); err != nil {
		return err
	}
	a.say("report: " + f.run.file(reportXLSX))
	return nil
}

// writeForm writes one file, all of it or nothing, for its owner only.
func writeForm(path string, write func(io.Writer) error) error {
	var buf bytes.Buffer
	err := write(&buf)
	if err == nil {
		err = writePrivate(path, buf.Bytes())
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// writeAs writes one form into a file that was asked for; what is written is
// told by the file's ending.
func (a *app) writeAs(path, what string, force bool, forms map[string]func(io.Writer) error) error {
	write := forms[strings.ToLower(filepath.Ext(path))]
	if write == nil {
		return usagef("%s: the ending tells the form: %s", path, endings(forms))
	}
	if err := refuseExisting(force, path); err != nil {
		return err
	}
	if err := writeForm(path, write); err != nil {
		return err
	}
	a.say(what + ": " + path)
	return nil
}

// endings lists the forms' endings for people.
func endings(forms map[string]func(io.Writer) error) string {
	var list []string
	for _, e := range []string{".html", ".xlsx", ".csv", ".json"} {
		if forms[e] != nil {
			list = append(list, e)
		}
	}
	return strings.Join(list, ", ")
}

// handout makes the forms of a hand-out.
func (f resultFiles) handout(kind handout.Kind, tmp string) (map[string]func(io.Writer) error, error) {
	t, err := handout.Make(kind, handout.Run{Plan: f.plan, State: f.state, Report: f.report}, f.tokens)
	if err != nil {
		return nil, err
	}
	return tableForms(t, tmp), nil
}

func tableForms(t *table.Table, tmp string) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		".csv":  t.WriteCSV,
		".xlsx": func(w io.Writer) error { return t.WriteXLSX(w, tmp) },
		".html": t.WriteHTML,
	}
}

// tokensOf makes the tokens of a run with its key, which is made on first use
// and kept in its folder.
func tokensOf(r runFolder) (*redact.Tokens, error) {
	path := r.file(redactKey)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		key, err := redact.NewKey(rand.Reader)
		if err == nil {
			err = writePrivate(path, key.Encode())
		}
		if err != nil {
			return nil, fmt.Errorf("make the run's redaction key: %w", err)
		}
		return redact.New(key), nil
	case err != nil:
		return nil, fmt.Errorf("read the run's redaction key: %w", err)
	}
	key, err := redact.ParseKey(data)
	if err != nil {
		return nil, withHint(fmt.Errorf("read %s: %w", path, err), "delete the file to get a new key; documents made before keep other tokens")
	}
	return redact.New(key), nil
}

func (a *app) writeReportText(w io.Writer, rep *report.Report) error {
	return rep.WriteText(w, widthOf(w), a.color() && isTerminal(w))
}
