package rcclient

import (
	"sync/atomic"
	"time"
)

// batchCost is what one call that names several ids counts as: one call, or as
// many as it names. The service does not say; the answers' X-Rate-Limit-Remaining
// tell. Until one does such a call is sent as if it counted as many, so that it
// meets no 429 in either case.
type batchCost struct{ known atomic.Int32 }

// What is known of the cost. Only costProven is certain: the others follow from
// the window as this client believes it to be, which the server's need not be.
const (
	costUnknown int32 = iota
	costOne           // as it seems, one call
	costEach          // as it seems, one for each id
	costPerhaps       // not known or costEach so far, and the last answer that told spoke for one
	costProven        // one call: an answer showed fewer than the ids
	costUntold        // of an answer only: it does not say
	costMore          // of an answer only: more were counted than this one can be
)

// of is the cost to book for a call of n ids.
func (b *batchCost) of(n int) int {
	if known := b.known.Load(); n <= 1 || known == costOne || known == costProven {
		return 1
	}
	return n
}

// proven tells whether it is certain that a call counts as one.
func (b *batchCost) proven() bool { return b.known.Load() == costProven }

// learn takes in what an answer told; costUnknown changes nothing. What speaks for one, short of a proof, must come
// twice, as chance can be behind it, such as a fixed window that began anew, and the price is a refusal. An answer
// without the headers is taken to speak for one, as one request is what is on the wire, while nothing else is known.
func (b *batchCost) learn(told int32) {
	for {
		known := b.known.Load()
		next := told
		switch {
		case told == costUnknown, known == costProven, told == costUntold && known != costUnknown:
			return
		case told == costUntold:
			next = costOne
		case told == costMore && known != costOne:
			return // others' calls, as far as it shows
		case told == costMore:
			next = costEach
		case told == costOne && (known == costEach || known == costUnknown):
			next = costPerhaps
		}
		if b.known.CompareAndSwap(known, next) {
			return
		}
	}
}

// reckon tells from an answer to a call of n ids what the call counted as, by
// how many calls the server has in its window, and books that.
//
// Fewer than n can't be with n for this one, whatever the window is: that is a
// proof. One more than was known before it speaks for one, if with n for this one
// it could only be that slots came free that were not known to; n more for n.
// Anything between tells nothing, and more than that tells of others' calls, which
// are known from then on: it only refutes that this one was cheap. Of calls that
// were under way together nobody knows which was counted first, so that none of
// them speaks for one. A refusal speaks for n.
func (g *gate) reckon(s *slot, n int, r rateReport, now time.Time) int32 {
	used := r.limit - r.remaining
	told := r.limit > 0 && r.remaining >= 0
	g.mu.Lock()
	defer g.mu.Unlock()
	others := g.ledger.othersAt(s.booked)
	before := g.ledger.taken(s.booked) - s.cost + others
	sure, alone := g.ledger.before(s, now)
	switch {
	case r.limited:
		return costEach
	case !told:
		return costUntold
	case used < min(n, r.limit):
		s.cost = 1
		return costProven
	case used-before == 1 && alone && used < n+sure+others:
		s.cost = 1
		return costOne
	case used-before == min(n, r.limit):
		s.cost = g.ledger.clamp(n)
		return costEach
	case used-before > n:
		s.cost = g.ledger.clamp(n)
		return costMore
	}
	return costUnknown
}

// countAsOne books a call of several ids as one, where that is proven.
func (g *gate) countAsOne(s *slot) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s.cost = 1
}
