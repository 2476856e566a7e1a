package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"provision/plan"
)

// listName is the name of the sheet that lists the problems.
const listName = "provision problems"

// listTitle begins the list's first cell, by which it is known again.
const listTitle = "provision has checked this workbook"

// The columns of the list. The last three are hidden: they tell the next check
// what to take back. Each begins with a word, so that no row can look like a
// header of ours, whatever the sheet and its columns are called.
var listHeader = []string{"Where", "Kind", "What stands there", "What to do", "the sheet", "the cell", "the fill before"}

const (
	listSheet = "sheet: "
	listCell  = "cell: "
	listFill  = "fill: "
)

// listLine is one line of the list.
type listLine struct {
	where    plan.Cell
	sheet    *markedSheet // nil: no cell
	row, col int
	warning  bool
	value    string
	message  string
}

// oldList is what an earlier check has left.
type oldList struct {
	name string // of its sheet; empty: none
	part string
	was  map[string]map[string]string // by sheet and cell: the fill before
}

// readOldList finds and reads the list of an earlier check, which a
// spreadsheet program may have saved anew since.
func readOldList(ctx context.Context, src *markSource, sheets []sheetPart) (*oldList, error) {
	old := &oldList{was: map[string]map[string]string{}}
	found := false
	for _, s := range sheets {
		found = found || strings.HasPrefix(s.name, listName)
	}
	if !found || src.csv != nil {
		return old, nil
	}
	ours := func(s sheetPart) bool { return strings.HasPrefix(s.name, listName) }
	w, err := openWorkbook(ctx, src.path, src.opts, ours)
	if err == nil {
		for i := range w.archive.sheets {
			if s := &w.archive.sheets[i]; err == nil && ours(*s) {
				err = old.read(w, s)
			}
		}
	}
	if err := errors.Join(err, w.close()); err != nil {
		return nil, fmt.Errorf("read the list of an earlier check: %w", err)
	}
	return old, nil
}

// read takes a sheet that is called like a list, if it is one.
func (o *oldList) read(w *workbook, s *sheetPart) (err error) {
	src, err := w.source(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.close()) }()
	for {
		row, err := src.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if row.line == 1 {
			if len(row.cells) == 0 || !strings.HasPrefix(row.cells[0], listTitle) {
				return nil
			}
			o.name, o.part = s.name, s.part
			continue
		}
		o.take(row.cells)
	}
}

// take learns from a row what one mark has covered.
func (o *oldList) take(r []string) {
	if len(r) < len(listHeader)-1 {
		return
	}
	sheet, ok1 := strings.CutPrefix(r[4], listSheet)
	cell, ok2 := strings.CutPrefix(r[5], listCell)
	if !ok1 || !ok2 {
		return
	}
	if o.was[sheet] == nil {
		o.was[sheet] = map[string]string{}
	}
	fill := ""
	if len(r) > 6 {
		fill = strings.TrimPrefix(r[6], listFill)
	}
	o.was[sheet][cell] = fill
}

