package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"provision/executor/journal"
	"provision/plan"
	"provision/plan/snapshot"
)

type undoOptions struct {
	run      string
	service  serviceFlags
	guards   guardFlags
	view     viewFlags
	bulkSize int
	out      string
	detailed bool
}

func newUndoCmd(a *app, run func(context.Context, *app, undoOptions) error) *cobra.Command {
	var o undoOptions
	cmd := &cobra.Command{
		Use:   "undo RUN",
		Short: "plan the way back from a run",
		Long: `undo reads what a run journaled and the account as it is now, and plans the way
back for all that still shows what the run left; it changes nothing. With -o the
plan is saved for "apply", which makes it a run like any other. What can't be
undone is listed with the reason. Numbers of added lines stay in the inventory
unless --release-numbers is given.` + exitHelp(exitOK, exitError, exitChanges, exitRefused, exitStale, exitInterrupted),
		Example: `  provision undo 20261124T160501Z
  provision undo 20261124T160501Z -o undo.json
  provision apply undo.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	o.service.register(cmd)
	o.guards.register(cmd)
	o.view.register(cmd)
	flags := cmd.Flags()
	flags.IntVar(&o.bulkSize, "bulk-size", plan.DefaultBulkSize, "records of a bulk-add call")
	flags.StringVarP(&o.out, "output", "o", "", "save the plan to this file (mode 0600)")
	flags.BoolVar(&o.detailed, "detailed-exitcode", false, "exit with 2 if there are changes")
	return cmd
}

func runUndo(ctx context.Context, a *app, o undoOptions) (err error) {
	if o.bulkSize < 1 {
		return usagef("--bulk-size %d is not positive", o.bulkSize)
	}
	if err := o.guards.check(); err != nil {
		return err
	}
	r, p, state, err := a.findRun(o.run)
	if err != nil {
		return err
	}
	if err := refuseUnfinished(r, p, state); err != nil {
		return err
	}
	save, err := newSavedPlan(o.out)
	if err != nil {
		return err
	}
	defer save.discard()
	stops := catchSignals(a.log, a.say, leave)
	defer stops.end()
	reading, cancel := stops.context(ctx)
	defer cancel()
	with := connectOptions{command: "undo", run: r.id, readOnly: true}
	if state.Run != nil {
		with.fallback, with.scale = state.Run.Server, state.Run.Scale
	}
	s, err := a.connect(reading, o.service, with)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if err := sameAccount(reading, s, p); err != nil {
		return err
	}
	back, err := a.makeUndo(reading, s, r, p, state, o)
	if err != nil {
		return err
	}
	if err := save.commitPlan(back); err != nil {
		return err
	}
	if err := a.showPlan(back, back.CheckGuards(o.guards.guards), o.out, o.view); err != nil {
		return err
	}
	return planVerdict(back, o.detailed)
}

// refuseUnfinished refuses a run that may still do something: what it did is
// only known once it has ended. One that was abandoned has ended.
func refuseUnfinished(r runFolder, p *plan.Plan, state journal.State) error {
	left := 0
	for _, id := range unsettled(p, state) {
		_, open := state.Open[id]
		if out := state.Outcomes[id]; open || out.Status == journal.Sent || out.Status == journal.InDoubt || state.Exit != journal.ExitAbandoned {
			left++
		}
	}
	if left == 0 {
		return nil
	}
	return refusedf(fmt.Sprintf("run \"provision resume %s\", then undo it", r.id),
		"run %s is not finished: %s left, and only a finished run can be undone", r.id, changesAre(left))
}

// makeUndo reads the account and plans the way back.
func (a *app) makeUndo(ctx context.Context, s *session, r runFolder, p *plan.Plan, state journal.State, o undoOptions) (*plan.Plan, error) {
	results := undoResults(p, state)
	s.waits.listen(a.tellLongWait)
	defer s.waits.listen(nil)
	live, err := snapshot.Take(ctx, s.client, plan.UndoNeeds(p, results), snapshot.Options{
		Now:      a.now(),
		Progress: func(what string) { a.phase("reading: " + what) },
		Unread: func(ext plan.ExtensionID, err error) {
			a.log.Warn().Str("extension", string(ext)).Err(err).Msg("the extension's devices could not be read")
		},
	})
	if err != nil {
		return nil, explainService(err)
	}
	back, err := plan.Undo(p, r.id, results, live, plan.Options{
		Now: a.now().UTC(), Program: version, Country: p.Options.Country, BulkSize: o.bulkSize, UnlistedOperations: p.Options.UnlistedOperations, Guards: o.guards.guards,
		ProtectExtensions: o.guards.protectExtensions, ProtectDevices: o.guards.protectDevices,
	})
	if err != nil {
		return nil, fmt.Errorf("undo: %w", err)
	}
	return back, nil
}

// undoResults says in the planner's words what became of a run's changes.
func undoResults(p *plan.Plan, state journal.State) map[string]plan.Result {
	results := make(map[string]plan.Result, len(p.Changes))
	for i := range p.Changes {
		id := p.Changes[i].ID
		out, ok := state.Outcomes[id]
		if !ok {
			continue
		}
		r := plan.Result{
			Done: out.Status.Succeeded() && out.Status != journal.NoOp, Unknown: out.Status == journal.Ambiguous,
			Device: plan.DeviceID(out.DeviceID), Number: out.Number, Location: plan.LocationID(out.LocationID),
		}
		for _, slot := range out.DeviceIDs {
			r.Devices = append(r.Devices, plan.DeviceID(slot))
		}
		// An address that can't be read is one that was not read back.
		if err := json.Unmarshal(out.EmergencyAddress, &r.Address); err != nil {
			r.Address = plan.Address{}
		}
		results[id] = r
	}
	return results
}
