package plan

// sharer keeps what many changes of a plan have in common, so that it is there
// once. What it returns is not changed any more.
type sharer struct {
	shows     map[*EmergencyTarget]*Emergency
	addresses map[string]*EmergencyTarget // by customer and Address.appendKey
	key       []byte                      // room for one
	lines     map[AddLine]*AddLine
	nothing   *Facts        // of a phone that does not exist yet
	alone     *Precondition // of a line that is the first on its extension
}

func newSharer() sharer {
	return sharer{shows: map[*EmergencyTarget]*Emergency{}, addresses: map[string]*EmergencyTarget{}, lines: map[AddLine]*AddLine{}, nothing: new(Facts), alone: &Precondition{ExactlySet: true}}
}

// shown is what a phone with the target will show.
func (s *sharer) shown(t *EmergencyTarget) *Emergency {
	e := s.shows[t]
	if e == nil {
		e = t.shown()
		s.shows[t] = e
	}
	return e
}

// address is a plain address as a target.
func (s *sharer) address(a Address) *EmergencyTarget {
	s.key = a.appendKey(appendText(s.key[:0], a.CustomerName))
	t := s.addresses[string(s.key)]
	if t != nil {
		return t
	}
	t = &EmergencyTarget{Place: a}
	t.Address = &t.Place // both are one where nobody's name is told
	if a.CustomerName != "" {
		t.Address = new(a)
		t.Place.CustomerName = ""
	}
	s.addresses[string(s.key)] = t
	return t
}

// carried is the target as an add carries it: bulk-add has no field for the
// customer's name.
func (s *sharer) carried(t *EmergencyTarget) *EmergencyTarget {
	if t != nil && t.Address != nil && t.Address.CustomerName != "" {
		return s.address(t.Place)
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
		s.lines[a] = l
	}
	return l
}
