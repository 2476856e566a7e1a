package main

import (
	"context"

	"github.com/spf13/cobra"

	"provision/executor/report"
)

type reportOptions struct {
	run  string
	json bool
}

func newReportCmd(a *app, run func(context.Context, *app, reportOptions) error) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "write a run's report anew and print it",
		Long: `report makes report.csv, report.xlsx and report.json in the run's folder out of
its plan and journal, and prints the summary. It asks the account nothing.` + exitHelp(exitOK, exitError, exitRefused),
		Example: `  provision report 20261124T160501Z
  provision report provision-runs/20261124T160501Z-1a2b3c --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout: one entry per row")
	return cmd
}

func runReport(_ context.Context, a *app, o reportOptions) error {
	r, p, state, err := a.findRun(o.run)
	if err != nil {
		return err
	}
	rep := report.Build(p, state, report.Options{Run: r.id})
	if err := a.writeReports(r, rep); err != nil {
		return err
	}
	if o.json {
		return rep.WriteJSON(a.stdout)
	}
	return a.writeReportText(a.stdout, rep)
}
