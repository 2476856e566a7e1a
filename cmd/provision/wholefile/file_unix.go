//go:build unix

package wholefile

import (
	"os"

	"github.com/google/renameio/v2"
)

// Write replaces the content of a file. Its mode is perm, less what the umask
// takes from others; a private one (0600) is the owner's whatever the umask.
func Write(path string, data []byte, perm os.FileMode) error {
	if perm&0o077 == 0 {
		return renameio.WriteFile(path, data, perm, renameio.IgnoreUmask())
	}
	return renameio.WriteFile(path, data, perm)
}

// File is a file in the making. What is written is not seen under its name
// before [File.Commit].
type File struct{ pending *renameio.PendingFile }

// New begins a file with exactly the mode perm. An error tells early that the
// folder can't be written.
func New(path string, perm os.FileMode) (*File, error) {
	pending, err := renameio.NewPendingFile(path, renameio.WithStaticPermissions(perm))
	if err != nil {
		return nil, err
	}
	return &File{pending: pending}, nil
}

// Write adds to the file.
func (f *File) Write(p []byte) (int, error) { return f.pending.Write(p) }

// Commit gives the file its name; it is on the disk when this returns.
func (f *File) Commit() error { return f.pending.CloseAtomicallyReplace() }

// Discard removes what was written. After [File.Commit] it does nothing.
func (f *File) Discard() error { return f.pending.Cleanup() }
