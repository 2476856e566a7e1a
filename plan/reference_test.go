package plan_test

import (
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
	f.targetsKeepNames()
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
