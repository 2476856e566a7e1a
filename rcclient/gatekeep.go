package rcclient

import "time"

// longWait is from when on a wait is worth an info line, in service time.
const longWait = 5 * time.Second

// announce tells log and observer that the head of the queue waits.
func (g *gate) announce(op *operation, wait time.Duration, reason string) {
	g.mu.Lock()
	waiting := g.waiting
	g.mu.Unlock()
	w := Wait{Group: g.group, Operation: op.id, Reason: reason, For: g.cfg.scale.Service(wait), Waiting: waiting}
	if w.For >= longWait {
		g.cfg.log.Info().Str("group", string(w.Group)).Str("op", w.Operation).Str("reason", w.Reason).
			Float64("wait_seconds", w.For.Seconds()).Int("waiting", waiting).Msg("waiting for the rate limit")
	}
	if g.cfg.observe != nil {
		g.cfg.observe(w)
	}
}

// put keeps the slot's present state for the next process.
func (g *gate) put(s *slot) {
	if g.cfg.store == nil {
		return
	}
	g.mu.Lock()
	r := SlotRecord{
		ID: s.id, Group: g.group, Cost: s.cost, Booked: s.booked, Answered: s.ended, Counted: s.counted,
		GiveUp: s.booked.Add(g.cfg.wallTimeout()), Window: g.ledger.window,
	}
	if g.answered {
		r.Limit = g.limit.Calls
	}
	g.mu.Unlock()
	g.store(r)
}

func (g *gate) putPenalty(until time.Time) {
	if g.cfg.store != nil {
		g.store(SlotRecord{Group: g.group, Booked: time.Now(), PenaltyUntil: until})
	}
}

// store writes a record. That it fails costs the next process's knowledge of
// this window, not this run: so it is said, and the run goes on.
func (g *gate) store(r SlotRecord) {
	if g.cfg.store == nil {
		return
	}
	if err := g.cfg.store.Put(r); err != nil {
		g.cfg.log.Warn().Err(err).Str("group", string(g.group)).Msg("rate limit slots are not kept")
	}
}

// usage is the gate's state now.
func (g *gate) usage() GroupUsage {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	u := GroupUsage{
		Sent: g.sent, Waiting: g.waiting, InWindow: g.ledger.taken(now), Others: g.ledger.othersAt(now),
		Allowed: g.ledger.own, Limit: g.limit, Told: g.told, InFlight: g.inFlight(), Single: !g.answered,
	}
	next := now
	if g.ledger.left(now) == 0 {
		if at, ok := g.ledger.freeAt(now, 1); ok {
			next = at
		}
	}
	if now.Before(g.penalty) {
		u.PenaltyUntil = g.penalty
		if g.penalty.After(next) {
			next = g.penalty
		}
	}
	u.NextIn = g.cfg.scale.Service(next.Sub(now))
	return u
}

// count gives what the gate has counted: calls sent, and those answered 429.
func (g *gate) count() (sent, limited int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sent, g.limited
}
