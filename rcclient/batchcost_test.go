package rcclient

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// listService answers readings of one thing and of lists, a list counted as one call or as one for each of its ids. The
// first answers are the given ones, which are not counted and show no limit: a status, or 0 for none at all.
func listService(m *modelServer, each bool, first ...int) *service {
	var calls atomic.Int32
	return newService(func(w http.ResponseWriter, r *http.Request) {
		if n := int(calls.Add(1)); n <= len(first) {
			if first[n-1] == 0 {
				panic(http.ErrAbortHandler)
			}
			reply(w, first[n-1], `{"errors":[{"errorCode":"OAU-213","message":"expired"}]}`)
			return
		}
		ids := strings.Count(r.URL.Path, ",") + 1
		cost := 1
		if each {
			cost = ids
		}
		ok, left := true, 0
		for range cost {
			ok, left = m.hit()
		}
		h := w.Header()
		h.Set("X-Rate-Limit-Group", "light")
		h.Set("X-Rate-Limit-Limit", strconv.Itoa(m.limit))
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
}

// someIDs are n ids from the first on.
func someIDs(first, n int) []ID {
	var ids []ID
	for i := range n {
		ids = append(ids, ID(strconv.Itoa(first+i)))
	}
	return ids
}

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
				s := listService(m, tc.each)
				c, end := s.virtual(t)
				defer end()
				for range tc.before {
					if _, err := c.AccountInfo(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				start := time.Now()
				got, err := c.ExtensionDevices(t.Context(), someIDs(1000, tc.ids))
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

// TestBatchCostIsNotLearnedByChance reads lists at once of a service that counts each id, where what went before could
// pass for the sign that a list counts as one: no list is refused.
func TestBatchCostIsNotLearnedByChance(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		first  []int // the first calls' ends, see listService
		fixed  bool
		limit  int
		before time.Duration // the first list
		ids    int           // of the first list
	}{
		"nothing by chance":                    {nil, false, 50, 0, 2},
		"a call that failed was not counted":   {[]int{503}, false, 50, 0, 2},
		"a call that got lost likewise":        {[]int{0}, false, 50, 0, 2},
		"a call with an old token likewise":    {[]int{401}, false, 50, 0, 2},
		"a fixed window began anew":            {nil, true, 50, 15 * time.Second, 2},
		"an answer that shows no limit":        {[]int{404}, false, 20, 0, 30},
		"no answer, and so no limit":           {[]int{0, 0, 0, 0, 0}, false, 20, 0, 30},
		"several that failed were not counted": {[]int{503, 503}, false, 50, 0, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &modelServer{limit: tc.limit, window: time.Minute, penalty: time.Minute, fixed: tc.fixed, begin: time.Now().Add(-50 * time.Second)}
				c, end := listService(m, true, tc.first...).virtual(t)
				defer end()
				_, _ = c.EmergencyLocation(t.Context(), "5", false) // it may fail
				time.Sleep(tc.before)
				if _, err := c.ExtensionDevices(t.Context(), someIDs(1000, tc.ids)); err != nil {
					t.Error(err)
				}
				var wg sync.WaitGroup
				lists := 4
				if tc.ids == 30 {
					lists = 0 // the first list is what the limit is for
				}
				for i := range lists {
					wg.Go(func() {
						if _, err := c.ExtensionDevices(t.Context(), someIDs(2000+100*i, 30)); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				if m.refused > 0 {
					t.Errorf("%d calls of %d were refused, want none", m.refused, m.total)
				}
			})
		})
	}
}

// Once it is proven that a list counts as one, what else was counted is others'.
func TestProvenBatchCostIsNotDoubted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &modelServer{limit: 50, window: time.Minute, penalty: time.Minute}
		c, end := listService(m, false).virtual(t)
		defer end()
		read := func(ids []ID) {
			t.Helper()
			if _, err := c.ExtensionDevices(t.Context(), ids); err != nil {
				t.Error(err)
			}
		}
		read(someIDs(1000, 32)) // of two, then of thirty: that is the proof
		for range 24 {
			m.hit()
		}
		read(someIDs(2000, 20))
		if u := c.Usage()[GroupLight]; u.EachID || u.InWindow != 3 || u.Others != 24 {
			t.Errorf("got each id %t, %d own calls and %d of others, want false, 3 and 24", u.EachID, u.InWindow, u.Others)
		}
	})
}

