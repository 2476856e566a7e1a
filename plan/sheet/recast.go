package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// recast is a copy of a workbook for the library to read, in which cells point
// to shared texts by number and there is no table of these: it is kept here, in
// one piece. The library would either hold it in memory at 17 times its size,
// or fetch each cell's text from disk by a system call. The copy holds the
// sheets to be read and what the library needs to find them, not packed.
type recast struct {
	path  string
	file  *os.File
	zip   *zip.Writer
	table textTable
}

func newRecast(folder string) (*recast, error) {
	r := &recast{path: filepath.Join(folder, "recast.xlsx")}
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("unpack workbook: %w", err)
	}
	r.file, r.zip = f, zip.NewWriter(f)
	return r, nil
}

// member begins the copy of a sheet's part. It ends with the next member.
func (r *recast) member(f *zip.File) (io.Writer, error) {
	return r.zip.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
}

// outlineParts are what the library needs beside the sheets.
var outlineParts = []string{"[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}

// finish completes the copy.
func (r *recast) finish(a *archive) error {
	for _, name := range outlineParts {
		f := a.members[name]
		if f == nil {
			continue
		}
		if err := r.zip.Copy(f); err != nil {
			return errors.Join(fmt.Errorf("unpack workbook: %w", err), r.file.Close())
		}
	}
	if err := errors.Join(r.zip.Close(), r.file.Close()); err != nil {
		return fmt.Errorf("unpack workbook: %w", err)
	}
	return nil
}
