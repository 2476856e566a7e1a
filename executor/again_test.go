package executor

import (
	"fmt"
	"testing"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// again carries the plan out as a new run, that knows nothing of an earlier one.
func (w *world) again(p *plan.Plan, opts Options) (Summary, error) {
	w.t.Helper()
	w.fs = &journal.MemFS{}
	return w.run(p, opts)
}

// Applied a second time, a saved plan finds every goal met and sends nothing.
func TestSavedPlanTwice(t *testing.T) {
	t.Parallel()
	for _, erl := range []bool{true, false} {
		t.Run(fmt.Sprintf("erl=%t", erl), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				a, b := everything(erl)
				for i := range b.p.Changes {
					if s := b.p.Changes[i].Stock(); s != nil {
						s.Level = &plan.SlotLevel{Free: 0, Goal: 2}
					}
				}
				// Two lines for one person, told apart by their names.
				for i, name := range []string{"First", "Second"} {
					c := b.add(110, map[bool]*plan.EmergencyTarget{true: at(1), false: plain(1)}[erl])
					c.ID += name
					c.Becomes = &plan.Facts{Name: name}
					if i > 0 {
						c.Precondition.Exactly, c.Order.Follows = []plan.DeviceRef{made("add-110First")}, []string{"add-110First"}
					}
					b.name(110, made(c.ID), name).ID += name
				}
				w := newWorld(t, a, rcsim.Options{FullContract: true})
				s, err := w.run(&b.p, Options{})
				if err != nil || s.Applied != len(b.p.Changes) {
					t.Fatalf("first run: %+v, %v", s, err)
				}
				before := len(w.effects())
				s, err = w.again(&b.p, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if got := len(w.effects()) - before; got != 0 || s.NoOp != len(b.p.Changes) {
					t.Errorf("second run: %d effects, %+v", got, s)
					for id, o := range w.state().Outcomes {
						t.Logf("%s: %s %s %s", id, o.Status, o.Code, o.Message)
					}
				}
				w.check()
			})
		})
	}
}

// A stock change is sent where the site has the slots that the plan assumed; it
// is not where the level is reached; else it is stale.
func TestStockPrecondition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		there int // free slots that no change names
		want  [2]journal.Status
	}{
		{"as planned", 2, [2]journal.Status{journal.Applied, journal.Applied}},
		{"one was taken", 1, [2]journal.Status{journal.Stale, journal.Stale}},
		{"part of the way", 3, [2]journal.Status{journal.Stale, journal.Stale}},
		{"the first call's part is there", 4, [2]journal.Status{journal.NoOp, journal.Applied}},
		{"the level is reached", 5, [2]journal.Status{journal.NoOp, journal.NoOp}},
		{"more than that", 9, [2]journal.Status{journal.NoOp, journal.NoOp}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				a := account(true, 1, func(a *rcsim.Account) {
					a.Devices = append(a.Devices, phone("named", 0, 0))
					for i := range c.there {
						a.Devices = append(a.Devices, phone(fmt.Sprint("s", i), 0, 0))
					}
				})
				b := newPlan()
				b.put(plan.Change{ID: "one", Kind: plan.KindStock, Effect: &plan.StockSlots{Quantity: 2, Site: plan.MainSite, Level: &plan.SlotLevel{Free: 2, Goal: 4}}})
				b.put(plan.Change{ID: "two", Kind: plan.KindStock, Effect: &plan.StockSlots{Quantity: 1, Site: plan.MainSite, Level: &plan.SlotLevel{Free: 4, Goal: 5}}})
				b.unstock(ref("named"))
				w := newWorld(t, a, rcsim.Options{FullContract: true})
				if _, err := w.run(&b.p, Options{NoStaleLimit: true}); err != nil {
					t.Fatal(err)
				}
				out := w.state().Outcomes
				if got := [2]journal.Status{out["one"].Status, out["two"].Status}; got != c.want {
					t.Errorf("got %v, want %v: %s; %s", got, c.want, out["one"].Message, out["two"].Message)
				}
			})
		})
	}
}

// New slots for lines: none is made where the lines have other phones, and none
// where only some of them do.
func TestStockForLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		left int // how many sources have left their lines
		want [3]journal.Status
	}{
		{"none", 0, [3]journal.Status{journal.Applied, journal.Applied, journal.Applied}},
		{"one", 1, [3]journal.Status{journal.Stale, journal.Blocked, journal.Blocked}},
		{"both", 2, [3]journal.Status{journal.NoOp, journal.NoOp, journal.NoOp}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				a := account(true, 2, func(a *rcsim.Account) {
					for i, ext := range []int{101, 102} {
						source, other := phone(fmt.Sprint("d", ext), ext, 0), phone(fmt.Sprint("x", ext), 0, 0)
						if i < c.left {
							source, other = phone(fmt.Sprint("d", ext), 0, 0), phone(fmt.Sprint("x", ext), ext, 0)
						}
						a.Devices = append(a.Devices, source, other)
					}
				})
				b := newPlan()
				b.put(plan.Change{ID: "stock", Kind: plan.KindStock, Effect: &plan.StockSlots{Quantity: 2, Site: plan.MainSite}})
				b.swap(101, ref("d101"), plan.DeviceRef{Change: "stock"}, 0)
				b.swap(102, ref("d102"), plan.DeviceRef{Change: "stock", Slot: 1}, 0)
				w := newWorld(t, a, rcsim.Options{FullContract: true})
				if _, err := w.run(&b.p, Options{NoStaleLimit: true}); err != nil {
					t.Fatal(err)
				}
				out := w.state().Outcomes
				if got := [3]journal.Status{out["stock"].Status, out["swap-101"].Status, out["swap-102"].Status}; got != c.want {
					t.Errorf("got %v, want %v: %s; %s; %s", got, c.want, out["stock"].Message, out["swap-101"].Message, out["swap-102"].Message)
				}
			})
		})
	}
}
