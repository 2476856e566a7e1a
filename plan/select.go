package plan

import (
	"slices"
	"strconv"
)

// bundle is what is done as a whole or not at all: rows that share a change, or
// of which one needs a change of another, and their changes.
type bundle struct {
	rows    []int
	changes int // those that count for a limit
	off     deselection
}

// deselection is why a row is left out: the flag that says so.
type deselection uint8

const (
	chosen deselection = iota // it is not left out
	offExtensions
	offRows
	offSite
	offOnly
	offLimit
	offOther // it is done together with another row, which is left out
)

// String is the flag; empty for none.
func (d deselection) String() string {
	return [...]string{offExtensions: "--extensions", offRows: "--rows", offSite: "--site", offOnly: "--only", offLimit: "--limit", offOther: ""}[d]
}

// choose leaves out what is deselected. It comes after everything was
// compared and before anything is counted.
func (b *builder) choose() error {
	if b.o.Select.IsZero() {
		return nil
	}
	c, err := b.newChooser()
	if err != nil {
		return err
	}
	for w := range b.works.all() {
		w.off = b.deselects(c, w)
	}
	if err := b.selectsSomething(c); err != nil {
		return err
	}
	b.asked = b.ch.askedBy(len(b.d.Rows))
	bundles := b.bundles()
	b.limit(bundles, c)
	for _, u := range bundles {
		if u.off != chosen {
			b.leaveBundle(u)
		}
	}
	b.dropChanges()
	b.dropProblems()
	return nil
}

// bundles splits the rows that have changes into bundles, in the order of the
// rows.
func (b *builder) bundles() []*bundle {
	sets := b.rowsTogether()
	of := map[int]*bundle{}
	var out []*bundle
	for i := range b.d.Rows {
		asked := b.asked.by(i)
		if len(asked) == 0 {
			continue
		}
		first := sets.first(i)
		u := of[first]
		if u == nil {
			u = &bundle{}
			of[first] = u
			out = append(out, u)
		}
		u.rows = append(u.rows, i)
		for _, c := range asked {
			if c.Kind != KindCreateLocation && c.Rows[0] == i {
				u.changes++
			}
		}
	}
	return out
}

// rowSets are the rows in sets: of each its own number, or that of an earlier
// row of its set.
type rowSets []int

