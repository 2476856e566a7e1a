//go:build unix

package plan

import (
	"syscall"
	"testing"
	"time"
)

// ProcessorTime is what the process has had of the processors: what else the
// machine does hardly counts in it.
func ProcessorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
