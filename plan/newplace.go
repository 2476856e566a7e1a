package plan

import (
	"cmp"
	"slices"
	"strconv"
)

// newPlace is an emergency response location that is to be made. All rows of
// its place share it.
type newPlace struct {
	addr   Address
	name   string // as rows give it; empty: made from the address
	works  []*work
	refs   []*LocationRef
	change *Change
}

// wantPlace asks for a new location, to which settlePlaces lets the wish's
// target, its stated address, refer.
func (b *builder) wantPlace(w *work, wish *emWish) {
	key := b.ix.placeKey(wish.addr()) + "\x00" + fold(wish.name)
	p := b.places[key]
	if p == nil {
		p = &newPlace{addr: wish.addr(), name: wish.name}
		b.places[key] = p
	}
	p.works = append(p.works, w)
	p.refs = append(p.refs, wish.stated.Location)
}

// settlePlaces names the new locations: as rows say, else "street, street2,
// city" made unique. Rows of a place that give no name share the one that
// other rows of it name.
func (b *builder) settlePlaces() {
	all := make([]*newPlace, 0, len(b.places))
	for _, p := range b.places {
		all = append(all, p)
	}
	slices.SortFunc(all, func(x, y *newPlace) int {
		return cmp.Or(cmp.Compare(b.ix.placeKey(x.addr), b.ix.placeKey(y.addr)), cmp.Compare(fold(x.name), fold(y.name)))
	})
	byName, named := map[string][]*newPlace{}, map[string][]*newPlace{}
	for _, p := range all {
		if p.name != "" {
			byName[fold(p.name)] = append(byName[fold(p.name)], p)
			named[b.ix.placeKey(p.addr)] = append(named[b.ix.placeKey(p.addr)], p)
		}
	}
	for _, p := range all {
		if ps := byName[fold(p.name)]; p.name != "" && len(ps) > 1 {
			for _, w := range p.works {
				b.failValue(w, w.row.Location, "location_name_twice", "rows of "+strconv.Itoa(len(ps))+" different places name a new location "+p.name)
			}
		}
	}
	taken := map[string]bool{}
	for name := range byName {
		taken[name] = true
	}
	for i := range b.s.Locations {
		taken[fold(b.s.Locations[i].Name)] = true
	}
	for _, p := range all {
		if p.name == "" {
			b.settleUnnamed(p, named[b.ix.placeKey(p.addr)], taken)
		}
	}
	for _, p := range all {
		if p.name != "" && slices.ContainsFunc(p.works, func(w *work) bool { return !w.bad }) {
			b.makePlace(p)
		}
	}
}

func (b *builder) settleUnnamed(p *newPlace, named []*newPlace, taken map[string]bool) {
	if len(named) > 1 {
		for _, w := range p.works {
			b.fail(w, w.row.AddressCell, p.addr.Line(), "location_ambiguous", "other rows make several new locations of this place: give emergency_location")
		}
		return
	}
	if len(named) == 1 {
		named[0].works = append(named[0].works, p.works...)
		named[0].refs = append(named[0].refs, p.refs...)
		return
	}
	base := p.addr.Street
	for _, part := range []string{p.addr.Street2, p.addr.City} {
		if part != "" {
			base += ", " + part
		}
	}
	p.name = base
	for n := 2; taken[fold(p.name)]; n++ {
		p.name = base + " (" + strconv.Itoa(n) + ")"
	}
	taken[fold(p.name)] = true
}

// makePlace turns a settled place into a change.
func (b *builder) makePlace(p *newPlace) {
	c := b.ch.add(KindCreateLocation, b.ix.placeKey(p.addr), fold(p.name))
	c.Effect = &NewLocation{Name: p.name, Address: p.addr}
	c.Reason = "no emergency response location of this place can be used"
	c.Becomes = &Facts{Name: p.name, Emergency: &Emergency{LocationName: p.name, Address: p.addr}}
	p.change = c
	var cells []Cell
	for i, ref := range p.refs {
		ref.Change, ref.Name = c.ID, p.name
		if w := p.works[i]; !w.bad {
			c.Rows = append(c.Rows, int(w.i))
			cell := w.row.AddressCell
			if w.row.Location.IsSet() {
				cell = w.row.Location.Cell
			}
			cells = append(cells, cell)
		}
	}
	slices.Sort(c.Rows)
	b.ch.setCells(c, cells)
}
