package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"provision/cmd/provision/exitcode"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/cmd/provision/inbox"
)

type inboxOptions struct {
	dir       string
	run       runOptions
	once      bool
	watch     bool
	stableFor time.Duration
	interval  time.Duration
	repeatsOK bool
	json      bool
	listen    string
	flags     *pflag.FlagSet
}

func newInboxCmd(a *app, run func(context.Context, *app, inboxOptions) error) *cobra.Command {
	var o inboxOptions
	cmd := &cobra.Command{
		Use:   "inbox DIR",
		Short: "carry out the sheets that arrive in a folder, with nobody watching",
		Long: `inbox takes sheets out of a folder in the order in which they arrived, each as soon
as it is complete, and carries it out as "run --unattended" does. A sheet goes
through DIR/working to DIR/done, to DIR/held (nothing was sent of it: a guard, errors
in the sheet, a repeat), or to DIR/partial (something is left over), with a file
NAME.result.json and what else helps beside it. A process that dies at any instant
loses and repeats nothing: the next one goes on where it stopped.

The exit code is the gravest of the sheets', in the order 1, 3, 4, 5, 130, 6, 0: so
0 says that all that was there is done.` +
			exitHelp(exitOK, exitError, exitSheet, exitRefused, exitStale, exitPartial, exitInterrupted),
		Example: `  provision inbox /var/lib/provision/onboarding/inbox --profile onboarding --once --lock-timeout 10m
  provision inbox /srv/sheets --watch --interval 30s --profile nightly
  provision inbox ./inbox --server sim:account.json --stable-for 1s --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	o.register(cmd)
	return cmd
}

func (o *inboxOptions) register(cmd *cobra.Command) {
	o.run.service.register(cmd)
	o.run.plan.register(cmd)
	o.run.exec.register(cmd)
	o.run.approval.register(cmd.Flags())
	o.run.unattended.registerShared(cmd)
	o.flags = cmd.Flags()
	flags := o.flags
	flags.StringVar(&o.listen, metricsListenFlag, "", "serve metrics at this address while --watch goes on, as 127.0.0.1:9464")
	flags.Var(&o.run.view.redact, "redact", "mask the addresses where people live in the plan pages of held sheets")
	flags.BoolVar(&o.run.skipBadRows, "skip-bad-rows", false, "apply the good rows of a sheet that has rows in error")
	flags.BoolVar(&o.once, "once", false, "end when all that is there was worked on (the default)")
	flags.BoolVar(&o.watch, "watch", false, "go on until a signal or --stop-at")
	flags.DurationVar(&o.interval, "interval", 15*time.Second, "how often --watch looks")
	flags.DurationVar(&o.stableFor, "stable-for", 5*time.Second, "a file is complete that has not changed for this long")
	flags.BoolVar(&o.repeatsOK, "repeats-ok", false, "carry out a sheet of the same content as one of before, which is held otherwise")
	flags.BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text; not with --watch")
}

func (o *inboxOptions) check(now time.Time) error {
	o.run.unattended.on, o.run.autoApprove = true, true
	switch {
	case o.once && o.watch:
		return usagef("--once and --watch exclude each other")
	case o.watch && o.json:
		return usagef("--json is for --once: with --watch the log tells each sheet")
	case o.listen != "" && !o.watch && o.flags.Lookup(metricsListenFlag).Annotations[standingAnnotation] == nil:
		return usagef("--%s is for --watch", metricsListenFlag)
	case o.stableFor < 0:
		return usagef("--stable-for %s is negative: want a duration, as 5s", o.stableFor)
	case o.interval <= 0:
		return usagef("--interval %s: want a duration above 0, as 15s", o.interval)
	}
	info, err := os.Stat(o.dir)
	if err != nil || !info.IsDir() {
		return withHint(usagef("%s is no folder", o.dir), "make it, or name the folder that sheets are put into")
	}
	if o.dir, err = filepath.Abs(o.dir); err != nil {
		return fmt.Errorf("find inbox: %w", err)
	}
	return o.run.check(now)
}

func runInbox(ctx context.Context, a *app, o inboxOptions) (err error) {
	out := inbox.Summary{}
	a.last = func(err error) { a.logInbox(o.dir, out, err) }
	if err := o.check(a.now()); err != nil {
		return err
	}
	stops, end := a.catchSignals()
	defer end()
	a.stops = stops
	waiting, cancel := stops.context(ctx)
	defer cancel()
	if o.watch && o.listen != "" {
		unserve, err := a.serveMetrics(ctx, o.listen, inbox.LongestPause(o.interval)+stuckAfter)
		if err != nil {
			return err
		}
		defer unserve(ctx)
	}
	l, err := a.lockInbox(waiting, o.dir, o.run.service.lockTimeout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.release()) }()
	if err := o.run.exec.arm(ctx, a, stops); err != nil {
		return err
	}
	revoke := a.keepTokens(&o.run.service)
	defer revoke(ctx)
	box := a.newInbox(ctx, stops, &o)
	work := box.Once
	if o.watch {
		work = box.Watch
	}
	out, err = work(ctx)
	if stops.stopped() && len(out.Behind) > 0 {
		out.ExitCode = exitcode.Worse(out.ExitCode, exitInterrupted)
	}
	if o.json {
		err = errors.Join(err, writeJSON(a.stdout, out))
	} else {
		a.sayLeft(out)
	}
	return errors.Join(err, inboxVerdict(o.dir, out))
}

// newInbox is the inbox of the options. What comes of its sheets is told.
func (a *app) newInbox(ctx context.Context, stops *interrupts, o *inboxOptions) *inbox.Inbox {
	return inbox.New(inbox.Options{
		Dir: o.dir, Carrier: newInboxCarrier(a, o.run), Files: inbox.OS{},
		StableFor: o.stableFor, Interval: o.interval, RepeatsOK: o.repeatsOK,
		Now: a.now, Sleep: stops.sleep, Stopped: stops.stopped,
		Looked: func() {
			if p := a.page(); p != nil {
				p.Looked(a.now())
			}
		},
		Told: func(e inbox.Event) {
			a.heard(ctx, e, !o.json)
			if e.Kind == inbox.SheetDone || e.Kind == inbox.SheetPartial {
				a.sealEnded(ctx) // its papers were made, and it has its place
			}
		}, Warn: a.warn,
	})
}

// stuckAfter is how much longer than its pauses an inbox may be between two looks
// that is alive.
const stuckAfter = time.Minute

// inboxVerdict is how the command ends.
func inboxVerdict(dir string, out inbox.Summary) error {
	if out.ExitCode == exitOK {
		return nil
	}
	text, hint := "the inbox "+dir+": "+inboxCounts(out), ""
	switch {
	case out.Places[inbox.Stay] > 0:
		hint = "the sheet in " + filepath.Join(dir, string(inbox.Stay)) + " is gone on with next time"
	case out.Places[inbox.Held]+out.Places[inbox.Partial] > 0:
		hint = "look at the .result.json files beside the sheets: they say what to do"
	}
	k, ok := kindOfCode(out.ExitCode)
	if !ok {
		k = kindUsage
	}
	return &failure{kind: k, err: errors.New(text), hint: hint}
}

// inboxLock is the lock's file in an inbox.
const inboxLock = ".provision/lock"

// lockInbox keeps other processes away from an inbox.
func (a *app) lockInbox(ctx context.Context, dir string, timeout time.Duration) (*lock, error) {
	path := filepath.Join(dir, filepath.FromSlash(inboxLock))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, withHint(fmt.Errorf("lock inbox: %w", err), "let this user write into the inbox's folder")
	}
	l := &lock{file: flock.New(path, flock.SetPermissions(0o600)), owner: path + ".owner"}
	ok, err := wait(ctx, timeout, l.file.TryLock, l.file.TryLockContext)
	if err == nil && !ok {
		err = withHint(fmt.Errorf("%w on the inbox %s: %s", errLockHeld, dir, l.holder()), "wait for it with --lock-timeout 10m")
	}
	if err == nil {
		err = l.tell(a.owner("inbox", ""))
	}
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}
