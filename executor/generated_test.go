package executor

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// desired turns a generated sheet into rows, as reading it from a file would.
func desired(rows []rcsim.SheetRow) plan.Desired {
	d := plan.Desired{Sheets: []plan.SheetInfo{{File: "rows.csv", Header: rows[0]}}}
	for i, cells := range rows[1:] {
		at := plan.RowCell("rows.csv", "", i+2)
		value := map[string]plan.Value{}
		for c, text := range cells {
			value[rows[0][c]] = plan.Value{Text: text, Cell: at.In(c+1, rows[0][c])}
		}
		row := plan.Row{At: at, Raw: cells, Action: plan.Action(value["action"].Text), ActionCell: value["action"].Cell,
			Extension: value["extension"], DeviceID: value["device_id"], DeviceName: value["device_name"],
			AreaCode: value["area_code"], Location: value["emergency_location"], KeepAssets: plan.Keep(value["keep_assets"].Text)}
		if v := value["street"]; v.IsSet() {
			row.AddressCell = v.Cell
			row.Address = plan.Address{Street: v.Text, City: value["city"].Text, State: value["state"].Text,
				Zip: value["zip"].Text, Country: value["country"].Text}
		}
		if v := value["replace_with"]; v.IsSet() {
			form, arg := v.Text, ""
			for j := range form {
				if form[j] == ':' {
					form, arg = v.Text[:j], v.Text[j+1:]
					break
				}
			}
			row.ReplaceWith = plan.Replacement{Form: plan.ReplaceForm(form), Arg: arg, Cell: v.Cell}
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

// rollout is a generated account with the client that planned a sheet for it.
type rollout struct {
	*world
	client *rcclient.Client
	rows   plan.Desired
	plan   *plan.Plan
	begun  time.Time
}

func newRollout(t testing.TB, rows int, mix rcsim.Mix, opts rcsim.Options) *rollout {
	t.Helper()
	return generated(t, rcsim.GenerateOptions{Extensions: rows + rows/10, DevicesPerExtension: 1, ERLs: 20,
		ERLRegime: true, Seed: 3, Rows: rows, Mix: mix}, opts)
}

func generated(t testing.TB, of rcsim.GenerateOptions, opts rcsim.Options) *rollout {
	t.Helper()
	account, sheet, err := rcsim.Generate(of)
	if err != nil {
		t.Fatal(err)
	}
	r := &rollout{world: newWorld(t, account, opts), rows: desired(sheet), begun: time.Now()}
	r.client = r.world.client()
	r.plan = r.build()
	if len(r.plan.Errors) > 0 {
		t.Fatalf("the generated sheet has %d errors: %v", len(r.plan.Errors), r.plan.Errors[0])
	}
	return r
}

// build plans the sheet against the account as it is now.
func (r *rollout) build() *plan.Plan {
	r.t.Helper()
	snap, err := snapshot.Take(r.t.Context(), r.client, plan.NeedsOf(r.rows), snapshot.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	p, err := plan.Build(r.rows, snap, plan.Options{Now: time.Now(), Guards: plan.Guards{Off: true}})
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func (r *rollout) execute(opts Options) Summary {
	r.t.Helper()
	j, err := journal.Create(journalName, journal.Options{FS: r.fs})
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	s, err := New(r.client, j, nil, opts).Run(r.t.Context(), r.plan, journal.State{})
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// lowerBound is the least time from the first to the last mutating call, plus
// one window, by the documented limits.
func lowerBound(p *plan.Plan, bulk int) time.Duration {
	adds, heavy, medium := 0, 0, 0
	for _, c := range p.Changes {
		switch {
		case c.Kind == plan.KindAdd:
			adds++
		case GroupOf(c.Kind) == rcclient.GroupHeavy:
			heavy++
		default:
			medium++
		}
	}
	heavy += (adds + bulk - 1) / bulk
	windows := max(float64(heavy)/10, float64(medium)/40)
	return time.Duration(windows*float64(time.Minute)) + time.Minute
}

// span is the time from the first to the last mutating call.
func (w *world) span() time.Duration {
	recs, err := journal.ReadFS(w.fs, journalName)
	if err != nil {
		w.t.Fatal(err)
	}
	var first, last time.Time
	for _, rec := range recs {
		if rec.Intent == nil {
			continue
		}
		if first.IsZero() {
			first = rec.Time
		}
		last = rec.Time
	}
	return last.Sub(first)
}

// The makespan of a large rollout is that of the binding throttling group.
func TestMakespan(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		makespan(t, newRollout(t, 1200/raceFactor, rcsim.DefaultMix, rcsim.Options{Latency: 300 * time.Millisecond}))
	})
}

// Swaps with phones of the inventory need a reading each, 40 of the 50 that a
// minute has. Addresses that are awaited at the same time must not take them.
func TestMakespanWithPolls(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		makespan(t, generated(t, rcsim.GenerateOptions{Extensions: 2000, DevicesPerExtension: 1, ERLs: 40, ERLRegime: true,
			Seed: 11, Rows: 2000, Mix: rcsim.Mix{Add: 60, Swap: 40}}, rcsim.Options{Latency: 300 * time.Millisecond}))
	})
}

func makespan(t testing.TB, r *rollout) (sending, whole float64) {
	t.Helper()
	s := r.execute(Options{})
	bound := lowerBound(r.plan, DefaultBulkSize)
	took := time.Since(r.begun)
	if err := r.client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	r.check()
	if s.RateLimited > 0 || r.server.Stats().RateLimited > 0 {
		t.Errorf("%d calls were rate limited", r.server.Stats().RateLimited)
	}
	if s.Applied != len(r.plan.Changes) {
		t.Errorf("applied %d of %d: %+v", s.Applied, len(r.plan.Changes), s)
	}
	sending, whole = float64(r.span())/float64(bound), float64(took)/float64(bound)
	t.Logf("%d changes, bound %s: sending %s (%.3f), whole %s (%.3f); calls %v", len(r.plan.Changes), bound, r.span(), sending, took, whole, s.Calls)
	if os.Getenv("EXECUTOR_CALLS") != "" {
		for op, n := range maps.All(r.server.Stats().Calls.ByOperation) {
			t.Logf("%s: %d", op, n)
		}
	}
	if sending > 1.05 || whole > 1.25 {
		t.Errorf("sending took %.3f of the bound, the whole %.3f; want at most 1.05 and 1.25", sending, whole)
	}
	return sending, whole
}

// BenchmarkJournalShare writes the journal of a rollout at the documented
// limits once more to a real disk, with the same syncs, and compares the time
// with the rollout's: what the journal would take if nothing ran beside it.
func BenchmarkJournalShare(b *testing.B) {
	all := func(string, string) (bool, error) { return true, nil }
	var groups [][]byte
	var took time.Duration
	ok := testing.RunTests(all, []testing.InternalTest{{Name: "rollout", F: func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := newRollout(t, 1200, rcsim.DefaultMix, rcsim.Options{Latency: 300 * time.Millisecond})
			r.fs.Hook = func(op, _ string, data []byte) error {
				if op == "write" {
					groups = append(groups, append([]byte(nil), data...))
				}
				return nil
			}
			r.execute(Options{})
			took = time.Since(r.begun)
			if err := r.client.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}}})
	if !ok {
		b.Fatal("the rollout failed")
	}
	for b.Loop() {
		f, err := (journal.OS{}).OpenFile(filepath.Join(b.TempDir(), journal.FileName), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
		if err != nil {
			b.Fatal(err)
		}
		begun := time.Now()
		for _, g := range groups {
			if _, err := f.Write(g); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(100*float64(time.Since(begun))/float64(took), "%of-makespan")
		b.ReportMetric(float64(len(groups)), "syncs")
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMakespan is a rollout of 6,000 rows at the documented limits, in
// virtual time. Its metrics are the time from the first to the last mutating
// call, and that of the whole with planning and reading back, each over the
// lower bound.
func BenchmarkMakespan(b *testing.B) {
	all := func(string, string) (bool, error) { return true, nil }
	for b.Loop() {
		var sending, whole float64
		// A bubble needs a test.
		ok := testing.RunTests(all, []testing.InternalTest{{Name: "makespan", F: func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				sending, whole = makespan(t, newRollout(t, 6000, rcsim.DefaultMix, rcsim.Options{Latency: 300 * time.Millisecond}))
			})
		}}})
		if !ok {
			b.Fatal("the rollout failed")
		}
		b.ReportMetric(sending, "sending/bound")
		b.ReportMetric(whole, "whole/bound")
	}
}
