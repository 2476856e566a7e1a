package plan_test

import (
	"cmp"
	"fmt"
	"maps"
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

// prune finds the phones that are taken off because no row mentions them. It is
// all or nothing: one row in error or left over, and nothing is.
func (f *reference) prune() {
	site, ofSite := strings.CutPrefix(f.o.Prune, plan.PruneSite)
	if f.o.Prune == "" || f.pruneRefused(ofSite) {
		return
	}
	for i := range f.s.Extensions {
		e := &f.s.Extensions[i]
		listed := slices.ContainsFunc(f.rows, func(r *refRow) bool { return r.ext == e })
		if !ofSite && !listed || ofSite && e.Site != f.siteCalled(site) {
			continue
		}
		if e.Type != "User" && e.Type != "Limited" || e.Status == "Disabled" || e.Status == "Frozen" {
			continue
		}
		for _, d := range f.unclaimed(e) {
			if !f.mentioned(e, d) && !sharedPhone(d) && len(d.Lines) < 2 {
				f.pruned = append(f.pruned, d)
			}
		}
	}
}

func (f *reference) pruneRefused(ofSite bool) bool {
	later := slices.ContainsFunc(f.rows, func(r *refRow) bool { return r.later })
	return later || len(f.invalid()) > 0 || ofSite && !f.s.DevicesComplete
}

// mentioned reports whether some row names the phone, by whatever, or spares it.
func (f *reference) mentioned(e *plan.Extension, d *plan.Device) bool {
	return slices.ContainsFunc(f.rows, func(r *refRow) bool {
		spares := r.Action == plan.ActionIgnore && r.ext == e && !r.DeviceID.IsSet() && !r.Serial.IsSet() && !r.PhoneNumber.IsSet() && !r.DeviceName.IsSet()
		return spares || r.DeviceID.Text == string(d.ID) || r.target == d || r.gone == d || r.ReplaceWith.Form == plan.ReplaceID && r.ReplaceWith.Arg == string(d.ID) ||
			d.Serial != "" && same(r.Serial.Text, d.Serial) ||
			// Which phone the inventory gave for the source that is gone can't be told.
			r.ext == e && r.trades && r.reached && r.target == nil && couldBe(r, d)
	})
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

// numbersOnce: a number goes to one line.
func (f *reference) numbersOnce() {
	var bad []*refRow
	for _, a := range f.rows {
		for _, b := range f.rows {
			if a != b && a.bad == "" && b.bad == "" && a.does == "add" && b.does == "add" {
				x, _ := f.number(a)
				y, _ := f.number(b)
				if x == y && !strings.HasPrefix(x, "area") {
					bad = append(bad, a)
				}
			}
		}
	}
	for _, r := range bad {
		r.fail("a number is asked for twice")
	}
}

// linesAgree: rows for the lines of one phone say the same of it.
func (f *reference) linesAgree() {
	for _, a := range f.rows {
		for _, b := range f.rows {
			if a == b || a.dev == nil || a.dev != b.dev || a.does != "keep" || b.does != "keep" || a.bad != "" || b.bad != "" {
				continue
			}
			x, y := f.wishOf(a), f.wishOf(b)
			if !f.s.Account.ERLRegime {
				x.name, y.name = "", ""
			}
			differ := func(s, t string) bool { return s != "" && t != "" && s != t }
			place := !x.none && !y.none && (x.loc != y.loc || x.loc == nil && (!plan.SamePlace(x.addr, y.addr) || !same(x.name, y.name)))
			_, m := f.sets(a)
			_, o := f.sets(b)
			if differ(a.serialSaid(), b.serialSaid()) || differ(string(m), string(o)) || differ(a.name, b.name) || differ(a.CommonPhone.Text, b.CommonPhone.Text) || differ(a.CustomerName.Text, b.CustomerName.Text) || place {
				a.fail("the rows of a phone disagree")
				b.fail("the rows of a phone disagree")
			}
		}
	}
}

// sumUp lists what the account shall become.
func (f *reference) sumUp() {
	made, puts := map[string]bool{}, map[string]map[string]string{}
	f.each(func(r *refRow) {
		if r.off != "" {
			return
		}
		switch r.does {
		case "add":
			number, _ := f.number(r)
			cost, _ := f.costCenter(r)
			f.effects = append(f.effects, fmt.Sprintf("add %s %s %s cost=%s at %s", r.ext.Number, cmp.Or(r.DeviceType.Text, plan.TypeOtherPhone), number, cost, f.emergencyText(r, &plan.Emergency{}, false)))
		case "remove":
			f.effects = append(f.effects, fmt.Sprintf("remove %s release=%t", r.dev.ID, r.KeepAssets == plan.KeepNone))
			if r.KeepAssets == plan.KeepNumber {
				f.effects = append(f.effects, "unstock "+string(r.dev.ID))
			}
		case "unstock":
			f.effects = append(f.effects, "unstock "+string(r.dev.ID))
		}
		if r.does == "add" || r.does == "keep" {
			f.put(r, puts)
			if w := f.wishOf(r); w.make && f.setsAddress(r) && f.s.Account.ERLRegime {
				made["create "+f.newName(w)] = true
			}
		}
		if r.exchange {
			f.effects = append(f.effects, "line "+r.ext.Number+" "+r.comes)
			if r.placeholder && r.does == "keep" {
				f.effects = append(f.effects, "unstock "+string(r.dev.ID))
			} else if r.placeholder {
				f.effects = append(f.effects, "unstock added "+r.ext.Number)
			}
		}
	})
	for _, d := range f.pruned {
		f.effects = append(f.effects, fmt.Sprintf("remove %s release=false", d.ID))
	}
	f.effects = append(f.effects, slices.Collect(maps.Keys(made))...)
	for phone, set := range puts {
		f.effects = append(f.effects, fmt.Sprintf("put %s %v", visible(phone), set))
	}
	f.effects = append(f.effects, fmt.Sprintf("%d swaps", f.fewestSwaps()))
	slices.Sort(f.effects)
}

// phoneOf names the phone that the row's line has in the end. What is not
// visible of it tells two apart that are called the same.
func (f *reference) phoneOf(r *refRow) string {
	switch {
	case r.exchange:
		return r.ext.Number + " " + r.comes + "\x00" + r.At.String()
	case r.dev != nil:
		return r.ext.Number + " " + string(r.dev.ID)
	}
	return fmt.Sprintf("%s added %s\x00%s", r.ext.Number, r.name, r.At)
}

func visible(phone string) string {
	phone, _, _ = strings.Cut(phone, "\x00")
	return phone
}

// put gathers what one call says of one phone.
func (f *reference) put(r *refRow, puts map[string]map[string]string) {
	set := map[string]string{}
	name, common := f.differs(r)
	if name {
		set["name"] = r.name
	}
	if common {
		set["common"] = r.CommonPhone.Text
	}
	if r.does == "keep" && f.setsAddress(r) {
		set["at"] = f.emergencyText(r, &r.dev.Emergency, true)
	}
	if r.does == "add" && !f.s.Account.ERLRegime && r.CustomerName.IsSet() {
		set["at"] = f.emergencyText(r, &plan.Emergency{}, true)
	}
	phone := f.phoneOf(r)
	if len(set) > 0 && puts[phone] == nil {
		puts[phone] = map[string]string{}
	}
	for k, v := range set {
		// Of two rows for the lines of one phone, one may say the place and the
		// other the customer's name.
		if k == "at" && puts[phone][k] != "" && !f.s.Account.ERLRegime {
			place, customer, _ := strings.Cut(puts[phone][k], "|")
			mine, my, _ := strings.Cut(v, "|")
			if r.HasAddress() {
				place = mine
			}
			if r.CustomerName.IsSet() {
				customer = my
			}
			v = place + "|" + customer
		}
		puts[phone][k] = v
	}
}

// fewestSwaps: each line that gets a phone of the inventory, directly or
// through others, takes one call; lines that trade among themselves in a ring
// take one less than they are.
func (f *reference) fewestSwaps() int {
	n := 0
	seen := map[*refRow]bool{}
	giver := func(r *refRow) *refRow {
		for _, o := range f.rows {
			if o.exchange && o.bad == "" && r.target != nil && o.dev == r.target {
				return o
			}
		}
		return nil
	}
	f.each(func(r *refRow) {
		if !r.exchange || r.off != "" {
			return
		}
		n++
		ring := []*refRow{r}
		for q := giver(r); q != nil && q != r && len(ring) <= len(f.rows); q = giver(q) {
			ring = append(ring, q)
		}
		if giver(ring[len(ring)-1]) == r && !seen[r] {
			n--
			for _, q := range ring {
				seen[q] = true
			}
		}
	})
	return n
}
