package plan

import "slices"

// sought is what one key of a row was looked for and found.
type sought struct {
	name  string
	v     Value
	dev   *Device   // the device it finds; for a name that several have, the first
	found []*Device // device_name only: all phones of the extension of that name
}

// claimByKeys lets the rows with keys find their phones. Rows that move a
// phone onto a line are matched by [builder.claimLines].
func (b *builder) claimByKeys() {
	for _, g := range b.groups {
		for _, w := range g.rows() {
			if !w.moves && (!w.bad || w.row.Invalid) {
				b.byKeys(w)
			}
		}
	}
}

// byKeys looks up the row's keys by strength. Those that find a device must
// find the same one.
func (b *builder) byKeys(w *work) {
	keys := b.seek(w)
	w.keyless = len(keys) == 0
	var hit *Device
	for _, k := range keys {
		if k.dev != nil {
			hit = k.dev
			break
		}
	}
	if w.row.Invalid || w.row.Action == ActionIgnore {
		w.verdict = passive
		w.g.spared = w.g.spared || w.keyless && w.row.Action == ActionIgnore
		if w.row.Action == ActionIgnore && !w.keyless && keys[0].dev == nil {
			return // what a weaker key finds may be the phone that came instead
		}
		if hit != nil && hit.Extension == w.ext().ID && handled(hit.Type) {
			w.dev = hit
		} else if w.row.Action == ActionIgnore && hit != nil {
			w.own().gone = hit
			b.name(hit.ID)
		}
		return
	}
	switch {
	case w.keyless:
	case w.row.Action == ActionRemove && keys[0].dev == nil:
		// The strongest key says which phone is to go; what a weaker one finds
		// beside it may be the phone that came instead.
		b.alreadyGone(w, keys[0].name)
	case hit == nil:
		b.nothingFound(w, keys)
	default:
		b.found(w, keys, hit)
	}
}

// seek looks for every key that the row fills, strongest first.
func (b *builder) seek(w *work) []sought {
	r := w.row
	keys := b.keys[:0] // used up before the next row
	if r.DeviceID.IsSet() {
		k := sought{name: "device_id", v: r.DeviceID, dev: b.ix.device(DeviceID(r.DeviceID.Text))}
		keys = append(keys, k)
	}
	if r.Serial.IsSet() {
		k := sought{name: "serial", v: r.Serial}
		if ds := b.ix.bySerial(r.Serial.Text); len(ds) > 0 {
			k.dev = ds[0]
		} else if d := newSerialShown(w); d != nil {
			k.name, k.dev = "new_serial", d
		}
		keys = append(keys, k)
	}
	if r.PhoneNumber.IsSet() {
		k := sought{name: "phone_number", v: r.PhoneNumber, dev: w.g.byNumber(r.PhoneNumber.Text)}
		if k.dev == nil && r.Action != ActionAdd && r.Action != ActionEnsure {
			// A new line's number has a rule of its own, see number.go.
			k.dev = b.ix.byNumber(r.PhoneNumber.Text)
		}
		keys = append(keys, k)
	}
	if r.DeviceName.IsSet() {
		k := sought{name: "device_name", v: r.DeviceName, found: w.g.byName(r.DeviceName.Text, r.DeviceType.Text)}
		if len(k.found) > 0 {
			k.dev = k.found[0]
		}
		keys = append(keys, k)
	}
	return keys
}

// newSerialShown is the one phone of the extension that shows the row's
// new_serial already: what the old serial found before it was written. A
// stronger key than the serial finds the phone by itself.
func newSerialShown(w *work) *Device {
	r := w.row
	if !r.NewSerial.IsSet() || r.DeviceID.IsSet() || r.PhoneNumber.IsSet() || r.Action == ActionRemove || r.Action == ActionIgnore {
		return nil
	}
	var hit *Device
	for _, d := range w.g.phones() {
		if sameName(d.Serial, r.NewSerial.Text) {
			if hit != nil {
				return nil
			}
			hit = d
		}
	}
	return hit
}

func (g *group) byNumber(number string) *Device {
	for _, d := range g.all() {
		if hasNumber(d, number) {
			return d
		}
	}
	return nil
}

func (g *group) byName(name, typ string) []*Device {
	var out []*Device
	for _, d := range g.phones() {
		if sameName(d.Name, name) && (typ == "" || typ == d.Type) {
			out = append(out, d)
		}
	}
	return out
}

