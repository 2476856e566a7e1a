package report

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"provision/plan"
)

// changes lists the changes, grouped by kind.
func (v *View) changes(s *screen) {
	groups := map[plan.Kind][]*plan.Change{}
	for i := range v.Plan.Changes {
		c := &v.Plan.Changes[i]
		groups[c.Kind] = append(groups[c.Kind], c)
	}
	for _, k := range plan.Kinds() {
		list := groups[k]
		if len(list) == 0 {
			continue
		}
		s.heading(colorHead, "%s %s: %s", glyph(k), kindTitle(k), thousands(len(list)))
		var rows [][]string
		for _, c := range list[:v.shown(len(list))] {
			rows = append(rows, v.changeRow(s, c))
		}
		s.table(columns{[]string{"", "ext", "person", "change", "cell", "why"}, []int{2, 3, 5}}, rows)
		v.more(s, len(list))
	}
}

func (v *View) changeRow(s *screen, c *plan.Change) []string {
	why := clean(c.Reason)
	if c.Tainted {
		why = words("; ", why, "shares something with a row in error")
	}
	return []string{
		s.paint(kindColor(c.Kind), glyph(c.Kind)), clean(c.ExtensionNumber), clean(c.Person),
		clean(describe(c)), clean(v.cellOf(c)), why,
	}
}

// cellOf names the first cell that asks for a change, or the row where no cell
// does, and says how many more there are.
func (v *View) cellOf(c *plan.Change) string {
	at, n := "", 0
	switch {
	case len(c.Cells) > 0:
		at, n = c.Cells[0].String(), len(c.Rows)
	case len(c.Rows) > 0 && c.Rows[0] >= 0 && c.Rows[0] < len(v.Plan.Rows):
		at, n = v.Plan.Rows[c.Rows[0]].At.String(), len(c.Rows)
	}
	if n > 1 {
		at += " and " + count(n-1, "more row")
	}
	return at
}

func kindColor(k plan.Kind) text.Colors {
	switch k {
	case plan.KindCreateLocation, plan.KindStock, plan.KindAdd:
		return colorGood
	case plan.KindUpdate, plan.KindUpdateEmergency, plan.KindSwap:
		return colorWarn
	case plan.KindRemove, plan.KindUnstock:
		return colorBad
	}
	return colorHead
}

// others are phones that no row mentions, and, if asked for, the rows that
// need nothing.
func (v *View) others(s *screen) {
	if list := v.Plan.Unmanaged; len(list) > 0 {
		s.heading(colorHead, "Left alone, as no row mentions them: %s of the named extensions", count(len(list), "phone"))
		var rows [][]string
		for _, u := range list[:v.shown(len(list))] {
			rows = append(rows, []string{clean(u.Extension), clean(u.Person), string(u.Device), u.Type, clean(u.Name), u.Number})
		}
		s.table(columns{[]string{"ext", "person", "device", "type", "name", "number"}, []int{1, 4}}, rows)
		v.more(s, len(list))
	}
	if v.Unchanged {
		v.unchanged(s)
	}
}

func (v *View) unchanged(s *screen) {
	var rows [][]string
	n := 0
	for i := range v.Plan.Rows {
		r := &v.Plan.Rows[i]
		if r.Status != plan.RowNoOp && r.Status != plan.RowIgnored {
			continue
		}
		if n++; v.Limit > 0 && n > v.Limit {
			continue
		}
		rows = append(rows, []string{clean(r.At.String()), clean(r.Extension), clean(r.Person), string(r.Status), clean(r.MatchedBy), clean(r.Message)})
	}
	if n == 0 {
		return
	}
	s.heading(colorHead, "Rows that need nothing: %s", thousands(n))
	s.table(columns{[]string{"row", "ext", "person", "", "matched by", ""}, []int{2, 5}}, rows)
	v.more(s, n)
}

// summary ends the view: what, of what, how many calls, how long.
func (v *View) summary(s *screen) {
	p := v.Plan
	s.heading(colorHead, "Plan for %s", words(" ", clean(p.Account.Name), "account", clean(p.Account.ID)))
	for _, sh := range p.Sheets {
		at := plan.Cell{File: sh.File, Sheet: sh.Sheet}
		s.line("sheet   %s", clean(at.String()))
	}
	n := countKinds(p.Changes)
	var parts []string
	for _, k := range plan.Kinds() {
		if n[k] > 0 {
			parts = append(parts, thousands(n[k])+" "+string(k))
		}
	}
	s.line("changes %s%s", thousands(len(p.Changes)), colon(strings.Join(parts, ", ")))
	r := countRows(p.Rows)
	hint := ""
	if r.NoOp > 0 && !v.Unchanged {
		hint = " (-v lists those that need nothing)"
	}
	s.line("rows    %s: %s to change, %s need nothing, %s ignored, %s in error%s", thousands(r.Total),
		thousands(r.Changed), thousands(r.NoOp), thousands(r.Ignored), thousands(r.Invalid), hint)
	e := p.Estimate
	takes := "they take at least " + lasting(e.LeastSeconds)
	if e.LeastSeconds == 0 {
		takes = "the rate limits let them all through at once"
	}
	s.line("calls   %s medium, %s heavy, %s light; %s", thousands(e.Medium), thousands(e.Heavy), thousands(e.Light), takes)
	for _, note := range p.Notes {
		s.line("note    %s", clean(note))
	}
	switch {
	case len(p.Changes) > 0 || len(p.Errors) > 0:
	case p.UndoOf != "":
		s.line("Nothing to undo: all that can go back is as it was before run %s.", clean(p.UndoOf))
	default:
		s.line("Nothing to do: the account is as the sheets say.")
	}
	if v.Path != "" {
		s.line("saved   %s", clean(v.Path))
	}
}
