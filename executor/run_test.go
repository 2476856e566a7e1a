package executor

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// everything is a plan with all kinds of change, and its account.
func everything(erl bool) (*rcsim.Account, *planner) {
	a := account(erl, 12, func(a *rcsim.Account) {
		a.Devices = append(a.Devices,
			phone("d3", 103, 0), phone("d4", 104, 0), phone("d5", 105, 0), phone("d6", 106, 0), phone("d7", 107, 0),
			phone("d8", 108, 1), phone("i1", 0, 0), phone("i2", 0, 0))
	})
	target := at
	if !erl {
		target = plain
	}
	b := newPlan()
	b.add(101, target(1))
	b.name(101, made("add-101"), "Desk of 101")
	b.add(102, target(2))
	b.swap(102, made("add-102"), ref("i1"), 0) // placeholder against a stocked phone
	b.unstock(made("add-102"), "swap-102")
	b.move(103, "d3", target(1))
	b.remove(104, "d4", true)
	b.remove(105, "d5", false)
	b.swap(106, ref("d6"), ref("d7"), 107)
	urgent := b.move(106, "d7", target(2))
	urgent.Update().Carriers = []plan.DeviceRef{ref("d6"), ref("d7")}
	urgent.Order.Follows = []string{"swap-106"}
	b.put(plan.Change{ID: "stock", Kind: plan.KindStock, Effect: &plan.StockSlots{Quantity: 3, Site: plan.MainSite}})
	b.swap(108, ref("d8"), plan.DeviceRef{Change: "stock", Slot: 1}, 0)
	b.unstock(ref("i2"))
	if erl {
		b.put(plan.Change{ID: "erl", Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: "New ERL", Address: place(9)}})
		c := b.add(109, &plan.EmergencyTarget{Location: &plan.LocationRef{Change: "erl"}, Place: place(9)})
		c.Order.DependsOn = []string{"erl"}
	}
	return a, b
}

func TestRunDoesEveryKindOfChange(t *testing.T) {
	t.Parallel()
	for _, erl := range []bool{true, false} {
		t.Run(fmt.Sprintf("erl=%t", erl), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				a, b := everything(erl)
				w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond, FullContract: true})
				begun := time.Now()
				s, err := w.run(&b.p, Options{})
				if err != nil {
					t.Fatal(err)
				}
				w.check()
				if s.Applied != len(b.p.Changes) {
					t.Errorf("applied %d of %d: %+v", s.Applied, len(b.p.Changes), s)
					for id, o := range w.state().Outcomes {
						t.Logf("%s: %s %s %s", id, o.Status, o.Code, o.Message)
					}
				}
				if s.Emergency.Valid < 4 || s.Emergency.Valid != s.Emergency.Valid+s.Emergency.Pending+s.Emergency.Invalid+s.Emergency.Differs {
					t.Errorf("emergency: %+v, want all valid", s.Emergency)
				}
				if s.RateLimited != 0 {
					t.Errorf("%d calls were rate limited", s.RateLimited)
				}
				for ext, want := range map[int][]string{102: {"i1"}, 104: nil, 105: nil, 106: {"d7"}, 107: {"d6"}} {
					if got := w.on(ext); !slices.Equal(got, want) {
						t.Errorf("extension %d: got %v, want %v", ext, got, want)
					}
				}
				t.Logf("%s: %+v; %d effects", time.Since(begun), s, len(w.effects()))
				st := w.state()
				for _, c := range b.p.Changes {
					if out := st.Outcomes[c.ID]; out.Status != journal.Applied || st.Attempts[c.ID] != 1 {
						t.Errorf("%s: %s after %d attempts", c.ID, out.Status, st.Attempts[c.ID])
					}
				}
			})
		})
	}
}
