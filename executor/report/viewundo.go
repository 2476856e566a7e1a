package report

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
	s.table(columns{header: []string{"ext", "person", "change", "device", "why"}, flex: []int{1, 4}}, rows)
	v.more(s, len(p.NotUndone))
}

// addressesBack lists the emergency addresses that go back, also those that
// are one call with a name.
func (v *View) addressesBack(s *screen) {
	var rows [][]string
	n := 0
	for i := range v.Plan.Changes {
		c := &v.Plan.Changes[i]
		if c.Update() == nil || c.Update().Emergency == nil || c.Before == nil {
			continue
		}
		if n++; v.shown(n) < n {
			continue
		}
		rows = append(rows, []string{
			clean(c.ExtensionNumber()), clean(c.Person()), clean(v.names.ref(c.Update().Device)), clean(presentAddress(c.Before)), clean(target(c.Update().Emergency)), clean(v.cellOf(c)),
		})
	}
	if n == 0 {
		return
	}
	s.heading(colorWarn, "EMERGENCY ADDRESSES THAT GO BACK: %s", thousands(n))
	s.table(columns{header: []string{"ext", "person", "device", "from", "to", "cell"}, flex: []int{1, 3, 4}}, rows)
	v.more(s, n)
}
