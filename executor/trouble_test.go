package executor

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// unavailable answers writes by a 503 before their effect for some time.
func unavailable(from time.Time, lasts time.Duration, op string) rcsim.Hook {
	return func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
		if s != rcsim.BeforeEffect || c.Method == http.MethodGet || c.Group == "auth" || time.Since(from) > lasts || op != "" && c.Operation != op {
			return nil
		}
		return &rcsim.Interruption{Status: http.StatusServiceUnavailable}
	}
}

// movers is an account with a plan of n address changes.
func movers(n int) (*rcsim.Account, *planner) {
	b := newPlan()
	return account(true, n, func(a *rcsim.Account) {
		for ext := 101; ext < 101+n; ext++ {
			a.Devices = append(a.Devices, phone(device(ext), ext, 0))
			b.move(ext, device(ext), at(1))
		}
	}), b
}

// notes counts what the observer is told.
type notes struct {
	Quiet
	of map[string]int
}

func (n *notes) Note(code, _ string) { n.of[code]++ }

// A service that fails every write for a while is let alone: few calls, no
// change given up.
func TestPauseWhileEveryWriteFails(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := movers(60)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		w.intercept(unavailable(time.Now(), 20*time.Minute, ""))
		told := &notes{of: map[string]int{}}
		s, err := w.process(func(e *Executor, st journal.State) (Summary, error) {
			e.obs = told
			return e.Run(t.Context(), &b.p, st)
		}, Options{})
		if err != nil || s.Applied != 60 {
			t.Errorf("%+v, %v", s, err)
		}
		failed := w.server.Stats().Calls.ByOperation["updateDeviceEmergency"] - 60
		if failed > 20 || told.of["paused"] < 4 {
			t.Errorf("%d calls failed, %d pauses", failed, told.of["paused"])
		}
	})
}

// One that never recovers ends the run with its work left.
func TestEveryWriteFailsForGood(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := movers(60)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		begun := time.Now()
		w.intercept(unavailable(begun, 24*time.Hour, ""))
		s, err := w.run(&b.p, Options{})
		if !errors.Is(err, ErrUnreachable) || !s.Interrupted || s.Pending != 60 {
			t.Errorf("%+v, %v", s, err)
		}
		if took := time.Since(begun); took > 80*time.Minute {
			t.Errorf("given up after %s", took)
		}
		w.intercept(nil)
		if s, err = w.run(&b.p, Options{}); err != nil || s.Applied != 60 {
			t.Errorf("resume: %+v, %v", s, err)
		}
	})
}

// A change whose call always fails is given up after some attempts; the others
// are not held up by it for ever.
func TestOneChangeFailsForGood(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a, b := movers(60)
		b.remove(101, device(101), true)
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		w.intercept(unavailable(time.Now(), 24*time.Hour, "removeLineJWSPublic"))
		s, err := w.run(&b.p, Options{})
		if err != nil || s.Applied != 60 || s.Failed != 1 {
			t.Errorf("%+v, %v", s, err)
		}
		out := w.state().Outcomes["remove-101"]
		if out.Code != codeGaveUp || w.state().Attempts["remove-101"] != maxNotSent {
			t.Errorf("%+v after %d attempts", out, w.state().Attempts["remove-101"])
		}
	})
}

// An address goes to whoever carries the line, a name only to the phone that
// it is meant for.
func TestNameStaysWithItsPhone(t *testing.T) {
	t.Parallel()
	for _, swapped := range []bool{true, false} {
		bubble(t, func(t *testing.T) {
			a := account(true, 2, func(a *rcsim.Account) {
				a.Devices = append(a.Devices, phone("d101", 101, 0), phone("d102", 102, 0))
			})
			b := newPlan()
			b.swap(101, ref("d101"), ref("d102"), 102)
			u := b.name(101, ref("d102"), "new name")
			u.Update().Emergency, u.Update().Carriers, u.Order.Follows = at(1), []plan.DeviceRef{ref("d102"), ref("d101")}, []string{"swap-101"}
			w := newWorld(t, a, rcsim.Options{})
			if !swapped {
				w.intercept(refuse("replaceDevicesJWSPublic", http.StatusBadRequest, "CMN-101"))
			}
			if _, err := w.run(&b.p, Options{}); err != nil {
				t.Fatal(err)
			}
			w.want("update-101", journal.Applied)
			carrier, named := "d101", false
			if swapped {
				carrier, named = "d102", true
			}
			for _, d := range w.account().Devices {
				if (d.Name == "new name") != (named && string(d.ID) == carrier) {
					t.Errorf("swapped %t: %s is called %q", swapped, d.ID, d.Name)
				}
				if string(d.ID) == carrier && string(d.Emergency.Location.ID) != "5001" {
					t.Errorf("swapped %t: the line is at %s", swapped, d.Emergency.Location.ID)
				}
			}
			if out := w.state().Outcomes["update-101"]; (out.Code == codePartly) == swapped {
				t.Errorf("swapped %t: %+v", swapped, out)
			}
		})
	}
}
