package plan

import (
	"maps"
	"slices"
)

// Needs is what a snapshot must have read so that [Build] can answer every
// question that the rows ask.
type Needs struct {
	// Extensions are the numbers of the extensions whose phones count,
	// partners of ext: included, sorted.
	Extensions []string
	// AllExtensions: the phones of every extension that can have one count.
	AllExtensions bool
	// NoDevices: no device is asked about.
	NoDevices bool
	// EmailList are the addresses that name an extension where the row has no
	// extension number; the phones of these count too.
	EmailList []string
	// All: the phones of all extensions count, whatever Extensions says.
	All bool
	// Emails: the extensions' e-mail addresses are compared.
	Emails bool
	// Numbers: a row may need the account's phone numbers, a Heavy call. See
	// [NumbersNeeded] for the answer once the phones are known.
	Numbers bool
	// CostCenters: a row names a cost center.
	CostCenters bool
	// Locations: a row states an emergency address or location.
	Locations bool
	// Sites: a row names a site.
	Sites bool
	// AccountDevices: a row asks about unassigned devices by something else
	// than their id, which only the account-wide list can answer.
	AccountDevices bool
	// UnassignedDevices are device ids that may be unassigned or on an
	// extension that no row names: those that no list shows are to be asked
	// for one by one.
	UnassignedDevices []DeviceID
}

// NeedsOf tells what the snapshot must read for these rows.
func NeedsOf(d Desired) Needs {
	var n Needs
	exts, emails, devs := map[string]bool{}, map[string]bool{}, map[DeviceID]bool{}
	for i := range d.Rows {
		r := &d.Rows[i]
		if r.Extension.IsSet() {
			exts[r.Extension.Text] = true
		} else if r.Email.IsSet() {
			emails[r.Email.Text] = true
		}
		n.Emails = n.Emails || r.Email.IsSet()
		n.Sites = n.Sites || r.Site.IsSet() || r.ReplaceWith.Form == ReplaceInventory && r.ReplaceWith.Arg != ""
		switch r.Action {
		case ActionStock:
			n.AccountDevices, n.Sites = true, true
		case ActionUnstock:
			n.AccountDevices = n.AccountDevices || r.DeviceID.Text == ""
			if r.DeviceID.IsSet() {
				devs[DeviceID(r.DeviceID.Text)] = true
			}
		case ActionRemove, ActionIgnore:
		case ActionEnsure, ActionAdd, ActionUpdate, ActionSwap:
			n.ofLine(r, exts, devs)
		}
	}
	n.Extensions = slices.SortedFunc(maps.Keys(exts), CompareNumeric)
	n.EmailList = slices.Sorted(maps.Keys(emails))
	n.UnassignedDevices = slices.SortedFunc(maps.Keys(devs), CompareNumeric)
	return n
}

// ofLine adds what a row needs that says how a line shall be.
func (n *Needs) ofLine(r *Row, exts map[string]bool, devs map[DeviceID]bool) {
	if r.DeviceID.IsSet() {
		devs[DeviceID(r.DeviceID.Text)] = true
	}
	if r.Location.IsSet() && r.Location.Text != locationKeep || r.HasAddress() {
		n.Locations = true
	}
	if r.Action == ActionEnsure || r.Action == ActionAdd {
		n.Numbers = n.Numbers || r.PhoneNumber.IsSet() || r.PhoneNumberID.IsSet()
		n.CostCenters = n.CostCenters || r.CostCenter.IsSet()
	}
	switch r.ReplaceWith.Form {
	case ReplaceID:
		devs[DeviceID(r.ReplaceWith.Arg)] = true
	case ReplaceExtension:
		exts[r.ReplaceWith.Arg] = true
	case ReplaceSerial, ReplaceName, ReplaceInventory:
		n.AccountDevices = true
	case ReplaceNone, ReplaceNew:
	}
	// A source that was swapped away is where no row looks.
	if r.Action == ActionSwap && r.Serial.IsSet() {
		n.AccountDevices = true
	}
}

// NumbersNeeded reports whether a row asks for a number that none of its
// extension's phones has, so that the account's numbers must be read. It
// looks at the snapshot's extensions and devices only.
func NumbersNeeded(d Desired, s Snapshot) bool {
	have := make(map[string]bool, len(s.Devices))
	for i := range s.Devices {
		if s.Devices[i].Extension == "" {
			continue
		}
		for _, l := range s.Devices[i].Lines {
			have[l.Number] = true
			have["id:"+string(l.NumberID)] = true
		}
	}
	for i := range d.Rows {
		r := &d.Rows[i]
		if r.Invalid || r.Action != ActionEnsure && r.Action != ActionAdd {
			continue
		}
		if r.PhoneNumber.IsSet() && !have[r.PhoneNumber.Text] || r.PhoneNumberID.IsSet() && !have["id:"+r.PhoneNumberID.Text] {
			return true
		}
	}
	return false
}
