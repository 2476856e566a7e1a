package wholefile

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// ErrSpecial is why a name is not given to a new file: it is that of a device
// or a pipe, which would be gone then, for everybody on the machine.
var ErrSpecial = errors.New("is a device or a pipe, not a file")

// Check refuses the names of devices and pipes. A link into /proc, as
// /dev/stdout is one, leads to what the process has open, and is kept too.
// What can't be looked at is found out about by writing.
func Check(path string) error {
	target, _ := os.Readlink(path)
	info, err := os.Stat(path)
	if strings.HasPrefix(target, "/proc/") || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return &fs.PathError{Op: "replace", Path: path, Err: ErrSpecial}
	}
	return nil
}
