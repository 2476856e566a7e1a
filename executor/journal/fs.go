package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// FS is the little of a file system that a journal needs. It stands between
// journal and disk so that a test can lose what was not synced and fail writes.
type FS interface {
	// OpenFile is [os.OpenFile].
	OpenFile(name string, flag int, perm os.FileMode) (File, error)
	// SyncDir makes the entries of a folder durable.
	SyncDir(dir string) error
}

// File is an open journal file. Writes go to its end.
type File interface {
	io.ReadWriteCloser
	// Sync returns when all that was written is durable. After an error
	// nothing is known of what was.
	Sync() error
	// Truncate cuts the file to size bytes.
	Truncate(size int64) error
}

// OS is the operating system's file system.
type OS struct{}

var _ FS = OS{}

// OpenFile is [os.OpenFile].
func (OS) OpenFile(name string, flag int, perm os.FileMode) (File, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

// osFile is an *os.File that syncs no more than it must.
type osFile struct{ *os.File }

// Sync makes the file's content durable.
func (f osFile) Sync() error { return syncData(f.File) }

// SyncDir makes the entries of a folder durable. Windows has no such call and
// needs none: it journals names by itself.
func (OS) SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open folder %s: %w", dir, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	return nil
}
