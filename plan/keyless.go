package plan

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
		case len(mine) == 1 && len(free) > 1 && w.row.Action == ActionRemove && g.poolSwap() != nil:
			// Once that one is gone, the row could mean the phone that comes.
			b.unclearRemoval(g, w)
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
			b.samePhone(ws, "phone "+describe(d)+" of "+g.ext.Number+" is meant by several rows without key", keepOrDevice)
		case len(ws) > 1:
		case !w.moves && w.row.PhoneNumberID.IsSet() && !hasNumberID(d, NumberID(w.row.PhoneNumberID.Text)) && b.mistakable(g, w, rows):
		case w.moves:
			b.claim(w, d, w.how)
		case len(g.phones()) == 1:
			b.claim(w, d, "only phone on "+g.ext.Number)
		default:
			b.claim(w, d, "only phone on "+g.ext.Number+" that no other row claims")
		}
	}
}

// mistakable refuses a row for a phone whose line has another number than the
// row says, where the next plan could take another phone for it: this one will
// never show all that the row says, and so is not told from the phone that a
// swap brings, nor from that of another row without key.
func (b *builder) mistakable(g *group, w *work, rows []*work) bool {
	beside := "another row without key for " + g.ext.Number
	switch swap := g.poolSwap(); {
	case swap != nil:
		beside = swap.row.At.String() + ", which gives a line a phone of the inventory"
	case len(rows) == 1 || w.row.Action == ActionRemove:
		return false
	}
	b.failValue(w, w.row.PhoneNumberID, "phone_unclear", "beside "+beside+", a row for a line that has another number needs a key: give device_id, serial, phone_number or device_name")
	return true
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
			b.samePhone(rows, removedAndKept(g.ext.Number), keepOrDevice)
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

func removedAndKept(person string) string {
	return "a row removes the phone of " + person + " and another one keeps it, both without key"
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

// unclearRemoval refuses a removal without key that could, next time, mean the
// phone that a swap brings from the inventory.
func (b *builder) unclearRemoval(g *group, w *work) {
	b.failValue(w, w.row.Extension, "phone_unclear", "beside "+g.poolSwap().row.At.String()+", which gives the line a phone of the inventory, a removal without key can't be told from one of that phone: give device_id, serial, phone_number or device_name")
}

// noneLeft settles rows without keys where no phone is left for them.
func (b *builder) noneLeft(g *group, rows []*work) {
	var added []*work
	for _, w := range rows {
		switch w.row.Action {
		case ActionRemove:
			if g.poolSwap() != nil {
				b.unclearRemoval(g, w)
				continue
			}
			b.alreadyGone(w, "")
			w.how = "no phone on " + g.ext.Number
			if len(g.phones()) > 0 {
				w.how += " that no other row claims"
			}
		case ActionUpdate:
			b.failValue(w, w.row.Extension, "device_not_found", "there is no phone to update: "+b.has(g)+claimedByOthers(g))
		case ActionEnsure, ActionAdd:
			if len(g.phones()) > 0 {
				b.failValue(w, w.row.Extension, "add_needs_key", b.has(g)+claimedByOthers(g)+"; a further line needs action add with phone_number or device_name")
				continue
			}
			added = append(added, w)
		case ActionSwap, ActionStock, ActionUnstock, ActionIgnore:
		}
	}
	if len(added) > 1 {
		b.samePhone(added, "several rows add a phone to "+g.ext.Number+" without phone_number or device_name", keepOrNumber)
		return
	}
	for _, w := range added {
		b.addLine(w, w.row.Extension)
	}
}

// poolSwap is a row that is about to give a line of the extension a phone of
// the inventory; nil if there is none.
func (g *group) poolSwap() *work {
	for _, w := range g.rows() {
		if w.moves && w.target() == nil && !w.reached && !w.bad {
			return w
		}
	}
	return nil
}

func claimedByOthers(g *group) string {
	if len(g.phones()) == 0 {
		return ""
	}
	return ", which other rows claim"
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
