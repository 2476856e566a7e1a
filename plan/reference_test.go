package plan_test

import (
	"fmt"
	"slices"
	"strings"

	"provision/plan"
)

// reference is a planner of its own, written from the rules in docs/ for
// clarity: it looks everything up by going through all lists, knows nothing of
// calls and their order, and says what the account shall be like. [plan.Build]
// is compared with it on generated sheets.
type reference struct {
	s    *plan.Snapshot
	o    plan.Options
	rows []*refRow
	// unclear: the rules leave open which of several rows gets a phone.
	unclear bool
	effects []string
	pruned  []*plan.Device
	lacks   map[plan.SiteID]int // slots for stock rows
	// meaningless: no row fits the selection, or a part of it.
	meaningless bool
}

// refRow is a row and what the rules make of it.
type refRow struct {
	*plan.Row
	ext  *plan.Extension
	bad  string // the first thing that is wrong
	does string // add, keep, remove, nothing, stock, unstock; empty: not known yet
	dev  *plan.Device
	line string // the number of the one line that the row means; empty: the whole phone
	name string // what the phone shall be called

	trades         bool // replace_with brings another phone onto a line that exists
	source, target *plan.Device
	gone           *plan.Device // what a removal names and finds in the inventory
	reached        bool
	exchange       bool   // the line gets another phone
	placeholder    bool   // and the one that was there is deleted
	comes          string // the phone that comes
	byName         bool   // has a name only, and nobody is called so
	keyless        bool
	later          bool
	bySlot         bool   // has a serial that no phone has: for the one phone without
	writes         bool   // its serial is what its phone shall have
	off            string // why it is not to be done now
}

func (r *refRow) fail(why string) {
	if r.bad == "" {
		r.bad = why
	}
}

func planByReference(d plan.Desired, s *plan.Snapshot, o plan.Options) *reference {
	f := &reference{s: s, o: o}
	for i := range d.Rows {
		f.rows = append(f.rows, &refRow{Row: &d.Rows[i]})
	}
	f.each(f.shape)
	f.each(f.person)
	f.each(f.byKeys)
	f.each(f.findSource)
	f.each(f.findTarget)
	f.sourcesStayAway()
	f.each(f.trade)
	for i := range s.Extensions {
		f.bySerial(f.of(&s.Extensions[i]))
		f.byUnknownName(f.of(&s.Extensions[i]))
		f.keyless(&s.Extensions[i])
	}
	f.conflicts()
	f.exchanges()
	f.removedButComes()
	f.each(f.wish)
	f.each(f.wishHardware)
	f.serialsOnce()
	f.sourcesKeepNames()
	f.numbersOnce()
	f.linesAgree()
	f.each(f.findableAgain)
	f.each(f.unstock)
	f.prune()
	f.levels()
	f.meaningless = !f.selectRows()
	f.stock()
	f.hardware()
	f.sumUp()
	return f
}

// each goes on with the rows that are not in error so far.
func (f *reference) each(do func(*refRow)) {
	for _, r := range f.rows {
		if r.bad == "" {
			do(r)
		}
	}
}

// invalid lists the rows in error.
func (f *reference) invalid() []int {
	var out []int
	for i, r := range f.rows {
		if r.bad != "" {
			out = append(out, i)
		}
	}
	return out
}

// of lists the good rows of an extension.
func (f *reference) of(e *plan.Extension) []*refRow {
	var out []*refRow
	for _, r := range f.rows {
		if r.ext == e && r.bad == "" {
			out = append(out, r)
		}
	}
	return out
}

func same(a, b string) bool { return strings.EqualFold(a, b) }

func matched(typ string) bool {
	return typ == plan.TypeHardPhone || typ == plan.TypeOtherPhone || typ == plan.TypeWebRTC
}

func tradable(d *plan.Device) bool {
	return d.Type == plan.TypeHardPhone || d.Type == plan.TypeOtherPhone
}

func sharedPhone(d *plan.Device) bool {
	for _, l := range d.Lines {
		if strings.HasPrefix(l.Type, "Bla") {
			return true
		}
	}
	return d.HotDesk || d.LinePooling == "Host" || d.LinePooling == "Guest"
}

