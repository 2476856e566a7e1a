package executor

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// dropAnswers loses the first answer of each kind of write, after its effect.
func dropAnswers() rcsim.Hook {
	var mu sync.Mutex
	lost := map[string]bool{}
	return func(stage rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
		mu.Lock()
		defer mu.Unlock()
		if stage != rcsim.AfterEffect || c.Method == http.MethodGet || c.Group == "auth" || lost[c.Operation] {
			return nil
		}
		lost[c.Operation] = true
		return &rcsim.Interruption{Drop: true}
	}
}

// An answer was lost and the account shows the address in the service's own
// words: that is the change's effect, and nothing is done twice.
func TestLostAnswerAndRespelledAddress(t *testing.T) {
	t.Parallel()
	respell := map[string]string{"Main St": "Mainland Avenue", "Belmont": "San Carlos"}
	for _, erl := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			a := account(erl, 2, func(a *rcsim.Account) {
				a.Devices = append(a.Devices, phone("d2", 102, 0))
				if !erl {
					a.Devices[0].Emergency.Location = nil
				}
				a.Settings.Validation.Respell = respell
			})
			b := newPlan()
			added, created := 1, 0
			if erl {
				added, created = 0, 1
				b.put(plan.Change{ID: "erl", Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: "New", Address: place(7)}})
				b.move(102, "d2", &plan.EmergencyTarget{Location: &plan.LocationRef{Change: "erl"}, Place: place(7)}).Order.DependsOn = []string{"erl"}
			} else {
				b.add(101, plain(7))
				b.move(102, "d2", plain(8)).Precondition.Emergency = &plan.Emergency{Address: place(0)}
			}
			w := newWorld(t, a, rcsim.Options{})
			w.intercept(dropAnswers())
			if _, err := w.run(&b.p, Options{}); err != nil {
				t.Fatal(err)
			}
			for _, c := range b.p.Changes {
				w.want(c.ID, journal.Applied)
				if out := w.state().Outcomes[c.ID]; c.Location() != nil || !erl {
					if !strings.Contains(string(out.EmergencyAddress), "Mainland") {
						t.Errorf("%s: the journal holds %s", c.ID, out.EmergencyAddress)
					}
				}
			}
			got := w.server.Stats().Effects
			if got.Added != added || got.Emergency != 1 || got.LocationsCreated != created {
				t.Errorf("ERLs %v: effects %+v, want %d added, 1 emergency, %d locations", erl, got, added, created)
			}
		})
	}
}

// A new ERL that the service puts at another door is nobody's, and the run says
// so.
func TestLocationAtAnotherDoor(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 2, func(a *rcsim.Account) {
			a.Devices = append(a.Devices, phone("d1", 101, 0))
			a.Settings.Validation.Respell = map[string]string{"8 Main": "9 Main"}
		})
		b := newPlan()
		b.put(plan.Change{ID: "erl", Kind: plan.KindCreateLocation, Effect: &plan.NewLocation{Name: "New", Address: place(7)}})
		b.move(101, "d1", &plan.EmergencyTarget{Location: &plan.LocationRef{Change: "erl"}, Place: place(7)}).Order.DependsOn = []string{"erl"}
		w := newWorld(t, a, rcsim.Options{})
		if _, err := w.run(&b.p, Options{}); err != nil {
			t.Fatal(err)
		}
		w.want("erl", journal.AddressDiffers)
		w.want("emergency-101", journal.Blocked)
	})
}
