package plan_test

import (
	"cmp"
	"slices"
	"strconv"

	"provision/plan"
)

// findSource finds the phone that a trading row names as its source.
func (f *reference) findSource(r *refRow) {
	if !r.trades || r.ext == nil {
		return
	}
	byID := f.devices(func(d *plan.Device) bool { return string(d.ID) == r.DeviceID.Text })
	bySerial := f.devices(func(d *plan.Device) bool { return r.Serial.IsSet() && same(d.Serial, r.Serial.Text) })
	switch {
	case r.DeviceID.IsSet() && len(byID) > 0:
		r.source = byID[0]
		if r.Serial.IsSet() && !slices.Contains(bySerial, r.source) {
			r.fail("device_id and serial are of different phones")
		}
	case !r.DeviceID.IsSet() && len(bySerial) > 0:
		r.source = bySerial[0]
	}
}

// findTarget finds the phone that replace_with names, where it names one.
func (f *reference) findTarget(r *refRow) {
	rw := r.ReplaceWith
	if rw.Form == plan.ReplaceNone || r.ext == nil || r.does == "nothing" || r.Action == plan.ActionIgnore {
		return
	}
	var found []*plan.Device
	switch rw.Form {
	case plan.ReplaceNew, plan.ReplaceNone:
		return
	case plan.ReplaceInventory:
		if !f.s.DevicesComplete {
			r.fail("free phones are not known")
		}
		return
	case plan.ReplaceID:
		found = f.devices(func(d *plan.Device) bool { return string(d.ID) == rw.Arg })
	case plan.ReplaceSerial:
		found = f.devices(func(d *plan.Device) bool { return d.Serial != "" && same(d.Serial, rw.Arg) })
	case plan.ReplaceName:
		found = f.devices(func(d *plan.Device) bool { return matched(d.Type) && d.Name != "" && same(d.Name, rw.Arg) })
		if !f.s.DevicesComplete {
			found = nil
		}
		if found == nil && f.s.DevicesComplete {
			found = f.renamed(r)
		}
	case plan.ReplaceExtension:
		for _, o := range f.rows {
			if o.ext != nil && o.ext.Number == rw.Arg && o.trades && o.source != nil {
				found = append(found, o.source)
			}
		}
	}
	switch {
	case len(found) != 1 || !tradable(found[0]):
		r.fail("the replacement can't be told or can't be swapped")
	case sharedPhone(found[0]) && found[0].Extension != r.ext.ID && rw.Form != plan.ReplaceID && rw.Form != plan.ReplaceExtension:
		r.fail("a shared phone is named by its id")
	case r.DeviceType.IsSet() && r.DeviceType.Text != found[0].Type && rw.Form != plan.ReplaceExtension:
		r.fail("the replacement is of another type")
	default:
		r.target = found[0]
	}
}

// renamed is the phone that came by its old name and has the row's now.
func (f *reference) renamed(r *refRow) []*plan.Device {
	if r.trades && (r.source == nil || r.source.Extension == r.ext.ID) {
		return nil
	}
	found := f.devices(func(d *plan.Device) bool {
		return d.Extension == r.ext.ID && matched(d.Type) && d.Name != "" && same(d.Name, cmp.Or(r.NewName.Text, r.DeviceName.Text))
	})
	if len(found) != 1 {
		return nil
	}
	return found
}

// sourcesStayAway: what one row has sent away from a line, no other brings there.
func (f *reference) sourcesStayAway() {
	var undone []*refRow
	for _, a := range f.rows {
		for _, b := range f.rows {
			gone := a.bad == "" && a.trades && a.ext != nil && a.target == nil && a.source != nil && a.source.Extension != a.ext.ID
			if gone && a != b && b.bad == "" && b.ext == a.ext && b.target == a.source {
				undone = append(undone, a, b)
			}
		}
	}
	for _, r := range undone {
		r.fail("one row brings the phone that another sends away")
	}
}

