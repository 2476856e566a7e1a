package main

import (
	"fmt"
	"sync"
	"time"

	"provision/executor"
	"provision/executor/journal"
	"provision/executor/watch"
	"provision/rcclient"
)

// wishEvery is how often a run looks for wishes. Wall time.
const wishEvery = 250 * time.Millisecond

// noteControl is the code of the journal's note of a wish that was followed.
const noteControl = "control"

// steering shows other processes how this one's run goes, and follows their
// wishes.
type steering struct {
	carry *carry
	show  *progress
	exec  *executor.Executor

	mu     sync.Mutex // of what follows, and so that the last picture taken is the last one written
	share  float64    // of the limits, now
	silent bool       // the status could not be written, which was said
}

// steer begins to do so. What it returns ends it; it must be called before the
// journal is closed.
func (c *carry) steer(show *progress, e *executor.Executor) (end func()) {
	s := &steering{carry: c, show: show, exec: e, share: c.session.quota}
	if err := watch.Clear(c.run.dir); err != nil {
		c.app.log.Warn().Err(err).Msg("wishes for a process before this one could not be taken away")
	}
	s.tell("")
	signals, forget := statusSignals()
	stopWishes := show.every(wishEvery, func() {
		s.follow()
		select {
		case <-signals:
			c.app.warn("run " + c.run.id + ": " + s.words())
		default:
		}
	})
	stopStatus := show.every(watch.Every, func() { s.tell("") })
	return func() {
		stopWishes()
		stopStatus()
		forget()
	}
}

// tellEnd leaves the last status of a run whose process ends.
func (c *carry) tellEnd(show *progress, exit string) {
	(&steering{carry: c, show: show, share: c.session.quota}).tell(exit)
}

// tell writes the status. That it can't be written harms nobody but who looks.
func (s *steering) tell(exit string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := watch.Write(s.carry.run.dir, s.status(exit)); err != nil && !s.silent {
		s.silent = true
		s.carry.app.log.Warn().Err(err).Msg("how the run goes can't be seen from outside")
	}
}

// words is the status as a line.
func (s *steering) words() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status("").Words()
}

// status is how the run goes; the caller holds mu.
func (s *steering) status(exit string) watch.Status {
	who := s.carry.app.owner("", "")
	now, all := s.show.picture(), s.show.all()
	st := watch.Status{
		Run: s.carry.run.id, State: watch.StateWorking, PID: who.PID, Host: who.Host, Written: s.carry.app.now().UTC(), Exit: exit,
		Changes: all.total, Done: all.done, Failed: all.failed, InDoubt: now.Doubt, Landed: now.Landed, Left: now.Left, Awaiting: now.Addresses,
		ElapsedSeconds: now.Elapsed.Seconds(), ETASeconds: now.ETA.Seconds(), QuotaShare: s.share,
	}
	switch {
	case exit != "":
		st.State, st.ETASeconds = watch.StateEnded, 0
	case now.Stopping:
		st.State = watch.StateStopping
	case now.Paused:
		st.State = watch.StatePaused
	}
	for _, g := range []rcclient.Group{rcclient.GroupHeavy, rcclient.GroupMedium, rcclient.GroupLight} {
		gp, t := now.Groups[g], s.show.of(g)
		st.Groups = append(st.Groups, watch.Group{
			Name: string(g), Changes: t.total, Done: t.done, Failed: t.failed, Ready: gp.Queued, InFlight: gp.InFlight,
			Used: gp.Used, Allowed: gp.Allowed, WindowSeconds: gp.Window.Seconds(), NextSeconds: gp.Next.Seconds(),
		})
	}
	if exit == "" {
		for _, w := range now.Waits {
			st.Waits = append(st.Waits, watch.Wait{Reason: w.Reason, Group: string(w.Group), Changes: w.Count, Seconds: w.For.Seconds()})
		}
	}
	return st
}

// follow takes the wishes that were left, journals them and does as they say.
func (s *steering) follow() {
	a := s.carry.app
	wishes, err := watch.Take(s.carry.run.dir)
	if err != nil {
		a.log.Warn().Err(err).Msg("a wish for the run is not followed")
	}
	for _, w := range wishes {
		text := s.obey(w)
		a.say("run " + s.carry.run.id + ": " + text)
		a.log.Info().Str("code", noteControl).Msg(text)
		note := &journal.Note{Code: noteControl, Text: text, Data: map[string]string{"kind": string(w.Kind), "by": w.By}}
		if err := s.carry.journal.Append(journal.Record{Type: journal.TypeNote, Note: note}); err != nil {
			a.log.Warn().Err(err).Msg("the wish could not be journaled") // the executor finds out that the journal is broken
		}
		s.tell("")
	}
}

// obey does as a wish says, and says what was done.
func (s *steering) obey(w watch.Wish) string {
	by := " on request of " + oneLine(w.By)
	switch w.Kind {
	case watch.Pause:
		s.exec.Pause("paused" + by)
		return "paused" + by
	case watch.Continue:
		s.exec.Continue("continued" + by)
		return "continued" + by
	case watch.Stop:
		s.carry.stops.stopNow("asked for by " + oneLine(w.By))
		return "stopping" + by
	case watch.Slower:
		// What is above the share that the process began with may be another's.
		share := min(w.Share, s.carry.session.quota)
		if err := s.carry.session.client.SetQuotaShare(share); err != nil {
			return fmt.Sprintf("not slowed%s: %v", by, err)
		}
		s.slowed(share)
		s.exec.Wake()
		return fmt.Sprintf("uses %g of the rate limits now%s", share, by)
	}
	return fmt.Sprintf("%q%s is not known", w.Kind, by)
}

// slowed notes the share that is used from now on.
func (s *steering) slowed(share float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.share = share
}
