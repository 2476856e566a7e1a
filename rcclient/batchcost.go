package rcclient

import "sync/atomic"

// batchCost is what one call that names several ids counts as: one call, or as
// many as it names. The service does not say; the first answer with a
// X-Rate-Limit-Remaining tells. Until then such a call is sent as if it counted
// as many, so that it meets no 429 in either case.
type batchCost struct{ known atomic.Int32 }

// What is known of the cost.
const (
	costUnknown int32 = iota
	costOne
	costEach
)

// of is the cost to book for a call of n ids.
func (b *batchCost) of(n int) int {
	if n <= 1 || b.known.Load() == costOne {
		return 1
	}
	return n
}

// learn takes in what an answer told; costUnknown changes nothing.
func (b *batchCost) learn(told int32) {
	if told != costUnknown {
		b.known.Store(told)
	}
}

// reckon tells from an answer to a call of n ids what the call counted as, by
// how many calls the server has in its window, and books that.
//
// Fewer than n can't be with n for this one. One more than was known before it
// speaks for one, n more for n (or for others' calls: then the next answer that
// shows fewer than n sets it right). Anything between may be a fixed window that
// began anew, and tells nothing.
//
// An answer without the headers is taken to speak for one, as one request is
// what is on the wire.
func (g *gate) reckon(s *slot, n int, r rateReport) int32 {
	used := r.limit - r.remaining
	told := r.limit > 0 && r.remaining >= 0
	g.mu.Lock()
	defer g.mu.Unlock()
	before := g.ledger.taken(s.booked) - s.cost + g.ledger.othersAt(s.booked)
	switch {
	case !told, used < n, used-before == 1 && used != n:
		s.cost = 1
		return costOne
	case used-before >= n:
		s.cost = g.ledger.clamp(n)
		return costEach
	}
	return costUnknown
}