// trade finds which phone is on a trading row's line now.
func (f *reference) trade(r *refRow) {
	if !r.trades || r.ext == nil {
		return
	}
	pool := r.ReplaceWith.Form == plan.ReplaceInventory || r.ReplaceWith.Form == plan.ReplaceNew
	here := r.source != nil && r.source.Extension == r.ext.ID
	switch {
	case !pool && r.target.Extension == r.ext.ID:
		if here && r.source != r.target {
			r.fail("both phones are on the extension")
			return
		}
		r.reached = true
		f.claim(r, r.target)
	case here:
		f.claim(r, r.source)
	case pool && r.source != nil:
		// What came is not told: a row without key, from here on.
		r.reached, r.keyless = true, true
		r.nameOnLine()
		return
	case pool:
		r.fail("there is no such source")
		return
	default:
		f.goOn(r)
	}
	d := r.dev
	switch {
	case r.bad != "":
	case !r.reached && (!tradable(d) || (sharedPhone(d) || len(d.Lines) > 1) && !r.DeviceID.IsSet()):
		r.fail("the phone can't be swapped, or only by its id")
	case r.PhoneNumber.IsSet() && !hasNumber(d, r.PhoneNumber.Text), r.DeviceType.IsSet() && d.Type != r.DeviceType.Text:
		r.fail("the phone is another one")
	default:
		r.nameOnLine()
	}
}

// goOn finishes a rotation that was left half done.
func (f *reference) goOn(r *refRow) {
	for _, o := range f.rows {
		// Which of two such rows goes on first is left open.
		f.unclear = f.unclear || o != r && o.ext == r.ext && o.trades
	}
	free := slices.DeleteFunc(f.unclaimed(r.ext), func(d *plan.Device) bool {
		return !slices.ContainsFunc(f.rows, func(o *refRow) bool { return o.trades && o.bad == "" && (o.source == d || o.target == d) })
	})
	name := cmp.Or(r.NewName.Text, r.DeviceName.Text)
	if r.source == nil && r.ReplaceWith.Form == plan.ReplaceName && name != "" && !same(name, r.ReplaceWith.Arg) {
		r.fail("neither source nor name would tell next time that it came")
		return
	}
	if len(free) != 1 {
		r.fail("the source is not on the extension")
		return
	}
	f.claim(r, free[0])
}

// nameOnLine: a name beside the source is the source's, else what the line's
// phone shall be called.
func (r *refRow) nameOnLine() {
	switch {
	case r.NewName.IsSet():
		r.name = r.NewName.Text
	case r.DeviceName.IsSet() && (r.source == nil || !same(r.source.Name, r.DeviceName.Text)):
		r.name = r.DeviceName.Text
	}
}

// exchanges decides which lines get another phone, and whether all that
// together can be done.
func (f *reference) exchanges() {
	f.each(func(r *refRow) {
		if r.ReplaceWith.Form == plan.ReplaceNone || r.reached || r.ext == nil || r.Action == plan.ActionIgnore {
			return
		}
		switch {
		case r.does == "add":
			r.exchange, r.placeholder = true, true
		case r.trades && r.does == "keep":
			r.exchange = true
		case r.does != "keep", r.ReplaceWith.Form == plan.ReplaceInventory, r.target == r.dev:
		case len(f.phones(r.ext)) == 1 && isSlot(r.dev) && !r.DeviceID.IsSet():
			r.exchange, r.placeholder = true, true
			r.name = cmp.Or(r.name, r.DeviceName.Text)
		default:
			r.fail("the phone that is there is no placeholder")
		}
	})
	left := map[string]int{}
	taken := map[*refRow]bool{}
	// Where the inventory has too little, lower extension numbers come first.
	order := slices.DeleteFunc(slices.Clone(f.rows), func(r *refRow) bool { return !r.exchange })
	slices.SortStableFunc(order, func(a, b *refRow) int {
		x, _ := strconv.Atoi(a.ext.Number)
		y, _ := strconv.Atoi(b.ext.Number)
		return cmp.Compare(x, y)
	})
	for again := true; again; {
		again = false
		for _, r := range order {
			if r.bad == "" && !f.canExchange(r, left, taken) {
				r.fail("the replacement can't come")
				again = true
			}
		}
	}
}

// removedButComes: a row says that a phone is removed which another one brings
// onto a line.
func (f *reference) removedButComes() {
	f.each(func(r *refRow) {
		for _, o := range f.rows {
			switch {
			case r.gone == nil || !o.exchange || o.bad != "" || o.target != r.gone:
			case r.Action == plan.ActionIgnore:
				o.fail("the phone is to be left alone")
			default:
				r.fail("another row brings the phone onto a line")
			}
		}
	})
}

