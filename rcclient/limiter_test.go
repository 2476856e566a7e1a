package rcclient

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// modelServer counts calls as the service does, in a sliding or a fixed window,
// and opens a penalty beyond the limit, which every further call restarts.
type modelServer struct {
	limit   int
	window  time.Duration
	penalty time.Duration
	fixed   bool
	begin   time.Time // where fixed windows begin
	// service is the window that the headers speak of, where a time scale makes
	// it another than the window that is counted.
	service time.Duration

	mu      sync.Mutex
	seen    []time.Time
	until   time.Time
	refused int
	total   int
}

// hit is one call arriving now; it tells whether it is accepted, and how many
// calls are left.
func (m *modelServer) hit() (bool, int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	m.total++
	if now.Before(m.until) {
		m.until = now.Add(m.penalty)
		m.refused++
		return false, 0
	}
	keep := m.seen[:0]
	for _, t := range m.seen {
		if m.counts(t, now) {
			keep = append(keep, t)
		}
	}
	m.seen = keep
	if len(m.seen) >= m.limit {
		m.until = now.Add(m.penalty)
		m.refused++
		return false, 0
	}
	m.seen = append(m.seen, now)
	return true, m.limit - len(m.seen)
}

// counts tells whether a call at t counts at now; both ends of a window do.
func (m *modelServer) counts(t, now time.Time) bool {
	if m.fixed {
		return t.Sub(m.begin)/m.window == now.Sub(m.begin)/m.window
	}
	return now.Sub(t) <= m.window
}

// answer makes the report that the server's headers would give.
func (m *modelServer) answer(ok bool, left int) rateReport {
	r := rateReport{limit: m.limit, window: cmp.Or(m.service, m.window), remaining: left}
	if !ok {
		r.limited, r.after = true, m.penalty
	}
	return r
}

var testOp = &operation{id: "test", group: GroupMedium}

func testConfig() *config {
	cfg := defaultConfig()
	return &cfg
}

func counter() func() uint64 {
	var n uint64
	return func() uint64 { n++; return n }
}

// workOn keeps workers calling through the gate until the context ends.
func workOn(ctx context.Context, g *gate, m *modelServer, workers int, latency func() (there, back time.Duration)) {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				s, err := g.acquire(ctx, testOp, one)
				if err != nil {
					return
				}
				there, back := latency()
				time.Sleep(there)
				ok, left := m.hit()
				time.Sleep(back)
				g.finish(s, m.answer(ok, left))
			}
		})
	}
	wg.Wait()
}

// TestLimiterUtilisation is also the figure that "make bench" shows: 24 hours of
// virtual time, 8 workers, 40 calls a minute, 0.3 s latency.
func TestLimiterUtilisation(t *testing.T) {
	t.Parallel()
	for _, fixed := range []bool{true, false} {
		name := map[bool]string{true: "fixed", false: "sliding"}[fixed]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const hours = 24
				m := &modelServer{limit: 40, window: time.Minute, penalty: time.Minute, fixed: fixed, begin: time.Now().Add(-17 * time.Second)}
				g := newGate(GroupMedium, Limit{40, time.Minute}, testConfig(), counter())
				ctx, cancel := context.WithTimeout(t.Context(), hours*time.Hour)
				defer cancel()
				workOn(ctx, g, m, 8, func() (time.Duration, time.Duration) {
					return 150 * time.Millisecond, 150 * time.Millisecond
				})
				utilisation := float64(m.total-m.refused) / (40 * 60 * hours)
				t.Logf("%s window: utilisation %.4f, %d calls, %d refused", name, utilisation, m.total, m.refused)
				if m.refused != 0 || utilisation < 0.99 {
					t.Errorf("got utilisation %.4f with %d refused, want at least 0.99 with none", utilisation, m.refused)
				}
			})
		})
	}
}

// TestLimiterMakespan compares the pacing with the bare rule: a job of n calls
// must not take longer than the windows it needs and its last calls' latency.
func TestLimiterMakespan(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 8, 39, 40, 41, 80, 87, 400} {
		synctest.Test(t, func(t *testing.T) {
			m := &modelServer{limit: 40, window: time.Minute, penalty: time.Minute}
			g := newGate(GroupMedium, Limit{40, time.Minute}, testConfig(), counter())
			start := time.Now()
			var left sync.Mutex
			todo := n
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for {
						left.Lock()
						if todo == 0 {
							left.Unlock()
							return
						}
						todo--
						left.Unlock()
						s, err := g.acquire(ctx, testOp, one)
						if err != nil {
							t.Error(err)
							return
						}
						time.Sleep(300 * time.Millisecond)
						ok, rest := m.hit()
						g.finish(s, m.answer(ok, rest))
					}
				})
			}
			wg.Wait()
			took := time.Since(start)
			// A window and the latency of the calls at its edge; then this window's
			// calls eight at a time, and the one call alone that learns the limit.
			windows, rounds := (n-1)/40, (min(n, 40)+7)/8+1
			most := time.Duration(windows*60_320+rounds*300+1000) * time.Millisecond
			if took > most || m.refused != 0 {
				t.Errorf("%d calls took %s with %d refused, want at most %s with none", n, took, m.refused, most)
			}
		})
	}
}

// TestLimiterNeverRefused is the promise itself: whatever limit, window,
// placement and latency, a client alone on its app meets no 429.
func TestLimiterNeverRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		limit := rapid.IntRange(1, 60).Draw(rt, "limit")
		believed := rapid.IntRange(1, 60).Draw(rt, "believed")
		window := time.Duration(rapid.IntRange(1, 120).Draw(rt, "window")) * time.Second
		workers := rapid.IntRange(1, 12).Draw(rt, "workers")
		fixed := rapid.Bool().Draw(rt, "fixed")
		offset := time.Duration(rapid.Int64Range(0, int64(window)).Draw(rt, "offset"))
		share := rapid.Float64Range(0.05, 1).Draw(rt, "share")
		most := rapid.IntRange(1, 30).Draw(rt, "latency")
		seed := rapid.Uint64().Draw(rt, "seed")
		scale := Scale(rapid.SampledFrom([]float64{1, 7, 30}).Draw(rt, "scale"))
		wrong := ""
		synctest.Test(t, func(t *testing.T) {
			cfg := testConfig()
			cfg.share, cfg.scale = share, scale
			m := &modelServer{limit: limit, window: scale.Wall(window), service: window, penalty: time.Minute, fixed: fixed, begin: time.Now().Add(-offset)}
			g := newGate(GroupMedium, Limit{believed, time.Minute}, cfg, counter())
			rnd := rand.New(rand.NewPCG(seed, 1))
			var mu sync.Mutex
			length := 4*m.window + time.Minute
			ctx, cancel := context.WithTimeout(t.Context(), length)
			defer cancel()
			latency := func() (time.Duration, time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				return time.Duration(rnd.IntN(most*100)) * time.Millisecond, time.Duration(rnd.IntN(most*100)) * time.Millisecond
			}
			start := time.Now()
			workOn(ctx, g, m, workers, latency)
			if others := g.usage().Others; others != 0 {
				wrong = fmt.Sprintf("%d calls are taken for others', where there are none", others)
			}
			if m.refused != 0 {
				wrong = fmt.Sprintf("%d of %d calls refused", m.refused, m.total)
			}
			if m.total == 0 || time.Since(start) < length {
				wrong = fmt.Sprintf("%d calls in %s: the work stopped", m.total, time.Since(start))
			}
		})
		if wrong != "" { // said here: rapid fails by a panic, which must not leave the bubble
			rt.Fatal(wrong)
		}
	})
}
