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
		if len(list) == 0 || k == plan.KindUpdateEmergency && v.Plan.UndoOf != "" {
			continue // an undo has a section of its own for addresses
		}
		s.heading(colorHead, "%s %s: %s", glyph(k), kindTitle(k), thousands(len(list)))
		v.changeTable(s, list[:v.shown(len(list))])
		v.more(s, len(list))
	}
}

// narrow is the width below which a change's reason stands behind the change
// and not in a column of its own.
const narrow = 100

func (v *View) changeTable(s *screen, list []*plan.Change) {
	behind := s.width > 0 && s.width < narrow
	var rows [][]string
	for _, c := range list {
		row := []string{
			s.paint(kindColor(c.Kind), glyph(c.Kind)), clean(c.ExtensionNumber()), clean(c.Person()),
			clean(v.names.describe(c)), clean(v.cellOf(c)), why(c),
		}
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

func why(c *plan.Change) string {
	t := clean(c.Reason)
	if c.Tainted {
		t = words("; ", t, "shares something with a row in error")
	}
	return t
}

// cellOf names the first cell that asks for a change, or the row where no cell
// does, and how many more rows ask for it. File and sheet are left out where
// there is only one sheet.
func (v *View) cellOf(c *plan.Change) string {
	var at plan.Cell
	switch {
	case len(c.Cells) > 0:
		at = c.Cells[0]
	case len(c.Rows) > 0 && c.Rows[0] >= 0 && c.Rows[0] < len(v.Plan.Rows):
		at = v.Plan.Rows[c.Rows[0]].At
	case v.Plan.Options.Prune != "" && c.Remove() != nil:
		return "--prune"
	default:
		return ""
	}
	t := v.names.short(at.String())
	if at.Column() == 0 && v.names.alone != "" {
		t = "row " + t
	}
	if more := len(c.Rows) - 1; more > 0 {
		t += " +" + thousands(more)
	}
	return t
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
	if list := v.Plan.Unmanaged; len(list) > 0 {
		s.heading(colorHead, "Left alone, as no row mentions them: %s of the named extensions", count(len(list), "phone"))
		var rows [][]string
		for _, u := range list[:v.shown(len(list))] {
			rows = append(rows, []string{clean(u.Extension), clean(u.Person), string(u.Device), u.Type, clean(u.Name), u.Number})
		}
		s.table(columns{header: []string{"ext", "person", "device", "type", "name", "number"}, flex: []int{1, 4}}, rows)
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
		if n++; v.shown(n) < n {
			continue
		}
		rows = append(rows, []string{clean(v.names.short(r.At.String())), clean(r.ExtensionNumber()), clean(r.Person()), string(r.Status), clean(r.MatchedBy), clean(r.Message)})
	}
	if n == 0 {
		return
	}
	s.heading(colorHead, "Rows that need nothing: %s", thousands(n))
	s.table(columns{header: []string{"row", "ext", "person", "", "matched by", ""}, flex: []int{2, 5}}, rows)
	v.more(s, n)
}

// summary ends the view: what, of what, how many calls, how long.
func (v *View) summary(s *screen) {
	p := v.Plan
	s.heading(colorHead, "Plan for %s", words(" ", clean(p.Account.Name), "account", clean(p.Account.ID)))
	for _, sh := range p.Sheets {
		at := sh.Cell()
		s.line("sheet   %s", clean(at.String()))
	}
	s.line("changes %s%s", thousands(len(p.Changes)), colon(v.kinds()))
	r := countRows(p.Rows)
	hint := ""
	if r.NoOp > 0 && !v.Unchanged {
		hint = " (-v lists those that need nothing)"
	}
	deferred := ""
	if r.Deferred > 0 {
		deferred = ", " + thousands(r.Deferred) + " left over as their extension is not there yet"
	}
	if r.Deselected > 0 {
		deferred += ", " + thousands(r.Deselected) + " not selected"
	}
	s.line("rows    %s: %s to change, %s need nothing, %s ignored, %s in error%s%s", thousands(r.Total),
		thousands(r.Changed), thousands(r.NoOp), thousands(r.Ignored), thousands(r.Invalid), deferred, hint)
	if n := p.HiddenSkipped; n > 0 {
		s.line("hidden and left out: %s (--hidden=skip)", count(n, "row"))
	}
	s.line("calls   %s", callsAndTime(p.Estimate))
	for _, note := range p.Notes {
		s.line("note    %s", clean(note))
	}
	switch {
	case len(p.Changes) > 0 || len(p.Errors) > 0:
	case p.UndoOf != "":
		s.line("Nothing to undo: all that can go back is as it was before run %s.", clean(p.UndoOf))
	case r.Deselected > 0:
		s.line("Nothing to do: nothing of what is selected is to be done; %s not selected.", count(r.Deselected, "row"))
	case r.Deferred > 0:
		s.line("Nothing to do now: the account is as the sheets say, but for the rows that are left over.")
	default:
		s.line("Nothing to do: the account is as the sheets say.")
	}
	if v.Path != "" {
		s.line("saved   %s", clean(v.Path))
	}
	if n := len(v.Breaches); n > 0 {
		verb := "refuse"
		if n == 1 {
			verb = "refuses"
		}
		s.line("guards  %s", s.paint(colorBad, count(n, "guard")+" "+verb+" this plan (see the top)"))
	}
}

// callsAndTime says what the changes cost.
func callsAndTime(e plan.Estimate) string {
	if e == (plan.Estimate{}) {
		return "none"
	}
	takes := "they take at least " + lasting(e.LeastSeconds)
	if e.LeastSeconds == 0 {
		takes = "the rate limits let them all through at once"
	}
	return thousands(e.Medium) + " medium, " + thousands(e.Heavy) + " heavy, " + thousands(e.Light) + " light; " + takes
}

// kinds counts the changes by kind, and says of how many updates the phone is
// one that the plan adds: an add and its name are two changes of one row.
func (v *View) kinds() string {
	n := countKinds(v.Plan.Changes)
	var parts []string
	for _, k := range plan.Kinds() {
		if n[k] == 0 {
			continue
		}
		part := thousands(n[k]) + " " + string(k)
		if k == plan.KindUpdate {
			part += v.ofAdded()
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// ofAdded is " (17 name an added phone)", or empty where no update does.
func (v *View) ofAdded() string {
	n, one, more := 0, "names", "name"
	for i := range v.Plan.Changes {
		u := v.Plan.Changes[i].Update()
		if u == nil {
			continue
		}
		if add := v.names.changes[u.Device.Change]; add == nil || add.Add() == nil {
			continue
		}
		n++
		if u.Name == nil {
			one, more = "finishes", "finish"
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return " (1 " + one + " an added phone)"
	}
	return " (" + thousands(n) + " " + more + " an added phone)"
}
