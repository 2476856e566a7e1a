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
		before      int // other light calls in the same minute
		ids         int
		most        time.Duration
	}{
		{false, false, 0, 600, time.Second},
		{false, false, 30, 300, time.Second},
		{false, true, 45, 60, 2 * time.Minute},
		{true, false, 0, 200, 4 * time.Minute},
		{true, false, 30, 200, 6 * time.Minute},
		{true, true, 30, 200, 6 * time.Minute},
	} {
		t.Run(fmt.Sprintf("%+v", tc), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &modelServer{limit: 50, window: time.Minute, penalty: time.Minute, fixed: tc.fixed, begin: time.Now().Add(-50 * time.Second)}
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
					h.Set("X-Rate-Limit-Limit", "50")
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
		r              rateReport
		want           int32
		cost           int
	}{
		"no headers":                     {30, 0, noHeaders, costOne, 1},
		"fewer than the ids":             {30, 5, report(6), costOne, 1},
		"as many as the ids":             {30, 5, report(35), costEach, 30},
		"one more than before":           {20, 30, report(31), costOne, 1},
		"between: a window began anew":   {20, 30, report(22), costUnknown, 20},
		"believed one, but it was each":  {1, 5, report(35), costEach, 30},
		"believed one, and a few others": {1, 25, report(32), costUnknown, 1},
	} {
		g := newGate(GroupLight, Limit{50, time.Minute}, testConfig(), counter())
		now := time.Now()
		for range tc.before {
			g.ledger.slots = append(g.ledger.slots, &slot{cost: 1, booked: now, ended: now})
		}
		s := &slot{cost: tc.booked, booked: now}
		g.ledger.slots = append(g.ledger.slots, s)
		n := max(tc.booked, 20)
		if tc.booked == 1 {
			n = 30
		}
		if got := g.reckon(s, n, tc.r); got != tc.want || s.cost != tc.cost {
			t.Errorf("%s: got %d and cost %d, want %d and %d", name, got, s.cost, tc.want, tc.cost)
		}
	}
}
