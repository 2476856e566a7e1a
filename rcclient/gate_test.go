package rcclient

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// take books a slot and answers it after the latency.
func take(t *testing.T, g *gate, latency time.Duration, r rateReport) time.Duration {
	t.Helper()
	start := time.Now()
	s, err := g.acquire(t.Context(), testOp, one)
	if err != nil {
		t.Fatal(err)
	}
	waited := time.Since(start)
	time.Sleep(latency)
	g.finish(s, r)
	return waited
}

var noHeaders = rateReport{remaining: -1}

func mediumGate(calls int) *gate {
	return newGate(GroupMedium, Limit{calls, time.Minute}, testConfig(), counter())
}

// about tells whether got is want, give or take the margin of a slot.
func about(got, want time.Duration) bool {
	return got >= want && got <= want+2*slotMargin
}

func TestGateWaitsForTheAnswerOfTheCallBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(2)
		take(t, g, 5*time.Second, noHeaders) // answered at 5 s
		take(t, g, time.Second, noHeaders)   // answered at 6 s
		if w := take(t, g, time.Second, noHeaders); !about(w, 59*time.Second) {
			t.Errorf("third call waited %s, want 59s: a window after the first answer", w)
		}
		if w := take(t, g, 0, noHeaders); w > slotMargin {
			t.Errorf("fourth call waited %s, want nothing: the second was answered a window ago", w)
		}
	})
}

func TestGateHoldsBackWhileAllSlotsAreInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(1)
		s, err := g.acquire(t.Context(), testOp, one)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(200*time.Second, func() { g.giveUp(s) })
		if w := take(t, g, 0, noHeaders); !about(w, 260*time.Second) {
			t.Errorf("waited %s, want 260s: a window after the giving up", w)
		}
	})
}

func TestGateFollowsHeaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(10)
		take(t, g, 0, rateReport{limit: 2, window: 10 * time.Second, remaining: 1})
		take(t, g, 0, rateReport{limit: 2, window: 10 * time.Second, remaining: 0})
		if w := take(t, g, 0, noHeaders); !about(w, 10*time.Second) {
			t.Errorf("waited %s, want 10s: the window that the headers named", w)
		}
		if got := g.usage().Limit; got != (Limit{2, 10 * time.Second}) {
			t.Errorf("got limit %v, want the headers'", got)
		}
	})
}

func TestGateAppliesARaisedLimitToWaitingCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(2)
		take(t, g, 0, noHeaders)
		s, err := g.acquire(t.Context(), testOp, one)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(7*time.Second, func() { g.finish(s, rateReport{limit: 100, remaining: 98}) })
		if w := take(t, g, 0, noHeaders); w != 7*time.Second {
			t.Errorf("waited %s, want 7s: until the answer that raised the limit", w)
		}
	})
}

func TestGateRestsInThePenalty(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		header http.Header
		want   time.Duration
	}{
		{"Retry-After", http.Header{"Retry-After": {"45"}}, 45 * time.Second},
		{"nothing said", http.Header{}, 30 * time.Second},
		{"a date", http.Header{"Retry-After": {"Sat, 01 Jan 2000 00:01:10 GMT"}, "Date": {"Sat, 01 Jan 2000 00:00:00 GMT"}}, 70 * time.Second},
		{"rubbish", http.Header{"Retry-After": {"soon"}}, 30 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := mediumGate(40)
				take(t, g, 0, parseRate(429, tc.header, time.Now()))
				if w := take(t, g, 0, noHeaders); !about(w, tc.want) {
					t.Errorf("waited %s, want %s", w, tc.want)
				}
			})
		})
	}
}

func TestGateStopsAllWaitersInThePenalty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(40)
		take(t, g, 0, noHeaders)
		s, err := g.acquire(t.Context(), testOp, one)
		if err != nil {
			t.Fatal(err)
		}
		g.finish(s, rateReport{limited: true, after: time.Minute, remaining: -1})
		start := time.Now()
		var early atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				take(t, g, 0, noHeaders)
				if time.Since(start) < time.Minute {
					early.Add(1)
				}
			})
		}
		wg.Wait()
		if early.Load() > 0 {
			t.Errorf("%d calls went out in the penalty", early.Load())
		}
	})
}

func TestGateRestartsThePenaltyForACallGivenUpInIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(40)
		take(t, g, 0, noHeaders)
		lost, err := g.acquire(t.Context(), testOp, one)
		if err != nil {
			t.Fatal(err)
		}
		take(t, g, 0, rateReport{limited: true, after: time.Minute, remaining: -1})
		time.Sleep(20 * time.Second)
		g.giveUp(lost)
		if w := take(t, g, 0, noHeaders); !about(w, time.Minute) {
			t.Errorf("waited %s, want a whole penalty after the giving up", w)
		}
	})
}

func TestGateCountsWhatOthersUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(40)
		// One call of ours, but the server has counted 38: 37 are others'.
		take(t, g, 0, rateReport{limit: 40, remaining: 2})
		want := GroupUsage{Sent: 1, InWindow: 1, Others: 37, Allowed: 40, Limit: Limit{40, time.Minute}, Told: true}
		if diff := cmp.Diff(want, g.usage()); diff != "" {
			t.Errorf("usage (-want +got):\n%s", diff)
		}
		take(t, g, 0, rateReport{limit: 40, remaining: 1}) // explained: nothing new
		take(t, g, 0, rateReport{limit: 40, remaining: 0})
		if u := g.usage(); u.Others != 37 || !about(u.NextIn, time.Minute) {
			t.Errorf("got %d others and next in %s, want 37 and a window", u.Others, u.NextIn)
		}
		time.Sleep(time.Minute + slotMargin)
		if u := g.usage(); u.Others != 0 || u.NextIn != 0 {
			t.Errorf("got %d others and next in %s after a window, want none", u.Others, u.NextIn)
		}
	})
}

