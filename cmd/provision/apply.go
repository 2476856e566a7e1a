package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
)

type applyOptions struct {
	plan        string
	service     serviceFlags
	guards      guardFlags
	exec        execFlags
	approval    approvalFlags
	skipBadRows bool
	bulkSize    int
	knownPlaces string
	json        bool
}

func newApplyCmd(a *app, run func(context.Context, *app, applyOptions) error) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply PLAN",
		Short: "carry out a saved plan",
		Long: `apply carries out a plan that was saved by "plan -o" and reviewed: the plan is the
consent, nothing is asked. Each change is checked against the account before it
is sent; one that no longer fits is left alone. Guards given here win over the
plan's and are journaled.` + exitHelp(exitOK, exitError, exitSheet, exitRefused, exitStale, exitPartial, exitInterrupted),
		Example: `  provision apply plan.json
  provision apply plan.json --max-removals 40 --release-numbers
  provision apply plan.json --stop-at 06:00 --json
  provision apply plan.json --approvers /etc/provision/approvers`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.plan = args[0]
			err := run(cmd.Context(), a, o)
			a.tellUnbegun(cmd.Context(), err, unbegun{sheets: []string{o.plan}})
			return err
		},
	}
	o.service.register(cmd)
	o.guards.register(cmd)
	o.exec.register(cmd)
	flags := cmd.Flags()
	o.approval.register(flags)
	flags.StringVar(&o.approval.file, "approval", "", "the plan's approval (default PLAN"+approvalSuffix+", where that is there); it must count")
	flags.BoolVar(&o.skipBadRows, "skip-bad-rows", false, "apply the good rows of a plan that has rows in error")
	flags.IntVar(&o.bulkSize, "bulk-size", 0, "records of a bulk-add call (default: the plan's)")
	registerKnownPlaces(flags, &o.knownPlaces)
	flags.BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

func runApply(ctx context.Context, a *app, o applyOptions) (err error) {
	if err := errors.Join(o.guards.check(), o.exec.check(a.now())); err != nil {
		return err
	}
	p, err := readPlan(o.plan)
	if err != nil {
		return err
	}
	if err := refuseBadRows(p, o.skipBadRows); err != nil {
		return err
	}
	if err := o.guards.refuseProtected(p); err != nil {
		return err
	}
	guards := o.guards.over(p.Options.Guards)
	if err := breachError(p.CheckGuards(guards)); err != nil {
		return err
	}
	agreed, err := o.approval.of(a, o.plan, p)
	if err != nil {
		return err
	}
	stops, end := a.catchSignals()
	defer end()
	traced := a.trace(ctx, "apply")
	defer func() { traced(err) }()
	reading, cancel := stops.context(ctx)
	defer cancel()
	s, err := a.connect(reading, o.service, connectOptions{command: "apply"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if err := sameAccount(reading, s, p); err != nil {
		return err
	}
	t := terms{skipBadRows: o.skipBadRows, bulkSize: p.Options.BulkSize, maxStale: guards.MaxStale, guardsOff: guards.Off}
	if o.bulkSize > 0 {
		t.bulkSize = o.bulkSize
	}
	return a.carryOut(ctx, s, p, &consent{
		command: "apply", terms: t, given: o.guards.given(), exec: &o.exec, stops: stops, json: o.json,
		lockTimeout: o.service.lockTimeout, places: o.knownPlaces, approved: agreed,
	})
}

// refuseBadRows is the rule that nothing is sent while a row is in error,
// unless that was asked for.
func refuseBadRows(p *plan.Plan, skip bool) error {
	if len(p.Errors) == 0 || skip {
		return nil
	}
	all := make([]string, 0, len(p.Errors))
	for _, e := range p.Errors {
		all = append(all, e.String())
	}
	return &failure{
		kind: kindSheet, err: fmt.Errorf("%s in the sheet, nothing was sent", count(len(p.Errors), "error")), list: all,
		hint: "correct the rows and plan anew, or apply the others with --skip-bad-rows",
	}
}

// carryOut opens a run for a plan that all agreed to, and carries it out.
func (a *app) carryOut(ctx context.Context, s *session, p *plan.Plan, c *consent) error {
	opened := a.now()
	if err := s.accountLock(ctx, p.Account.ID, a.owner(c.command, ""), c.lockTimeout); err != nil {
		return err
	}
	a.finishEnded(ctx, s.state, s.server.key(), p.Account.ID)
	if err := s.state.refuseOpenRun(s.server.key(), p.Account.ID, ""); err != nil {
		return err
	}
	r, j, err := a.begin(s, p, c.command, c.terms.note(strings.Join(c.given, " ")))
	if err != nil {
		return err
	}
	if err := errors.Join(s.tell(a.owner(c.command, r.id)), c.approved.keep(r, j)); err != nil {
		return errors.Join(err, j.Close())
	}
	work := &carry{app: a, session: s, run: r, plan: p, prior: journal.Fold(nil), journal: j, stops: c.stops, json: c.json, places: c.places, ended: c.ended, command: c.command}
	if err := c.exec.arm(ctx, a, c.stops); err != nil {
		return errors.Join(err, j.Close())
	}
	s.aside(opened, a.now())
	return work.do(ctx, c.exec.options(c.terms, s.server.scale, c.stops.stop), (*executor.Executor).Run)
}
