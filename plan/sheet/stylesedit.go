package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The fills of marks. Their colours are ones that no palette offers, so that
// a marked cell is told from one that somebody coloured.
const (
	errorColor   = "FFFFB3B9"
	warningColor = "FFFFE8A3"
)

// styleEditor adds styles to a workbook; those that are there stay as they are.
type styleEditor struct {
	pkg    *packageEditor
	part   string
	src    []byte
	prefix string

	fonts, fills, xfs *element // the lists
	// Those of the workbook, then new ones.
	fontXML, fillXML, xfXML []string

	oldFonts, oldFills, oldXfs int
	known                      map[string]int // styles that were made, by what they are
}

// emptyLists are the lists that a table of styles must have, in their order, with
// what stands in each of a new workbook's.
var emptyLists = [...]struct{ name, xml string }{
	{"fonts", `<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>`},
	{"fills", `<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>`},
	{"borders", `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>`},
	{"cellStyleXfs", `<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>`},
	{"cellXfs", `<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>`},
}

func newStyleEditor(pkg *packageEditor) (*styleEditor, error) {
	s := &styleEditor{pkg: pkg, known: map[string]int{}}
	rels, err := pkg.relationships(pkg.book)
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		if strings.HasSuffix(r.kind, relStyles) {
			s.part = r.target
		}
	}
	if s.part == "" {
		if s.part = "xl/styles.xml"; pkg.files[s.part] != nil { // where some programs look for it
			s.part = pkg.fresh("xl/styles%d.xml")
		}
		pkg.set(s.part, pkg.newPart(`<styleSheet xmlns="`+nsSheet+`"/>`))
		pkg.declare(s.part, "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml")
		if _, err := pkg.relate(pkg.book, relStyles, s.part); err != nil {
			return nil, err
		}
	}
	if err := s.complete(); err != nil {
		return nil, err
	}
	if s.src, err = pkg.part(s.part); err != nil {
		return nil, err
	}
	return s, s.read()
}

// complete adds the lists that the table of styles lacks: programs that use no
// styles write few of them, or none.
func (s *styleEditor) complete() error {
	src, err := s.pkg.part(s.part)
	if err != nil {
		return err
	}
	var root *element
	at := map[string]int{} // where a list begins
	if err := walk(src, nil, func(path []*element) {
		switch len(path) {
		case 1:
			root = path[0]
		case 2:
			at[path[1].name] = path[1].start
		}
	}); err != nil {
		return fmt.Errorf("read styles: %w", err)
	}
	var edits []edit
	behind := [...]string{"cellStyles", "dxfs", "tableStyles", "colors", "extLst"}
	last := ""
	for i, list := range emptyLists {
		if _, there := at[list.name]; there {
			continue
		}
		text := strings.NewReplacer("</", "</"+root.prefix, "<", "<"+root.prefix).Replace(list.xml)
		place := -1
		for _, next := range emptyLists[i+1:] {
			if n, there := at[next.name]; there && place < 0 {
				place = n
			}
		}
		for _, next := range behind {
			if n, there := at[next]; there && place < 0 {
				place = n
			}
		}
		if place < 0 {
			last += text
			continue
		}
		edits = append(edits, edit{place, place, text})
	}
	if last != "" {
		edits = append(edits, root.appendChild(src, last))
	}
	return s.pkg.edit(s.part, edits)
}

func (s *styleEditor) read() error {
	err := walk(s.src, nil, func(at []*element) {
		e := at[len(at)-1]
		switch {
		case isPath(at):
			s.prefix = e.prefix
		case isPath(at, "fonts"):
			s.fonts = e
		case isPath(at, "fills"):
			s.fills = e
		case isPath(at, "cellXfs"):
			s.xfs = e
		case isPath(at, "fonts", "font"):
			s.fontXML = append(s.fontXML, string(s.src[e.start:e.end]))
		case isPath(at, "fills", "fill"):
			s.fillXML = append(s.fillXML, string(s.src[e.start:e.end]))
		case isPath(at, "cellXfs", "xf"):
			s.xfXML = append(s.xfXML, string(s.src[e.start:e.end]))
		}
	})
	if err != nil {
		return fmt.Errorf("read styles: %w", err)
	}
	if s.fonts == nil || s.fills == nil || s.xfs == nil {
		return fmt.Errorf("read styles: %s lacks fonts, fills or cell formats", s.part)
	}
	s.oldFonts, s.oldFills, s.oldXfs = len(s.fontXML), len(s.fillXML), len(s.xfXML)
	return nil
}

