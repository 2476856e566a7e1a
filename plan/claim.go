package plan

// claimRest matches, extension by extension, the rows whose name finds
// nothing and the rows without keys, after the others have claimed.
func (b *builder) claimRest() {
	var r rest
	for _, g := range b.groups {
		r.names, r.keyless = r.names[:0], r.keyless[:0]
		for _, w := range g.rows {
			switch {
			case w.bad || w.verdict != undecided:
			case w.byName:
				r.names = append(r.names, w)
			case w.keyless:
				r.keyless = append(r.keyless, w)
			}
		}
		if len(r.names) > 0 {
			b.claimUnnamed(g, r.names)
		}
		if len(r.keyless) > 0 {
			b.claimKeyless(g, r.keyless)
		}
	}
}

// rest are the rows of one extension that keys have not settled.
type rest struct{ names, keyless []*work }

// unclaimed are the extension's phones that no row has claimed and that pass
// the filter.
func (g *group) unclaimed(pass func(*Device) bool) []*Device {
	var out []*Device
next:
	for _, d := range g.phones {
		for _, w := range g.rows {
			if w.dev == d {
				continue next
			}
		}
		if pass(d) {
			out = append(out, d)
		}
	}
	return out
}

// unnamed reports whether a phone counts as one that nobody named: what the
// service calls a new phone is not known.
func (b *builder) unnamed(d *Device, e *Extension) bool {
	return d.Name == "" || sameName(d.Name, e.Name) || b.defaultName != nil && b.defaultName.MatchString(d.Name)
}

// claimUnnamed lets a name that finds nothing claim, and then name, the only
// remaining unnamed phone; else it is an add.
func (b *builder) claimUnnamed(g *group, rows []*work) {
	if len(rows) > 1 {
		free := g.unclaimed(func(d *Device) bool { return b.unnamed(d, g.ext) })
		if len(free) > 1 {
			// An add that was made but not named yet looks just like this.
			for _, w := range rows {
				b.failValue(w, w.row.DeviceName, "unnamed_phones_unclear", "no phone of "+g.ext.Number+" is called "+w.row.DeviceName.Text+", and which of its unnamed phones is meant is unclear: "+describeAll(free)+"; give device_id or phone_number")
			}
			return
		}
	}
	for _, w := range rows {
		typ := w.row.DeviceType.Text
		free := g.unclaimed(func(d *Device) bool { return b.unnamed(d, g.ext) && (typ == "" || typ == d.Type) })
		if len(free) == 1 {
			w.name = w.row.DeviceName.Text
			b.claim(w, free[0], "only unnamed phone on "+g.ext.Number)
			continue
		}
		b.addLine(w, w.row.DeviceName)
	}
}

// claimKeyless matches rows without keys: each claims a phone that shows all
// it states, else the extension's only unclaimed phone.
func (b *builder) claimKeyless(g *group, rows []*work) {
	if removal := anyAction(rows, ActionRemove); removal && !allAction(rows, ActionRemove) {
		b.samePhone(rows, "a row removes the phone of "+g.ext.Number+" and another one keeps it, both without key")
		return
	}
	left := b.claimShown(g, rows)
	if len(left) == 0 {
		return
	}
	free := g.unclaimed(func(*Device) bool { return true })
	wanted := map[*Device][]*work{}
	var none, single []*work
	for _, w := range left {
		switch mine := ofType(free, w.row.DeviceType.Text); len(mine) {
		case 0:
			none = append(none, w)
		case 1:
			single = append(single, w)
			wanted[mine[0]] = append(wanted[mine[0]], w)
		default:
			b.failValue(w, w.row.Extension, "phone_unclear", g.ext.Number+" has several phones: "+describeAll(mine)+"; give device_id, serial, phone_number or device_name")
		}
	}
	b.noneLeft(g, none)
	for _, w := range single {
		d := ofType(free, w.row.DeviceType.Text)[0]
		switch ws := wanted[d]; {
		case len(ws) == 1 && len(g.phones) == 1:
			b.claim(w, d, "only phone on "+g.ext.Number)
		case len(ws) == 1:
			b.claim(w, d, "only phone on "+g.ext.Number+" that no other row claims")
		case ws[0] == w:
			b.samePhone(ws, "phone "+describe(d)+" of "+g.ext.Number+" is meant by several rows without key")
		}
	}
}

// ofType are the devices of a type; no type means any.
func ofType(ds []*Device, typ string) []*Device {
	if typ == "" {
		return ds
	}
	var out []*Device
	for _, d := range ds {
		if d.Type == typ {
			out = append(out, d)
		}
	}
	return out
}

// noneLeft settles rows without keys where no phone is left for them.
func (b *builder) noneLeft(g *group, rows []*work) {
	var added []*work
	for _, w := range rows {
		switch w.row.Action {
		case ActionRemove:
			b.alreadyGone(w, "")
		case ActionUpdate:
			b.failValue(w, w.row.Extension, "device_not_found", "there is no phone to update: "+b.has(g)+claimedByOthers(g))
		case ActionEnsure, ActionAdd:
			if len(g.phones) > 0 {
				b.failValue(w, w.row.Extension, "add_needs_key", b.has(g)+claimedByOthers(g)+"; a further line needs action add with phone_number or device_name")
				continue
			}
			added = append(added, w)
		case ActionSwap, ActionStock, ActionUnstock, ActionIgnore:
		}
	}
	if len(added) > 1 {
		b.samePhone(added, "several rows add a phone to "+g.ext.Number+" without phone_number or device_name")
		return
	}
	for _, w := range added {
		b.addLine(w, w.row.Extension)
	}
}

