package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"provision/plan"
	"provision/plan/sheet"
)

type templateOptions struct {
	out     string
	service serviceFlags
}

func newTemplateCmd(a *app, run func(context.Context, *app, templateOptions) error) *cobra.Command {
	var o templateOptions
	cmd := &cobra.Command{
		Use:   "template [-o FILE]",
		Short: "write a blank sheet",
		Long: `template writes a blank sheet with all columns: a workbook (.xlsx) or CSV (.csv), by
the file's name; without -o, CSV to stdout.

In a workbook the columns are formatted as text, headers have notes, columns of
words have dropdowns, and a second sheet shows examples. With --server, or
credentials at hand, the account's extensions, sites, emergency locations and cost
centers are offered too; it is only read.` + exitHelp(exitOK, exitError, exitInterrupted),
		Example: `  provision template -o onboarding.xlsx
  provision template > onboarding.csv
  provision template -o onboarding.xlsx --server https://platform.ringcentral.com`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "the file to write: .xlsx or .csv")
	o.service.register(cmd)
	return cmd
}

func runTemplate(ctx context.Context, a *app, o templateOptions) error {
	if o.out == "" || o.out == "-" {
		return sheet.WriteTemplate(a.stdout, sheet.FormatCSV, sheet.Lists{})
	}
	format, err := sheetFormat(o.out)
	if err != nil {
		return err
	}
	if err := refuseFolder(o.out); err != nil {
		return err
	}
	// A sheet that somebody has filled in would be lost.
	if fileExists(o.out) {
		return usagef("%s is there already: name another file", o.out)
	}
	var lists sheet.Lists
	if format == sheet.FormatXLSX {
		if lists, err = a.accountLists(ctx, o.service); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(o.out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	if err := errors.Join(sheet.WriteTemplate(f, format, lists), f.Close()); err != nil {
		return fmt.Errorf("write template: %w", errors.Join(err, os.Remove(o.out)))
	}
	a.say("made a blank sheet: " + o.out)
	return nil
}

// accountLists reads what the account offers. Nobody has to have an account for
// a blank sheet: one that was not named by a flag and can't be read is a
// warning.
func (a *app) accountLists(ctx context.Context, f serviceFlags) (sheet.Lists, error) {
	named := f.server != "" || f.envFile != ""
	if !named {
		if _, _, err := a.resolve(ctx, &f, ""); err != nil {
			return sheet.Lists{}, nil //nolint:nilerr // no credentials
		}
	}
	live, err := a.readAccount(ctx, f, "template", plan.Needs{NoDevices: true, Sites: true, Locations: true, CostCenters: true})
	switch {
	case err == nil:
		return sheet.ListsOf(&live), nil
	case named || codeOf(err) == exitInterrupted:
		return sheet.Lists{}, err
	}
	a.warn("warning: the account could not be read, so its names are not offered: " + oneLine(err.Error()))
	return sheet.Lists{}, nil
}
