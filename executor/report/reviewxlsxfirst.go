package report

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"provision/executor/report/review"
	"provision/executor/report/table"
)

// first writes the sheet that the workbook opens with.
func (b *planBook) first(r *review.Review, sheets []planSheet) error {
	p := &firstPage{book: b, err: b.paper(sheetReview)}
	for i, width := range firstWidths() {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := b.file.SetColWidth(sheetReview, name, name, width); err != nil {
			return err
		}
	}
	p.row(b.title, r.Head.Title())
	if t := r.Nothing(); t != "" {
		p.row(b.text, t)
	}
	if r.Head.Redacted {
		p.row(b.text, "Home addresses are masked.")
	}
	p.row(b.text)
	p.row(b.title, "What needs a yes")
	for _, q := range r.Questions() {
		style := b.title
		if q.Grave {
			style = b.alarm
		}
		p.row(style, q.Title)
		p.answer(r, q.Topic)
	}
	if !r.Asks(review.AboutGuards) && len(r.Changes) > 0 {
		p.row(b.text)
		p.row(b.title, r.GuardsLine())
		p.guards(r)
	}
	p.row(b.text)
	p.counts(r)
	p.row(b.text)
	p.row(b.head, "Sheets of this workbook", "rows")
	for _, s := range sheets {
		p.link(s.name, len(s.rows))
	}
	return p.err
}

// firstWidths are the widths of the first sheet's columns.
func firstWidths() []float64 { return []float64{30, 36, 18, 18, 30, 36} }

// firstPage writes rows one below the other. The first error sticks.
type firstPage struct {
	book *planBook
	next int
	err  error
}

func (p *firstPage) row(style int, texts ...string) {
	p.next++
	for i, cell := range p.book.texts(texts...) {
		at, err := excelize.CoordinatesToCellName(i+1, p.next)
		if c, ok := cell.(excelize.Cell); ok && p.err == nil && err == nil {
			err = p.book.file.SetCellStr(sheetReview, at, c.Value.(string))
		}
		if p.err == nil && err == nil {
			err = p.book.file.SetCellStyle(sheetReview, at, at, style)
		}
		if p.err == nil {
			p.err = err
		}
	}
	if h := table.RowHeight(firstWidths(), texts).Height; h > 0 && len(texts) > 1 && p.err == nil {
		p.err = p.book.file.SetRowHeight(sheetReview, p.next, h)
	}
}

// link leads to another sheet.
func (p *firstPage) link(name string, rows int) {
	p.row(p.book.link, name, thousands(rows))
	if p.err == nil {
		p.err = p.book.file.SetCellHyperLink(sheetReview, fmt.Sprintf("A%d", p.next), "'"+name+"'!A1", "Location")
	}
}

// answer lists what a question is about, unless a sheet of its own does.
func (p *firstPage) answer(r *review.Review, about review.Topic) {
	text, head := p.book.text, p.book.head
	switch about {
	case review.AboutGuards:
		p.guards(r)
	case review.AboutSafety:
		p.row(head, "person", "ext", "device", "number", "address now", "what the plan does")
		for _, u := range r.Safety {
			p.row(text, u.Person, u.Extension, u.Device, u.Number, u.Status, u.Repair)
		}
	case review.AboutLeftWithout:
		p.row(head, "person", "ext")
		for _, l := range r.LeftWithout {
			p.row(text, l.Person, l.Extension)
		}
	case review.AboutGivenUp:
		for _, n := range r.NumbersGivenUp {
			p.row(text, n)
		}
	case review.AboutInterrupted:
		p.row(head, "person", "ext", "device", "", "why")
		for _, i := range r.Interrupted {
			p.row(text, i.Person, i.Extension, i.Device, "", i.Why)
		}
	case review.AboutLocations:
		p.row(head, "new", "at", "", "", "nearest existing one", "at")
		for _, l := range r.NewLocations {
			p.row(text, l.Name, l.Address, "", "", l.NearestName+l.NearestNote, l.NearestAddress)
		}
	case review.AboutNotUndone:
		p.row(head, "person", "ext", "change", "device", "why")
		for _, n := range r.Undo.Not {
			p.row(text, n.Person, n.Extension, n.What, n.Device, n.Why)
		}
	case review.AboutErrors, review.AboutNewLines, review.AboutPeople: // sheets of their own
	}
}

// guards are all guards, as whoever says yes is to see which were set.
func (p *firstPage) guards(r *review.Review) {
	p.row(p.book.head, "guard", "limit", "count", "verdict", "to allow it")
	for _, g := range r.Guards {
		flag := ""
		if g.Broken {
			flag = g.Flag
		}
		p.row(p.book.text, g.Name, g.Bound(), thousands(g.Count), r.Verdict(g), flag)
	}
}

func (p *firstPage) counts(r *review.Review) {
	text := p.book.text
	p.row(p.book.title, "In numbers")
	p.row(text, "changes", thousands(len(r.Changes))+colon(r.KindsLine()))
	p.row(text, "people affected", thousands(len(r.People)))
	p.row(text, "rows", r.RowsLine())
	if r.HiddenRows > 0 {
		p.row(text, "hidden and left out", count(r.HiddenRows, "row"))
	}
	p.row(text, "calls", r.CallsLine())
	p.row(text, "made", madeBy(r))
	p.row(text, "account read", readOf(r))
	for _, s := range r.Sheets {
		p.row(text, "sheet", s.Name, "SHA-256", s.SHA256)
	}
	if r.Head.Path != "" {
		p.row(text, "saved as", r.Head.Path)
	}
	if r.Head.Digest != "" {
		p.row(text, "digest", r.Head.Digest)
		p.row(text, "to approve it", approveLine(r))
	}
	if len(r.Notes) > 0 {
		p.row(text, "notes", strings.Join(r.Notes, "\n"))
	}
}
