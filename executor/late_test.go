package executor

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// Readings that take longer than they may be old would be made for ever: a few of them, and the change ends.
func TestReadingsSlowerThanMaxAge(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := movers(40)
		a.Devices = append(a.Devices, phone("i1", 0, 0))
		b.unstock(ref("i1"))
		w := newWorld(t, a, rcsim.Options{Latency: 5 * time.Second})
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		s, err := w.process(func(e *Executor, st journal.State) (Summary, error) { return e.Run(ctx, &b.p, st) }, Options{MaxAge: 2 * time.Second})
		if err != nil || s.Failed != 41 || s.Interrupted {
			t.Errorf("%+v, %v", s, err)
		}
		if took := time.Since(begun); took > 10*time.Minute {
			t.Errorf("given up after %s", took)
		}
		for _, id := range []string{"emergency-101", "unstock-i1"} {
			out := w.state().Outcomes[id]
			if out.Code != codeUnread || !strings.Contains(out.Message, "--max-age") || !strings.Contains(out.Message, "takes 5s") {
				t.Errorf("%s: %+v", id, out)
			}
		}
		if n := len(w.effects()); n != 0 {
			t.Errorf("%d effects", n)
		}
	})
}

// A service that was slow for a while is waited for.
func TestReadingsSlowForAWhile(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := movers(40)
		w := newWorld(t, a, rcsim.Options{})
		slow := &rcsim.Faults{Rules: []rcsim.FaultRule{{On: rcsim.FaultScope{"reads"}, Kind: rcsim.FaultSlow, Seconds: new(20.0), Calls: []int{1, 2, 3}}}}
		if err := w.server.SetFaults(slow); err != nil {
			t.Fatal(err)
		}
		if s, err := w.run(&b.p, Options{MaxAge: 10 * time.Second}); err != nil || s.Applied != 40 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

// The account-wide list of a large account takes longer than its slots may be old: it is read, and the slots
// are made.
func TestSlotsOfALargeAccount(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		b := newPlan()
		b.put(plan.Change{ID: "stock", Kind: plan.KindStock, Effect: &plan.StockSlots{Quantity: 2, Site: plan.MainSite, Level: &plan.SlotLevel{Goal: 2}}})
		w := newWorld(t, account(true, 1, func(a *rcsim.Account) {
			for i := range 5500 {
				a.Devices = append(a.Devices, phone(fmt.Sprint("x", i), 101, 0))
			}
		}), rcsim.Options{Latency: 12 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		s, err := w.process(func(e *Executor, st journal.State) (Summary, error) { return e.Run(ctx, &b.p, st) }, Options{MaxAge: 20 * time.Second})
		if err != nil || s.Applied != 1 {
			t.Errorf("%+v, %v", s, err)
		}
		if n := w.server.Stats().Effects.Stocked; n != 2 {
			t.Errorf("%d slots", n)
		}
	})
}
