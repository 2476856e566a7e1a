package plan

import (
	"cmp"
	"slices"
)

// lineBack is how a removed line is added again.
type lineBack struct {
	number *Number
	em     EmergencyTarget
	typ    string
	want   DeviceID // the old phone, which lies in the inventory; empty: the line gets a new one
	add    *Change
}

// checkRemoved looks whether a removed line can be added again: its number
// must lie in the inventory and its old address must be good.
func (u *undoer) checkRemoved(s *seat) {
	c := s.removed
	f := c.Before()
	leave := func(why string) {
		for _, c := range s.by {
			u.leave(c, false, why)
		}
	}
	switch {
	case !c.Remove().KeepAssets:
		leave("number and device were given up for good")
		return
	case f == nil || f.Number == "":
		leave("the plan does not say which number it had")
		return
	case f.More().Lines > 1 || f.More().Special:
		leave("the phone had several lines, was shared or a hot-desk phone: such a phone can't be made again")
		return
	}
	if d := u.ix.byNumber(f.Number); d != nil && d.Extension == s.ext {
		return // the line is there again
	}
	number, why := u.freeNumber(f.Number)
	if why == "" {
		why = u.takesLines(s.ext)
	}
	em, bad := u.backTo(f.Emergency)
	if why = cmp.Or(why, bad); why != "" {
		leave(why)
		return
	}
	back := &lineBack{number: number, em: *em, typ: TypeOtherPhone}
	if f.Type == TypeWebRTC {
		back.typ = TypeWebRTC
	}
	switch {
	case u.gone[c.Remove().Device] != nil, u.vanished(c.Remove().Device):
		u.notes["extension "+c.ExtensionNumber()+": number "+f.Number+" gets a new device, as the old one was deleted"] = true
	case !swappable(f.Type):
		u.notes["extension "+c.ExtensionNumber()+": number "+f.Number+" gets a new device, as a "+f.Type+" can't be swapped; the old one stays in the inventory"] = true
	default:
		back.want = c.Remove().Device
	}
	s.readd = back
}

// freeNumber finds a number in the inventory.
func (u *undoer) freeNumber(e164 string) (n *Number, why string) {
	n = u.ix.number(e164)
	holder := u.ix.byNumber(e164)
	switch {
	case holder != nil:
		return nil, "number " + e164 + " is held by device " + describe(holder) + " " + u.b.whereIs(holder) + " now"
	case n == nil && !u.s.NumbersRead:
		return nil, "the account's phone numbers were not read"
	case n == nil:
		return nil, "number " + e164 + " is not on the account any more"
	case n.Usage != usageInventory || n.Status != statusNormal:
		return nil, "number " + e164 + " is not free: it is " + n.Usage + ", " + n.Status
	}
	return n, ""
}

// takesLines says why an extension can't get a line; empty if it can.
func (u *undoer) takesLines(id ExtensionID) string {
	e := u.ix.extByID(id)
	switch {
	case e == nil:
		return "the extension is not on the account any more"
	case e.Type != "User" && e.Type != "Limited":
		return "extension " + e.Number + " is of type " + e.Type + " now"
	case e.Status == "Disabled" || e.Status == "Frozen":
		return "extension " + e.Number + " is " + e.Status + " now"
	case !u.ix.phonesKnown(id):
		return "the phones of extension " + e.Number + " were not read"
	}
	return ""
}

// addLines adds removed lines again, one after the other on an extension: each
// states the exact set of devices that the ones before it leave.
func (u *undoer) addLines() {
	made := map[ExtensionID][]*Change{}
	for _, s := range u.seats {
		if s.readd == nil {
			continue
		}
		back, f := s.readd, s.removed.Before()
		c := u.change(KindAdd, s.ext, s.by, back.number.Number)
		c.Reason = "the run removed the line"
		c.Effect = &AddLine{DeviceType: back.typ, Emergency: &back.em, Number: NumberSource{NumberID: back.number.ID, Number: back.number.Number}}
		if a := back.em.Address; a != nil {
			bare := *a
			bare.CustomerName = "" // bulk-add has no field for it
			c.Add().Emergency = &EmergencyTarget{Location: back.em.Location, Address: &bare, Place: back.em.Place}
		}
		c.Becomes = &Facts{Type: back.typ, Name: f.Name, Number: back.number.Number, Emergency: back.em.shown()}
		c.Becomes.setRare(RareFacts{NumberID: back.number.ID})
		must := c.condition()
		must.ExactlySet = true
		for i := range u.s.Devices {
			if d := &u.s.Devices[i]; d.Extension == s.ext {
				must.Exactly = append(must.Exactly, DeviceRef{ID: d.ID})
			}
		}
		earlier := made[s.ext]
		for _, o := range earlier {
			must.Exactly = append(must.Exactly, DeviceRef{Change: o.ID})
		}
		if len(earlier) > 0 {
			c.after(earlier[len(earlier)-1])
		}
		made[s.ext] = append(earlier, c)
		back.add = c
		u.notes["no call reads or sets the cost center of an existing line: lines that are added again have none"] = true
	}
}

