package plan

import "cmp"

// isNamed reports whether a row names the device, so that inventory leaves it
// alone. What rows name is looked up on the first question, after they were
// matched: few sheets ask for phones that they do not name.
func (b *builder) isNamed(d *Device) bool {
	if !b.rowsNamed {
		b.rowsNamed = true
		for w := range b.works.all() {
			b.nameAll(w)
		}
	}
	return b.named != nil && b.named[b.ix.devicePlace(d.ID)]
}

// nameAll marks the devices that a row names.
func (b *builder) nameAll(w *work) {
	r := w.row
	if r.DeviceID.IsSet() {
		b.name(DeviceID(r.DeviceID.Text))
	}
	if r.Serial.IsSet() {
		for _, d := range b.ix.bySerial(r.Serial.Text) {
			b.name(d.ID)
		}
	}
	if r.ReplaceWith.Form == ReplaceID {
		b.name(DeviceID(r.ReplaceWith.Arg))
	}
	if w.target() != nil {
		b.name(w.target().ID)
	}
}

// name marks a device, wherever it is, as one that a row names.
func (b *builder) name(id DeviceID) {
	if b.named == nil {
		b.named = make([]bool, len(b.s.Devices))
	}
	if i := b.ix.devicePlace(id); i >= 0 {
		b.named[i] = true
	}
}

// sources gathers the rows with replace_with, and finds the phone that each
// moving one names as its source.
func (b *builder) sources() {
	for _, g := range b.groups {
		for _, w := range g.rows() {
			if !w.replaces() {
				continue
			}
			b.replacing = append(b.replacing, w)
			if w.moves && !w.bad {
				b.findSource(w)
			}
		}
	}
	b.presume()
}

func (b *builder) findSource(w *work) {
	r := w.row
	if r.DeviceID.IsSet() {
		w.own().source = b.ix.device(DeviceID(r.DeviceID.Text))
	}
	if !r.Serial.IsSet() {
		return
	}
	found := b.ix.bySerial(r.Serial.Text)
	switch {
	case w.source() == nil && len(found) > 0 && !r.DeviceID.IsSet():
		w.own().source = found[0]
	case len(found) > 0 && w.source() != nil && w.source() != found[0]:
		b.failValue(w, r.Serial, "keys_disagree", "device_id finds "+describe(w.source())+", serial finds "+describe(found[0]))
	case len(found) == 0 && w.source() != nil:
		b.failValue(w, r.Serial, "keys_disagree", "device "+describe(w.source())+" has the serial "+orNone(w.source().Serial)+", not "+r.Serial.Text)
	}
}

// targets finds the phone that replace_with names, where it names one.
func (b *builder) targets() {
	for _, w := range b.replacing {
		if w.verdict == passive || w.bad && !lacksSource(w) {
			continue
		}
		b.findTarget(w)
	}
}

func (b *builder) failReplace(w *work, code, msg string) {
	b.fail(w, w.row.ReplaceWith.Cell, w.row.ReplaceWith.String(), code, msg)
}

func (b *builder) findTarget(w *work) {
	rw := w.row.ReplaceWith
	var found []*Device
	known := b.s.DevicesComplete
	switch rw.Form {
	case ReplaceID:
		if d := b.ix.device(DeviceID(rw.Arg)); d != nil {
			found = append(found, d)
		}
		known = b.ix.deviceKnown(DeviceID(rw.Arg))
	case ReplaceSerial:
		found = b.ix.bySerial(rw.Arg)
	case ReplaceName:
		// A name is unique only where all phones are known.
		if !known {
			b.failReplace(w, "snapshot_incomplete", "whether a phone's name is unique can't be told without the account's device list: give id:")
			return
		}
		if found = b.ix.byName(rw.Arg); len(found) == 0 {
			found = b.renamedTarget(w)
		}
	case ReplaceExtension:
		if d := b.sourceOf(w, rw.Arg); d == nil || !b.otherType(w, d) {
			w.own().target = d
		}
		return
	case ReplaceInventory:
		if !known {
			b.failReplace(w, "snapshot_incomplete", "free phones can't be told without the account's device list: give id:")
		}
		return
	case ReplaceNew, ReplaceNone:
		return
	}
	switch {
	case len(found) == 1 && !swappable(found[0].Type):
		b.failReplace(w, "not_swappable", notSwappable(found[0]))
	case len(found) == 1 && rw.Form != ReplaceID && special(found[0]) && found[0].Extension != w.ext().ID:
		b.failReplace(w, "needs_device_id", "device "+describe(found[0])+" is shared or a hot-desk phone: name it by id:")
	case len(found) == 1 && b.otherType(w, found[0]):
	case len(found) == 1:
		w.own().target = found[0]
	case len(found) > 1:
		b.failReplace(w, "replacement_ambiguous", "several phones match: "+describeAll(found)+"; give id:")
	case !known:
		b.failReplace(w, "snapshot_incomplete", "no phone that was read matches, and the account's device list could not be read")
	default:
		b.failReplace(w, "replacement_unknown", "no phone matches "+rw.String())
	}
}

