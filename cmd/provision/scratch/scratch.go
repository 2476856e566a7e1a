package scratch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/gofrs/flock"
)

const (
	prefix   = "provision-read-"
	lockName = ".lock"
	private  = 0o700
)

// pattern is how the folders are called, all of the name.
var pattern = regexp.MustCompile(`^` + prefix + `\d+-\d+$`)

// Folder is a private folder of this process.
type Folder struct {
	Path string
	lock *flock.Flock
}

// tries is how often a folder is made anew that another process took for a
// leftover before it was locked.
const tries = 10

// New makes a folder below the one for temporary files. The caller removes it.
func New() (*Folder, error) { return NewIn(os.TempDir()) }

// NewIn makes a folder below another one, which is there. The caller removes it.
func NewIn(parent string) (*Folder, error) {
	for range tries {
		f, err := try(parent)
		if f != nil || err != nil {
			return f, err
		}
	}
	return nil, errors.New("make a private folder for temporary files: it is taken away again and again")
}

// try makes a folder; nil if another process was faster in locking it.
func try(parent string) (*Folder, error) {
	path, err := os.MkdirTemp(parent, fmt.Sprintf("%s%d-", prefix, os.Getpid()))
	if err != nil {
		return nil, fmt.Errorf("make a private folder for temporary files: %w", err)
	}
	f := &Folder{Path: path, lock: flock.New(filepath.Join(path, lockName), flock.SetPermissions(0o600))}
	ok, err := f.lock.TryLock()
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock the private folder for temporary files: %w", err), os.RemoveAll(path))
	case ok && isThere(filepath.Join(path, lockName)): // what is locked may have been removed just before
		return f, nil
	}
	return nil, f.lock.Close()
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Remove takes the folder away with all that is in it.
func (f *Folder) Remove() error {
	err := errors.Join(f.lock.Close(), os.RemoveAll(f.Path))
	if err != nil {
		return fmt.Errorf("remove the private folder for temporary files: %w", err)
	}
	return nil
}

// Sweep removes the folders that processes which are dead left behind below the
// one for temporary files, and tells how many. What can't be looked at or
// removed is passed over: the next one to come tries again.
func Sweep() int { return SweepIn(os.TempDir()) }

// SweepIn does so below another folder.
func SweepIn(parent string) int {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return 0
	}
	removed := 0
	for _, e := range entries {
		if !pattern.MatchString(e.Name()) {
			continue
		}
		if sweepOne(filepath.Join(parent, e.Name())) {
			removed++
		}
	}
	return removed
}

func sweepOne(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() || info.Mode().Perm() != private || !isOurs(info) {
		return false
	}
	name := filepath.Join(path, lockName)
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	lock := flock.New(name, flock.SetFlag(os.O_RDWR))
	ok, err := lock.TryLock()
	if err != nil || !ok {
		_ = lock.Close()
		return false
	}
	// It is held until all is gone, so that no other process takes it meanwhile.
	err = os.RemoveAll(path)
	return errors.Join(err, lock.Close()) == nil
}
