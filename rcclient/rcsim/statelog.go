package rcsim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/gofrs/flock"
)

// LockedError says that another process, or another Server, holds the state.
type LockedError struct{ StateFile string }

// Error names the file.
func (e *LockedError) Error() string {
	return "simulator state " + e.StateFile + " is in use by another process"
}

// Reset removes a state file, so that the account begins anew. No state is no
// error; a state in use is a *LockedError.
func Reset(stateFile string) error {
	if _, err := os.Stat(filepath.Dir(stateFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	log, err := lockState(stateFile)
	if err != nil {
		return fmt.Errorf("reset simulator: %w", err)
	}
	err = os.Remove(stateFile)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err := errors.Join(err, log.close()); err != nil {
		return fmt.Errorf("reset simulator: %w", err)
	}
	return nil
}

// stateLog is the state file, open for appending. One fsync serves all writers
// that came before it.
type stateLog struct {
	path string
	lock *flock.Flock
	file *os.File

	writing sync.Mutex // guards file, written and failed
	written int64
	failed  error // a write that failed spoils the rest

	syncing sync.Mutex // guards synced
	synced  int64
}

// lockState takes the lock beside the state file. Who gives the state up removes
// the lock file while it still holds it; so a lock is good only if its file is
// the one that stands at the path.
func lockState(path string) (*stateLog, error) {
	for {
		lock := flock.New(path+".lock", flock.SetPermissions(0o600))
		held, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock state: %w", err)
		}
		if !held {
			return nil, errors.Join(&LockedError{StateFile: path}, lock.Close())
		}
		locked, err := lock.Stat()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("lock state: %w", err), lock.Close())
		}
		if there, err := os.Stat(lock.Path()); err == nil && os.SameFile(there, locked) {
			return &stateLog{path: path, lock: lock}, nil
		}
		if err := lock.Close(); err != nil {
			return nil, fmt.Errorf("lock state: %w", err)
		}
	}
}

// rewrite replaces the file by one line, and goes on behind it.
func (l *stateLog) rewrite(e entry) error {
	line, err := encode(e)
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	line = append(line, '\n')
	if err := replaceFile(l.path, line); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if err := syncFolder(filepath.Dir(l.path)); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return l.appendTo(int64(len(line)))
}

// replaceFile gives a file another content in one step. The caller holds the
// state's lock, so that no one else uses the name beside it.
func replaceFile(path string, content []byte) (err error) {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

// appendTo opens the file at an offset and drops what is behind it.
func (l *stateLog) appendTo(offset int64) error {
	file, err := os.OpenFile(l.path, os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open state: %w", err)
	}
	if _, err := file.Seek(offset, 0); err != nil {
		return errors.Join(fmt.Errorf("open state: %w", err), file.Close())
	}
	l.file, l.written, l.synced = file, offset, 0
	return nil
}

// write appends a line without waiting for the disk, and returns the offset
// behind it.
func (l *stateLog) write(e entry) (int64, error) {
	line, err := encode(e)
	if err != nil {
		return 0, fmt.Errorf("write state: %w", err)
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.failed != nil {
		return 0, l.failed
	}
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		l.failed = fmt.Errorf("write state: %w", err)
		return 0, l.failed
	}
	l.written += int64(len(line)) + 1
	return l.written, nil
}

// sync returns when the file is durable up to the offset, or wholly if the
// offset is negative. Who finds the work done by a neighbour's fsync returns at
// once.
func (l *stateLog) sync(offset int64) error {
	l.syncing.Lock()
	defer l.syncing.Unlock()
	if offset >= 0 && l.synced >= offset {
		return nil
	}
	l.writing.Lock()
	written, failed := l.written, l.failed
	l.writing.Unlock()
	if failed != nil {
		return failed
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("sync state: %w", err)
	}
	l.synced = written
	return nil
}

func (l *stateLog) close() error {
	var err error
	if l.file != nil {
		err = l.file.Close()
	}
	// A lock file that cannot be removed does no harm: it is not locked.
	_ = os.Remove(l.lock.Path())
	return errors.Join(err, l.lock.Close())
}

// syncFolder makes the names in a folder durable. Windows has no such call and
// needs none: it journals names by itself. It is the simulator's own, as that
// imports nothing of this module.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
