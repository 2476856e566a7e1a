package executor

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/rcclient/rcsim"
)

// foretold are the pictures of a run at some instants.
type foretold struct {
	at    time.Duration
	share float64 // of the changes that have landed or are final
	total time.Duration
}

// watched carries a generated rollout out in virtual time and looks at its picture as people do.
func watched(t *testing.T, rows int, mix rcsim.Mix, opts rcsim.Options) (seen []foretold, took time.Duration) {
	t.Helper()
	r := newRollout(t, rows, mix, opts)
	j, err := journal.Create(journalName, journal.Options{FS: r.fs})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	e := New(r.client, j, nil, Options{})
	done, ended := make(chan struct{}), make(chan struct{})
	begun := time.Now()
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				p := e.Progress()
				share := float64(p.Done+p.Landed) / float64(max(p.Total, 1))
				seen = append(seen, foretold{at: time.Since(begun), share: share, total: time.Since(begun) + p.ETA})
			}
		}
	}()
	if _, err := e.Run(t.Context(), r.plan, journal.State{}); err != nil {
		t.Error(err)
	}
	took = time.Since(begun)
	close(done)
	<-ended
	if err := r.client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	return seen, took
}

// After the first tenth of the changes the picture foretells the run's end within a tenth of the run, or a
// window of the limit where that is more: its tail of readings and address checks included, whatever limits it.
// At a tenth, a quarter and a half it is right within a twentieth.
func TestETA(t *testing.T) {
	t.Parallel()
	const slow, quick = 3 * time.Second, 300 * time.Millisecond
	for name, tt := range map[string]struct {
		mix     rcsim.Mix
		latency time.Duration
	}{
		"mixed": {rcsim.DefaultMix, quick}, "adds": {rcsim.Mix{Add: 100}, quick}, "slow adds": {rcsim.Mix{Add: 100}, slow},
		"addresses": {rcsim.Mix{Emergency: 100}, slow}, "swaps": {rcsim.Mix{Swap: 100}, quick},
		"half": {rcsim.Mix{Add: 50, Emergency: 30, Swap: 10, Remove: 10}, slow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				seen, took := watched(t, 600/raceFactor, tt.mix, rcsim.Options{Latency: tt.latency})
				checkForetold(t, seen, took)
			})
		})
	}
}

// The end of a short run is foretold from its first seconds on, before an address was seen to its end.
func TestETAOfAShortRun(t *testing.T) {
	t.Parallel()
	for name, mix := range map[string]rcsim.Mix{"adds": {Add: 100}, "addresses": {Emergency: 100}, "adds and swaps": {Add: 60, Swap: 40}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				seen, took := watched(t, 100, mix, rcsim.Options{Latency: 300 * time.Millisecond})
				for _, f := range seen {
					if off := (f.total - took).Abs(); f.share >= 0.1 && off > max(took/10, 5*time.Second) {
						t.Errorf("after %s the end was foretold for %s, it was %s", f.at, f.total, took)
					}
				}
			})
		})
	}
}

func checkForetold(t *testing.T, seen []foretold, took time.Duration) {
	t.Helper()
	off := func(f foretold) time.Duration { return (f.total - took).Abs() }
	marks, worst := []float64{0.1, 0.25, 0.5}, foretold{total: took}
	for _, f := range seen {
		if f.share >= 0.1 && off(f) > off(worst) {
			worst = f
		}
		if len(marks) == 0 || f.share < marks[0] {
			continue
		}
		marks = marks[1:]
		t.Logf("at %.0f %% of %s: %s", f.share*100, took.Round(time.Second), f.total.Round(time.Second))
		if off(f) > max(took/20, 20*time.Second) {
			t.Errorf("at %.0f %% of the changes the end was foretold for %s, it was %s", f.share*100, f.total, took)
		}
	}
	t.Logf("worst: %s at %s of %s", worst.total.Round(time.Second), worst.at, took.Round(time.Second))
	if off(worst) > max(took/10, 65*time.Second) {
		t.Errorf("after %s the end was foretold for %s, it was %s", worst.at, worst.total, took)
	}
	if len(seen) == 0 || len(marks) > 0 {
		t.Error("the picture was not looked at")
	}
}

// A time in which nothing might be sent is not taken for a window that others use, nor is it still to come: the picture is
// right from when the run goes on.
func TestETAAfterAStandstill(t *testing.T) {
	t.Parallel()
	const begins, lasts = 90 * time.Second, 30 * time.Minute
	for name, hold := range map[string]func(*Executor, func()){
		"paused": func(e *Executor, _ func()) {
			e.Pause("")
			time.Sleep(lasts)
			e.Continue("")
		},
		"refused": func(_ *Executor, refuse func()) {
			refuse()
			time.Sleep(lasts)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				a, b := moves(320)
				w := newWorld(t, a, rcsim.Options{Latency: 2 * time.Second})
				var refuse atomic.Bool // the next call, for the standstill
				w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
					if s != rcsim.BeforeEffect || c.Operation != "updateDeviceEmergency" || !refuse.CompareAndSwap(true, false) {
						return nil
					}
					return &rcsim.Interruption{Status: 429, Header: http.Header{"Retry-After": {fmt.Sprint(lasts.Seconds())}}, Body: []byte("{}")}
				})
				j, err := journal.Create(journalName, journal.Options{FS: w.fs})
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = j.Close() }()
				c := w.client()
				defer func() { _ = c.Close(t.Context()) }()
				e := New(c, j, nil, Options{})
				done, ended := make(chan struct{}), make(chan struct{})
				var seen []foretold
				begun := time.Now()
				go func() {
					defer close(ended)
					time.Sleep(begins)
					hold(e, func() { refuse.Store(true) })
					time.Sleep(time.Second) // the loop has looked again
					for {
						select {
						case <-done:
							return
						case <-time.After(time.Second):
							at := time.Since(begun)
							seen = append(seen, foretold{at: at, total: at + e.Progress().ETA})
						}
					}
				}()
				if _, err := e.Run(t.Context(), &b.p, journal.State{}); err != nil {
					t.Error(err)
				}
				took := time.Since(begun)
				close(done)
				<-ended
				for _, f := range seen {
					if off := (f.total - took).Abs(); off > 75*time.Second {
						t.Errorf("after %s the end was foretold for %s, it was %s", f.at, f.total, took)
					}
				}
			})
		})
	}
}
