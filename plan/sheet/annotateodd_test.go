package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"provision/plan"
)

// oddForms are forms in which a workbook's parts may be: what is marked in them must be read as before.
func oddForms(t *testing.T) map[string]func(p map[string]string) {
	all := func(change func(name, text string) string) func(map[string]string) {
		return func(p map[string]string) {
			for name, text := range p {
				p[name] = change(name, text)
			}
		}
	}
	utf16 := func(_, text string) string {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(text, "UTF-8", "UTF-16", 1))
		must(t, err)
		return out
	}
	return map[string]func(p map[string]string){
		"as usual": func(map[string]string) {},
		"utf-16":   all(utf16),
		"latin-1": all(func(_, text string) string {
			out, err := charmap.ISO8859_1.NewEncoder().String(strings.Replace(text, "UTF-8", "ISO-8859-1", 1))
			must(t, err)
			return out
		}),
		"strict": all(func(_, text string) string {
			return strings.ReplaceAll(strings.ReplaceAll(text, nsSheet, nsStrict), nsOffice, relStrict)
		}),
		"no namespace": all(func(_, text string) string {
			for _, ns := range []string{nsSheet, nsPackage + "relationships", nsPackage + "content-types"} {
				text = strings.Replace(text, ` xmlns="`+ns+`"`, "", 1)
			}
			return text
		}),
		"another folder": func(p map[string]string) {
			for name, text := range maps.Clone(p) {
				delete(p, name)
				p[strings.Replace(name, "xl/", "book/", 1)] = strings.ReplaceAll(strings.ReplaceAll(text, "/xl/", "/book/"), `"xl/`, `"book/`)
			}
		},
		"another workbook": func(p map[string]string) {
			rename(p, "xl/workbook.xml", "xl/workbook22.xml", "workbook.xml", "workbook22.xml")
			rename(p, "xl/_rels/workbook.xml.rels", "xl/_rels/workbook22.xml.rels")
		},
		"another case": func(p map[string]string) { rename(p, sheetPartName, "xl/Worksheets/SHEET1.xml") },
		"absolute names": func(p map[string]string) {
			for name, text := range maps.Clone(p) {
				delete(p, name)
				p["/"+name] = text
			}
		},
		"escaped name": func(p map[string]string) {
			rename(p, sheetPartName, "xl/worksheets/my sheet.xml", "worksheets/sheet1.xml", "worksheets/my%20sheet.xml")
		},
		"backslashes": func(p map[string]string) { rename(p, sheetPartName, `xl\worksheets\sheet1.xml`) },
		"sheet elsewhere": func(p map[string]string) {
			rename(p, sheetPartName, "data/table.xml", "worksheets/sheet1.xml", "../data/table.xml")
		},
		"absolute targets": replacePart("xl/_rels/workbook.xml.rels", `"worksheets/`, `"/xl/worksheets/`),
		"no content types": func(p map[string]string) { delete(p, "[Content_Types].xml") },
		"no root":          func(p map[string]string) { delete(p, "_rels/.rels") },
		// Styles as report programs write them that use none, or few.
		"empty styles": withStyles(`<styleSheet xmlns="` + nsSheet + `"/>`),
		"prefix of each sheet": func(p map[string]string) {
			p["xl/workbook.xml"] = xmlHead + `<workbook xmlns="` + nsSheet + `"><sheets><sheet name="Sheet1" sheetId="1" d3p1:id="rId1" xmlns:d3p1="` + nsOffice + `"/></sheets></workbook>`
		},
		"prefixed styles":  withStyles(`<x:styleSheet xmlns:x="` + nsSheet + `"><x:numFmts count="1"><x:numFmt numFmtId="164" formatCode="0"/></x:numFmts><x:dxfs count="0"/></x:styleSheet>`),
		"styles, no fonts": withStyles(`<styleSheet xmlns="` + nsSheet + `"><borders count="1"><border/></borders><cellXfs count="1"><xf/></cellXfs><extLst/></styleSheet>`),
	}
}

// withStyles gives a workbook a table of styles.
func withStyles(text string) func(p map[string]string) {
	return func(p map[string]string) {
		p["xl/styles.xml"] = xmlHead + text
		replacePart("xl/_rels/workbook.xml.rels", "</Relationships>", `<Relationship Id="rId9" Type="`+nsOffice+`/styles" Target="styles.xml"/></Relationships>`)(p)
	}
}

func TestAnnotateOddForms(t *testing.T) {
	t.Parallel()
	const sheet = xmlHead + `<worksheet xmlns="` + nsSheet + `"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3"><v>101</v></c><c r="B3" t="s"><v>2</v></c></row></sheetData></worksheet>`
	const texts = xmlHead + `<sst xmlns="` + nsSheet + `"><si><t>extension</t></si><si><t>email</t></si><si><t>no é-mail</t></si></sst>`
	for form, change := range oddForms(t) {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			parts := workbookParts(sheet, texts)
			change(parts)
			book := saveParts(t, parts)
			var first plan.Desired
			var out []byte
			for n := range 3 {
				d, _, err := Read(t.Context(), []string{book}, Options{})
				must(t, err)
				if n == 0 {
					first = d
				}
				if diff := cmp.Diff([]string{"a.xlsx!Sheet1!B3 email_invalid"}, codes(d.Errors)); diff != "" || len(d.Rows) != 1 || d.Rows[0].Raw[1] != "no é-mail" {
					t.Fatalf("reading %d: %d rows; errors (-want +got):\n%s", n, len(d.Rows), diff)
				}
				before := out
				out = marked(t, book, d)
				if n == 2 && !bytes.Equal(before, out) {
					t.Error("marks heap up from check to check")
				}
				book = save(t, "a.xlsx", out)
			}
			checkPackage(t, out, parts["xl/styles.xml"] != "")
			checkNamespaces(t, out)
			var buf bytes.Buffer
			must(t, WriteResults(t.Context(), &buf, book, Options{}, []string{"provision status"}, []Result{{Sheet: "Sheet1", Row: 3, Cells: []string{"done"}}}))
			d, _, err := Read(t.Context(), []string{save(t, "a.xlsx", buf.Bytes())}, Options{})
			must(t, err)
			if diff := cmp.Diff(codes(first.Errors), codes(d.Errors)); diff != "" || !strings.Contains(sheetText(t, buf.Bytes()), ">done<") {
				t.Errorf("with results: errors (-want +got):\n%s", diff)
			}
		})
	}
}

