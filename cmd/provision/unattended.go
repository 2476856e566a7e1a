package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/cmd/provision/unattended"
	"provision/plan"
	"provision/rcclient"
)

// unattendedOptions are the flags of runs that nobody watches.
type unattendedOptions struct {
	on            bool
	expectChanges bool
	noChangesOK   bool
	startAfter    string
	retryFor      time.Duration
	openRun       string
	flags         *pflag.FlagSet
}

// What --open-run may say.
const (
	openRunResume = "resume"
	openRunSettle = "settle"
)

// defaultRetryFor is long enough for a restart of the service or of a network.
const defaultRetryFor = 30 * time.Minute

func (o *unattendedOptions) register(cmd *cobra.Command) {
	o.flags = cmd.Flags()
	o.flags.BoolVar(&o.on, "unattended", false, "a run that nobody watches: it goes on with the open run first, never asks, and its last log line says how it ended")
	o.registerShared(cmd)
	o.flags.StringVar(&o.startAfter, "start-after", "", "unattended: begin not before this time of day, as 22:00; one that is over for less than 12 hours is no wait")
}

// registerShared registers those that hold for each of several runs too.
func (o *unattendedOptions) registerShared(cmd *cobra.Command) {
	o.flags = cmd.Flags()
	o.flags.BoolVar(&o.expectChanges, "expect-changes", false, "unattended: a sheet that needs no change is refused (exit 4): it is an old one")
	o.flags.BoolVar(&o.noChangesOK, "no-changes-ok", false, "unattended: it is not, whatever the profile expects")
	o.flags.DurationVar(&o.retryFor, "retry-for", defaultRetryFor, "unattended: try again for this long what could not start as the service or the network failed (service time); 0s: once only")
	o.flags.StringVar(&o.openRun, "open-run", openRunResume, "unattended: what to do with the account's open run first: resume, or settle, which finds out what is in doubt and closes it")
}

func (o *unattendedOptions) check(now time.Time) error {
	if o.openRun != openRunResume && o.openRun != openRunSettle {
		return usagef("--open-run %q is neither resume nor settle", o.openRun)
	}
	if o.retryFor < 0 {
		return usagef("--retry-for %s is negative", o.retryFor)
	}
	if o.startAfter != "" {
		if _, err := parseStartAfter(o.startAfter, now); err != nil {
			return err
		}
	}
	if o.on {
		return nil
	}
	for _, name := range []string{"expect-changes", "no-changes-ok", "start-after", "retry-for", "open-run"} {
		if f := o.flags.Lookup(name); f != nil && f.Changed && f.Annotations[standingAnnotation] == nil {
			return usagef("--%s is for --unattended", name)
		}
	}
	return nil
}

// refuseNoChanges is --expect-changes.
func (o *unattendedOptions) refuseNoChanges(p *plan.Plan) error {
	if !o.on || !o.expectChanges || o.noChangesOK || len(p.Changes) > 0 {
		return nil
	}
	return refusedf("look whether the right sheet came; --no-changes-ok lets it pass",
		"the sheet needs no change, and changes were expected")
}

// dayHalf tells a time of day that is to come from one that is over.
const dayHalf = 12 * time.Hour

// parseStartAfter reads HH:MM, local time: the next such minute, or now if the
// last one is nearer.
func parseStartAfter(text string, now time.Time) (time.Time, error) {
	at, err := parseTimeOfDay("--start-after", text, now)
	if err != nil || at.Sub(now) > dayHalf {
		return now, err
	}
	return at, nil
}

// runUnattended is "run --unattended".
func runUnattended(ctx context.Context, a *app, o runOptions) error {
	o.autoApprove = true
	if err := o.check(a.now()); err != nil {
		return err
	}
	stops, end := a.catchSignals()
	defer end()
	a.stops = stops
	if err := a.startAfter(ctx, o.unattended.startAfter); err != nil {
		return err
	}
	if err := o.exec.arm(ctx, a, stops); err != nil {
		return err
	}
	revoke := a.keepTokens(&o.service)
	r, err := a.conduct(ctx, o)
	revoke(ctx)
	if err != nil {
		return err
	}
	a.last = func(error) { a.logResult(r) }
	a.tellNight(ctx, o.sheets, r.Result)
	if o.view.json {
		if err := writeJSON(a.stdout, r); err != nil {
			return err
		}
	}
	return r.asError()
}

// conduct carries sheets out with nobody watching. Signals must be caught
// (a.stops) and --stop-at be armed before. The error is of wrong options only.
func (a *app) conduct(ctx context.Context, o runOptions) (nightResult, error) {
	return a.conductBy(ctx, o, func(n *night) unattended.Steps { return n })
}

// conductBy is conduct by steps that are made of the usual ones.
func (a *app) conductBy(ctx context.Context, o runOptions, steps func(*night) unattended.Steps) (nightResult, error) {
	srv, _, err := o.service.resolveServer(a.env, "")
	if err != nil {
		return nightResult{}, err
	}
	o.unattended.on, o.autoApprove, o.exec.stopAt = true, true, ""
	begun, scale := a.now(), rcclient.Scale(srv.scale)
	r := unattended.Do(ctx, steps(&night{app: a, o: o, scale: scale}), unattended.Options{
		RetryFor: o.unattended.retryFor,
		Now:      func() time.Time { return begun.Add(scale.Service(a.now().Sub(begun))) },
		Sleep:    func(ctx context.Context, d time.Duration) error { return a.stops.sleep(ctx, scale.Wall(d)) },
		Waiting: func(after unattended.Ended, wait time.Duration) {
			a.log.Warn().Str("cause", string(after.Cause)).Err(after.Err).Dur("wait", wait).Msg("could not start; will try again")
		},
	})
	return nightResult{r}, nil
}

// startAfter waits for the time of --start-after.
func (a *app) startAfter(ctx context.Context, text string) error {
	if text == "" {
		return nil
	}
	now := a.now()
	at, err := parseStartAfter(text, now)
	if err != nil || !at.After(now) {
		return err
	}
	a.phase("waiting until " + at.Format("2006-01-02 15:04"))
	if err := a.stops.sleep(ctx, at.Sub(now)); err != nil {
		return &failure{kind: kindInterrupted, err: fmt.Errorf("interrupted (%s) before it began: nothing was done", a.stops.why())}
	}
	return nil
}
