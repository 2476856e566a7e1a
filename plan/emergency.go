package plan

import (
	"cmp"
	"slices"
	"strings"
)

// States of emergency locations and addresses (API reference,
// listEmergencyLocations and readDevice).
const (
	statusValid         = "Valid"
	statusInvalid       = "Invalid"
	statusProvisioning  = "Provisioning"
	statusDeprovisioned = "Deprovisioned"
	usageInactive       = "Inactive"
	formatActual        = "Actual"
	private             = "Private"
	editableMainDevice  = "MainDevice"
)

// readWish finds what a text means.
func (b *builder) readWish(t emText, hasAddress bool) *emWish {
	wish, settled := b.readStated(t, hasAddress)
	if settled {
		return wish
	}
	switch {
	case !b.s.Account.ERLRegime:
		if hasAddress {
			wish.stated.Address = &wish.stated.Place // both are one where nobody's name is told
		} else {
			wish.fail(false, "location_without_address", "the account has no emergency response locations: a name alone says no place, fill street to country")
		}
	case !b.s.LocationsRead:
		wish.fail(!wish.byName, "snapshot_incomplete", "the account's emergency response locations were not read")
	case strings.HasPrefix(t.location, "id:"):
		b.locationByID(wish, LocationID(strings.TrimPrefix(t.location, "id:")))
	case wish.byName:
		b.locationByName(wish, t)
	default:
		b.locationByPlace(wish, t)
	}
	return wish
}

// readStated finds what of a text holds on every account. The second result
// tells that this is all: nothing is wished, or something is wrong.
func (b *builder) readStated(t emText, hasAddress bool) (wish *emWish, settled bool) {
	wish = &emWish{none: t.location == "" && !hasAddress, keep: t.location == locationKeep, byName: t.location != "" && t.location != locationKeep}
	if wish.none || wish.keep && !hasAddress {
		return wish, true
	}
	if wish.keep {
		wish.fail(true, "keep_with_address", "emergency_location=keep and an address contradict each other")
		return wish, true
	}
	if hasAddress {
		wish.stated = &EmergencyTarget{Place: b.completeAddress(wish, t.addr)}
	}
	return wish, len(wish.said().wrong) > 0
}

func (e *emWish) fail(atAddress bool, code, msg string) {
	e.say().wrong = append(e.say().wrong, emProblem{atAddress: atAddress, code: code, message: msg})
}

// failPart is a problem that one column of the address has by itself.
func (e *emWish) failPart(part, code, msg string) {
	e.say().wrong = append(e.say().wrong, emProblem{atAddress: true, part: part, code: code, message: msg})
}

func (e *emWish) failIfNeeded(atAddress bool, code, msg string) {
	e.say().needed = append(e.say().needed, emProblem{atAddress: atAddress, code: code, message: msg})
}

// completeAddress canonicalises the address and refuses one that lacks a part
// or that no one can live at.
func (b *builder) completeAddress(wish *emWish, a Address) Address {
	a.Country = CanonicalCountry(cmp.Or(a.Country, b.o.Country))
	a.State = CanonicalState(a.Country, a.State)
	var missing []string
	for _, p := range []struct {
		name, value string
		must        bool
	}{
		{"street", a.Street, true}, {"city", a.City, true}, {"state", a.State, needsState(a.Country)},
		{"zip", a.Zip, true}, {"country", a.Country, true},
	} {
		if p.must && p.value == "" {
			missing = append(missing, p.name)
		}
	}
	switch {
	case len(missing) > 0:
		wish.fail(true, "address_incomplete", "the address lacks "+strings.Join(missing, ", ")+": street to country are one value")
	case !isAlpha2(a.Country):
		wish.failPart("country", "country_unknown", "country "+a.Country+" is not known: give the ISO code")
	case isPostBox(a):
		wish.fail(true, "address_po_box", "a P.O. box is no place that an ambulance can go to")
	case !stateKnown(a.Country, a.State):
		wish.failPart("state", "state_unknown", a.State+" is no state of "+a.Country+": give its code or its name")
	case !postcodeFits(a.Country, a.Zip):
		wish.failPart("zip", "zip_malformed", "zip "+a.Zip+" is no postcode of "+a.Country)
	}
	return a
}

// usable tells the locations that may be assigned.
func usable(l *Location) bool {
	return l.AddressStatus == statusValid && l.UsageStatus != usageInactive && (l.FormatStatus == "" || l.FormatStatus == formatActual) && l.Visibility != private
}

// state says for people why a location can't be used.
func (l *Location) state() string {
	switch {
	case l.AddressStatus != statusValid:
		return cmp.Or(l.AddressStatus, "not validated")
	case l.UsageStatus == usageInactive:
		return l.UsageStatus
	case l.Visibility == private:
		return "a private location"
	default:
		return "in an " + strings.ToLower(l.FormatStatus) + " address format"
	}
}

