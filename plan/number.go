package plan

// isAreaCode tells what bulk-add takes as a preferred area code: 2 to 4 digits,
// the first one not 0 (API reference, bulkAddDevicesV2).
func isAreaCode(s string) bool {
	return len(s) >= 2 && len(s) <= 4 && s[0] != '0' && allDigits(s)
}

// A phone number with this usage and status can go to a new line (API
// reference, listAccountPhoneNumbersV2).
const (
	usageInventory = "Inventory"
	statusNormal   = "Normal"
)

// checkAdd finds what an added line needs: its number, its emergency address
// and its cost center.
func (b *builder) checkAdd(w *work) {
	r := w.row
	b.numberSource(w)
	if r.CostCenter.IsSet() {
		b.costCenter(w)
	}
	b.compareNames(w)
	b.compareHardware(w)
	wish := b.emergencyOf(w)
	b.raise(w, wish.wrong)
	switch {
	case len(wish.wrong) > 0:
	case wish.none && b.s.Account.ERLRegime:
		b.fail(w, Cell{}, "", "emergency_missing", "an added line needs an emergency response location: fill emergency_location or the address")
	case wish.none:
		b.fail(w, Cell{}, "", "emergency_missing", "an added line needs an emergency address: fill street to country")
	}
	if w.bad {
		return
	}
	b.regimeNotes(w)
	w.up.em = b.emergencyTarget(w, &b.nowhere)
}

// numberSource finds where an add's number comes from: exactly one of
// phone_number, phone_number_id, area_code and toll_type. A toll type beside
// an area code belongs to it (API reference, bulkAddDevicesV2).
func (b *builder) numberSource(w *work) {
	r := w.row
	n := 0
	for _, text := range [...]string{r.PhoneNumber.Text, r.PhoneNumberID.Text, r.AreaCode.Text} {
		if text != "" {
			n++
		}
	}
	if r.TollType.IsSet() && !r.AreaCode.IsSet() {
		n++
	}
	switch {
	case n == 0:
		b.fail(w, Cell{}, "", "number_missing", "an added line needs a number: fill one of phone_number, phone_number_id, area_code, toll_type")
	case n > 1:
		b.fail(w, Cell{}, "", "number_twice", "an added line takes its number from one of phone_number, phone_number_id, area_code, toll_type, not from several")
	case r.PhoneNumber.IsSet():
		b.phoneNumber(w)
	case r.PhoneNumberID.IsSet():
		b.phoneNumberID(w)
	default:
		if r.AreaCode.IsSet() && !isAreaCode(r.AreaCode.Text) {
			b.failValue(w, r.AreaCode, "area_code_unknown", "an area code has 2 to 4 digits and does not begin with 0")
		}
		if t := r.TollType.Text; t != "" && t != "Toll" && t != "TollFree" {
			b.failValue(w, r.TollType, "toll_type_unknown", "toll_type is Toll or TollFree")
		}
		w.number = NumberSource{AreaCode: r.AreaCode.Text, TollType: r.TollType.Text}
	}
}

func (b *builder) phoneNumber(w *work) {
	v := w.row.PhoneNumber
	if n := b.ix.number(v.Text); n != nil {
		if b.numberFree(w, v, n) {
			w.number = NumberSource{NumberID: n.ID, Number: n.Number}
		}
		return
	}
	if d := b.ix.byNumber(v.Text); d != nil {
		b.failValue(w, v, "number_held", "number "+v.Text+" is held by device "+describe(d)+" "+b.whereIs(d))
		return
	}
	switch {
	case !b.s.NumbersRead:
		b.failValue(w, v, "snapshot_incomplete", "the account's phone numbers were not read")
	case !b.o.OrderNumbers:
		b.failValue(w, v, "number_unknown", "number "+v.Text+" is not on the account; --order-numbers orders it")
	default:
		w.number = NumberSource{Number: v.Text}
	}
}

func (b *builder) phoneNumberID(w *work) {
	v := w.row.PhoneNumberID
	n := b.ix.numberByID(NumberID(v.Text))
	switch {
	case n != nil:
		if b.numberFree(w, v, n) {
			w.number = NumberSource{NumberID: n.ID, Number: n.Number}
		}
	case !b.s.NumbersRead:
		b.failValue(w, v, "snapshot_incomplete", "the account's phone numbers were not read")
	default:
		b.failValue(w, v, "number_unknown", "no phone number of the account has the id "+v.Text)
	}
}

// numberFree reports whether a number of the account can go to a new line:
// it lies in the inventory and is Normal.
func (b *builder) numberFree(w *work, v Value, n *Number) bool {
	holder := ""
	if d := b.ix.byNumber(n.Number); d != nil {
		holder = "device " + describe(d) + " " + b.whereIs(d)
	} else if n.HolderExt != "" {
		holder = "extension " + n.HolderExt
	} else if e := b.ix.extByID(n.Extension); e != nil {
		holder = "extension " + e.Number
	}
	switch {
	case n.Usage != usageInventory && holder != "":
		b.failValue(w, v, "number_held", "number "+n.Number+" is held by "+holder+" ("+n.Usage+")")
	case n.Usage != usageInventory:
		b.failValue(w, v, "number_held", "number "+n.Number+" is in use as "+n.Usage)
	case n.Status != statusNormal:
		b.failValue(w, v, "number_not_ready", "number "+n.Number+" is "+n.Status+" (being ported or not ready yet)")
	case n.Type == "FaxOnly":
		b.failValue(w, v, "number_held", "number "+n.Number+" is a fax number")
	default:
		return true
	}
	return false
}

// numbersOnce puts added lines in error that ask for the same number.
func (b *builder) numbersOnce() {
	var asking []*work
	by := map[string][]*work{}
	for _, g := range b.groups {
		for _, w := range g.rows {
			if w.verdict == adds && !w.bad && w.number.Number != "" {
				asking = append(asking, w)
				by[w.number.Number] = append(by[w.number.Number], w)
			}
		}
	}
	for _, w := range asking {
		ws := by[w.number.Number]
		if len(ws) < 2 || ws[0] != w {
			continue
		}
		cells := cellsOf(ws)
		for _, o := range ws {
			v := o.row.PhoneNumber
			if !v.IsSet() {
				v = o.row.PhoneNumberID
			}
			b.failValue(o, v, "number_wanted_twice", "number "+w.number.Number+" is asked for by "+others(cells, o)+" too")
		}
	}
}

// costCenter finds the cost center of an added line.
func (b *builder) costCenter(w *work) {
	v := w.row.CostCenter
	switch found := b.ix.costCenters(v.Text); {
	case len(found) == 1:
		w.cost = found[0].ID
	case len(found) > 1:
		b.failValue(w, v, "cost_center_ambiguous", "several cost centers are called "+v.Text+": give the id")
	case !b.s.CostCentersRead:
		b.failValue(w, v, "snapshot_incomplete", "the account's cost centers were not read")
	default:
		b.failValue(w, v, "cost_center_unknown", "no cost center has the name, code or id "+v.Text)
	}
}
