//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// statusSignals gets SIGUSR1, by which a process is asked how its run goes,
// until forget is called.
func statusSignals() (signals <-chan os.Signal, forget func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	return c, func() {
		// The signal's own effect would end the process.
		signal.Stop(c)
		signal.Ignore(syscall.SIGUSR1)
	}
}
