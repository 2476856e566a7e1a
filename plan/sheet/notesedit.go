package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// noteAuthor tells the notes of a check from those of people, and from the
// ones of a template.
const noteAuthor = "provision check"

// noteMark begins what a check has written behind somebody's own note.
const noteMark = "[provision]"

// cellNote is a note that a cell shall get.
type cellNote struct {
	row, col int
	text     string
}

// notesEditor changes the notes of one sheet.
type notesEditor struct {
	pkg   *packageEditor
	sheet string // its part
	notes []cellNote
}

// run takes the notes of an earlier check away and adds new ones. It gives the
// id of the drawing that the sheet must name; empty if it names it already, or
// there are no notes.
func (n *notesEditor) run() (string, error) {
	rels, err := n.pkg.relationships(n.sheet)
	if err != nil {
		return "", err
	}
	comments, drawing := "", ""
	for _, r := range rels {
		switch {
		case strings.HasSuffix(r.kind, relComments):
			comments = r.target
		case strings.HasSuffix(r.kind, relVML) && (drawing == "" || n.isLegacy(r.id)):
			drawing = r.target
		}
	}
	if comments == "" && len(n.notes) == 0 {
		return "", nil
	}
	if comments == "" {
		comments = n.pkg.fresh("xl/comments%d.xml")
		n.pkg.set(comments, n.pkg.newPart(`<comments xmlns="`+nsSheet+`"><authors></authors><commentList></commentList></comments>`))
		n.pkg.declare(comments, "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml")
		if _, err := n.pkg.relate(n.sheet, relComments, comments); err != nil {
			return "", err
		}
	}
	if err := n.removeOld(comments, drawing); err != nil {
		return "", err
	}
	shapes, err := n.add(comments)
	if err != nil || len(shapes) == 0 {
		return "", err
	}
	if drawing != "" {
		return "", n.addShapes(drawing, shapes)
	}
	drawing = n.pkg.fresh("xl/drawings/vmlDrawing%d.vml")
	n.pkg.set(drawing, []byte(emptyDrawing))
	if err := n.pkg.declareExtension("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing"); err != nil {
		return "", err
	}
	if err := n.addShapes(drawing, shapes); err != nil {
		return "", err
	}
	return n.pkg.relate(n.sheet, relVML, drawing)
}

// isLegacy reports whether the sheet names a drawing as the one of its notes;
// another one may belong to the page's header.
func (n *notesEditor) isLegacy(id string) bool {
	src, err := n.pkg.part(n.sheet)
	if err != nil {
		return false
	}
	found := false
	err = walk(src, func(at []*element) {
		found = found || isPath(at, "legacyDrawing") && at[1].attr("id") == id
	}, nil)
	return found && err == nil
}

// noteAt is a note that is there.
type noteAt struct {
	ref    string
	author string
	at     *element
	text   *element
	runs   []noteRun
}

// noteRun is a run of a note's text, or the text that stands without one.
type noteRun struct {
	at, t *element
	bare  bool
}

// readNotes lists the notes of a part.
func readNotes(src []byte) (notes []*noteAt, authors []string, authorList, list *element, err error) {
	var cur *noteAt
	var run *noteRun
	ids := map[*noteAt]int{}
	err = walk(src, func(at []*element) {
		e := at[len(at)-1]
		switch {
		case isPath(at, "commentList", "comment"):
			cur = &noteAt{ref: e.attr("ref"), at: e}
			ids[cur] = atoi(e.attr("authorId"))
			notes = append(notes, cur)
		case isPath(at, "commentList", "comment", "text"):
			cur.text = e
		case isPath(at, "commentList", "comment", "text", "r"):
			run = &noteRun{at: e}
		}
	}, func(at []*element) {
		e := at[len(at)-1]
		switch {
		case isPath(at, "authors"):
			authorList = e
		case isPath(at, "commentList"):
			list = e
		case isPath(at, "authors", "author"):
			authors = append(authors, plainText(src[e.in:e.out]))
		case isPath(at, "commentList", "comment", "text", "t"):
			cur.runs = append(cur.runs, noteRun{at: e, t: e, bare: true})
		case isPath(at, "commentList", "comment", "text", "r", "t"):
			run.t = e
		case isPath(at, "commentList", "comment", "text", "r"):
			if run.t != nil {
				cur.runs = append(cur.runs, *run)
			}
		}
	})
	if err == nil && (authorList == nil || list == nil) {
		err = fmt.Errorf("read notes: no list of authors or of notes")
	}
	for _, c := range notes {
		if id := ids[c]; id >= 0 && id < len(authors) {
			c.author = authors[id]
		}
	}
	return notes, authors, authorList, list, err
}

// removeOld takes away what an earlier check has written.
func (n *notesEditor) removeOld(comments, drawing string) error {
	src, err := n.pkg.part(comments)
	if err != nil {
		return err
	}
	notes, _, _, _, err := readNotes(src)
	if err != nil {
		return err
	}
	var edits []edit
	gone := map[string]bool{}
	for _, c := range notes {
		if c.author == noteAuthor {
			gone[c.ref] = true
			edits = append(edits, edit{c.at.start, c.at.end, ""})
			continue
		}
		edits = append(edits, c.withoutMark(src)...)
	}
	if err := n.pkg.edit(comments, edits); err != nil {
		return err
	}
	if len(gone) == 0 || drawing == "" {
		return nil
	}
	shapes, err := n.pkg.part(drawing)
	if err != nil || shapes == nil {
		return err
	}
	n.pkg.set(drawing, shapeBlock.ReplaceAllFunc(shapes, func(block []byte) []byte {
		row, col := shapeRow.FindSubmatch(block), shapeColumn.FindSubmatch(block)
		if row != nil && col != nil && gone[cellName(atoi(string(col[1]))+1, atoi(string(row[1]))+1)] {
			return nil
		}
		return block
	}))
	return nil
}

