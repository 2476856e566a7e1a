package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// TestEncodedParts has each part of a workbook in each encoding that
// generators use, without a namespace, and with long tags. All read the same.
func TestEncodedParts(t *testing.T) {
	t.Parallel()
	encoded := func(name string, e encoding.Encoding) func(string) string {
		return func(text string) string {
			out, err := e.NewEncoder().String(strings.Replace(text, "UTF-8", name, 1))
			must(t, err)
			return out
		}
	}
	forms := map[string]func(string) string{
		"utf-16le":     encoded("UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
		"utf-16be":     encoded("UTF-16", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)),
		"latin-1":      encoded("ISO-8859-1", charmap.ISO8859_1),
		"windows-1252": encoded("windows-1252", charmap.Windows1252),
		"spelled":      func(text string) string { return strings.Replace(text, "UTF-8", "utf8", 1) },
		"marked":       func(text string) string { return "\ufeff" + text },
		"bare": func(text string) string {
			for _, ns := range []string{nsSheet, nsPackage + "relationships", nsPackage + "content-types"} {
				text = strings.Replace(text, ` xmlns="`+ns+`"`, "", 1)
			}
			return text
		},
	}
	const sheet = xmlHead + `<worksheet xmlns="` + nsSheet + `"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2"><v>101</v></c><c r="B2" t="s"><v>2</v></c></row></sheetData></worksheet>`
	const texts = xmlHead + `<sst xmlns="` + nsSheet + `"><si><t>extension</t></si><si><t>device_name</t></si><si><t>Büro é</t></si></sst>`
	for form, change := range forms {
		for _, part := range append(slices.Sorted(maps.Keys(workbookParts("", ""))), "all") {
			t.Run(form+" "+part, func(t *testing.T) {
				t.Parallel()
				parts := workbookParts(sheet, texts)
				for name, text := range parts {
					if part == "all" || name == part {
						parts[name] = change(text)
					}
				}
				d, _, err := Read(t.Context(), []string{saveParts(t, parts)}, Options{TempDir: t.TempDir()})
				must(t, err)
				if len(d.Rows) != 1 || d.Rows[0].DeviceName.Text != "Büro é" || d.Rows[0].Extension.Text != "101" {
					t.Errorf("got %+v", d.Rows)
				}
			})
		}
	}
}

// TestOddBooks: what small generators get away with elsewhere is read, and what
// can't be is refused in words of ours.
func TestOddBooks(t *testing.T) {
	t.Parallel()
	const sheet = `<worksheet xmlns="` + nsSheet + `"><sheetData><row><c t="inlineStr"><is><t>extension</t></is></c><c t="inlineStr"><is><t>site</t></is></c></row><row><c><v>101</v></c></row></sheetData></worksheet>`
	for name, c := range map[string]struct {
		change func(p map[string]string)
		want   string // of the error; empty: it is read
	}{
		"absolute names": {func(p map[string]string) {
			for name, text := range maps.Clone(p) {
				delete(p, name)
				p["/"+name] = text
			}
		}, ""},
		"escaped name": {func(p map[string]string) {
			rename(p, sheetPartName, "xl/worksheets/my sheet.xml", "worksheets/sheet1.xml", "worksheets/my%20sheet.xml")
		}, ""},
		"long tag":   {replacePart(sheetPartName, `</worksheet>`, `<conditionalFormatting sqref="`+strings.Repeat("A1 ", 100_000)+`"/></worksheet>`), ""},
		"odd state":  {replacePart("xl/workbook.xml", `sheetId`, `state="shown" sheetId`), ""},
		"two values": {replacePart(sheetPartName, "</v></c>", "</v><extLst><ext><v>9</v></ext></extLst></c>"), "A2 holds two values"},
		"only charts": {func(p map[string]string) {
			p["xl/workbook.xml"] = strings.ReplaceAll(p["xl/workbook.xml"], `r:id="rId1"`, `r:id="rId9"`)
			p["xl/chartsheets/sheet1.xml"] = `<chartsheet/>`
		}, "only charts or dialogs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := workbookParts(sheet, emptyTable)
			c.change(parts)
			d, _, err := Read(t.Context(), []string{saveParts(t, parts)}, Options{})
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				return
			}
			must(t, err)
			if len(d.Rows) != 1 || d.Rows[0].Extension.Text != "101" {
				t.Errorf("got %+v", d.Rows)
			}
		})
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, text := range workbookParts(sheet, emptyTable) {
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: 12, UncompressedSize64: uint64(len(text)), CompressedSize64: uint64(len(text))})
		must(t, err)
		_, err = w.Write([]byte(text))
		must(t, err)
	}
	must(t, z.Close())
	if _, _, err := Read(t.Context(), []string{save(t, "a.xlsx", buf.Bytes())}, Options{}); err == nil || !strings.Contains(err.Error(), "zip method 12") {
		t.Errorf("packed otherwise: got %v", err)
	}
}

// TestRootTag: a root element is known for what it is however many namespaces it
// declares, so that a workbook of the library's own is read as it is.
func TestRootTag(t *testing.T) {
	t.Parallel()
	var own bytes.Buffer
	must(t, writeInline(&own, 1))
	var declared strings.Builder
	for i := range 500 {
		fmt.Fprintf(&declared, ` xmlns:n%d="http://example.com/%d"`, i, i)
	}
	for name, c := range map[string]struct {
		data []byte
		want bool
	}{
		"own":              {own.Bytes(), false},
		"many namespaces":  {packedSheet(t, `<worksheet`+declared.String()+` xmlns="`+nsSheet+`"><sheetData/></worksheet>`), false},
		"none of OOXML":    {packedSheet(t, `<worksheet`+declared.String()+`><sheetData/></worksheet>`), true},
		"behind a comment": {packedSheet(t, `<!--`+strings.Repeat("-x", 1000)+`--><worksheet xmlns="`+nsSheet+`"/>`), false},
	} {
		z, err := zip.NewReader(bytes.NewReader(c.data), int64(len(c.data)))
		must(t, err)
		for _, f := range z.File {
			if f.Name == sheetPartName && strange(f) != c.want {
				t.Errorf("%s: strange is %v, want %v", name, !c.want, c.want)
			}
		}
	}
}

func packedSheet(t *testing.T, sheet string) []byte {
	t.Helper()
	var buf bytes.Buffer
	must(t, zipParts(&buf, workbookParts(sheet, emptyTable)))
	return buf.Bytes()
}
