package plan

import "cmp"

// backTo is the emergency address of before as a target, or why it can't be
// set again: an address that was refused, or whose ERL can't be used, never
// is, as an ambulance would be sent there.
func (u *undoer) backTo(e *Emergency) (to *EmergencyTarget, why string) {
	switch {
	case e == nil:
		return nil, "the plan does not say which emergency address it had"
	case e.LocationID == "" && e.Address.Street == "":
		return nil, "it had no emergency address, and one can't be taken away"
	case e.AddressStatus == statusInvalid || e.AddressStatus == statusDeprovisioned:
		return nil, "its old emergency address was " + e.AddressStatus + " and is not set again"
	case !u.s.Account.ERLRegime && e.AddressStatus == statusProvisioning:
		return nil, "its old emergency address was never confirmed and is not set again"
	case !u.s.Account.ERLRegime && e.Address.Street == "":
		return nil, "its old emergency address is known as an emergency response location only, which the account no longer has"
	case !u.s.Account.ERLRegime:
		a, place := e.Address, e.Address
		place.CustomerName = ""
		return &EmergencyTarget{Address: &a, Place: place}, ""
	case e.LocationID == "":
		return nil, "it had a plain address, which the account does not take any more"
	case e.Visibility == private:
		return nil, "it had a private location of the user's, which only the user can set"
	}
	l := u.ix.location(e.LocationID)
	name := cmp.Or(e.LocationName, string(e.LocationID))
	switch {
	case l == nil && !u.s.LocationsRead:
		return nil, "the account's emergency response locations were not read"
	case l == nil:
		return nil, "its old emergency response location " + name + " is not on the account any more"
	case !usable(l):
		return nil, "its old emergency response location " + name + " is " + l.state() + " and can't be assigned"
	}
	return &EmergencyTarget{Location: &LocationRef{ID: l.ID, Name: l.Name}, Place: l.Address}, ""
}

// updateBack undoes device PUTs, and finishes lines that were added again.
func (u *undoer) updateBack() {
	for _, p := range u.puts {
		if p.c.Update().Name != nil || p.c.Update().CommonPhone != nil {
			u.phoneBack(p)
		}
	}
	for _, p := range u.puts {
		if p.c.Update().Emergency != nil {
			u.addressBack(p)
		}
	}
	for _, s := range u.seats {
		if s.readd != nil {
			u.finishLine(s)
		}
	}
}

// wishBack is what a phone's own values go back to.
type wishBack struct {
	name   *string
	common *bool
}

// phoneBack gives a phone its old name and flag back: before it is moved away
// where it is on an extension now, else once it is on one again.
func (u *undoer) phoneBack(p put) {
	if meant := u.resolve(p.c.Update().Device); meant != p.dev || u.made[p.dev] != nil || u.gone[p.dev] != nil {
		return // another carrier got the address only; and what the run made goes
	}
	at, ext := u.seatOf[p.dev], ExtensionID("")
	if at != nil {
		ext = at.ext
	}
	if at != nil && at.hop != nil && at.hop.home || at != nil && at.added != nil && !at.goes && u.isFree(p.dev) {
		ext = u.ix.device(p.dev).extension() // moved back already
	}
	d := u.ix.device(p.dev)
	if ok, why := u.liveOn(p.dev, ext); !ok {
		u.leave(p.c, false, why)
		return
	}
	w, why := u.wishesBack(p.c, d, ext != "")
	if why != "" {
		u.leave(p.c, false, why)
	}
	if w.name == nil && w.common == nil {
		return
	}
	if ext != "" {
		u.early[p.dev] = u.putBack(p.c, d, ext, w)
		return
	}
	for _, s := range u.seats {
		if s.hop != nil && s.hop.ok && s.hop.want == p.dev {
			c := u.putBack(p.c, d, s.ext, w)
			for _, swap := range s.hop.swaps {
				c.needs(swap)
			}
			return
		}
	}
	u.leave(p.c, false, "phone "+describe(d)+" lies in the inventory: a phone is renamed on an extension only")
}

// extension is where a device is; empty for none.
func (d *Device) extension() ExtensionID {
	if d == nil {
		return ""
	}
	return d.Extension
}

// wishesBack compares a phone's own values with what the run made of them. The
// flag belongs to a line, so that a phone without one shows none.
func (u *undoer) wishesBack(c *Change, d *Device, onLine bool) (w wishBack, why string) {
	up := c.Update()
	if up.Name != nil && c.Requires().Name == nil {
		why = "what phone " + describe(d) + " was called before is not known"
	}
	if up.Name != nil && c.Requires().Name != nil {
		old := *c.Requires().Name
		switch {
		case d.Name == old:
		case d.Name != *up.Name:
			why = "phone " + describe(d) + " no longer has the name that the run gave it, " + *up.Name
		case old == "":
			why = "phone " + describe(d) + " had no name, and a name can't be emptied"
		default:
			w.name = &old
		}
	}
	if was := c.Before().More().CommonPhone; up.CommonPhone != nil && was != nil {
		if old := *was; !onLine || d.CommonPhone != old {
			w.common = &old
		}
	}
	return w, why
}

// putBack makes the PUT of a phone's own values.
func (u *undoer) putBack(by *Change, d *Device, ext ExtensionID, w wishBack) *Change {
	c := u.change(KindUpdate, ext, []*Change{by}, string(d.ID), "phone")
	ref := DeviceRef{ID: d.ID}
	c.Reason = "the run changed it"
	c.Effect = &UpdateDevice{Device: ref, Name: w.name, CommonPhone: w.common}
	c.Was = &Facts{Device: d.ID, Type: d.Type, Serial: d.Serial, Number: firstNumber(d)}
	c.condition().Holds = []Holding{{Device: ref, Extension: ext}}
	if w.name != nil {
		name := d.Name
		c.Was.Name, c.condition().Name = name, &name
	}
	if w.common != nil {
		common := !*w.common
		c.Was.rare().CommonPhone = &common
		if d.Extension == ext {
			c.condition().CommonPhone = &common
		}
	}
	return c
}

