package retain

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// maxEntries is how many files an archive of a run may hold. A run has about
// ten, and one for each sheet.
const maxEntries = 10_000

// ErrArchive is the error of an archive that holds no run's folder.
var ErrArchive = errors.New("the archive does not hold a run's folder")

// unpack writes an archive's files below dir, without the folder of the run's
// id that all stand in. Whoever knows the recipient can make an archive, so
// nothing in it is trusted: names stay below dir, and there are only files and
// folders. All is durable when it returns.
func unpack(fs FS, from io.Reader, dir string) error {
	t := tar.NewReader(from)
	dirs := []string{dir}
	for n := 0; ; n++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		switch {
		case err != nil:
			return err
		case n >= maxEntries:
			return fmt.Errorf("%w: more than %d files", ErrArchive, maxEntries)
		}
		_, below, ok := strings.Cut(h.Name, "/")
		name := filepath.FromSlash(strings.TrimSuffix(below, "/"))
		switch {
		case ok && name == "" && h.Typeflag == tar.TypeDir:
			continue
		case !ok || !filepath.IsLocal(name) || !filepath.IsLocal(filepath.FromSlash(h.Name)):
			return fmt.Errorf("%w: %q", ErrArchive, h.Name)
		}
		to := filepath.Join(dir, name)
		switch h.Typeflag {
		case tar.TypeDir:
			err = fs.Mkdir(to)
			dirs = append(dirs, to)
		case tar.TypeReg:
			err = writeFile(fs, to, func(w io.Writer) error {
				_, err := io.Copy(w, t) //nolint:gosec // a run is as large as it is; the disk is its limit
				return err
			})
		default:
			err = fmt.Errorf("%w: %q is neither file nor folder", ErrArchive, h.Name)
		}
		if err != nil {
			return err
		}
	}
	for _, d := range dirs {
		if err := fs.SyncDir(d); err != nil {
			return err
		}
	}
	return nil
}
