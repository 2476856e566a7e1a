package executor

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"provision/executor/journal"
)

// seedOfTests is the seed of all random cases where none is given: a change is
// judged by its own doing.
const seedOfTests = 1

// sweepSeed is the seed of the sweep: seedOfTests, that of
// PROVISION_SWEEP_SEED, or one by chance where that is "random".
var sweepSeed = sync.OnceValues(func() (uint64, error) {
	switch text := os.Getenv("PROVISION_SWEEP_SEED"); text {
	case "":
		return seedOfTests, nil
	case "random":
		return rand.Uint64N(1 << 32), nil
	default:
		return strconv.ParseUint(text, 10, 64)
	}
})

// seeding guards rapid's flag for the seed, which is one for all tests.
var seeding sync.Mutex

// check is rapid.Check with a seed of its own, unless one is asked for by
// -rapid.seed. All checks of the package go through it.
func check(t *testing.T, seed uint64, prop func(*rapid.T)) {
	t.Helper()
	seeding.Lock()
	free := sync.OnceFunc(seeding.Unlock)
	defer free()
	if !seedGiven {
		if err := flag.Set("rapid.seed", fmt.Sprint(max(seed, 1))); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		free() // rapid has read it
		prop(rt)
	})
}

// seedGiven tells that -rapid.seed is on the command line; TestMain sets it.
var seedGiven bool

func noteSeed() {
	flag.Parse()
	flag.Visit(func(f *flag.Flag) { seedGiven = seedGiven || f.Name == "rapid.seed" })
}

// shardSeed is the seed of one shard, far from all others': rapid counts up
// from it.
func shardSeed(seed uint64, shard int) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d/%d", seed, shard)
	return h.Sum64()
}

// totals counts what a sweep did, for its last line.
type totals struct {
	cases, processes, deaths, effects, admin atomic.Int64
	applied, ambiguous, other                atomic.Int64

	mu   sync.Mutex
	seen map[uint64]bool
}

// add takes a finished case in.
func (n *totals) add(s *sweep) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.text()))
	n.mu.Lock()
	if n.seen == nil {
		n.seen = map[uint64]bool{}
	}
	n.seen[h.Sum64()] = true
	n.mu.Unlock()
	n.cases.Add(1)
	n.processes.Add(int64(s.runs))
	n.deaths.Add(int64(s.died))
	for _, e := range s.server.Effects() {
		if e.Operation == "admin" {
			n.admin.Add(1)
		} else {
			n.effects.Add(1)
		}
	}
	for _, out := range s.state().Outcomes {
		counter := map[journal.Status]*atomic.Int64{journal.Applied: &n.applied, journal.Ambiguous: &n.ambiguous}[out.Status]
		if counter == nil {
			counter = &n.other
		}
		counter.Add(1)
	}
}

func (n *totals) distinct() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.seen)
}

func (n *totals) String() string {
	return fmt.Sprintf("%d cases (%d distinct), %d processes, %d deaths; %d effects and %d of other administrators; of the changes %d were applied, %d ended ambiguous, %d otherwise",
		n.cases.Load(), n.distinct(), n.processes.Load(), n.deaths.Load(), n.effects.Load(), n.admin.Load(),
		n.applied.Load(), n.ambiguous.Load(), n.other.Load())
}
