package sheet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"provision/plan"
)

// Book is an open file of sheets. It is used by one goroutine and must be
// closed.
type Book struct {
	path   string
	sha256 string
	names  *headerNames
	opts   Options

	csv    *csvFile
	xlsx   *workbook
	sheets []sheetPart // that are to be read
	notes  []string    // sheets that are not read, with the reason

	note    string // about the file's name
	size    int64
	changed time.Time
	tuned   bool
}

// Open opens a CSV or XLSX file, proves that it is whole as far as the file
// itself can show it, and finds the sheets with our header. What is wrong with
// the file is a *FileError.
//
// Until it is closed an open file makes the garbage collector of the process
// run less often, which is where reading large ones would spend its time.
func Open(ctx context.Context, path string, opts Options) (*Book, error) {
	opts = opts.withDefaults()
	index := newHeaderIndex()
	m, err := newMapping(opts, index)
	if err != nil {
		return nil, err
	}
	return openBook(ctx, path, opts, &headerNames{index: index, mapping: m, limits: opts.Limits})
}

func openBook(ctx context.Context, path string, opts Options, names *headerNames) (*Book, error) {
	b := &Book{path: path, names: names, opts: opts, tuned: true}
	gc.acquire()
	if err := b.open(ctx); err != nil {
		return nil, errors.Join(b.inFile(err), b.Close())
	}
	return b, nil
}

// inFile puts the file's name into the error.
func (b *Book) inFile(err error) error {
	var ferr *FileError
	if errors.As(err, &ferr) && ferr.File == "" {
		ferr.File = b.path
	}
	return err
}

func (b *Book) open(ctx context.Context) error {
	head, err := b.inspect()
	if err != nil {
		return err
	}
	if ferr := checkFormat(b.path, head, b.size); ferr != nil {
		return ferr
	}
	b.note = oddName(b.path, head)
	if isZip(head) {
		return b.openXLSX(ctx)
	}
	data, err := os.ReadFile(b.path)
	if err != nil {
		return fmt.Errorf("read %s: %w", b.path, err)
	}
	sum := sha256.Sum256(data)
	b.sha256 = hex.EncodeToString(sum[:])
	var ferr *FileError
	if b.csv, ferr = newCSVFile(data, b.opts, b.names); ferr != nil {
		return ferr
	}
	b.sheets = []sheetPart{{}}
	return nil
}

// headLength is the number of bytes by which formats are told apart. An OLE
// file's directory, which tells an encrypted workbook, comes after one sector.
const headLength = 4096

// inspect looks at the file from outside and reads its first bytes.
func (b *Book) inspect() ([]byte, error) {
	if b.path == "" {
		return nil, &FileError{File: `""`, Reason: ReasonMissing, Detail: "the name of the sheet is empty", Hint: "name a CSV or XLSX file; in a script, check the variable that holds the name"}
	}
	// A pipe is looked at before it is opened: that would wait for whoever writes into it.
	if info, err := os.Stat(b.path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil, &FileError{Reason: ReasonMissing, Detail: "is no regular file", Hint: "save the sheet to a file first"}
	}
	f, err := os.Open(b.path)
	switch {
	case b.path == "-" && errors.Is(err, fs.ErrNotExist):
		return nil, &FileError{Reason: ReasonMissing, Detail: "standard input is not read", Hint: "save the sheet to a file and name it"}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &FileError{Reason: ReasonMissing, Detail: "there is no such file", Hint: "check the path and the spelling"}
	case err != nil:
		return nil, &FileError{Reason: ReasonMissing, Detail: "the file can't be opened", Hint: "check its permissions", Err: err}
	}
	defer f.Close() //nolint:errcheck // nothing is written
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("look at %s: %w", b.path, err)
	case info.IsDir():
		return nil, &FileError{Reason: ReasonMissing, Detail: "is a folder", Hint: "name the sheet in it"}
	case info.Size() == 0:
		return nil, &FileError{Reason: ReasonEmpty, Detail: "the file is empty", Hint: `"provision template" writes a sheet to fill in`}
	case info.Size() > b.opts.Limits.FileBytes:
		return nil, tooLarge(fmt.Sprintf("is larger than %d MiB", b.opts.Limits.FileBytes>>20), FlagFile)
	}
	b.size, b.changed = info.Size(), info.ModTime()
	head := make([]byte, min(headLength, info.Size()))
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, fmt.Errorf("read %s: %w", b.path, err)
	}
	return head, nil
}