// withoutMark cuts off what a check has added to somebody's own note.
func (c *noteAt) withoutMark(src []byte) []edit {
	for i, run := range c.runs {
		text := plainText(src[run.t.in:run.t.out])
		at := strings.Index(text, noteMark)
		if at < 0 {
			continue
		}
		last := c.runs[len(c.runs)-1].at.end
		if text = strings.TrimRight(text[:at], "\r\n"); text == "" && i > 0 {
			return []edit{{run.at.start, last, ""}}
		}
		return []edit{{run.t.in, run.t.out, escapeXML(text)}, {run.at.end, last, ""}}
	}
	return nil
}

// add writes the new notes and gives those that need a shape.
func (n *notesEditor) add(comments string) ([]cellNote, error) {
	src, err := n.pkg.part(comments)
	if err != nil {
		return nil, err
	}
	notes, authors, authorList, list, err := readNotes(src)
	if err != nil {
		return nil, err
	}
	byRef := map[string]*noteAt{}
	for _, c := range notes {
		byRef[c.ref] = c
	}
	author := slices.Index(authors, noteAuthor)
	var edits []edit
	if author < 0 {
		author = len(authors)
		p := authorList.prefix
		edits = append(edits, authorList.appendChild(src, "<"+p+"author>"+noteAuthor+"</"+p+"author>"))
	}
	var fresh strings.Builder
	var shapes []cellNote
	p := list.prefix
	for _, note := range n.notes {
		ref := cellName(note.col, note.row)
		if old := byRef[ref]; old != nil {
			edits = append(edits, old.append(src, note.text)...)
			continue
		}
		fmt.Fprintf(&fresh, `<%[1]scomment ref="%[2]s" authorId="%[3]d"><%[1]stext><%[1]sr><%[1]st xml:space="preserve">%[4]s</%[1]st></%[1]sr></%[1]stext></%[1]scomment>`, p, ref, author, escapeCell(cut(note.text, maxCellText)))
		shapes = append(shapes, note)
	}
	if fresh.Len() > 0 {
		edits = append(edits, list.appendChild(src, fresh.String()))
	}
	return shapes, n.pkg.edit(comments, edits)
}

// threaded begins the stand-in for a conversation, which older programs show.
const threaded = "tc="

// append adds to somebody's own note, behind a mark. Conversations are left
// alone.
func (c *noteAt) append(src []byte, text string) []edit {
	if c.text == nil || strings.HasPrefix(c.author, threaded) {
		return nil
	}
	p := c.text.prefix
	run := fmt.Sprintf(`<%[1]sr><%[1]st xml:space="preserve">%[2]s</%[1]st></%[1]sr>`, p, escapeCell("\n"+noteMark+" "+cut(text, maxCellText/2)))
	if len(c.runs) == 0 {
		return []edit{c.text.appendChild(src, run)}
	}
	last := c.runs[len(c.runs)-1].at
	edits := []edit{{last.end, last.end, run}}
	if c.runs[0].bare {
		// A text that is no run can't stand beside one.
		old := c.runs[0].at
		edits = slices.Insert(edits, 0, edit{old.start, old.start, "<" + p + "r>"}, edit{old.end, old.end, "</" + p + "r>"})
	}
	return edits
}

const emptyDrawing = `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">` +
	`<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>`

const noteShapeType = `<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`

var (
	shapeBlock  = regexp.MustCompile(`(?s)<v:shape\s.*?</v:shape>`)
	shapeRow    = regexp.MustCompile(`<x:Row>\s*(\d+)\s*</x:Row>`)
	shapeColumn = regexp.MustCompile(`<x:Column>\s*(\d+)\s*</x:Column>`)
	shapeID     = regexp.MustCompile(`_x0000_s(\d+)`)
)

// addShapes draws the boxes of notes; without one a program does not show a
// note.
func (n *notesEditor) addShapes(drawing string, notes []cellNote) error {
	src, err := n.pkg.part(drawing)
	if err != nil {
		return err
	}
	text := string(src)
	end := strings.LastIndex(text, "</xml>")
	if end < 0 {
		return fmt.Errorf("part %s is no drawing", drawing)
	}
	next := 1025
	for _, m := range shapeID.FindAllStringSubmatch(text, -1) {
		if id, err := strconv.Atoi(m[1]); err == nil && id >= next {
			next = id + 1
		}
	}
	var b strings.Builder
	if !strings.Contains(text, `id="_x0000_t202"`) {
		b.WriteString(noteShapeType)
	}
	for i, note := range notes {
		// Left, offset, top, offset, right, offset, bottom, offset: in cells and pixels.
		lines := min(4+len(note.text)/45, 14)
		fmt.Fprintf(&b, `<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">`+
			`<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>`+
			`<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d, 15, %d, 2, %d, 31, %d, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>`,
			next+i, note.col, max(note.row-2, 0), note.col+4, max(note.row-2, 0)+lines, note.row-1, note.col-1)
	}
	n.pkg.set(drawing, []byte(text[:end]+b.String()+text[end:]))
	return nil
}
