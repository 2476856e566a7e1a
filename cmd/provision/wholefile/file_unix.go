//go:build unix

package wholefile

import (
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"provision/executor/journal"
)

// Write replaces the content of a file; it is on the disk when this returns. Its
// mode is perm, less what the umask takes from others; a private one (0600) is
// the owner's whatever the umask.
func Write(path string, data []byte, perm os.FileMode) error {
	if err := Check(path); err != nil {
		return err
	}
	var opts []renameio.Option
	if perm&0o077 == 0 {
		opts = append(opts, renameio.IgnoreUmask())
	}
	if err := renameio.WriteFile(path, data, perm, opts...); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// File is a file in the making. What is written is not seen under its name
// before [File.Commit].
type File struct {
	pending *renameio.PendingFile
	dir     string
	sync    func(dir string) error
}

// New begins a file with exactly the mode perm. An error tells early that the
// folder can't be written, or that path is a device or a pipe ([ErrSpecial]).
func New(path string, perm os.FileMode) (*File, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	pending, err := renameio.NewPendingFile(path, renameio.WithStaticPermissions(perm))
	if err != nil {
		return nil, err
	}
	return &File{pending: pending, dir: filepath.Dir(path), sync: syncFolder}, nil
}

// Write adds to the file.
func (f *File) Write(p []byte) (int, error) { return f.pending.Write(p) }

// Commit gives the file its name; it is on the disk under it when this returns.
// After an error it may have its name, and not last a power cut.
func (f *File) Commit() error {
	if err := f.pending.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return f.sync(f.dir)
}

// Discard removes what was written. After [File.Commit] it does nothing.
func (f *File) Discard() error { return f.pending.Cleanup() }

// syncFolder makes the names in a folder durable: a rename alone outlives the
// process, and not always the machine.
func syncFolder(dir string) error { return journal.OS{}.SyncDir(dir) }