// canExchange reports whether the phone that a row asks for can come.
func (f *reference) canExchange(r *refRow, left map[string]int, taken map[*refRow]bool) bool {
	site := r.ext.Site
	if r.ReplaceWith.Form == plan.ReplaceInventory && r.ReplaceWith.Arg != "" {
		site = f.siteCalled(r.ReplaceWith.Arg)
	}
	var wanters []*refRow
	var holder *refRow
	for _, o := range f.rows {
		if o.exchange && o != r {
			if r.target != nil && o.target == r.target || r.placeholder && r.dev != nil && o.target == r.dev {
				wanters = append(wanters, o)
			}
			if r.target != nil && o.dev == r.target {
				holder = o
			}
		}
		// The next plan would look for the source of a swap in vain.
		if r.placeholder && r.dev != nil && o.trades && o.target == nil && o.source == r.dev && o.bad == "" {
			wanters = append(wanters, o)
		}
	}
	switch {
	case len(wanters) > 0:
		return false
	case r.ReplaceWith.Form == plan.ReplaceNew:
		r.comes = "new @" + string(site)
		return true
	case r.target == nil:
		if site == "" {
			return false
		}
		typ := plan.TypeOtherPhone
		if !r.placeholder {
			typ = r.dev.Type
		}
		r.comes = "free " + typ + " @" + string(site)
		if taken[r] {
			return true
		}
		if _, asked := left[r.comes]; !asked {
			left[r.comes] = len(f.devices(func(d *plan.Device) bool { return f.canonical(d) == r.comes }))
		}
		left[r.comes]--
		taken[r] = true
		for _, o := range f.rows {
			// Of two rows of one extension, which goes without is left open.
			f.unclear = f.unclear || left[r.comes] < 0 && o != r && o.ext == r.ext && o.comes == r.comes
		}
		return left[r.comes] >= 0
	case r.target.Extension != "":
		r.comes = f.canonical(r.target)
		return holder != nil && holder.bad == ""
	}
	r.comes = f.canonical(r.target)
	return true
}

// canonical is the device's id, or what it is where any other would do: a
// free phone of the inventory that no row names.
func (f *reference) canonical(d *plan.Device) string {
	return canonical(f.rows, d)
}

func canonical(rows []*refRow, d *plan.Device) string {
	free := d.Extension == "" && d.Serial == "" && len(d.Lines) == 0 && tradable(d)
	for _, r := range rows {
		free = free && r.DeviceID.Text != string(d.ID) && (r.ReplaceWith.Form != plan.ReplaceID || r.ReplaceWith.Arg != string(d.ID)) && r.target != d
	}
	if free {
		return "free " + d.Type + " @" + string(d.Site)
	}
	return string(d.ID)
}

// findableAgain refuses a row that knows its phone by its name only, where it
// would not find it by that afterwards.
func (f *reference) findableAgain(r *refRow) {
	if r.ext != nil && r.ReplaceWith.Form == plan.ReplaceName && r.name != "" {
		all := *r
		row := *r.Row
		row.DeviceType = plan.Value{}
		all.Row = &row
		if f.calledInTheEnd(&all, r.name) > 1 {
			r.fail("which phone came could not be told next time")
		}
	}
	if !nameIsKey(r) || r.ext == nil {
		return
	}
	n, renamed := f.calledInTheEnd(r, r.DeviceName.Text), f.calledInTheEnd(r, r.NewName.Text)
	switch {
	case r.does == "remove" || r.does == "nothing" && r.dev == nil && !r.later:
		if n > 0 {
			r.fail("the name would still find a phone")
		}
	case r.Action != plan.ActionIgnore && r.NewName.IsSet() && !same(r.NewName.Text, r.DeviceName.Text):
		if n > 0 || renamed > 1 {
			r.fail("the new name would not find the phone")
		}
	case n > 1:
		r.fail("several phones would have the name")
	}
}

// calledInTheEnd counts the phones of the row's extension that will have a
// name, of the row's device_type if it says one.
func (f *reference) calledInTheEnd(r *refRow, wanted string) int {
	n := 0
	count := func(name, typ string) {
		if same(name, wanted) && (!r.DeviceType.IsSet() || typ == r.DeviceType.Text) {
			n++
		}
	}
	for _, o := range f.of(r.ext) {
		if o.does == "add" {
			typ := cmp.Or(o.DeviceType.Text, plan.TypeOtherPhone)
			if o.target != nil {
				typ = o.target.Type
			}
			count(o.name, typ)
		}
	}
	for _, d := range f.phones(r.ext) {
		name, typ, gone := d.Name, d.Type, false
		for _, o := range f.of(r.ext) {
			if o.dev == d && o.exchange {
				if name = ""; o.target != nil {
					name, typ = o.target.Name, o.target.Type
				}
				if o.ReplaceWith.Form == plan.ReplaceNew {
					typ = plan.TypeOtherPhone
				}
			}
		}
		for _, o := range f.of(r.ext) {
			if o.dev == d {
				name, gone = cmp.Or(o.name, name), gone || o.does == "remove"
			}
		}
		if !gone {
			count(name, typ)
		}
	}
	return n
}
