package plan_test

import (
	"cmp"
	"slices"
	"strings"

	"provision/plan"
)

// refWish is what a row says of the emergency address, understood.
type refWish struct {
	none   bool
	wrong  string // in any case
	needed string // what is wrong if the address is not as wished already
	loc    *plan.Location
	make   bool // a new location
	name   string
	addr   plan.Address
}

const ambiguousLocation = "several locations fit"

// wishOf reads the emergency columns.
func (f *reference) wishOf(r *refRow) refWish {
	w := refWish{name: r.Location.Text}
	if w.name == "keep" {
		w.name = ""
		if r.HasAddress() {
			w.wrong = "keep and an address"
		}
	}
	if w.none = w.name == "" && !r.HasAddress(); w.none {
		return w
	}
	if r.HasAddress() {
		a := r.Address
		a.CustomerName = ""
		a.Country = plan.CanonicalCountry(cmp.Or(a.Country, f.o.Country))
		a.State = plan.CanonicalState(a.Country, a.State)
		if a.Street == "" || a.City == "" || a.Zip == "" || a.Country == "" || a.State == "" {
			w.wrong = "the address is not whole"
			return w
		}
		w.addr = a
	}
	if !f.s.Account.ERLRegime {
		if !r.HasAddress() {
			w.wrong = "a name says no place here"
		}
		return w
	}
	f.location(r, &w)
	return w
}

// location finds the location that is meant, among those of the company.
func (f *reference) location(r *refRow, w *refWish) {
	if id, ok := strings.CutPrefix(w.name, "id:"); ok {
		w.loc = &plan.Location{ID: plan.LocationID(id)}
		w.needed = "there is no location of that id"
		for i := range f.s.Locations {
			l := &f.s.Locations[i]
			if string(l.ID) != id {
				continue
			}
			w.loc, w.needed = l, ""
			switch {
			case w.addr.Street != "" && !plan.SamePlace(l.Address, w.addr):
				w.wrong = "the location of that id is elsewhere"
			case l.AddressStatus != "Valid" || l.UsageStatus != "Active":
				w.needed = "the location can't be used"
			}
		}
		return
	}
	var named, here, good []*plan.Location
	for i := range f.s.Locations {
		l := &f.s.Locations[i]
		at := w.addr.Street == "" || plan.SamePlace(l.Address, w.addr)
		if w.name != "" && !same(l.Name, w.name) || w.name == "" && !at {
			continue
		}
		named = append(named, l)
		if at && l.AddressStatus == "Valid" && l.UsageStatus == "Active" {
			good = append(good, l)
			if l.Site == "" || l.Site == r.ext.Site {
				here = append(here, l)
			}
		}
	}
	elsewhere := w.name != "" && w.addr.Street != "" && len(named) > 0 && !slices.ContainsFunc(named, func(l *plan.Location) bool { return plan.SamePlace(l.Address, w.addr) })
	switch {
	case elsewhere:
		w.wrong = "the location of that name is elsewhere"
	case len(here) == 1:
		w.loc = here[0]
	case len(here) > 1 || w.name != "" && len(good) > 1:
		w.needed = ambiguousLocation
	case w.name != "" && len(good) == 1:
		w.loc = good[0]
	case w.name != "" && len(named) > 0:
		w.loc, w.needed = named[0], "the location can't be used"
	case w.addr.Street == "":
		w.needed = "there is no such location"
	default:
		w.make = true
	}
}

// met reports whether an emergency address is as the row wishes.
func (f *reference) met(r *refRow, e *plan.Emergency) bool {
	w := f.wishOf(r)
	if !f.s.Account.ERLRegime {
		return (w.addr.Street == "" || plan.SamePlace(e.Address, w.addr)) && (!r.CustomerName.IsSet() || r.CustomerName.Text == e.Address.CustomerName)
	}
	private := e.Visibility == "Private"
	switch {
	case w.none, w.loc != nil && e.LocationID == w.loc.ID:
		return true
	case w.name != "" && w.loc != nil:
		return private && plan.SamePlace(e.Address, w.loc.Address)
	case w.name != "" && w.addr.Street != "":
		return private && plan.SamePlace(e.Address, w.addr)
	case w.name != "" && w.needed == ambiguousLocation:
		return false // which of them was meant can't be told, also where one is there
	case w.name != "":
		return e.LocationID != "" && same(e.LocationName, w.name)
	}
	refused := e.AddressStatus == "Invalid" || e.AddressStatus == "Deprovisioned"
	return plan.SamePlace(e.Address, w.addr) && (w.loc == nil || !refused)
}

