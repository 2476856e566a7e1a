package main

import (
	"context"

	"github.com/spf13/cobra"
)

type showOptions struct {
	plan    string
	view    viewFlags
	reviews reviewFlags
}

func newShowCmd(a *app, run func(context.Context, *app, showOptions) error) *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use:   "show PLAN",
		Short: "show a saved plan",
		Long: `show prints a plan that "plan -o" saved, as its maker saw it. A file that was
edited or cut short is refused.` + exitHelp(exitOK, exitError),
		Example: `  provision show plan.json
  provision show plan.json --html plan.html --redact homes
  provision show plan.json --json | jq .changes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.plan = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	o.view.register(cmd)
	o.reviews.register(cmd.Flags())
	return cmd
}

func runShow(_ context.Context, a *app, o showOptions) error {
	p, err := readPlan(o.plan)
	if err != nil {
		return err
	}
	files, err := o.reviews.open(o.plan)
	if err != nil {
		return err
	}
	defer files.discard()
	breaches := p.CheckGuards(p.Options.Guards)
	if err := files.commit(o.view.review(p, breaches, o.plan)); err != nil {
		return err
	}
	if err := a.showPlan(p, breaches, o.plan, o.view); err != nil || o.view.json {
		return err
	}
	return a.showApproval(o.plan, p)
}