func isSlot(d *plan.Device) bool { return d.Type == plan.TypeOtherPhone && d.Serial == "" }

func hasNumber(d *plan.Device, number string) bool {
	return slices.ContainsFunc(d.Lines, func(l plan.Line) bool { return l.Number == number })
}

// shape is what can be said of a row alone.
func (f *reference) shape(r *refRow) {
	source := r.DeviceID.IsSet() || r.Serial.IsSet()
	replaces := r.ReplaceWith.Form != plan.ReplaceNone
	r.trades = replaces && (r.Action == plan.ActionSwap || r.Action == plan.ActionEnsure && source)
	switch r.Action {
	case plan.ActionIgnore:
		r.does = "nothing"
		return
	case plan.ActionStock:
		r.does = "stock"
		if !r.Site.IsSet() || r.QtyCell.IsZero() || replaces {
			r.fail("a stock row says site and quantity")
		}
		return
	case plan.ActionUnstock:
		r.does = "unstock"
		if !source || replaces {
			r.fail("an unstock row names its device")
		}
	case plan.ActionSwap:
		if !source || !replaces {
			r.fail("a swap names source and replacement")
		}
	case plan.ActionUpdate, plan.ActionRemove:
		if replaces {
			r.fail("replace_with belongs to swap and add")
		}
	case plan.ActionAdd, plan.ActionEnsure:
		if r.ReplaceWith.Form == plan.ReplaceNew && !r.trades {
			r.fail("new belongs to a swap")
		}
	}
	if r.Location.Text == "keep" && !r.trades {
		r.fail("keep belongs to a swap")
	}
	if replaces && r.DeviceType.Text == plan.TypeWebRTC {
		r.fail("a WebRTC phone can't be swapped")
	}
}

// person finds whom the row means and compares what it says of them.
func (f *reference) person(r *refRow) {
	if r.does == "stock" || r.does == "unstock" {
		return
	}
	var found []*plan.Extension
	for i := range f.s.Extensions {
		e := &f.s.Extensions[i]
		if r.Extension.IsSet() && e.Number == r.Extension.Text || !r.Extension.IsSet() && r.Email.IsSet() && same(e.Email, r.Email.Text) {
			found = append(found, e)
		}
	}
	if len(found) == 0 && r.Extension.IsSet() {
		// Spreadsheets drop leading zeros.
		for i := range f.s.Extensions {
			if e := &f.s.Extensions[i]; strings.TrimLeft(e.Number, "0") == r.Extension.Text {
				found = append(found, e)
			}
		}
	}
	named := r.Extension.IsSet() || r.Email.IsSet()
	switch {
	case len(found) == 0 && r.Action == plan.ActionIgnore:
		return
	case len(found) == 0 && named && f.o.DeferMissing:
		r.does, r.later = "nothing", true
		return
	case len(found) != 1:
		if r.Action != plan.ActionIgnore {
			r.fail("which extension is meant can't be told")
		}
		return
	}
	r.ext = found[0]
	e := r.ext
	switch {
	case r.Action == plan.ActionIgnore:
	case e.Type != "User" && e.Type != "Limited" || e.Status == "Disabled" || e.Status == "Frozen":
		r.fail("such an extension has no phones")
	case r.Email.IsSet() && !same(r.Email.Text, e.Email), r.UserName.IsSet() && !same(r.UserName.Text, e.Name):
		r.fail("it is somebody else")
	case r.Site.IsSet() && f.siteCalled(r.Site.Text) != e.Site:
		r.fail("it is at another site")
	}
}

// siteCalled is the site of that id, name or code; empty if there is none.
func (f *reference) siteCalled(text string) plan.SiteID {
	for _, s := range f.s.Sites {
		if string(s.ID) == text || same(s.Name, text) || s.Code != "" && same(s.Code, text) {
			return s.ID
		}
	}
	return ""
}

// phones are the extension's phones that rows can mean.
func (f *reference) phones(e *plan.Extension) []*plan.Device {
	return f.devices(func(d *plan.Device) bool { return d.Extension == e.ID && matched(d.Type) })
}

func (f *reference) devices(fits func(*plan.Device) bool) []*plan.Device {
	var out []*plan.Device
	for i := range f.s.Devices {
		if fits(&f.s.Devices[i]) {
			out = append(out, &f.s.Devices[i])
		}
	}
	return out
}

