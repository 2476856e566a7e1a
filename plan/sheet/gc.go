package sheet

import (
	"runtime"
	"runtime/debug"
	"sync"
)

const (
	// readGCPercent lets the heap grow to four times of what is alive before
	// a collection: reading makes much garbage and keeps little.
	readGCPercent = 300
	// readMemory is the memory, in bytes, that reading may take beside what is
	// there already and what the caller keeps. Near it the collector runs more
	// often, so that the percentage does not show in the peak.
	readMemory = 56 << 20
)

// collector tunes the garbage collector while sheets are read. The setting
// belongs to the process, so it is counted: the first reader sets it, the last
// one sets it back. A limit that was set from outside is kept if it is lower.
type collector struct {
	mu      sync.Mutex
	readers int
	percent int   // to be set back
	limit   int64 // to be set back
	base    int64 // bytes in use before reading
	kept    int64 // bytes that callers keep of what was read
}

// gc is the process's one collector.
var gc collector

func (c *collector) acquire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.readers++; c.readers == 1 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		c.base = int64(m.Sys - m.HeapReleased) //nolint:gosec // far below 2^63
		c.percent = debug.SetGCPercent(readGCPercent)
		c.limit = debug.SetMemoryLimit(-1)
	}
	c.setLimit()
}

// keep tells that the caller is about to keep so many bytes of what is read.
// From here on only the limit starts a collection: the percentage would at once
// start one that goes over all of the room just made. Half as much again is
// allowed on top, or the collector would go over all that is kept for every few
// megabytes of garbage.
func (c *collector) keep(bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept += bytes + bytes/2
	if c.setLimit() {
		debug.SetGCPercent(-1)
	}
}

// grow tells that reading itself keeps so many bytes more, until it ends: the
// table of a workbook's shared texts. A limit below what is alive would have the
// collector run all the time.
func (c *collector) grow(bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept += bytes
	c.setLimit()
}

// setLimit reports whether the limit is one of ours.
func (c *collector) setLimit() bool {
	ours := c.base + int64(c.readers)*readMemory + c.kept
	debug.SetMemoryLimit(min(c.limit, ours))
	return ours <= c.limit
}

func (c *collector) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.readers--; c.readers > 0 {
		return
	}
	debug.SetGCPercent(c.percent)
	debug.SetMemoryLimit(c.limit)
	c.kept = 0
}
