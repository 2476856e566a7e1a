package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"provision/plan"
	"provision/plan/snapshot"
)

type snapshotOptions struct {
	service serviceFlags
	out     string
	force   bool
}

func newSnapshotCmd(a *app, run func(context.Context, *app, snapshotOptions) error) *cobra.Command {
	var o snapshotOptions
	cmd := &cobra.Command{
		Use:   "snapshot -o FILE",
		Short: "save the account to plan from it offline",
		Long: `snapshot reads all that a plan may need of the account (extensions, devices,
numbers, sites, cost centers, emergency locations) into a file of mode 0600;
"plan --snapshot FILE" plans from it without asking the service. Names, numbers
and addresses are in it.` + exitHelp(exitOK, exitError, exitInterrupted),
		Example: `  provision snapshot -o account.snapshot
  provision plan onboarding.xlsx --snapshot account.snapshot -o plan.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), a, o) },
	}
	o.service.register(cmd)
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "the file to write (mode 0600)")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over a file that is there")
	return cmd
}

func runSnapshot(ctx context.Context, a *app, o snapshotOptions) (err error) {
	if o.out == "" {
		return withHint(usagef("no file was named"), "name one with -o FILE")
	}
	if err := refuseExisting(o.force, o.out); err != nil {
		return err
	}
	save, err := openSaved(o.out)
	if err != nil {
		return withHint(fmt.Errorf("save snapshot: %w", err), "name a file in a folder that can be written with -o")
	}
	defer save.discard()
	stops := catchSignals(a.log, a.say, leave)
	defer stops.end()
	reading, cancel := stops.context(ctx)
	defer cancel()
	s, err := a.connect(reading, o.service, connectOptions{command: "snapshot", readOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	s.waits.listen(a.tellLongWait)
	defer s.waits.listen(nil)
	live, err := snapshot.Take(reading, s.client, plan.EverythingNeeded(), snapshot.Options{
		Now:      a.now(),
		Progress: func(what string) { a.phase("reading: " + what) },
		Unread: func(ext plan.ExtensionID, err error) {
			a.warn(fmt.Sprintf("warning: the devices of the extension with id %s could not be read: %v", ext, err))
		},
	})
	if err != nil {
		return explainService(err)
	}
	saved := &plan.SavedSnapshot{Format: plan.SnapshotFormat, Program: version, Server: s.server.key(), Snapshot: live}
	if err := save.commit(func(w io.Writer) error { return plan.EncodeSnapshot(w, saved) }); err != nil {
		return fmt.Errorf("save snapshot %s: %w", o.out, err)
	}
	a.say(fmt.Sprintf("saved %s: account %s, %s, %s", o.out, live.Account.ID, count(len(live.Extensions), "extension"), count(len(live.Devices), "device")))
	return nil
}

// readSnapshot reads a saved snapshot and says how old it is.
func (a *app) readSnapshot(path string) (*plan.SavedSnapshot, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, withHint(fmt.Errorf("read snapshot: %w", err), `save one with "provision snapshot -o FILE"`)
	}
	defer func() { _ = f.Close() }()
	saved, err := plan.DecodeSnapshot(f)
	if errors.Is(err, plan.ErrSnapshotDamaged) && !beginsAsSnapshot(path) {
		return nil, withHint(usagef("%s", isNo(path, "saved snapshot")), noSnapshotHint(path))
	}
	if err != nil {
		return nil, withHint(fmt.Errorf("read snapshot %s: %w", path, err), `save it anew with "provision snapshot -o FILE"`)
	}
	a.say(fmt.Sprintf("planning from %s: account %s as it was at %s, %s ago", path, saved.Account.ID,
		saved.TakenAt.In(a.now().Location()).Format("2006-01-02 15:04 MST"), plan.Age(a.now().Sub(saved.TakenAt))))
	return saved, nil
}

// noSnapshotHint says how to get what --snapshot takes.
func noSnapshotHint(path string) string {
	hint := `save one with "provision snapshot -o FILE"`
	if whatIs(path) == isAccount {
		hint = "to plan from the simulated account: --server sim:" + path + "; " + hint
	}
	return hint
}

// planOffline compares the rows with a saved snapshot. The service is not
// asked; what was learned of its spelling of addresses is read from the state
// folder.
func (a *app) planOffline(d plan.Desired, f *planFlags, path string) (*plan.Plan, []plan.Breach, error) {
	saved, err := a.readSnapshot(path)
	if err != nil {
		return nil, nil, err
	}
	opts := f.options(a.now())
	opts.Offline = true
	s, err := a.offlineSession(saved.Server)
	if err != nil {
		return nil, nil, err
	}
	return a.compare(d, saved.Snapshot, s, f, opts)
}

// offlineSession is a session that has a state folder and nothing else.
func (a *app) offlineSession(serverKey string) (*session, error) {
	srv, err := parseServer(serverKey, 0)
	if err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return nil, err
	}
	return &session{server: srv, state: st, started: time.Time{}}, nil
}
