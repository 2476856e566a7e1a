package rcsim

import (
	"context"
	"time"
)

// anchor ties service time to the wall clock: at Wall it was Service, and it
// runs Scale times as fast. Nanoseconds of the Unix epoch.
type anchor struct {
	Wall    int64   `json:"wall"`
	Service int64   `json:"service"`
	Scale   float64 `json:"scale"`
}

// at is the service time at the wall time given.
func (a anchor) at(wall time.Time) int64 {
	return a.Service + int64(float64(wall.UnixNano()-a.Wall)*a.Scale)
}

// clock is service time in one process. It goes by the monotonic reading of
// its start, so that a step of the wall clock cannot tear a window.
type clock struct {
	wall  func() time.Time
	start time.Time // wall time at the anchor, with its monotonic reading
	base  int64     // service time at start
	scale float64
	epoch int64 // service time at which the account began
}

func newClock(wall func() time.Time, base int64, scale float64, epoch int64) *clock {
	return &clock{wall: wall, start: wall(), base: base, scale: scale, epoch: epoch}
}

// now is the service time in nanoseconds of the Unix epoch.
func (c *clock) now() int64 {
	return c.base + int64(float64(c.wall().Sub(c.start))*c.scale)
}

func (c *clock) anchor() anchor {
	return anchor{Wall: c.start.UnixNano(), Service: c.base, Scale: c.scale}
}

// wait lets an amount of service time pass, or returns the context's error.
func (c *clock) wait(ctx context.Context, d time.Duration) error {
	d = time.Duration(float64(d) / c.scale)
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// stamp is how the interface writes a time.
func stamp(service int64) string {
	return time.Unix(0, service).UTC().Format("2006-01-02T15:04:05.000Z")
}
