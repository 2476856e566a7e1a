package rcclient

import "time"

// Scale is how many seconds of service time pass in one wall second. The zero
// value means 1, real time; a simulator that runs thirty times faster needs 30.
type Scale float64

// factor is the scale with its zero value resolved.
func (s Scale) factor() float64 {
	if s <= 0 {
		return 1
	}
	return float64(s)
}

// Wall turns service time into wall time.
func (s Scale) Wall(service time.Duration) time.Duration {
	if s.factor() == 1 { // exact where it matters most
		return service
	}
	return time.Duration(float64(service) / s.factor())
}

// Service turns wall time into service time.
func (s Scale) Service(wall time.Duration) time.Duration {
	if s.factor() == 1 {
		return wall
	}
	return time.Duration(float64(wall) * s.factor())
}
