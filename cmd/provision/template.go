package main

import (
	"context"

	"github.com/spf13/cobra"
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

func runTemplate(context.Context, *app, templateOptions) error {
	return usagef("template is not available yet")
}
