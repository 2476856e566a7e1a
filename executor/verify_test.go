package executor

import (
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// A verify that comes right after the run, within the settle time, takes back
// nothing that the run has seen.
func TestVerifyRightAfterTheRun(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(false, 2, func(a *rcsim.Account) {
			a.Devices = append(a.Devices, phone("d1", 101, 0), phone("d2", 102, 0))
			for i := range a.Devices {
				a.Devices[i].Emergency.Location = nil
			}
			a.Settings.Validation.Respell = map[string]string{"94002": "94070"}
		})
		invalid := plan.Address{Street: "1 Invalid Way", City: "Reno", State: "NV", Zip: "89501", Country: "US"}
		b := newPlan()
		b.move(101, "d1", &plan.EmergencyTarget{Address: &invalid, Place: invalid})
		b.move(102, "d2", plain(1))
		w := newWorld(t, a, rcsim.Options{})
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			w.want("emergency-101", journal.AddressInvalid)
			w.want("emergency-102", journal.AddressDiffers)
			time.Sleep(time.Second)
			w.verify(&b.p)
		}
		w.want("emergency-101", journal.AddressInvalid)
		w.want("emergency-102", journal.AddressDiffers)
	})
}

// What a verify finds is said of what it found, not of what the run had.
func TestVerifySaysWhatItFound(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		slow := 3600.0
		a := account(true, 2, func(a *rcsim.Account) {
			a.Devices = append(a.Devices, phone("d1", 101, 0))
			a.Settings.Validation.Seconds = &slow
		})
		b := newPlan()
		b.move(101, "d1", at(2))
		b.put(plan.Change{ID: "erl", Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: "New", Address: place(7)}})
		w := newWorld(t, a, rcsim.Options{})
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"emergency-101", "erl"} {
			w.want(id, journal.AddressPending)
		}
		time.Sleep(time.Hour)
		w.verify(&b.p)
		for _, id := range []string{"emergency-101", "erl"} {
			w.want(id, journal.Applied)
			if out := w.state().Outcomes[id]; out.Message != "" || out.Code != "" {
				t.Errorf("%s is applied, and says %s %q", id, out.Code, out.Message)
			}
		}
	})
}

// verify looks at a run's addresses again.
func (w *world) verify(p *plan.Plan) {
	w.t.Helper()
	do := func(e *Executor, st journal.State) (Summary, error) { return e.Verify(w.t.Context(), p, st) }
	if _, err := w.process(do, Options{}); err != nil {
		w.t.Fatal(err)
	}
}

// An address that was refused and is set again is not taken for refused by a
// verification that reads of before it was.
func TestVerifySoonAfterItWasSetAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		validation, lag := 600.0, 60.0
		a := account(true, 1, func(a *rcsim.Account) {
			d := phone("d1", 101, 1)
			d.Emergency.AddressStatus = addressInvalid
			a.Devices = append(a.Devices, d)
			a.Settings.Validation.Seconds = &validation
		})
		b := newPlan()
		b.move(101, "d1", at(1)).Precondition.Emergency = &plan.Emergency{Address: place(1), LocationID: "5001", AddressStatus: addressInvalid}
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond, Faults: &rcsim.Faults{Rules: []rcsim.FaultRule{
			{On: rcsim.FaultScope{"listExtensionDevices"}, Kind: rcsim.FaultLag, Seconds: &lag}}}})
		stop := make(chan struct{})
		time.AfterFunc(5*time.Second, func() { close(stop) })
		if _, err := w.run(&b.p, Options{Stop: stop}); err != nil {
			t.Fatal(err)
		}
		settle := func(e *Executor, st journal.State) (Summary, error) { return e.Settle(t.Context(), &b.p, st) }
		if _, err := w.process(settle, Options{}); err != nil {
			t.Fatal(err)
		}
		w.want("emergency-101", journal.AddressPending)
		time.Sleep(10 * time.Second)
		verify := func(e *Executor, st journal.State) (Summary, error) { return e.Verify(t.Context(), &b.p, st) }
		if _, err := w.process(verify, Options{}); err != nil {
			t.Fatal(err)
		}
		w.want("emergency-101", journal.AddressPending)
	})
}
