package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"provision/cmd/provision/config"
	"provision/cmd/provision/inbox"
	"provision/cmd/provision/notify"
	"provision/cmd/provision/telemetry"
	"provision/cmd/provision/unattended"
	"provision/executor"
	"provision/executor/report"
	"provision/plan"
)

// How long people are told at most, in wall time: with all tries, and where
// somebody waits for the process to end.
const (
	tellingTime    = 5 * time.Minute
	tellingStopped = 20 * time.Second
)

// newTeller is who tells people of the profile; nil: nobody.
func (a *app) newTeller() *notify.Teller {
	if a.profile == nil {
		return nil
	}
	n := a.profile.Notifications
	resolver := config.Resolver{Env: a.getenv, Keyring: config.SystemKeyring}
	return notify.New(n, notify.Options{
		Profile: a.profile.Name, Version: version, Resolve: resolver.Resolve,
		Env: a.hookEnv(), Log: a.log, Now: a.now,
	})
}

// secretVariables are the variables that any profile takes secrets from.
func secretVariables(file *config.File) map[string]bool {
	names := map[string]bool{}
	for _, p := range file.Profiles {
		all := []*config.Secret{p.ClientID, p.ClientSecret, p.JWT, p.MetricsPush.User, p.MetricsPush.Password, p.MetricsPush.Token}
		for i := range p.Notifications.Webhooks {
			all = append(all, p.Notifications.Webhooks[i].URL, p.Notifications.Webhooks[i].Secret)
		}
		for _, s := range all {
			if s != nil {
				names[s.Env] = true
			}
		}
	}
	return names
}

// hookEnv is the environment of hooks: this process's, without the program's
// own variables, those of telemetry, and without what profiles take secrets from.
func (a *app) hookEnv() []string {
	var env []string
	for name, value := range a.env {
		if !a.secretEnv[name] && !strings.HasPrefix(name, "RC_") && !strings.HasPrefix(name, "PROVISION_") && !strings.HasPrefix(name, "OTEL_") {
			env = append(env, name+"="+value)
		}
	}
	slices.Sort(env)
	return env
}

// telling bounds the telling; it goes on when the command is broken off, as that
// is told too.
func telling(ctx context.Context, stopped bool) (context.Context, context.CancelFunc) {
	limit := tellingTime
	if stopped {
		limit = tellingStopped
	}
	return context.WithTimeout(context.WithoutCancel(ctx), limit)
}

// memory is who was told of a run. One that can't be read is none, and said: to
// be told twice is better than never.
func (a *app) memory(dir string) *notify.Memory {
	m, err := notify.OpenMemory(dir)
	if err != nil {
		a.log.Warn().Err(err).Msg("it is not known who was told of the run")
	}
	return m
}

// notifyStart tells that a run begins, beside the work: a receiver that hangs
// holds nothing up. The result waits for that, after a stop not for long.
func (c *carry) notifyStart(ctx context.Context) (wait func()) {
	a := c.app
	if !a.teller.Wants(config.EventStart) || c.command == "verify" || c.abandon || len(unsettled(c.plan, c.prior)) == 0 {
		return func() {}
	}
	ctx, cancel := telling(ctx, false)
	m := a.startMessage(c.run, c.plan, len(unsettled(c.plan, c.prior)))
	c.told = a.memory(c.run.dir)
	done := make(chan struct{})
	go func() {
		defer recoverTo(a.log)
		defer close(done)
		a.teller.Tell(ctx, m, c.told)
	}()
	return func() {
		if c.stops.stopped() {
			defer time.AfterFunc(tellingStopped, cancel).Stop()
		}
		<-done
		cancel()
	}
}

// startMessage says that a run with so many changes begins, or goes on with them.
func (a *app) startMessage(r runFolder, p *plan.Plan, changes int) *notify.Message {
	return &notify.Message{
		Event: config.EventStart, Outcome: notify.OutcomeStarted, Time: a.now(), Run: r.id, Sheets: sheetNames(p),
		Changes: map[string]int{string(report.Pending): changes}, Private: notify.Private{Folder: r.dir},
	}
}