// first is the first row of a row's set, which stands for it.
func (s rowSets) first(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// join makes one set of the sets of two rows.
func (s rowSets) join(i, j int) {
	i, j = s.first(i), s.first(j)
	s[max(i, j)] = min(i, j)
}

// rowsTogether puts into one set the rows that share a change, or of which one
// needs a change of another.
func (b *builder) rowsTogether() rowSets {
	sets := make(rowSets, len(b.d.Rows))
	for i := range sets {
		sets[i] = i
	}
	byID := make(map[string]*Change, len(b.ch.all))
	for _, c := range b.ch.all {
		byID[c.ID] = c
	}
	for _, c := range b.ch.all {
		if shared(c) || len(c.Rows) == 0 {
			continue
		}
		for _, r := range c.Rows[1:] {
			sets.join(c.Rows[0], r)
		}
		for _, id := range c.DependsOn() {
			if o := byID[id]; o != nil && !shared(o) && len(o.Rows) > 0 {
				sets.join(c.Rows[0], o.Rows[0])
			}
		}
		// Where an extension has a phone, an empty action adds none: the adds of
		// one without are done together.
		for _, id := range c.Follows() {
			if o := byID[id]; c.Kind == KindAdd && o != nil && o.Kind == KindAdd && len(o.Rows) > 0 {
				sets.join(c.Rows[0], o.Rows[0])
			}
		}
	}
	return sets
}

// limit judges the bundles: all rows of one must be selected, and together they
// must not have more changes than the limit.
func (b *builder) limit(bundles []*bundle, c *chooser) {
	room := c.sel.Limit
	var first *bundle // the first one row that would do but is too large
	least := 0        // the changes of the smallest bundle that is too large
	taken := false
	for _, u := range bundles {
		for _, i := range u.rows {
			w := b.works.at(i)
			if w.off == chosen && !c.wanted(w, b.asked.by(i)) {
				w.off = offOnly
			}
			if u.off == chosen {
				u.off = w.off
			}
		}
		if u.off != chosen || c.sel.Limit == 0 {
			continue
		}
		if u.changes <= room {
			room -= u.changes
			taken = true
			continue
		}
		u.off = offLimit
		if least == 0 || u.changes < least {
			least = u.changes
		}
		if first == nil && len(u.rows) == 1 {
			first = u
		}
	}
	switch {
	case taken || least == 0:
	case first == nil:
		b.note("--limit " + strconv.Itoa(c.sel.Limit) + " leaves nothing to do: the rows of a swap are done together, and the smallest needs " + strconv.Itoa(least) + " changes")
	default:
		first.off = chosen
		b.note("--limit " + strconv.Itoa(c.sel.Limit) + " is exceeded: the first row needs " + strconv.Itoa(first.changes) + " changes and is done as a whole")
	}
}

const codeNeedsDeselected = "needs_deselected"

// leaveBundle deselects all rows of a bundle. A row that was selected, but hangs
// together with one that was not, gets a warning.
func (b *builder) leaveBundle(u *bundle) {
	for _, i := range u.rows {
		w := b.works.at(i)
		if w.off != chosen {
			continue
		}
		w.off = u.off
		if u.off == offLimit {
			continue
		}
		for _, j := range u.rows {
			if o := b.works.at(j); o.off != chosen && o.off != offOther && j != i {
				b.warn(w, Cell{}, "", codeNeedsDeselected, "the row is done together with "+o.row.At.String()+" or not at all, and that one is deselected by "+o.off.String())
				w.off = offOther
				break
			}
		}
	}
}

// dropChanges keeps the changes of the rows that are left and what they need.
func (b *builder) dropChanges() {
	keep := make(map[string]bool, len(b.ch.all))
	on := func(c *Change) bool {
		return slices.ContainsFunc(c.Rows, func(r int) bool { return b.works.at(r).off == chosen })
	}
	for _, c := range b.ch.all {
		if !shared(c) && on(c) {
			keep[c.ID] = true
			for _, id := range c.DependsOn() {
				keep[id] = true
			}
		}
		if c.Kind == KindStock && on(c) {
			keep[c.ID] = true
		}
	}
	all, rank := b.ch.all[:0:0], b.ch.rank[:0:0]
	for i, c := range b.ch.all {
		if !keep[c.ID] {
			continue
		}
		gone := func(id string) bool { return !keep[id] }
		if c.Order != nil {
			c.Order.Follows = slices.DeleteFunc(c.Order.Follows, gone)
		}
		if p := c.Precondition; p != nil && len(p.Exactly) > 0 {
			p.Exactly = slices.DeleteFunc(p.Exactly, func(r DeviceRef) bool { return r.Change != "" && gone(r.Change) })
		}
		all, rank = append(all, c), append(rank, b.ch.rank[i])
	}
	b.ch.all, b.ch.rank, b.ch.whole = all, rank, nil
}

// dropProblems drops what was said of deselected rows. Where one was in error,
// a selected row that shares something with it is in error in its place.
func (b *builder) dropProblems() {
	off := map[Cell]bool{}
	bad := 0
	for w := range b.works.all() {
		if w.off != chosen {
			off[w.row.At] = true
			if w.bad {
				bad++
			}
		}
	}
	gone := func(p Problem) bool { return off[p.Cell.Whole()] && p.Code != codeNeedsDeselected }
	b.errors, b.warns = slices.DeleteFunc(b.errors, gone), slices.DeleteFunc(b.warns, gone)
	if bad == 0 {
		return
	}
	verb := " are"
	if bad == 1 {
		verb = " is"
	}
	b.note(strconv.Itoa(bad) + " of the deselected rows" + verb + " in error")
	inError := map[Cell]bool{}
	for _, p := range b.errors {
		inError[p.Cell.Whole()] = true
	}
	for _, c := range b.ch.all {
		if !c.Tainted || shared(c) {
			continue
		}
		for _, r := range c.Rows {
			if w := b.works.at(r); w.off == chosen && !inError[w.row.At] {
				inError[w.row.At] = true
				b.errors = append(b.errors, Problem{Cell: w.row.At, Code: "neighbour_in_error", Message: "the row shares an extension, a device, a number or a swap with a row in error that is deselected"})
			}
		}
	}
}

// leftNote says why a row is deselected.
func (b *builder) leftNote(w *work) string {
	if w.off == offOther {
		return "not selected: it is done together with a row that is deselected"
	}
	return "not selected (" + w.off.String() + ")"
}
