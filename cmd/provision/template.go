package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"provision/plan/sheet"
)

type templateOptions struct{ out string }

func newTemplateCmd(a *app, run func(context.Context, *app, templateOptions) error) *cobra.Command {
	var o templateOptions
	cmd := &cobra.Command{
		Use:   "template [-o FILE]",
		Short: "write a blank sheet",
		Long: `template writes a blank sheet with all columns: a workbook (.xlsx) or CSV (.csv), by
the file's name; without -o, CSV to stdout.` + exitHelp(exitOK, exitError),
		Example: `  provision template -o onboarding.xlsx
  provision template > onboarding.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "the file to write: .xlsx or .csv")
	return cmd
}

func runTemplate(_ context.Context, a *app, o templateOptions) error {
	if o.out == "" || o.out == "-" {
		return sheet.WriteTemplate(a.stdout, sheet.FormatCSV)
	}
	format, err := sheetFormat(o.out)
	if err != nil {
		return err
	}
	// A sheet that somebody has filled in would be lost.
	f, err := os.OpenFile(o.out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return usagef("%s is there already: name another file", o.out)
	}
	if err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	if err := errors.Join(sheet.WriteTemplate(f, format), f.Close()); err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	a.say("made a blank sheet: " + o.out)
	return nil
}
