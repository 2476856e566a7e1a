package sheet

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// archive is a workbook as a zip file whose members were all proven.
type archive struct {
	members  map[string]*zip.File // by name in lower case
	order    []string             // of the members, as in the file
	sheets   []sheetPart
	styles   []byte // kind of a number by style
	date1904 bool
	limits   Limits
	shared   int     // texts in the shared table; -1: no table
	recast   *recast // nil where the library reads the workbook as it is
}

// sheetPart is one worksheet of a workbook.
type sheetPart struct {
	name   string
	hidden bool
	part   string // member name, lower case
	scan   *sheetScan
}

const sharedStringsPart = "xl/sharedstrings.xml"

// maxSmallPart bounds the parts that are read into memory, in bytes.
const maxSmallPart = 32 << 20

// openArchive checks a workbook's outline: limits, names, that it is one. Its
// contents are proven by prove.
func openArchive(zr *zip.Reader, size int64, limits Limits) (*archive, *FileError) {
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
	return a, a.identify()
}

func (a *archive) addMember(f *zip.File) *FileError {
	name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
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

// identify tells a workbook from the other things that are zip files.
func (a *archive) identify() *FileError {
	switch {
	case a.members["xl/workbook.xml"] != nil:
		return nil
	case a.members["xl/workbook.bin"] != nil:
		return unsupported("an Excel binary workbook (.xlsb)")
	case a.members["mimetype"] != nil && a.members["content.xml"] != nil:
		return unsupported("an OpenDocument file (.ods)")
	case a.members["index/document.iwa"] != nil || a.members["index.zip"] != nil:
		return unsupported("a Numbers document")
	case a.members["word/document.xml"] != nil || a.members["ppt/presentation.xml"] != nil:
		return &FileError{Reason: ReasonFormat, Detail: "is an Office document, but no workbook", Hint: "give a CSV or XLSX file"}
	case a.members["[content_types].xml"] != nil:
		return damaged("the workbook part is not in it")
	}
	return &FileError{Reason: ReasonFormat, Detail: "is a zip file, but no workbook", Hint: "unpack it and give the CSV or XLSX file in it"}
}

// prove reads every member to its end, which checks its checksum and size,
// scans the sheets and the shared texts, and learns what the workbook is made
// of. wanted tells which sheets are needed.
func (a *archive) prove(ctx context.Context, wanted func(sheetPart) bool) error {
	if err := a.readWorkbook(); err != nil {
		return err
	}
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
		if err := a.proveMember(name, a.members[name], needed[name]); err != nil {
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

func (a *archive) proveMember(name string, f *zip.File, sheet *sheetPart) error {
	r, err := f.Open()
	if err != nil {
		return unreadable(f.Name, err)
	}
	defer r.Close() //nolint:errcheck // nothing is written
	switch {
	case sheet != nil:
		err = a.scanSheet(r, f, sheet)
	case name == sharedStringsPart:
		h := &sharedHandler{limits: a.limits}
		if a.recast != nil {
			h.table = &a.recast.table
		}
		err = newXMLScanner(r, h).run()
		a.shared = h.items
	default:
		_, err = io.Copy(io.Discard, r) //nolint:gosec // the size was bounded by openArchive
	}
	var ferr *FileError
	switch {
	case errors.As(err, &ferr):
		return ferr
	case err != nil:
		return unreadable(f.Name, err)
	}
	// The scan ends with the root element's end; what the checksum covers may not.
	if _, err := io.Copy(io.Discard, r); err != nil { //nolint:gosec // the size was bounded by openArchive
		return unreadable(f.Name, err)
	}
	return nil
}

func (a *archive) scanSheet(r io.Reader, f *zip.File, sheet *sheetPart) error {
	h := newSheetHandler(a.styles, a.limits)
	s := newXMLScanner(r, h)
	if a.recast != nil {
		w, err := a.recast.member(f)
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

// small decodes a part that is kept in memory as XML. A part that is not there
// leaves into as it is.
func (a *archive) small(name string, into any) error {
	f := a.members[strings.ToLower(name)]
	if f == nil {
		return nil
	}
	if f.UncompressedSize64 > maxSmallPart {
		return tooLarge("part "+f.Name+" is too large", "")
	}
	r, err := f.Open()
	if err != nil {
		return unreadable(f.Name, err)
	}
	defer r.Close() //nolint:errcheck // nothing is written
	if err := xml.NewDecoder(r).Decode(into); err != nil {
		return unreadable(f.Name, err)
	}
	return nil
}

type xmlWorkbook struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		// The strict form of the format has another namespace.
		StrictID string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
	} `xml:"sheets>sheet"`
}

type xmlRelationships struct {
	Items []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// readWorkbook learns the sheets and their parts, and the number formats.
func (a *archive) readWorkbook() error {
	var wb xmlWorkbook
	var rels xmlRelationships
	var styles xmlStyles
	if err := errors.Join(a.small("xl/workbook.xml", &wb), a.small("xl/_rels/workbook.xml.rels", &rels), a.small("xl/styles.xml", &styles)); err != nil {
		return err
	}
	a.styles = styles.kinds()
	a.date1904 = wb.Properties.Date1904 == "1" || strings.EqualFold(wb.Properties.Date1904, "true")
	targets := map[string]string{}
	for _, r := range rels.Items {
		if strings.HasSuffix(r.Type, "/worksheet") {
			targets[r.ID] = partName(r.Target)
		}
	}
	seen := map[string]bool{}
	for _, s := range wb.Sheets {
		part, ok := targets[s.ID+s.StrictID]
		if !ok {
			continue // a chart or dialog sheet, which has no cells
		}
		if a.members[part] == nil {
			return damaged("sheet %q is listed, but its part is missing", s.Name)
		}
		if seen[part] {
			return damaged("two sheets are the same part")
		}
		seen[part] = true
		a.sheets = append(a.sheets, sheetPart{name: s.Name, hidden: s.State != "" && s.State != "visible", part: part})
	}
	if len(a.sheets) == 0 {
		return damaged("no sheet in it")
	}
	return nil
}

// partName resolves a relationship's target against the folder xl.
func partName(target string) string {
	target = strings.ToLower(strings.ReplaceAll(target, `\`, "/"))
	if strings.HasPrefix(target, "/") {
		return path.Clean(target[1:])
	}
	return path.Join("xl", target)
}
