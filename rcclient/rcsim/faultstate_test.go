package rcsim_test

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"provision/rcclient/rcsim"
)

// drawFaults makes a plan up, of all kinds.
func drawFaults(t *rapid.T) *rcsim.Faults {
	plan := &rcsim.Faults{Seed: rapid.Uint64().Draw(t, "seed"), MaxLate: 60}
	when := rapid.SampledFrom([]string{rcsim.FaultBefore, rcsim.FaultAfter})
	for range rapid.IntRange(1, 6).Draw(t, "rules") {
		rule := rcsim.FaultRule{On: rcsim.FaultScope{"*"}, Probability: new(float64)}
		*rule.Probability = rapid.Float64Range(0.1, 0.6).Draw(t, "probability")
		rule.Times = rapid.IntRange(0, 5).Draw(t, "times")
		rule.Kind = rapid.SampledFrom([]rcsim.FaultKind{
			rcsim.FaultDrop, rcsim.FaultReset, rcsim.FaultStatus, rcsim.FaultCutBody, rcsim.FaultUnparsable, rcsim.FaultWrongType, rcsim.FaultLate,
			rcsim.FaultRateLimit, rcsim.FaultUnauthorized, rcsim.FaultBulkFail, rcsim.FaultBulkReorder, rcsim.FaultBulkShort, rcsim.FaultBulkLong,
			rcsim.FaultLag, rcsim.FaultAdmin, rcsim.FaultNoInventory, rcsim.FaultNoNumbers,
		}).Draw(t, "kind")
		switch rule.Kind { //nolint:exhaustive // the others need nothing
		case rcsim.FaultDrop, rcsim.FaultReset:
			rule.When = when.Draw(t, "when")
		case rcsim.FaultStatus:
			rule.When, rule.Status = when.Draw(t, "when"), 503
		case rcsim.FaultAdmin:
			rule.When = when.Draw(t, "when")
			rule.Edit = rapid.SampledFrom([]string{"rename", "move", "remove", "add", "address", "stock", "location"}).Draw(t, "edit")
		}
		plan.Rules = append(plan.Rules, rule)
	}
	return plan
}

// TestFaultsReplay runs calls under a plan in memory, and the same calls in many
// processes that take over from one another: all is the same in the end.
func TestFaultsReplay(t *testing.T) {
	t.Parallel()
	limits := `"limits": {"light": {"limit": 1000}, "medium": {"limit": 1000}, "heavy": {"limit": 1000}, "auth": {"limit": 1000}}`
	account := parse(t, limits)
	rapid.Check(t, func(rt *rapid.T) {
		plan := drawFaults(rt)
		calls := rapid.SliceOfN(rapid.IntRange(0, 7), 1, 15).Draw(rt, "calls")
		// 1: another process, 2: one that also writes a new snapshot.
		restarts := rapid.SliceOfN(rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2}), len(calls), len(calls)).Draw(rt, "restarts")
		type outcome struct {
			Effects []rcsim.Effect
			Stats   rcsim.Stats
			Account string
			Plan    string
		}
		run := func(restarts []int) outcome {
			wall := newClock()
			options := rcsim.Options{Account: account, Clock: wall.Now, Faults: plan}
			if restarts != nil {
				options.StateFile = filepath.Join(t.TempDir(), "s.state")
			}
			s := bareSimNoSignIn(t, options)
			s.signIn()
			for i, n := range calls {
				s.anyCall(n, i)
				wall.pass(7 * time.Second)
				if restarts != nil && restarts[i] > 0 {
					s.shut()
					if restarts[i] == 2 {
						appendTo(t, options.StateFile, `{"at":12`)
					}
					token := s.token
					s = bareSimNoSignIn(t, options)
					s.token = token
				}
			}
			wall.pass(2 * time.Minute)
			got := outcome{s.Effects(), s.Stats(), s.encoded(), s.faults("GET", "", "").Body.String()}
			if got.Stats.ContractViolations > 0 {
				rt.Errorf("contract violations: %q", s.Violations())
			}
			s.shut()
			return got
		}
		if diff := cmp.Diff(run(nil), run(restarts)); diff != "" {
			rt.Errorf("restarts make a difference:\n%s", diff)
		}
	})
}

// anyCall makes one of several calls with a client that does not wait.
func (s *sim) anyCall(n, i int) {
	name := strconv.Itoa(i)
	method, path, body := "GET", v1+"/extension/101/device", ""
	switch n {
	case 0, 1:
		method, path, body = "PUT", v1+"/device/2002", `{"name":"N`+name+`"}`
	case 2, 3:
		method, path, body = "POST", v2+"/devices/bulk-add", adds
	case 4:
		method, path, body = "DELETE", v2+"/devices/2005", ""
	case 5:
		method, path, body = "POST", v2+"/device-inventory", `{"type":"OtherPhone","quantity":2}`
	case 6:
		method, path, body = "POST", v1+"/emergency-locations", `{"name":"N","address":{"street":"`+name+` St","city":"Reno","state":"NV","zip":"89501","country":"US"}}`
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	cancel()
	r := s.request(method, path, body).WithContext(ctx)
	w := httptest.NewRecorder()
	dropped(func() { s.ServeHTTP(w, r) })
	if w.Code == 401 {
		s.signIn()
	}
}