func hasNumber(d *Device, number string) bool {
	return slices.ContainsFunc(d.Lines, func(l Line) bool { return l.Number == number })
}

// found judges a row whose keys find a device.
func (b *builder) found(w *work, keys []sought, hit *Device) {
	if !b.agree(w, keys, hit) || !b.here(w, keys, hit) || !b.rightType(w, hit) {
		return
	}
	for _, k := range keys {
		if k.dev == nil && !b.weaker(w, k, hit) {
			return
		}
	}
	for _, k := range keys {
		if k.dev != nil {
			b.claim(w, hit, k.name)
			break
		}
	}
	if w.row.PhoneNumber.IsSet() && (!w.row.DeviceID.IsSet() || w.row.Action != ActionRemove) {
		w.oneLine = true
	}
}

// lineNumber is the number of the claimed line where the row means that line
// only, else empty: the whole device.
func (w *work) lineNumber() string {
	if !w.oneLine {
		return ""
	}
	return w.row.PhoneNumber.Text
}

// agree refuses keys that find different devices.
func (b *builder) agree(w *work, keys []sought, hit *Device) bool {
	strongest := ""
	for _, k := range keys {
		switch {
		case k.dev == nil:
		case strongest == "":
			strongest = k.name
			if len(k.found) > 1 {
				b.failValue(w, k.v, "device_name_ambiguous", "several phones of "+w.ext().Number+" are called "+k.v.Text+": "+describeAll(k.found)+"; give device_id")
				return false
			}
		case k.dev == hit || slices.Contains(k.found, hit) || nameSettled(w, k, hit):
		case k.name == "device_name" && w.row.Action == ActionRemove && hit.Extension == "":
			// It was removed; what has the name now may have come instead.
			b.warn(w, k.v.Cell, k.v.Text, "device_name_differs", "device "+describe(hit)+" is off its extension already; what is called "+k.v.Text+" is "+describe(k.dev)+", which is left alone")
		default:
			b.failValue(w, k.v, "keys_disagree", strongest+" finds "+describe(hit)+" "+b.whereIs(hit)+", "+k.name+" finds "+describe(k.dev)+" "+b.whereIs(k.dev))
			return false
		}
	}
	return true
}

// nameSettled reports whether a device_name that finds another phone does not
// contradict: the phone has that name too, or its new one already.
func nameSettled(w *work, k sought, hit *Device) bool {
	if k.name != "device_name" {
		return false
	}
	return sameName(hit.Name, k.v.Text) || w.row.NewName.IsSet() && sameName(hit.Name, w.row.NewName.Text)
}

// here refuses a device that is on another extension or unassigned.
func (b *builder) here(w *work, keys []sought, hit *Device) bool {
	if hit.Extension == w.ext().ID {
		return true
	}
	v := keys[0].v
	for _, k := range keys {
		if k.dev != nil {
			v = k.v
			break
		}
	}
	switch {
	case hit.Extension != "":
		b.failValue(w, v, "device_elsewhere", "device "+describe(hit)+" is "+b.whereIs(hit)+", not on "+w.ext().Number)
	case w.row.Action == ActionRemove:
		w.verdict, w.how, w.own().gone = passive, keyName(keys, hit), hit
		w.own().note = "already gone: device " + describe(hit) + " is unassigned"
		if w.row.KeepAssets == KeepNumber || w.row.KeepAssets == KeepNone {
			b.warn(w, w.row.KeepCell, string(w.row.KeepAssets), "device_still_in_inventory", "device "+describe(hit)+" is off its extension already and stays in the inventory: an unstock row deletes it")
		}
	default:
		b.failValue(w, v, "device_unassigned", "device "+describe(hit)+" is unassigned: to bring it to "+w.ext().Number+", swap it in with replace_with=id:"+string(hit.ID))
	}
	return false
}

func keyName(keys []sought, hit *Device) string {
	for _, k := range keys {
		if k.dev == hit {
			return k.name
		}
	}
	return ""
}

// rightType refuses devices that rows can't mean, or that this row does not.
func (b *builder) rightType(w *work, d *Device) bool {
	if !handled(d.Type) {
		b.fail(w, w.row.At, "", "device_type_not_handled", "device "+describe(d)+" is a "+d.Type+": such devices are left alone")
		return false
	}
	if t := w.row.DeviceType; t.IsSet() && t.Text != d.Type {
		b.failValue(w, t, "device_type_mismatch", "device "+describe(d)+" is a "+d.Type+", not a "+t.Text)
		return false
	}
	return true
}

