package plan

import (
	"slices"
	"strconv"
)

// claimRest matches, extension by extension, the rows whose name finds
// nothing and the rows without keys, after the others have claimed.
func (b *builder) claimRest() {
	var r rest
	for _, g := range b.groups {
		r.names, r.keyless, r.serials = r.names[:0], r.keyless[:0], r.serials[:0]
		for _, w := range g.rows {
			switch {
			case w.bad || w.verdict != undecided:
			case w.bySerial:
				r.serials = append(r.serials, w)
			case w.byName:
				r.names = append(r.names, w)
			case w.keyless:
				r.keyless = append(r.keyless, w)
			}
		}
		if len(r.serials) > 0 {
			b.claimSerialless(g, r.serials)
		}
		if len(r.names) > 0 {
			b.claimUnnamed(g, r.names)
		}
		if g.spared {
			b.spare(g, r.keyless)
		} else if len(r.keyless) > 0 {
			b.claimKeyless(g, r.keyless)
		}
	}
}

// spare leaves the extension's phones alone that no key names, as a row of
// action ignore without key says. Another row without key contradicts it, also
// if there is no phone yet, and so does a swap: what comes is not named by a key.
func (b *builder) spare(g *group, rows []*work) {
	for _, w := range g.rows {
		if w.moves && !w.bad && !slices.Contains(rows, w) {
			rows = append(rows, w)
		}
	}
	for _, w := range rows {
		b.fail(w, w.row.ActionCell, string(w.row.Action), "phone_ignored", "another row says ignore for the phones of "+g.ext.Number+
			" that no key names: give the ignore row a key, or delete it")
	}
	for _, d := range g.unclaimed(func(*Device) bool { return true }) {
		b.named[d.ID] = true
	}
}

// rest are the rows of one extension that keys have not settled.
type rest struct{ names, keyless, serials []*work }

