package main

import (
	"context"

	"github.com/spf13/cobra"

	"provision/executor"
)

func newVerifyCmd(a *app, run func(context.Context, *app, resumeOptions) error) *cobra.Command {
	var o resumeOptions
	cmd := &cobra.Command{
		Use:   "verify RUN",
		Short: "read again what a run left unconfirmed",
		Long: `verify reads the account again and settles what a run could not confirm, as
emergency addresses that were still being provisioned. It changes nothing in the
account; the run's report is written anew.` + exitHelp(exitOK, exitError, exitRefused, exitStale, exitPartial, exitInterrupted),
		Example: `  provision verify 20261124T160501Z`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	o.register(cmd)
	return cmd
}

func runVerify(ctx context.Context, a *app, o resumeOptions) error {
	return a.goOn(ctx, o, "verify", (*executor.Executor).Verify)
}
