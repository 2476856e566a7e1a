package plan

// checkRemoval refuses removals that need to name their device.
func (b *builder) checkRemoval(w *work) {
	d := w.dev
	if o := b.swapOf(d); o != nil && (w.row.KeepAssets == KeepNumber || w.row.KeepAssets == KeepNone) {
		b.fail(w, w.row.KeepCell, string(w.row.KeepAssets), "source_of_swap", "device "+describe(d)+" is the source of "+o.row.At.String()+sourceOfSwap)
	}
	if w.row.DeviceID.IsSet() {
		return
	}
	if special(d) || len(d.Lines) > 1 {
		b.fail(w, Cell{}, "", "needs_device_id", "device "+describe(d)+" has several lines, is shared or a hot-desk phone: name it by device_id")
	}
}

// removal makes the changes of a removal: the line goes, and with
// keep_assets=number the slot that is left is deleted.
func (b *builder) removal(w *work) {
	d, r := w.dev, w.row
	c := b.ch.add(KindRemove, string(d.ID))
	b.ch.on(w.g)
	c.Reason = w.how
	c.Effect = &RemoveLine{Device: d.ID, KeepAssets: r.KeepAssets != KeepNone}
	c.Was = factsOf(d)
	c.Becomes = &Facts{Device: d.ID}
	c.condition().Holds = []Holding{{Device: DeviceRef{ID: d.ID}, Extension: w.ext().ID}}
	b.ch.by(c, w, r.ActionCell, r.KeepCell)
	if r.KeepAssets == KeepNumber {
		u := b.deletion(DeviceRef{ID: d.ID}, factsOf(d))
		u.Reason = "keep_assets=number keeps the number only"
		u.Uncounted = true
		u.needs(c)
		b.ch.by(u, w, r.KeepCell)
	}
}

// deletion makes the change that deletes an unassigned device.
func (b *builder) deletion(ref DeviceRef, before *Facts) *Change {
	c := b.ch.add(KindUnstock, string(ref.ID), ref.Change)
	c.Effect = &DeleteDevice{Device: ref}
	c.Was = before
	c.condition().Holds = []Holding{{Device: ref}}
	return c
}

// factsOf is what is known of a device, for people and for undo.
func factsOf(d *Device) *Facts {
	f := &Facts{Device: d.ID, Type: d.Type, Name: d.Name, Serial: d.Serial}
	rare := RareFacts{Site: d.Site, Special: special(d)}
	if len(d.Lines) > 1 {
		rare.Lines = len(d.Lines)
	}
	if len(d.Lines) > 0 {
		f.Number, rare.NumberID = d.Lines[0].Number, d.Lines[0].NumberID
		f.Emergency = &d.Emergency
	}
	if d.CommonPhone {
		rare.CommonPhone = new(true)
	}
	f.setRare(rare)
	return f
}

// unstockRows finds the devices that unstock rows delete.
func (b *builder) unstockRows() {
	by := map[*Device][]*work{}
	wanted := map[*Device]*work{}
	for _, p := range b.line {
		if p.want != nil {
			wanted[p.want] = p.w
		}
	}
	for _, w := range b.unstocks {
		if w.bad || !b.findUnassigned(w) {
			continue
		}
		if o := wanted[w.dev]; o != nil {
			b.fail(w, Cell{}, "", "replacement_wanted_twice", "device "+describe(w.dev)+" comes to extension "+o.ext().Number+" by "+o.row.At.String())
			w.dev = nil
			continue
		}
		if o := b.swapOf(w.dev); o != nil {
			b.fail(w, Cell{}, "", "source_of_swap", "device "+describe(w.dev)+" is the source of "+o.row.At.String()+sourceOfSwap)
			w.dev = nil
			continue
		}
		by[w.dev] = append(by[w.dev], w)
	}
	for _, w := range b.unstocks {
		if ws := by[w.dev]; w.dev != nil && len(ws) > 1 && ws[0] == w {
			b.samePhone(ws, "device "+describe(w.dev)+" is deleted by several rows", keepOne)
		}
	}
	for _, w := range b.unstocks {
		if w.bad || w.dev == nil {
			continue
		}
		c := b.deletion(DeviceRef{ID: w.dev.ID}, factsOf(w.dev))
		c.Reason = w.how
		b.ch.by(c, w, w.row.ActionCell)
		if isSlot(w.dev) {
			b.slotsGone[siteOf(w.dev.Site)]++
		}
	}
}

// swapOf is the good row that knows by the device that its line was given
// another one from the inventory; nil if there is none. Such a device is not
// deleted by the same sheets.
func (b *builder) swapOf(d *Device) *work {
	if b.poolSwaps == nil {
		b.poolSwaps = map[*Device]*work{}
		for _, w := range b.replacing {
			if w.moves && w.source() != nil && w.target() == nil {
				b.poolSwaps[w.source()] = w
			}
		}
	}
	if w := b.poolSwaps[d]; w != nil && !w.bad {
		return w
	}
	return nil
}

const sourceOfSwap = ", which the next plan would not find any more: delete it by a sheet of its own"

// findUnassigned looks for the device of an unstock row; false if there is
// nothing to be deleted.
func (b *builder) findUnassigned(w *work) bool {
	r := w.row
	known := b.s.DevicesComplete
	v := r.Serial
	w.how = "serial"
	if r.DeviceID.IsSet() {
		v, w.how = r.DeviceID, "device_id"
		w.dev = b.ix.device(DeviceID(v.Text))
		known = b.ix.deviceKnown(DeviceID(v.Text))
	}
	if r.Serial.IsSet() {
		switch ds := b.ix.bySerial(r.Serial.Text); {
		case len(ds) > 0 && !r.DeviceID.IsSet():
			w.dev = ds[0]
		case w.dev != nil && (len(ds) == 0 || ds[0] != w.dev):
			b.failValue(w, r.Serial, "keys_disagree", "device "+describe(w.dev)+" has the serial "+orNone(w.dev.Serial)+", not "+r.Serial.Text)
			return false
		}
	}
	d := w.dev
	switch {
	case d == nil && !known:
		b.failValue(w, v, "snapshot_incomplete", "whether device "+v.Text+" is gone can't be told: it was not asked for, and the account's device list could not be read")
	case d == nil:
		w.verdict, w.own().note = passive, "already gone"
	case !handled(d.Type):
		b.failValue(w, v, "device_type_not_handled", "device "+describe(d)+" is a "+d.Type+": such devices are left alone")
	case d.Extension != "":
		b.failValue(w, v, "device_assigned", "device "+describe(d)+" is "+b.whereIs(d)+": only unassigned devices can be deleted; a remove row takes it off")
	case len(d.Lines) > 0:
		b.failValue(w, v, "device_assigned", "device "+describe(d)+" still has a line")
	default:
		return true
	}
	return false
}