// openXLSX proves and opens a workbook and chooses the sheets to be read.
func (b *Book) openXLSX(ctx context.Context) error {
	sum, err := hashFile(ctx, b.path)
	if err != nil {
		return err
	}
	b.sha256 = sum
	if b.xlsx, err = openWorkbook(ctx, b.path, b.opts, b.wanted); err != nil {
		return err
	}
	return b.choose()
}

func hashFile(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	defer f.Close() //nolint:errcheck // nothing is written
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), ctx.Err()
}

// Sheets names the sheets that are to be read, in the workbook's order. A CSV
// file has one, without a name.
func (b *Book) Sheets() []string {
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		names[i] = s.name
	}
	return names
}

func (b *Book) info(sheet string) plan.SheetInfo {
	return plan.SheetInfo{File: filepath.Base(b.path), Path: b.path, Sheet: sheet, SHA256: b.sha256}
}

// Reader gives the rows of one of the Sheets from the top. Of a book's Readers
// one at a time may be in use.
func (b *Book) Reader(name string) (Reader, error) {
	for i := range b.sheets {
		s := &b.sheets[i]
		if s.name != name {
			continue
		}
		r, err := b.reader(s)
		if err != nil {
			return nil, b.inFile(b.headerError(s, err))
		}
		return r, nil
	}
	return nil, &FileError{File: b.path, Sheet: name, Reason: ReasonNoSheet, Detail: "there is no such sheet"}
}

func (b *Book) reader(s *sheetPart) (Reader, error) {
	if b.csv != nil {
		return b.csv.reader(b.info(""), b.names)
	}
	return b.xlsx.reader(s, b.info(s.name), b.names)
}

// headerError words what findHeader could not find.
func (b *Book) headerError(s *sheetPart, err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return &FileError{File: b.path, Sheet: s.name, Reason: ReasonEmpty, Detail: "the sheet is empty", Hint: `"provision template" writes a sheet to fill in`}
	case errors.Is(err, errNoHeader):
		return b.noHeader(s, err)
	}
	return err
}

// noHeader says what a sheet has instead of a header, as far as that is known.
func (b *Book) noHeader(s *sheetPart, err error) *FileError {
	e := &FileError{File: b.path, Sheet: s.name, Reason: ReasonNoHeader,
		Detail: fmt.Sprintf("none of the first %d rows names two of our columns (extension, serial, street, …)", headerSearch),
		Hint:   `rename the columns as in "provision template", or say --map "Their header=our_column"`}
	near := (*noHeaderError)(nil)
	switch {
	case errors.As(err, &near) && near.below != "":
		e.Detail += "; names of columns stand below each other, " + near.below
		e.Hint = "put them side by side into one row, and what belongs to each phone into a row below (copy, then Paste Special > Transpose)"
	case near != nil:
		e.Detail += fmt.Sprintf("; row %d comes nearest: of its columns only %q is ours (%s)", near.line, near.header, near.means)
	case b.csv != nil && b.opts.Delimiter == "" && b.names.spaced(b.csv.text):
		e.Detail = "the columns are set apart by spaces only, so that nobody can tell where an empty value stands"
		e.Hint = "export the list as CSV or .xlsx"
	}
	return e
}

// Close closes the file and removes what was unpacked.
func (b *Book) Close() error {
	if b.tuned {
		gc.release()
		b.tuned = false
	}
	if b.xlsx == nil {
		return nil
	}
	w := b.xlsx
	b.xlsx = nil
	return w.close()
}

// unchanged makes sure that what was read is what the checksum was taken of.
func (b *Book) unchanged() error {
	info, err := os.Stat(b.path)
	if err != nil || info.Size() != b.size || !info.ModTime().Equal(b.changed) {
		return &FileError{File: b.path, Reason: ReasonChanged, Detail: "the file was changed while it was read", Hint: "try again once nobody writes to it", Err: err}
	}
	return nil
}