// notSwappable says why a device can't be swapped.
func notSwappable(d *Device) string {
	return "device " + describe(d) + " is a " + d.Type + ": only HardPhone and OtherPhone can be swapped"
}

// otherType refuses a phone that is not of the type that the row states.
func (b *builder) otherType(w *work, d *Device) bool {
	t := w.row.DeviceType
	if !t.IsSet() || t.Text == d.Type {
		return false
	}
	b.failValue(w, t, "device_type_mismatch", "device "+describe(d)+" is a "+d.Type+", not a "+t.Text)
	return true
}

// renamedTarget is the phone that came by its old name and was given the
// row's own, as far as that can be told: the extension's only phone of that
// name, where the source is gone.
func (b *builder) renamedTarget(w *work) []*Device {
	name := cmp.Or(w.row.NewName.Text, w.row.DeviceName.Text)
	if name == "" || w.moves && (w.source() == nil || w.source().Extension == w.ext().ID) {
		return nil
	}
	if found := w.g.byName(name, ""); len(found) == 1 {
		return found
	}
	return nil
}

// sourceOf is the phone that the swap row of an extension names as its source.
func (b *builder) sourceOf(w *work, number string) *Device {
	e := b.ix.extByNumber(number)
	if e == nil {
		b.failReplace(w, "extension_unknown", "extension "+number+" is not on the account")
		return nil
	}
	var found []*Device
	var bad *work
	if g := b.groupOf(e.ID); g != nil {
		for _, o := range g.rows() {
			if o.bad && (bad == nil || lacksSource(o)) {
				bad = o
			}
			if o.moves && o.source() != nil {
				found = append(found, o.source())
			}
		}
	}
	switch {
	case len(found) == 1 && !swappable(found[0].Type):
		b.failReplace(w, "not_swappable", notSwappable(found[0]))
	case len(found) == 1:
		return found[0]
	case len(found) > 1:
		b.failReplace(w, "replacement_ambiguous", "several rows of extension "+number+" name a source: "+describeAll(found)+"; give id:")
	case bad != nil:
		if !lacksSource(w) {
			b.failReplace(w, "partner_in_error", "the row of extension "+number+" is in error")
		}
		b.betweenPlaces(w, b.presentSource(w), b.presumed[bad])
	default:
		b.nobodySwaps(w, e)
	}
	return nil
}

// claimLines decides, for the rows that move a phone onto a line, whether the
// goal holds already and which phone is on the line now.
func (b *builder) claimLines() {
	b.sourcesReturn()
	// Phones that swap rows name: one of them on a row's extension tells that
	// a rotation was left half done.
	inSwaps := map[*Device]bool{}
	for _, w := range b.replacing {
		if !w.moves || w.bad {
			continue
		}
		if w.source() != nil {
			inSwaps[w.source()] = true
		}
		if w.target() != nil {
			inSwaps[w.target()] = true
		}
	}
	for _, w := range b.replacing {
		if !w.moves || w.bad {
			continue
		}
		b.claimLine(w, inSwaps)
		if w.bad && w.dev != nil {
			delete(w.g.taken(), w.dev)
			w.dev = nil
		}
	}
}

