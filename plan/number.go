package plan

import "cmp"

// isAreaCode tells what bulk-add takes as a preferred area code: 2 to 4 digits,
// the first one not 0 (API reference, bulkAddDevicesV2).
func isAreaCode(s string) bool {
	return len(s) >= 2 && len(s) <= 4 && s[0] != '0' && isDigits(s)
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
	line := AddLine{DeviceType: cmp.Or(w.row.DeviceType.Text, TypeOtherPhone), Number: b.numberSource(w), CostCenter: b.costCenter(w)}
	b.compareNames(w)
	b.compareHardware(w)
	wish := b.emergencyOf(w)
	b.raise(w, wish.said().wrong)
	switch {
	case len(wish.said().wrong) > 0:
	case wish.none && b.s.Account.ERLRegime:
		b.fail(w, Cell{}, "", "emergency_missing", "an added line needs an emergency response location: fill emergency_location or the address")
	case wish.none:
		b.fail(w, Cell{}, "", "emergency_missing", "an added line needs an emergency address: fill street to country")
	}
	if !w.bad {
		b.regimeNotes(w)
		w.up.em = b.emergencyTarget(w, &b.nowhere)
		line.Emergency = w.up.em
		if w.up.em.namesCustomer() {
			line.Emergency = wish.stated // bulk-add has no field for the name
		}
	}
	w.line = b.share.line(line)
}

// numberSource finds where an add's number comes from: exactly one of
// phone_number, phone_number_id, area_code and toll_type. A toll type beside
// an area code belongs to it (API reference, bulkAddDevicesV2). It is empty where
// the row is in error.
func (b *builder) numberSource(w *work) NumberSource {
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
		return b.phoneNumber(w)
	case r.PhoneNumberID.IsSet():
		return b.phoneNumberID(w)
	default:
		if r.AreaCode.IsSet() && !isAreaCode(r.AreaCode.Text) {
			b.failValue(w, r.AreaCode, "area_code_unknown", "an area code has 2 to 4 digits and does not begin with 0")
		}
		if t := r.TollType.Text; t != "" && t != "Toll" && t != "TollFree" {
			b.failValue(w, r.TollType, "toll_type_unknown", "toll_type is Toll or TollFree")
		}
		return NumberSource{AreaCode: r.AreaCode.Text, TollType: r.TollType.Text}
	}
	return NumberSource{}
}

func (b *builder) phoneNumber(w *work) NumberSource {
	v := w.row.PhoneNumber
	if n := b.ix.number(v.Text); n != nil {
		return b.freeNumber(w, v, n)
	}
	if d := b.ix.byNumber(v.Text); d != nil {
		b.failValue(w, v, "number_held", "number "+v.Text+" is held by device "+describe(d)+" "+b.whereIs(d))
		return NumberSource{}
	}
	switch {
	case !b.s.NumbersRead:
		b.failValue(w, v, "snapshot_incomplete", "the account's phone numbers were not read")
	case !b.o.OrderNumbers:
		b.failValue(w, v, "number_unknown", "number "+v.Text+" is not on the account; --order-numbers orders it")
	default:
		return NumberSource{Number: v.Text}
	}
	return NumberSource{}
}

func (b *builder) phoneNumberID(w *work) NumberSource {
	v := w.row.PhoneNumberID
	n := b.ix.numberByID(NumberID(v.Text))
	switch {
	case n != nil:
		return b.freeNumber(w, v, n)
	case !b.s.NumbersRead:
		b.failValue(w, v, "snapshot_incomplete", "the account's phone numbers were not read")
	default:
		b.failValue(w, v, "number_unknown", "no phone number of the account has the id "+v.Text)
	}
	return NumberSource{}
}

// freeNumber takes a number of the account that can go to a new line: it lies in
// the inventory and is Normal.
func (b *builder) freeNumber(w *work, v Value, n *Number) NumberSource {
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
		return NumberSource{NumberID: n.ID, Number: n.Number}
	}
	return NumberSource{}
}

// numbersOnce puts added lines in error that ask for the same number.
func (b *builder) numbersOnce() {
	var asking []*work
	by := map[string][]*work{}
	for _, g := range b.groups {
		for _, w := range g.rows() {
			if w.verdict == adds && !w.bad && w.line.Number.Number != "" {
				asking = append(asking, w)
				by[w.line.Number.Number] = append(by[w.line.Number.Number], w)
			}
		}
	}
	for _, w := range asking {
		ws := by[w.line.Number.Number]
		if len(ws) < 2 || ws[0] != w {
			continue
		}
		cells := cellsOf(ws)
		for _, o := range ws {
			v := o.row.PhoneNumber
			if !v.IsSet() {
				v = o.row.PhoneNumberID
			}
			b.failValue(o, v, "number_wanted_twice", "number "+w.line.Number.Number+" is asked for by "+others(cells, o)+" too")
		}
	}
}

// costCenter finds the cost center of an added line; empty for none.
func (b *builder) costCenter(w *work) CostCenterID {
	v := w.row.CostCenter
	if !v.IsSet() {
		return ""
	}
	switch found := b.ix.costCenters(v.Text); {
	case len(found) == 1:
		return found[0].ID
	case len(found) > 1:
		b.failValue(w, v, "cost_center_ambiguous", "several cost centers are called "+v.Text+": give the id")
	case !b.s.CostCentersRead:
		b.failValue(w, v, "snapshot_incomplete", "the account's cost centers were not read")
	default:
		b.failValue(w, v, "cost_center_unknown", "no cost center has the name, code or id "+v.Text)
	}
	return ""
}
