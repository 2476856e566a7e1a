package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
)

func newAbandonCmd(a *app, run func(context.Context, *app, resumeOptions) error) *cobra.Command {
	var o resumeOptions
	cmd := &cobra.Command{
		Use:   "abandon RUN",
		Short: "close a run that shall not go on",
		Long: `abandon finds out by reading what became of the changes that are in doubt, sends
nothing new, and closes the run, so that another can begin. What was not begun
stays undone; what can't be told is reported as ambiguous. An abandoned run is not
resumed: plan its sheet anew.` + exitHelp(exitOK, exitError, exitRefused, exitStale, exitPartial, exitInterrupted),
		Example: `  provision abandon 20261124T160501Z`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	o.register(cmd)
	return cmd
}

func runAbandon(ctx context.Context, a *app, o resumeOptions) error {
	return a.goOn(ctx, o, "abandon", (*executor.Executor).Settle)
}

// refuseClosed is the error for going on with a run that was abandoned, and for
// abandoning one that is done.
func refuseClosed(r runFolder, p *plan.Plan, prior journal.State, command string) error {
	switch {
	case prior.Exit == journal.ExitAbandoned:
		return refusedf("plan its sheet anew", "run %s is closed, as it was abandoned or its plan was too stale: it is not gone on with", r.id)
	case command == "abandon" && prior.Exit == journal.ExitDone && len(unsettled(p, prior)) == 0: // a verify of an open run ends as done, too
		return refusedf(fmt.Sprintf("\"provision report %s\" says what it did; \"provision undo %[1]s\" plans the way back", r.id), "run %s is done: nothing is left to abandon", r.id)
	}
	return nil
}
