package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// changeSet makes changes and keeps them in the order of their making, which
// is an order that respects what depends on what.
type changeSet struct {
	all  []*Change
	rank []int32 // of each, the place of its extension
	buf  []byte
	ids  strings.Builder // room for ids: one text of which each is a part
	room []Change        // for changes to come
	// whole has a place for each of all, the same one as in all, after early
	// places for those that were made before it; nil if it was not asked for.
	whole []Change
	early int

	rows    arena[int]
	columns cellSharer
	cells   []Cell // room for those of one change
}

// arena is room for many short lists, made for hundreds at once.
type arena[T any] struct{ room []T }

// take is an empty list with room for n.
func (a *arena[T]) take(n int) []T {
	if len(a.room) < n {
		a.room = make([]T, max(n, 512))
	}
	list := a.room[:0:n]
	a.room = a.room[n:]
	return list
}

// expect makes room for at most n more changes, so that the plan's list need
// not be a copy.
func (s *changeSet) expect(n int) {
	s.early = len(s.all)
	s.whole = make([]Change, s.early+n)
	s.room = s.whole[s.early:]
	s.all, s.rank = slices.Grow(s.all, n), slices.Grow(s.rank, n)
}

// add makes a change whose id is the hash of its kind and natural key.
func (s *changeSet) add(kind Kind, key ...string) *Change {
	if len(s.room) == 0 {
		s.room = make([]Change, 128)
	}
	c := &s.room[0]
	s.room = s.room[1:]
	c.ID, c.Kind = s.id(kind, key...), kind
	s.all = append(s.all, c)
	s.rank = append(s.rank, 0)
	return c
}

// rename gives a change another kind and its id; nothing may refer to it yet.
func (s *changeSet) rename(c *Change, kind Kind, key ...string) {
	c.Kind, c.ID = kind, s.id(kind, key...)
}

func (s *changeSet) id(kind Kind, key ...string) string {
	s.buf = append(s.buf[:0], kind.String()...)
	for _, k := range key {
		s.buf = append(s.buf, 0)
		s.buf = append(s.buf, k...)
	}
	sum := sha256.Sum256(s.buf)
	s.buf = append(append(s.buf[:0], kind.String()...), '-')
	s.buf = hex.AppendEncode(s.buf, sum[:6])
	if s.ids.Cap()-s.ids.Len() < len(s.buf) {
		s.ids.Reset()
		s.ids.Grow(1 << 13)
	}
	from := s.ids.Len()
	s.ids.Write(s.buf)
	return s.ids.String()[from:]
}

// place is a change's place in the listing: its kind, then the place of its
// extension, then its id.
type place struct {
	order uint32 // kind and extension
	at    int32  // in changeSet.all
}

// rankBits is what an extension's place among those that rows name takes: a
// sheet has less than 2^28 rows, and there are less than 16 kinds.
const rankBits = 28

// sorted lists the changes by kind, extension number and id. It may move them:
// pointers to them mean nothing from here on.
func (s *changeSet) sorted() []Change {
	places := make([]place, len(s.all))
	for i, c := range s.all {
		places[i] = place{uint32(c.Kind)<<rankBits | uint32(s.rank[i]), int32(i)} //nolint:gosec // see rankBits
	}
	slices.SortFunc(places, func(x, y place) int {
		if x.order != y.order {
			return cmp.Compare(x.order, y.order)
		}
		return cmp.Compare(s.all[x.at].ID, s.all[y.at].ID)
	})
	s.rank = nil
	if len(s.all) == 0 || len(s.all) > len(s.whole) {
		out := make([]Change, len(places))
		for i, p := range places {
			out[i] = *s.all[p.at]
		}
		return out
	}
	for i := range s.early {
		s.whole[i] = *s.all[i]
	}
	out := s.whole[:len(s.all):len(s.all)]
	reorder(out, places)
	return out
}

// reorder puts the changes in the order of the places, each moved once, and
// uses the places up.
func reorder(cs []Change, places []place) {
	for i := range places {
		if int(places[i].at) == i {
			continue
		}
		first := cs[i]
		to := i
		for {
			from := int(places[to].at)
			places[to].at = int32(to)
			if from == i {
				cs[to] = first
				break
			}
			cs[to] = cs[from]
			to = from
		}
	}
}

// on notes where the change that was made last happens.
func (s *changeSet) on(g *group) {
	c := s.all[len(s.all)-1]
	c.On = g.ext
	s.rank[len(s.all)-1] = g.rank
}

// by notes which row asks for a change and at which cells; cells that are not
// filled are left out.
func (s *changeSet) by(c *Change, w *work, cells ...Cell) {
	if c.Rows == nil {
		c.Rows = s.rows.take(1)
	}
	if !slices.Contains(c.Rows, int(w.i)) {
		c.Rows = append(c.Rows, int(w.i))
		slices.Sort(c.Rows)
	}
	list := c.Cells.appendTo(s.cells[:0])
	for _, cell := range cells {
		if !cell.IsZero() && !slices.Contains(list, cell) {
			list = append(list, cell)
		}
	}
	if len(list) == 0 {
		list = append(list, w.row.At)
	}
	s.cells = list
	s.setCells(c, list)
}

// setCells notes the cells that ask for a change. It puts them in order.
func (s *changeSet) setCells(c *Change, list []Cell) {
	slices.SortFunc(list, Cell.Compare)
	if s.columns == nil {
		s.columns = cellSharer{}
	}
	c.Cells = s.columns.of(list)
}

// rowChanges are the changes that each row asks for.
type rowChanges struct {
	from []int32 // where a row's begin in all; one more than there are rows
	all  []*Change
}

// askedBy lists for each of n rows the changes that it asks for, in the order of
// their making.
func (s *changeSet) askedBy(n int) rowChanges {
	r := rowChanges{from: make([]int32, n+1)}
	for _, c := range s.all {
		for _, i := range c.Rows {
			r.from[i+1]++
		}
	}
	for i := range n {
		r.from[i+1] += r.from[i]
	}
	r.all = make([]*Change, r.from[n])
	next := slices.Clone(r.from)
	for _, c := range s.all {
		for _, i := range c.Rows {
			r.all[next[i]] = c
			next[i]++
		}
	}
	return r
}

// by are the changes of the i-th row.
func (r *rowChanges) by(i int) []*Change { return r.all[r.from[i]:r.from[i+1]] }

// after lists a change that must have ended first, once.
func (c *Change) after(o *Change) {
	if o != c && !slices.Contains(c.Follows(), o.ID) && !slices.Contains(c.DependsOn(), o.ID) {
		order := c.order()
		order.Follows = append(order.Follows, o.ID)
	}
}

// needs lists a change that must succeed first, once.
func (c *Change) needs(o *Change) {
	if o == c || slices.Contains(c.DependsOn(), o.ID) {
		return
	}
	order := c.order()
	order.Follows = slices.DeleteFunc(order.Follows, func(id string) bool { return id == o.ID })
	order.DependsOn = append(order.DependsOn, o.ID)
}