// notifyEnd tells how the work on a run ended. What failed is left to an
// unattended run to tell: it may try again.
func (c *carry) notifyEnd(ctx context.Context, rep *report.Report, err error, left int) {
	a := c.app
	if a.teller == nil || c.command == "verify" {
		return
	}
	m := a.endMessage(c.run, c.plan, rep, err, left)
	if m.Event == config.EventFailed && c.ended != nil {
		return
	}
	a.told = true
	ctx, cancel := telling(ctx, c.stops.stopped())
	defer cancel()
	if c.told == nil {
		c.told = a.memory(c.run.dir)
	}
	a.tellOf(ctx, ofRun{run: c.run, plan: c.plan, told: c.told}, m, left)
}

// ofRun is a run that people are told of, and who was told of it.
type ofRun struct {
	run  runFolder
	plan *plan.Plan
	told *notify.Memory
}

// tellOf tells a run's end, and that addresses are not confirmed if that is
// sure by now. Who was not told that it began, as its process died before, is
// told that first: the end of a run that nobody heard of is a riddle.
func (a *app) tellOf(ctx context.Context, of ofRun, m *notify.Message, left int) {
	if n := len(of.plan.Changes); n > 0 {
		a.teller.Tell(ctx, a.startMessage(of.run, of.plan, n), of.told)
	}
	a.teller.Tell(ctx, m, of.told)
	if m.Unconfirmed > 0 && left == 0 {
		address := *m
		address.Event, address.Outcome = config.EventAddress, string(config.EventAddress)
		a.teller.Tell(ctx, &address, of.told)
	}
}

// endMessage says how a run ended.
func (a *app) endMessage(r runFolder, p *plan.Plan, rep *report.Report, err error, left int) *notify.Message {
	m := &notify.Message{Time: a.now(), Run: r.id, Sheets: sheetNames(p), ExitCode: int(codeOf(err))}
	m.Changes, m.Rows = countsOf(rep)
	m.Event, m.Outcome = endEvent(err, left, len(p.Changes))
	m.Unconfirmed = len(rep.Concerns())
	m.Private = privateOf(err)
	m.Private.Folder = r.dir
	for i := range rep.Lines {
		l := &rep.Lines[i]
		switch {
		case l.Status.Good():
		case len(m.Private.Rows) == notify.MostRows:
			m.Private.More++
		default:
			m.Private.Rows = append(m.Private.Rows, notify.Row{
				Source: l.Source, Status: string(l.Status), Extension: l.Extension, Person: l.Person, Device: l.DeviceID, Number: l.Number, Message: l.Message,
			})
		}
	}
	return m
}

// endEvent is the event of a run's end, and the outcome in the words of an
// unattended run.
func endEvent(err error, left, changes int) (config.Event, string) {
	switch code := codeOf(err); {
	case code == exitOK && changes == 0:
		return config.EventDone, string(unattended.NoChanges)
	case code == exitOK:
		return config.EventDone, string(unattended.Done)
	case code == exitInterrupted:
		return config.EventPartial, notify.OutcomeInterrupted
	case code == exitPartial && left > 0:
		return config.EventPartial, notify.OutcomeUnfinished
	case code == exitPartial:
		return config.EventPartial, string(unattended.Partial)
	case code == exitStale && errors.Is(err, executor.ErrTooStale) && left == 0:
		return config.EventHeld, string(unattended.Stale)
	case code == exitStale:
		return config.EventPartial, string(unattended.Stale)
	}
	return config.EventFailed, string(unattended.Failed)
}

func privateOf(err error) notify.Private {
	if err == nil {
		return notify.Private{}
	}
	return notify.Private{Reason: oneLine(errorText(err)), Next: strings.Join(hintsOf(err), "; ")}
}

// sheetNames are the names of a plan's files, each once.
func sheetNames(p *plan.Plan) []string {
	var names []string
	for i := range p.Sheets {
		names = append(names, p.Sheets[i].File)
	}
	return baseNames(names)
}

