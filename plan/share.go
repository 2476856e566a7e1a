package plan

// sharer keeps what many changes of a plan have in common, so that it is there
// once. What it returns is not changed any more.
type sharer struct {
	shows     map[*EmergencyTarget]*Emergency
	addresses map[Address]*EmergencyTarget
	lines     map[AddLine]*AddLine
	facts     map[addedLine]*Facts
	nothing   *Facts        // of a phone that does not exist yet
	alone     *Precondition // of a line that is the first on its extension
}

func newSharer() sharer {
	return sharer{shows: map[*EmergencyTarget]*Emergency{}, addresses: map[Address]*EmergencyTarget{}, lines: map[AddLine]*AddLine{}, facts: map[addedLine]*Facts{}, nothing: new(Facts), alone: &Precondition{ExactlySet: true}}
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
	t := s.addresses[a]
	if t == nil {
		own, place := a, a // made here, as a parameter that is pointed to would be made on every call
		place.CustomerName = ""
		t = &EmergencyTarget{Address: &own, Place: place}
		s.addresses[a] = t
	}
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

// addedLine tells lines apart that have neither a name nor a number of their own.
type addedLine struct {
	deviceType string
	emergency  *EmergencyTarget
}

// added is what an added line shall be. One with a name or a number is like no
// other.
func (s *sharer) added(deviceType, name string, from NumberSource, em *EmergencyTarget) *Facts {
	key := addedLine{deviceType, em}
	own := name != "" || from.Number != "" || from.NumberID != ""
	if f := s.facts[key]; f != nil && !own {
		return f
	}
	f := &Facts{Type: deviceType, Name: name, Number: from.Number, Emergency: s.shown(em)}
	f.setRare(RareFacts{NumberID: from.NumberID})
	if !own {
		s.facts[key] = f
	}
	return f
}
