package retain

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// PackOptions say how a folder is packed.
type PackOptions struct {
	// Live takes a folder that a process works in: a file that goes away in
	// between is left out, one that grows is taken as long as it was.
	Live bool
}

// Pack writes a run's folder as a tar archive, below a folder of the run's id.
// The same content makes the same bytes: entries are sorted, have no owner, no
// time, and the modes 0600 and 0700. What is neither file nor folder is an
// error, as it would be lost.
func Pack(w io.Writer, r Run, o PackOptions) error {
	t := tar.NewWriter(w)
	if err := packDir(t, r.Dir, r.ID, o); err != nil {
		return fmt.Errorf("pack run %s: %w", r.ID, err)
	}
	if err := t.Close(); err != nil {
		return fmt.Errorf("pack run %s: %w", r.ID, err)
	}
	return nil
}

// PackFiles writes files, by name, as the same kind of archive.
func PackFiles(w io.Writer, id string, files map[string][]byte) error {
	t := tar.NewWriter(w)
	err := t.WriteHeader(header(id+"/", tar.TypeDir, 0))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err == nil {
			err = t.WriteHeader(header(path.Join(id, name), tar.TypeReg, int64(len(files[name]))))
		}
		if err == nil {
			_, err = t.Write(files[name])
		}
	}
	if err == nil {
		err = t.Close()
	}
	if err != nil {
		return fmt.Errorf("pack run %s: %w", id, err)
	}
	return nil
}

func header(name string, kind byte, size int64) *tar.Header {
	h := &tar.Header{Name: name, Typeflag: kind, Size: size, Mode: 0o600, ModTime: time.Unix(0, 0).UTC()}
	if kind == tar.TypeDir {
		h.Mode = 0o700
	}
	return h
}

// packDir adds a folder; entries come sorted from [os.ReadDir].
func packDir(t *tar.Writer, dir, name string, o PackOptions) error {
	entries, err := os.ReadDir(dir)
	if o.Live && errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.WriteHeader(header(name+"/", tar.TypeDir, 0)); err != nil {
		return err
	}
	for _, e := range entries {
		file, below := filepath.Join(dir, e.Name()), path.Join(name, e.Name())
		switch {
		case e.IsDir():
			err = packDir(t, file, below, o)
		case e.Type().IsRegular():
			err = packFile(t, file, below, o)
		default:
			err = fmt.Errorf("%s is neither file nor folder", file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func packFile(t *tar.Writer, file, name string, o PackOptions) error {
	f, err := os.Open(file)
	if o.Live && errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(header(name, tar.TypeReg, info.Size())); err != nil {
		return err
	}
	if o.Live {
		_, err = io.CopyN(t, f, info.Size())
	} else {
		_, err = io.Copy(t, f) // one that grew is an error of the archive
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
