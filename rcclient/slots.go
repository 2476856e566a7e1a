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
	booked time.Time // just before the sending
	ended  time.Time // when the answer came or the call was given up; zero before
}

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
// differences of one monotonic clock are used.
type ledger struct {
	calls  int           // the service's limit
	own    int           // how many of them this client may have: its quota share
	window time.Duration // with margin

	slots  []*slot     // in the order of booking
	others []time.Time // until when each slot counts that others used, ascending
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
			n++
		}
	}
	return n
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

// freeAt is when the next call can go out if none is left now. It is false if
// that depends on the answer to an open call.
func (l *ledger) freeAt(now time.Time) (time.Time, bool) {
	var ends []time.Time // of own slots that are taken and answered
	own := 0
	for _, s := range l.slots {
		switch {
		case s.open():
			own++
		case s.ended.Add(l.window).After(now):
			own++
			ends = append(ends, s.ended.Add(l.window))
		}
	}
	slices.SortFunc(ends, time.Time.Compare)
	all := slices.Clone(ends)
	for _, until := range l.others {
		if until.After(now) {
			all = append(all, until)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	needOwn := own - l.own + 1
	needAll := own + l.othersAt(now) - l.calls + 1
	at := now
	for _, n := range []struct {
		need int
		ends []time.Time
	}{{needOwn, ends}, {needAll, all}} {
		if n.need < 1 {
			continue
		}
		if n.need > len(n.ends) {
			return time.Time{}, false
		}
		if t := n.ends[n.need-1]; t.After(at) {
			at = t
		}
	}
	return at, true
}

// seen takes in what an answer to s says of the window: how many calls the
// server counted in it. What own slots and known others don't explain was used
// by others, and counts for one window from now on.
func (l *ledger) seen(s *slot, used int, now time.Time) {
	explained := l.taken(s.booked) + l.othersAt(s.booked)
	for ; explained < min(used, l.calls); explained++ {
		l.others = append(l.others, now.Add(l.window))
	}
}

// remove takes out a slot whose call was not sent, or was counted elsewhere.
func (l *ledger) remove(s *slot) {
	if i := slices.Index(l.slots, s); i >= 0 {
		l.slots = slices.Delete(l.slots, i, i+1)
	}
}
