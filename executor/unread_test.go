package executor

import (
	"fmt"
	"testing"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// refusing is a hook under which the service refuses an operation from its
// n-th call on, for what it asks.
func refusing(operation string, from int) rcsim.Hook {
	calls := 0
	return func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
		if s != rcsim.BeforeEffect || c.Operation != operation {
			return nil
		}
		if calls++; calls < from {
			return nil
		}
		return &rcsim.Interruption{Status: 400, Body: []byte(`{"errorCode":"CMN-101","message":"not this one"}`)}
	}
}

// An address whose phone can't be read by itself is told by the lists, also at
// its deadline.
func TestAddressOfAPhoneThatIsNotReadByItself(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]journal.Status{400: journal.Applied, 3600: journal.AddressPending} {
		bubble(t, func(t *testing.T) {
			a := account(true, 1, func(a *rcsim.Account) {
				a.Devices = append(a.Devices, phone("d1", 101, 0))
				a.Settings.Validation.Seconds = &seconds
			})
			b := newPlan()
			b.move(101, "d1", at(2))
			w := newWorld(t, a, rcsim.Options{})
			w.intercept(refusing("readDevice", 1))
			if _, err := w.run(&b.p, Options{}); err != nil {
				t.Fatal(err)
			}
			w.want("emergency-101", want)
		})
	}
}

// newLocationBesideMove is a plan that makes an ERL, and moves a phone to one that
// is there: what is refused of the first must not touch the second.
func newLocationBesideMove(t *testing.T) (*world, *planner) {
	t.Helper()
	a := account(true, 1, func(a *rcsim.Account) { a.Devices = append(a.Devices, phone("d1", 101, 0)) })
	b := newPlan()
	b.put(plan.Change{ID: "erl", Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: "New", Address: place(7)}})
	b.move(101, "d1", at(2))
	return newWorld(t, a, rcsim.Options{}), b
}

// An ERL in doubt that the service refuses to list is ambiguous, and keeps the
// run from nothing.
func TestLocationsThatAreNotListed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		w, b := newLocationBesideMove(t)
		list := refusing("listEmergencyLocations", 2) // the first is of before
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if c.Operation == "createEmergencyLocation" && s != rcsim.BeforeEffect {
				return &rcsim.Interruption{Drop: true}
			}
			return list(s, c)
		})
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		w.want("erl", journal.Ambiguous)
		w.want("emergency-101", journal.Applied)
	})
}

// A new ERL that the service refuses to show ends as pending, and ends no run.
func TestLocationThatIsNotShown(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		w, b := newLocationBesideMove(t)
		w.intercept(refusing("readEmergencyLocation", 1))
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		w.want("erl", journal.AddressPending)
		w.want("emergency-101", journal.Applied)
	})
}

// Where the account's list is refused, deleted devices are asked for one by one.
func TestDeletedDevicesThatAreNotListed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const many = 150
		b := newPlan()
		a := account(true, 1, func(a *rcsim.Account) {
			for i := range many {
				id := fmt.Sprint("i", i)
				a.Devices = append(a.Devices, phone(id, 0, 0))
				b.unstock(ref(id))
			}
		})
		w := newWorld(t, a, rcsim.Options{})
		w.intercept(refusing("listAccountDevices", 1))
		s, err := w.run(&b.p, Options{})
		if lists := w.server.Stats().Calls.ByOperation["listAccountDevices"]; err != nil || s.Applied != many || lists > 2 {
			t.Errorf("%d applied, %v; asked %d times for a list that is refused", s.Applied, err, lists)
		}
	})
}
