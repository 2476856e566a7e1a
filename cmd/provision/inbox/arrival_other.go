//go:build !linux

package inbox

import (
	"io/fs"
	"time"
)

// arrived is when a file was last written; what else is known of its arrival
// differs from system to system.
func arrived(info fs.FileInfo) time.Time { return info.ModTime() }
