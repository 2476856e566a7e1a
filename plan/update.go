package plan

import (
	"cmp"
	"strconv"
)

// wish is what many rows wish of their phone beyond that it is there; what holds
// already is nil.
type wish struct {
	name *string
	em   *EmergencyTarget
}

// present is the emergency address of the row's line, with which its wishes were
// compared; nil for a line that does not exist yet.
func (w *work) present() *Emergency {
	if !w.compared {
		return nil
	}
	return &w.dev.Emergency
}

// wishes compares, row by row, what a phone shall be with what it is.
func (b *builder) wishes() {
	for _, g := range b.groups {
		for _, w := range g.rows() {
			if w.bad {
				continue
			}
			switch w.verdict {
			case adds:
				b.checkAdd(w)
			case keeps:
				b.compare(w)
			case removes:
				b.checkRemoval(w)
			case undecided, passive, unstocksDevice, stocksSite:
			}
		}
		if len(g.rows()) > 1 {
			b.fewAdds(g)
			b.agreeOnDevice(g)
		}
		if len(g.phones()) > 1 || len(g.rows()) > 1 || g.addsBeside() {
			b.uniqueNames(g)
		}
	}
	b.numbersOnce()
	b.serialsFound()
	b.sourcesLost()
	b.sourcesRenamed()
	b.targetsNamed()
	b.settlePlaces()
	b.forgetWishes()
}

// maxAddsPerExtension is the most lines that one plan adds to an extension:
// nobody means more, and each add states the whole set of devices.
const maxAddsPerExtension = 100

// fewAdds refuses a heap of lines on one extension.
func (b *builder) fewAdds(g *group) {
	n := 0
	for _, w := range g.rows() {
		if w.verdict == adds && !w.bad {
			n++
		}
	}
	if n <= maxAddsPerExtension {
		return
	}
	for _, w := range g.rows() {
		if w.verdict == adds && !w.bad {
			b.failValue(w, w.row.Extension, "too_many_adds", strconv.Itoa(n)+" rows add lines to extension "+g.ext.Number+", at most "+strconv.Itoa(maxAddsPerExtension)+" are possible at once")
		}
	}
}

// compare finds what differs on a line that exists.
func (b *builder) compare(w *work) {
	r := w.row
	if r.CostCenter.IsSet() {
		b.noteSheet(w, "cost_center is set by an add only and is not compared on lines that exist")
	}
	if r.AreaCode.IsSet() || r.TollType.IsSet() {
		b.noteSheet(w, "area_code and toll_type choose the number of a new line and are not compared on lines that exist")
	}
	w.compared = true
	if w.pos() != nil {
		b.betweenPlaces(w, w.dev, w.pos().want)
	}
	b.compareNames(w)
	b.compareHardware(w)
	b.compareEmergency(w)
	b.assertAction(w)
}

// compareNames compares what a phone shows beside its address. A phone that
// does not exist yet shows nothing.
func (b *builder) compareNames(w *work) {
	r := w.row
	name, common := "", false
	if d := w.finalDevice(); d != nil {
		name, common = d.Name, d.CommonPhone
	}
	if w.name != "" && w.name != name {
		wanted := w.name
		w.up.name = &wanted
	}
	b.commonPhoneAllowed(w, common)
	if r.CommonPhone.IsSet() {
		if yes := r.CommonPhone.Text == "yes"; yes != common {
			w.own().common = &yes
		}
	}
}

// compareEmergency compares the emergency address of the line.
func (b *builder) compareEmergency(w *work) {
	wish := b.emergencyOf(w)
	b.raise(w, wish.said().wrong)
	if len(wish.said().wrong) > 0 {
		return
	}
	b.regimeNotes(w)
	if b.emergencyMet(w, w.present()) {
		return
	}
	to := b.emergencyTarget(w, w.present())
	if to == nil {
		return
	}
	b.mayReplace(w, w.dev, w.present(), &to.Place)
	w.up.em = to
}

