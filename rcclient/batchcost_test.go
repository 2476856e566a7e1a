package rcclient

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestBatchCostIsLearned reads many extensions of a service that counts a call
// of several ids as one call, or each id: it meets no 429 in either case, and
// takes the time that the limit asks for and no more.
func TestBatchCostIsLearned(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		each, fixed bool
		limit       int
		before      int // other light calls in the same minute
		ids         int
		most        time.Duration
	}{
		{false, false, 50, 0, 600, time.Second},
		{false, false, 50, 30, 300, time.Second},
		{false, true, 50, 45, 60, 2 * time.Minute},
		{true, false, 50, 0, 200, 4 * time.Minute},
		{true, false, 50, 30, 200, 6 * time.Minute},
		{true, true, 50, 30, 200, 6 * time.Minute},
		{false, false, 20, 0, 300, time.Second}, // fewer than a call has ids
		{true, false, 20, 0, 100, 5 * time.Minute},
		{true, true, 20, 10, 100, 6 * time.Minute},
	} {
		t.Run(fmt.Sprintf("%+v", tc), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &modelServer{limit: tc.limit, window: time.Minute, penalty: time.Minute, fixed: tc.fixed, begin: time.Now().Add(-50 * time.Second)}
				s := newService(func(w http.ResponseWriter, r *http.Request) {
					ids := strings.Count(r.URL.Path, ",") + 1
					cost := 1
					if tc.each {
						cost = ids
					}
					ok, left := true, 0
					for range cost {
						ok, left = m.hit()
					}
					h := w.Header()
					h.Set("X-Rate-Limit-Group", "light")
					h.Set("X-Rate-Limit-Limit", strconv.Itoa(tc.limit))
					h.Set("X-Rate-Limit-Remaining", strconv.Itoa(left))
					h.Set("X-Rate-Limit-Window", "60")
					if !ok {
						reply(w, 429, `{}`)
						return
					}
					if ids > 1 || strings.HasSuffix(r.URL.Path, "/device") {
						batchHandler("json", 30)(w, r)
						return
					}
					reply(w, 200, `{"id":1}`)
				})
				c, end := s.virtual(t)
				defer end()
				for range tc.before {
					if _, err := c.AccountInfo(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				var ids []ID
				for i := range tc.ids {
					ids = append(ids, ID(strconv.Itoa(1000+i)))
				}
				start := time.Now()
				got, err := c.ExtensionDevices(t.Context(), ids)
				if err != nil || len(got) != tc.ids || got[tc.ids-1].Err != nil {
					t.Fatalf("got %d results, %v", len(got), err)
				}
				if m.refused > 0 || time.Since(start) > tc.most {
					t.Errorf("took %s with %d refused, want at most %s with none", time.Since(start), m.refused, tc.most)
				}
			})
		})
	}
}

func TestReckon(t *testing.T) {
	t.Parallel()
	report := func(used int) rateReport { return rateReport{limit: 50, remaining: 50 - used} }
	for name, tc := range map[string]struct {
		booked, before int
		open           int // of those before, without an answer
		old            int // of those before, a window old, less the time that calls take
		r              rateReport
		want           int32
		cost           int
	}{
		"no headers":                       {30, 0, 0, 0, noHeaders, costUntold, 30},
		"fewer than the ids":               {30, 5, 0, 0, report(6), costProven, 1},
		"as many as the ids":               {30, 5, 0, 0, report(35), costEach, 30},
		"one more than before":             {20, 30, 0, 0, report(31), costOne, 1},
		"one more, but some are under way": {20, 30, 3, 0, report(31), costUnknown, 20},
		"one more, but some may be over":   {2, 10, 0, 1, report(11), costUnknown, 2},
		"between: a window began anew":     {20, 30, 0, 0, report(22), costUnknown, 20},
		"believed one, but it was each":    {1, 5, 0, 0, report(35), costEach, 30},
		"believed one, and a few others":   {1, 25, 0, 0, report(32), costUnknown, 1},
		"others' calls too":                {2, 0, 0, 0, report(27), costMore, 2},
		"more ids than the limit":          {20, 0, 0, 0, rateReport{limit: 20}, costEach, 30},
		"refused":                          {1, 5, 0, 0, rateReport{limit: 50, limited: true}, costEach, 1},
	} {
		g := newGate(GroupLight, Limit{50, time.Minute}, testConfig(), counter())
		now := time.Now()
		for i := range tc.before {
			o := &slot{cost: 1, booked: now, ended: now}
			if i < tc.open {
				o.ended = time.Time{}
			} else if i < tc.open+tc.old {
				o.booked, o.ended = now.Add(-time.Minute), now.Add(-59*time.Second)
			}
			g.ledger.slots = append(g.ledger.slots, o)
		}
		s := &slot{cost: tc.booked, booked: now}
		g.ledger.slots = append(g.ledger.slots, s)
		n := max(tc.booked, 20)
		if tc.old > 0 || tc.booked == 2 {
			n = tc.booked
		}
		if tc.booked == 1 || tc.r.limit == 20 {
			n = 30
		}
		if got := g.reckon(s, n, tc.r, now); got != tc.want || s.cost != tc.cost {
			t.Errorf("%s: got %d and cost %d, want %d and %d", name, got, s.cost, tc.want, tc.cost)
		}
	}
}

// That each id counts is believed until it is refuted by proof, or by what
// speaks for one twice in a row; a proof is final.
func TestBatchCostChangesItsMind(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		told []int32
		want int
	}{
		{nil, 30},
		{[]int32{costOne}, 1},
		{[]int32{costOne, costEach}, 30},
		{[]int32{costEach, costOne}, 30},
		{[]int32{costEach, costOne, costEach, costOne}, 30},
		{[]int32{costEach, costOne, costUnknown, costOne}, 1},
		{[]int32{costEach, costProven}, 1},
		{[]int32{costProven, costEach}, 1},
		{[]int32{costUntold}, 1},
		{[]int32{costMore, costOne}, 1},
		{[]int32{costOne, costMore}, 30},
		{[]int32{costEach, costUntold, costUntold}, 30},
	} {
		var b batchCost
		for _, told := range tc.told {
			b.learn(told)
		}
		if got := b.of(30); got != tc.want {
			t.Errorf("told %v: a call of 30 is booked as %d, want %d", tc.told, got, tc.want)
		}
	}
}