// weaker judges a key that finds nothing beside one that found the phone: a
// name is then the new name, the others contradict.
func (b *builder) weaker(w *work, k sought, hit *Device) bool {
	switch k.name {
	case "device_id":
		b.failValue(w, k.v, "device_id_unknown", "no device has the id "+k.v.Text)
	case "serial":
		if w.row.Action != ActionRemove {
			w.writesSerial = true
			return true
		}
		b.failValue(w, k.v, "keys_disagree", "device "+describe(hit)+" has the serial "+orNone(hit.Serial)+", not "+k.v.Text)
	case "phone_number":
		b.failValue(w, k.v, "keys_disagree", "device "+describe(hit)+" has the number "+orNone(firstNumber(hit))+", not "+k.v.Text)
	case "device_name":
		if w.row.Action == ActionRemove {
			b.warn(w, k.v.Cell, k.v.Text, "device_name_differs", "device "+describe(hit)+" is called "+orNone(hit.Name)+", not "+k.v.Text)
		} else {
			w.name = k.v.Text
		}
		return true
	}
	return false
}

// claim lets the row stand for the phone.
func (b *builder) claim(w *work, d *Device, how string) {
	w.dev, w.how = d, how
	if taken := w.g.taken(); taken != nil {
		taken[d] = true
	}
	w.verdict = keeps
	if w.row.Action == ActionRemove {
		w.verdict = removes
	}
	if w.row.NewName.IsSet() {
		w.name = w.row.NewName.Text
	}
}

// nothingFound judges a row none of whose keys finds a device.
func (b *builder) nothingFound(w *work, keys []sought) {
	r := w.row
	if d := newNameShown(w, keys); d != nil {
		b.claim(w, d, "new_name")
		return
	}
	k := keys[0]
	switch {
	case k.name == "device_id" && !b.ix.deviceKnown(DeviceID(k.v.Text)):
		b.failValue(w, k.v, "snapshot_incomplete", "device "+k.v.Text+" is not on extension "+w.ext().Number+", and it was not asked for elsewhere")
	case k.name == "device_id":
		b.failValue(w, k.v, "device_id_unknown", "no device has the id "+k.v.Text)
	case r.Action == ActionUpdate:
		b.failValue(w, k.v, "device_not_found", w.ext().Number+" has no phone with "+k.name+" "+k.v.Text+": "+b.has(w.g))
	case k.name == "serial":
		b.serialFindsNothing(w, keys)
	case k.name == "phone_number":
		w.name = r.DeviceName.Text
		b.addLine(w, k.v)
	default:
		w.byName = true
	}
}

// newNameShown is the one phone of the extension that shows the row's new_name
// already, where its device_name, the row's only key, finds nothing.
func newNameShown(w *work, keys []sought) *Device {
	if len(keys) > 1 || keys[0].name != "device_name" || !w.row.NewName.IsSet() {
		return nil
	}
	if ds := w.g.byName(w.row.NewName.Text, w.row.DeviceType.Text); len(ds) == 1 {
		return ds[0]
	}
	return nil
}

// alreadyGone is what a removal comes to that finds nothing.
func (b *builder) alreadyGone(w *work, how string) {
	w.verdict, w.how, w.own().note = passive, how, "already gone"
	if len(w.g.phones()) > 0 && how != "" {
		b.warn(w, Cell{}, "", "already_gone", "nothing to remove was found; "+b.has(w.g))
	}
}

// has lists what phones an extension has, for messages.
func (b *builder) has(g *group) string {
	if len(g.phones()) == 0 {
		return g.ext.Number + " has no phone"
	}
	return g.ext.Number + " has " + describeAll(g.phones())
}

// addLine makes a row an add, if its action allows one.
func (b *builder) addLine(w *work, v Value) {
	if w.row.Action == ActionEnsure && len(w.g.phones()) > 0 {
		b.failValue(w, v, "add_needs_action", b.has(w.g)+"; a further line needs action add")
		return
	}
	w.verdict, w.how = adds, "no such phone on "+w.ext().Number
	if len(w.g.phones()) == 0 {
		w.how = "no phone on " + w.ext().Number
	}
	if w.row.NewName.IsSet() {
		w.name = w.row.NewName.Text
	}
	if w.name == "" {
		w.name = w.row.DeviceName.Text
	}
}
