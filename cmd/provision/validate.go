package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"provision/plan"
	"provision/plan/sheet"
)

type validateOptions struct {
	paths  []string
	sheets sheetFlags
	json   bool

	annotate string
	force    bool
}

func newValidateCmd(a *app, run func(context.Context, *app, validateOptions) error) *cobra.Command {
	var o validateOptions
	cmd := &cobra.Command{
		Use:   "validate SHEET...",
		Short: "check sheets without an account",
		Long: `validate reads sheets and reports, at its cell, whatever is wrong in them and can
be told without the account. No credentials are needed. It also prints for each
column which of ours it was taken for.

With --annotate the sheet comes back as a workbook in which the cells to mend are
colored and have notes, with a list of them as its first sheet. All else in it
stays as it is. Mend it and give it to provision again: marks are not read, and the
next check replaces them.` + exitHelp(exitOK, exitError, exitSheet),
		Example: `  provision validate onboarding.xlsx
  provision validate export.csv --map "Cellphone=phone_number" --json
  provision validate onboarding.xlsx --annotate tomend.xlsx`,
		Args: atLeastOneSheet,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return run(cmd.Context(), a, o)
		},
	}
	o.sheets.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	cmd.Flags().StringVar(&o.annotate, "annotate", "", "write the sheet with its problems marked to this workbook")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over a file that is there")
	return cmd
}

func runValidate(ctx context.Context, a *app, o validateOptions) error {
	if err := errors.Join(o.sheets.check(), o.checkAnnotate()); err != nil {
		return err
	}
	// Of the rows only their number is wanted: memory does not grow with them.
	opts := o.sheets.options()
	opts.KeepNoRows = true
	d, found, fileErr := a.readSheetFiles(ctx, o.paths, opts)
	a.sayFound(found)
	for _, path := range o.paths {
		if v := sheet.TemplateOf(path); v != "" {
			a.say(fmt.Sprintf("%s: made from version %s of the template", path, oneLine(v)))
		}
	}
	if fileErr != nil && len(found) == 0 {
		return fileErr
	}
	var err error
	if fileErr == nil {
		if err := a.annotate(ctx, o, &d); err != nil {
			return err
		}
	}
	if o.json {
		if fileErr != nil {
			return fileErr // half a document would be taken for the whole
		}
		err = writeJSON(a.stdout, validationOf(&d, found))
	} else {
		err = errors.Join(writeMappings(a.stdout, &d, found), writeProblems(a.stdout, &d, rowsIn(found)))
	}
	switch {
	case err != nil:
		return err
	case fileErr != nil:
		return fileErr
	case len(d.Errors) > 0:
		return silent(kindSheet, "the sheet has errors")
	}
	return nil
}

// writeProblems lists what is wrong, one line each.
func writeProblems(w io.Writer, d *plan.Desired, rows int) error {
	var errs []error
	line := func(format string, args ...any) {
		_, err := fmt.Fprintf(w, format+"\n", args...)
		errs = append(errs, err)
	}
	for _, p := range d.Errors {
		line("error    %s", problemText(p))
	}
	for _, p := range d.Warnings {
		line("warning  %s", problemText(p))
	}
	if d.HiddenSkipped > 0 {
		line("hidden and left out: %s", count(d.HiddenSkipped, "row"))
	}
	line("%s, %s, %s", count(rows, "row"), count(len(d.Errors), "error"), count(len(d.Warnings), "warning"))
	return errors.Join(errs...)
}
