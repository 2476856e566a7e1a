package executor

import (
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// What another administrator does on an extension while an add there is in
// doubt: only a phone that can be the add's own is taken for it.
func TestForeignPhoneWhileAnAddIsInDoubt(t *testing.T) {
	t.Parallel()
	const lost = `{"on":"bulkAddDevicesV2","kind":"drop","when":"before","calls":[1]}`
	const late = `{"on":"bulkAddDevicesV2","kind":"late","drop":true,"seconds":60,"calls":[1]}`
	const done = `{"on":"bulkAddDevicesV2","kind":"drop","when":"after","calls":[1]}`
	const other = `{"on":"bulkAddDevicesV2","kind":"admin","edit":"add","when":"after","calls":[1]}`
	const moved = `{"on":"bulkAddDevicesV2","kind":"admin","edit":"address","when":"after","calls":[1]}`
	for name, tc := range map[string]struct {
		part, faults string
		want         journal.Status
		rule         string
		lines        int // made by the run
	}{
		"another number, nothing done":   {"add number", lost + "," + other, journal.Stale, "", 0},
		"another number, done":           {"add number", done + "," + other, journal.Applied, "one_new_device", 1},
		"another number, done late":      {"add number", late + "," + other, journal.Applied, "one_new_device", 1},
		"any number, done":               {"add", done + "," + other, journal.Ambiguous, "several_new_devices", 1},
		"done, and moved by someone":     {"add", done + "," + moved, journal.Ambiguous, "new_device_elsewhere", 1},
		"number done, moved by someone":  {"add number", done + "," + moved, journal.Ambiguous, "new_device_elsewhere", 1},
		"nothing done, nothing foreign":  {"add", lost, journal.Applied, "", 1},
		"done, nothing foreign, no ERLs": {"add", done, journal.Applied, "one_new_device", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Seeds differ in where the other phone is.
			for seed := range uint64(4) {
				c := caseOf(t, seed%2 == 0, true, tc.part, `{"rules":[`+tc.faults+`]}`)
				c.faults.Seed = seed + 1
				bubble(t, func(t *testing.T) {
					s := newSweep(t, c)
					s.resume()
					out := s.state().Outcomes["add-101"]
					same := out.Status == tc.want && (tc.rule == "" || out.Rule == tc.rule)
					// A foreign phone at another place is told apart by that.
					told := tc.rule == "several_new_devices" && out.Status == journal.Applied && out.Rule == "one_new_device"
					if !same && !told {
						t.Errorf("seed %d: %s by %q (%s), want %s by %q", seed, out.Status, out.Rule, out.Message, tc.want, tc.rule)
					}
					if n := s.server.Stats().Effects.Added; n != tc.lines {
						t.Errorf("seed %d: %d lines were made, want %d", seed, n, tc.lines)
					}
				})
			}
		})
	}
}

// One new phone is one add's, also where two adds on an extension are in doubt
// and know of the same phones: that is what a journal of some other program,
// or a mistake in the order, would lead to.
func TestOnePhoneIsClaimedOnce(t *testing.T) {
	t.Parallel()
	c := caseOf(t, true, true, "add second", "")
	bubble(t, func(t *testing.T) {
		w := newWorld(t, c.account, rcsim.Options{})
		r, err := newRun(New(w.client(), nil, nil, Options{}), &c.b.p, journal.State{}, modeRun)
		if err != nil {
			t.Fatal(err)
		}
		first, second := r.nodes[0], r.nodes[1]
		first.known, second.known = []string{"d101"}, []string{"d101"}
		now := time.Now()
		r.view.adopt("101", []plan.Device{{ID: "d101"}, {ID: "new", Type: plan.TypeOtherPhone}}, now)
		v := r.verdictAdd(first)
		if v.kind != tookEffect || v.answer.device != "new" {
			t.Fatalf("the first add: %+v", v)
		}
		r.take(first, v.answer, &journal.Outcome{}, now)
		if v := r.verdictAdd(second); v.kind != noEffect {
			t.Errorf("the second add: %+v, want no effect", v)
		}
	})
}

// A reading that was begun before the call ended says nothing of it.
func TestReadingBegunTooEarly(t *testing.T) {
	t.Parallel()
	c := caseOf(t, true, true, "add", "")
	bubble(t, func(t *testing.T) {
		w := newWorld(t, c.account, rcsim.Options{})
		r, err := newRun(New(w.client(), nil, nil, Options{}), &c.b.p, journal.State{}, modeRun)
		if err != nil {
			t.Fatal(err)
		}
		n, now := r.nodes[0], time.Now()
		early := now.Add(-time.Second)
		n.phase, n.since = doubtful, now
		r.view.ext("101").own = now
		if r.view.adopt("101", []plan.Device{{ID: "new", Type: plan.TypeOtherPhone}}, early) {
			t.Error("the view takes it in")
		}
		r.conclude(n, verdict{kind: tookEffect, answer: answer{device: "new"}}, early, now)
		if n.phase != doubtful {
			t.Errorf("the change is settled by it: phase %d", n.phase)
		}
	})
}
