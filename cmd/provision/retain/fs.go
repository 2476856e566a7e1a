package retain

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"provision/executor/journal"
)

// FS is what changes a file system. It stands between this package and the disk
// so that a test can end at any step. Reading needs no such seam.
type FS interface {
	// Create makes an empty file of mode 0600, or empties one.
	Create(name string) (File, error)
	// Mkdir makes a folder of mode 0700; one that is there is no error.
	Mkdir(name string) error
	// Rename is [os.Rename].
	Rename(from, to string) error
	// Remove removes a file or an empty folder; one that is gone is no error.
	Remove(name string) error
	// SyncDir makes the entries of a folder durable.
	SyncDir(name string) error
}

// File is a file that is written.
type File interface {
	io.WriteCloser
	// Sync returns when all that was written is durable.
	Sync() error
}

// OS is the operating system's file system.
type OS struct{}

var _ FS = OS{}

// Create makes or empties a private file.
func (OS) Create(name string) (File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

// Mkdir makes a private folder.
func (OS) Mkdir(name string) error {
	if err := os.Mkdir(name, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

// Rename is [os.Rename].
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove removes a file or an empty folder.
func (OS) Remove(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// SyncDir makes the entries of a folder durable.
func (OS) SyncDir(name string) error { return journal.OS{}.SyncDir(name) }

// writeFile writes a file that is durable when this returns; its entry in the
// folder is not yet.
func writeFile(fs FS, name string, write func(io.Writer) error) error {
	f, err := fs.Create(name)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(name), err)
	}
	return nil
}

// removeTree removes a file, or a folder with all that is in it. Links are
// removed, and not what they name. What is gone is no error.
func removeTree(fs FS, name string) error {
	info, err := os.Lstat(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		if err := empty(fs, name, nil); err != nil {
			return err
		}
	}
	return fs.Remove(name)
}

// empty removes what is in a folder, but the names to keep.
func empty(fs FS, dir string, keep map[string]bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if keep[e.Name()] {
			continue
		}
		if err := removeTree(fs, filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
