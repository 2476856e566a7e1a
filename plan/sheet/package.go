package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// Kinds of relationships, by the end of their types, which have two beginnings.
const (
	relWorksheet = "/worksheet"
	relStyles    = "/styles"
	relComments  = "/comments"
	relVML       = "/vmlDrawing"
	relBase      = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	relStrict    = "http://purl.oclc.org/ooxml/officeDocument/relationships"
)

// packageEditor changes single parts of a workbook. All others are copied as
// they are, byte for byte, compressed.
type packageEditor struct {
	zip     *zip.Reader
	archive *archive
	files   map[string]*zip.File    // by name in lower case
	changed map[string]*changedPart // by name in lower case; also new parts
	added   []string                // names of the new parts
	types   []string                // Override and Default elements to be added to the list of types
	book    string                  // name of the workbook's part
	main    string                  // namespace of new parts: the format has two
}

func newPackageEditor(r io.ReaderAt, size int64, limits Limits) (*packageEditor, error) {
	zr, err := zip.NewReader(r, size)
	if err != nil {
		return nil, unreadable("list at its end", err)
	}
	a, ferr := openArchive(r, zr, size, limits)
	if ferr != nil {
		return nil, ferr
	}
	p := &packageEditor{zip: zr, archive: a, files: a.members, changed: map[string]*changedPart{}, main: nsSheet}
	p.book = p.name(a.workbook)
	if err := a.readWorkbook(); err != nil {
		return nil, err
	}
	src, err := p.part(p.book)
	if err != nil {
		return nil, err
	}
	err = walk(src, func(at []*element) {
		if len(at) == 1 && bytes.Contains(at[0].tag, []byte(`"`+nsStrict+`"`)) {
			p.main = nsStrict
		}
	}, nil)
	return p, err
}

// part gives a part as it is by now, in UTF-8; nil if there is none.
func (p *packageEditor) part(name string) ([]byte, error) {
	name = strings.ToLower(name)
	if c := p.changed[name]; c != nil {
		return c.whole()
	}
	f := p.files[name]
	if f == nil {
		return nil, nil
	}
	r, err := openMember(f)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // nothing is written
	text, err := xmlSource(r)
	if err != nil {
		return nil, unreadable(f.Name, err)
	}
	// The size was checked against the limits; a part in UTF-16 is less in UTF-8, or a little more.
	var b bytes.Buffer
	b.Grow(int(f.UncompressedSize64) + bytes.MinRead) //nolint:gosec // within the limits
	if _, err := b.ReadFrom(text); err != nil {
		return nil, unreadable(f.Name, err)
	}
	return b.Bytes(), nil
}

// set puts a part in place of an old one, or adds it.
func (p *packageEditor) set(name string, b []byte) { p.change(name).text = b }

// change is a part that is changed, to begin with without any text.
func (p *packageEditor) change(name string) *changedPart {
	key := keyOf(name)
	if p.changed[key] == nil {
		if p.files[key] == nil {
			p.added = append(p.added, name)
		}
		p.changed[key] = &changedPart{}
	}
	c := p.changed[key]
	c.edits = nil
	return c
}

// changedPart is the text of a part. The large ones, which are sheets, are put
// together only while they are written.
type changedPart struct {
	text  []byte
	edits []edit    // that the text is to get
	rows  *lateRows // that come behind those of the text
}

// whole carries the edits out.
func (c *changedPart) whole() ([]byte, error) {
	if len(c.edits) == 0 {
		return c.text, nil
	}
	var b bytes.Buffer
	if err := writeEdited(&b, c.text, c.edits); err != nil {
		return nil, err
	}
	c.text, c.edits = b.Bytes(), nil
	return c.text, nil
}

func (c *changedPart) writeTo(w io.Writer) error {
	if c.rows == nil {
		return writeEdited(w, c.text, c.edits)
	}
	text, err := c.whole()
	if err != nil {
		return err
	}
	return writeLate(w, text, c.rows)
}

// edit changes a part.
func (p *packageEditor) edit(name string, edits []edit) error {
	if len(edits) == 0 {
		return nil
	}
	src, err := p.part(name)
	if err != nil {
		return err
	}
	out, err := applyEdits(src, edits)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	p.set(name, out)
	return nil
}

// fresh finds a name that no part has: pattern holds one %d.
func (p *packageEditor) fresh(pattern string) string {
	for n := 1; ; n++ {
		name := fmt.Sprintf(pattern, n)
		key := strings.ToLower(name)
		if p.files[key] == nil && p.changed[key] == nil {
			return name
		}
	}
}

// relationship is one of a part's.
type relationship struct{ id, kind, target string }

// newPart gives a part's text the namespace that the workbook's have.
func (p *packageEditor) newPart(text string) []byte {
	return []byte(partHead + strings.Replace(text, nsSheet, p.main, 1))
}

// office is the namespace of the ids by which the workbook's parts name others.
func (p *packageEditor) office() string {
	if p.main == nsStrict {
		return relStrict
	}
	return relBase
}

// relationships lists those of a part.
func (p *packageEditor) relationships(part string) ([]relationship, error) {
	src, err := p.part(relsName(part))
	if err != nil || src == nil {
		return nil, err
	}
	var list []relationship
	err = walk(src, func(at []*element) {
		if isPath(at, "Relationship") {
			e := at[1]
			list = append(list, relationship{e.attr("Id"), e.attr("Type"), partSpelling(path.Dir(part), e.attr("Target"))})
		}
	}, nil)
	return list, err
}

