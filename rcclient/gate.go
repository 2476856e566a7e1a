package rcclient

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Pacing within a window. Where callers wait for the next window in any case,
// the last slots of this one go out spread, not in one burst: a whole window's
// calls take at least window/paceSpread. The slots come free in the same rhythm
// one window later, so that a run pays for it once, with less than
// window/paceSpread, and a burst that fits into the window never.
const (
	paceSpread = 20
	// paceBurst is the part of a limit that is never paced.
	paceBurst = 4
)

// gate is the one door of a throttling group: every call of every goroutine
// takes its slot here, first come, first served.
type gate struct {
	group Group
	cfg   *config

	// turn is held by the head of the queue; those behind block on it in order.
	turn chan struct{}
	// wake tells the head that something changed.
	wake chan struct{}

	mu       sync.Mutex
	limit    Limit
	share    float64 // of the limit that is this client's
	ledger   ledger
	pacer    *rate.Limiter
	answered bool // an answer has come: the limit is the account's
	told     bool // an answer has named the limit
	penalty  time.Time
	// penaltyFor is the length of the last penalty, in wall time.
	penaltyFor time.Duration
	sent       int
	limited    int
	waiting    int
	ids        func() uint64
}

func newGate(g Group, limit Limit, cfg *config, ids func() uint64) *gate {
	t := &gate{
		group: g, cfg: cfg, ids: ids, share: cfg.share,
		turn: make(chan struct{}, 1), wake: make(chan struct{}, 1),
	}
	t.setLimit(limit)
	return t
}

// setLimit puts a limit in force at once. The caller holds mu, or owns the gate.
func (g *gate) setLimit(limit Limit) {
	if g.limit == limit {
		return
	}
	g.limit = limit
	g.ledger.calls = limit.Calls
	g.ledger.own = ownSlots(limit, g.share)
	g.ledger.window = g.cfg.scale.Wall(limit.Window + slotMargin)
	spread := g.cfg.scale.Wall(limit.Window / paceSpread)
	perSecond := rate.Limit(float64(limit.Calls) / spread.Seconds())
	g.pacer = rate.NewLimiter(perSecond, max(1, limit.Calls/paceBurst))
}

// restore books the slots that earlier processes left. Wall clock times are
// turned into ages; one in the future, as after a clock that was set back,
// counts from now. A call that was booked but never seen answered was with a
// process that is gone: the server had it before that process's end, so at the
// latest now, and at the latest when the call would have been given up.
//
// The limit that those processes were told comes with the slots: with the
// documented one, a first call could be one too many in a window that is full.
func (g *gate) restore(records []SlotRecord, now time.Time) {
	var told SlotRecord
	for _, r := range records {
		if r.Group != g.group || r.Dropped {
			continue
		}
		if r.ID == 0 {
			if left := r.PenaltyUntil.Sub(now.Round(0)); left > 0 {
				g.penalty = now.Add(min(left, g.cfg.scale.Wall(maxRetryAfter)))
			}
			continue
		}
		if r.Limit > 0 && r.Booked.After(told.Booked) {
			told = r
		}
		at := r.Answered
		if at.IsZero() {
			at = r.GiveUp
		}
		age := max(0, now.Round(0).Sub(at)) // Round: compare wall clock with wall clock
		g.ledger.slots = append(g.ledger.slots, &slot{
			cost: max(1, r.Cost), booked: now.Add(-max(age, now.Round(0).Sub(r.Booked))), ended: now.Add(-age),
			counted: r.Counted && !r.Booked.After(now.Round(0)), // else its age is not known
		})
	}
	if told.Limit > 0 {
		g.setLimit(Limit{Calls: told.Limit, Window: g.limit.Window})
	}
	g.ledger.prune(now)
}

