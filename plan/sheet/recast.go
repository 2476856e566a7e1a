package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// recast is a copy of a workbook for the library to read, in which cells point
// to shared texts by number and there is no table of these: it is kept here, in
// one piece. The library would either hold it in memory at 17 times its size,
// or fetch each cell's text from disk by a system call. The copy holds the
// sheets to be read, not packed, under usual names, and an outline of its own:
// so it also serves for workbooks whose parts are where the library does not
// look for them.
type recast struct {
	path   string
	file   *os.File
	zip    *zip.Writer
	table  textTable
	sheets []string // names of the parts, in the order in which they were copied
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

// member begins the copy of a sheet's part and gives the sheet the name that it
// has in the copy. The part ends with the next member.
func (r *recast) member(s *sheetPart) (io.Writer, error) {
	s.inBook = recastName(len(r.sheets))
	name := fmt.Sprintf("worksheets/sheet%d.xml", len(r.sheets)+1)
	r.sheets = append(r.sheets, name)
	return r.zip.CreateHeader(&zip.FileHeader{Name: "xl/" + name, Method: zip.Store})
}

// finish completes the copy.
func (r *recast) finish() error {
	err := r.outline()
	if err := errors.Join(err, r.zip.Close(), r.file.Close()); err != nil {
		return fmt.Errorf("unpack workbook: %w", err)
	}
	return nil
}

// Namespaces of OOXML (ECMA-376 part 1, annex A, and part 2).
const (
	nsSheet    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	nsStrict   = "http://purl.oclc.org/ooxml/spreadsheetml/main"
	nsOffice   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPackage  = "http://schemas.openxmlformats.org/package/2006/"
	typePrefix = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// outline writes what the library needs to find the sheets.
func (r *recast) outline() error {
	var types, sheets, rels strings.Builder
	types.WriteString(`<Types xmlns="` + nsPackage + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + typePrefix + `sheet.main+xml"/>`)
	sheets.WriteString(`<workbook xmlns="` + nsSheet + `" xmlns:r="` + nsOffice + `"><sheets>`)
	rels.WriteString(`<Relationships xmlns="` + nsPackage + `relationships">`)
	for i, part := range r.sheets {
		fmt.Fprintf(&types, `<Override PartName="/xl/%s" ContentType="%sworksheet+xml"/>`, part, typePrefix)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, recastName(i), i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="%s"/>`, i+1, nsOffice, part)
	}
	types.WriteString(`</Types>`)
	sheets.WriteString(`</sheets></workbook>`)
	rels.WriteString(`</Relationships>`)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", types.String()},
		{"_rels/.rels", `<Relationships xmlns="` + nsPackage + `relationships"><Relationship Id="rId1" Type="` + nsOffice + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", sheets.String()},
		{"xl/_rels/workbook.xml.rels", rels.String()},
	} {
		w, err := r.zip.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, xml.Header+part.text); err != nil {
			return err
		}
	}
	return nil
}
