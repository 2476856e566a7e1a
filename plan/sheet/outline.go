package sheet

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
)

// identify tells a workbook from the other things that are zip files.
func (a *archive) identify() *FileError {
	if a.workbook = a.findWorkbook(); a.workbook != "" {
		return nil
	}
	switch {
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

// usualWorkbook is where nearly all programs put the workbook's part.
const usualWorkbook = "xl/workbook.xml"

// findWorkbook gives the name of the workbook's part: the one that the package
// points to, or the usual one where it points to none.
func (a *archive) findWorkbook() string {
	var rels xmlRelationships
	if a.small("_rels/.rels", &rels) == nil {
		for _, r := range rels.Items {
			name := partName("", r.Target)
			if strings.HasSuffix(r.Type, "/officeDocument") && strings.HasSuffix(name, ".xml") && a.members[name] != nil && !strings.HasPrefix(name, "word/") && !strings.HasPrefix(name, "ppt/") {
				return name
			}
		}
	}
	if a.members[usualWorkbook] != nil {
		return usualWorkbook
	}
	return ""
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
	r, err := openMember(f)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // nothing is written
	text, err := xmlSource(r)
	if err != nil {
		return unreadable(f.Name, err)
	}
	data, err := io.ReadAll(text)
	if err != nil {
		return unreadable(f.Name, err)
	}
	// The decoder stops behind the root element and knows of declarations.
	if err := newXMLScanner(bytes.NewReader(data), ignoreXML{}).run(); err != nil {
		return unreadable(f.Name, err)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = sameCharset
	if err := d.Decode(into); err != nil {
		return unreadable(f.Name, err)
	}
	return nil
}

// ignoreXML is for parts that only have to be well-formed.
type ignoreXML struct{}

func (ignoreXML) start([]byte, []xmlAttr) error { return nil }
func (ignoreXML) end([]byte) error              { return nil }
func (ignoreXML) text([]byte, bool) error       { return nil }

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
	Names []struct {
		Name     string `xml:"name,attr"`
		RefersTo string `xml:",chardata"`
	} `xml:"definedNames>definedName"`
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
	folder, base := path.Split(a.workbook)
	for _, part := range []struct {
		name string
		into any
	}{{a.workbook, &wb}, {folder + "_rels/" + base + ".rels", &rels}} {
		if err := a.small(part.name, part.into); err != nil {
			return err
		}
	}
	a.date1904 = wb.Properties.Date1904 == "1" || strings.EqualFold(wb.Properties.Date1904, "true")
	for _, n := range wb.Names {
		if strings.EqualFold(n.Name, examplesName) {
			a.examples = sheetOfName(n.RefersTo)
		}
	}
	targets := map[string]string{}
	styles := ""
	for _, r := range rels.Items {
		name := partName(folder, r.Target)
		switch kind := r.Type[strings.LastIndexByte(r.Type, '/')+1:]; kind {
		case "worksheet":
			targets[r.ID] = name
			if f := a.members[name]; f != nil && f.Name != partSpelling(folder, r.Target) {
				a.respelled = true
			}
		case "sharedStrings":
			if a.members[name] != nil {
				a.texts = name
			}
		case "styles":
			// Without it dates and padded numbers would be read as plain ones.
			if styles = name; a.members[name] == nil {
				return damaged("the part %s is missing", name)
			}
		}
	}
	a.styleSheet = styles
	var formats xmlStyles
	if err := a.small(styles, &formats); err != nil {
		return err
	}
	a.styles = formats.kinds()
	return a.listSheets(&wb, targets)
}

// listSheets takes over the workbook's worksheets; targets are their parts.
func (a *archive) listSheets(wb *xmlWorkbook, targets map[string]string) error {
	seen, others := map[string]bool{}, 0
	for _, s := range wb.Sheets {
		part, ok := targets[s.ID+s.StrictID]
		if !ok {
			others++ // a chart or dialog sheet, which has no cells
			continue
		}
		if a.members[part] == nil {
			return damaged("sheet %q is listed, but its part is missing", s.Name)
		}
		if seen[part] {
			return damaged("two sheets are the same part")
		}
		seen[part] = true
		a.sheets = append(a.sheets, sheetPart{name: s.Name, hidden: s.State == "hidden" || s.State == "veryHidden", part: part})
	}
	switch {
	case len(a.sheets) > 0:
	case others > 0 && a.hasCharts():
		return &FileError{Reason: ReasonEmpty, Detail: "the workbook has only charts or dialogs, and no sheet with cells", Hint: "give the workbook with the rows"}
	default:
		return damaged("no sheet in it")
	}
	return nil
}

// hasCharts reports whether there are sheets without cells.
func (a *archive) hasCharts() bool {
	return slices.ContainsFunc(a.order, func(name string) bool {
		return strings.Contains(name, "chartsheets/") || strings.Contains(name, "dialogsheets/") || strings.Contains(name, "macrosheets/")
	})
}

// usual reports whether the parts are where the workbook library looks for
// them.
func (a *archive) usual() bool {
	if a.respelled {
		return false
	}
	for name, want := range map[string]string{
		a.workbook: usualWorkbook, "xl/_rels/workbook.xml.rels": "xl/_rels/workbook.xml.rels",
		"[content_types].xml": "[Content_Types].xml", "_rels/.rels": "_rels/.rels",
	} {
		if f := a.members[name]; f == nil || f.Name != want {
			return false
		}
	}
	if a.texts != "" && a.members[a.texts].Name != "xl/sharedStrings.xml" {
		return false
	}
	for _, s := range a.sheets {
		if name := a.members[s.part].Name; name != s.part || strings.ContainsAny(name, " %") || !strings.HasPrefix(name, "xl/worksheets/") || !isSheetName(s.name) {
			return false
		}
	}
	return true
}

// strange reports whether the workbook library would not understand a part of
// the outline, the texts or a sheet that is needed.
func (a *archive) strange(wanted func(sheetPart) bool) bool {
	folder, base := path.Split(a.workbook)
	parts := []string{"[content_types].xml", "_rels/.rels", a.workbook, folder + "_rels/" + base + ".rels", a.styleSheet, a.texts}
	for _, s := range a.sheets {
		if wanted(s) {
			parts = append(parts, s.part)
		}
	}
	return slices.ContainsFunc(parts, func(part string) bool { return strange(a.members[part]) })
}

// isSheetName reports whether a sheet's name is one that Excel allows; other
// programs are not as strict.
func isSheetName(name string) bool {
	const longest = 31 // characters
	return name != "" && len([]rune(name)) <= longest && !strings.ContainsAny(name, `:\/?*[]`) && name == strings.Trim(name, "'")
}

// partName resolves a relationship's target against the folder of its source.
func partName(folder, target string) string {
	return strings.ToLower(partSpelling(folder, target))
}

// partSpelling is partName in the case in which the target is written.
func partSpelling(folder, target string) string {
	if plain, err := url.PathUnescape(target); err == nil {
		target = plain
	}
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return path.Clean(target[1:])
	}
	return path.Join(folder, target)
}

// recastName is the name of the i-th sheet in a recast workbook.
func recastName(i int) string { return fmt.Sprintf("S%d", i+1) }