func claimedByOthers(g *group) string {
	if len(g.phones) == 0 {
		return ""
	}
	return ", which other rows claim"
}

// samePhone puts rows in error that would claim or add the same phone; each
// message names the others.
func (b *builder) samePhone(rows []*work, what string) {
	for _, w := range rows {
		b.fail(w, w.row.At, "", "same_phone", what+": see "+others(rows, w))
	}
}

// others lists the rows beside one, for messages.
func others(rows []*work, w *work) string {
	s := ""
	for _, o := range rows {
		if o == w {
			continue
		}
		if s != "" {
			s += ", "
		}
		s += o.row.At.String()
	}
	return s
}

// claimShown gives as many rows as possible a phone that shows all they state
// (the longest matching, by augmenting paths) and returns the others.
func (b *builder) claimShown(g *group, rows []*work) []*work {
	free := g.unclaimed(func(*Device) bool { return true })
	if len(free) == 0 || len(rows) == 1 && len(free) == 1 || allAction(rows, ActionRemove) {
		return rows
	}
	fits := make([][]int, len(rows))
	for i, w := range rows {
		for j, d := range free {
			if b.shows(w, d) {
				fits[i] = append(fits[i], j)
			}
		}
	}
	owner := make([]int, len(free))
	for j := range owner {
		owner[j] = -1
	}
	seen := make([]int, len(free))
	var augment func(i, round int) bool
	augment = func(i, round int) bool {
		for _, j := range fits[i] {
			if seen[j] == round {
				continue
			}
			seen[j] = round
			if owner[j] < 0 || augment(owner[j], round) {
				owner[j] = i
				return true
			}
		}
		return false
	}
	for i := range rows {
		augment(i, i+1)
	}
	got := make([]bool, len(rows))
	for j, i := range owner {
		if i >= 0 {
			got[i] = true
			b.claim(rows[i], free[j], "shows all that the row states")
		}
	}
	var left []*work
	for i, w := range rows {
		if !got[i] {
			left = append(left, w)
		}
	}
	return left
}

// shows reports whether a phone already is all that a row without keys says.
func (b *builder) shows(w *work, d *Device) bool {
	r := w.row
	switch {
	case r.DeviceType.IsSet() && r.DeviceType.Text != d.Type,
		r.NewName.IsSet() && r.NewName.Text != d.Name,
		r.NewSerial.IsSet() && !sameName(r.NewSerial.Text, d.Serial),
		r.CommonPhone.IsSet() && (r.CommonPhone.Text == "yes") != d.CommonPhone,
		r.PhoneNumberID.IsSet() && !hasNumberID(d, NumberID(r.PhoneNumberID.Text)),
		r.ReplaceWith.Form != ReplaceNone && r.ReplaceWith.Form != ReplaceInventory && w.target != d:
		return false
	}
	return b.emergencyMet(w, d.Emergency)
}

func hasNumberID(d *Device, id NumberID) bool {
	for _, l := range d.Lines {
		if l.NumberID == id {
			return true
		}
	}
	return false
}

// conflicts puts rows in error that claim the same phone, unless each claims a
// line of its own, and rows that add the same line.
func (b *builder) conflicts() {
	for _, g := range b.groups {
		if len(g.rows) < 2 {
			continue
		}
		by := map[*Device][]*work{}
		addBy := map[string][]*work{}
		for _, w := range g.rows {
			switch {
			case w.dev != nil:
				by[w.dev] = append(by[w.dev], w)
			case w.verdict == adds && w.row.PhoneNumber.IsSet():
				addBy[w.row.PhoneNumber.Text] = append(addBy[w.row.PhoneNumber.Text], w)
			case w.verdict == adds && w.row.DeviceName.IsSet():
				addBy["name "+fold(w.row.DeviceName.Text)] = append(addBy["name "+fold(w.row.DeviceName.Text)], w)
			}
		}
		for _, d := range g.phones {
			if ws := by[d]; len(ws) > 1 && !linesApart(ws) {
				b.samePhone(ws, "phone "+describe(d)+" of "+g.ext.Number+" is claimed by several rows")
			}
		}
		for _, w := range g.rows {
			key := w.row.PhoneNumber.Text
			if key == "" {
				key = "name " + fold(w.row.DeviceName.Text)
			}
			if ws := addBy[key]; w.verdict == adds && len(ws) > 1 && ws[0] == w {
				b.samePhone(ws, "several rows add the same line to "+g.ext.Number)
			}
		}
	}
}

// linesApart reports whether the rows claim different lines of a device.
func linesApart(ws []*work) bool {
	seen := map[string]bool{}
	for _, w := range ws {
		if w.slot == "" || seen[w.slot] {
			return false
		}
		seen[w.slot] = true
	}
	return true
}

func anyAction(rows []*work, a Action) bool {
	for _, w := range rows {
		if w.row.Action == a {
			return true
		}
	}
	return false
}

func allAction(rows []*work, a Action) bool {
	for _, w := range rows {
		if w.row.Action != a {
			return false
		}
	}
	return true
}
