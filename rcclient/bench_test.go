package rcclient

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// BenchmarkLimiter keeps a gate busy for 24 hours of virtual time: 8 workers, 40
// calls a minute, 0.3 s latency. Its metrics are the share of the calls that the
// limit allows and the number of calls that were refused, against windows that
// are fixed or slide, with and without a penalty for going beyond them.
func BenchmarkLimiter(b *testing.B) {
	for _, c := range []struct {
		name    string
		fixed   bool
		penalty time.Duration
	}{
		{"fixed", true, 0}, {"fixed-penalty", true, time.Minute},
		{"sliding", false, 0}, {"sliding-penalty", false, time.Minute},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				utilisation, refused := limiterDay(b, c.fixed, c.penalty)
				b.ReportMetric(utilisation, "utilisation")
				b.ReportMetric(float64(refused), "refused")
			}
		})
	}
}

func limiterDay(b *testing.B, fixed bool, penalty time.Duration) (utilisation float64, refused int) {
	b.Helper()
	const limit, day = 40, 24 * time.Hour
	all := func(string, string) (bool, error) { return true, nil }
	// A bubble needs a test.
	ok := testing.RunTests(all, []testing.InternalTest{{Name: "day", F: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			m := &modelServer{limit: limit, window: time.Minute, penalty: penalty, fixed: fixed, begin: time.Now().Add(-17 * time.Second)}
			g := newGate(GroupMedium, Limit{limit, time.Minute}, testConfig(), counter())
			ctx, cancel := context.WithTimeout(t.Context(), day)
			defer cancel()
			workOn(ctx, g, m, 8, func() (time.Duration, time.Duration) { return 150 * time.Millisecond, 150 * time.Millisecond })
			utilisation, refused = float64(m.total-m.refused)/(limit*day.Minutes()), m.refused
		})
	}}})
	if !ok {
		b.Fatal("the day failed")
	}
	return utilisation, refused
}
