package plan

// component is a set of exchanges that hang together: a chain that ends at a
// phone of the inventory, or a ring.
type component struct {
	line []*position // each wants the phone of the one after it
	ring bool
	// swaps are the calls in the order in which they must be made.
	swaps []*Change
}

// components splits the exchanges into chains and rings. Those whose rows are
// all in error are dropped.
func (b *builder) components() {
	b.dropBadAdds()
	left := b.line[:0]
	for _, head := range b.line {
		if head.prev == nil && head.comp == nil {
			b.gather(head, false)
		}
	}
	for _, p := range b.line {
		if p.comp == nil {
			b.gather(p, true)
		}
	}
	dropped := map[*component]bool{}
	for _, p := range b.line {
		good, seen := false, dropped[p.comp]
		if !seen {
			for _, q := range p.comp.line {
				good = good || !q.w.bad
			}
		}
		if !good {
			dropped[p.comp] = true
			continue
		}
		left = append(left, p)
	}
	b.line = left
}

// dropBadAdds takes the lines of adds in error out of their chains. Such a
// line is always the head: nobody can want a device that does not exist.
func (b *builder) dropBadAdds() {
	out := b.line[:0]
	for _, p := range b.line {
		if p.holder != nil || !p.w.bad {
			out = append(out, p)
			continue
		}
		if p.next != nil {
			p.next.prev = nil
		}
	}
	b.line = out
}

func (b *builder) gather(head *position, ring bool) {
	c := &component{ring: ring}
	for p := head; p != nil && p.comp == nil; p = p.next {
		p.comp = c
		c.line = append(c.line, p)
	}
}

// swapChanges makes the calls of all components.
func (b *builder) swapChanges() {
	done := map[*component]bool{}
	for _, p := range b.line {
		if done[p.comp] {
			continue
		}
		done[p.comp] = true
		if p.comp.ring {
			b.swapRing(p.comp)
		} else {
			b.swapChain(p.comp)
		}
	}
}

// swapChain makes one call for each line, from the inventory's end: each takes
// a phone that lies in the inventory by then, so that a call touches one
// extension only and leaves it with the phone that it shall have.
func (b *builder) swapChain(c *component) {
	var before *Change
	for i := len(c.line) - 1; i >= 0; i-- {
		p := c.line[i]
		s := b.swap(c, p, p.holderRef(), p.wantRef(), "")
		s.by(p.w, p.w.row.ReplaceWith.Cell)
		if p.stocked != nil {
			s.needs(p.stocked)
		}
		if p.w.add != nil {
			s.needs(p.w.add)
		}
		if before != nil {
			s.needs(before)
		}
		before = s
	}
}

// swapRing carries the first line's phone around the ring: each call puts the
// right phone onto one line, the last one onto two. That is one call less
// than there are lines, the least there can be.
func (b *builder) swapRing(c *component) {
	var before *Change
	first := c.line[0]
	for i := range len(c.line) - 1 {
		p, q := c.line[i], c.line[i+1]
		s := b.swap(c, p, first.holderRef(), q.holderRef(), q.ext().ID)
		s.by(p.w, p.w.row.ReplaceWith.Cell)
		s.by(q.w, q.w.row.ReplaceWith.Cell)
		if before != nil {
			s.needs(before)
		}
		before = s
	}
}

func (b *builder) swap(c *component, p *position, source, target DeviceRef, targetOn ExtensionID) *Change {
	e := p.ext()
	s := b.ch.add(KindSwap, string(e.ID), string(source.ID), source.Change, string(target.ID), target.key())
	b.ch.on(p.w.g)
	s.Reason = p.w.how
	s.Swap = &SwapDevice{Source: source, Target: target, TargetOn: targetOn}
	s.Before = &Facts{Device: source.ID, Target: target.ID, TargetOn: targetOn}
	s.After = &Facts{Device: target.ID, Target: source.ID, TargetOn: targetOn}
	if p.holder != nil {
		s.Before.Number = firstNumber(p.holder)
		e := p.holder.Emergency
		s.Before.Emergency = &e
	}
	s.Precondition.Holds = []Holding{{Device: source, Extension: e.ID}, {Device: target, Extension: targetOn}}
	c.swaps = append(c.swaps, s)
	return s
}

// holderRef is the phone on the line before any swap.
func (p *position) holderRef() DeviceRef {
	if p.holder != nil {
		return DeviceRef{ID: p.holder.ID}
	}
	return DeviceRef{Change: p.w.add.ID}
}

// wantRef is the phone that comes onto the line.
func (p *position) wantRef() DeviceRef {
	if p.stocked != nil {
		return DeviceRef{Change: p.stocked.ID, Slot: p.slotNo}
	}
	return DeviceRef{ID: p.want.ID}
}

// calls are the swaps that touch the position's extension.
func (p *position) calls() []*Change {
	var out []*Change
	for _, s := range p.comp.swaps {
		if s.Extension == p.ext().ID || s.Swap.TargetOn == p.ext().ID {
			out = append(out, s)
		}
	}
	return out
}

// carriers are the phones that may be on the line while the component is
// being swapped.
func (p *position) carriers() []DeviceRef {
	if !p.comp.ring {
		return []DeviceRef{p.holderRef(), p.wantRef()}
	}
	out := make([]DeviceRef, len(p.comp.line))
	for i, q := range p.comp.line {
		out[i] = q.holderRef()
	}
	return out
}

// placeholderChanges delete the devices of adds whose replacement has come.
func (b *builder) placeholderChanges() {
	for _, p := range b.line {
		if !p.placeholder {
			continue
		}
		var before *Facts
		if p.holder != nil {
			before = factsOf(p.holder)
		}
		u := b.deletion(p.holderRef(), before)
		u.Reason = "placeholder of the added line"
		u.Uncounted = true
		for _, s := range p.calls() {
			u.needs(s)
		}
		u.by(p.w, p.w.row.ReplaceWith.Cell)
	}
}