// addressBack gives a line its old emergency address back. It is for whichever
// phone carries the line once the swaps have ended.
func (u *undoer) addressBack(p put) {
	s := p.at
	if s.added != nil || s.removed != nil {
		return // the line goes, or is added again with its address
	}
	carrier := s.after
	if s.hop != nil && s.hop.home {
		carrier = s.before
	}
	if s.stuck {
		u.leave(p.c, true, "the phones that the run swapped stay, and so does their address")
		return
	}
	if ok, why := u.liveOn(carrier, s.ext); !ok {
		u.leave(p.c, true, why)
		return
	}
	d := u.ix.device(carrier)
	old, have := p.c.Before().emergency(), &d.Emergency
	if old != nil && u.sameAddress(old, have) {
		return
	}
	if !u.leftByRun(p.c, have) {
		u.leave(p.c, true, "phone "+describe(d)+" no longer shows the emergency address that the run set, but "+u.b.addressText(have))
		return
	}
	to, why := u.backTo(old)
	if why == "" && to.Address != nil && to.Address.CustomerName == "" && have.Address.CustomerName != "" && u.ix.samePlace(to.Place, have.Address) {
		why = "it had no customer name, and one can't be emptied"
	}
	if why != "" {
		u.leave(p.c, true, why)
		return
	}
	u.putAddress(p.c, s, d, to)
}

// emergency is the fact's emergency address, nil if none is kept.
func (f *Facts) emergency() *Emergency {
	if f == nil {
		return nil
	}
	return f.Emergency
}

// addressText names an emergency address for people.
func (b *builder) addressText(e *Emergency) string {
	if line := b.presentAddress(e).Line(); line != "" {
		return line
	}
	return cmp.Or(e.LocationName, "none")
}

// sameAddress compares two readings of an emergency address.
func (u *undoer) sameAddress(a, b *Emergency) bool {
	if a.LocationID != "" || b.LocationID != "" {
		return a.LocationID == b.LocationID
	}
	return a.Address.CustomerName == b.Address.CustomerName && (a.Address == b.Address || u.ix.samePlace(a.Address, b.Address))
}

// leftByRun reports whether an emergency address is what the run set, or what
// the service made of it.
func (u *undoer) leftByRun(c *Change, have *Emergency) bool {
	r, t := u.results[c.ID], c.Update().Emergency
	if t.Location != nil {
		id := t.Location.ID
		if t.Location.Change != "" {
			id = u.results[t.Location.Change].Location
		}
		return have.LocationID != "" && (have.LocationID == id || have.LocationID == r.Location)
	}
	return u.ix.samePlace(t.Place, have.Address) || u.ix.samePlace(r.Address, have.Address)
}

// putAddress makes the PUT, together with that of the phone's name where both
// concern the same phone at the same time.
func (u *undoer) putAddress(by *Change, s *seat, d *Device, to *EmergencyTarget) {
	present := d.Emergency
	c := u.early[d.ID]
	moves := s.hop != nil && s.hop.ok
	switch {
	case c == nil || moves:
		ref := DeviceRef{ID: d.ID}
		if moves {
			ref.ID = s.hop.want
		}
		c = u.change(KindUpdateEmergency, s.ext, []*Change{by}, string(ref.ID), "address")
		c.Reason = "the run changed its emergency address"
		c.Effect = &UpdateDevice{Device: ref}
		c.Was = &Facts{Device: ref.ID, Number: firstNumber(d)}
		if moves {
			c.Update().Carriers = s.hop.carriers()
			for _, swap := range s.hop.swaps {
				c.after(swap)
			}
		} else {
			c.condition().Holds = []Holding{{Device: ref, Extension: s.ext}}
		}
	default:
		u.charge(c, by)
	}
	c.Update().Emergency, c.condition().Emergency, c.Was.Emergency = to, &present, &present
}

// finishLine makes the PUT after a line was added again, where the new line
// lacks what the add can't set: the customer name, the common-phone flag, and
// the name where the phone is a new one.
func (u *undoer) finishLine(s *seat) {
	back, f := s.readd, s.removed.Before()
	up := &UpdateDevice{Device: DeviceRef{Change: back.add.ID}}
	if back.want != "" {
		up.Device = DeviceRef{ID: back.want}
	} else if f.Name != "" {
		up.Name = &f.Name
	}
	if common := f.More().CommonPhone; common != nil && *common {
		up.CommonPhone = common
	}
	if a := back.em.Address; a != nil && a.CustomerName != "" {
		up.Emergency = &back.em
	}
	if up.Name == nil && up.CommonPhone == nil && up.Emergency == nil {
		return
	}
	kind := KindUpdate
	if up.Name == nil && up.CommonPhone == nil {
		kind = KindUpdateEmergency
	}
	c := u.change(kind, s.ext, s.by, up.Device.key())
	c.Reason = "the run removed the line: an add can't set this"
	c.Effect = up
	c.Was = &Facts{Device: up.Device.ID}
	c.needs(back.add)
	if s.hop != nil {
		for _, swap := range s.hop.swaps {
			c.needs(swap)
		}
	}
	c.condition().Holds = []Holding{{Device: up.Device, Extension: s.ext}}
}