func marked(t *testing.T, path string, d plan.Desired) []byte {
	t.Helper()
	var buf bytes.Buffer
	_, err := Annotate(context.WithoutCancel(t.Context()), &buf, path, Options{TempDir: t.TempDir()}, &d)
	must(t, err)
	return buf.Bytes()
}

// sheetText is the part of the sheet Sheet1.
func sheetText(t *testing.T, book []byte) string {
	t.Helper()
	pkg, err := newPackageEditor(bytes.NewReader(book), int64(len(book)), Limits{}.withDefaults())
	must(t, err)
	for _, s := range pkg.archive.sheets {
		if s.name == "Sheet1" {
			text, err := pkg.part(s.part)
			must(t, err)
			return string(text)
		}
	}
	return ""
}

// checkPackage checks that our relationships name parts that are there, in the relative form that all programs find, and
// that the comments of one sheet are one part. styled tells that the workbook had styles of its own; new ones have the
// name by which some programs look for them, whatever the workbook says.
func checkPackage(t *testing.T, book []byte, styled bool) {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	must(t, err)
	pkg, err := newPackageEditor(bytes.NewReader(book), int64(len(book)), Limits{}.withDefaults())
	must(t, err)
	ours := 0
	for _, f := range zr.File {
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if !strings.HasSuffix(name, ".rels") || !strings.HasPrefix(path.Base(path.Dir(name)), "_rels") {
			continue
		}
		owner := path.Join(path.Dir(path.Dir(name)), strings.TrimSuffix(path.Base(name), ".rels"))
		rels, err := pkg.relationships(owner)
		must(t, err)
		raw, err := pkg.part(name)
		must(t, err)
		for _, r := range rels {
			if !strings.HasPrefix(r.id, "rIdProvision") {
				continue
			}
			ours++
			if b, err := pkg.part(r.target); err != nil || b == nil {
				t.Errorf("%s points to %s, which is not there (%v)", name, r.target, err)
			}
			if strings.Contains(string(raw), fmt.Sprintf(`Id="%s" Type="%s" Target="/`, r.id, r.kind)) {
				t.Errorf("%s names %s absolutely", name, r.target)
			}
		}
	}
	want := 4 // list, styles, comments, drawing
	if styled {
		want--
	}
	if pkg.files["xl/styles.xml"] == nil {
		t.Error("no part xl/styles.xml")
	}
	if ours < want {
		t.Errorf("%d relationships of ours, want %d or more", ours, want)
	}
}

// checkNamespaces checks that the parts use no prefix that they do not declare: the program by which people open the
// workbook takes it for damaged then.
func checkNamespaces(t *testing.T, book []byte) {
	t.Helper()
	pkg, err := newPackageEditor(bytes.NewReader(book), int64(len(book)), Limits{}.withDefaults())
	must(t, err)
	for _, f := range pkg.zip.File {
		text, err := pkg.part(keyOf(f.Name))
		must(t, err)
		if n := bytes.Index(text, []byte("?>")); n > 0 {
			text = text[n+2:] // the part is in UTF-8 by now, whatever it says
		}
		var declared []map[string]bool // by element
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			token, err := d.RawToken()
			if errors.Is(err, io.EOF) {
				break
			}
			must(t, err)
			switch e := token.(type) {
			case xml.StartElement:
				names := map[string]bool{"": true, "xml": true, "xmlns": true}
				if n := len(declared); n > 0 {
					maps.Copy(names, declared[n-1])
				}
				for _, a := range e.Attr {
					if a.Name.Space == "xmlns" {
						names[a.Name.Local] = true
					}
				}
				for _, a := range e.Attr {
					if !names[a.Name.Space] {
						t.Errorf("%s uses the prefix %q, which it does not declare", f.Name, a.Name.Space)
					}
				}
				declared = append(declared, names)
			case xml.EndElement:
				declared = declared[:len(declared)-1]
			}
		}
	}
}

func TestRelativeTarget(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"xl/worksheets/sheet1.xml", "xl/comments1.xml", "../comments1.xml"},
		{"xl/worksheets/sheet1.xml", "xl/drawings/v.vml", "../drawings/v.vml"},
		{"xl/workbook.xml", "xl/worksheets/sheet9.xml", "worksheets/sheet9.xml"},
		{"data/table.xml", "xl/comments1.xml", "../xl/comments1.xml"},
		{"book.xml", "xl/styles1.xml", "xl/styles1.xml"},
		{"xl/a.xml", "xl/b.xml", "b.xml"},
	} {
		if got := relativeTarget(c[0], c[1]); got != c[2] || path.Join(path.Dir(c[0]), got) != c[1] {
			t.Errorf("%s from %s: got %s", c[1], c[0], got)
		}
	}
}
