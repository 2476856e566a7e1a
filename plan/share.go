package plan

// remembered is how many of a kind planning remembers to find the same again.
// Where there are more, the memory would cost what it saves: it begins anew.
const remembered = 1 << 12

// remember notes an entry of a memory.
func remember[K comparable, V any](m map[K]V, key K, v V) {
	if len(m) == remembered {
		clear(m)
	}
	m[key] = v
}

// sharer keeps what many changes of a plan have in common, so that it is there
// once. What it returns is not changed any more.
type sharer struct {
	shows     map[*EmergencyTarget]*Emergency
	addresses map[Address]*EmergencyTarget
	locations map[*Location]*EmergencyTarget
	lines     map[AddLine]*AddLine
	nothing   *Facts        // of a phone that does not exist yet
	alone     *Precondition // of a line that is the first on its extension
}

func newSharer() sharer {
	return sharer{
		shows: map[*EmergencyTarget]*Emergency{}, addresses: map[Address]*EmergencyTarget{}, locations: map[*Location]*EmergencyTarget{}, lines: map[AddLine]*AddLine{},
		nothing: new(Facts), alone: &Precondition{ExactlySet: true},
	}
}

// shown is what a phone with the target will show.
func (s *sharer) shown(t *EmergencyTarget) *Emergency {
	e := s.shows[t]
	if e == nil {
		e = t.shown()
		remember(s.shows, t, e)
	}
	return e
}

// address is a plain address as a target, which may have a customer's name.
func (s *sharer) address(a Address) *EmergencyTarget {
	t := s.addresses[a]
	if t == nil {
		t = &EmergencyTarget{Place: a, Address: new(a)}
		t.Place.CustomerName = ""
		remember(s.addresses, a, t)
	}
	return t
}

// location is a location as a target.
func (s *sharer) location(l *Location) *EmergencyTarget {
	t := s.locations[l]
	if t == nil {
		t = &EmergencyTarget{Location: &LocationRef{ID: l.ID, Name: l.Name}, Place: l.Address}
		remember(s.locations, l, t)
	}
	return t
}

// line is a line to be added. One with a number of its own is shared by
// nobody.
func (s *sharer) line(a AddLine) *AddLine {
	if a.Number.Number != "" || a.Number.NumberID != "" {
		return new(a)
	}
	l := s.lines[a]
	if l == nil {
		l = new(a)
		remember(s.lines, a, l)
	}
	return l
}
