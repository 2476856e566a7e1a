package plan

import "slices"

// This file finds what an undo that was cut short has left of its chain or
// ring. Such an undo goes the way that swapChain and swapRing lay, so that its
// half-way states can be told from phones that people moved.

// unmade drops the hops that an earlier undo made from a chain or ring, and
// ties the rest together; what fits no half-way state comes back as it is.
func (u *undoer) unmade(line []*hop) []*hop {
	if line[0].prev != nil {
		return u.unmadeRing(line)
	}
	return u.unmadeChain(line)
}

// unmadeChain: the chain's end is home, and the phone that this freed lies in
// the inventory.
func (u *undoer) unmadeChain(line []*hop) []*hop {
	n := len(line)
	for n > 0 && line[n-1].home {
		n--
	}
	if n == 0 || n == len(line) || !u.isFree(line[n-1].want) {
		return line
	}
	line[n-1].next, line[n].prev = nil, nil
	return line[:n]
}

// unmadeRing: the ring's begin is home, the next seat has the phone that is
// carried around, and the rest is as the run left it.
func (u *undoer) unmadeRing(line []*hop) []*hop {
	made := 0
	for made < len(line) && line[made].home {
		made++
	}
	carried := line[0].hold
	if made == 0 || made > len(line)-2 || carried == "" {
		return line
	}
	rest := line[made:]
	if on, _ := u.liveOn(carried, rest[0].s.ext); !on || slices.ContainsFunc(rest[1:], func(h *hop) bool { return h.home || h.why != "" }) {
		return line
	}
	last := rest[len(rest)-1]
	line[0].prev, line[made-1].next = nil, nil
	last.next, rest[0].prev = rest[0], last
	rest[0].hold, rest[0].why, rest[0].begin = carried, "", true
	return rest
}

// fromBegin turns a ring so that it begins where an earlier undo stopped.
func fromBegin(line []*hop) []*hop {
	i := slices.IndexFunc(line, func(h *hop) bool { return h.begin })
	if i <= 0 {
		return line
	}
	return slices.Concat(line[i:], line[:i])
}
