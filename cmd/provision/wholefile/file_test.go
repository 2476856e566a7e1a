package wholefile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"provision/cmd/provision/wholefile"
)

// A file appears whole with the mode that was asked for, and leaves nothing beside it.
func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := wholefile.Write(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	f, err := wholefile.New(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	expect(t, path, "old", 0o640)
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	expect(t, path, "new", 0o600)
	if err := f.Discard(); err != nil {
		t.Errorf("discard after commit: %v", err)
	}

	dropped, err := wholefile.New(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := dropped.Discard(); err != nil {
		t.Error(err)
	}
	expect(t, path, "new", 0o600)
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are in the folder (%v), not 1", len(left), err)
	}
	if _, err := wholefile.New(filepath.Join(dir, "none", "f"), 0o600); err == nil {
		t.Error("a folder that is not there was no error")
	}
}

// The name of a device or a pipe is not given to a file; that of a folder the
// rename refuses.
func TestCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(os.DevNull, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{os.DevNull, link} {
		if err := wholefile.Write(path, nil, 0o600); !errors.Is(err, wholefile.ErrSpecial) {
			t.Errorf("writing %s: %v, want %v", path, err, wholefile.ErrSpecial)
		}
		if _, err := wholefile.New(path, 0o600); !errors.Is(err, wholefile.ErrSpecial) {
			t.Errorf("beginning %s: %v, want %v", path, err, wholefile.ErrSpecial)
		}
	}
	for _, path := range []string{dir, filepath.Join(dir, "none")} {
		if err := wholefile.Check(path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func expect(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != content {
		t.Errorf("the file holds %q (%v), want %q", got, err, content)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != mode {
		t.Errorf("the file has mode %v (%v), want %v", info.Mode(), err, mode)
	}
}
