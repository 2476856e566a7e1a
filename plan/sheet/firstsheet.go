package sheet

import (
	"fmt"
	"strconv"
	"strings"
)

// quoteSheet writes a sheet's name as references have it.
func quoteSheet(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// bookParts is what a workbook's part says of its sheets, and what has to change
// in it where another sheet comes before them.
type bookParts struct {
	list     *element        // of sheets
	first    int             // where its first entry begins; -1: it has none
	last     int             // the highest sheet id
	idName   string          // how entries name their part
	viewed   bool            // it says which sheet is shown
	declared map[string]bool // attributes of the elements around the list's entries
	edits    []edit          // of what counts sheets by their place
}

// look takes in an element of the part.
func (b *bookParts) look(src []byte, at []*element) {
	e := at[len(at)-1]
	moved := func(attr string) {
		tag := setAttr(string(src[e.start:e.in]), attr, strconv.Itoa(atoi(e.attr(attr))+1))
		b.edits = append(b.edits, edit{e.start, e.in, tag})
	}
	if isPath(at) || isPath(at, "sheets") {
		for a, rest := nextAttr(e.tag, 0); a.ok; a, rest = nextAttr(e.tag, rest) {
			b.declared[string(e.tag[a.name:a.nameEnd])] = true
		}
	}
	switch {
	case isPath(at, "sheets", "sheet"):
		if b.first < 0 {
			b.first = e.start
		}
		b.last = max(b.last, atoi(e.attr("sheetId")))
		for a, rest := nextAttr(e.tag, 0); a.ok; a, rest = nextAttr(e.tag, rest) {
			if name := string(e.tag[a.name:a.nameEnd]); strings.HasSuffix(name, ":id") {
				b.idName = name
			}
		}
	case isPath(at, "sheets"):
		b.list = e
	case isPath(at, "bookViews", "workbookView"):
		b.viewed = true
		moved("activeTab")
	case isPath(at, "definedNames", "definedName") && e.attr("localSheetId") != "":
		moved("localSheetId")
	}
}

// addFirstSheet puts a sheet before the others. What counts sheets by their
// place is told.
func (p *packageEditor) addFirstSheet(name, id string) error {
	src, err := p.part(p.book)
	if err != nil {
		return err
	}
	b := bookParts{first: -1, idName: "r:id", declared: map[string]bool{}}
	if err := walk(src, func(at []*element) { b.look(src, at) }, nil); err != nil {
		return fmt.Errorf("edit workbook: %w", err)
	}
	if b.list == nil || b.first < 0 {
		return fmt.Errorf("edit workbook: it lists no sheet")
	}
	if !b.viewed {
		// The sheet that was shown first stays so: with two, what is typed goes into both.
		b.edits = append(b.edits, edit{b.list.start, b.list.start, fmt.Sprintf(`<%[1]sbookViews><%[1]sworkbookView activeTab="1"/></%[1]sbookViews>`, b.list.prefix)})
	}
	if prefix := strings.TrimSuffix(b.idName, ":id"); !b.declared["xmlns:"+prefix] {
		// Some programs declare it on each sheet.
		b.idName = fmt.Sprintf(`xmlns:%s="%s" %s`, prefix, p.office(), b.idName)
	}
	sheet := fmt.Sprintf(`<%ssheet name="%s" sheetId="%d" %s="%s"/>`, b.list.prefix, escapeXML(name), b.last+1, b.idName, id)
	return p.edit(p.book, append(b.edits, edit{b.first, b.first, sheet}))
}
