package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// changeSet makes changes and keeps them in the order of their making, which
// is an order that respects what depends on what.
type changeSet struct {
	all []*Change
	buf []byte
}

// add makes a change whose id is the hash of its kind and natural key.
func (s *changeSet) add(kind Kind, key ...string) *Change {
	c := &Change{ID: s.id(kind, key...), Kind: kind}
	s.all = append(s.all, c)
	return c
}

// rename gives a change another kind and its id; nothing may refer to it yet.
func (s *changeSet) rename(c *Change, kind Kind, key ...string) {
	c.Kind, c.ID = kind, s.id(kind, key...)
}

func (s *changeSet) id(kind Kind, key ...string) string {
	s.buf = append(s.buf[:0], kind...)
	for _, k := range key {
		s.buf = append(s.buf, 0)
		s.buf = append(s.buf, k...)
	}
	sum := sha256.Sum256(s.buf)
	var id [64]byte
	n := copy(id[:], kind)
	n += copy(id[n:], "-")
	n += hex.Encode(id[n:], sum[:6])
	return string(id[:n])
}

// kindRank is a kind's place in the listing.
func kindRank(k Kind) int {
	switch k {
	case KindCreateLocation:
		return 0
	case KindStock:
		return 1
	case KindAdd:
		return 2
	case KindSwap:
		return 3
	case KindUpdateEmergency:
		return 4
	case KindUpdate:
		return 5
	case KindRemove:
		return 6
	case KindUnstock:
		return 7
	}
	return 8
}

// sorted lists the changes by kind, extension number and id.
func (s *changeSet) sorted() []Change {
	list := slices.Clone(s.all)
	slices.SortFunc(list, func(x, y *Change) int {
		return cmp.Or(cmp.Compare(kindRank(x.Kind), kindRank(y.Kind)), compareNumeric(x.ExtensionNumber, y.ExtensionNumber), cmp.Compare(x.ID, y.ID))
	})
	out := make([]Change, len(list))
	for i, c := range list {
		out[i] = *c
	}
	return out
}

// on notes where a change happens, for people.
func (c *Change) on(e *Extension) {
	c.Extension, c.ExtensionNumber, c.Person = e.ID, e.Number, e.Name
}

// by notes which row asks for a change and at which cells; cells that are not
// filled are left out.
func (c *Change) by(w *work, cells ...Cell) {
	if !slices.Contains(c.Rows, w.i) {
		c.Rows = append(c.Rows, w.i)
		slices.Sort(c.Rows)
	}
	n := len(c.Cells)
	for _, cell := range cells {
		if !cell.IsZero() && !slices.Contains(c.Cells, cell) {
			c.Cells = append(c.Cells, cell)
		}
	}
	if n == len(c.Cells) && n == 0 {
		c.Cells = append(c.Cells, w.row.At)
	}
	slices.SortFunc(c.Cells, Cell.Compare)
	w.changes = append(w.changes, c)
}

// after lists a change that must have ended first, once.
func (c *Change) after(o *Change) {
	if o != c && !slices.Contains(c.Follows, o.ID) && !slices.Contains(c.DependsOn, o.ID) {
		c.Follows = append(c.Follows, o.ID)
	}
}

// needs lists a change that must succeed first, once.
func (c *Change) needs(o *Change) {
	if o == c || slices.Contains(c.DependsOn, o.ID) {
		return
	}
	c.Follows = slices.DeleteFunc(c.Follows, func(id string) bool { return id == o.ID })
	c.DependsOn = append(c.DependsOn, o.ID)
}
