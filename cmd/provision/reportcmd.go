package main

import (
	"context"

	"github.com/spf13/cobra"

	"provision/executor/report"
)

type reportOptions struct {
	run     string
	json    bool
	split   string
	results string
}

func newReportCmd(a *app, run func(context.Context, *app, reportOptions) error) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "write a run's report anew and print it",
		Long: `report makes report.csv, report.xlsx and report.json in the run's folder out of
its plan and journal, and prints the summary. It asks the account nothing.

With --split the rows that need attention are written as sheets for the next run:
retry.xlsx (run it again as it is), fix-me.xlsx (mend it first), unknown.xlsx (it may
or may not have happened: look first). Their last column says why. With --results the
sheets come back as they were, with columns that say what became of each row.` + exitHelp(exitOK, exitError, exitRefused),
		Example: `  provision report 20261124T160501Z
  provision report provision-runs/20261124T160501Z-1a2b3c --json
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
	return cmd
}

func runReport(ctx context.Context, a *app, o reportOptions) error {
	r, p, state, err := a.findRun(o.run)
	if err != nil {
		return err
	}
	rep := report.Build(p, state, report.Options{Run: r.id})
	if err := a.writeReports(r, rep); err != nil {
		return err
	}
	if o.split != "" {
		if err := a.writeSplit(o.split, p, rep); err != nil {
			return err
		}
	}
	if o.results != "" {
		if err := a.writeResults(ctx, o.results, r, p, rep); err != nil {
			return err
		}
	}
	if o.json {
		return rep.WriteJSON(a.stdout)
	}
	return a.writeReportText(a.stdout, rep)
}
