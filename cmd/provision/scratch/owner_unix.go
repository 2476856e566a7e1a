//go:build unix

package scratch

import (
	"os"
	"syscall"
)

// isOurs reports whether a folder belongs to the user of this process.
func isOurs(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int64(stat.Uid) == int64(os.Geteuid())
}