func (b *builder) claimLine(w *work, inSwaps map[*Device]bool) {
	here := w.source() != nil && w.source().Extension == w.ext().ID
	pool := w.target() == nil // inventory or new
	switch {
	case !pool && w.target().Extension == w.ext().ID && here && w.source() != w.target():
		b.failReplace(w, "both_on_extension", "both phones are on "+w.ext().Number+": there is nothing to swap between them")
	case !pool && w.target().Extension == w.ext().ID:
		w.reached = true
		b.claim(w, w.target(), "replacement already on "+w.ext().Number)
	case here:
		how := "device_id"
		if !w.row.DeviceID.IsSet() {
			how = "serial"
		}
		b.claim(w, w.source(), how)
	case pool && w.source() == nil:
		b.sourceUnknown(w)
	case pool:
		w.reached = true
		b.claimReached(w)
	default:
		b.halfDone(w, inSwaps)
	}
	if w.bad || w.dev == nil {
		return
	}
	b.checkLine(w)
}

// sourceKey is the value by which a row that moves a phone names its source.
func (r *Row) sourceKey() Value {
	if r.DeviceID.IsSet() {
		return r.DeviceID
	}
	return r.Serial
}

// renamesTarget reports whether the row finds the phone that comes by its name
// and gives it another one.
func (w *work) renamesTarget() bool {
	name := cmp.Or(w.row.NewName.Text, w.row.DeviceName.Text)
	return w.row.ReplaceWith.Form == ReplaceName && name != "" && !sameName(name, w.row.ReplaceWith.Arg)
}

func (b *builder) sourceUnknown(w *work) {
	v := w.row.sourceKey()
	if w.row.DeviceID.IsSet() && !b.ix.deviceKnown(DeviceID(v.Text)) || !w.row.DeviceID.IsSet() && !b.s.DevicesComplete {
		b.failValue(w, v, "snapshot_incomplete", "source "+v.Text+" is not on extension "+w.ext().Number+", and the account's device list could not be read")
		return
	}
	b.failValue(w, v, "device_not_found", "the source "+v.Text+" is not on the account; "+b.has(w.g))
}

// claimReached notes that the source left for the inventory. Nothing tells
// which phone came instead: the row is matched with those without keys.
func (b *builder) claimReached(w *work) {
	w.keyless, w.how, w.own().note = true, "source has left "+w.ext().Number, "the source is "+b.whereIs(w.source())
	b.lineName(w)
}

// halfDone plans the rest of a rotation from who holds what now.
func (b *builder) halfDone(w *work, inSwaps map[*Device]bool) {
	free := w.g.unclaimed(func(d *Device) bool { return inSwaps[d] })
	if w.source() == nil && w.renamesTarget() {
		free = nil // neither source nor name would tell the next plan that the phone came
	}
	if len(free) == 1 {
		b.claim(w, free[0], "half-done rotation")
		return
	}
	if w.source() == nil {
		b.sourceUnknown(w)
		return
	}
	v := w.row.sourceKey()
	b.failValue(w, v, "device_elsewhere", "the source "+describe(w.source())+" is "+b.whereIs(w.source())+", not on "+w.ext().Number)
}

// checkLine checks the phone on the line against the row's other keys and
// what can be swapped, and finds the name that the line's phone shall have.
func (b *builder) checkLine(w *work) {
	r, d := w.row, w.dev
	if !w.reached {
		if !swappable(d.Type) {
			b.fail(w, r.DeviceID.Cell, r.DeviceID.Text, "not_swappable", notSwappable(d))
			return
		}
		if (special(d) || len(d.Lines) > 1) && !r.DeviceID.IsSet() {
			b.failValue(w, r.Serial, "needs_device_id", "device "+describe(d)+" has several lines, is shared or a hot-desk phone: name it by device_id")
			return
		}
	}
	if r.PhoneNumber.IsSet() && !hasNumber(d, r.PhoneNumber.Text) {
		b.failValue(w, r.PhoneNumber, "keys_disagree", "device "+describe(d)+" has the number "+orNone(firstNumber(d))+", not "+r.PhoneNumber.Text)
		return
	}
	if t := r.DeviceType; t.IsSet() && t.Text != d.Type {
		b.failValue(w, t, "device_type_mismatch", "device "+describe(d)+" is a "+d.Type+", not a "+t.Text)
		return
	}
	b.lineName(w)
}

// lineName finds the name that the line's phone shall have. A name beside the
// source names the source if it has it, else what comes.
func (b *builder) lineName(w *work) {
	r := w.row
	switch {
	case r.NewName.IsSet():
		w.name = r.NewName.Text
	case r.DeviceName.IsSet() && !w.namesSource():
		w.name = r.DeviceName.Text
	}
}