// writeList writes the list: into the part of an earlier one, or as a new first
// sheet.
func (a *annotator) writeList() error {
	a.list = a.old.name
	if a.list != "" {
		// Its notes and links to elsewhere, if somebody made some, go with it.
		a.pkg.set(a.pkg.name(a.old.part), a.listXML())
		return nil
	}
	taken := map[string]bool{}
	for _, s := range a.pkg.archive.sheets {
		taken[strings.ToLower(s.name)] = true
	}
	a.list = listName
	for n := 2; taken[a.list]; n++ {
		a.list = listName + " " + strconv.Itoa(n)
	}
	part := a.pkg.fresh("xl/worksheets/sheet%d.xml")
	a.pkg.set(part, a.listXML())
	a.pkg.declare(part, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")
	id, err := a.pkg.relate(a.pkg.book, relWorksheet, part)
	if err != nil {
		return err
	}
	return a.pkg.addFirstSheet(a.list, id)
}

// listXML makes the list's part.
func (a *annotator) listXML() []byte {
	head := a.styles.text(true, false, false, "")
	title := a.styles.text(true, false, true, "")
	text := a.styles.text(false, false, true, "")
	link := a.styles.text(false, true, true, "")
	kinds := map[bool]int{
		false: a.styles.text(false, false, true, a.styles.solid(errorColor)),
		true:  a.styles.text(false, false, true, a.styles.solid(warningColor)),
	}
	var rows, links strings.Builder
	put := func(row int, styles []int, texts ...string) {
		// Programs differ in whether they find the height of wrapped text by themselves.
		lines := 1
		if len(texts) > 3 {
			lines = min(max(1, (len(texts[3])+wideText-1)/wideText, (len(texts[2])+narrowText-1)/narrowText), 10)
		}
		fmt.Fprintf(&rows, `<row r="%d" ht="%d" customHeight="1">`, row, 15*lines)
		for i, t := range texts {
			if t != "" {
				rows.WriteString(textCell("", cellName(i+1, row), styles[i], t))
			}
		}
		rows.WriteString("</row>")
	}
	errs, warns := len(a.d.Errors), len(a.d.Warnings)
	said := fmt.Sprintf("%s: %d to mend, %d to look at.", listTitle, errs, warns)
	if errs == 0 && warns == 0 {
		said = listTitle + " and found nothing to mend."
	}
	put(1, []int{title}, said)
	put(2, []int{text}, "Mend the colored cells, save the workbook and give it to provision again. This sheet is not read; the next check replaces it, the colors and the notes.")
	put(3, []int{head, head, head, head, head, head, head}, listHeader...)
	styles := []int{text, text, text, text, text, text, text}
	for i, l := range a.lines {
		row := i + 4
		styles[0], styles[1] = text, kinds[l.warning]
		kind, where := "error", l.name(a.src.csv != nil)
		if l.warning {
			kind = "warning"
		}
		value := ""
		if l.value != "" {
			value = "holds: " + l.value
		}
		if l.sheet == nil {
			put(row, styles, where, kind, value, l.message)
			continue
		}
		styles[0] = link
		at := cellName(l.col, l.row)
		if i < maxLinks {
			fmt.Fprintf(&links, `<hyperlink ref="%s" location="%s" display="%s"/>`, cellName(1, row), escapeXML(quoteSheet(l.sheet.name)+"!"+at), escapeXML(where))
		}
		put(row, styles, where, kind, value, l.message, listSheet+l.sheet.name, listCell+at, listFill+l.sheet.before[at])
	}
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	b.WriteString(`<sheetViews><sheetView workbookViewId="0" showGridLines="0"><pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`)
	b.WriteString(`<cols><col min="1" max="1" width="30" customWidth="1"/><col min="2" max="2" width="10" customWidth="1"/><col min="3" max="3" width="32" customWidth="1"/><col min="4" max="4" width="90" customWidth="1"/><col min="5" max="7" width="12" hidden="1" customWidth="1"/></cols>`)
	fmt.Fprintf(&b, `<sheetData>%s</sheetData><mergeCells count="2"><mergeCell ref="A1:D1"/><mergeCell ref="A2:D2"/></mergeCells>`, rows.String())
	if links.Len() > 0 {
		b.WriteString("<hyperlinks>" + links.String() + "</hyperlinks>")
	}
	b.WriteString(`<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup orientation="landscape" fitToHeight="0"/></worksheet>`)
	return a.pkg.newPart(b.String())
}

// Characters that fit into a line of the list's columns.
const (
	wideText   = 85
	narrowText = 28
)

// maxLinks is the most links of a sheet (Excel's limit is 65,530).
const maxLinks = 65_000

// name is how people call the line's cell: with the column's header.
func (l *listLine) name(csv bool) string {
	if l.sheet == nil {
		return l.where.String()
	}
	name := cellName(l.col, l.row)
	if !csv {
		name = l.sheet.name + "!" + name
	}
	if h := l.where.Header(); h != "" {
		name += " (" + h + ")"
	}
	return name
}

// quoteSheet writes a sheet's name as references have it.
func quoteSheet(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// addFirstSheet puts a sheet before the others. What counts sheets by their
// place is told.
func (p *packageEditor) addFirstSheet(name, id string) error {
	src, err := p.part(p.book)
	if err != nil {
		return err
	}
	var edits []edit
	var list *element
	first, last, idName, viewed := -1, 0, "r:id", false
	declared := map[string]bool{} // attributes of the elements around the list's entries
	err = walk(src, func(at []*element) {
		e := at[len(at)-1]
		tag := string(src[e.start:e.in])
		if isPath(at) || isPath(at, "sheets") {
			for a, rest := nextAttr(e.tag, 0); a.ok; a, rest = nextAttr(e.tag, rest) {
				declared[string(e.tag[a.name:a.nameEnd])] = true
			}
		}
		switch {
		case isPath(at, "sheets", "sheet"):
			if first < 0 {
				first = e.start
			}
			last = max(last, atoi(e.attr("sheetId")))
			for a, rest := nextAttr(e.tag, 0); a.ok; a, rest = nextAttr(e.tag, rest) {
				if name := string(e.tag[a.name:a.nameEnd]); strings.HasSuffix(name, ":id") {
					idName = name
				}
			}
		case isPath(at, "sheets"):
			list = e
		case isPath(at, "bookViews", "workbookView"):
			viewed = true
			tag = setAttr(tag, "activeTab", strconv.Itoa(atoi(e.attr("activeTab"))+1))
			edits = append(edits, edit{e.start, e.in, tag})
		case isPath(at, "definedNames", "definedName") && e.attr("localSheetId") != "":
			tag = setAttr(tag, "localSheetId", strconv.Itoa(atoi(e.attr("localSheetId"))+1))
			edits = append(edits, edit{e.start, e.in, tag})
		}
	}, nil)
	if err != nil {
		return fmt.Errorf("edit workbook: %w", err)
	}
	if list == nil || first < 0 {
		return fmt.Errorf("edit workbook: it lists no sheet")
	}
	if !viewed {
		// The sheet that was shown first stays so: with two, what is typed goes into both.
		edits = append(edits, edit{list.start, list.start, fmt.Sprintf(`<%[1]sbookViews><%[1]sworkbookView activeTab="1"/></%[1]sbookViews>`, list.prefix)})
	}
	if prefix := strings.TrimSuffix(idName, ":id"); !declared["xmlns:"+prefix] {
		// Some programs declare it on each sheet.
		idName = fmt.Sprintf(`xmlns:%s="%s" %s`, prefix, p.office(), idName)
	}
	sheet := fmt.Sprintf(`<%ssheet name="%s" sheetId="%d" %s="%s"/>`, list.prefix, escapeXML(name), last+1, idName, id)
	return p.edit(p.book, append(edits, edit{first, first, sheet}))
}
