package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
)

type resumeOptions struct {
	run      string
	service  serviceFlags
	exec     execFlags
	approval approvalFlags
	json     bool
	places   string // --known-places
	ended    *ended // gets how it ended; may be nil
}

func (o *resumeOptions) register(cmd *cobra.Command) {
	o.service.register(cmd)
	o.exec.register(cmd)
	registerKnownPlaces(cmd.Flags(), &o.places)
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
}

func newResumeCmd(a *app, run func(context.Context, *app, resumeOptions) error) *cobra.Command {
	var o resumeOptions
	cmd := &cobra.Command{
		Use:   "resume RUN",
		Short: "go on with a run that was interrupted",
		Long: `resume goes on where a run stopped, from its folder alone: what is in doubt is
settled by reading the account, and nothing is done twice. RUN is the folder, or
the beginning of the run's id. The server is the run's own unless --server is given.` +
			exitHelp(exitOK, exitError, exitRefused, exitStale, exitPartial, exitInterrupted),
		Example: `  provision resume 20261124T160501Z
  provision resume provision-runs/20261124T160501Z-1a2b3c --stop-at 06:00`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run = args[0]
			err := run(cmd.Context(), a, o)
			a.tellUnbegun(cmd.Context(), err, unbegun{run: idOf(o.run)})
			return err
		},
	}
	o.register(cmd)
	o.approval.register(cmd.Flags())
	return cmd
}

func runResume(ctx context.Context, a *app, o resumeOptions) error {
	return a.goOn(ctx, o, "resume", (*executor.Executor).Run)
}

// goOn opens a run of before and works on it.
func (a *app) goOn(ctx context.Context, o resumeOptions, command string, what act) (err error) {
	if err := o.exec.check(a.now()); err != nil {
		return err
	}
	r, p, prior, err := a.findRun(o.run)
	if err != nil {
		return err
	}
	if command != "verify" {
		if err := refuseClosed(r, p, prior, command); err != nil {
			return err
		}
	}
	if err := o.approval.refuseUnapproved(r, p, prior); err != nil {
		return err
	}
	stops, end := a.catchSignals()
	defer end()
	traced := a.trace(ctx, command)
	defer func() { traced(err) }()
	reading, cancel := stops.context(ctx)
	defer cancel()
	with := connectOptions{command: command, run: r.id}
	if with.fallback, with.scale, err = a.serverOf(r, prior); err != nil {
		return err
	}
	s, err := a.connect(reading, o.service, with)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if err := sameAccount(reading, s, p); err != nil {
		return err
	}
	if err := s.accountLock(reading, p.Account.ID, a.owner(command, r.id), o.service.lockTimeout); err != nil {
		return err
	}
	a.finishEnded(reading, s.state, s.server.key(), p.Account.ID)
	if err := s.claimRun(a, r, p, command); err != nil {
		return err
	}
	j, prior, err := a.reopen(s, r, p)
	if err != nil {
		return err
	}
	if err := o.exec.arm(ctx, a, stops); err != nil {
		return errors.Join(err, j.Close())
	}
	work := &carry{app: a, session: s, run: r, plan: p, prior: prior, journal: j, stops: stops, json: o.json, abandon: command == "abandon", places: o.places, ended: o.ended, command: command}
	return work.do(ctx, o.exec.options(termsOf(p, prior), s.server.scale, stops.stop), what)
}

// findRun finds a run and reads its plan and journal.
func (a *app) findRun(arg string) (runFolder, *plan.Plan, journal.State, error) {
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return runFolder{}, nil, journal.State{}, err
	}
	r, err := a.openRunFolder(a.runsDir, st, arg)
	if err != nil {
		return runFolder{}, nil, journal.State{}, err
	}
	p, state, err := loadRun(r)
	return r, p, state, err
}

// serverOf is the server that a run is about: its journal says so, or, where
// that holds no record, the index.
func (a *app) serverOf(r runFolder, prior journal.State) (key string, scale float64, err error) {
	if prior.Run != nil {
		return prior.Run.Server, prior.Run.Scale, nil
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return "", 0, err
	}
	entry, _, err := st.entryOfID(r.id)
	return entry.Server, entry.Scale, err
}

// claimRun makes sure that this is the account's only open run, and that the
// index knows where it lies: it does not if the run was begun on another
// machine, or its folder moved or copied.
func (s *session) claimRun(a *app, r runFolder, p *plan.Plan, command string) error {
	if err := s.state.refuseOpenRun(s.server.key(), p.Account.ID, r.id); err != nil {
		return err
	}
	entry, ok, err := s.state.entryOfID(r.id)
	if err != nil {
		return err
	}
	if !ok {
		return s.state.putEntry(s.newEntry(r, p, command, a.now()))
	}
	if err := s.state.refuseOlderCopy(entry, r); err != nil {
		return err
	}
	if entry.Server == s.server.key() && entry.Folder == r.dir {
		return nil
	}
	entry.Server, entry.Folder = s.server.key(), r.dir
	return s.state.putEntry(entry)
}

// reopen opens the run's journal to go on with it.
func (a *app) reopen(s *session, r runFolder, p *plan.Plan) (*journal.Journal, journal.State, error) {
	j, prior, err := journal.Open(r.journal(), journal.Options{Run: a.runRecord(s, r, p)})
	if err != nil {
		err = fmt.Errorf("go on with run %s: %w", r.id, err)
		if _, ok := errors.AsType[*journal.BrokenError](err); ok {
			err = withHint(err, r.resumeHint()) // once there is room again
		}
		return nil, journal.State{}, err
	}
	return j, prior, nil
}
