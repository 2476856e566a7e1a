package rehearsal

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"provision/executor"
	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
	"provision/plan/sheet"
	"provision/plan/snapshot"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// live is a simulated account in the virtual time of a test, which no machine's work takes any of.
type live struct {
	t   *testing.T
	sim *rcsim.Server
}

func newLive(t *testing.T, account *rcsim.Account, latency time.Duration) *live {
	t.Helper()
	sim, err := rcsim.New(rcsim.Options{Account: account, Latency: latency, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return &live{t, sim}
}

func (l *live) client() *rcclient.Client {
	l.t.Helper()
	c, err := rcclient.New("http://127.0.0.1", rcclient.Credentials{ClientID: "a", ClientSecret: "b", JWT: "c"}, rcclient.WithTransport(rcsim.Transport(l.sim)))
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

// planned plans rows with a client of its own.
func (l *live) planned(d plan.Desired) *plan.Plan {
	l.t.Helper()
	c := l.client()
	defer closeClient(l.t, c)
	snap, err := snapshot.Take(l.t.Context(), c, plan.NeedsOf(d), snapshot.Options{Now: time.Now(),
		NumbersNeeded: func(s plan.Snapshot) bool { return plan.NumbersNeeded(d, s) }})
	if err != nil {
		l.t.Fatal(err)
	}
	p, err := plan.Build(d, snap, plan.Options{Now: time.Now(), Country: "US", BulkSize: plan.DefaultBulkSize, Guards: plan.Guards{Off: true}})
	if err != nil || len(p.Changes) == 0 {
		l.t.Fatalf("got %v and no changes", err)
	}
	return p
}

// rehearsed rehearses a plan at the service's own speed.
func (l *live) rehearsed(p *plan.Plan, latency time.Duration) Outcome {
	l.t.Helper()
	c := l.client()
	defer closeClient(l.t, c)
	account, err := Copy(l.t.Context(), c, p)
	if err != nil {
		l.t.Fatal(err)
	}
	out, err := Run(l.t.Context(), account, p, Options{Speed: 1, Latency: latency, Limits: c.Limits()})
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

// applied carries a plan out and tells how many seconds of the service that took.
func (l *live) applied(p *plan.Plan) (journal.State, float64) {
	l.t.Helper()
	time.Sleep(2 * time.Minute) // what planning and copying took of the limits is given back
	begun := time.Now()
	c, m := l.client(), &memory{}
	defer closeClient(l.t, c)
	if _, err := c.AccountInfo(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	if _, err := executor.New(c, m, executor.Quiet{}, executor.Options{}).Run(l.t.Context(), p, journal.State{}); err != nil {
		l.t.Fatal(err)
	}
	return journal.Fold(m.records), time.Since(begun).Seconds()
}

func closeClient(t *testing.T, c *rcclient.Client) {
	t.Helper()
	if err := c.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}

// rowsOf is what became of each row, and of each change without one.
func rowsOf(p *plan.Plan, s journal.State) []string {
	rep := report.Build(p, s, report.Options{})
	var out []string
	for _, l := range slices.Concat(rep.Lines, rep.Others) {
		out = append(out, fmt.Sprintf("%s: %s %s %s", l.Source, l.Status, l.ErrorCode, l.Emergency))
	}
	return out
}

// foretold rehearses a plan, applies it to the account that was copied, and compares the two.
func foretold(t *testing.T, l *live, p *plan.Plan, latency time.Duration) []string {
	t.Helper()
	out := l.rehearsed(p, latency)
	state, took := l.applied(p)
	want, got := rowsOf(p, state), rowsOf(p, out.State)
	if len(want) < len(p.Rows) || !slices.Equal(want, got) {
		t.Errorf("foretold %q\nwas      %q", got, want)
	}
	if math.Abs(out.Seconds-took) > 0.05*took {
		t.Errorf("foretold %.1f s, took %.1f s", out.Seconds, took)
	}
	t.Logf("foretold %.1f s, took %.1f s, %d changes", out.Seconds, took, len(p.Changes))
	return got
}

const samples = "../../../samples"

// The rehearsal of every sample foretells what applying it comes to, row by row, and how long that takes.
func TestForetellsSamples(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sheet, account string
		latency        time.Duration
	}{
		{"onboarding.xlsx", "onboarding.json", 0}, {"onboarding.xlsx", "onboarding-addresses.json", 300 * time.Millisecond},
		{"moves.csv", "moves.json", 300 * time.Millisecond}, {"moves.csv", "moves-addresses.json", 0},
		{"refresh.xlsx", "refresh.json", 0}, {"refresh.xlsx", "refresh-addresses.json", time.Second},
		{"offboarding.csv", "offboarding.json", 300 * time.Millisecond}, {"stock.csv", "stock.json", 300 * time.Millisecond},
	} {
		t.Run(tt.account, func(t *testing.T) {
			t.Parallel()
			d, _, err := sheet.Read(t.Context(), []string{filepath.Join(samples, tt.sheet)}, sheet.Options{Country: "US", Hidden: sheet.HiddenSkip})
			if err != nil {
				t.Fatal(err)
			}
			account, err := rcsim.LoadAccount(filepath.Join(samples, tt.account))
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				l := newLive(t, account, tt.latency)
				foretold(t, l, l.planned(d), tt.latency)
			})
		})
	}
}

// So does that of generated accounts, of both emergency regimes.
func TestForetellsGenerated(t *testing.T) {
	t.Parallel()
	for seed, erl := range []bool{true, false, true} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			account, rows, err := rcsim.Generate(rcsim.GenerateOptions{Extensions: 130, DevicesPerExtension: 1, ERLs: 9, ERLRegime: erl,
				Seed: uint64(seed), Rows: 120, Mix: rcsim.DefaultMix})
			if err != nil {
				t.Fatal(err)
			}
			d := read(t, rows)
			synctest.Test(t, func(t *testing.T) {
				l := newLive(t, account, 300*time.Millisecond)
				foretold(t, l, l.planned(d), 300*time.Millisecond)
			})
		})
	}
}

