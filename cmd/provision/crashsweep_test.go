package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"provision/plan"
)

// How many kills a sweep makes at least: of "go test", and under the race
// detector. PROVISION_KILLS sets another number, PROVISION_SEED other instants.
const (
	sweepKills = 200
	raceKills  = 20
)

// sweepers is how many runs are swept at a time: they mostly wait.
const sweepers = 6

func killsWanted(t *testing.T) int {
	t.Helper()
	if raceEnabled {
		return envNumber(t, "PROVISION_KILLS", raceKills)
	}
	return envNumber(t, "PROVISION_KILLS", sweepKills)
}

// envNumber is a positive number from the environment.
func envNumber(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is not a positive number", name, text)
	}
	return n
}

// totals are what a sweep did.
type totals struct{ runs, kills, atRecord, resumed, processes atomic.Int64 }

func (n *totals) String() string {
	return fmt.Sprintf("%d runs, %d processes, %d kills (%d at a record's boundary, %d while resuming)",
		n.runs.Load(), n.processes.Load(), n.kills.Load(), n.atRecord.Load(), n.resumed.Load())
}

// TestCrashSweep kills the program, a process that talks to a simulator in
// another process, at the boundary of every record of the journal and at
// random instants, resumes it, kills it while it resumes, and lets it finish.
// Each change must have had exactly one effect, and the account must be that of
// a run that nobody disturbed.
func TestCrashSweep(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	scenes, err := crashScenes()
	if err != nil {
		t.Fatal(err)
	}
	var stages []*stage
	covered := map[plan.Kind]int{}
	for _, sc := range scenes {
		st, err := rehearse(ctx, t.TempDir(), sc)
		if err != nil {
			t.Fatalf("undisturbed run of %s: %v", sc.name, err)
		}
		stages = append(stages, st)
		kinds, err := st.kinds(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for k, n := range kinds {
			covered[k] += n
		}
		t.Logf("%s: %d changes %v, %d records, %s", sc.name, sum(kinds), kinds, st.records, st.took.Round(time.Millisecond))
	}
	for _, k := range plan.Kinds() {
		if covered[k] == 0 {
			t.Errorf("no change of kind %s is swept", k)
		}
	}
	begun := time.Now()
	var n totals
	sweep(ctx, t, stages, killsWanted(t), &n)
	verdict := "every change one effect"
	if t.Failed() {
		verdict = "FAILED"
	}
	t.Logf("crash sweep: %s in %s: %s", &n, time.Since(begun).Round(time.Second), verdict)
}

// sweep deals rounds to the sweepers until there were enough kills: four of the
// first stage, one of the second. The rounds of a stage begin with a kill at its
// first record, its second, and so on, so that all boundaries come first, and
// random instants after.
func sweep(ctx context.Context, t *testing.T, stages []*stage, kills int, n *totals) {
	t.Helper()
	dir, seed := t.TempDir(), uint64(envNumber(t, "PROVISION_SEED", 1))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range sweepers {
		workers.Go(func() {
			for n.kills.Load() < int64(kills) && !t.Failed() {
				i := int(next.Add(1)) - 1
				st, pass := stages[0], i-i/5
				if i%5 == 4 {
					st, pass = stages[1], i/5
				}
				r := round{number: i, pass: pass, seed: seed, stage: st, totals: n, dir: filepath.Join(dir, strconv.Itoa(i))}
				if err := r.play(ctx); err != nil {
					t.Errorf("round %d of seed %d (%s, %s): %v", i, seed, r.stage.name, r.log, err)
				}
			}
		})
	}
	workers.Wait()
}

// round is one run of a plan that is killed several times.
type round struct {
	number int
	pass   int // its number among the rounds of the stage
	seed   uint64
	stage  *stage
	totals *totals
	dir    string
	log    string // the kills, for a report
}

func (r *round) play(ctx context.Context) (err error) {
	if err := os.Mkdir(r.dir, 0o700); err != nil {
		return err
	}
	s, err := r.stage.open(ctx, r.dir)
	if err != nil {
		return err
	}
	defer s.close()
	rnd := rand.New(rand.NewPCG(uint64(r.number), r.seed))
	for k := range 1 + rnd.IntN(5) {
		record := r.record(k, rnd)
		var killed bool
		if record > 0 {
			r.log += fmt.Sprintf(" record+%d", record)
			killed, err = s.killAtRecord(ctx, record)
		} else {
			d := time.Duration(rnd.Int64N(int64(r.stage.took)))
			r.log += fmt.Sprintf(" after %s", d.Round(time.Millisecond))
			killed, err = s.killAfter(ctx, d)
		}
		if err != nil {
			return err
		}
		r.count(k, record, killed)
	}
	if err := r.stage.finish(ctx, s); err != nil {
		return err
	}
	r.totals.runs.Add(1)
	r.totals.processes.Add(int64(s.rounds))
	return os.RemoveAll(r.dir)
}

// record is at which record kill k of the round comes; 0: at a random instant.
// The first kills of the first rounds go through all records of the stage.
func (r *round) record(k int, rnd *rand.Rand) int {
	if k == 0 && r.pass < r.stage.records {
		return 1 + r.pass
	}
	if rnd.IntN(2) == 0 {
		return 0
	}
	return 1 + rnd.IntN(8)
}

func (r *round) count(k, record int, killed bool) {
	if !killed {
		return
	}
	r.totals.kills.Add(1)
	if record > 0 {
		r.totals.atRecord.Add(1)
	}
	if k > 0 {
		r.totals.resumed.Add(1)
	}
}

func sum(kinds map[plan.Kind]int) int {
	total := 0
	for _, n := range kinds {
		total += n
	}
	return total
}
