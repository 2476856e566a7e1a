package executor

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// status is what the journal says of a change.
func (w *world) status(id string) journal.Status {
	w.t.Helper()
	out, ok := w.state().Outcomes[id]
	if !ok {
		return journal.Pending
	}
	return out.Status
}

func (w *world) want(id string, want journal.Status) {
	w.t.Helper()
	if got := w.status(id); got != want {
		out := w.state().Outcomes[id]
		w.t.Errorf("%s: got %s (%s %s), want %s", id, got, out.Code, out.Message, want)
	}
}

// What does not fit the account any more is stale, what is so already a no_op,
// and neither is sent.
func TestStaleAndNoOp(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 12, func(a *rcsim.Account) {
			a.Devices = append(a.Devices, phone("d1", 101, 0), phone("d2", 102, 0), phone("d3", 103, 1), phone("d4", 104, 0),
				phone("d5", 105, 0), phone("d6", 106, 0), phone("d8", 108, 0), phone("i1", 0, 0))
		})
		b := newPlan()
		b.add(101, at(1))                    // has a phone that the plan does not know
		b.remove(102, "gone", true)          // never was
		b.remove(107, "d6", true)            // on another extension
		b.move(103, "d3", at(1))             // is there
		b.name(104, ref("d4"), "phone d4")   // is called so
		b.move(105, "d9", at(1))             // another phone
		b.swap(106, ref("d6"), ref("d8"), 0) // not in the inventory
		b.swap(108, ref("i1"), ref("d8"), 0) // made already
		b.unstock(ref("d5"))                 // assigned
		b.unstock(ref("never"))              // gone
		old := "another name"
		c := b.name(109, ref("d9"), "new")
		c.ID = "renamed"
		c.On.ID, c.Update().Device = extID(104), ref("d4")
		c.Precondition.Name = &old
		w := newWorld(t, a, rcsim.Options{})
		s, err := w.run(&b.p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]journal.Status{
			"add-101": journal.Stale, "remove-102": journal.NoOp, "remove-107": journal.Stale, "emergency-103": journal.NoOp,
			"update-104": journal.NoOp, "emergency-105": journal.Stale, "swap-106": journal.Stale, "swap-108": journal.NoOp,
			"unstock-d5": journal.Stale, "unstock-never": journal.NoOp, "renamed": journal.Stale,
		} {
			w.want(id, want)
		}
		if n := len(w.effects()); n != 0 || s.Stale != 6 || s.NoOp != 5 {
			t.Errorf("%d effects, %+v", n, s)
		}
	})
}

// A failed item fails itself and blocks what depends on it, nothing else.
func TestFailedItem(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		two := 2
		a := account(true, 5, func(a *rcsim.Account) { a.Settings.NumberPool.Size = &two })
		b := newPlan()
		for ext := 101; ext <= 103; ext++ {
			b.add(ext, at(0))
			b.name(ext, made(fmt.Sprintf("add-%d", ext)), "x")
		}
		w := newWorld(t, a, rcsim.Options{})
		s, err := w.run(&b.p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Applied != 4 || s.Failed != 1 || s.Blocked != 1 {
			t.Errorf("got %+v, want 4 applied, 1 failed, 1 blocked", s)
		}
		if calls := w.server.Stats().Calls.ByOperation["bulkAddDevicesV2"]; calls != 1 {
			t.Errorf("got %d bulk-add calls, want 1", calls)
		}
	})
}

func TestSmallerBatches(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 40, func(a *rcsim.Account) { a.Settings.BulkMax = 3 })
		b := newPlan()
		for ext := 101; ext <= 112; ext++ {
			b.add(ext, at(0))
		}
		w := newWorld(t, a, rcsim.Options{})
		s, err := w.run(&b.p, Options{})
		if err != nil || s.Applied != 12 {
			t.Fatalf("%+v, %v", s, err)
		}
		if n := w.server.Stats().Effects.Added; n != 12 {
			t.Errorf("%d lines were added, want 12", n)
		}
		// 10 refused, 5 refused, then 2 a call.
		if calls := w.server.Stats().Calls.ByOperation["bulkAddDevicesV2"]; calls > 11 {
			t.Errorf("%d bulk-add calls: the smaller size is not remembered", calls)
		}
	})
}

// Stopping lands what is in flight and finishes the emergency half of swaps
// that were made; a resumed run does the rest.
func TestStopAndResume(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 100, func(a *rcsim.Account) {
			for ext := 101; ext <= 160; ext++ {
				a.Devices = append(a.Devices, phone(fmt.Sprint("d", ext), ext, 0))
			}
			a.Devices = append(a.Devices, phone("i1", 0, 0))
		})
		b := newPlan()
		b.move(160, "d160", at(2)) // goes alone, as the limit is not known yet; all is read before it is answered
		b.swap(101, ref("d101"), ref("i1"), 0)
		urgent := b.move(101, "i1", at(1))
		urgent.Update().Carriers, urgent.Order.Follows = []plan.DeviceRef{ref("d101"), ref("i1")}, []string{"swap-101"}
		for ext := 102; ext < 160; ext++ {
			b.move(ext, fmt.Sprint("d", ext), at(2))
		}
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		stop := make(chan struct{})
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			switch {
			case s == rcsim.AfterEffect && strings.Contains(c.Path, "d160"):
				time.Sleep(time.Second)
			case s == rcsim.AfterEffect && c.Operation == "replaceDevicesJWSPublic":
				// The seven beside it are answered meanwhile, and seven others are under way.
				time.Sleep(200 * time.Millisecond)
				close(stop)
			}
			return nil
		})
		begun := time.Now()
		s, err := w.run(&b.p, Options{Stop: stop})
		if err != nil || !s.Interrupted {
			t.Fatalf("%+v, %v", s, err)
		}
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("stopping took until %s", took)
		}
		w.want("emergency-101", journal.Sent)
		st := w.state()
		if len(st.Open) != 0 {
			t.Errorf("calls in flight did not land: %v", st.Open)
		}
		if n := len(w.effects()); n != 1+8+7+1 { // the last is the address of the swapped line
			t.Errorf("%d effects after the stop", n)
		}
		w.intercept(nil)
		if s, err = w.run(&b.p, Options{}); err != nil || s.Applied != len(b.p.Changes) || s.Interrupted {
			t.Errorf("resume: %+v, %v", s, err)
		}
		if n := len(w.effects()); n != len(b.p.Changes) {
			t.Errorf("%d effects for %d changes", n, len(b.p.Changes))
		}
	})
}

