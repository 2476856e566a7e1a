package executor

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// renames are so many phones that get another name.
func renames(n int, settings func(*rcsim.Settings)) (*rcsim.Account, *planner) {
	b := newPlan()
	a := account(true, n, func(a *rcsim.Account) {
		if settings != nil {
			settings(&a.Settings)
		}
		for ext := 101; ext < 101+n; ext++ {
			a.Devices = append(a.Devices, phone(device(ext), ext, 0))
			b.name(ext, ref(device(ext)), "new")
		}
	})
	return a, b
}

// A group that has nothing to send any more, or may not, keeps no run waiting
// for its next slot.
func TestNothingToSendIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rows   int
		maxAge time.Duration
		window int
		stop   bool
		most   time.Duration
	}{
		"short ages":               {rows: 40, maxAge: 20 * time.Second, window: 60, most: 10 * time.Second},
		"a window of an hour":      {rows: 40, window: 3600, most: 10 * time.Second},
		"stopped in such a window": {rows: 60, window: 3600, stop: true, most: 21 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				a, b := renames(tc.rows, func(s *rcsim.Settings) {
					s.Limits = map[string]rcsim.Limit{"medium": {Limit: 40, Window: float64(tc.window)}}
				})
				w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
				opts := Options{MaxAge: tc.maxAge}
				if tc.stop {
					stop := make(chan struct{})
					opts.Stop = stop
					time.AfterFunc(20*time.Second, func() { close(stop) })
				}
				begun := time.Now()
				s, err := w.run(&b.p, opts)
				if took := time.Since(begun); took > tc.most || s.Applied != 40 {
					t.Errorf("%d applied, %v; ended after %s, want at most %s", s.Applied, err, took, tc.most)
				}
			})
		})
	}
}

// Two runs that share a client id by halves get a half each: what the other one
// uses is not taken off the own half.
func TestTwoShares(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const each = 100
		a, _ := renames(2*each, nil)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		begun := time.Now()
		var wg sync.WaitGroup
		for i := range 2 {
			b := newPlan()
			for ext := 101 + i*each; ext < 101+(i+1)*each; ext++ {
				b.name(ext, ref(device(ext)), "new")
			}
			wg.Go(func() { w.share(&b.p, fmt.Sprint("journal", i)) })
		}
		wg.Wait()
		// 20 a minute each: the fifth twenty leaves when four minutes are over.
		if took := time.Since(begun); took > 5*time.Minute || w.server.Stats().RateLimited > 0 {
			t.Errorf("two halves took %s, with %d calls refused; want at most 5 minutes and none", took, w.server.Stats().RateLimited)
		}
	})
}

// share carries a plan out with half of the limits.
func (w *world) share(p *plan.Plan, name string) {
	c := w.client(rcclient.WithQuotaShare(0.5))
	j, err := journal.Create(name, journal.Options{FS: &journal.MemFS{}})
	if err != nil {
		w.t.Error(err)
		return
	}
	if s, err := New(c, j, nil, Options{}).Run(w.t.Context(), p, journal.State{}); err != nil || s.Applied != len(p.Changes) {
		w.t.Errorf("%s: %d applied, %v", name, s.Applied, err)
	}
	if err := j.Close(); err != nil {
		w.t.Error(err)
	}
	if err := c.Close(w.t.Context()); err != nil {
		w.t.Error(err)
	}
}

// At the end of a run a list that lags is asked again after a while, and not at
// once again and again.
func TestLaggingListIsNotHammered(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 1, func(a *rcsim.Account) { a.Devices = append(a.Devices, phone("d1", 101, 0)) })
		b := newPlan()
		b.remove(101, "d1", true)
		lag := 20.0
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond, Faults: &rcsim.Faults{Rules: []rcsim.FaultRule{
			{On: rcsim.FaultScope{"listExtensionDevices"}, Kind: rcsim.FaultLag, Seconds: &lag}}}})
		begun := time.Now()
		s, err := w.run(&b.p, Options{})
		lists := w.server.Stats().Calls.ByOperation["listExtensionDevices"]
		if took := time.Since(begun); err != nil || s.Applied != 1 || lists > 4 || took > 40*time.Second {
			t.Errorf("%d applied, %v; %d lists in %s, want at most 4 in 40s", s.Applied, err, lists, took)
		}
	})
}

// Where each id of a list counts as a call, a new ERL is read while changes
// that wait for nothing are still to be sent.
func TestNewLocationIsReadWhereEachIDCounts(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const adds, moves = 200, 10
		b := newPlan()
		a := account(true, adds+moves, func(a *rcsim.Account) {
			a.Settings.BatchCost = "ids"
			a.Settings.Limits = map[string]rcsim.Limit{"light": {Limit: 20, Window: 60}}
			for ext := 101; ext < 101+moves; ext++ {
				a.Devices = append(a.Devices, phone(device(ext), ext, 0))
			}
		})
		b.put(plan.Change{ID: "erl", Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: "New", Address: place(7)}})
		for ext := 101; ext < 101+moves; ext++ {
			c := b.move(ext, device(ext), &plan.EmergencyTarget{Location: &plan.LocationRef{Change: "erl", Name: "New"}, Place: place(7)})
			c.Order = &plan.Order{DependsOn: []string{"erl"}}
		}
		for i := range adds {
			b.add(101+moves+i, at(1))
		}
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		begun := time.Now()
		if s, err := w.run(&b.p, Options{}); err != nil || s.Applied != adds+moves+1 {
			t.Errorf("%d applied, %v", s.Applied, err)
		}
		if after := w.state().Outcomes["erl"].Ended.Sub(begun); after > 3*time.Minute {
			t.Errorf("the ERL, valid after 30 s, was known to be after %s", after)
		}
	})
}

// A list call that waits to be tried again holds no other reading up.
func TestWaitingListHoldsNothingUp(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := renames(150, func(s *rcsim.Settings) { s.BatchCost = "ids" })
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		var lists atomic.Int64
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if s != rcsim.BeforeEffect || c.Operation != "listExtensionDevices" || lists.Add(1) != 3 {
				return nil
			}
			return &rcsim.Interruption{Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"300"}}}
		})
		s, err := w.run(&b.p, Options{})
		if err != nil || s.Applied != 150 || w.span() > 6*time.Minute {
			t.Errorf("%d applied, %v; the changes were sent in %s, want at most 6 minutes", s.Applied, err, w.span())
		}
	})
}