// regimeNotes says which of a row's columns the account's regime does not use.
func (b *builder) regimeNotes(w *work) {
	if b.s.Account.ERLRegime {
		if w.row.CustomerName.IsSet() {
			b.noteSheet(w, "customer_name belongs to plain addresses and is not used where the account has emergency response locations")
		}
	} else if b.emergencyOf(w).byName {
		b.noteSheet(w, "the account has no emergency response locations: emergency_location is not used, the address counts")
	}
}

// commonPhoneAllowed refuses a common phone on anything but a limited
// extension (API reference, updateDevice).
func (b *builder) commonPhoneAllowed(w *work, present bool) {
	r := w.row
	if r.CommonPhone.IsSet() && w.ext().Type != "Limited" && (r.CommonPhone.Text == "yes" || present) {
		b.failValue(w, r.CommonPhone, "common_phone_not_limited", "extension "+w.ext().Number+" is of type "+w.ext().Type+": only limited extensions have common phones")
	}
}

// assertAction refuses a difference of another kind than the row's action.
// An add that was made but not finished leaves a phone without name or
// address: to finish it is of the add's kind.
func (b *builder) assertAction(w *work) {
	if w.bad || w.row.Action != ActionAdd || w.pos() != nil {
		return
	}
	if w.up.name == nil && w.common() == nil && w.up.em == nil && w.hw() == nil {
		return
	}
	if w.hw() != nil && w.dev.Serial == "" || b.unnamed(w.dev, w.ext()) || w.present().LocationID == "" && w.present().Address.Street == "" {
		return
	}
	what := ""
	for _, p := range []struct {
		differs bool
		name    string
	}{{w.up.name != nil, "name"}, {w.common() != nil, "common phone"}, {w.hw() != nil, "serial or model"}, {w.up.em != nil, "emergency address"}} {
		if p.differs && what != "" {
			what += " and "
		}
		if p.differs {
			what += p.name
		}
	}
	b.fail(w, w.row.ActionCell, string(w.row.Action), "action_mismatch", "phone "+describe(w.dev)+" of "+w.ext().Number+" is there and differs in "+what+
		": that is an update, not an add (a further line needs phone_number or device_name)")
}

// nameSaid is the name that the row's phone will have if it is as the row says:
// also one that only tells which phone is meant, as the next plan would look
// for it.
func (w *work) nameSaid() string {
	if w.replaces() {
		return w.name
	}
	return cmp.Or(w.name, w.row.DeviceName.Text)
}

// agreeOnDevice puts rows in error that claim lines of one device and wish
// different things of it.
func (b *builder) agreeOnDevice(g *group) {
	first := map[*Device]*work{}
	for _, w := range g.rows() {
		if w.bad || w.verdict != keeps || w.dev == nil {
			continue
		}
		o := first[w.dev]
		if o == nil {
			first[w.dev] = w
			continue
		}
		if what := b.disagreement(o, w); what != "" {
			ws := []*work{o, w}
			for _, x := range ws {
				b.fail(x, Cell{}, "", "device_values_disagree", "the rows of the lines of device "+describe(w.dev)+" disagree about its "+what+": see "+others(cellsOf(ws), x))
			}
		}
	}
}

// uniqueNames refuses rows that know their phone by its name only where two
// phones of the extension would end with that name, or one where the row
// removes it or calls it otherwise: the next plan could not tell which is
// meant.
func (b *builder) uniqueNames(g *group) {
	var names finalNames
	for _, w := range g.rows() {
		r := w.row
		byOldName := r.ReplaceWith.Form == ReplaceName && w.name != "" // renamedTarget finds it next time
		if w.bad || !r.nameOnly() && !byOldName {
			continue
		}
		if names == nil {
			names = g.finalNames()
		}
		if byOldName && names.count(w.name, "") > 1 {
			v := r.DeviceName
			if r.NewName.IsSet() {
				v = r.NewName
			}
			b.failValue(w, v, "name_not_unique", "several phones of "+g.ext.Number+" would be called "+w.name+", and the next plan could not tell which came by replace_with: name it by id:")
			continue
		}
		if !r.nameOnly() {
			continue
		}
		v := r.DeviceName
		if r.NewName.IsSet() && r.Action != ActionRemove && r.Action != ActionIgnore {
			v = r.NewName
		}
		most := 1
		if r.Action == ActionRemove || r.Action == ActionIgnore && w.dev == nil {
			most = 0
		}
		typ := r.DeviceType.Text
		if !sameName(r.DeviceName.Text, v.Text) && names.count(r.DeviceName.Text, typ) > 0 || names.count(v.Text, typ) > most {
			b.failValue(w, v, "name_not_unique", "several phones of "+g.ext.Number+" would be called "+v.Text+", or another one takes the name by which this row knows its phone: give this row another key, or the phones different names")
		}
	}
}

