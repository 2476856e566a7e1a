//go:build unix

package wholefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A file has its name before the folder is flushed, so that the name lasts; that this failed is told.
func TestCommitFlushesFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	f, err := New(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	failure := errors.New("the disk is gone")
	flushed := ""
	f.sync = func(dir string) error {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("flushed before the file has its name: %v", err)
		}
		flushed = dir
		return failure
	}
	if err := f.Commit(); !errors.Is(err, failure) || flushed != dir {
		t.Errorf("commit: %v, having flushed %q, want %v and %q", err, flushed, failure, dir)
	}
	if err := f.Discard(); err != nil {
		t.Errorf("discard after commit: %v", err)
	}
	if err := syncFolder(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there was no error")
	}
}
