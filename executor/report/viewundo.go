package report

import "provision/plan"

// undo opens a plan that takes a run back: which run, which emergency addresses
// go back, and what stays as the run left it.
func (v *View) undo(s *screen) {
	p := v.Plan
	if p.UndoOf == "" {
		return
	}
	s.heading(colorHead, "This plan takes back run %s", clean(p.UndoOf))
	v.addressesBack(s)
	if len(p.NotUndone) == 0 {
		return
	}
	s.heading(colorWarn, "NOT UNDONE, stays as the run left it: %s", thousands(len(p.NotUndone)))
	var rows [][]string
	for _, n := range p.NotUndone[:v.shown(len(p.NotUndone))] {
		what := string(n.Kind)
		if n.Emergency {
			what = "emergency address"
		}
		rows = append(rows, []string{clean(n.Extension), clean(n.Person), what, string(n.Device), clean(n.Reason)})
	}
	s.table(columns{[]string{"ext", "person", "change", "device", "why"}, []int{1, 4}}, rows)
	v.more(s, len(p.NotUndone))
}

// addressesBack lists the emergency addresses that go back, also those that
// are one call with a name.
func (v *View) addressesBack(s *screen) {
	var rows [][]string
	n := 0
	for i := range v.Plan.Changes {
		c := &v.Plan.Changes[i]
		if c.Update == nil || c.Update.Emergency == nil || c.Before == nil {
			continue
		}
		if n++; v.Limit > 0 && n > v.Limit {
			continue
		}
		rows = append(rows, []string{
			clean(c.ExtensionNumber), clean(c.Person), clean(ref(c.Update.Device)), clean(presentAddress(c.Before)), clean(target(c.Update.Emergency)),
		})
	}
	if n == 0 {
		return
	}
	s.heading(colorWarn, "EMERGENCY ADDRESSES THAT GO BACK: %s", thousands(n))
	s.table(columns{[]string{"ext", "person", "device", "from", "to"}, []int{1, 3, 4}}, rows)
	v.more(s, n)
}

// presentAddress is the emergency address that a change replaces.
func presentAddress(f *plan.Facts) string {
	if f == nil || f.Emergency == nil {
		return "none"
	}
	if was := words(" ", quoted(f.Emergency.LocationName), oneLine(f.Emergency.Address)); was != "" {
		return was
	}
	return "none"
}
