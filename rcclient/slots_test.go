package rcclient

import (
	"testing"
	"time"
)

// Others' calls are counted for a window from when they are seen, but no longer
// than the server counts them: two processes that each use half of a limit would
// else take each other's calls for twice as many, and send half of what they may.
func TestLedgerForgetsOthersThatEnded(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := ledger{calls: 40, own: 20, window: time.Minute}
	answer := func(after time.Duration, used int) *slot {
		at := now.Add(after)
		s := &slot{cost: 1, booked: at, ended: at}
		l.slots = append(l.slots, s)
		l.seen(s, used, at)
		return s
	}
	for _, step := range []struct {
		after time.Duration
		used  int
		want  int
	}{
		{0, 21, 20},
		{50 * time.Second, 12, 10}, // two own ones, so that ten of the others have ended
		{51 * time.Second, 20, 17},
	} {
		answer(step.after, step.used)
		if got := l.othersAt(now.Add(step.after)); got != step.want {
			t.Errorf("after %s: %d of others, want %d", step.after, got, step.want)
		}
	}
	late := &slot{cost: 1, booked: now.Add(50 * time.Second), ended: now.Add(52 * time.Second)}
	l.slots = append(l.slots, late)
	l.seen(late, 4, now.Add(52*time.Second)) // counted before the last of others were seen
	if got := l.othersAt(now.Add(52 * time.Second)); got != 17 {
		t.Errorf("an older answer leaves %d of others, want 17", got)
	}
	at := now.Add(53 * time.Second)
	l.slots = append(l.slots, &slot{cost: 1, booked: at, ended: at}) // given up: the server need not have counted it
	answer(54*time.Second, 22)                                       // five own ones
	if got := l.othersAt(now.Add(54 * time.Second)); got != 17 {
		t.Errorf("after a call that was lost: %d of others, want 17", got)
	}
}
