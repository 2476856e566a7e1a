package sheet

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// archive is a workbook as a zip file whose members were all proven.
type archive struct {
	members    map[string]*zip.File // by name in lower case
	order      []string             // of the members, as in the file
	sheets     []sheetPart
	styles     []byte // kind of a number by style
	date1904   bool
	limits     Limits
	examples   string  // name of the sheet that was made of a template's examples; empty if there is none
	workbook   string  // name of the workbook's part, lower case
	styleSheet string  // name of the styles' part, lower case; empty if there is none
	texts      string  // of the table of shared texts; empty if there is none
	shared     int     // texts in the shared table; -1: no table
	respelled  bool    // a sheet's part is linked in another case than its own
	recast     *recast // nil where the library reads the workbook as it is
}

// sheetPart is one worksheet of a workbook.
type sheetPart struct {
	name   string
	hidden bool
	part   string // member name, lower case
	inBook string // name for the workbook library, where it is another one
	scan   *sheetScan
}

// maxSmallPart bounds the parts that are read into memory, in bytes.
const maxSmallPart = 32 << 20

// openArchive checks a workbook's outline: limits, names, that it is one. Its
// contents are proven by prove.
func openArchive(r io.ReaderAt, zr *zip.Reader, size int64, limits Limits) (*archive, *FileError) {
	a := &archive{members: make(map[string]*zip.File, len(zr.File)), limits: limits, shared: -1}
	if len(zr.File) > limits.Members {
		return nil, tooLarge(fmt.Sprintf("holds %d parts, more than %d", len(zr.File), limits.Members), FlagMembers)
	}
	var total uint64
	for _, f := range zr.File {
		if err := a.addMember(f); err != nil {
			return nil, err
		}
		total += f.UncompressedSize64
		if f.UncompressedSize64 > uint64(limits.UnpackedBytes) || total > uint64(limits.UnpackedBytes) { //nolint:gosec // the limit is positive
			return nil, tooLarge(fmt.Sprintf("unpacks to more than %d MiB", limits.UnpackedBytes>>20), FlagUnpacked)
		}
		if f.UncompressedSize64 > ratioFloor && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
			return nil, tooLarge("is packed more than "+fmt.Sprint(maxRatio)+" times, as no real sheet is", "")
		}
	}
	if int64(total)/(10*maxRatio) > size {
		return nil, tooLarge("holds parts that overlap", "")
	}
	if err := a.identify(); err != nil {
		return nil, err
	}
	return a, proveLayout(r, size, zr.File)
}

func (a *archive) addMember(f *zip.File) *FileError {
	// Some generators give the parts the absolute names that they have in the package.
	name := strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/")), "/")
	switch {
	case f.Flags&1 != 0:
		return &FileError{Reason: ReasonEncrypted, Detail: "is a zip file with a password", Hint: "save the workbook without a password"}
	case strings.HasPrefix(name, "/") || name == ".." || strings.HasPrefix(name, "../") || strings.Contains(name, "/../"):
		return damaged("a part named %q", f.Name)
	case a.members[name] != nil:
		return damaged("two parts named %q", f.Name)
	}
	a.members[name] = f
	a.order = append(a.order, name)
	return nil
}

// prove reads every member to its end, which checks its checksum and size,
// scans the sheets and the shared texts, and learns what the workbook is made
// of. wanted tells which sheets are needed.
func (a *archive) prove(ctx context.Context, wanted func(sheetPart) bool) error {
	needed := map[string]*sheetPart{}
	for i := range a.sheets {
		if s := &a.sheets[i]; wanted(*s) {
			needed[s.part] = s
		}
	}
	for _, name := range a.order {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.proveMember(ctx, name, a.members[name], needed[name]); err != nil {
			return err
		}
	}
	for _, s := range a.sheets {
		if s.scan != nil && s.scan.maxIndex >= max(a.shared, 0) {
			return damaged("sheet %q uses a text that is missing from the table of texts", s.name)
		}
	}
	return nil
}

func (a *archive) proveMember(ctx context.Context, name string, f *zip.File, sheet *sheetPart) error {
	member, err := openMember(f)
	if err != nil {
		return err
	}
	defer member.Close() //nolint:errcheck // nothing is written
	r := &patientReader{ctx: ctx, Reader: member}
	switch {
	case sheet != nil:
		err = a.scanSheet(r, sheet)
	case name == a.texts:
		err = a.scanTexts(r)
	default:
		_, err = io.Copy(io.Discard, r)
	}
	var ferr *FileError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &ferr):
		return ferr
	case err != nil:
		return unreadable(f.Name, err)
	}
	// The scan ends with the root element's end; what the checksum covers may not.
	if _, err := io.Copy(io.Discard, r); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return unreadable(f.Name, err)
	}
	return nil
}

// patientReader reads until its context ends: a part may be large.
type patientReader struct {
	io.Reader
	ctx context.Context
}

func (r *patientReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// openMember opens a part for reading.
func openMember(f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	switch {
	case errors.Is(err, zip.ErrAlgorithm):
		return nil, &FileError{Reason: ReasonUnsupported, Detail: "is packed in a way that workbooks are not (zip method " + strconv.Itoa(int(f.Method)) + ")", Hint: hintSaveAnew}
	case err != nil:
		return nil, unreadable(f.Name, err)
	}
	return r, nil
}

// scanTexts counts the shared texts, and keeps them for a recast workbook.
func (a *archive) scanTexts(r io.Reader) error {
	text, err := xmlSource(r)
	if err != nil {
		return err
	}
	h := &sharedHandler{limits: a.limits}
	if a.recast != nil {
		h.table = &a.recast.table
	}
	err = newXMLScanner(text, h).run()
	a.shared = h.items
	return err
}

func (a *archive) scanSheet(r io.Reader, sheet *sheetPart) error {
	text, err := xmlSource(r)
	if err != nil {
		return err
	}
	h := newSheetHandler(a.styles, a.limits)
	s := newXMLScanner(text, h)
	if a.recast != nil {
		w, err := a.recast.member(sheet)
		if err != nil {
			return err
		}
		h.recast, s.copy = true, w
	}
	if err := s.run(); err != nil {
		return err
	}
	if !h.seenData {
		return errors.New("no table of cells in it")
	}
	sheet.scan = h.scan
	return nil
}

func unreadable(part string, err error) *FileError {
	e := damaged("part %s", part)
	e.Err = err
	return e
}