func TestStopAt(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		s, err := w.run(&b.p, Options{StopAt: time.Now()})
		if err != nil || !s.Interrupted || len(w.effects()) != 0 {
			t.Errorf("%+v, %v, %d effects", s, err, len(w.effects()))
		}
	})
}

// Settle finds out what is in doubt and sends nothing.
func TestSettle(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		// Dead before the first outcome is written: all that was begun is in doubt.
		var dead atomic.Bool
		w.fs.Hook = func(op, _ string, data []byte) error {
			if op == "write" && bytes.Contains(data, []byte(`"type":"outcome"`)) || dead.Load() {
				dead.Store(true)
				return errKilled
			}
			return nil
		}
		if _, err := w.run(&b.p, Options{}); !isBroken(err) {
			t.Fatal(err)
		}
		w.fs.Hook = nil
		w.fs.Crash(nil)
		if len(w.state().Open) == 0 {
			t.Fatal("nothing is in doubt")
		}
		before := w.server.Stats().Effects
		s, err := w.process(func(e *Executor, st journal.State) (Summary, error) { return e.Settle(t.Context(), &b.p, st) }, Options{})
		if err != nil {
			t.Fatal(err)
		}
		st := w.state()
		if len(st.Open) != 0 || w.server.Stats().Effects != before {
			t.Errorf("open %v, effects %+v, before %+v", st.Open, w.server.Stats().Effects, before)
		}
		if s.Pending == 0 || s.Applied == 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestTooStale(t *testing.T) {
	t.Parallel()
	for _, many := range []int{30, 400} { // by lists, by the account-wide list
		bubble(t, func(t *testing.T) {
			a := account(true, many, func(a *rcsim.Account) {
				for ext := 101; ext < 101+many; ext++ {
					a.Devices = append(a.Devices, phone(fmt.Sprint("d", ext), ext, 0))
				}
			})
			b := newPlan()
			b.p.SnapshotAt = time.Now().Add(-time.Hour)
			for ext := 101; ext < 101+many; ext++ {
				dev := fmt.Sprint("d", ext)
				if ext%4 == 0 {
					dev = "gone"
				}
				b.move(ext, dev, at(1))
			}
			w := newWorld(t, a, rcsim.Options{})
			_, err := w.run(&b.p, Options{})
			if !errors.Is(err, ErrTooStale) || len(w.effects()) != 0 || len(w.state().Attempts) != 0 {
				t.Errorf("got %v, %d effects", err, len(w.effects()))
			}
			s, err := w.run(&b.p, Options{NoStaleLimit: true})
			if err != nil || s.Stale != many/4+many%4/4 && s.Stale == 0 {
				t.Errorf("without the limit: %+v, %v", s, err)
			}
		})
	}
}

func TestTainted(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 3, nil)
		b := newPlan()
		b.add(101, at(0)).Tainted = true
		b.name(101, made("add-101"), "x")
		b.add(102, at(0))
		w := newWorld(t, a, rcsim.Options{})
		s, err := w.run(&b.p, Options{SkipTainted: true})
		if err != nil || s.Blocked != 2 || s.Applied != 1 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestBadPlans(t *testing.T) {
	t.Parallel()
	loop := newPlan()
	loop.add(101, at(0)).Order.DependsOn = []string{"add-102"}
	loop.add(102, at(0)).Order.Follows = []string{"add-101"}
	lost := newPlan()
	lost.add(101, at(0)).Order.DependsOn = []string{"nothing"}
	twice := newPlan()
	twice.add(101, at(0))
	twice.add(101, at(0))
	empty := newPlan()
	empty.put(plan.Change{ID: "x", Kind: plan.KindSwap})
	for name, b := range map[string]*planner{"loop": loop, "lost": lost, "twice": twice, "empty": empty} {
		w := newWorld(t, account(true, 3, nil), rcsim.Options{})
		if _, err := w.run(&b.p, Options{}); !errors.Is(err, ErrBadPlan) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// No mutating request arrives before its intent is durable, and none that
// depends on another before that one's outcome is.
func TestIntentAndOrder(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := everything(true)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		var mu sync.Mutex
		calls := 0
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if s != rcsim.BeforeEffect || c.Method == http.MethodGet || strings.Contains(c.Path, "oauth") {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			calls++
			data, synced := w.fs.Bytes(journalName)
			fs := &journal.MemFS{}
			fs.Put(journalName, data[:synced])
			recs, err := journal.ReadFS(fs, journalName)
			if err != nil {
				t.Error(err)
			}
			intents := 0
			for _, r := range recs {
				if r.Intent != nil {
					intents++
				}
			}
			if intents < calls {
				t.Errorf("call %d (%s) arrives with %d durable intents", calls, c.Operation, intents)
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
		for _, problem := range orderProblems(&b.p, recs) {
			t.Error(problem)
		}
	})
}
