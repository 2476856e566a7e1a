package plan

import (
	"maps"
	"slices"
)

// seat is a phone's place on an extension, as the run found and left it.
type seat struct {
	ext           ExtensionID
	before, after DeviceID  // the phones on it; empty: there was none
	added         *Change   // the run added it
	removed       *Change   // the run removed it
	by            []*Change // the run's changes that moved its phone
	number        string    // of an added line
	hop           *hop      // how its old phone comes back
	readd         *lineBack // how it is added again
	goes          bool      // added and to be removed
	remove        *Change   // the undo's removal
	stuck         bool      // what the run moved stays so
}

// put is a device PUT that the run made: the phone, and where it was then.
type put struct {
	c   *Change
	dev DeviceID
	at  *seat
}

// replay follows what the run did, change by change in an order that their
// dependencies allow, so that for each seat and each device both ends are
// known.
func (u *undoer) replay() {
	for _, c := range inOrder(u.p.Changes) {
		r := u.results[c.ID]
		switch {
		case r.Unknown:
			u.leave(c, false, "whether the run made it could not be told: look at the account")
		case r.Done:
			u.follow(c, r)
		}
	}
}

func (u *undoer) follow(c *Change, r Result) {
	switch c.Kind {
	case KindCreateLocation:
		u.leave(c, false, "the emergency response location stays: no call of this program deletes one")
	case KindStock:
		for _, id := range r.Devices {
			u.made[id] = c
		}
	case KindAdd:
		if r.Device == "" {
			u.leave(c, false, "the journal does not name the phone that it made")
			return
		}
		s := &seat{ext: c.ExtensionID(), after: r.Device, added: c, number: r.Number, by: []*Change{c}}
		u.made[r.Device], u.seatOf[r.Device] = c, s
		u.seats = append(u.seats, s)
	case KindSwap:
		u.followSwap(c, r)
	case KindRemove:
		s := u.seatOn(c.Remove().Device, c.ExtensionID())
		s.removed, s.after, s.by = c, "", append(s.by, c)
		delete(u.seatOf, c.Remove().Device)
	case KindUnstock:
		id := u.resolve(c.Unstock().Device)
		u.gone[id] = c
		if u.made[id] == nil {
			u.leave(c, false, "a deleted device can't be brought back: a new slot would be another device")
		}
	case KindSetSerial: // see hardwareBack
	case KindUpdate, KindUpdateEmergency:
		dev := r.Device
		if dev == "" {
			dev = u.resolve(c.Update().Device)
		}
		if c.ExtensionID() != "" && dev != "" {
			u.puts = append(u.puts, put{c: c, dev: dev, at: u.seatOn(dev, c.ExtensionID())})
		}
	}
}

func (u *undoer) followSwap(c *Change, r Result) {
	source, target := u.resolve(c.Swap().Source), u.resolve(c.Swap().Target)
	if target == "" {
		target = r.Device
	}
	if source == "" || target == "" {
		u.leave(c, false, "the journal does not name the phones that it moved")
		return
	}
	here := u.seatOn(source, c.ExtensionID())
	there := u.seatOf[target]
	if there == nil && c.Swap().TargetOn != "" {
		there = u.seatOn(target, c.Swap().TargetOn)
	}
	here.after, here.by = target, append(here.by, c)
	u.seatOf[target] = here
	if there == nil {
		delete(u.seatOf, source)
		return
	}
	there.after, there.by = source, append(there.by, c)
	u.seatOf[source] = there
}

// seatOn is the place of a device, by then; one that the run did not move yet
// is where the change says.
func (u *undoer) seatOn(dev DeviceID, ext ExtensionID) *seat {
	if s := u.seatOf[dev]; s != nil {
		return s
	}
	s := &seat{ext: ext, before: dev, after: dev}
	u.seats = append(u.seats, s)
	u.seatOf[dev] = s
	return s
}

// inOrder lists the changes so that each comes after those that it waited for.
func inOrder(changes []Change) []*Change {
	byID := make(map[string]*Change, len(changes))
	for i := range changes {
		byID[changes[i].ID] = &changes[i]
	}
	out := make([]*Change, 0, len(changes))
	seen := make(map[*Change]bool, len(changes))
	var visit func(c *Change)
	visit = func(c *Change) {
		if c == nil || seen[c] {
			return
		}
		seen[c] = true
		for _, ids := range [][]string{c.DependsOn(), c.Follows()} {
			for _, id := range ids {
				visit(byID[id])
			}
		}
		out = append(out, c)
	}
	for i := range changes {
		visit(&changes[i])
	}
	return out
}

// liveOn reports whether the device is on the extension now, or unassigned if
// that is empty; if not, why says where it is.
func (u *undoer) liveOn(id DeviceID, ext ExtensionID) (ok bool, why string) {
	d := u.ix.device(id)
	switch {
	case d != nil && d.Extension == ext:
		return true, ""
	case d != nil:
		return false, "phone " + describe(d) + " is " + u.b.whereIs(d) + " now"
	case u.ix.deviceKnown(id):
		return false, "device " + string(id) + " is not on the account any more"
	default:
		return false, "where device " + string(id) + " is now could not be read"
	}
}

// vanished reports whether the device is known to exist no longer.
func (u *undoer) vanished(id DeviceID) bool { return u.ix.device(id) == nil && u.ix.deviceKnown(id) }

// checkLines decides for the lines that the run added or removed whether they
// go back.
func (u *undoer) checkLines() {
	for _, s := range u.seats {
		switch {
		case s.added != nil && s.removed != nil:
		case s.added != nil:
			u.checkAdded(s)
		case s.removed != nil:
			u.checkRemoved(s)
		}
	}
}

// checkAdded looks whether an added line still is as the run left it.
func (u *undoer) checkAdded(s *seat) {
	d := u.ix.device(s.after)
	ok, why := u.liveOn(s.after, s.ext)
	switch {
	case u.vanished(s.after), d != nil && d.Extension == "" && len(d.Lines) == 0:
		return // the line is gone already
	case !ok:
	case len(d.Lines) > 1:
		ok, why = false, "phone "+describe(d)+" has several lines now"
	case s.number != "" && !hasNumber(d, s.number):
		ok, why = false, "phone "+describe(d)+" no longer has the number "+s.number
	}
	if ok {
		s.goes = true
		return
	}
	for _, c := range s.by {
		u.leave(c, false, why)
	}
}

// blank tells a device of the inventory that nobody gave a serial or a line.
func blank(d *Device) bool { return d.Extension == "" && d.Serial == "" && len(d.Lines) == 0 }

// sortedMade are the devices that the run made, by id.
func (u *undoer) sortedMade() []DeviceID {
	return slices.SortedFunc(maps.Keys(u.made), CompareNumeric[DeviceID])
}
