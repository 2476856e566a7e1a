package sheet

import (
	"fmt"
	"strings"
)

// Characters that fit into a line of the list's columns.
const (
	wideText   = 85
	narrowText = 28
)

// maxLinks is the most links of a sheet (Excel's limit is 65,530).
const maxLinks = 65_000

// listXML makes the list's part.
func (a *annotator) listXML() []byte {
	head := a.styles.text(true, false, false, "")
	title := a.styles.text(true, false, true, "")
	l := listWriter{
		text: a.styles.text(false, false, true, ""), link: a.styles.text(false, true, true, ""),
		kinds: map[bool]int{
			false: a.styles.text(false, false, true, a.styles.solid(errorColor)),
			true:  a.styles.text(false, false, true, a.styles.solid(warningColor)),
		},
	}
	errs, warns := len(a.d.Errors), len(a.d.Warnings)
	said := fmt.Sprintf("%s: %d to mend, %d to look at.", listTitle, errs, warns)
	if errs == 0 && warns == 0 {
		said = listTitle + " and found nothing to mend."
	}
	l.put([]int{title}, said)
	l.put([]int{l.text}, "Mend the colored cells, save the workbook and give it to provision again. This sheet is not read; the next check replaces it, the colors and the notes.")
	l.put([]int{head, head, head, head, head, head, head}, listHeader...)
	for i := range a.lines {
		l.line(&a.lines[i], a.src.csv != nil, i < maxLinks)
	}
	return a.pkg.newPart(l.part())
}

// listWriter writes the rows of the list.
type listWriter struct {
	text, link  int          // styles
	kinds       map[bool]int // by whether it is a warning
	row         int          // the last one
	rows, links strings.Builder
}

// put writes the next row.
func (l *listWriter) put(styles []int, texts ...string) {
	l.row++
	// Programs differ in whether they find the height of wrapped text by themselves.
	lines := 1
	if len(texts) > 3 {
		lines = min(max(1, (len(texts[3])+wideText-1)/wideText, (len(texts[2])+narrowText-1)/narrowText), 10)
	}
	fmt.Fprintf(&l.rows, `<row r="%d" ht="%d" customHeight="1">`, l.row, 15*lines)
	for i, t := range texts {
		if t != "" {
			l.rows.WriteString(textCell("", cellName(i+1, l.row), styles[i], t))
		}
	}
	l.rows.WriteString("</row>")
}

// line writes a problem, with a link to its cell if linked and it has one.
func (l *listWriter) line(p *listLine, csv, linked bool) {
	kind, where := "error", p.name(csv)
	if p.warning {
		kind = "warning"
	}
	value := ""
	if p.value != "" {
		value = "holds: " + p.value
	}
	styles := []int{l.text, l.kinds[p.warning], l.text, l.text, l.text, l.text, l.text}
	if p.sheet == nil {
		l.put(styles, where, kind, value, p.message)
		return
	}
	styles[0] = l.link
	at := cellName(p.col, p.row)
	l.put(styles, where, kind, value, p.message, listSheet+p.sheet.name, listCell+at, listFill+p.sheet.before[at])
	if linked {
		fmt.Fprintf(&l.links, `<hyperlink ref="%s" location="%s" display="%s"/>`, cellName(1, l.row), escapeXML(quoteSheet(p.sheet.name)+"!"+at), escapeXML(where))
	}
}

// part is the sheet's XML.
func (l *listWriter) part() string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	b.WriteString(`<sheetViews><sheetView workbookViewId="0" showGridLines="0"><pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`)
	b.WriteString(`<cols><col min="1" max="1" width="30" customWidth="1"/><col min="2" max="2" width="10" customWidth="1"/><col min="3" max="3" width="32" customWidth="1"/><col min="4" max="4" width="90" customWidth="1"/><col min="5" max="7" width="12" hidden="1" customWidth="1"/></cols>`)
	fmt.Fprintf(&b, `<sheetData>%s</sheetData><mergeCells count="2"><mergeCell ref="A1:D1"/><mergeCell ref="A2:D2"/></mergeCells>`, l.rows.String())
	if l.links.Len() > 0 {
		b.WriteString("<hyperlinks>" + l.links.String() + "</hyperlinks>")
	}
	b.WriteString(`<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup orientation="landscape" fitToHeight="0"/></worksheet>`)
	return b.String()
}
