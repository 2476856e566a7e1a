package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"provision/cmd/provision/wholefile"
	"provision/executor/journal"
)

// Files is what an inbox does with files. Each method that changes something is
// one step: it happens or it does not.
type Files interface {
	// List reads a folder.
	List(dir string) ([]fs.DirEntry, error)
	// Stat looks at a name and follows no link.
	Stat(path string) (fs.FileInfo, error)
	Read(path string) ([]byte, error)
	// Digest is the SHA-256 of a file's bytes, lower-case hex.
	Digest(path string) (string, error)

	// MakeDir makes a folder; one that is there is no error.
	MakeDir(path string) error
	// Write replaces a file's content at once, mode 0600; it is durable then.
	Write(path string, data []byte) error
	// Link gives a file a second name, which must be free.
	Link(from, to string) error
	Rename(from, to string) error
	// Remove removes a file or an empty folder.
	Remove(path string) error
	// Sync makes the names in a folder durable.
	Sync(dir string) error
}

// OS is the operating system's file system.
type OS struct{}

var _ Files = OS{}

// List is [os.ReadDir].
func (OS) List(dir string) ([]fs.DirEntry, error) { return os.ReadDir(dir) }

// Stat is [os.Lstat].
func (OS) Stat(path string) (fs.FileInfo, error) { return os.Lstat(path) }

// Read is [os.ReadFile].
func (OS) Read(path string) ([]byte, error) { return os.ReadFile(path) }

// Digest reads the file.
func (OS) Digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// MakeDir is [os.Mkdir], mode 0750.
func (OS) MakeDir(path string) error {
	if err := os.Mkdir(path, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Write writes another file and gives it the name.
func (OS) Write(path string, data []byte) error { return wholefile.Write(path, data, 0o600) }

// Link is [os.Link].
func (OS) Link(from, to string) error { return os.Link(from, to) }

// Rename is [os.Rename].
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove is [os.Remove].
func (OS) Remove(path string) error { return os.Remove(path) }

// Sync makes the names in the folder durable.
func (OS) Sync(dir string) error { return journal.OS{}.SyncDir(dir) }

// there reports whether a name is taken.
func (b *Inbox) there(path string) (bool, error) {
	_, err := b.o.Files.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// moveTo moves a file to a name that is free, or to the next free one beside it;
// it returns the name. A move that was cut off is finished.
func (b *Inbox) moveTo(from, to string) (string, error) {
	was, err := b.o.Files.Stat(from)
	if err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		name := to
		if n > 1 {
			name = suffixed(to, fmt.Sprint(n))
		}
		is, err := b.o.Files.Stat(name)
		switch {
		case err == nil && os.SameFile(was, is): // linked before the process died
			return name, b.o.Files.Remove(from)
		case err == nil:
			continue
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
		// A link never replaces a file, a rename may; not every file system has links,
		// nor does the system allow them for everybody's files.
		err = b.o.Files.Link(from, name)
		switch {
		case err == nil:
			// The new name must last before the old one goes.
			if err := b.o.Files.Sync(filepath.Dir(name)); err != nil {
				return "", err
			}
			return name, b.o.Files.Remove(from)
		case errors.Is(err, fs.ErrExist):
			continue
		}
		return name, b.o.Files.Rename(from, name)
	}
}

// suffixed puts a text between a name's stem and its ending.
func suffixed(path, text string) string {
	ext := filepath.Ext(path)
	return path[:len(path)-len(ext)] + "-" + text + ext
}
