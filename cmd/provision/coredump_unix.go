//go:build unix && !linux

package main

import "syscall"

// hideMemory allows no core dump of this process, as its memory holds tokens,
// secrets and the sheet. Programs that it starts inherit that.
func hideMemory() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		return err
	}
	limit.Cur = 0
	return syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
}