// read reads a sheet that is first written as a file.
func read[R ~[]string](t *testing.T, rows []R) plan.Desired {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	var cells [][]string
	for _, r := range rows {
		cells = append(cells, r)
	}
	if err := sheet.WriteSheet(f, "csv", cells[0], cells[1:]); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	d, _, err := sheet.Read(t.Context(), []string{path}, sheet.Options{Country: "US"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What went wrong with the account since the plan was made is foretold, as is what the service will not do.
func TestForetellsFailures(t *testing.T) {
	t.Parallel()
	const head = `{"account":{"id":1},"settings":{},"sites":[],"cost_centers":[],"emergency_locations":[
		{"id":"5001","name":"HQ","address":{"street":"1 Main St","city":"Belmont","state":"CA","zip":"94002","country":"US"}},
		{"id":"5002","name":"Bad","address":{"street":"2 invalid St","city":"Belmont","state":"CA","zip":"94002","country":"US"}}],"extensions":[
		{"id":101,"extensionNumber":"1001","name":"Ann","type":"User"},{"id":102,"extensionNumber":"1002","name":"Bob","type":"User"},
		{"id":103,"extensionNumber":"1003","name":"Cy","type":"User"}],"devices":[
		{"id":"803","type":"HardPhone","name":"C","extension":{"id":103},"emergency":{"location":{"id":"5001"}},"phoneLines":[{"id":"303","phoneInfo":{"id":"403","phoneNumber":"+16505550103"}}]}],
		"numbers":[{"id":"9001","phoneNumber":"+16505550177","usageType":"Inventory","status":"Normal","type":"VoiceFax","tollType":"Toll"}]}`
	for name, tt := range map[string]struct {
		rows [][]string
		// later replaces one text of the account by another after the plan was made.
		later [2]string
		want  []string
	}{
		"the number is taken": {
			rows:  [][]string{{"extension", "phone_number", "emergency_location"}, {"1001", "+16505550177", "HQ"}, {"1003", "", "HQ"}},
			later: [2]string{`"usageType":"Inventory"`, `"usageType":"DirectNumber","extension":{"id":"102","extensionNumber":"1002"}`},
			want:  []string{"failed", "no_op"},
		},
		"the number is gone": {
			rows:  [][]string{{"extension", "phone_number", "emergency_location"}, {"1001", "+16505550177", "HQ"}},
			later: [2]string{`{"id":"9001","phoneNumber":"+16505550177","usageType":"Inventory","status":"Normal","type":"VoiceFax","tollType":"Toll"}`, ``},
			want:  []string{"failed"},
		},
		"an extension of another type": {
			rows:  [][]string{{"extension", "area_code", "emergency_location"}, {"1001", "650", "HQ"}, {"1002", "650", "HQ"}},
			later: [2]string{`"name":"Bob","type":"User"`, `"name":"Bob","type":"Department"`},
			want:  []string{"applied", "failed"},
		},
		"an extension that is disabled": {
			rows:  [][]string{{"extension", "area_code", "emergency_location"}, {"1001", "650", "HQ"}, {"1002", "650", "HQ"}},
			later: [2]string{`"name":"Bob",`, `"name":"Bob","status":"Disabled",`},
			want:  []string{"applied", "failed"},
		},
		"a phone that another has by now": {
			rows:  [][]string{{"extension", "emergency_location"}, {"1003", "Bad"}},
			later: [2]string{`"name":"C","extension":{"id":103}`, `"name":"C","extension":{"id":102}`},
			want:  []string{"stale"},
		},
		"an address that is refused": {
			rows: [][]string{{"extension", "emergency_location"}, {"1003", "Bad"}},
			want: []string{"address_invalid"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := read(t, tt.rows)
			synctest.Test(t, func(t *testing.T) {
				p := newLive(t, parsed(t, head), 0).planned(d)
				l := newLive(t, parsed(t, strings.ReplaceAll(head, tt.later[0], tt.later[1])), 0)
				got := foretold(t, l, p, 0)
				for i, want := range tt.want {
					if !strings.Contains(got[i], ": "+want+" ") {
						t.Errorf("row %d: got %q, want %s", i, got[i], want)
					}
				}
			})
		})
	}
}

func parsed(t *testing.T, text string) *rcsim.Account {
	t.Helper()
	a, err := rcsim.ParseAccount([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What a call of the service takes is told from what this machine does for it.
func TestLatency(t *testing.T) {
	t.Parallel()
	for _, want := range []time.Duration{0, 40 * time.Millisecond, 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			c := newLive(t, &rcsim.Account{Account: rcsim.AccountInfo{ID: 1}}, want).client()
			defer closeClient(t, c)
			got, err := Latency(t.Context(), c, 30)
			if err != nil || got != 30*want {
				t.Errorf("got %s and %v, want %s", got, err, 30*want)
			}
		})
	}
}
