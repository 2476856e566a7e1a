package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"provision/executor"
	"provision/executor/watch"
	"provision/plan"
	"provision/rcclient"
)

// followEvery is how often another process's run is looked at, wishPatience how
// long a wish may lie there before it is taken back. Wall time.
const (
	followEvery  = time.Second
	wishPatience = 10 * time.Second
)

// of is the tally of a group of the run that is shown.
func (p *progress) of(g rcclient.Group) groupTally {
	s := p.far.Load()
	if s == nil {
		return p.tally.of(g)
	}
	for _, one := range s.Groups {
		if one.Name == string(g) {
			return groupTally{total: one.Changes, done: one.Done, failed: one.Failed}
		}
	}
	return groupTally{}
}

// all adds the groups of the run that is shown up.
func (p *progress) all() groupTally {
	if s := p.far.Load(); s != nil {
		return groupTally{total: s.Changes, done: s.Done, failed: s.Failed}
	}
	return p.tally.all()
}

// farPicture is a status as the display takes it.
func farPicture(s watch.Status) executor.Progress {
	span := func(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
	p := executor.Progress{
		Total: s.Changes, Landed: s.Landed, Doubt: s.InDoubt, Left: s.Left, Failed: s.Failed, Addresses: s.Awaiting,
		Stopping: s.State == watch.StateStopping, Paused: s.State == watch.StatePaused, Elapsed: span(s.ElapsedSeconds), ETA: span(s.ETASeconds),
		Groups: map[rcclient.Group]executor.GroupProgress{},
	}
	for _, g := range s.Groups {
		p.Groups[rcclient.Group(g.Name)] = executor.GroupProgress{
			Total: g.Changes, Queued: g.Ready, InFlight: g.InFlight, Used: g.Used, Allowed: g.Allowed, Window: span(g.WindowSeconds), Next: span(g.NextSeconds),
		}
	}
	for _, w := range s.Waits {
		group := p.Groups[rcclient.Group(w.Group)]
		group.Penalty = group.Penalty || w.Reason == executor.WaitPenalty
		p.Groups[rcclient.Group(w.Group)] = group
		p.Waits = append(p.Waits, executor.Wait{Reason: w.Reason, Group: rcclient.Group(w.Group), Count: w.Changes, For: span(w.Seconds)})
	}
	return p
}

// lives reports whether a process works on the run: its lock tells on this
// machine, its last status elsewhere, and in the moments around the lock.
func (s stateFolder) lives(info runInfo, last watch.Status, now time.Time) bool {
	if _, ok := s.worksOn(info.Server, info.Account, info.Run); ok {
		return true
	}
	if last.Run != info.Run || last.State == watch.StateEnded {
		return false
	}
	patience := watch.Silent
	if host, err := os.Hostname(); err == nil && host == last.Host {
		patience = 5 * watch.Every
	}
	return now.Sub(last.Written) < patience
}

// follow shows another process's run until it ends, and then what came of it.
func (a *app) follow(ctx context.Context, st stateFolder, r runFolder, asJSON bool) error {
	info, p, _ := inspectRun(st, r)
	if p == nil {
		return withHint(fmt.Errorf("run %s cannot be followed: %s", r.id, info.status()), `list runs with "provision runs"`)
	}
	stops := catchSignals(a.log, func(string) {}, leave)
	defer stops.end()
	ctx, cancel := stops.context(ctx)
	defer cancel()
	last, err := a.followLive(ctx, st, r, info, p, asJSON)
	switch {
	case stops.stopped():
		return nil // who looked goes; the run goes on
	case err != nil:
		return err
	}
	if !asJSON {
		if err := a.showRun(st, r, false); err != nil {
			return err
		}
	}
	if info, _, _ := inspectRun(st, r); info.Status == statusOpen && last.State != watch.StateEnded {
		return &failure{kind: kindPartial, hint: r.resumeHint(), err: fmt.Errorf("no process works on run %s: %s; %s left", r.id, info.Why, changesAre(info.Left))}
	}
	return nil
}

// followLive shows the run while it lives, and gives its last status.
func (a *app) followLive(ctx context.Context, st stateFolder, r runFolder, info runInfo, p *plan.Plan, asJSON bool) (watch.Status, error) {
	last, err := watch.Read(r.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		a.log.Debug().Err(err).Msg("status")
	}
	if !st.lives(info, last, a.now()) {
		return last, nil
	}
	var show *progress
	if !asJSON {
		show = a.startFollowing(p, last)
		defer func() { show.end() }()
	}
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		if s, err := watch.Read(r.dir); err == nil && s.Run == r.id {
			last = s
		}
		if asJSON {
			if err := enc.Encode(last); err != nil {
				return last, fmt.Errorf("write JSON: %w", err)
			}
		} else {
			seen := last
			show.far.Store(&seen)
		}
		if !st.lives(info, last, a.now()) {
			return last, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return last, nil
		}
	}
}

// wish leaves a wish for the process that works on a run, and waits until it is
// followed.
func (a *app) wish(ctx context.Context, st stateFolder, r runFolder, w watch.Wish) error {
	info, p, _ := inspectRun(st, r)
	last, err := watch.Read(r.dir)
	if err != nil {
		last = watch.Status{}
	}
	if p == nil || !st.lives(info, last, a.now()) {
		return refusedf("", "no process works on run %s: %s", r.id, info.status())
	}
	who := a.owner("", "")
	w.By, w.At = fmt.Sprintf("%s, pid %d on %s", userName(a.env), who.PID, who.Host), a.now()
	path, err := watch.Send(r.dir, w)
	if err != nil {
		return err
	}
	tick := time.NewTicker(wishEvery)
	defer tick.Stop()
	followed := fmt.Sprintf("run %s follows: %s", r.id, w.Kind)
	for until := a.now().Add(wishPatience); a.now().Before(until); {
		if !fileExists(path) {
			a.say(followed)
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), os.Remove(path))
		}
	}
	if err := os.Remove(path); errors.Is(err, os.ErrNotExist) {
		a.say(followed) // at the last moment
		return nil
	}
	return fmt.Errorf("the process of run %s did not follow within %s: it may hang", r.id, wishPatience)
}

// userName is who works at the machine, as the environment says.
func userName(env environ) string {
	if name := env.first("USER", "USERNAME", "LOGNAME"); name != "" {
		return name
	}
	return "somebody"
}
