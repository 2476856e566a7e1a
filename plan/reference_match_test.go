package plan_test

import (
	"slices"

	"provision/plan"
)

// refKey is one key of a row, with the devices it finds.
type refKey struct {
	name, text string
	finds      []*plan.Device
}

// keys looks every key up, the strongest first.
func (f *reference) keys(r *refRow) []refKey {
	var out []refKey
	put := func(name string, v plan.Value, fits func(*plan.Device) bool) {
		if v.IsSet() {
			out = append(out, refKey{name, v.Text, f.devices(fits)})
		}
	}
	put("device_id", r.DeviceID, func(d *plan.Device) bool { return string(d.ID) == r.DeviceID.Text })
	put("serial", r.Serial, func(d *plan.Device) bool { return d.Serial != "" && same(d.Serial, r.Serial.Text) })
	if len(out) == 1 && out[0].name == "serial" && len(out[0].finds) == 0 && r.NewSerial.IsSet() && !r.PhoneNumber.IsSet() &&
		r.Action != plan.ActionRemove && r.Action != plan.ActionIgnore {
		// Once the new serial is written, it finds what the old one found.
		if shown := slices.DeleteFunc(f.phones(r.ext), func(d *plan.Device) bool { return !same(d.Serial, r.NewSerial.Text) }); len(shown) == 1 {
			out[0].finds = shown
		}
	}
	put("phone_number", r.PhoneNumber, func(d *plan.Device) bool {
		// On a row that may add, the number says where a new line's comes from.
		here := d.Extension == r.ext.ID || r.Action != plan.ActionAdd && r.Action != plan.ActionEnsure
		return here && hasNumber(d, r.PhoneNumber.Text)
	})
	put("device_name", r.DeviceName, func(d *plan.Device) bool {
		return d.Extension == r.ext.ID && matched(d.Type) && same(d.Name, r.DeviceName.Text) && (!r.DeviceType.IsSet() || d.Type == r.DeviceType.Text)
	})
	return out
}

// byKeys lets a row with keys find its phone.
func (f *reference) byKeys(r *refRow) {
	if r.ext == nil || r.trades {
		return
	}
	keys := f.keys(r)
	if r.keyless = len(keys) == 0; r.keyless {
		return
	}
	var hit *refKey
	for i := range keys {
		if hit == nil && len(keys[i].finds) > 0 {
			hit = &keys[i]
		}
	}
	first := keys[0]
	switch {
	case r.Action == plan.ActionIgnore:
		if len(first.finds) > 0 && first.finds[0].Extension == r.ext.ID && matched(first.finds[0].Type) {
			r.dev = first.finds[0]
		} else if len(first.finds) > 0 {
			r.gone = first.finds[0]
		}
	case r.Action == plan.ActionRemove && len(first.finds) == 0:
		r.does = "nothing"
	case hit == nil:
		f.noneFound(r, keys)
	default:
		f.phoneFound(r, keys, *hit)
	}
}

// phoneFound judges the phone that the strongest key finds by the others.
func (f *reference) phoneFound(r *refRow, keys []refKey, hit refKey) {
	d := hit.finds[0]
	if len(hit.finds) > 1 {
		r.fail("several phones have the name")
		return
	}
	for _, k := range keys {
		if len(k.finds) > 0 && !slices.Contains(k.finds, d) {
			// Of two phones of one name, or of which one has the new name
			// already, the stronger key tells which is meant.
			if k.name == "device_name" && (same(d.Name, k.text) || r.NewName.IsSet() && same(d.Name, r.NewName.Text)) {
				continue
			}
			if k.name == "device_name" && r.Action == plan.ActionRemove && d.Extension == "" {
				continue // what was removed keeps no name from others
			}
			r.fail("keys find different devices")
			return
		}
	}
	if d.Extension != r.ext.ID {
		if r.Action == plan.ActionRemove && d.Extension == "" {
			r.does, r.gone = "nothing", d
			return
		}
		r.fail("the device is elsewhere")
		return
	}
	if !matched(d.Type) || r.DeviceType.IsSet() && d.Type != r.DeviceType.Text {
		r.fail("the device is of another type")
		return
	}
	for _, k := range keys {
		if len(k.finds) > 0 {
			continue
		}
		switch {
		case k.name == "device_name":
			r.name = k.text
		case k.name == "serial" && r.Action != plan.ActionRemove:
			r.writes = true
		default:
			r.fail("a key does not fit the phone that another finds")
			return
		}
	}
	f.claim(r, d)
	if r.PhoneNumber.IsSet() && (!r.DeviceID.IsSet() || r.Action != plan.ActionRemove) {
		r.line = r.PhoneNumber.Text
	}
}

