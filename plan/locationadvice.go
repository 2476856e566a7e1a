package plan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// leaving is an emergency response location and the phones that the plan moves
// away from it.
type leaving struct {
	id    LocationID
	first *work   // in the sheet's order
	from  Address // the place of that row's phone, and where it goes
	to    Address
	moved map[*Device]bool
	stays bool // a row keeps a phone there, or moves it elsewhere than others
}

// adviseLocations says where a person could do with one call what the plan does
// with many: the phones of an ERL move together when its address is edited.
// That is for a person to decide, as it moves all that is there.
func (b *builder) adviseLocations() {
	if !b.s.Account.ERLRegime {
		return
	}
	left := map[LocationID]*leaving{}
	for w := range b.works.all() {
		b.noteLeaving(left, w)
	}
	all := make([]*leaving, 0, len(left))
	for id, l := range left {
		if l.stays || len(l.moved) < 2 {
			delete(left, id)
			continue
		}
		all = append(all, l)
	}
	if len(all) == 0 {
		return
	}
	others := b.othersAt(left)
	slices.SortFunc(all, func(x, y *leaving) int { return cmp.Compare(x.id, y.id) })
	for _, l := range all {
		// Where most of what is there stays, editing is no choice.
		if rest := others[l.id]; len(rest) < len(l.moved) {
			b.adviseEdit(l, rest)
		}
	}
}

func (b *builder) noteLeaving(left map[LocationID]*leaving, w *work) {
	present := w.present()
	if present == nil || present.LocationID == "" || present.Visibility == private {
		return
	}
	id := present.LocationID
	l := left[id]
	if l == nil {
		l = &leaving{id: id, moved: map[*Device]bool{}}
		left[id] = l
	}
	if w.bad || w.up.em == nil {
		l.stays = true
	}
	if l.stays {
		return
	}
	l.moved[w.dev] = true
	from, to := b.presentAddress(present), w.up.em.Place
	if l.first != nil && from == l.from && to == l.to {
		return // most are like the first one
	}
	if l.first == nil {
		l.first, l.from, l.to = w, from, to
	}
	place := b.ix.placeKey(to)
	l.stays = place != b.ix.placeKey(l.to) || place == b.ix.placeKey(from)
}

// othersAt lists the lines of the phones at the locations that the plan leaves
// where they are.
func (b *builder) othersAt(left map[LocationID]*leaving) map[LocationID][]string {
	removed := map[*Device]bool{}
	for w := range b.works.all() {
		if w.verdict == removes && !w.bad {
			removed[w.dev] = true
		}
	}
	others := map[LocationID][]string{}
	for i := range b.s.Devices {
		d := &b.s.Devices[i]
		l := left[d.Emergency.LocationID]
		if l == nil || d.Extension == "" || l.moved[d] || removed[d] {
			continue
		}
		for _, line := range d.Lines {
			others[l.id] = append(others[l.id], cmp.Or(line.Number, describe(d)))
		}
		if len(d.Lines) == 0 {
			others[l.id] = append(others[l.id], describe(d))
		}
	}
	return others
}

// listedLines is how many lines the advice names.
const listedLines = 5

func (b *builder) adviseEdit(l *leaving, others []string) {
	name := string(l.id)
	if known := b.ix.location(l.id); known != nil {
		name = known.Name
	}
	text := "all " + strconv.Itoa(len(l.moved)) + " phones that rows have at " + name + " go to " + l.to.Line() + ": editing this ERL is one call"
	slices.Sort(others)
	switch n := len(others); {
	case n == 0 && b.s.DevicesComplete:
		text += "; no other line is there"
	case n == 0:
		text += "; it also moves the lines of other extensions there, which were not read"
	default:
		text += "; it also moves these " + strconv.Itoa(n) + " lines: " + strings.Join(others[:min(n, listedLines)], ", ")
		if n == 1 {
			text = strings.Replace(text, "these 1 lines", "this line", 1)
		}
		if n > listedLines {
			text += " and " + strconv.Itoa(n-listedLines) + " more"
		}
	}
	w := l.first
	if ref := w.up.em.Location; ref != nil && ref.Change == "" {
		text += "; " + ref.Name + " is at that place already, so there would be two"
	}
	cell, value := w.row.Location.Cell, w.row.Location.Text
	if !w.row.Location.IsSet() {
		cell, value = w.row.AddressCell, w.row.Address.Line()
	}
	b.warn(w, cell, value, "location_edit", text)
}
