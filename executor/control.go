package executor

import (
	"slices"
	"time"

	"provision/executor/journal"
	"provision/rcclient"
)

// Pause makes a run that works begin nothing new until [Executor.Continue],
// but for the emergency half of swaps already made. What was sent is read back
// and settled meanwhile, and addresses are waited for. why is told to the
// observer. It may be called from any goroutine, before and after the run too,
// where it does nothing.
func (e *Executor) Pause(why string) { e.control(func(r *run) { r.pause(true, why) }) }

// Continue ends a pause.
func (e *Executor) Continue(why string) { e.control(func(r *run) { r.pause(false, why) }) }

// Wake makes a run look again at once at what it may send, as after the share
// of the limits was changed.
func (e *Executor) Wake() { e.control(func(*run) {}) }

// control hands a wish to the loop.
func (e *Executor) control(f func(*run)) {
	select {
	case e.controls <- f:
	default: // nobody works, or so many wishes wait that this one is not missed
	}
}

func (r *run) pause(on bool, why string) {
	if r.paused == on || r.mode != modeRun {
		return
	}
	r.paused = on
	if on {
		r.obs.Note("paused", why)
		return
	}
	r.obs.Note("continued", why)
}

// holdOn keeps the loop turning in a pause while something is left to be sent.
func (r *run) holdOn(now time.Time) {
	if r.paused && !r.stopping && r.count.toSend > 0 {
		r.wakeAt(now.Add(time.Hour)) // a wish wakes it
	}
}

// Reasons for which a run waits.
const (
	WaitPaused    = "paused"    // somebody paused it
	WaitLimit     = "limit"     // a group's limit
	WaitPenalty   = "penalty"   // the service refused a call for its rate
	WaitTrouble   = "trouble"   // a group rests, as its calls failed
	WaitSettling  = "settling"  // it is to be seen what became of calls in doubt
	WaitAddresses = "addresses" // emergency addresses are being validated
)

// Wait is one thing that a run waits for.
type Wait struct {
	Reason string
	Group  rcclient.Group // empty: of no group
	Count  int            // changes that wait; 0: not counted
	For    time.Duration  // service time, at most; 0: not known
}

// shortWait is from when on a wait for a limit is worth a word, in service time.
const shortWait = time.Second

// waits are what the run waits for, in the order of the reasons.
func (r *run) waits(p *Progress, now time.Time) (all []Wait) {
	if r.paused && !r.stopping {
		all = append(all, Wait{Reason: WaitPaused, Count: p.Left})
	}
	service := func(t time.Time) time.Duration { return max(0, r.opts.Scale.Service(t.Sub(now))) }
	for _, g := range []rcclient.Group{rcclient.GroupHeavy, rcclient.GroupMedium, rcclient.GroupLight} {
		gp, t := p.Groups[g], r.troubles[g]
		switch {
		case t != nil && t.row >= troubleAfter && now.Before(t.until):
			all = append(all, Wait{Reason: WaitTrouble, Group: g, Count: gp.Queued, For: service(t.until)})
		case gp.Penalty:
			all = append(all, Wait{Reason: WaitPenalty, Group: g, Count: gp.Queued, For: gp.Next})
		case gp.Queued > 0 && gp.Next >= shortWait && !r.paused:
			all = append(all, Wait{Reason: WaitLimit, Group: g, Count: gp.Queued, For: gp.Next})
		}
	}
	if p.Doubt > 0 {
		all = append(all, Wait{Reason: WaitSettling, Count: p.Doubt, For: service(r.settledBy())})
	}
	if p.Addresses > 0 {
		all = append(all, Wait{Reason: WaitAddresses, Count: p.Addresses})
	}
	return slices.Clip(all)
}

// settledBy is when the last change in doubt can be told at the latest.
func (r *run) settledBy() (at time.Time) {
	for _, n := range r.open {
		if n.out.Status == journal.InDoubt || n.phase == doubtful {
			if t := n.since.Add(r.wall(r.opts.Settle)); t.After(at) {
				at = t
			}
		}
	}
	return at
}
