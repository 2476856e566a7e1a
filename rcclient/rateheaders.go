package rcclient

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// defaultRetryAfter is how long a group rests after a 429 that names no time:
// the least that the guide asks for.
const defaultRetryAfter = 30 * time.Second

// maxRetryAfter bounds what an answer can ask for: a longer one is taken for
// damage, and would block a run for good.
const maxRetryAfter = time.Hour

// rateReport is what one answer says of its group. Durations are service time.
type rateReport struct {
	group     Group // empty if not named
	limit     int   // 0 if not named
	window    time.Duration
	remaining int // -1 if not named
	// limited: the answer is a 429; after is its penalty.
	limited bool
	after   time.Duration
}

// parseRate reads the X-Rate-Limit-* headers and Retry-After. Each may be absent,
// and what can't be a number is taken as absent.
func parseRate(status int, h http.Header, now time.Time) rateReport {
	r := rateReport{remaining: -1, group: parseGroup(h.Get("X-Rate-Limit-Group"))}
	if n, ok := headerNumber(h, "X-Rate-Limit-Limit"); ok && n >= 1 {
		r.limit = n
	}
	if n, ok := headerNumber(h, "X-Rate-Limit-Remaining"); ok {
		r.remaining = n
	}
	if n, ok := headerNumber(h, "X-Rate-Limit-Window"); ok && n >= 1 {
		r.window = time.Duration(n) * time.Second
	}
	if status == http.StatusTooManyRequests {
		r.limited = true
		r.after = defaultRetryAfter
		if d, ok := parseRetryAfter(h, now); ok {
			r.after = d
		}
	}
	return r
}

func headerNumber(h http.Header, name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(h.Get(name)))
	return n, err == nil && n >= 0 && n <= 1_000_000
}

// parseRetryAfter reads Retry-After in both its forms: seconds, or a date. A
// date is compared with the answer's own Date where there is one, as the
// clocks need not agree.
func parseRetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(text); err == nil && n >= 0 {
		if n > int(maxRetryAfter/time.Second) {
			return maxRetryAfter, true
		}
		return time.Duration(n) * time.Second, true
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	if sent, err := http.ParseTime(h.Get("Date")); err == nil {
		now = sent
	}
	return min(max(until.Sub(now), 0), maxRetryAfter), true
}
