package executor

import (
	"errors"
	"fmt"
	"time"

	"provision/rcclient"
)

// Service time and counts of the pauses that spare a service in trouble.
const (
	// troubleAfter is how many writes of a group may fail in a row before the
	// group rests.
	troubleAfter = 5
	firstPause   = 30 * time.Second
	longestPause = 5 * time.Minute
	// troubleLimit is how long nothing but failures may come back.
	troubleLimit = time.Hour
)

// trouble is a row of writes of one throttling group that failed for no fault
// of theirs. While it lasts, the group rests between calls, one at a time:
// each of them costs its change an attempt, and a service that is down is not
// helped by more.
type trouble struct {
	row   int       // failures without a success between
	since time.Time // the first of them
	until time.Time // the group rests
	pause time.Duration
}

// wellOrNot takes the end of a write in: err lengthens the row, or begins one,
// where the service could not serve the write whatever it was; else it ends it.
func (r *run) wellOrNot(g rcclient.Group, err error, now time.Time) {
	if r.ctx.Err() != nil {
		return
	}
	t := r.troubles[g]
	if t == nil || !inTrouble(err) {
		t = &trouble{}
		r.troubles[g] = t
	}
	if !inTrouble(err) {
		return
	}
	if t.row++; t.row == 1 {
		t.since = now
	}
	if t.row < troubleAfter {
		return
	}
	if now.Sub(t.since) >= r.wall(troubleLimit) {
		r.abort(fmt.Errorf("%w: each of %d writes failed: %w", ErrUnreachable, t.row, err))
		return
	}
	if now.Before(t.until) {
		return // it was under way when the pause began
	}
	t.pause = min(max(2*t.pause, firstPause), longestPause)
	t.until = now.Add(r.wall(t.pause))
	r.obs.Note("paused", fmt.Sprintf("%d calls of the %s group failed one after the other; it rests for %s; the last: %v", t.row, g, t.pause, err))
}

// inTrouble reports whether a write failed for what the service is in, and not
// for what the write asks.
func inTrouble(err error) bool {
	if rcclient.Outcome(err) == rcclient.InDoubt {
		return true
	}
	api, ok := errors.AsType[*rcclient.APIError](err)
	return ok && (api.Class == rcclient.ClassServer || api.Class == rcclient.ClassRateLimited)
}

// resting reports whether the group rests, or waits for the one call that
// shows whether the service is well again.
func (r *run) resting(g rcclient.Group, now time.Time) bool {
	t := r.troubles[g]
	switch {
	case t == nil || t.row < troubleAfter:
		return false
	case now.Before(t.until):
		r.wakeAt(t.until)
		return true
	}
	return r.inflight[g] > 0
}
