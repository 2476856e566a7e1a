package executor

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"provision/rcclient/rcsim"
)

// callTimeout is when the client gives a call up.
const callTimeout = 90 * time.Second

// fault makes some calls end without an answer, or with a 5xx, before or after
// their effect; some take effect up to a minute after the given time.
func fault(rnd *rand.Rand, share float64, reads bool, after time.Duration) rcsim.Hook {
	var mu sync.Mutex
	slow := &rcsim.Interruption{}
	pending := map[string]*rcsim.Interruption{} // after the effect, by request
	return func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
		if c.Method == http.MethodGet && !reads || strings.Contains(c.Path, "oauth") {
			return nil
		}
		if s == rcsim.BeforeEffect && c.Method != http.MethodGet {
			mu.Lock()
			late := rnd.Float64() < share/4
			wait := after + time.Duration(rnd.IntN(60))*time.Second
			if late {
				pending[c.RequestID] = slow
			}
			mu.Unlock()
			if late { // taken up a minute later, answered after the client gave up
				time.Sleep(wait)
				return nil
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if s == rcsim.AfterEffect {
			stop := pending[c.RequestID]
			delete(pending, c.RequestID)
			if stop == slow {
				mu.Unlock()
				time.Sleep(100 * time.Second)
				mu.Lock()
				return nil
			}
			return stop
		}
		if rnd.Float64() >= share {
			return nil
		}
		stop := &rcsim.Interruption{Status: http.StatusServiceUnavailable, Body: []byte(`{"errors":[{"errorCode":"CMN-201","message":"Service Temporary Unavailable"}]}`)}
		if rnd.IntN(2) == 0 {
			stop = &rcsim.Interruption{Drop: true}
		}
		if rnd.IntN(2) == 0 {
			return stop
		}
		pending[c.RequestID] = stop
		return nil
	}
}

// Answers get lost at random: every change takes effect exactly once all the
// same.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	var want rcsim.EffectCounts
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		want = w.server.Stats().Effects
	})
	for seed := range seeds(100) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				rnd := rand.New(rand.NewPCG(seed, 11))
				a, b := everything(true)
				w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
				if seed%2 == 0 {
					bury := w.kill(1+rnd.IntN(15), false, nil)
					w.intercept(fault(rnd, 0.4, false, 0))
					if _, err := w.run(&b.p, Options{}); err != nil && !isBroken(err) {
						t.Fatal(err)
					}
					bury()
				}
				w.intercept(fault(rnd, 0.4, false, callTimeout))
				if seed%3 == 0 {
					w.intercept(fault(rnd, 0.15, true, callTimeout))
				}
				w.finish(&b.p, want, "faults")
			})
		})
	}
}