// known reports whether "there is no such device" can be said of an id.
func (f *reference) known(id string) bool {
	return f.s.DevicesComplete || slices.Contains(f.s.Asked, plan.DeviceID(id))
}

// refKey is one key of a row, with the devices it finds.
type refKey struct {
	name, text string
	finds      []*plan.Device
}

// keys looks every key up, the strongest first.
func (f *reference) keys(r *refRow) []refKey {
	var out []refKey
	put := func(name string, v plan.Value, fits func(*plan.Device) bool) {
		if v.IsSet() {
			out = append(out, refKey{name, v.Text, f.devices(fits)})
		}
	}
	put("device_id", r.DeviceID, func(d *plan.Device) bool { return string(d.ID) == r.DeviceID.Text })
	put("serial", r.Serial, func(d *plan.Device) bool { return d.Serial != "" && same(d.Serial, r.Serial.Text) })
	if len(out) == 1 && out[0].name == "serial" && len(out[0].finds) == 0 && r.NewSerial.IsSet() && !r.PhoneNumber.IsSet() &&
		r.Action != plan.ActionRemove && r.Action != plan.ActionIgnore {
		// Once the new serial is written, it finds what the old one found.
		if shown := slices.DeleteFunc(f.phones(r.ext), func(d *plan.Device) bool { return !same(d.Serial, r.NewSerial.Text) }); len(shown) == 1 {
			out[0].finds = shown
		}
	}
	put("phone_number", r.PhoneNumber, func(d *plan.Device) bool {
		// On a row that may add, the number says where a new line's comes from.
		here := d.Extension == r.ext.ID || r.Action != plan.ActionAdd && r.Action != plan.ActionEnsure
		return here && hasNumber(d, r.PhoneNumber.Text)
	})
	put("device_name", r.DeviceName, func(d *plan.Device) bool {
		return d.Extension == r.ext.ID && matched(d.Type) && same(d.Name, r.DeviceName.Text) && (!r.DeviceType.IsSet() || d.Type == r.DeviceType.Text)
	})
	return out
}

// byKeys lets a row with keys find its phone.
func (f *reference) byKeys(r *refRow) {
	if r.ext == nil || r.trades {
		return
	}
	keys := f.keys(r)
	if r.keyless = len(keys) == 0; r.keyless {
		return
	}
	var hit *refKey
	for i := range keys {
		if hit == nil && len(keys[i].finds) > 0 {
			hit = &keys[i]
		}
	}
	first := keys[0]
	switch {
	case r.Action == plan.ActionIgnore:
		if len(first.finds) > 0 && first.finds[0].Extension == r.ext.ID && matched(first.finds[0].Type) {
			r.dev = first.finds[0]
		} else if len(first.finds) > 0 {
			r.gone = first.finds[0]
		}
	case r.Action == plan.ActionRemove && len(first.finds) == 0:
		r.does = "nothing"
	case hit == nil:
		f.noneFound(r, keys)
	default:
		f.phoneFound(r, keys, *hit)
	}
}

// phoneFound judges the phone that the strongest key finds by the others.
func (f *reference) phoneFound(r *refRow, keys []refKey, hit refKey) {
	d := hit.finds[0]
	if len(hit.finds) > 1 {
		r.fail("several phones have the name")
		return
	}
	for _, k := range keys {
		if len(k.finds) > 0 && !slices.Contains(k.finds, d) {
			// Of two phones of one name, or of which one has the new name
			// already, the stronger key tells which is meant.
			if k.name == "device_name" && (same(d.Name, k.text) || r.NewName.IsSet() && same(d.Name, r.NewName.Text)) {
				continue
			}
			if k.name == "device_name" && r.Action == plan.ActionRemove && d.Extension == "" {
				continue // what was removed keeps no name from others
			}
			r.fail("keys find different devices")
			return
		}
	}
	if d.Extension != r.ext.ID {
		if r.Action == plan.ActionRemove && d.Extension == "" {
			r.does, r.gone = "nothing", d
			return
		}
		r.fail("the device is elsewhere")
		return
	}
	if !matched(d.Type) || r.DeviceType.IsSet() && d.Type != r.DeviceType.Text {
		r.fail("the device is of another type")
		return
	}
	for _, k := range keys {
		if len(k.finds) > 0 {
			continue
		}
		switch {
		case k.name == "device_name":
			r.name = k.text
		case k.name == "serial" && r.Action != plan.ActionRemove:
			r.writes = true
		default:
			r.fail("a key does not fit the phone that another finds")
			return
		}
	}
	f.claim(r, d)
	if r.PhoneNumber.IsSet() && (!r.DeviceID.IsSet() || r.Action != plan.ActionRemove) {
		r.line = r.PhoneNumber.Text
	}
}