// unclaimed are the extension's phones that no row has claimed and that pass
// the filter.
func (g *group) unclaimed(pass func(*Device) bool) []*Device {
	if g.taken == nil && len(g.rows) > 1 {
		g.taken = make(map[*Device]bool, len(g.phones))
		for _, w := range g.rows {
			if w.dev != nil {
				g.taken[w.dev] = true
			}
		}
	}
	var out []*Device
	for _, d := range g.phones {
		if !g.taken[d] && (len(g.rows) == 0 || g.rows[0].dev != d) && pass(d) {
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
// it states, else the extension's only unclaimed phone. Among them are swaps
// whose source has left for the inventory.
func (b *builder) claimKeyless(g *group, rows []*work) {
	if anyAction(rows, ActionRemove) && !allAction(rows, ActionRemove) && !b.besideReached(g, rows) {
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
		switch mine := candidates(free, w); {
		case len(mine) == 1:
			single = append(single, w)
			wanted[mine[0]] = append(wanted[mine[0]], w)
		case w.moves && len(mine) == 0 && w.statesNothing():
			w.verdict = passive
		case w.moves:
			b.fail(w, Cell{}, "", "phone_unclear", "the source has left "+g.ext.Number+", and which phone has its line now can't be told: "+b.has(g)+"; use an update row")
		case len(mine) == 0:
			none = append(none, w)
		default:
			b.failValue(w, w.row.Extension, "phone_unclear", g.ext.Number+" has several phones: "+describeAll(mine)+"; give device_id, serial, phone_number or device_name")
		}
	}
	b.noneLeft(g, none)
	for _, w := range single {
		d := candidates(free, w)[0]
		switch ws := wanted[d]; {
		case len(ws) > 1 && ws[0] == w:
			b.samePhone(ws, "phone "+describe(d)+" of "+g.ext.Number+" is meant by several rows without key")
		case len(ws) > 1:
		case w.moves:
			b.claim(w, d, w.how)
		case len(g.phones) == 1:
			b.claim(w, d, "only phone on "+g.ext.Number)
		default:
			b.claim(w, d, "only phone on "+g.ext.Number+" that no other row claims")
		}
	}
}

// statesNothing reports whether the row says nothing of its phone beyond which
// one it is.
func (w *work) statesNothing() bool {
	r := w.row
	return w.name == "" && (!r.Location.IsSet() || r.Location.Text == locationKeep) && !r.HasAddress() && !r.CustomerName.IsSet() && !r.CommonPhone.IsSet()
}

// besideReached judges removals without key beside other rows without key.
// Beside a swap whose source has left they are fine if one phone is left,
// which is then the swap's; else it is unclear which is meant.
func (b *builder) besideReached(g *group, rows []*work) bool {
	for _, w := range rows {
		if w.row.Action != ActionRemove && !w.moves {
			b.samePhone(rows, "a row removes the phone of "+g.ext.Number+" and another one keeps it, both without key")
			return false
		}
	}
	if free := g.unclaimed(func(*Device) bool { return true }); len(free) > 1 {
		for _, w := range rows {
			if w.row.Action == ActionRemove {
				b.failValue(w, w.row.Extension, "phone_unclear", g.ext.Number+" has several phones: "+describeAll(free)+"; give device_id, serial, phone_number or device_name")
			}
		}
		return false
	}
	return true
}

// candidates are the free phones that a row without key can mean.
func candidates(free []*Device, w *work) []*Device {
	ds := ofType(free, w.row.DeviceType.Text)
	if !w.moves {
		return ds
	}
	var out []*Device
	for _, d := range ds {
		if swappable(d.Type) && (!w.row.PhoneNumber.IsSet() || hasNumber(d, w.row.PhoneNumber.Text)) {
			out = append(out, d)
		}
	}
	return out
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
			if o := g.poolSwap(); o != nil {
				b.failValue(w, w.row.Extension, "phone_unclear", "beside "+o.row.At.String()+", which gives the line a phone of the inventory, a removal without key can't be told from one of that phone: give device_id, serial, phone_number or device_name")
				continue
			}
			b.alreadyGone(w, "")
			w.how = "no phone on " + g.ext.Number
			if len(g.phones) > 0 {
				w.how += " that no other row claims"
			}
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

// poolSwap is a row that is about to give a line of the extension a phone of
// the inventory; nil if there is none.
func (g *group) poolSwap() *work {
	for _, w := range g.rows {
		if w.moves && w.target == nil && !w.reached && !w.bad {
			return w
		}
	}
	return nil
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
	cells := cellsOf(rows)
	for _, w := range rows {
		b.fail(w, w.row.At, "", "same_phone", what+": see "+others(cells, w))
	}
}

// cellsOf lists where rows are, in order.
func cellsOf(rows []*work) []Cell {
	cells := make([]Cell, len(rows))
	for i, w := range rows {
		cells[i] = w.row.At
	}
	slices.SortFunc(cells, Cell.Compare)
	return cells
}

// others lists some of the rows beside one, for messages.
func others(cells []Cell, w *work) string {
	const most = 5
	s, n, itself := "", 0, false
	for _, c := range cells {
		if c == w.row.At && !itself {
			itself = true // files of one name in two folders have the same cells
			continue
		}
		if n == most {
			return s + " and " + strconv.Itoa(len(cells)-1-most) + " more"
		}
		if n > 0 {
			s += ", "
		}
		s += c.String()
		n++
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
			if w.row.Action != ActionRemove && b.shows(w, d) {
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
			how := "shows all that the row states"
			if rows[i].moves {
				how = rows[i].how
			}
			b.claim(rows[i], free[j], how)
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
	name := r.NewName.Text
	if w.moves {
		name = w.name
	}
	switch {
	case len(candidates([]*Device{d}, w)) == 0,
		name != "" && name != d.Name,
		r.NewSerial.IsSet() && !sameName(r.NewSerial.Text, d.Serial),
		r.CommonPhone.IsSet() && (r.CommonPhone.Text == "yes") != d.CommonPhone,
		r.PhoneNumberID.IsSet() && !hasNumberID(d, NumberID(r.PhoneNumberID.Text)),
		!w.moves && r.ReplaceWith.Form != ReplaceNone && r.ReplaceWith.Form != ReplaceInventory && w.target != d:
		return false
	}
	return b.emergencyMet(w, &d.Emergency)
}

func hasNumberID(d *Device, id NumberID) bool {
	for _, l := range d.Lines {
		if l.NumberID == id {
			return true
		}
	}
	return false
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
