package executor

import (
	"slices"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// Progress is one consistent picture of a run. Durations are service time.
type Progress struct {
	Total   int // changes of the plan
	Done    int // final, whatever the status
	Landed  int // took effect, to be read back
	Doubt   int // in doubt
	Left    int // not begun, or to be sent again
	Failed  int // failed, stale, blocked or ambiguous
	Applied int // applied, addresses not confirmed included

	// Groups are the throttling groups of changes, and that of readings.
	Groups map[rcclient.Group]GroupProgress
	// Addresses are changes whose emergency address is awaited.
	Addresses int
	Stopping  bool
	Paused    bool
	// Waits are what the run waits for now.
	Waits   []Wait
	Elapsed time.Duration
	at, end time.Time // of the picture; of the run, as foretold
	scale   rcclient.Scale

	// ETA is how long it will take until the run's end: the last call, its
	// reading back, and the check of its address. Zero if nothing is left, or
	// nothing is known yet.
	ETA time.Duration
}

// now is the picture as it is at an instant: the loop sleeps while nothing
// happens, and makes none then.
func (p Progress) now(at time.Time) Progress {
	if p.at.IsZero() {
		return p
	}
	passed := p.scale.Service(max(0, at.Sub(p.at)))
	p.Elapsed += passed
	p.ETA = p.scale.Service(max(0, p.end.Sub(at)))
	groups := make(map[rcclient.Group]GroupProgress, len(p.Groups))
	for g, gp := range p.Groups {
		gp.Next = max(0, gp.Next-passed)
		groups[g] = gp
	}
	p.Groups = groups
	p.Waits = slices.Clone(p.Waits)
	for i := range p.Waits {
		p.Waits[i].For = max(0, p.Waits[i].For-passed)
	}
	return p
}

// GroupProgress is the part of one throttling group.
type GroupProgress struct {
	Total    int // changes of the group
	Ended    int // of these, landed or final
	Queued   int // ready to be sent
	InFlight int // calls
	// Used of Allowed calls count in the window now; those of others are in
	// Used. Allowed is this client's share of the limit.
	Used, Allowed int
	Window        time.Duration
	// Next is how long until a call may go out; zero if it may now.
	Next time.Duration
	// Penalty says that the service has refused a call for its rate.
	Penalty bool
}

// counts are kept up with every outcome, so that a picture costs nothing.
type counts struct {
	status  map[journal.Status]int
	toSend  int // changes not landed or final and not in doubt
	polling int
	total   map[rcclient.Group]int
	ended   map[rcclient.Group]int
}

// change notes that a change goes from one status to another; from is empty
// for the first.
func (c *counts) change(from, to journal.Status, n *node) {
	if c.status == nil {
		c.status = map[journal.Status]int{}
		c.total = map[rcclient.Group]int{}
		c.ended = map[rcclient.Group]int{}
	}
	if from == "" && !n.counted {
		n.counted = true
		c.total[n.group]++
	} else {
		c.status[countedAs(from)]--
		c.toSend -= toSend(from)
		c.ended[n.group] -= ended(from)
	}
	c.status[countedAs(to)]++
	c.toSend += toSend(to)
	c.ended[n.group] += ended(to)
}

// countedAs is the status with none said as pending.
func countedAs(s journal.Status) journal.Status {
	if s == "" {
		return journal.Pending
	}
	return s
}

// toSend is 1 for a change that may still need a call.
func toSend(s journal.Status) int {
	switch countedAs(s) {
	case journal.Pending, journal.NotSent, journal.InDoubt:
		return 1
	case journal.Applied, journal.NoOp, journal.Failed, journal.Stale, journal.Blocked, journal.Ambiguous,
		journal.AddressPending, journal.AddressInvalid, journal.AddressDiffers, journal.AddressUnchecked, journal.Sent:
		return 0
	}
	return 0
}

func ended(s journal.Status) int {
	if s == journal.Sent || s.Final() {
		return 1
	}
	return 0
}

// publish makes the picture visible to others.
func (r *run) publish() {
	now := time.Now()
	st := r.count.status
	p := &Progress{
		Total: len(r.nodes), Landed: st[journal.Sent], Doubt: st[journal.InDoubt],
		Left:   st[journal.Pending] + st[journal.NotSent],
		Failed: st[journal.Failed] + st[journal.Stale] + st[journal.Blocked] + st[journal.Ambiguous],
		Applied: st[journal.Applied] + st[journal.AddressPending] + st[journal.AddressInvalid] +
			st[journal.AddressDiffers] + st[journal.AddressUnchecked],
		Addresses: r.count.polling, Stopping: r.stopping, Paused: r.paused,
		Elapsed: r.opts.Scale.Service(now.Sub(r.began)),
		Groups:  make(map[rcclient.Group]GroupProgress, len(r.queues)),
	}
	p.Done = p.Total - p.Landed - p.Doubt - p.Left
	for _, g := range []rcclient.Group{rcclient.GroupHeavy, rcclient.GroupMedium, rcclient.GroupLight} {
		u := r.room[g]
		gp := GroupProgress{
			Total: r.count.total[g], Ended: r.count.ended[g], InFlight: r.inflight[g],
			Used: u.InWindow + u.Others, Allowed: u.Allowed, Window: u.Limit.Window,
			Next: u.NextIn, Penalty: u.PenaltyUntil.After(now),
		}
		if q := r.queues[g]; q != nil {
			gp.Queued = len(q.nodes)
		}
		p.Groups[g] = gp
	}
	p.Waits = r.waits(p, now)
	p.at, p.end, p.scale = now, r.eta(now), r.opts.Scale
	if r.paused {
		p.end = now // nobody knows
	}
	r.exec.progress.Store(p)
}

// Summary is what a run came to.
type Summary struct {
	// Changes by what became of them. Addresses that are not confirmed count as
	// applied; Pending is all that a resumed run would go on with.
	Applied, NoOp, Failed, Stale, Blocked, Ambiguous, Pending int
	Emergency                                                 EmergencySummary
	// Calls that this process sent, by throttling group, reads included.
	Calls       map[rcclient.Group]int
	RateLimited int
	Seconds     float64 // service time
	// Interrupted: the run was stopped and work is left.
	Interrupted bool
}

// EmergencySummary counts the changes that set an emergency address.
type EmergencySummary struct{ Valid, Pending, Invalid, Differs int }

func (r *run) summary() Summary {
	p := r.exec.Progress()
	st := r.count.status
	s := Summary{
		Applied: p.Applied, NoOp: st[journal.NoOp], Failed: st[journal.Failed], Stale: st[journal.Stale],
		Blocked: st[journal.Blocked], Ambiguous: st[journal.Ambiguous], Pending: p.Landed + p.Doubt + p.Left,
		Calls:   map[rcclient.Group]int{},
		Seconds: r.opts.Scale.Service(time.Since(r.began)).Seconds(),
	}
	for _, n := range r.nodes {
		s.Emergency.add(n)
	}
	now := r.api.Stats()
	for g, c := range now.Calls {
		if d := c - r.stats.Calls[g]; d > 0 {
			s.Calls[g] = d
		}
	}
	s.RateLimited = now.RateLimited - r.stats.RateLimited
	s.Interrupted = s.Pending > 0 && (r.stopping || r.failure != nil)
	return s
}

// add counts a change that set an address, or found it set.
func (s *EmergencySummary) add(n *node) {
	if n.c.Emergency() == nil && n.c.Kind != plan.KindCreateLocation {
		return
	}
	switch n.out.Status {
	case journal.Applied, journal.NoOp:
		s.Valid++
	case journal.AddressPending, journal.AddressUnchecked:
		s.Pending++
	case journal.AddressInvalid:
		s.Invalid++
	case journal.AddressDiffers:
		s.Differs++
	case journal.Sent:
		s.Pending++
	case journal.Failed, journal.Stale, journal.Blocked, journal.Ambiguous, journal.Pending, journal.InDoubt, journal.NotSent:
	}
}