func TestReckon(t *testing.T) {
	t.Parallel()
	report := func(used int) rateReport { return rateReport{limit: 50, remaining: 50 - used} }
	for name, tc := range map[string]struct {
		booked, before int
		open           int // of those before, without an answer
		old            int // of those before, a window old, less the time that calls take
		lost           int // of those before, whose answers showed no count
		r              rateReport
		want           int32
		cost           int
	}{
		"no headers":                           {30, 0, 0, 0, 0, noHeaders, costUntold, 30},
		"fewer than the ids":                   {30, 5, 0, 0, 0, report(6), costProven, 1},
		"as many as the ids":                   {30, 5, 0, 0, 0, report(35), costEach, 30},
		"one more than before":                 {20, 30, 0, 0, 0, report(31), costOne, 1},
		"one more, but some are under way":     {20, 30, 3, 0, 0, report(31), costUnknown, 20},
		"one more, but some may be over":       {2, 10, 0, 1, 0, report(11), costUnknown, 2},
		"one more, but one may not count":      {2, 10, 0, 0, 1, report(11), costUnknown, 2},
		"one more, whether that counts or not": {3, 10, 0, 0, 1, report(11), costOne, 1},
		"between: a window began anew":         {20, 30, 0, 0, 0, report(22), costUnknown, 20},
		"believed one, but it was each":        {1, 5, 0, 0, 0, report(35), costEach, 30},
		"believed one, and a few others":       {1, 25, 0, 0, 0, report(32), costUnknown, 1},
		"others' calls too":                    {2, 0, 0, 0, 0, report(27), costMore, 2},
		"more ids than the limit":              {20, 0, 0, 0, 0, rateReport{limit: 20}, costEach, 30},
		"refused":                              {1, 5, 0, 0, 0, rateReport{limit: 50, limited: true}, costEach, 1},
	} {
		g := newGate(GroupLight, Limit{50, time.Minute}, testConfig(), counter())
		now := time.Now()
		for i := range tc.before {
			o := &slot{cost: 1, booked: now, ended: now, counted: i >= tc.lost}
			if i < tc.open {
				o.ended, o.counted = time.Time{}, false
			} else if i < tc.open+tc.old {
				o.booked, o.ended = now.Add(-time.Minute), now.Add(-59*time.Second)
			}
			g.ledger.slots = append(g.ledger.slots, o)
		}
		s := &slot{cost: tc.booked, booked: now}
		g.ledger.slots = append(g.ledger.slots, s)
		n := max(tc.booked, 20)
		if tc.old > 0 || tc.lost > 0 || tc.booked == 2 {
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

// That each id counts is feared, or believed, until it is refuted by proof, or by what speaks for one twice in a row; a
// proof is final.
func TestBatchCostChangesItsMind(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		told []int32
		want int
	}{
		{nil, 30},
		{[]int32{costOne}, 30},
		{[]int32{costOne, costOne}, 1},
		{[]int32{costOne, costEach}, 30},
		{[]int32{costEach, costOne}, 30},
		{[]int32{costEach, costOne, costEach, costOne}, 30},
		{[]int32{costEach, costOne, costUnknown, costOne}, 1},
		{[]int32{costEach, costProven}, 1},
		{[]int32{costProven, costEach}, 1},
		{[]int32{costUntold}, 1},
		{[]int32{costMore, costOne, costOne}, 1},
		{[]int32{costOne, costMore}, 30},
		{[]int32{costOne, costOne, costMore}, 30},
		{[]int32{costOne, costOne, costEach}, 30},
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

// A process that starts in a window that an earlier one has used learns as soon as that one would have what a list
// counts as: whoever plans and then applies does not wait for the window.
func TestBatchCostIsLearnedAfterAnotherProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	synctest.Test(t, func(t *testing.T) {
		m := &modelServer{limit: 50, window: time.Minute, penalty: time.Minute}
		s := listService(m, false)
		c, end := s.virtual(t, WithSlotStore(openSlots(t, path)))
		for range 25 {
			if _, err := c.AccountInfo(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		end()
		c, end = s.virtual(t, WithSlotStore(openSlots(t, path)))
		defer end()
		start := time.Now()
		if _, err := c.ExtensionDevices(t.Context(), someIDs(1000, 300)); err != nil {
			t.Fatal(err)
		}
		if m.refused > 0 || time.Since(start) > time.Second {
			t.Errorf("took %s with %d refused, want no wait and none", time.Since(start), m.refused)
		}
	})
}
