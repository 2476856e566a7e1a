package executor

import (
	"fmt"
	"path"
	"slices"
	"sync"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// moves is a plan that moves the phones of so many extensions, and their account.
func moves(many int) (*rcsim.Account, *planner) {
	a := account(true, many, func(a *rcsim.Account) {
		for ext := 101; ext < 101+many; ext++ {
			a.Devices = append(a.Devices, phone(fmt.Sprint("d", ext), ext, 0))
		}
	})
	b := newPlan()
	for ext := 101; ext < 101+many; ext++ {
		b.move(ext, fmt.Sprint("d", ext), at(2))
	}
	return a, b
}

// Calls leave in the order of the plan, also while the limit is not known yet and only one may go, and each at once
// when its intent is durable: none of them waits for a slot with an intent that a kill would leave open.
func TestCallsLeaveAsPlanned(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const latency = 300 * time.Millisecond
		a, b := moves(90)
		w := newWorld(t, a, rcsim.Options{Latency: latency})
		var mu sync.Mutex
		left := map[string]time.Time{}
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if s == rcsim.BeforeEffect && c.Operation == "updateDeviceEmergency" {
				mu.Lock()
				defer mu.Unlock()
				left["emergency-"+path.Base(path.Dir(c.Path))[1:]] = time.Now().Add(-latency / 2)
			}
			return nil
		})
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		recs, err := journal.ReadFS(w.fs, journalName)
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range recs {
			if rec.Intent != nil && !rec.Time.Equal(left[rec.Changes[0]]) {
				t.Errorf("%s: intent at %s, left at %s", rec.Changes[0], rec.Time, left[rec.Changes[0]])
			}
		}
		if !slices.IsSortedFunc(b.p.Changes, func(a, b plan.Change) int { return left[a.ID].Compare(left[b.ID]) }) {
			t.Errorf("not in the order of the plan: %v", left)
		}
		if first, second := left[b.p.Changes[0].ID], left[b.p.Changes[1].ID]; second.Sub(first) != latency {
			t.Errorf("the second left %s after the first, want %s: the first tells the limit", second.Sub(first), latency)
		}
	})
}

// stopper asks for a stop when the first change is settled. It keeps the run so long that the answer to the next call
// waits too when the run looks again.
type stopper struct {
	Quiet
	stop chan struct{}
	once sync.Once
}

func (s *stopper) Settled(*plan.Change, journal.Outcome) {
	s.once.Do(func() {
		time.Sleep(time.Second)
		close(s.stop)
	})
}

// A stop that is there when the run may begin a call wins, whatever else has come with it.
func TestStopWins(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := moves(9)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		j, err := journal.Create(journalName, journal.Options{FS: w.fs})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = j.Close() }()
		c, obs := w.client(), &stopper{stop: make(chan struct{})}
		defer func() { _ = c.Close(t.Context()) }()
		s, err := New(c, j, obs, Options{Stop: obs.stop, MediumParallel: 1}).Run(t.Context(), &b.p, journal.State{})
		if n := len(w.effects()); err != nil || !s.Interrupted || n != 2 {
			t.Errorf("%+v, %v, %d effects, want 2", s, err, n)
		}
	})
}