// emergencyText is what a phone's address shall be, and says so.
func (f *reference) emergencyText(r *refRow, e *plan.Emergency, customer bool) string {
	w := f.wishOf(r)
	switch {
	case !f.s.Account.ERLRegime:
		a := w.addr
		if a.Street == "" {
			a = e.Address
		}
		a.CustomerName = ""
		if customer {
			return a.Line() + "|" + cmp.Or(r.CustomerName.Text, e.Address.CustomerName)
		}
		return a.Line() + "|"
	case w.make:
		return "new " + f.newName(w)
	}
	return string(w.loc.ID)
}

// newName is what a new location is called: as a row of its place says, else
// by the address.
func (f *reference) newName(w refWish) string {
	for _, o := range f.rows {
		if o.ext == nil || o.bad != "" {
			continue
		}
		if x := f.wishOf(o); x.make && x.name != "" && plan.SamePlace(x.addr, w.addr) && f.setsAddress(o) {
			return x.name
		}
	}
	parts := slices.DeleteFunc([]string{w.addr.Street, w.addr.Street2, w.addr.City}, func(s string) bool { return s == "" })
	return strings.Join(parts, ", ")
}

// setsAddress reports whether the row changes an address.
func (f *reference) setsAddress(r *refRow) bool {
	switch r.does {
	case "add":
		return true
	case "keep":
		return !f.met(r, &r.dev.Emergency)
	}
	return false
}

// wish checks what a row wishes of its phone.
func (f *reference) wish(r *refRow) {
	switch r.does {
	case "remove":
		if !r.DeviceID.IsSet() && (sharedPhone(r.dev) || len(r.dev.Lines) > 1) {
			r.fail("such a phone is removed by its id")
		}
		for _, o := range f.rows {
			if f.knownBySource(o, r.dev) && (r.KeepAssets == plan.KeepNumber || r.KeepAssets == plan.KeepNone) {
				r.fail("a swap row knows its line by it")
			}
		}
	case "add":
		f.wishAdd(r)
	case "keep":
		f.wishKeep(r)
	}
}

func (f *reference) wishAdd(r *refRow) {
	if _, ok := f.number(r); !ok {
		r.fail("no number")
	}
	if _, ok := f.costCenter(r); !ok {
		r.fail("no such cost center")
	}
	if w := f.wishOf(r); w.none || w.wrong != "" || w.needed != "" {
		r.fail("no emergency address")
	}
	if r.CommonPhone.Text == "yes" && r.ext.Type != "Limited" {
		r.fail("no common phones here")
	}
}

// number is where an added line's number comes from.
func (f *reference) number(r *refRow) (string, bool) {
	var sources []string
	if r.AreaCode.IsSet() || r.TollType.IsSet() {
		sources = append(sources, "area="+r.AreaCode.Text+" toll="+r.TollType.Text)
	}
	for _, v := range []plan.Value{r.PhoneNumber, r.PhoneNumberID} {
		if !v.IsSet() {
			continue
		}
		text := ""
		for _, n := range f.s.Numbers {
			if n.Usage == "Inventory" && n.Status == "Normal" && n.Type != "FaxOnly" && (n.Number == r.PhoneNumber.Text || string(n.ID) == r.PhoneNumberID.Text) {
				text = "id=" + string(n.ID)
			}
		}
		known := slices.ContainsFunc(f.s.Numbers, func(n plan.Number) bool { return n.Number == r.PhoneNumber.Text })
		held := len(f.devices(func(d *plan.Device) bool { return hasNumber(d, r.PhoneNumber.Text) })) > 0
		if text == "" && r.PhoneNumber.IsSet() && !known && !held && f.o.OrderNumbers {
			text = "order=" + r.PhoneNumber.Text
		}
		sources = append(sources, text)
	}
	if len(sources) != 1 {
		return "", false
	}
	return sources[0], sources[0] != ""
}