// removeLines takes the added lines off again. The number goes to the
// inventory; with ReleaseNumbers one that the run ordered is given up, unless
// the line has a phone by now that is to stay.
func (u *undoer) removeLines() {
	for _, s := range u.seats {
		if !s.goes {
			continue
		}
		d := u.ix.device(s.after)
		c := u.change(KindRemove, s.ext, s.by, string(d.ID))
		ordered := s.added.Add().Number.NumberID == ""
		release := u.o.Guards.ReleaseNumbers && ordered && u.made[d.ID] == s.added && !u.wanted(d.ID)
		c.Reason = "the run added the line"
		c.Effect = &RemoveLine{Device: d.ID, KeepAssets: !release}
		c.Was, c.Becomes = factsOf(d), &Facts{Device: d.ID}
		c.condition().Holds = []Holding{{Device: DeviceRef{ID: d.ID}, Extension: s.ext}}
		c.Uncounted = true
		s.remove = c
		switch {
		case release:
		case ordered && u.o.Guards.ReleaseNumbers:
			u.notes["number "+firstNumber(d)+" stays in the inventory: its phone "+string(d.ID)+" is not the run's, and would be given up with it"] = true
		case ordered:
			u.notes["numbers of added lines stay in the inventory; --release-numbers gives those up that the run ordered"] = true
		}
	}
}

// wanted reports whether a hop takes the phone.
func (u *undoer) wanted(id DeviceID) bool {
	return slices.ContainsFunc(u.seats, func(s *seat) bool { return s.hop != nil && s.hop.ok && s.hop.want == id })
}

// deleteMade deletes what the run made and nothing needs any more: devices of
// added lines and slots, and the placeholders of lines that were added again.
func (u *undoer) deleteMade() {
	for _, id := range u.sortedMade() {
		u.deleteDevice(id, u.made[id])
	}
	for _, s := range u.seats {
		if s.hop == nil || !s.hop.ok || s.readd == nil {
			continue
		}
		c := u.deletion(DeviceRef{Change: s.readd.add.ID}, nil, s.by)
		c.Reason = "placeholder of the line that is added again"
		for _, swap := range s.hop.swaps {
			c.needs(swap)
		}
	}
}

func (u *undoer) deleteDevice(id DeviceID, by *Change) {
	s, d := u.seatOf[id], u.ix.device(id)
	var after []*Change
	switch {
	case u.gone[id] != nil || d == nil && u.ix.deviceKnown(id):
		return
	case s != nil && s.goes:
		if !s.remove.Remove().KeepAssets {
			return // the removal takes the device along
		}
		after = []*Change{s.remove}
	case s != nil && s.hop != nil && s.hop.ok && s.hop.prev == nil:
		after = s.hop.swaps
	case d != nil && blank(d):
	default:
		if s == nil || !s.stuck {
			_, why := u.liveOn(id, "")
			u.leave(by, false, cmp.Or(why, "device "+string(id)+" has a serial by now"))
		} else {
			u.leave(by, false, "device "+string(id)+" stays on its line")
		}
		return
	}
	c := u.deletion(DeviceRef{ID: id}, factsOf(d), []*Change{by})
	c.Reason = "the run made the device"
	for _, o := range after {
		c.needs(o)
	}
}

// deletion makes the change that deletes an unassigned device of the run's or
// of the undo's own making.
func (u *undoer) deletion(ref DeviceRef, before *Facts, by []*Change) *Change {
	c := u.change(KindUnstock, "", by, ref.key())
	c.Effect = &DeleteDevice{Device: ref}
	c.Was, c.Uncounted = before, true
	c.condition().Holds = []Holding{{Device: ref}}
	return c
}

// order lets what changes an extension's set of devices follow its adds, and
// what moves a phone follow its last update.
func (u *undoer) order() {
	adds := map[ExtensionID][]*Change{}
	for _, c := range u.ch.all {
		if c.Kind == KindAdd {
			adds[c.ExtensionID()] = append(adds[c.ExtensionID()], c)
		}
	}
	for _, c := range u.ch.all {
		var moved []DeviceID
		switch {
		case c.Swap() != nil:
			moved = []DeviceID{c.Swap().Source.ID, c.Swap().Target.ID}
		case c.Remove() != nil:
			moved = []DeviceID{c.Remove().Device}
		default:
			continue
		}
		for _, id := range moved {
			if e := u.early[id]; e != nil && id != "" {
				c.after(e)
			}
		}
		for _, ext := range []ExtensionID{c.ExtensionID(), targetExtension(c)} {
			if ext == "" {
				continue
			}
			for _, a := range adds[ext] {
				c.after(a)
			}
		}
	}
}
