package plan

// component is a set of exchanges that hang together: a chain that ends at a
// phone of the inventory, or a ring.
type component struct {
	line []*position // each wants the phone of the one after it
	ring bool
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
	good := map[*component]bool{}
	for _, p := range b.line {
		good[p.comp] = good[p.comp] || !p.w.bad
	}
	for _, p := range b.line {
		if good[p.comp] {
			left = append(left, p)
		}
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
		s := b.swap(p, p.holderRef(), p.wantRef(), "")
		s.Was.namePhone(p.holder)
		s.Becomes.namePhone(p.want)
		p.calls = append(p.calls, s)
		b.ch.by(s, p.w, p.w.row.ReplaceWith.Cell)
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
		s := b.swap(p, first.holderRef(), q.holderRef(), q.ext().ID)
		s.Was.namePhone(first.holder)
		s.Becomes.namePhone(q.holder)
		p.calls, q.calls = append(p.calls, s), append(q.calls, s)
		b.ch.by(s, p.w, p.w.row.ReplaceWith.Cell)
		b.ch.by(s, q.w, q.w.row.ReplaceWith.Cell)
		if before != nil {
			s.needs(before)
		}
		before = s
	}
}

func (b *builder) swap(p *position, source, target DeviceRef, targetOn ExtensionID) *Change {
	e := p.ext()
	s := b.ch.add(KindSwap, string(e.ID), string(source.ID), source.Change, string(target.ID), target.key())
	b.ch.on(p.w.g)
	s.Reason = p.w.how
	s.Effect = &SwapDevice{Source: source, Target: target, TargetOn: targetOn}
	s.Was = &Facts{Device: source.ID, Rare: &RareFacts{Target: target.ID, TargetOn: targetOn}}
	s.Becomes = &Facts{Device: target.ID, Rare: &RareFacts{Target: source.ID, TargetOn: targetOn}}
	if p.holder != nil {
		s.Was.Number, s.Was.Emergency = firstNumber(p.holder), &p.holder.Emergency
	}
	s.condition().Holds = []Holding{{Device: source, Extension: e.ID}, {Device: target, Extension: targetOn}}
	return s
}

// namePhone notes what people call the phone of the facts; nil is one that does
// not exist yet.
func (f *Facts) namePhone(d *Device) {
	if d != nil {
		f.Type, f.Name, f.Serial = d.Type, d.Name, d.Serial
	}
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

// carriers are the phones that may be on the line while the component is
// being swapped: its own, the one that comes and, in a ring, the one that is
// carried around.
func (p *position) carriers() []DeviceRef {
	out := []DeviceRef{p.holderRef(), p.wantRef()}
	if p.comp.ring {
		if r := p.comp.line[0].holderRef(); r != out[0] && r != out[1] {
			out = append(out, r)
		}
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
		for _, s := range p.calls {
			u.needs(s)
		}
		b.ch.by(u, p.w, p.w.row.ReplaceWith.Cell)
	}
}