// addsBeside reports whether the only row adds a line beside the only phone.
func (g *group) addsBeside() bool {
	return len(g.phones()) == 1 && len(g.rows()) == 1 && g.rows()[0].verdict == adds
}

// finalNames counts an extension's phones by the name and type that they will
// have.
type finalNames map[[2]string]int

// count is how many phones a row that knows its phone by this name would find;
// no type means any.
func (n finalNames) count(name, typ string) int {
	if typ != "" {
		return n[[2]string{fold(name), typ}]
	}
	sum := 0
	for _, t := range [...]string{TypeHardPhone, TypeOtherPhone, TypeWebRTC} {
		sum += n[[2]string{fold(name), t}]
	}
	return sum
}

func (g *group) finalNames() finalNames {
	names := finalNames{}
	claimed := map[*Device]*work{}
	for _, w := range g.rows() {
		switch {
		case w.dev != nil:
			if o := claimed[w.dev]; o == nil || o.name == "" {
				claimed[w.dev] = w
			}
		case w.verdict == adds:
			_, typ := w.comes("", cmp.Or(w.row.DeviceType.Text, TypeOtherPhone))
			names[[2]string{fold(w.name), typ}]++
		}
	}
	for _, d := range g.phones() {
		name, typ := d.Name, d.Type
		w := claimed[d]
		if w != nil {
			if w.verdict == removes {
				continue
			}
			name, typ = w.comes(name, typ)
			name = cmp.Or(w.name, name)
		}
		names[[2]string{fold(name), typ}]++
	}
	return names
}

// comes is the name and type that the line's phone shows once it was
// exchanged; without an exchange they stay.
func (w *work) comes(name, typ string) (shown, kind string) {
	switch {
	case w.pos() == nil:
		return name, typ
	case w.pos().slot:
		return "", TypeOtherPhone
	case w.pos().want == nil:
		return "", typ
	}
	return w.pos().want.Name, w.pos().want.Type
}

// disagreement names what two rows of one device wish differently.
func (b *builder) disagreement(x, y *work) string {
	ex, ey := b.emergencyOf(x), b.emergencyOf(y)
	switch {
	case x.name+y.name != "" && x.nameSaid() != "" && y.nameSaid() != "" && x.nameSaid() != y.nameSaid():
		return "name"
	case x.row.CommonPhone.IsSet() && y.row.CommonPhone.IsSet() && x.row.CommonPhone.Text != y.row.CommonPhone.Text:
		return "common phone"
	case x.row.CustomerName.IsSet() && y.row.CustomerName.IsSet() && x.row.CustomerName.Text != y.row.CustomerName.Text:
		return "customer name"
	case x.serialSaid() != "" && y.serialSaid() != "" && x.serialSaid() != y.serialSaid():
		return "serial"
	case x.hw() != nil && y.hw() != nil && x.hw().model != y.hw().model && x.hw().model != "" && y.hw().model != "":
		return "model"
	case ex.none || ey.none:
		return ""
	case ex.loc != nil && ey.loc != nil && ex.loc == ey.loc, ex == ey:
		return ""
	case ex.loc == nil && ey.loc == nil && sameName(ex.name, ey.name) && b.ix.samePlace(ex.addr(), ey.addr()):
		return ""
	}
	return "emergency address"
}
