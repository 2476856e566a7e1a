package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"provision/executor/report"
	"provision/plan"
)

type validateOptions struct {
	paths  []string
	sheets sheetFlags
	json   bool
}

func newValidateCmd(a *app, run func(context.Context, *app, validateOptions) error) *cobra.Command {
	var o validateOptions
	cmd := &cobra.Command{
		Use:   "validate SHEET...",
		Short: "check sheets without an account",
		Long: `validate reads sheets and reports, at its cell, whatever is wrong in them and can
be told without the account. No credentials are needed.` + exitHelp(exitOK, exitError, exitSheet),
		Example: `  provision validate onboarding.xlsx
  provision validate export.csv --map "Cellphone=phone_number" --json`,
		Args: atLeastOneSheet,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return run(cmd.Context(), a, o)
		},
	}
	o.sheets.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

func runValidate(ctx context.Context, a *app, o validateOptions) error {
	if err := o.sheets.check(); err != nil {
		return err
	}
	d, err := a.readSheets(ctx, o.paths, &o.sheets)
	if err != nil {
		return err
	}
	if o.json {
		err = writeJSON(a.stdout, report.ValidateJSON(&d))
	} else {
		err = writeProblems(a.stdout, &d)
	}
	if err != nil {
		return err
	}
	if len(d.Errors) > 0 {
		return silent(kindSheet, "the sheet has errors")
	}
	return nil
}

// writeProblems lists what is wrong, one line each.
func writeProblems(w io.Writer, d *plan.Desired) error {
	var errs []error
	line := func(format string, args ...any) {
		_, err := fmt.Fprintf(w, format+"\n", args...)
		errs = append(errs, err)
	}
	for _, p := range d.Errors {
		line("error    %s", oneLine(p.String()))
	}
	for _, p := range d.Warnings {
		line("warning  %s", oneLine(p.String()))
	}
	if d.HiddenSkipped > 0 {
		line("hidden and left out: %s", count(d.HiddenSkipped, "row"))
	}
	line("%s, %s, %s", count(len(d.Rows), "row"), count(len(d.Errors), "error"), count(len(d.Warnings), "warning"))
	return errors.Join(errs...)
}
