package journal

import (
	"errors"
	"os"
	"syscall"
)

// syncData makes a file's content durable. fdatasync leaves out what is not
// needed to read it again (times), but not the size.
func syncData(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if !errors.Is(err, syscall.EINTR) {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
