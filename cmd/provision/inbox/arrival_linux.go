package inbox

import (
	"io/fs"
	"syscall"
	"time"
)

// arrived is when a file came to where it is: its name and its bytes count, not
// the time that a copying program gave it.
func arrived(info fs.FileInfo) time.Time {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(int64(s.Ctim.Sec), int64(s.Ctim.Nsec)) //nolint:unconvert // 32 bits on some machines
	}
	return info.ModTime()
}
