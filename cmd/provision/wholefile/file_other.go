//go:build !unix

package wholefile

import (
	"errors"
	"os"
	"path/filepath"
)

// Write replaces the content of a file. Modes mean little here.
func Write(path string, data []byte, perm os.FileMode) error {
	f, err := New(path, perm)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Discard())
	}
	return f.Commit()
}

// File is a file in the making. What is written is not seen under its name
// before [File.Commit].
type File struct {
	path string
	temp *os.File
	done bool
}

// New begins a file with exactly the mode perm. An error tells early that the
// folder can't be written, or that path is a device or a pipe ([ErrSpecial]).
func New(path string, perm os.FileMode) (*File, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return nil, err
	}
	f := &File{path: path, temp: temp}
	if err := temp.Chmod(perm); err != nil {
		return nil, errors.Join(err, f.Discard())
	}
	return f, nil
}

// Write adds to the file.
func (f *File) Write(p []byte) (int, error) { return f.temp.Write(p) }

// Commit gives the file its name; it is on the disk when this returns.
func (f *File) Commit() error {
	err := f.temp.Sync()
	err = errors.Join(err, f.temp.Close())
	if err == nil {
		err = os.Rename(f.temp.Name(), f.path)
	}
	f.done = err == nil
	if err != nil {
		return errors.Join(err, os.Remove(f.temp.Name()))
	}
	return nil
}

// Discard removes what was written. After [File.Commit] it does nothing.
func (f *File) Discard() error {
	if f.done {
		return nil
	}
	f.done = true
	return errors.Join(f.temp.Close(), os.Remove(f.temp.Name()))
}