func (f *reference) claim(r *refRow, d *plan.Device) {
	r.dev, r.does = d, "keep"
	if r.Action == plan.ActionRemove {
		r.does = "remove"
	}
	if r.NewName.IsSet() {
		r.name = r.NewName.Text
	}
}

// noneFound judges a row with keys that find nothing.
func (f *reference) noneFound(r *refRow, keys []refKey) {
	if len(keys) == 1 && keys[0].name == "device_name" && r.NewName.IsSet() {
		var shown []*plan.Device
		for _, d := range f.phones(r.ext) {
			if same(d.Name, r.NewName.Text) && (!r.DeviceType.IsSet() || d.Type == r.DeviceType.Text) {
				shown = append(shown, d)
			}
		}
		if len(shown) == 1 {
			f.claim(r, shown[0])
			return
		}
	}
	switch first := keys[0]; {
	case first.name == "device_id", r.Action == plan.ActionUpdate, first.name == "serial" && !f.o.UnlistedOperations:
		r.fail("no such phone")
	case first.name == "serial" && !r.PhoneNumber.IsSet():
		r.bySlot = true
	case first.name == "serial":
		r.name = r.DeviceName.Text
		f.add(r)
	case first.name == "phone_number":
		r.name = r.DeviceName.Text
		f.add(r)
	default:
		r.byName = true
	}
}

// add makes the row a new line, if it may be one.
func (f *reference) add(r *refRow) {
	if r.Action == plan.ActionEnsure && len(f.phones(r.ext)) > 0 {
		r.fail("a further line needs action add")
		return
	}
	r.does = "add"
	if r.NewName.IsSet() {
		r.name = r.NewName.Text
	}
	if r.name == "" {
		r.name = r.DeviceName.Text
	}
}

// unclaimed are the extension's phones that no row has claimed.
func (f *reference) unclaimed(e *plan.Extension) []*plan.Device {
	return slices.DeleteFunc(f.phones(e), func(d *plan.Device) bool {
		return slices.ContainsFunc(f.rows, func(r *refRow) bool { return r.dev == d && r.bad == "" })
	})
}

// byUnknownName lets names that nobody has claim the only unnamed phone.
func (f *reference) byUnknownName(rows []*refRow) {
	rows = slices.DeleteFunc(rows, func(r *refRow) bool { return !r.byName })
	if len(rows) == 0 {
		return
	}
	unnamed := func(r *refRow) []*plan.Device {
		return slices.DeleteFunc(f.unclaimed(r.ext), func(d *plan.Device) bool {
			return d.Name != "" && !same(d.Name, r.ext.Name) || r.DeviceType.IsSet() && d.Type != r.DeviceType.Text
		})
	}
	if len(rows) > 1 {
		free := slices.DeleteFunc(f.unclaimed(rows[0].ext), func(d *plan.Device) bool { return d.Name != "" && !same(d.Name, rows[0].ext.Name) })
		if len(free) > 1 {
			for _, r := range rows {
				r.fail("which unnamed phone is meant is unclear")
			}
			return
		}
		f.unclear = f.unclear || len(free) == 1
	}
	for _, r := range rows {
		if free := unnamed(r); len(free) == 1 {
			r.name = r.DeviceName.Text
			f.claim(r, free[0])
			continue
		}
		f.add(r)
	}
}

// couldBe reports whether a row without key could mean the phone at all.
func couldBe(r *refRow, d *plan.Device) bool {
	if r.DeviceType.IsSet() && d.Type != r.DeviceType.Text {
		return false
	}
	return !r.trades || tradable(d) && (!r.PhoneNumber.IsSet() || hasNumber(d, r.PhoneNumber.Text))
}
