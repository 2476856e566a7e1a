package executor

import (
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// takeUp puts every change where the journal says it stands.
func (r *run) takeUp(prior journal.State) {
	for _, n := range r.nodes {
		id := n.c.ID
		n.attempt = prior.Attempts[id]
		out, ok := prior.Outcomes[id]
		if ok {
			n.out = out
			r.claim(n)
			r.count.change("", out.Status, n)
		} else {
			r.count.change("", journal.Pending, n)
		}
		open, inDoubt := prior.Open[id]
		switch {
		case inDoubt:
			r.takeUpDoubt(n, open)
		case !ok:
		case out.Status == journal.Sent:
			n.phase, n.since = landed, r.anchor(out.Ended)
		case out.Status.Final():
			n.phase = final
			if r.mode == modeVerify && unconfirmed(out.Status) {
				n.phase, n.since = landed, r.anchor(out.Ended)
			}
		}
	}
	r.takeUpMoves()
}

// takeUpMoves notes what the swaps of earlier processes moved.
func (r *run) takeUpMoves() {
	for _, n := range r.nodes {
		if n.c.Kind != plan.KindSwap || n.out.DeviceID == "" || !n.out.Status.Succeeded() || n.out.Status == journal.NoOp {
			continue
		}
		if source, ok := r.resolve(n.c.Swap().Source); ok {
			r.noteMove(n, source, plan.DeviceID(n.out.DeviceID), r.anchor(n.out.Ended))
		}
	}
}

// noteMove notes that a swap put the target in the source's place, and the
// source in the target's.
func (r *run) noteMove(n *node, source, target plan.DeviceID, at time.Time) {
	for _, m := range [][2]plan.DeviceID{{source, target}, {target, source}} {
		if !r.moved[m[0]].at.After(at) {
			r.moved[m[0]] = move{by: n, at: at, inPlace: m[1]}
		}
	}
	r.view.own[target] = n.c.ID
	if n.c.Swap().TargetOn == "" {
		r.view.own[source] = n.c.ID
	}
}

// takeUpDoubt takes up an intent whose outcome nobody saw, or that was in doubt.
// The settle time counts from this process's begin. The journal's times are of
// the wall clock: if that was put forward since, a call that may still take
// effect would look hours old, and be sent again.
func (r *run) takeUpDoubt(n *node, open journal.OpenIntent) {
	n.phase, n.since = doubtful, r.began
	n.known = open.Known[n.c.ID]
	n.device = plan.DeviceID(open.Devices[n.c.ID])
	n.began = open.At
}

// anchor ties a time of the journal to this process's monotonic clock, so that
// a wall clock that is put forward later does not make a reading look late
// enough. What seems to lie ahead is now. No call is sent again on its
// strength: a clock that was put forward between two processes makes it wrong.
func (r *run) anchor(t time.Time) time.Time {
	return r.began.Add(-max(r.began.Round(0).Sub(t), 0))
}

// unconfirmed reports whether "verify" looks again at a change of this status.
func unconfirmed(s journal.Status) bool {
	switch s {
	case journal.AddressPending, journal.AddressInvalid, journal.AddressDiffers, journal.AddressUnchecked:
		return true
	case journal.Applied, journal.NoOp, journal.Failed, journal.Stale, journal.Blocked, journal.Ambiguous,
		journal.Pending, journal.Sent, journal.InDoubt, journal.NotSent:
		return false
	}
	return false
}

// claim notes the devices that the change made or moved as the run's own.
func (r *run) claim(n *node) {
	if n.out.DeviceID != "" && (n.c.Kind == plan.KindAdd || n.c.Kind == plan.KindSwap) {
		r.view.own[plan.DeviceID(n.out.DeviceID)] = n.c.ID
	}
	if n.out.Status == journal.NoOp {
		return // its slots were there before
	}
	for _, id := range n.out.DeviceIDs {
		r.view.own[plan.DeviceID(id)] = n.c.ID
	}
}

// start puts the changes to work: what is open is watched, what is ready is
// queued, what waits for something that has ended already is let go.
func (r *run) start() {
	for _, n := range r.nodes {
		switch n.phase {
		case landed:
			since := n.since
			r.watch(n, since)
			r.noteOwn(n, since)
		case doubtful:
			r.watch(n, n.since)
			r.lock(n, r.lockNames(n))
			r.noteOwn(n, n.since)
		case final:
			if n.attempt > 0 && n.out.Status.Succeeded() {
				r.noteOwn(n, r.anchor(n.out.Ended))
			}
		case waiting, queued, sending, settling:
		}
	}
	for _, n := range r.nodes {
		if n.phase == landed || n.phase == final {
			r.release(n)
		}
	}
	for _, n := range r.nodes {
		if n.phase == waiting && n.waits == 0 {
			n.phase = queued
			r.enqueue(n)
		}
	}
}

// noteOwn marks the objects of a change, and what it made, as touched by the
// run then: a reading too soon after may not show it.
func (r *run) noteOwn(n *node, at time.Time) {
	o := r.objectsOf(n)
	o.dev(plan.DeviceID(n.out.DeviceID))
	for _, id := range n.out.DeviceIDs {
		o.dev(plan.DeviceID(id))
	}
	if n.c.Swap() != nil {
		source, _ := r.resolve(n.c.Swap().Source)
		target, _ := r.resolve(n.c.Swap().Target)
		o.dev(source)
		o.dev(target)
	}
	for _, id := range o.exts {
		if e := r.view.ext(id); at.After(e.own) {
			e.own = at
		}
	}
	for _, id := range o.devs {
		if d := r.view.device(id); at.After(d.own) {
			d.own = at
		}
	}
}
