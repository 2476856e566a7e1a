package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"provision/executor/report"
	"provision/plan"
)

// consent is how it was agreed that a plan is carried out.
type consent struct {
	command     string
	terms       terms
	given       []string // the guards' flags, for the journal
	exec        *execFlags
	stops       *interrupts
	json        bool
	lockTimeout time.Duration
	places      string // --known-places
	approved    *approved
	ended       *ended // gets how it ended; may be nil
}

type runOptions struct {
	sheets      []string
	service     serviceFlags
	plan        planFlags
	exec        execFlags
	view        viewFlags
	approval    approvalFlags
	skipBadRows bool
	autoApprove bool
	unattended  unattendedOptions
	ended       *ended // gets how the run ended; may be nil
}

func newRunCmd(a *app, run func(context.Context, *app, runOptions) error) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run SHEET...",
		Short: "plan, then apply",
		Long: `run plans sheets and applies the plan. On a terminal it shows the plan and asks;
elsewhere it needs --auto-approve. A broken guard refuses the run; on a terminal
it is allowed by typing the count.

With --unattended it is a run that cares for itself: it goes on with the account's
open run first, waits for --start-after, tries again within --retry-for what could
not start for a trouble that may pass, never asks, and ends with one log line that
says how it ended.` + exitHelp(exitOK, exitError, exitSheet, exitRefused, exitStale, exitPartial, exitInterrupted),
		Example: `  provision run onboarding.xlsx
  provision run /srv/sheets/*.csv --auto-approve --json --log-file /var/log/provision.log
  provision run week.xlsx --unattended --profile nightly --start-after 22:00 --stop-at 06:00
  provision run offboarding.csv --max-removals 40 --release-numbers --leave-without-phone 30`,
		Args: atLeastOneSheet,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.sheets = args
			work := run
			if o.unattended.on {
				work = runUnattended
			}
			err := work(cmd.Context(), a, o)
			a.tellUnbegun(cmd.Context(), err, unbegun{sheets: args, unattended: o.unattended.on})
			return err
		},
	}
	o.service.register(cmd)
	o.plan.register(cmd)
	o.exec.register(cmd)
	o.view.register(cmd)
	o.register(cmd)
	o.approval.register(cmd.Flags())
	return cmd
}

// register registers what is the command's own.
func (o *runOptions) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&o.skipBadRows, "skip-bad-rows", false, "apply the good rows of a sheet that has rows in error")
	flags.BoolVar(&o.autoApprove, "auto-approve", false, "do not ask; guards refuse all the same")
	o.unattended.register(cmd)
}

func (o *runOptions) check(now time.Time) error {
	return errors.Join(o.service.check(), o.plan.check(), o.exec.check(now), o.unattended.check(now))
}

