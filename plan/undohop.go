package plan

import (
	"cmp"
	"slices"
)

// hop brings a seat's old phone back. Hops that hang together form a chain,
// which ends at a phone of the inventory, or a ring; either all of them are
// made or none.
type hop struct {
	s     *seat
	hold  DeviceID // on the seat now; empty: the placeholder of a line that is added again
	want  DeviceID
	from  *seat // the added line whose removal frees the wanted phone
	next  *hop  // holds the wanted phone
	prev  *hop
	swaps []*Change // that touch the seat, in their order
	why   string    // why it can't be made
	home  bool      // the old phone is back already
	seen  bool
	ok    bool
	first *hop // of a ring: the one whose phone is carried around
	begin bool // of a ring: an earlier undo was cut short here
}

// linkHops finds the exchanges that lead back and drops those that can't be
// made.
func (u *undoer) linkHops() {
	var hops []*hop
	for _, s := range u.seats {
		switch {
		case s.added == nil && s.removed == nil && s.before != s.after:
			s.hop = &hop{s: s, hold: s.after, want: s.before}
		case s.readd != nil && s.readd.want != "":
			s.hop = &hop{s: s, want: s.readd.want}
		default:
			continue
		}
		hops = append(hops, s.hop)
	}
	for _, h := range hops {
		u.checkHold(h)
		u.findWanted(h)
	}
	for _, h := range hops {
		if !h.seen {
			u.settleHops(u.unmade(together(h)))
		}
	}
}

// checkHold looks whether the seat still has the phone that the run put there.
func (u *undoer) checkHold(h *hop) {
	if h.hold == "" {
		return
	}
	ok, why := u.liveOn(h.hold, h.s.ext)
	if ok {
		return
	}
	if back, _ := u.liveOn(h.want, h.s.ext); back {
		h.home = true
		return
	}
	h.why = why
}

// findWanted looks where the old phone is.
func (u *undoer) findWanted(h *hop) {
	at := u.seatOf[h.want]
	switch {
	case h.home:
	case u.gone[h.want] != nil:
		h.why = cmp.Or(h.why, "its old phone "+string(h.want)+" was deleted by the run")
	case at == nil:
		if ok, why := u.liveOn(h.want, ""); !ok {
			h.why = cmp.Or(h.why, why)
		}
	case at.hop != nil:
	case at.goes:
		h.from = at
	case at.added != nil && u.isFree(h.want): // its line is gone already
	default:
		h.why = cmp.Or(h.why, "its old phone "+string(h.want)+" is on a line that stays")
	}
	if at != nil && at.hop != nil && at.hop != h {
		h.next, at.hop.prev = at.hop, h
	}
}

// isFree reports whether the device lies in the inventory now.
func (u *undoer) isFree(id DeviceID) bool {
	d := u.ix.device(id)
	return d != nil && d.Extension == ""
}

// together gathers the hops that hang together with one: the chain from its
// head, or the ring.
func together(h *hop) []*hop {
	head := h
	for head.prev != nil && head.prev != h {
		head = head.prev
	}
	if head.prev != nil {
		head = h // a ring begins anywhere
	}
	var line []*hop
	for p := head; p != nil && !p.seen; p = p.next {
		p.seen = true
		line = append(line, p)
	}
	return line
}

// settleHops decides whether a chain or a ring is made.
func (u *undoer) settleHops(line []*hop) {
	why, home := "", 0
	for _, h := range line {
		why = cmp.Or(why, h.why)
		if h.home {
			home++
		}
	}
	if why == "" && home > 0 && home < len(line) {
		why = "only some of the phones that it moved are back where they were"
	}
	if why == "" && home > 0 {
		return
	}
	for _, h := range line {
		if h.ok = why == ""; h.ok {
			continue
		}
		h.s.stuck, h.s.readd = true, nil
		for _, c := range h.s.by {
			u.leave(c, false, why)
		}
	}
}

// swapBack makes the calls of all chains and rings, the least that there can
// be: one for each hop, in a ring one less.
func (u *undoer) swapBack() {
	done := map[*hop]bool{}
	for _, s := range u.seats {
		if s.hop == nil || !s.hop.ok || done[s.hop] {
			continue
		}
		line := allOf(s.hop)
		for _, h := range line {
			done[h] = true
		}
		if line[0].prev != nil {
			u.swapRing(fromBegin(line))
		} else {
			u.swapChain(line)
		}
	}
}

// allOf lists a chain from its head, a ring from the given hop.
func allOf(h *hop) []*hop {
	head := h
	for head.prev != nil && head.prev != h {
		head = head.prev
	}
	if head.prev != nil {
		head = h
	}
	line := []*hop{head}
	for p := head.next; p != nil && p != head; p = p.next {
		line = append(line, p)
	}
	return line
}

// swapChain begins at the inventory's end: each call takes a phone that lies
// there by then.
func (u *undoer) swapChain(line []*hop) {
	var before *Change
	for _, h := range slices.Backward(line) {
		c := u.swap(h, h.holdRef(), DeviceRef{ID: h.want}, "", h.s.by)
		h.swaps = append(h.swaps, c)
		if h.s.readd != nil {
			c.needs(h.s.readd.add)
		}
		if h.from != nil && h.from.remove != nil {
			c.needs(h.from.remove)
		}
		if before != nil {
			c.needs(before)
		}
		before = c
	}
}

// swapRing carries the first seat's phone around the ring.
func (u *undoer) swapRing(line []*hop) {
	var before *Change
	first := line[0]
	for i := range len(line) - 1 {
		p, q := line[i], line[i+1]
		c := u.swap(p, first.holdRef(), q.holdRef(), q.s.ext, slices.Concat(p.s.by, q.s.by))
		p.swaps, q.swaps = append(p.swaps, c), append(q.swaps, c)
		if before != nil {
			c.needs(before)
		}
		before = c
	}
	for _, h := range line {
		h.first = first
	}
}

func (u *undoer) swap(h *hop, source, target DeviceRef, targetOn ExtensionID, by []*Change) *Change {
	c := u.change(KindSwap, h.s.ext, by, source.key(), target.key())
	c.Reason = "the run swapped it"
	if h.s.readd != nil {
		c.Reason = "the run removed the line: its phone comes back"
	}
	c.Effect = &SwapDevice{Source: source, Target: target, TargetOn: targetOn}
	c.Was = &Facts{Device: source.ID, Rare: &RareFacts{Target: target.ID, TargetOn: targetOn}}
	c.Becomes = &Facts{Device: target.ID, Rare: &RareFacts{Target: source.ID, TargetOn: targetOn}}
	c.Was.namePhone(u.ix.device(source.ID))
	c.Becomes.namePhone(u.ix.device(target.ID))
	if d := u.ix.device(h.hold); d != nil {
		e := d.Emergency
		c.Was.Number, c.Was.Emergency = firstNumber(d), &e
	}
	c.condition().Holds = []Holding{{Device: source, Extension: h.s.ext}, {Device: target, Extension: targetOn}}
	return c
}

// holdRef is the phone on the seat before any swap of the undo.
func (h *hop) holdRef() DeviceRef {
	if h.hold == "" {
		return DeviceRef{Change: h.s.readd.add.ID}
	}
	return DeviceRef{ID: h.hold}
}

// carriers are the phones that may be on the seat while it is swapped.
func (h *hop) carriers() []DeviceRef {
	out := []DeviceRef{h.holdRef(), {ID: h.want}}
	if h.first != nil {
		if r := h.first.holdRef(); r != out[0] && r != out[1] {
			out = append(out, r)
		}
	}
	return out
}
