package plan

import "slices"

// claimShown gives as many rows as possible a phone that shows all they state
// and returns the others. Where there are fewer such phones, the rows that can
// do without, swaps that were done and say nothing of what came, are the ones
// that get none.
func (b *builder) claimShown(g *group, rows []*work) []*work {
	free := g.unclaimed(func(*Device) bool { return true })
	if len(free) == 0 || len(rows) == 1 && len(free) == 1 || allAction(rows, ActionRemove) {
		return rows
	}
	fits := make([][]int, len(rows))
	var first, last []int
	for i, w := range rows {
		for j, d := range free {
			if w.row.Action != ActionRemove && b.shows(w, d) {
				fits[i] = append(fits[i], j)
			}
		}
		if w.moves && w.statesNothing() {
			last = append(last, i)
		} else {
			first = append(first, i)
		}
	}
	owner := longestMatching(fits, len(free), append(first, last...))
	got := make([]bool, len(rows))
	for j, i := range owner {
		if i >= 0 {
			got[i] = true
			how := "shows all that the row states"
			if rows[i].moves {
				how = rows[i].how
			}
			b.claim(rows[i], free[j], how)
		}
	}
	var left []*work
	for i, w := range rows {
		if !got[i] {
			left = append(left, w)
		}
	}
	return left
}

// longestMatching gives as many takers as possible one of n things that fit them,
// by augmenting paths, and returns who has which; -1: nobody. Who is earlier in
// the order is served rather than who is later.
func longestMatching(fits [][]int, n int, order []int) (owner []int) {
	owner = make([]int, n)
	for j := range owner {
		owner[j] = -1
	}
	seen := make([]int, n)
	var augment func(i, round int) bool
	augment = func(i, round int) bool {
		for _, j := range fits[i] {
			if seen[j] == round {
				continue
			}
			seen[j] = round
			if owner[j] < 0 || augment(owner[j], round) {
				owner[j] = i
				return true
			}
		}
		return false
	}
	for at, i := range order {
		augment(i, at+1)
	}
	return owner
}

// shows reports whether a phone already is all that a row without keys says.
func (b *builder) shows(w *work, d *Device) bool {
	r := w.row
	name := r.NewName.Text
	if w.moves {
		name = w.name
	}
	switch {
	case len(candidates([]*Device{d}, w)) == 0,
		name != "" && name != d.Name,
		r.NewSerial.IsSet() && !sameName(r.NewSerial.Text, d.Serial),
		!b.showsModel(w, d),
		r.CommonPhone.IsSet() && (r.CommonPhone.Text == "yes") != d.CommonPhone,
		r.PhoneNumberID.IsSet() && !hasNumberID(d, NumberID(r.PhoneNumberID.Text)),
		!w.moves && r.ReplaceWith.Form != ReplaceNone && r.ReplaceWith.Form != ReplaceInventory && w.target() != d:
		return false
	}
	return b.emergencyMet(w, &d.Emergency)
}

func hasNumberID(d *Device, id NumberID) bool {
	return slices.ContainsFunc(d.Lines, func(l Line) bool { return l.NumberID == id })
}
