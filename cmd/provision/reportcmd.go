package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/executor/report"
	"provision/executor/report/handout"
)

type reportOptions struct {
	run     string
	json    bool
	split   string
	results string
	html    string
	out     string
	handout string
	redact  bool
	force   bool
}

func newReportCmd(a *app, run func(context.Context, *app, reportOptions) error) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "write a run's report anew and print it",
		Long: `report makes report.html, report.xlsx, report.csv, report.json and result.json in the
run's folder out of its plan and journal, and prints the summary. It asks the account
nothing. With -o or --html it writes one form into a file of your own too; the ending
tells which: .html, .xlsx, .csv, .json.

With --handout the file is a paper for somebody else: installer (per site and floor,
which phone goes and which comes; no addresses), auditor (per line, the emergency
address before and after, and when that was read), helpdesk (number and person of the
lines that changed). With --redact tokens stand for persons, numbers and places; the
same one in all documents of the run. The key to them stays in the run's folder.

With --split the rows that need attention are written as sheets for the next run:
retry (run it again as it is), fix-me (mend it first), unknown (it may or may not have
happened: look first), as CSV where all sheets were CSV, else as workbooks. Their last
column says why. A run that can be gone on with is not split. With --results the
sheets come back as they were, each as a workbook, with columns that say what became
of each row.` + exitHelp(exitOK, exitError, exitRefused),
		Example: `  provision report 20261124T160501Z
  provision report 20261124T160501Z --html result.html
  provision report 20261124T160501Z --handout installer -o visits.xlsx
  provision report 20261124T160501Z --handout auditor --redact -o audit.csv
  provision report 20261124T160501Z --split next`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout: one entry per row")
	cmd.Flags().StringVar(&o.split, "split", "", "write what is left as sheets into this folder: retry, fix-me, unknown")
	cmd.Flags().StringVar(&o.results, "results", "", "write the sheets with columns of results into this folder")
	cmd.Flags().StringVar(&o.html, "html", "", "write the result as one HTML page that needs nothing else")
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "write the report, or the hand-out, into this file: .html, .xlsx, .csv or .json")
	cmd.Flags().StringVar(&o.handout, "handout", "", "write a paper for others with -o: installer, auditor or helpdesk")
	cmd.Flags().BoolVar(&o.redact, "redact", false, "put tokens in the place of persons, numbers and places in what -o, --html and --json write")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over files that are there")
	return cmd
}

func (o *reportOptions) check() error {
	switch {
	case o.handout != "" && o.out == "":
		return usagef("--handout %s needs -o FILE: .html, .xlsx or .csv", o.handout)
	case o.handout != "" && !slices.Contains(handout.Kinds(), handout.Kind(o.handout)):
		return usagef("--handout %s: there are installer, auditor and helpdesk", o.handout)
	case o.redact && o.out == "" && o.html == "" && !o.json:
		return usagef("--redact needs -o, --html or --json: the run's own folder holds the full reports")
	case o.redact && (o.split != "" || o.results != ""):
		return usagef("--redact does not go with --split and --results: they give your own rows back")
	}
	return nil
}

func runReport(ctx context.Context, a *app, o reportOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	r, p, state, err := a.findRun(o.run)
	if err != nil {
		return err
	}
	f := resultFiles{run: r, plan: p, state: state, report: report.Build(p, state, report.Options{Run: r.id})}
	if err := a.writeReports(f); err != nil {
		return err
	}
	if o.split != "" {
		if err := a.writeSplit(o, r, p, f.report); err != nil {
			return err
		}
	}
	if o.results != "" {
		if err := a.writeResults(ctx, o, r, p, f.report); err != nil {
			return err
		}
	}
	if o.redact {
		if f.tokens, err = tokensOf(r); err != nil {
			return err
		}
	}
	if err := a.writeAsked(f, o); err != nil {
		return err
	}
	if o.json {
		return f.report.Redacted(f.tokens).WriteJSON(a.stdout)
	}
	if o.handout != "" {
		return nil // it is for somebody else
	}
	return a.writeReportText(a.stdout, f.report)
}

// writeAsked writes the files that flags name.
func (a *app) writeAsked(f resultFiles, o reportOptions) (err error) {
	tmp, err := f.run.scratch()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tmp.Remove()) }()
	if o.html != "" {
		if err := a.writeAs(o.html, "result", o.force, map[string]func(io.Writer) error{strings.ToLower(filepath.Ext(o.html)): f.result().WriteHTML}); err != nil {
			return err
		}
	}
	if o.out == "" {
		return nil
	}
	forms, what := f.forms(tmp.Path), "report"
	if o.handout != "" {
		what = o.handout + " hand-out"
		if forms, err = f.handout(handout.Kind(o.handout), tmp.Path); err != nil {
			return err
		}
	}
	return a.writeAs(o.out, what, o.force, forms)
}