// acquire waits until a call of the group may go out and books its slot, or as
// many as the call counts for, by what is known then. The caller must end the
// slot by finish, giveUp or drop.
func (g *gate) acquire(ctx context.Context, op *operation, cost func() int) (*slot, error) {
	g.queue(1)
	booked := false
	defer func() {
		if !booked {
			g.queue(-1)
		}
	}()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-g.turn }()
	told := ""
	for {
		s, wait, reason := g.try(time.Now(), cost())
		if s != nil {
			booked = true
			g.put(s)
			return s, nil
		}
		if reason != told {
			g.announce(op, wait, reason)
			told = reason
		}
		if err := g.sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// tryAcquire books a slot if a call may go out at once, else gives nil.
func (g *gate) tryAcquire() *slot {
	select {
	case g.turn <- struct{}{}:
	default:
		return nil
	}
	defer func() { <-g.turn }()
	g.queue(1)
	s, _, _ := g.try(time.Now(), 1)
	if s == nil {
		g.queue(-1)
		return nil
	}
	g.put(s)
	return s
}

// try books a slot, or says how long to wait (0: for an answer) and why. A
// caller that has its slot waits no more from that instant on: those behind it
// would take its place for one more that is wanted, and be paced.
func (g *gate) try(now time.Time, cost int) (*slot, time.Duration, string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Before(g.penalty) {
		return nil, g.penalty.Sub(now), WaitPenalty
	}
	g.ledger.prune(now)
	if !g.answered && g.inFlight() > 0 {
		// The account's limit may be lower than the documented one: the first
		// answer tells, and until then one call at a time is certainly allowed.
		return nil, 0, WaitAnswer
	}
	cost = g.ledger.clamp(cost)
	left := g.ledger.left(now)
	if left < cost {
		at, ok := g.ledger.freeAt(now, cost)
		if !ok {
			return nil, 0, WaitAnswer
		}
		return nil, max(at.Sub(now), time.Nanosecond), WaitWindow
	}
	if wait := g.pace(now, left); wait > 0 {
		return nil, wait, WaitWindow
	}
	s := &slot{id: g.ids(), cost: cost, booked: now}
	g.ledger.slots = append(g.ledger.slots, s)
	g.sent++
	g.waiting--
	return s, 0, ""
}

// pace is how long a call that has a slot shall still wait.
func (g *gate) pace(now time.Time, left int) time.Duration {
	if g.waiting <= left { // everyone gets through in this window: no need
		g.pacer.AllowN(now, 1)
		return 0
	}
	r := g.pacer.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// inFlight counts the calls without an answer. The caller holds mu.
func (g *gate) inFlight() (n int) {
	for _, s := range g.ledger.slots {
		if s.open() {
			n++
		}
	}
	return n
}

// sleep waits for the time (0: without end), a change, or the context.
func (g *gate) sleep(ctx context.Context, wait time.Duration) error {
	var expired <-chan time.Time
	if wait > 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		expired = t.C
	}
	select {
	case <-expired:
		return nil
	case <-g.wake:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) signal() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

func (g *gate) queue(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting += n
}

// finish ends a slot at its answer and takes in what the answer says.
func (g *gate) finish(s *slot, r rateReport) {
	now := time.Now()
	g.mu.Lock()
	s.ended = now
	g.answered = true
	g.learn(s, r, now)
	penalty := g.penalty
	g.mu.Unlock()
	g.put(s)
	if r.limited {
		g.putPenalty(penalty)
	}
	g.signal()
}

// learn applies limit, window, remaining and penalty. The caller holds mu.
func (g *gate) learn(s *slot, r rateReport, now time.Time) {
	limit := g.limit
	if r.limit > 0 {
		limit.Calls = r.limit
		g.told = true
	}
	if r.window > 0 {
		limit.Window = r.window
	}
	g.setLimit(limit)
	if r.limited {
		// The answer's Remaining is of no use: how long to rest is what counts.
		g.limited++
		g.rest(now, g.cfg.scale.Wall(r.after+slotMargin))
		return
	}
	if r.limit > 0 && r.remaining >= 0 {
		g.ledger.seen(s, r.limit-r.remaining, now)
	}
}

func (g *gate) rest(now time.Time, d time.Duration) {
	g.penaltyFor = d
	if until := now.Add(d); until.After(g.penalty) {
		g.penalty = until
	}
}

// giveUp ends the slot of a call without answer. The server may have seen the
// call as late as now; in a penalty that would have begun it anew.
func (g *gate) giveUp(s *slot) {
	now := time.Now()
	g.mu.Lock()
	s.ended = now
	g.answered = true
	if now.Before(g.penalty) {
		g.rest(now, g.penaltyFor)
	}
	g.mu.Unlock()
	g.put(s)
	g.signal()
}

// known reports whether an answer has named the account's limit.
func (g *gate) known() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.told
}

// room is how many calls the window has left now.
func (g *gate) room() int {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ledger.prune(now)
	return g.ledger.left(now)
}

// drop takes a slot back whose call was never sent, or counted in another group.
func (g *gate) drop(s *slot, wasSent bool) {
	g.mu.Lock()
	g.ledger.remove(s)
	g.sent--
	if wasSent {
		g.answered = true
	}
	g.mu.Unlock()
	g.store(SlotRecord{ID: s.id, Group: g.group, Dropped: true})
	g.signal()
}

// adopt books a call here that was sent on another gate's slot.
func (g *gate) adopt(s *slot) *slot {
	g.mu.Lock()
	mine := &slot{id: g.ids(), cost: s.cost, booked: s.booked}
	g.ledger.slots = append(g.ledger.slots, mine)
	g.sent++
	g.mu.Unlock()
	return mine
}
