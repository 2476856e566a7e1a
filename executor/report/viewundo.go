package report

// undo opens a plan that takes a run back: which run, which emergency addresses
// go back, and what stays as the run left it.
func (v *View) undo(s *screen) {
	u := v.Review.Undo
	if u == nil {
		return
	}
	s.heading(colorHead, "This plan takes back run %s", u.Run)
	if n := len(u.Back); n > 0 {
		s.heading(colorWarn, "EMERGENCY ADDRESSES THAT GO BACK: %s", thousands(n))
		var rows [][]string
		for _, b := range u.Back[:v.shown(n)] {
			rows = append(rows, []string{b.Extension, b.Person, b.Device, b.From, b.To, b.Cell})
		}
		s.table(columns{header: []string{"ext", "person", "device", "from", "to", "cell"}, flex: []int{1, 3, 4}}, rows)
		v.more(s, n)
	}
	if n := len(u.Not); n > 0 {
		s.heading(colorWarn, "NOT UNDONE, stays as the run left it: %s", thousands(n))
		var rows [][]string
		for _, l := range u.Not[:v.shown(n)] {
			rows = append(rows, []string{l.Extension, l.Person, l.What, l.Device, l.Why})
		}
		s.table(columns{header: []string{"ext", "person", "change", "device", "why"}, flex: []int{1, 4}}, rows)
		v.more(s, n)
	}
}