func runRun(ctx context.Context, a *app, o runOptions) (err error) {
	if err := o.check(a.now()); err != nil {
		return err
	}
	asks := isTerminal(a.stdin) && a.screen.tty && !o.unattended.on
	if !asks && !o.autoApprove {
		return withHint(usagef("nobody can be asked here: this is no terminal"), "pass --auto-approve, or plan and apply in two steps")
	}
	d, err := a.readSheets(ctx, o.sheets, &o.plan.sheets)
	if err != nil {
		if o.ended != nil {
			o.ended.unread = true
		}
		return err
	}
	stops, end := a.catchSignals()
	defer end()
	traced := a.trace(ctx, "run")
	defer func() { traced(err) }()
	reading, cancel := stops.context(ctx)
	defer cancel()
	s, err := a.connect(reading, o.service, connectOptions{command: "run"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	p, breaches, err := a.makePlan(reading, s, d, &o.plan)
	if err != nil {
		return err
	}
	if err := o.approval.refuseRun(p); err != nil {
		return o.refused(p, breaches, err)
	}
	o.view.finish = o.plan.finish
	var asker *dialog
	if asks {
		asker = &dialog{out: a.screen, in: bufio.NewReader(a.stdin), stops: stops}
	}
	given, err := a.agree(p, breaches, &o, asker)
	if err != nil {
		return o.refused(p, breaches, err)
	}
	if err := o.unattended.refuseNoChanges(p); err != nil {
		return o.refused(p, breaches, err)
	}
	g := o.plan.guards.guards
	return a.carryOut(ctx, s, p, &consent{
		command: "run", exec: &o.exec, stops: stops, json: o.view.json, lockTimeout: o.service.lockTimeout, given: given, places: o.plan.knownPlaces, ended: o.ended,
		terms: terms{skipBadRows: o.skipBadRows, bulkSize: o.plan.bulkSize, maxStale: g.MaxStale, guardsOff: g.Off},
	})
}

// refused keeps the plan that an error refuses, for whoever called.
func (o *runOptions) refused(p *plan.Plan, breaches []plan.Breach, err error) error {
	if o.ended != nil {
		o.ended.refused, o.ended.page = p, o.view.review(p, breaches, "")
	}
	return err
}

// agree shows the plan and gets the consent to it, by asking where there is
// whom to ask (asker is nil else); it returns what is to be journaled of how it
// was given.
func (a *app) agree(p *plan.Plan, breaches []plan.Breach, o *runOptions, asker *dialog) ([]string, error) {
	refuse := func(err error) ([]string, error) {
		if o.view.json {
			err = errors.Join(err, a.showRefused(p, breaches, o))
		}
		return nil, err
	}
	shown := a.stdout
	if o.view.json {
		shown = a.screen
	}
	if err := a.writePlanText(shown, p, breaches, "", o.view); err != nil {
		return nil, err
	}
	if err := refuseBadRows(p, o.skipBadRows); err != nil {
		return refuse(err)
	}
	given := o.plan.guards.given()
	if asker == nil {
		if err := breachError(breaches); err != nil {
			if o.ended != nil {
				o.ended.byGuards = true
			}
			return refuse(err)
		}
		return given, nil
	}
	typed, err := a.allowBreaches(asker, breaches)
	if err != nil {
		return refuse(err)
	}
	given = append(given, typed...)
	if o.autoApprove || len(p.Changes) == 0 {
		return given, nil
	}
	answer, err := asker.ask(fmt.Sprintf("apply %s? [yes/no] ", count(len(p.Changes), "change")))
	if err != nil {
		return nil, err
	}
	if answer != "yes" && answer != "y" {
		return nil, usagef("not applied: the answer was no")
	}
	return append(given, "answered yes"), nil
}

// showRefused writes the plan that was refused as a document, or hands it to
// whoever writes one of several.
func (a *app) showRefused(p *plan.Plan, breaches []plan.Breach, o *runOptions) error {
	if o.ended != nil {
		o.ended.document = report.PlanJSON(o.view.review(p, breaches, ""))
		return nil
	}
	return a.showPlan(p, breaches, "", o.view)
}

// allowBreaches asks for each broken guard whether it is meant, after it has
// listed them all. Anything but the count refuses the run.
func (a *app) allowBreaches(asker *dialog, breaches []plan.Breach) (given []string, err error) {
	if len(breaches) > 1 {
		a.warn(fmt.Sprintf("%d guards refuse this plan:", len(breaches)))
	}
	for _, b := range breaches {
		a.warn("  " + b.Message)
	}
	for i, b := range breaches {
		which := ""
		if len(breaches) > 1 {
			which = fmt.Sprintf("%d of %d, %s: ", i+1, len(breaches), b.Guard)
		}
		answer, err := asker.ask(fmt.Sprintf("%stype %d to allow it, or no: ", which, b.Count))
		if codeOf(err) == exitInterrupted {
			return nil, err
		}
		if err != nil || answer != strconv.Itoa(b.Count) {
			return nil, errors.Join(breachError(breaches), err)
		}
		given = append(given, fmt.Sprintf("typed %d for %s", b.Count, b.Guard))
	}
	return given, nil
}