func relsName(part string) string {
	return path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
}

// relate adds a relationship from one part to another and gives its id.
func (p *packageEditor) relate(part, kind, target string) (string, error) {
	list, err := p.relationships(part)
	if err != nil {
		return "", err
	}
	used, base := map[string]bool{}, relBase
	for _, r := range list {
		used[r.id] = true
		if strings.HasPrefix(r.kind, relStrict) {
			base = relStrict
		}
	}
	id := ""
	for n := 1; id == "" || used[id]; n++ {
		id = fmt.Sprintf("rIdProvision%d", n)
	}
	item := fmt.Sprintf(`Relationship Id="%s" Type="%s" Target="%s"/>`, id, base+kind, escapeXML(relativeTarget(part, target)))
	src, err := p.part(relsName(part))
	if err != nil {
		return "", err
	}
	if src == nil {
		p.set(relsName(part), []byte(partHead+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><`+item+`</Relationships>`))
		return id, nil
	}
	return id, p.appendToRoot(relsName(part), func(prefix string) string { return "<" + prefix + item })
}

// relativeTarget names a part as seen from another one: some programs find no
// other names.
func relativeTarget(from, to string) string {
	a, b := strings.Split(path.Dir(from), "/"), strings.Split(to, "/")
	if a[0] == "." {
		a = nil
	}
	n := 0
	for n < len(a) && n < len(b)-1 && strings.EqualFold(a[n], b[n]) {
		n++
	}
	return strings.Repeat("../", len(a)-n) + strings.Join(b[n:], "/")
}

const partHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// appendToRoot adds a last child to a part's root; text is told the prefix
// that the part's elements have.
func (p *packageEditor) appendToRoot(name string, text func(prefix string) string) error {
	src, err := p.part(name)
	if err != nil {
		return err
	}
	if src == nil {
		return fmt.Errorf("part %s is missing", name)
	}
	var change edit
	if err := walk(src, nil, func(at []*element) {
		if len(at) == 1 {
			change = at[0].appendChild(src, text(at[0].prefix))
		}
	}); err != nil {
		return err
	}
	return p.edit(name, []edit{change})
}

// contentTypes is the list of the parts' types.
const contentTypes = "[Content_Types].xml"

// declare gives a new part its type.
func (p *packageEditor) declare(part, mime string) {
	p.types = append(p.types, fmt.Sprintf(`Override PartName="/%s" ContentType="%s"/>`, escapeXML(part), mime))
}

// finishTypes writes the list of types.
func (p *packageEditor) finishTypes() error {
	if len(p.types) == 0 {
		return nil
	}
	if src, err := p.part(contentTypes); err != nil {
		return err
	} else if src == nil {
		p.set(contentTypes, []byte(partHead+`<Types xmlns="`+nsPackage+`content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`))
		p.declare(p.book, typePrefix+"sheet.main+xml")
		for _, s := range p.archive.sheets {
			p.declare(p.name(s.part), typePrefix+"worksheet+xml")
		}
	}
	err := p.appendToRoot(contentTypes, func(prefix string) string {
		var b strings.Builder
		for _, t := range p.types {
			b.WriteString("<" + prefix + t)
		}
		return b.String()
	})
	p.types = nil
	return err
}

// declareExtension gives all parts of an ending a type, unless it has one.
func (p *packageEditor) declareExtension(ext, mime string) error {
	src, err := p.part(contentTypes)
	if err != nil {
		return err
	}
	if src == nil {
		src = []byte("<Types/>")
	}
	known := false
	if err := walk(src, func(at []*element) {
		known = known || isPath(at, "Default") && strings.EqualFold(at[1].attr("Extension"), ext)
	}, nil); err != nil {
		return err
	}
	item := fmt.Sprintf(`Default Extension="%s" ContentType="%s"/>`, ext, mime)
	if !known && !slices.Contains(p.types, item) {
		p.types = append(p.types, item)
	}
	return nil
}

// writeTo writes the workbook: old parts in their order, then the new ones.
func (p *packageEditor) writeTo(w io.Writer) error {
	if err := p.finishTypes(); err != nil {
		return err
	}
	zw := zip.NewWriter(w)
	left := maps.Clone(p.changed)
	for _, f := range p.zip.File {
		key := keyOf(f.Name)
		c := left[key]
		if c == nil {
			if err := zw.Copy(f); err != nil {
				return fmt.Errorf("copy part %s: %w", f.Name, err)
			}
			continue
		}
		delete(left, key)
		if err := putPart(zw, f.Name, c); err != nil {
			return err
		}
	}
	for _, name := range p.added {
		if c := left[keyOf(name)]; c != nil {
			if err := putPart(zw, name, c); err != nil {
				return err
			}
		}
	}
	return zw.Close()
}

// keyOf is how the editor's maps name a part.
func keyOf(name string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(name, `\`, "/")), "/")
}

func putPart(zw *zip.Writer, name string, c *changedPart) error {
	f, err := zw.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err == nil {
		err = c.writeTo(f)
	}
	if err != nil {
		return fmt.Errorf("write part %s: %w", name, err)
	}
	return nil
}

// name is how the archive spells a part's name.
func (p *packageEditor) name(part string) string {
	if f := p.files[strings.ToLower(part)]; f != nil {
		return strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
	}
	return part
}
