package executor

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// errKilled stands for the death of the process.
var errKilled = errors.New("killed")

// kill lets the process die at the n-th write of the journal from now on: that
// write and all later ones fail, and, if calls are lost, no call of the
// process arrives any more. The returned function buries it.
func (w *world) kill(n int, lost bool, tail func(string, []byte) []byte) func() {
	var dead atomic.Bool
	writes := 0
	w.fs.Hook = func(op, _ string, _ []byte) error {
		if op == "write" {
			writes++
		}
		if writes > n || dead.Load() {
			dead.Store(true)
			return errKilled
		}
		return nil
	}
	w.intercept(func(s rcsim.Stage, _ rcsim.HookCall) *rcsim.Interruption {
		if s == rcsim.BeforeEffect && lost && dead.Load() {
			return &rcsim.Interruption{Drop: true}
		}
		return nil
	})
	return func() {
		w.fs.Hook = nil
		w.intercept(nil)
		w.fs.Crash(tail)
	}
}

// finish resumes until the run is done and checks that every change took
// effect exactly once.
func (w *world) finish(p *plan.Plan, want rcsim.EffectCounts, what string) {
	w.t.Helper()
	s, err := w.run(p, Options{})
	if err != nil {
		w.t.Fatalf("%s: resume: %v", what, err)
	}
	if got := w.server.Stats().Effects; got != want {
		w.t.Errorf("%s: effects differ:\n got %+v\nwant %+v", what, got, want)
	}
	if s.Applied+s.NoOp != len(p.Changes) {
		w.t.Errorf("%s: %+v", what, s)
		for id, o := range w.state().Outcomes {
			if o.Status != journal.Applied {
				w.t.Logf("%s: %s %s %s %s", id, o.Status, o.Code, o.Message, o.Rule)
			}
		}
	}
	w.check()
}

func TestKilledAtEveryRecord(t *testing.T) {
	t.Parallel()
	var want rcsim.EffectCounts
	writes := 0
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		w.fs.Hook = func(op, _ string, _ []byte) error {
			if op == "write" {
				writes++
			}
			return nil
		}
		if s, err := w.run(&b.p, Options{}); err != nil || s.Applied != len(b.p.Changes) {
			t.Fatal(s, err)
		}
		want = w.server.Stats().Effects
	})
	for k := range writes {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d, calls lost %t", k, lost), func(t *testing.T) {
				t.Parallel()
				bubble(t, func(t *testing.T) {
					a, b := everything(true)
					w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
					if k > 0 { // the journal itself is there
						bury := w.kill(k, lost, nil)
						_, err := w.run(&b.p, Options{})
						bury()
						if err != nil && !isBroken(err) {
							t.Fatalf("a run whose journal fails ended with %v", err)
						}
					}
					w.finish(&b.p, want, "once")
				})
			})
		}
	}
}

// isBroken reports whether err came from the journal.
func isBroken(err error) bool {
	_, ok := errors.AsType[*journal.BrokenError](err)
	return ok
}
