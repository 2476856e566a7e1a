package plan

import (
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkPlanMemory measures what planning holds beside the rows and the
// account that it is given: kept is what the plan is in the end, peak what is
// held when the plan is ready and nothing of its making was let go. A device's
// share is what one more costs that no row names; the rest is the rows'.
func BenchmarkPlanMemory(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) { benchMemory(b, n, benchInput) })
	}
	b.Run("homes/100k", func(b *testing.B) { benchMemory(b, 100_000, benchHomes) })
}

func benchMemory(b *testing.B, n int, input func(n int) (Desired, Snapshot)) {
	d, s := input(n)
	few := len(s.Devices)
	var less, more holding
	for b.Loop() {
		s.Devices = s.Devices[:few:few]
		less = held(b, d, s)
		for i := range n {
			s.Devices = append(s.Devices, Device{ID: DeviceID(fmt.Sprint("more", i)), Type: TypeOtherPhone, Site: MainSite})
		}
		more = held(b, d, s)
	}
	report := func(less, more float64, perDevice, perRow string) {
		device := max(0, (more-less)/float64(n))
		b.ReportMetric(device, perDevice)
		b.ReportMetric((less-device*float64(few))/float64(n), perRow)
	}
	report(less.kept, more.kept, "kept-B/device", "kept-B/row")
	report(less.peak, more.peak, "peak-B/device", "peak-B/row")
	b.ReportMetric(less.made/float64(n), "made-B/row")
}

// holding is what one planning holds, in bytes, and all that it makes.
type holding struct{ kept, peak, made float64 }

func held(b *testing.B, d Desired, s Snapshot) holding {
	b.Helper()
	before := memory()
	builder, err := decided(&d, &s, Options{Now: testTime})
	if err != nil {
		b.Fatal(err)
	}
	p := builder.assemble()
	if len(p.Errors) > 0 {
		b.Fatal(p.Errors[:min(3, len(p.Errors))])
	}
	peak := memory()
	runtime.KeepAlive(builder)
	kept := memory()
	runtime.KeepAlive(p)
	runtime.KeepAlive(d)
	runtime.KeepAlive(s)
	over := func(m runtime.MemStats) float64 { return float64(m.HeapAlloc) - float64(before.HeapAlloc) }
	return holding{kept: over(kept), peak: over(peak), made: float64(peak.TotalAlloc - before.TotalAlloc)}
}

// memory is the heap without what nothing points to.
func memory() runtime.MemStats {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m
}