func (f *reference) costCenter(r *refRow) (plan.CostCenterID, bool) {
	if !r.CostCenter.IsSet() {
		return "", true
	}
	var byID, byName, byCode []plan.CostCenterID
	for _, c := range f.s.CostCenters {
		switch t := r.CostCenter.Text; {
		case string(c.ID) == t:
			byID = append(byID, c.ID)
		case same(c.Name, t):
			byName = append(byName, c.ID)
		case c.Code != "" && same(c.Code, t):
			byCode = append(byCode, c.ID)
		}
	}
	for _, found := range [][]plan.CostCenterID{byID, byName, byCode} {
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return "", false
}

func (f *reference) wishKeep(r *refRow) {
	w := f.wishOf(r)
	if w.wrong != "" {
		r.fail(w.wrong)
		return
	}
	if t := r.target; r.trades && r.exchange && t != nil && t.Extension != "" && !r.Location.IsSet() && !r.HasAddress() {
		from, to := &r.dev.Emergency, &t.Emergency
		if from.Address.Street != "" && to.Address.Street != "" && (from.LocationID == "" || from.LocationID != to.LocationID) && !plan.SamePlace(from.Address, to.Address) {
			r.fail("where the phones will be is not said")
		}
	}
	set := f.setsAddress(r)
	if set {
		switch {
		case w.needed != "":
			r.fail(w.needed)
		case r.dev.Emergency.Visibility == "Private" && r.Action != plan.ActionUpdate:
			r.fail("the user's own location")
		case !f.s.Account.ERLRegime && w.addr.Street == "" && r.dev.Emergency.Address.Street == "":
			r.fail("a customer name without an address")
		case f.bound(r, w):
			r.fail("the line takes no such address, or not on this device")
		}
	}
	name, common := f.differs(r)
	serial, model := f.sets(r)
	written := serial != "" || model != ""
	if r.CommonPhone.IsSet() && r.ext.Type != "Limited" && (r.CommonPhone.Text == "yes" || f.lineCommon(r)) {
		r.fail("no common phones here")
	}
	unfinished := r.dev.Name == "" || same(r.dev.Name, r.ext.Name) || r.dev.Emergency.Address.Street == "" || written && r.dev.Serial == ""
	if r.Action == plan.ActionAdd && !r.exchange && (set || name || common || written) && !unfinished {
		r.fail("that is an update")
	}
}

// bound reports whether the line's address can't be the wished one: it is set on
// the line's main device only, or the line takes none of another country.
func (f *reference) bound(r *refRow, w refWish) bool {
	d := r.dev
	if d.Emergency.Editable == "MainDevice" && (d.LinePooling == "Guest" || slices.ContainsFunc(d.Lines, func(l plan.Line) bool { return l.Type == "BlaSecondary" })) {
		return true
	}
	to := w.addr.Country
	if w.loc != nil {
		to = w.loc.Address.Country
	}
	return to == "CA" && slices.ContainsFunc(d.Lines, func(l plan.Line) bool { return l.LocalOnly })
}

func (f *reference) lineCommon(r *refRow) bool {
	switch {
	case r.does == "keep" && !r.exchange:
		return r.dev.CommonPhone
	case r.target != nil:
		return r.target.CommonPhone
	}
	return false
}

// differs reports whether name and common-phone setting of the line's phone
// are to be changed.
func (f *reference) differs(r *refRow) (name, common bool) {
	shown := ""
	switch {
	case r.does == "keep" && !r.exchange:
		shown = r.dev.Name
	case r.target != nil:
		shown = r.target.Name
	}
	return r.name != "" && r.name != shown, r.CommonPhone.IsSet() && (r.CommonPhone.Text == "yes") != f.lineCommon(r)
}