// put finds an entry of a list, or adds it.
func (s *styleEditor) put(kind string, list *[]string, xml string) int {
	key := kind + " " + xml
	id, ok := s.known[key]
	if !ok {
		if id = slices.Index(*list, xml); id < 0 {
			id = len(*list)
			*list = append(*list, xml)
		}
		s.known[key] = id
	}
	return id
}

func (s *styleEditor) fill(xml string) int { return s.put("fill", &s.fillXML, xml) }

func (s *styleEditor) solid(color string) string {
	p := s.prefix
	return fmt.Sprintf(`<%[1]sfill><%[1]spatternFill patternType="solid"><%[1]sfgColor rgb="%[2]s"/><%[1]sbgColor indexed="64"/></%[1]spatternFill></%[1]sfill>`, p, color)
}

func (s *styleEditor) font(xml string) int { return s.put("font", &s.fontXML, xml) }

func (s *styleEditor) xf(xml string) int { return s.put("xf", &s.xfXML, xml) }

// xfTag splits a cell format into its start tag and the rest.
func xfTag(xml string) (tag, rest string) {
	end := strings.IndexByte(xml, '>') + 1
	return xml[:end], xml[end:]
}

func attrOf(tag, name string) string {
	_, after, ok := strings.Cut(tag, " "+name+`="`)
	if !ok {
		return ""
	}
	value, _, _ := strings.Cut(after, `"`)
	return value
}

// fillOf is the fill of a style as XML.
func (s *styleEditor) fillOf(style int) string {
	if style < 0 || style >= len(s.xfXML) {
		return ""
	}
	tag, _ := xfTag(s.xfXML[style])
	id, err := strconv.Atoi(attrOf(tag, "fillId"))
	if err != nil || id <= 0 || id >= len(s.fillXML) {
		return ""
	}
	return s.fillXML[id]
}

// isMark reports whether a style's fill is one of the marks'.
func (s *styleEditor) isMark(style int) bool {
	fill := strings.ToUpper(s.fillOf(style))
	return strings.Contains(fill, `"`+errorColor+`"`) || strings.Contains(fill, `"`+warningColor+`"`)
}

// withFill is the style that is like another one but for its fill; an empty
// text means none.
func (s *styleEditor) withFill(style int, fill string) int {
	base := "<" + s.prefix + `xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`
	if style >= 0 && style < len(s.xfXML) {
		base = s.xfXML[style]
	}
	id := 0
	if fill != "" {
		id = s.fill(fill)
	}
	tag, rest := xfTag(base)
	tag = setAttr(setAttr(tag, "fillId", strconv.Itoa(id)), "applyFill", "1")
	return s.xf(tag + rest)
}

// text is the style of a text of ours: bold, a link, wrapped, and filled.
func (s *styleEditor) text(bold, link, wrap bool, fill string) int {
	p := s.prefix
	font := "<" + p + "font>"
	if bold {
		font += "<" + p + "b/>"
	}
	if link {
		font += "<" + p + "u/>"
	}
	font += "<" + p + `sz val="11"/>`
	if link {
		font += "<" + p + `color rgb="FF0563C1"/>`
	}
	font += "<" + p + `name val="Calibri"/><` + p + `family val="2"/></` + p + "font>"
	id := 0
	if fill != "" {
		id = s.fill(fill)
	}
	// 49 is the number format "@": text.
	xf := fmt.Sprintf(`<%sxf numFmtId="49" fontId="%d" fillId="%d" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="%d" applyAlignment="1"><%salignment vertical="top"`, p, s.font(font), id, min(id, 1), p)
	if wrap {
		xf += ` wrapText="1"`
	}
	return s.xf(xf + "/></" + p + "xf>")
}

// finish writes the new styles into their part.
func (s *styleEditor) finish() error {
	var edits []edit
	add := func(list *element, items []string, count int) {
		if len(items) == 0 {
			return
		}
		e := list.appendChild(s.src, strings.Join(items, ""))
		if list.selfClosed {
			edits = append(edits, e)
			return
		}
		tag := string(s.src[list.start:list.in])
		edits = append(edits, edit{list.start, list.in, setAttr(tag, "count", strconv.Itoa(count))}, e)
	}
	add(s.fonts, s.fontXML[s.oldFonts:], len(s.fontXML))
	add(s.fills, s.fillXML[s.oldFills:], len(s.fillXML))
	add(s.xfs, s.xfXML[s.oldXfs:], len(s.xfXML))
	return s.pkg.edit(s.part, edits)
}
