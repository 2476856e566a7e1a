package rehearsal

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

const speed = 60

// noted is a simulated account in virtual time, and notes every call that could change something.
type noted struct {
	handler http.Handler
	mu      sync.Mutex
	mutates []string
}

func (s *noted) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.mutates...)
}

func note(t *testing.T, account *rcsim.Account) *noted {
	t.Helper()
	sim, err := rcsim.New(rcsim.Options{Account: account, TimeScale: speed, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	s := &noted{}
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "/oauth/") {
			s.mu.Lock()
			s.mutates = append(s.mutates, r.Method+" "+r.URL.Path)
			s.mu.Unlock()
		}
		sim.ServeHTTP(w, r)
	})
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func connect(t *testing.T, handler http.Handler) *rcclient.Client {
	t.Helper()
	c, err := rcclient.New("http://127.0.0.1", rcclient.Credentials{ClientID: "a", ClientSecret: "b", JWT: "c"},
		rcclient.WithTransport(rcsim.Transport(handler)), rcclient.WithScale(speed))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// company is an account of n people with a phone, and one more without for every third.
func company(t *testing.T, deviceList bool) *rcsim.Account {
	t.Helper()
	var exts, devs []string
	for i := range 9 {
		exts = append(exts, fmt.Sprintf(`{"id":%d,"extensionNumber":"%d","name":"P %d","type":"User"}`, 100+i, 1000+i, i))
		if i >= 3 {
			devs = append(devs, fmt.Sprintf(`{"id":"80%d","type":"HardPhone","name":"N%d","extension":{"id":%d},"emergency":{"location":{"id":"5001"}},"phoneLines":[{"id":"30%d","phoneInfo":{"id":"40%d","phoneNumber":"+1650555010%d"}}]}`, i, i, 100+i, i, i, i))
		}
	}
	text := fmt.Sprintf(`{"account":{"id":1},"settings":{"device_list":%t},"sites":[],"cost_centers":[],"numbers":[],"emergency_locations":[
		{"id":"5001","name":"HQ","address":{"street":"1 Main St","city":"Belmont","state":"CA","zip":"94002","country":"US"}},
		{"id":"5002","name":"Bad","address":{"street":"2 invalid St","city":"Belmont","state":"CA","zip":"94002","country":"US"}}],
		"extensions":[%s],"devices":[%s]}`, deviceList, strings.Join(exts, ","), strings.Join(devs, ","))
	a, err := rcsim.ParseAccount([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// rows ask for adds, a removal, addresses (one that will be refused) and a name.
func rows() *plan.Desired {
	d := &plan.Desired{Sheets: []plan.SheetInfo{{File: "t.csv", Header: []string{"extension"}}}}
	set := func(n int, text string) plan.Value { return plan.Value{Text: text, Cell: plan.RowCell("t.csv", "", n)} }
	for i := range 9 {
		n := i + 2
		r := plan.Row{At: plan.RowCell("t.csv", "", n), Extension: set(n, fmt.Sprint(1000+i))}
		switch {
		case i < 3:
			r.AreaCode, r.Location = set(n, "650"), set(n, "HQ")
		case i == 3:
			r.Action = plan.ActionRemove
		case i == 4:
			r.Location = set(n, "Bad")
		default:
			r.NewName = set(n, fmt.Sprintf("Desk %d", i))
		}
		d.Rows = append(d.Rows, r)
	}
	return d
}

func planFor(t *testing.T, c *rcclient.Client) *plan.Plan {
	t.Helper()
	d := rows()
	var needs plan.Needs
	needs.All, needs.Locations, needs.Numbers, needs.Sites, needs.AllExtensions = true, true, true, true, true
	for i := range 9 {
		needs.Extensions = append(needs.Extensions, fmt.Sprint(1000+i))
	}
	snap, err := snapshot.Take(t.Context(), c, needs, snapshot.Options{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Build(*d, snap, plan.Options{Now: time.Now(), Guards: plan.Guards{Off: true}})
	if err != nil || len(p.Errors) > 0 || len(p.Changes) == 0 {
		t.Fatalf("got %v, errors %v and %d changes", err, p.Errors, len(p.Changes))
	}
	return p
}

// What a rehearsal foretells of each change is what carrying out comes to, in
// about the time foretold; until then the service got no call that changes anything.
func TestForetellsWhatHappens(t *testing.T) {
	t.Parallel()
	for _, list := range []bool{true, false} {
		t.Run(fmt.Sprintf("device list %t", list), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { foretellsAll(t, list) })
		})
	}
}

func foretellsAll(t *testing.T, list bool) {
	live := note(t, company(t, list))
	c := connect(t, live.handler)
	p := planFor(t, c)
	account, err := Copy(t.Context(), c, p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Run(t.Context(), account, p, Options{Speed: speed, Limits: c.Limits()})
	if err != nil {
		t.Fatal(err)
	}
	if calls := live.seen(); len(calls) > 0 {
		t.Fatalf("the service got %v, want no call that changes anything", calls)
	}
	m := &memory{}
	e := executor.New(c, m, executor.Quiet{}, executor.Options{Scale: speed})
	sum, err := e.Run(t.Context(), p, journal.Fold(nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(live.seen()) == 0 {
		t.Fatal("the run changed nothing")
	}
	did := journal.Fold(m.records).Outcomes
	bad := 0
	for _, ch := range p.Changes {
		want, got := did[ch.ID], out.State.Outcomes[ch.ID]
		if want.Status != got.Status || want.Code != got.Code || want.Emergency != got.Emergency {
			t.Errorf("%s: foretold %s %s, was %s %s", ch.ID, got.Status, got.Code, want.Status, want.Code)
		}
		if want.Status == journal.AddressInvalid {
			bad++
		}
	}
	if bad != 1 {
		t.Errorf("%d addresses were refused, want 1", bad)
	}
	if math.Abs(out.Seconds-sum.Seconds) > 0.05*sum.Seconds {
		t.Errorf("foretold %.1f s, took %.1f s", out.Seconds, sum.Seconds)
	}
	t.Logf("foretold %.1f s, took %.1f s", out.Seconds, sum.Seconds)
}

func TestSpeed(t *testing.T) {
	t.Parallel()
	address := plan.Change{Kind: plan.KindCreateLocation}
	for _, tt := range []struct {
		least   int
		changes []plan.Change
		want    float64
	}{{0, nil, 1}, {0, []plan.Change{address}, 2}, {25, []plan.Change{{}, address}, 3}, {1000, nil, 40}, {14400, nil, 120}} {
		if got := Speed(&plan.Plan{Changes: tt.changes, Estimate: plan.Estimate{LeastSeconds: tt.least}}); got != tt.want {
			t.Errorf("%d s, %d changes: got %g, want %g", tt.least, len(tt.changes), got, tt.want)
		}
	}
}
