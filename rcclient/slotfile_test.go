package rcclient

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func openSlots(t *testing.T, path string) *SlotFile {
	t.Helper()
	f, err := OpenSlotFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func storedGate(f *SlotFile, calls int) *gate {
	cfg := testConfig()
	cfg.store = f
	gs := newGates(cfg)
	gs.limits[GroupMedium] = Limit{calls, time.Minute}
	delete(gs.all, GroupMedium)
	return gs.of(testOp)
}

// TestSlotsOutliveTheProcess: what the process before has used still counts.
func TestSlotsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	synctest.Test(t, func(t *testing.T) {
		g := storedGate(openSlots(t, path), 2)
		take(t, g, 0, noHeaders)
		time.Sleep(20 * time.Second)
		take(t, g, 0, noHeaders)
		time.Sleep(10 * time.Second)

		g = storedGate(openSlots(t, path), 2)
		if w := take(t, g, 0, noHeaders); !about(w, 30*time.Second) {
			t.Errorf("waited %s, want 30s: a window after the first call of the process before", w)
		}
	})
}

// TestCountedSlotsOutliveTheProcess: which calls the service has counted for certain is still known, unless the clock was
// set back, so that nothing says how old they are.
func TestCountedSlotsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	synctest.Test(t, func(t *testing.T) {
		f := openSlots(t, path)
		g := storedGate(f, 40)
		take(t, g, time.Second, noHeaders)
		take(t, g, time.Second, rateReport{limit: 40, remaining: 38})
		later := time.Now().Add(time.Hour)
		err := f.Put(SlotRecord{ID: 9, Group: GroupMedium, Booked: later, Answered: later, Counted: true, Window: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		counted := 0
		g = storedGate(openSlots(t, path), 40)
		for _, s := range g.ledger.slots {
			if s.counted {
				counted++
			}
		}
		if len(g.ledger.slots) != 3 || counted != 1 {
			t.Errorf("got %d slots of which %d are counted, want 3 and 1", len(g.ledger.slots), counted)
		}
	})
}

// TestLimitOutlivesTheProcess: a process that was killed had been told a lower
// limit than the documented one, and its window is full.
func TestLimitOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	synctest.Test(t, func(t *testing.T) {
		g := storedGate(openSlots(t, path), 40)
		told := rateReport{limit: 2, window: time.Minute, remaining: -1}
		take(t, g, 0, told)
		take(t, g, 0, told)
		time.Sleep(10 * time.Second)

		g = storedGate(openSlots(t, path), 40)
		if w := take(t, g, 0, noHeaders); !about(w, 50*time.Second) {
			t.Errorf("waited %s, want 50s: until the window has room for one of two calls", w)
		}
	})
}

// TestSlotOfAKilledProcessCounts: it was booked before the sending, and counts
// from the latest time at which the service can have seen it.
func TestSlotOfAKilledProcessCounts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		gone time.Duration // between booking and the next start
		want time.Duration
	}{
		{10 * time.Second, 60 * time.Second},  // could have been seen until now
		{100 * time.Second, 50 * time.Second}, // given up at 90 s at the latest
		{200 * time.Second, 0},
	} {
		path := filepath.Join(t.TempDir(), "slots")
		synctest.Test(t, func(t *testing.T) {
			g := storedGate(openSlots(t, path), 1)
			if _, err := g.acquire(t.Context(), testOp, one); err != nil {
				t.Fatal(err)
			}
			time.Sleep(tc.gone)
			g = storedGate(openSlots(t, path), 1)
			if w := take(t, g, 0, noHeaders); !about(w, tc.want) {
				t.Errorf("killed %s before: waited %s, want %s", tc.gone, w, tc.want)
			}
		})
	}
}

func TestPenaltyOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	synctest.Test(t, func(t *testing.T) {
		take(t, storedGate(openSlots(t, path), 40), 0, rateReport{limited: true, after: time.Minute, remaining: -1})
		time.Sleep(10 * time.Second)
		if w := take(t, storedGate(openSlots(t, path), 40), 0, noHeaders); !about(w, 50*time.Second) {
			t.Errorf("waited %s, want the rest of the penalty, 50s", w)
		}
	})
}

// TestSlotsOfTheFutureCountFromNow: the clock was set back since.
func TestSlotsOfTheFutureCountFromNow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	synctest.Test(t, func(t *testing.T) {
		f := openSlots(t, path)
		later := time.Now().Add(5 * time.Hour)
		err := f.Put(SlotRecord{ID: 1, Group: GroupMedium, Booked: later, GiveUp: later.Add(time.Minute), Answered: later, Window: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if w := take(t, storedGate(openSlots(t, path), 1), 0, noHeaders); !about(w, time.Minute) {
			t.Errorf("waited %s, want one window", w)
		}
	})
}

func TestDroppedSlotsDoNotCount(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	synctest.Test(t, func(t *testing.T) {
		g := storedGate(openSlots(t, path), 1)
		s, err := g.acquire(t.Context(), testOp, one)
		if err != nil {
			t.Fatal(err)
		}
		g.drop(s, false)
		if w := take(t, storedGate(openSlots(t, path), 1), 0, noHeaders); w != 0 {
			t.Errorf("waited %s for a call that was not sent", w)
		}
	})
}

// TestSlotFileSurvivesATornLine: a kill in the middle of a write.
func TestSlotFileSurvivesATornLine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	f := openSlots(t, path)
	now := time.Now()
	for id := uint64(1); id <= 3; id++ {
		if err := f.Put(SlotRecord{ID: id, Group: GroupHeavy, Booked: now, GiveUp: now, Answered: now, Window: time.Minute}); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)-10], 0o600); err != nil {
		t.Fatal(err)
	}
	if got := len(openSlots(t, path).Slots()); got != 2 {
		t.Errorf("got %d slots, want the 2 that are whole", got)
	}
}

func TestSlotFileStaysSmall(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slots")
	synctest.Test(t, func(t *testing.T) {
		g := storedGate(openSlots(t, path), 1000)
		for range 12_000 {
			take(t, g, 120*time.Millisecond, noHeaders)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 1<<20 {
			t.Errorf("the file has grown to %d bytes", info.Size())
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("got mode %o, want 600", info.Mode().Perm())
		}
		names, err := filepath.Glob(path + "*")
		if err != nil || len(names) != 1 {
			t.Errorf("left behind: %v, %v", names, err)
		}
	})
}

func TestSlotFileThatCantBeMade(t *testing.T) {
	t.Parallel()
	_, err := OpenSlotFile(filepath.Join(t.TempDir(), "no", "such", "folder", "slots"))
	if err == nil || !strings.Contains(err.Error(), "rate limit slots") {
		t.Errorf("got %v, want an error that names the slots", err)
	}
}

func FuzzSlotFile(f *testing.F) {
	f.Add([]byte(`{"e":1,"i":2,"g":"heavy","b":3,"a":4,"w":5}`))
	f.Add([]byte(fmt.Sprintf(`{"e":1,"g":"auth","p":%d}`, time.Now().Add(time.Hour).UnixMicro())))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "slots")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		slots, err := OpenSlotFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = slots.Close() }()
		cfg := testConfig()
		cfg.store = slots
		for _, u := range gatesUsage(newGates(cfg)) {
			if u.NextIn > time.Hour+time.Minute {
				t.Errorf("a slot file can stop the client for %s", u.NextIn)
			}
		}
	})
}

func gatesUsage(gs *gates) []GroupUsage {
	var all []GroupUsage
	gs.each(func(_ Group, g *gate) { all = append(all, g.usage()) })
	return all
}