func (f *reference) claim(r *refRow, d *plan.Device) {
	r.dev, r.does = d, "keep"
	if r.Action == plan.ActionRemove {
		r.does = "remove"
	}
	if r.NewName.IsSet() {
		r.name = r.NewName.Text
	}
}

// noneFound judges a row with keys that find nothing.
func (f *reference) noneFound(r *refRow, keys []refKey) {
	if len(keys) == 1 && keys[0].name == "device_name" && r.NewName.IsSet() {
		var shown []*plan.Device
		for _, d := range f.phones(r.ext) {
			if same(d.Name, r.NewName.Text) && (!r.DeviceType.IsSet() || d.Type == r.DeviceType.Text) {
				shown = append(shown, d)
			}
		}
		if len(shown) == 1 {
			f.claim(r, shown[0])
			return
		}
	}
	switch first := keys[0]; {
	case first.name == "device_id", r.Action == plan.ActionUpdate, first.name == "serial" && !f.o.UnlistedOperations:
		r.fail("no such phone")
	case first.name == "serial" && !r.PhoneNumber.IsSet():
		r.bySlot = true
	case first.name == "serial":
		r.name = r.DeviceName.Text
		f.add(r)
	case first.name == "phone_number":
		r.name = r.DeviceName.Text
		f.add(r)
	default:
		r.byName = true
	}
}

// add makes the row a new line, if it may be one.
func (f *reference) add(r *refRow) {
	if r.Action == plan.ActionEnsure && len(f.phones(r.ext)) > 0 {
		r.fail("a further line needs action add")
		return
	}
	r.does = "add"
	if r.NewName.IsSet() {
		r.name = r.NewName.Text
	}
	if r.name == "" {
		r.name = r.DeviceName.Text
	}
}

// unclaimed are the extension's phones that no row has claimed.
func (f *reference) unclaimed(e *plan.Extension) []*plan.Device {
	return slices.DeleteFunc(f.phones(e), func(d *plan.Device) bool {
		return slices.ContainsFunc(f.rows, func(r *refRow) bool { return r.dev == d && r.bad == "" })
	})
}

// byUnknownName lets names that nobody has claim the only unnamed phone.
func (f *reference) byUnknownName(rows []*refRow) {
	rows = slices.DeleteFunc(rows, func(r *refRow) bool { return !r.byName })
	if len(rows) == 0 {
		return
	}
	unnamed := func(r *refRow) []*plan.Device {
		return slices.DeleteFunc(f.unclaimed(r.ext), func(d *plan.Device) bool {
			return d.Name != "" && !same(d.Name, r.ext.Name) || r.DeviceType.IsSet() && d.Type != r.DeviceType.Text
		})
	}
	if len(rows) > 1 {
		free := slices.DeleteFunc(f.unclaimed(rows[0].ext), func(d *plan.Device) bool { return d.Name != "" && !same(d.Name, rows[0].ext.Name) })
		if len(free) > 1 {
			for _, r := range rows {
				r.fail("which unnamed phone is meant is unclear")
			}
			return
		}
		f.unclear = f.unclear || len(free) == 1
	}
	for _, r := range rows {
		if free := unnamed(r); len(free) == 1 {
			r.name = r.DeviceName.Text
			f.claim(r, free[0])
			continue
		}
		f.add(r)
	}
}

// couldBe reports whether a row without key could mean the phone at all.
func couldBe(r *refRow, d *plan.Device) bool {
	if r.DeviceType.IsSet() && d.Type != r.DeviceType.Text {
		return false
	}
	return !r.trades || tradable(d) && (!r.PhoneNumber.IsSet() || hasNumber(d, r.PhoneNumber.Text))
}