func (b *builder) locationByID(wish *emWish, id LocationID) {
	l := b.ix.location(id)
	switch {
	case l == nil:
		wish.loc = &Location{ID: id}
		wish.failIfNeeded(false, "location_unknown", "no emergency response location has the id "+string(id))
		return
	case wish.addr().Street != "" && !b.ix.samePlace(l.Address, wish.addr()):
		wish.fail(false, "location_elsewhere", "location "+l.Name+" is at "+l.Address.Line()+", not at "+wish.addr().Line())
		return
	case !usable(l):
		wish.failIfNeeded(false, "location_unusable", "location "+l.Name+" is "+l.state()+" and can't be assigned")
	}
	wish.loc = l
}

func (b *builder) locationByName(wish *emWish, t emText) {
	named := slices.DeleteFunc(slices.Clone(b.ix.locationsNamed(t.location)), func(l *Location) bool { return l.Visibility == private })
	if len(named) == 0 {
		if wish.addr().Street != "" {
			wish.fresh, wish.name = true, t.location
			return
		}
		wish.name = t.location
		wish.failIfNeeded(false, "location_unknown", "no emergency response location is called "+t.location+"; with an address in the row it would be made")
		return
	}
	if wish.addr().Street != "" {
		at := slices.DeleteFunc(slices.Clone(named), func(l *Location) bool { return !b.ix.samePlace(l.Address, wish.addr()) })
		if len(at) == 0 {
			wish.fail(false, "location_elsewhere", "location "+named[0].Name+" is at "+named[0].Address.Line()+", not at "+wish.addr().Line())
			return
		}
		named = at
	}
	good, local := b.assignable(named, t.site)
	switch {
	case len(local) == 1:
		wish.loc = local[0]
	case len(local) > 1:
		b.ambiguous(wish, false, local)
	case len(good) == 1:
		wish.loc = good[0]
		wish.say().remark = "location " + good[0].Name + " belongs to another site, " + cmp.Or(good[0].SiteName, string(good[0].Site))
	case len(good) > 1:
		b.ambiguous(wish, false, good)
	default:
		wish.loc = named[0]
		wish.failIfNeeded(false, "location_unusable", "location "+named[0].Name+" is "+named[0].state()+" and can't be assigned")
	}
}

// assignable are the locations that may be assigned, and those of them at the
// site or at none.
func (b *builder) assignable(ls []*Location, site SiteID) (good, local []*Location) {
	for _, l := range ls {
		if usable(l) {
			good = append(good, l)
			if l.Site == "" || l.Site == site {
				local = append(local, l)
			}
		}
	}
	return good, local
}

func (b *builder) ambiguous(wish *emWish, atAddress bool, ls []*Location) {
	parts := make([]string, len(ls))
	for i, l := range ls {
		parts[i] = l.Name + " (id:" + string(l.ID) + ")"
		if !atAddress {
			parts[i] += " at " + l.Address.Line()
		}
	}
	slices.Sort(parts)
	wish.failIfNeeded(atAddress, "location_ambiguous", "several emergency response locations fit: "+strings.Join(parts, "; ")+": say in emergency_location which, by id where the names are alike")
}

func (b *builder) locationByPlace(wish *emWish, t emText) {
	at := b.ix.locationsAt(wish.addr())
	_, local := b.assignable(at, t.site)
	switch len(local) {
	case 1:
		wish.loc = local[0]
		return
	case 0:
	default:
		b.ambiguous(wish, true, local)
		return
	}
	for _, l := range at {
		// To make it once more while it is being validated would leave two.
		if l.AddressStatus == statusProvisioning && l.UsageStatus != usageInactive && l.Visibility != private && (l.Site == "" || l.Site == t.site) {
			wish.failIfNeeded(true, "location_pending", "location "+l.Name+" of this place is still being validated: plan again when it is Valid")
			return
		}
	}
	wish.fresh = true
}

// presentAddress is the address that an emergency record stands for.
func (b *builder) presentAddress(e *Emergency) Address {
	if e.Address.Street == "" && e.LocationID != "" {
		if l := b.ix.location(e.LocationID); l != nil {
			return l.Address
		}
	}
	return e.Address
}

