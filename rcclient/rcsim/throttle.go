package rcsim

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Throttling groups (developer guide, rate limits).
const (
	groupLight  = "light"
	groupMedium = "medium"
	groupHeavy  = "heavy"
	groupAuth   = "auth"
)

// quota is one group's limit.
type quota struct {
	limit   int
	window  time.Duration
	penalty time.Duration
}

// window is what one user of one app used up in one group.
type window struct {
	// Slots are the service times of the calls that count, oldest first.
	Slots []int64 `json:"slots,omitempty"`
	// PenaltyUntil is when the penalty ends, 0 without one.
	PenaltyUntil int64 `json:"penalty_until,omitempty"`
}

// windowKey names a window: limits are counted per user and app, and per group.
type windowKey struct {
	User  string `json:"user"`
	App   string `json:"app"`
	Group string `json:"group"`
}

func (k windowKey) compare(o windowKey) int {
	return cmp.Or(cmp.Compare(k.User, o.User), cmp.Compare(k.App, o.App), cmp.Compare(k.Group, o.Group))
}

// throttle counts calls.
type throttle struct {
	kind    string // sliding or fixed
	windows map[windowKey]*window
}

func newThrottle(kind string) *throttle {
	return &throttle{kind: kind, windows: map[windowKey]*window{}}
}

// verdict is what became of one call.
type verdict struct {
	limited   bool
	remaining int
	retry     time.Duration // until the group answers again; only if limited
}

// take counts a call that is taken in at the service time now. cost is how many
// slots it needs; a cost beyond the limit counts as the whole limit. A refused
// call takes no slot, but it starts the penalty anew. A slot that is exactly
// one window old no longer counts.
func (t *throttle) take(key windowKey, q quota, now int64, cost int) verdict {
	w := t.windows[key]
	if w == nil {
		w = &window{}
		t.windows[key] = w
	}
	t.forget(w, q, now)
	cost = min(max(cost, 1), q.limit)
	if now < w.PenaltyUntil || len(w.Slots)+cost > q.limit {
		w.PenaltyUntil = now + int64(q.penalty)
		return verdict{limited: true, remaining: 0, retry: t.retry(w, q, now)}
	}
	w.PenaltyUntil = 0
	for range cost {
		w.Slots = append(w.Slots, now)
	}
	return verdict{remaining: q.limit - len(w.Slots)}
}

// forget drops the slots that the window has left behind.
func (t *throttle) forget(w *window, q quota, now int64) {
	from := now - int64(q.window) + 1
	if t.kind == windowFixed {
		from = now - now%int64(q.window)
	}
	n := 0
	for n < len(w.Slots) && w.Slots[n] < from {
		n++
	}
	w.Slots = append(w.Slots[:0], w.Slots[n:]...)
}

// retry is how long a refused client has to stay away.
func (t *throttle) retry(w *window, q quota, now int64) time.Duration {
	if w.PenaltyUntil > now {
		return time.Duration(w.PenaltyUntil - now)
	}
	if t.kind == windowFixed {
		return q.window - time.Duration(now%int64(q.window))
	}
	return time.Duration(w.Slots[0] + int64(q.window) - now)
}

// headers writes what the service says about the group. Seconds are rounded up:
// a client that obeys is never early.
func (v verdict) headers(h http.Header, group string, q quota) {
	h.Set("X-Rate-Limit-Group", group)
	h.Set("X-Rate-Limit-Limit", strconv.Itoa(q.limit))
	h.Set("X-Rate-Limit-Remaining", strconv.Itoa(v.remaining))
	h.Set("X-Rate-Limit-Window", wholeSeconds(q.window))
	if v.limited {
		h.Set("Retry-After", wholeSeconds(v.retry))
	}
}

func wholeSeconds(d time.Duration) string {
	return strconv.FormatInt(int64(math.Ceil(d.Seconds())), 10)
}
