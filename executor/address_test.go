package executor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

func TestAddressEndings(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		slow := 3600.0
		a := account(false, 4, func(a *rcsim.Account) {
			a.Devices = append(a.Devices, phone("d1", 101, 0), phone("d2", 102, 0), phone("d3", 103, 0))
			for i := range a.Devices {
				a.Devices[i].Emergency.Location = nil
			}
			a.Settings.Validation.Respell = map[string]string{"94002": "94070"}
		})
		invalid := plan.Address{Street: "1 Invalid Way", City: "Reno", State: "NV", Zip: "89501", Country: "US"}
		moved := place(1)
		b := newPlan()
		b.move(101, "d1", &plan.EmergencyTarget{Address: &invalid, Place: invalid})
		b.move(102, "d2", &plan.EmergencyTarget{Address: &moved, Place: moved})
		w := newWorld(t, a, rcsim.Options{})
		s, err := w.run(&b.p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		w.want("emergency-101", journal.AddressInvalid)
		w.want("emergency-102", journal.AddressDiffers)
		if s.Applied != 2 || s.Emergency.Invalid != 1 || s.Emergency.Differs != 1 {
			t.Errorf("%+v", s)
		}
		if out := w.state().Outcomes["emergency-102"]; !strings.Contains(string(out.EmergencyAddress), "94070") {
			t.Errorf("the journal does not hold the address that was read back: %s", out.EmergencyAddress)
		}

		// One that is not confirmed by the deadline is pending, and settled later.
		a.Settings.Validation.Seconds, a.Settings.Validation.Respell = &slow, nil
		w = newWorld(t, a, rcsim.Options{})
		b = newPlan()
		b.move(103, "d3", plain(2))
		begun := time.Now()
		s, err = w.run(&b.p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		w.want("emergency-103", journal.AddressPending)
		if took := time.Since(begun); took < 15*time.Minute || took > 17*time.Minute || s.Emergency.Pending != 1 {
			t.Errorf("took %s, %+v; want the address deadline", took, s)
		}
		verify := func(e *Executor, st journal.State) (Summary, error) { return e.Verify(t.Context(), &b.p, st) }
		if _, err := w.process(verify, Options{}); err != nil {
			t.Fatal(err)
		}
		w.want("emergency-103", journal.AddressPending)
		time.Sleep(time.Hour)
		s, err = w.process(verify, Options{})
		if err != nil || s.Emergency.Valid != 1 {
			t.Errorf("verify: %+v, %v", s, err)
		}
		w.want("emergency-103", journal.Applied)
	})
}

// A new ERL that is refused blocks those who wait for it; their old address
// stands.
func TestRefusedLocationBlocks(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 2, func(a *rcsim.Account) { a.Devices = append(a.Devices, phone("d1", 101, 0)) })
		bad := plan.Address{Street: "1 Invalid Way", City: "Reno", State: "NV", Zip: "89501", Country: "US"}
		b := newPlan()
		b.put(plan.Change{ID: "erl", Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: "Bad", Address: bad}})
		c := b.move(101, "d1", &plan.EmergencyTarget{Location: &plan.LocationRef{Change: "erl"}, Place: bad})
		c.Order.DependsOn = []string{"erl"}
		w := newWorld(t, a, rcsim.Options{})
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		w.want("erl", journal.AddressInvalid)
		w.want("emergency-101", journal.Blocked)
	})
}

// Where many wait, lists tell thirty addresses a call, and no address is asked
// for by two readings at once: the end of a run does not wait for the Light
// group. They are looked at by the age of their call, whenever they were before.
func TestAwaitedAddressesAreReadTogether(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const rows = 60
		r := newRollout(t, rows, rcsim.Mix{Add: 100}, rcsim.Options{Latency: 300 * time.Millisecond})
		planned, begun := r.server.Stats().Calls.ByGroup["light"], time.Now()
		r.execute(Options{})
		if err := r.client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		took, reads := time.Since(begun), r.server.Stats().Calls.ByGroup["light"]-planned
		if took > 40*time.Second || reads > 12 {
			t.Errorf("%d adds took %s and %d readings; an address takes 30 s, and a look at it is due 35 s after its call", rows, took, reads)
		}
	})
}

// Many new ERLs are read back by their list: one by one they took the readings
// of minutes, while all that depends on them waits.
func TestNewLocationsAreReadTogether(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		const many = 80
		b := newPlan()
		for i := range many {
			b.put(plan.Change{ID: fmt.Sprint("erl-", i), Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: fmt.Sprint("New ", i), Address: place(i)}})
		}
		w := newWorld(t, account(true, 1, nil), rcsim.Options{Latency: 300 * time.Millisecond})
		begun := time.Now()
		s, err := w.run(&b.p, Options{})
		if err != nil || s.Applied != many {
			t.Fatalf("%+v, %v", s, err)
		}
		// The last is created when the window has room a second time, and valid
		// 30 s later.
		took, reads := time.Since(begun), w.server.Stats().Calls.ByGroup["light"]
		if took > 100*time.Second || reads > 100 {
			t.Errorf("%d new ERLs took %s and %d readings", many, took, reads)
		}
	})
}