func baseNames(paths []string) []string {
	var names []string
	for _, path := range paths {
		if name := filepath.Base(path); path != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// unbegun is what a command was about that began no run.
type unbegun struct {
	sheets     []string
	run        string
	unattended bool
}

// tellUnbegun tells that a command began no run, unless a person sits before it.
func (a *app) tellUnbegun(ctx context.Context, err error, u unbegun) {
	if a.teller == nil || a.told || err == nil || !u.unattended && isTerminal(a.stdin) && a.screen.tty {
		return
	}
	m := &notify.Message{Event: config.EventHeld, Time: a.now(), Run: u.run, Sheets: baseNames(u.sheets), ExitCode: int(codeOf(err)), Private: privateOf(err)}
	switch codeOf(err) {
	case exitSheet:
		m.Outcome = string(unattended.SheetErrors)
	case exitRefused:
		m.Outcome = string(unattended.Held)
	case exitStale:
		m.Outcome = string(unattended.Stale)
	case exitError:
		m.Event, m.Outcome = config.EventFailed, string(unattended.NotStarted)
	case exitOK, exitChanges, exitPartial, exitInterrupted:
		return // nothing went wrong, or who stopped it knows
	}
	a.tellNow(ctx, m, nil)
}

// tellNight tells what an unattended run did not tell yet: that it began no run,
// or that its run failed for good.
func (a *app) tellNight(ctx context.Context, sheets []string, r unattended.Result) {
	if a.teller == nil {
		return
	}
	a.told = true
	m := &notify.Message{
		Event: config.EventHeld, Outcome: string(r.Outcome), Time: a.now(), Run: r.Run, Sheets: baseNames(sheets), ExitCode: int(r.ExitCode),
		Cause: string(r.Cause), Changes: r.Changes, Rows: r.Rows, Private: notify.Private{Reason: r.Reason, Next: r.Next, Folder: r.Folder},
	}
	var memory *notify.Memory
	switch {
	case r.Outcome == unattended.Failed || r.Outcome == unattended.NotStarted:
		m.Event = config.EventFailed
		if r.Run != "" {
			memory = a.memory(r.Folder)
		}
	case r.Run != "" || r.Outcome == unattended.Interrupted || r.ExitCode == exitOK:
		return // the run was told of, or nothing was begun as somebody wished
	case r.Outcome == unattended.Partial || r.Outcome == unattended.Unfinished:
		m.Outcome = string(unattended.Held) // by a run of before, which is told of by itself
	}
	a.tellNow(ctx, m, memory)
}

// heard does all that an event of an inbox is for: metrics, log and text, and
// whoever is told.
func (a *app) heard(ctx context.Context, e inbox.Event, text bool) {
	var m *telemetry.Metrics
	if e.Kind != inbox.Started && e.Kind != inbox.AddressPending {
		if p := a.page(); p != nil {
			p.Sheet(string(e.Place))
		}
		m = a.endMetrics(e.ExitCode)
	}
	a.logEvent(e, text)
	a.leaveMetrics(ctx, m)
	a.tellInbox(ctx, e)
}

// tellInbox tells what became of an inbox's sheet, but what its run tells.
func (a *app) tellInbox(ctx context.Context, e inbox.Event) {
	m := &notify.Message{
		ID: e.ID, Event: config.EventHeld, Outcome: e.Outcome, Time: a.now(), Run: e.Run, Sheets: baseNames([]string{e.Sheet}), ExitCode: int(e.ExitCode),
		Changes: e.Changes, Rows: e.Rows, Private: notify.Private{Reason: oneLine(e.Reason), Next: e.Next, Folder: e.Folder},
	}
	var memory *notify.Memory
	switch e.Kind {
	case inbox.Failed:
		if m.Event = config.EventFailed; e.Run != "" && e.Folder != "" {
			memory = a.memory(e.Folder)
		}
	case inbox.SheetHeld:
	case inbox.Started, inbox.SheetDone, inbox.SheetPartial, inbox.Waiting, inbox.AddressPending:
		return
	}
	if a.teller != nil {
		a.tellNow(ctx, m, memory)
	}
}

func (a *app) tellNow(ctx context.Context, m *notify.Message, memory *notify.Memory) {
	ctx, cancel := telling(ctx, ctx.Err() != nil || a.stops != nil && a.stops.stopped())
	defer cancel()
	a.teller.Tell(ctx, m, memory)
}