// shows reports whether the phone is already all that the row says.
func (f *reference) shows(r *refRow, d *plan.Device) bool {
	name := r.NewName.Text
	if r.trades {
		name = r.name
	}
	return couldBe(r, d) && (name == "" || name == d.Name) &&
		(!r.NewSerial.IsSet() || same(r.NewSerial.Text, d.Serial)) && (!r.NewModel.IsSet() && !r.Model.IsSet() || f.modelWish(r) == d.ModelID) &&
		(!r.CommonPhone.IsSet() || (r.CommonPhone.Text == "yes") == d.CommonPhone) &&
		(!r.PhoneNumberID.IsSet() || slices.ContainsFunc(d.Lines, func(l plan.Line) bool { return string(l.NumberID) == r.PhoneNumberID.Text })) &&
		(r.trades || r.ReplaceWith.Form == plan.ReplaceNone || r.ReplaceWith.Form == plan.ReplaceInventory || r.target == d) &&
		f.met(r, &d.Emergency)
}

// keyless matches an extension's rows without keys with the phones that are
// left.
func (f *reference) keyless(e *plan.Extension) {
	rows := slices.DeleteFunc(f.of(e), func(r *refRow) bool { return !r.keyless || r.does != "" })
	spared := slices.ContainsFunc(f.rows, func(r *refRow) bool {
		return r.ext == e && r.Action == plan.ActionIgnore && !r.DeviceID.IsSet() && !r.Serial.IsSet() && !r.PhoneNumber.IsSet() && !r.DeviceName.IsSet()
	})
	if spared {
		for _, r := range f.of(e) {
			if r.Action != plan.ActionIgnore && (r.trades || slices.Contains(rows, r)) {
				r.fail("beside a row that ignores what no key names")
			}
		}
		return
	}
	removals := len(slices.DeleteFunc(slices.Clone(rows), func(r *refRow) bool { return r.Action != plan.ActionRemove }))
	if removals > 0 && removals < len(rows) {
		for _, r := range rows {
			f.unclear = f.unclear || r.trades // beside a swap that is done, see claimKeyless
			r.fail("one row keeps and one removes the phone")
		}
		return
	}
	alone := len(rows) == 1
	free := f.unclaimed(e)
	if removals == 0 && len(free) > 0 && (len(rows) != 1 || len(free) != 1) {
		rows = f.mostShown(rows, free)
		free = f.unclaimed(e)
	}
	wanted := map[*plan.Device][]*refRow{}
	var adds []*refRow
	for _, r := range rows {
		mine := slices.DeleteFunc(slices.Clone(free), func(d *plan.Device) bool { return !couldBe(r, d) })
		brings := slices.ContainsFunc(f.of(e), func(o *refRow) bool { return o.trades && !o.reached && o.target == nil })
		switch {
		case len(mine) == 1 && len(free) > 1 && r.Action == plan.ActionRemove && brings:
			r.fail("the phone that comes could be meant next time")
		case len(mine) == 1:
			wanted[mine[0]] = append(wanted[mine[0]], r)
		case len(mine) > 1:
			r.fail("several phones could be meant")
		case r.Action == plan.ActionRemove && brings:
			r.fail("the phone that comes could be meant next time")
		case r.trades && saysNothing(r), r.Action == plan.ActionRemove:
			r.does = "nothing"
		case r.trades, r.Action == plan.ActionUpdate, len(f.phones(e)) > 0:
			r.fail("no phone is left for the row")
		default:
			adds = append(adds, r)
		}
	}
	for d, rs := range wanted {
		for _, r := range rs {
			if f.claim(r, d); len(rs) > 1 {
				r.fail("several rows mean one phone")
			}
			brings := slices.ContainsFunc(f.of(e), func(o *refRow) bool { return o.trades && !o.reached && o.target == nil })
			mistakable := brings || !alone && r.Action != plan.ActionRemove
			if mistakable && !r.trades && r.PhoneNumberID.IsSet() && !slices.ContainsFunc(d.Lines, func(l plan.Line) bool { return string(l.NumberID) == r.PhoneNumberID.Text }) {
				r.fail("the next plan could take another phone for this one")
			}
		}
	}
	for _, r := range adds {
		if f.add(r); len(adds) > 1 {
			r.fail("several rows add a line without number or name")
		}
	}
}

