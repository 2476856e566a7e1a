package rcclient

import (
	"slices"
	"time"
)

// slotMargin is added to every window, in service time: it covers rounding by
// a time scale and a server that counts both ends of its window.
const slotMargin = 10 * time.Millisecond

// slot is the place of one call in its group's window.
type slot struct {
	id     uint64
	cost   int       // how many calls it counts as: 1, but see batchCost
	booked time.Time // just before the sending
	ended  time.Time // when the answer came or the call was given up; zero before
	// counted: its answer showed the server's count, so that it is in there. A call that was given up, or refused before
	// the limiter, may not be.
	counted bool
}

// one is the cost of a call that counts as one in any case.
func one() int { return 1 }

func (s *slot) open() bool { return s.ended.IsZero() }

// ledger is the account of one group's window. It knows no clock and no lock:
// instants come from its gate, which guards it. All its durations are wall time.
//
// A call may go out only while fewer than limit slots are taken, and a slot is
// taken from the call's sending until one window after its answer. With calls
// numbered in the order of their answers that says: call i goes out only when
// call i−limit was answered at least one window ago. No window of the server,
// wherever it begins, can then hold limit+1 of these calls: take such a window
// and the call sent last in it; the server saw each of the others after the
// window began, so each was answered after that, which is less than one window
// before the last one's sending; all limit others were still taken then. Only
// differences of one monotonic clock are used. A slot whose call counts as
// several is as many slots.
type ledger struct {
	calls  int           // the service's limit
	own    int           // how many of them this client may have: its quota share
	window time.Duration // with margin

	slots  []*slot     // in the order of booking
	others []time.Time // until when each slot counts that others used, ascending
	added  time.Time   // when the last of these was found
}

// prune forgets what can no longer count. A slot is kept a window longer than it
// is taken while an older call is open: that one's answer may still speak of it.
func (l *ledger) prune(now time.Time) {
	oldest := now
	for _, s := range l.slots {
		if s.open() && s.booked.Before(oldest) {
			oldest = s.booked
		}
	}
	l.slots = slices.DeleteFunc(l.slots, func(s *slot) bool {
		return !s.open() && !s.ended.Add(l.window).After(oldest)
	})
	l.others = slices.DeleteFunc(l.others, func(until time.Time) bool { return !until.After(now) })
}

// taken counts own slots that count at t, which may lie a little in the past.
func (l *ledger) taken(t time.Time) int {
	n := 0
	for _, s := range l.slots {
		if s.open() || s.ended.Add(l.window).After(t) {
			n += s.cost
		}
	}
	return n
}

// before is how many of the server's slots the own calls before this one had
// for certain when the server counted it, an instant up to now. It is false if
// that can't be said, as another call was under way since.
func (l *ledger) before(s *slot, now time.Time) (n int, ok bool) {
	for _, o := range l.slots {
		if o == s {
			continue
		}
		if o.open() || o.ended.After(s.booked) {
			return 0, false
		}
		if o.counted && o.booked.After(now.Add(l.window/100-l.window)) {
			n += o.cost
		}
	}
	return n, true
}

// othersAt counts others' slots that count at t.
func (l *ledger) othersAt(t time.Time) int {
	n := 0
	for _, until := range l.others {
		if until.After(t) {
			n++
		}
	}
	return n
}

// left is how many calls could go out at once.
func (l *ledger) left(now time.Time) int {
	own := l.taken(now)
	return max(0, min(l.own-own, l.calls-own-l.othersAt(now)))
}

// clamp bounds a cost to what a window can hold.
func (l *ledger) clamp(cost int) int { return max(1, min(cost, l.own)) }

// end is an instant at which n slots come free.
type end struct {
	at time.Time
	n  int
}

// freeAt is when a call of that cost can go out if it can't now. It is false if
// that depends on the answer to an open call.
func (l *ledger) freeAt(now time.Time, cost int) (time.Time, bool) {
	var mine []end
	for _, s := range l.slots {
		if until := s.ended.Add(l.window); !s.open() && until.After(now) {
			mine = append(mine, end{until, s.cost})
		}
	}
	all := slices.Clone(mine)
	for _, until := range l.others {
		if until.After(now) {
			all = append(all, end{until, 1})
		}
	}
	own := l.taken(now)
	forOwn, ok1 := whenFree(mine, own-l.own+cost, now)
	forAll, ok2 := whenFree(all, own+l.othersAt(now)-l.calls+cost, now)
	if forOwn.After(forAll) {
		forAll = forOwn
	}
	return forAll, ok1 && ok2
}

// whenFree is when need slots have come free.
func whenFree(ends []end, need int, now time.Time) (time.Time, bool) {
	slices.SortFunc(ends, func(a, b end) int { return a.at.Compare(b.at) })
	at := now
	for _, e := range ends {
		if need <= 0 {
			break
		}
		at = e.at
		need -= e.n
	}
	return at, need <= 0
}

// seen takes in what an answer to s says of the window: how many calls the
// server counted in it. What own slots and known others don't explain was used
// by others, and counts for one window from now on: when it was used is not
// known. So it is counted for too long, and others that use their share all the
// time would be counted twice: where the server counted fewer than that, those
// that end first have ended.
func (l *ledger) seen(s *slot, used int, now time.Time) {
	s.counted = true
	explained := l.taken(s.booked) + l.othersAt(s.booked)
	for ; explained < min(used, l.calls); explained++ {
		l.others = append(l.others, now.Add(l.window))
		l.added = now
	}
	if s.booked.Before(l.added) {
		return // what was found since may not have been there yet
	}
	if most := max(0, used-l.sure(s, now)); len(l.others) > most {
		l.others = slices.Delete(l.others, 0, len(l.others)-most)
	}
}

// sure is how many own slots the server counted for certain when it answered s.
func (l *ledger) sure(s *slot, now time.Time) int {
	n := s.cost
	for _, o := range l.slots {
		if o != s && o.counted && !o.ended.After(s.booked) && o.booked.After(now.Add(l.window/100-l.window)) {
			n += o.cost
		}
	}
	return n
}

// remove takes out a slot whose call was not sent, or was counted elsewhere.
func (l *ledger) remove(s *slot) {
	if i := slices.Index(l.slots, s); i >= 0 {
		l.slots = slices.Delete(l.slots, i, i+1)
	}
}
