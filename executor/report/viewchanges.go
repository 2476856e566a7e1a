package report

import (
	"github.com/jedib0t/go-pretty/v6/text"

	"provision/executor/report/review"
	"provision/plan"
)

// changes lists the changes, grouped by kind.
func (v *View) changes(s *screen) {
	for _, g := range v.Review.ByKind() {
		if g.Kind == plan.KindUpdateEmergency && v.Review.Undo != nil {
			continue // an undo has a section of its own for addresses
		}
		s.heading(colorHead, "%s %s: %s", g.Changes[0].Glyph, g.Title, thousands(len(g.Changes)))
		v.changeTable(s, g.Changes[:v.shown(len(g.Changes))])
		v.more(s, len(g.Changes))
	}
}

// narrow is the width below which a change's reason stands behind the change
// and not in a column of its own.
const narrow = 100

func (v *View) changeTable(s *screen, list []*review.Change) {
	behind := s.width > 0 && s.width < narrow
	var rows [][]string
	for _, c := range list {
		row := []string{s.paint(kindColor(c.Kind), c.Glyph), c.Extension, c.Person, c.What, c.Cell, c.Why}
		if last := len(row) - 1; behind {
			if row[last] != "" {
				row[3] += " (" + row[last] + ")"
			}
			row[last] = ""
		}
		rows = append(rows, row)
	}
	s.table(columns{header: []string{"", "ext", "person", "change", "cell", "why"}, flex: []int{2, 3, 5}, main: "change"}, rows)
}

func kindColor(k plan.Kind) text.Colors {
	switch k {
	case plan.KindCreateLocation, plan.KindStock, plan.KindAdd:
		return colorGood
	case plan.KindUpdate, plan.KindUpdateEmergency, plan.KindSetSerial, plan.KindSwap:
		return colorWarn
	case plan.KindRemove, plan.KindUnstock:
		return colorBad
	}
	return colorHead
}

// others are phones that no row mentions, and, if asked for, the rows that
// need nothing.
func (v *View) others(s *screen) {
	if list := v.Review.Unmanaged; len(list) > 0 {
		s.heading(colorHead, "Left alone, as no row mentions them: %s of the named extensions", count(len(list), "phone"))
		var rows [][]string
		for _, u := range list[:v.shown(len(list))] {
			rows = append(rows, []string{u.Extension, u.Person, u.Device, u.Type, u.Name, u.Number})
		}
		s.table(columns{header: []string{"ext", "person", "device", "type", "name", "number"}, flex: []int{1, 4}}, rows)
		v.more(s, len(list))
	}
	if v.Unchanged {
		rowTable(s, "Rows that are left over or not selected", v.Review.Left)
		rowTable(s, "Rows that need nothing or are ignored", v.Review.Unchanged)
	}
}

func rowTable(s *screen, title string, list []review.Row) {
	if len(list) == 0 {
		return
	}
	var rows [][]string
	for _, r := range list {
		rows = append(rows, []string{r.Cell, r.Extension, r.Person, rowWords(r.Status), r.MatchedBy, r.Message})
	}
	s.heading(colorHead, "%s: %s", title, thousands(len(list)))
	s.table(columns{header: []string{"row", "ext", "person", "", "matched by", ""}, flex: []int{2, 5}}, rows)
}

// rowWords is a planned row's status for people.
func rowWords(s plan.RowStatus) string {
	if s == plan.RowNoOp {
		return NoOp.Words()
	}
	return s.String()
}

// summary ends the view: what, of what, how many calls, how long.
func (v *View) summary(s *screen) {
	r := v.Review
	s.heading(colorHead, "%s", r.Head.Title())
	for _, sh := range r.Sheets {
		s.fact("sheet   ", "%s", sh.Name)
	}
	if r.Head.Redacted {
		s.line("home addresses are masked")
	}
	s.fact("changes ", "%s%s", thousands(len(r.Changes)), colon(r.KindsLine()))
	if n := len(r.People); n > 0 {
		s.fact("people  ", "%s affected", thousands(n))
	}
	hint := ""
	if len(r.Unchanged)+len(r.Left) > 0 && !v.Unchanged {
		hint = " (-v lists those without a change)"
	}
	s.fact("rows    ", "%s%s", r.RowsLine(), hint)
	if r.HiddenRows > 0 {
		s.line("hidden and left out: %s (--hidden=skip)", count(r.HiddenRows, "row"))
	}
	s.fact("calls   ", "%s", r.CallsLine())
	if !r.Head.Made.IsZero() {
		s.fact("made    ", "%s; account read %s", madeBy(r), readOf(r))
	}
	for _, note := range r.Notes {
		s.fact("note    ", "%s", note)
	}
	if t := r.Nothing(); t != "" {
		s.line("%s", t)
	}
	if r.Head.Path != "" {
		s.fact("saved   ", "%s", r.Head.Path)
	}
	if n := len(r.Broken); n > 0 {
		verb := "refuse"
		if n == 1 {
			verb = "refuses"
		}
		s.fact("guards  ", "%s", s.paint(colorBad, count(n, "guard")+" "+verb+" this plan (see the top)"))
	}
}