// emergencyMet reports whether a phone's present emergency address is what
// the row wishes.
func (b *builder) emergencyMet(w *work, present *Emergency) bool {
	wish := b.emergencyOf(w)
	customer := w.row.CustomerName.Text
	switch {
	case !b.s.Account.ERLRegime:
		return (wish.addr().Street == "" || b.ix.samePlace(present.Address, wish.addr())) && (customer == "" || present.Address.CustomerName == customer)
	case wish.none || wish.keep:
		return true
	case wish.loc != nil && present.LocationID == wish.loc.ID:
		return true
	case wish.byName:
		// A name picks one of several locations of a place. The user's own
		// location at that very place is as good.
		at := wish.addr()
		if wish.loc != nil {
			at = wish.loc.Address
		}
		if at.Street == "" {
			return wish.name != "" && present.LocationID != "" && sameName(present.LocationName, wish.name)
		}
		return present.Visibility == private && b.ix.samePlace(b.presentAddress(present), at)
	case !b.ix.samePlace(b.presentAddress(present), wish.addr()):
		return false
	default:
		// At the place; but a location that is refused gives way to a good one.
		return wish.loc == nil || present.AddressStatus != statusInvalid && present.AddressStatus != statusDeprovisioned
	}
}

// raise puts the row in error for problems of its wish.
func (b *builder) raise(w *work, ps []emProblem) {
	for _, p := range ps {
		if p.atAddress {
			cell, value := b.addressPart(w.row, p.part)
			b.fail(w, cell, value, p.code, p.message)
		} else {
			b.failValue(w, w.row.Location, p.code, p.message)
		}
	}
}

// addressPart is the cell of one of our columns of a row's address and what
// stands there; of the address as a whole where the row has nothing there.
func (b *builder) addressPart(r *Row, part string) (Cell, string) {
	if part != "" && r.Sheet < len(b.d.Sheets) { // rows may come without what is known of their sheet
		s := &b.d.Sheets[r.Sheet]
		if i := slices.Index(s.Mapping, part); i >= 0 && i < min(len(r.Raw), len(s.Header)) && r.Raw[i] != "" {
			return r.At.In(i+1, s.Header[i]), r.Raw[i]
		}
	}
	return r.AddressCell, r.Address.Line()
}

// emergencyTarget is what an emergency address shall become; nil if the row
// is in error. A new location is filled in by [builder.settlePlaces].
func (b *builder) emergencyTarget(w *work, present *Emergency) *EmergencyTarget {
	wish := b.emergencyOf(w)
	b.raise(w, wish.said().needed)
	if w.bad {
		return nil
	}
	if !b.s.Account.ERLRegime {
		return b.plainTarget(w, present)
	}
	// Rows of a wish, and rows that go to one location, share a target, which is
	// not changed once it is settled.
	if wish.fresh {
		if wish.stated.Location == nil {
			wish.stated.Location = &LocationRef{Name: wish.name}
		}
		b.wantPlace(w, wish)
		return wish.stated
	}
	if remark := wish.said().remark; remark != "" {
		b.warn(w, w.row.Location.Cell, w.row.Location.Text, "location_other_site", remark)
	}
	return b.share.location(wish.loc)
}

// plainTarget is the address that a phone shall have where the account has no
// locations; nil if the row is in error.
func (b *builder) plainTarget(w *work, present *Emergency) *EmergencyTarget {
	wish := b.emergencyOf(w)
	customer := cmp.Or(w.row.CustomerName.Text, present.Address.CustomerName)
	if customer == "" && wish.stated != nil {
		return wish.stated
	}
	a := wish.addr()
	if wish.stated == nil {
		a = present.Address
	}
	if a.Street == "" {
		b.failValue(w, w.row.CustomerName, "customer_name_without_address", "the phone has no emergency address that the customer name could go to: fill street to country")
		return nil
	}
	a.CustomerName = customer
	return b.share.address(a)
}

// mayReplace judges whether the row may put another address in place of the
// present one of a device.
func (b *builder) mayReplace(w *work, d *Device, present *Emergency, to *Address) {
	cell, value := w.row.Location.Cell, w.row.Location.Text
	if w.row.HasAddress() {
		cell, value = w.row.AddressCell, w.row.Address.Line()
	}
	if present.Visibility == private && w.row.Action != ActionUpdate {
		b.fail(w, cell, value, "private_location", "the user set a private location, "+cmp.Or(present.LocationName, b.presentAddress(present).Line())+": replacing it needs action update")
	}
	if present.Editable == editableMainDevice && !ownsLine(d) {
		b.fail(w, cell, value, "main_device_only", "the address of device "+describe(d)+" can be changed on the line's main device only")
	}
	home := CanonicalCountry(cmp.Or(b.s.Account.Country, b.presentAddress(present).Country))
	for _, l := range d.Lines {
		if l.LocalOnly && home != "" && to.Country != "" && CanonicalCountry(to.Country) != home {
			b.fail(w, cell, value, "address_not_local", "the line "+l.Number+" takes addresses of "+home+" only")
			return
		}
	}
}

// ownsLine reports whether the device is the main one of its line.
func ownsLine(d *Device) bool {
	if d.LinePooling == "Guest" {
		return false
	}
	for _, l := range d.Lines {
		if l.Type == "BlaSecondary" {
			return false
		}
	}
	return true
}
