package plan

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"testing"
)

// BenchmarkPlanMemory measures what planning holds beside the rows and the
// account that it is given, each time in a process of its own: kept is what the
// plan is in the end, peak the most that was held at any time of its making. A
// device's share is what one more costs that no row names; the rest is the
// rows'.
func BenchmarkPlanMemory(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) { benchMemory(b, n, "mixture") })
	}
	b.Run("homes/100k", func(b *testing.B) { benchMemory(b, 100_000, "homes") })
}

// A million rows are not watched: to collect so much that often takes minutes.
const watchedRows = 100_000

func benchMemory(b *testing.B, n int, rows string) {
	var less, more holding
	few := float64(devicesOf(n, rows))
	for b.Loop() {
		less, more = holdingOf(b, n, rows, 0), holdingOf(b, n, rows, n)
	}
	report := func(less, more float64, perDevice, perRow string) {
		device := max(0, (more-less)/float64(n))
		b.ReportMetric(device, perDevice)
		b.ReportMetric((less-device*few)/float64(n), perRow)
	}
	report(less.kept, more.kept, "kept-B/device", "kept-B/row")
	if n <= watchedRows {
		report(less.peak, more.peak, "peak-B/device", "peak-B/row")
	}
	b.ReportMetric(less.made/float64(n), "made-B/row")
}

// devicesOf is the number of devices of the account that the rows are for.
func devicesOf(n int, rows string) int {
	_, s := benchRows(n, rows)
	return len(s.Devices)
}

func benchRows(n int, rows string) (Desired, Snapshot) {
	if rows == "homes" {
		return benchHomes(n)
	}
	return benchInput(n)
}

// holding is what one planning holds, in bytes, and all that it makes.
type holding struct{ kept, peak, made float64 }

// holdingEnv asks the test binary to measure one planning and to print it: how
// many rows, which, and how many devices more.
const holdingEnv = "PROVISION_PLAN_HOLDING"

// holdingOf measures in a process that collects without anything running
// beside, so that what is found in use is in use.
func holdingOf(b *testing.B, n int, rows string, more int) holding {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "GODEBUG=gcstoptheworld=1", fmt.Sprintf("%s=%d %s %d", holdingEnv, n, rows, more))
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("measure in a process: %v", err)
	}
	var h holding
	if _, err := fmt.Sscan(string(out), &h.kept, &h.peak, &h.made); err != nil {
		b.Fatalf("read %q: %v", out, err)
	}
	return h
}

// MeasureHolding is that process. It reports false where nothing is asked.
func MeasureHolding() bool {
	var n, more int
	var rows string
	if _, err := fmt.Sscan(os.Getenv(holdingEnv), &n, &rows, &more); err != nil {
		return false
	}
	d, s := benchRows(n, rows)
	for i := range more {
		s.Devices = append(s.Devices, Device{ID: DeviceID(fmt.Sprint("more", i)), Type: TypeOtherPhone, Site: MainSite})
	}
	h := held(d, s, n <= watchedRows)
	_, err := fmt.Println(h.kept, h.peak, h.made)
	return err == nil
}

func held(d Desired, s Snapshot, watched bool) holding {
	before := memory()
	var w watch
	if watched {
		debug.SetGCPercent(1)
		w.arm()
	}
	p, err := Build(d, s, Options{Now: testTime})
	if err != nil || len(p.Errors) > 0 {
		panic(fmt.Sprint(err, p.Errors[:min(3, len(p.Errors))]))
	}
	debug.SetGCPercent(100)
	w.over.Store(true)
	after := memory()
	runtime.KeepAlive(p)
	runtime.KeepAlive(d)
	runtime.KeepAlive(s)
	base := float64(before.HeapAlloc)
	return holding{kept: float64(after.HeapAlloc) - base, peak: float64(w.most.Load()) - base, made: float64(after.TotalAlloc - before.TotalAlloc)}
}

// watch knows the most that a collection found in use. With a collector that
// runs whenever the heap has grown by a hundredth it misses no more than that.
type watch struct {
	most atomic.Uint64
	over atomic.Bool
}

// arm looks after the next collection, and after each one that follows.
func (w *watch) arm() {
	runtime.SetFinalizer(&struct{ w *watch }{w}, func(s *struct{ w *watch }) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		s.w.most.Store(max(s.w.most.Load(), live[0].Value.Uint64()))
		if !s.w.over.Load() {
			s.w.arm()
		}
	})
}

// memory is the heap without what nothing points to.
func memory() runtime.MemStats {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m
}