func saysNothing(r *refRow) bool {
	return r.name == "" && (!r.Location.IsSet() || r.Location.Text == "keep") && !r.HasAddress() && !r.CustomerName.IsSet() && !r.CommonPhone.IsSet()
}

// mostShown lets as many rows as can be claim a phone that is already as they
// say, by trying all ways; it returns the others.
func (f *reference) mostShown(rows []*refRow, free []*plan.Device) []*refRow {
	best := -1
	var ways [][]*plan.Device
	var try func(i, n int, got []*plan.Device)
	try = func(i, n int, got []*plan.Device) {
		if i == len(rows) {
			if n > best {
				best, ways = n, nil
			}
			if n == best {
				ways = append(ways, slices.Clone(got))
			}
			return
		}
		try(i+1, n, append(got, nil))
		for _, d := range free {
			if !slices.Contains(got, d) && f.shows(rows[i], d) {
				try(i+1, n+1, append(got, d))
			}
		}
	}
	try(0, 0, nil)
	for _, w := range ways {
		for i := range rows {
			if (w[i] == nil) != (ways[0][i] == nil) {
				f.unclear = true // which rows are served is left open
			}
		}
		if best < len(rows) && fmt.Sprint(w) != fmt.Sprint(ways[0]) {
			f.unclear = true // and so what is left for the others
		}
	}
	var left []*refRow
	for i, r := range rows {
		if d := ways[0][i]; d != nil {
			f.claim(r, d)
		} else {
			left = append(left, r)
		}
	}
	return left
}

// conflicts are rows that mean the same phone, or one number on two
// extensions.
func (f *reference) conflicts() {
	type pair struct{ a, b *refRow }
	var bad []pair
	for i, a := range f.rows {
		for _, b := range f.rows[:i] {
			if a.does == "stock" || b.does == "stock" || a.does == "unstock" || b.does == "unstock" {
				continue
			}
			number := a.PhoneNumber.IsSet() && a.PhoneNumber.Text == b.PhoneNumber.Text
			ignored := a.Action == plan.ActionIgnore || b.Action == plan.ActionIgnore
			if a.ext == nil || a.ext != b.ext {
				if number && !ignored && (a.ext != nil || a.later) && (b.ext != nil || b.later) && !sameMissing(a, b) {
					bad = append(bad, pair{a, b})
				}
				continue
			}
			apart := a.line != "" && b.line != "" && a.line != b.line && a.does == "keep" && b.does == "keep"
			switch {
			case number,
				a.DeviceID.IsSet() && a.DeviceID.Text == b.DeviceID.Text && !apart,
				a.Serial.IsSet() && a.Serial.Text == b.Serial.Text && !apart,
				sameKnownName(a, b),
				a.dev != nil && a.dev == b.dev && !apart && a.bad == "" && b.bad == "":
				bad = append(bad, pair{a, b})
			}
		}
	}
	for _, p := range bad {
		p.a.fail("means the same phone as another row")
		p.b.fail("means the same phone as another row")
	}
}

// sameMissing: both wait for one extension.
func sameMissing(a, b *refRow) bool {
	return a.later && b.later && a.Extension.Text == b.Extension.Text && same(a.Email.Text, b.Email.Text)
}

// nameIsKey: a name is all that the row knows its phone by.
func nameIsKey(r *refRow) bool {
	return r.DeviceName.IsSet() && !r.DeviceID.IsSet() && !r.Serial.IsSet() && !r.PhoneNumber.IsSet()
}

// sameKnownName: both know their phone by one name, the old or the new.
func sameKnownName(a, b *refRow) bool {
	if !nameIsKey(a) || !nameIsKey(b) {
		return false
	}
	for _, x := range []string{a.DeviceName.Text, a.NewName.Text} {
		for _, y := range []string{b.DeviceName.Text, b.NewName.Text} {
			if x != "" && same(x, y) {
				return true
			}
		}
	}
	return false
}
