//go:build unix

package watch

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// onlyOwner refuses a file that is another user's, or that others may write.
func onlyOwner(info fs.FileInfo) error {
	if info.Mode().Perm()&0o022 != 0 {
		return errors.New("others may write it")
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Geteuid() {
		return errors.New("it is another user's")
	}
	return nil
}