// Whoever asks before the first answer is told that one call at a time goes out, and how many have no answer yet.
func TestGateTellsWhatIsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(40)
		want := func(inFlight int, single bool) {
			t.Helper()
			if u := g.usage(); u.InFlight != inFlight || u.Single != single {
				t.Errorf("got %d in flight and single %t, want %d and %t", u.InFlight, u.Single, inFlight, single)
			}
		}
		sent := func() *slot {
			t.Helper()
			s, err := g.acquire(t.Context(), testOp, one)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		want(0, true)
		first := sent()
		want(1, true)
		g.finish(first, noHeaders)
		want(0, false)
		second, third := sent(), sent()
		want(2, false)
		g.giveUp(second)
		g.drop(third, false)
		want(0, false)
	})
}

func TestGateQuotaShareLeavesOthersTheirPart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig()
		cfg.share = 0.5
		g := newGate(GroupHeavy, Limit{10, time.Minute}, cfg, counter())
		// The other half may be used by another process: that must not stop ours,
		// and its being free must not tempt us.
		for _, used := range []int{5, 0} {
			for i := range 5 {
				used++
				if w := take(t, g, 0, rateReport{limit: 10, remaining: 10 - used}); w > 0 {
					t.Errorf("call %d waited %s", i+1, w)
				}
			}
			if w := g.usage().NextIn; !about(w, time.Minute) {
				t.Errorf("the sixth call would wait %s, want a window: the share is 5", w)
			}
			time.Sleep(time.Minute + slotMargin)
		}
	})
}

// What a call of several ids counts as is asked when it leaves: an answer may have told while it waited.
func TestGateBooksWhatACallCountsAsWhenItLeaves(t *testing.T) {
	t.Parallel()
	for told, want := range map[int32]time.Duration{costOne: 30 * time.Second, costEach: time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			g := mediumGate(40)
			for range 11 {
				take(t, g, 0, noHeaders)
			}
			take(t, g, 0, rateReport{limited: true, after: 30 * time.Second, remaining: -1}) // so that it waits
			var b batchCost
			b.known.Store(costOne + costEach - told) // what is believed before
			start := time.Now()
			var wg sync.WaitGroup
			wg.Go(func() {
				s, err := g.acquire(t.Context(), testOp, func() int { return b.of(30) })
				if err != nil {
					t.Error(err)
					return
				}
				if s.cost != b.of(30) || !about(time.Since(start), want) {
					t.Errorf("told %d: left after %s as %d calls, want %s and %d", told, time.Since(start), s.cost, want, b.of(30))
				}
			})
			synctest.Wait()
			b.known.Store(told)
			wg.Wait()
		})
	}
}

func TestGateServesInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(1)
		take(t, g, 0, noHeaders)
		var mu sync.Mutex
		var order []int
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				take(t, g, 0, noHeaders)
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
			synctest.Wait()
		}
		wg.Wait()
		if diff := cmp.Diff([]int{0, 1, 2, 3, 4}, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestGateLetsACancelledCallerGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := mediumGate(1)
		take(t, g, 0, noHeaders)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.acquire(ctx, testOp, one); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v, want the context's error", err)
		}
		if w := take(t, g, 0, noHeaders); !about(w, 59*time.Second) {
			t.Errorf("the next waited %s, want 59s: the one that left took no slot", w)
		}
	})
}

func TestGateTellsWhyItWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig()
		var told []Wait
		cfg.observe = func(w Wait) { told = append(told, w) }
		g := newGate(GroupHeavy, Limit{1, time.Minute}, cfg, counter())
		take(t, g, 0, rateReport{limited: true, after: 90 * time.Second, remaining: -1})
		take(t, g, 0, noHeaders)
		take(t, g, 0, noHeaders)
		want := []Wait{
			{Group: GroupHeavy, Operation: "test", Reason: WaitPenalty, For: 90*time.Second + slotMargin, Waiting: 1},
			{Group: GroupHeavy, Operation: "test", Reason: WaitWindow, For: time.Minute + slotMargin, Waiting: 1},
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("waits (-want +got):\n%s", diff)
		}
	})
}

// TestGatePacesOnlyWhereCallersWaitAnyway: a burst that fits goes out at once;
// of one that does not, the end of the window's slots is spread.
func TestGatePacesOnlyWhereCallersWaitAnyway(t *testing.T) {
	t.Parallel()
	for callers, want := range map[int]time.Duration{40: 0, 60: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			g := mediumGate(41)
			take(t, g, 0, noHeaders)
			g.turn <- struct{}{} // until all have queued up
			start := time.Now()
			var mu sync.Mutex
			var times []time.Duration
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					s, err := g.acquire(t.Context(), testOp, one)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					times = append(times, time.Since(start))
					mu.Unlock()
					g.finish(s, noHeaders)
				})
			}
			synctest.Wait()
			<-g.turn
			wg.Wait()
			if got := times[39]; (want == 0 && got != 0) || got < want || got > time.Minute/paceSpread {
				t.Errorf("%d callers: the 40th went out after %s, want %s or a little more", callers, got, want)
			}
		})
	}
}
