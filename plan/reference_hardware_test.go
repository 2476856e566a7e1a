package plan_test

import (
	"cmp"
	"fmt"
	"slices"

	"provision/plan"
)

// bySerial matches, on one extension, the rows whose serial no phone of the
// account has: the one phone without a serial shall get it.
func (f *reference) bySerial(rows []*refRow) {
	rows = slices.DeleteFunc(rows, func(r *refRow) bool { return !r.bySlot })
	for _, r := range rows {
		free := slices.DeleteFunc(f.unclaimed(r.ext), func(d *plan.Device) bool {
			return d.Serial != "" || d.Type == plan.TypeWebRTC || r.DeviceType.IsSet() && d.Type != r.DeviceType.Text
		})
		switch {
		case len(free) == 0:
			f.add(r)
		case len(free) == 1 && len(rows) == 1:
			r.writes, r.name = true, r.DeviceName.Text
			f.claim(r, free[0])
		default:
			r.fail("which phone gets the serial is unclear")
		}
	}
}

// serialWish is what the row says that its phone's serial shall be; empty:
// what it is.
func (r *refRow) serialWish() string {
	if !r.NewSerial.IsSet() && (r.writes || r.does == "add") {
		return r.Serial.Text
	}
	return r.NewSerial.Text
}

// serialSaid is the serial by which the next plan would look for the phone.
func (r *refRow) serialSaid() string {
	if r.ReplaceWith.Form != plan.ReplaceNone {
		return r.serialWish()
	}
	return cmp.Or(r.serialWish(), r.Serial.Text)
}

// modelWish is the model's id; empty: as it is.
func (f *reference) modelWish(r *refRow) plan.ModelID {
	text := cmp.Or(r.NewModel.Text, r.Model.Text)
	var ids []plan.ModelID
	for _, d := range f.s.Devices {
		if text != "" && d.ModelID != "" && (same(d.Model, text) || same(string(d.ModelID), text)) {
			ids = append(ids, d.ModelID)
		}
	}
	if len(ids) > 0 {
		return slices.Min(ids)
	}
	return plan.ModelID(text)
}

// lastPhone is the phone that the line has in the end; nil: a new one, or any
// free one.
func (r *refRow) lastPhone() *plan.Device {
	if r.exchange {
		return r.target
	}
	return r.dev
}

// sets is what is written of serial and model on the row's phone.
func (f *reference) sets(r *refRow) (serial string, model plan.ModelID) {
	if r.does != "keep" && r.does != "add" {
		return "", ""
	}
	serial, model = r.serialWish(), f.modelWish(r)
	if d := r.lastPhone(); d != nil {
		if same(d.Serial, serial) {
			serial = ""
		}
		if d.ModelID == model {
			model = ""
		}
	}
	return serial, model
}

// wishHardware checks what is to be written.
func (f *reference) wishHardware(r *refRow) {
	serial, model := f.sets(r)
	d := r.lastPhone()
	switch {
	case serial == "" && model == "":
		return
	case !f.o.UnlistedOperations:
		r.fail("the service lists no operation for that")
	case r.DeviceType.Text == plan.TypeWebRTC || d != nil && d.Type == plan.TypeWebRTC:
		r.fail("a WebRTC phone has no serial and no model")
	case serial != "" && len(f.devices(func(x *plan.Device) bool { return x != d && same(x.Serial, serial) })) > 0:
		r.fail("another device has the serial")
	}
}

// serialsOnce: a serial goes to one phone.
func (f *reference) serialsOnce() {
	for _, a := range f.rows {
		for _, b := range f.rows {
			x, _ := f.sets(a)
			y, _ := f.sets(b)
			if a != b && x != "" && same(x, y) && a.bad == "" && b.bad == "" && (a.dev == nil || a.dev != b.dev) {
				a.fail("a serial is asked for twice")
				b.fail("a serial is asked for twice")
			}
			if a != b && x != "" && a.bad == "" && b.bad == "" && same(x, b.Serial.Text) && (a.dev == nil || a.dev != b.dev) {
				b.fail("it would find the phone that gets the serial")
			}
			if a != b && x != "" && a.bad == "" && b.bad == "" && b.trades && b.target == nil && !b.DeviceID.IsSet() && b.source != nil && a.lastPhone() == b.source {
				b.fail("its source loses the serial")
			}
		}
	}
}

// sourcesKeepNames: a name that tells a swap's source is not taken from it.
func (f *reference) sourcesKeepNames() {
	var lost []*refRow
	for _, a := range f.rows {
		for _, b := range f.rows {
			d := a.lastPhone()
			renames := a != b && a.bad == "" && d != nil && a.name != "" && !same(a.name, d.Name)
			if renames && b.bad == "" && b.source == d && !b.NewName.IsSet() && b.DeviceName.IsSet() && same(d.Name, b.DeviceName.Text) {
				lost = append(lost, b)
			}
		}
	}
	for _, r := range lost {
		r.fail("its source loses the name")
	}
}

// targetsKeepNames: the name by which a row finds what comes is not given to
// another phone.
func (f *reference) targetsKeepNames() {
	var lost []*refRow
	f.each(func(r *refRow) {
		f.each(func(o *refRow) {
			named := o != r && (o.does == "keep" || o.does == "add") && o.name != "" && same(o.name, r.ReplaceWith.Arg)
			if named && r.ext != nil && r.Action != plan.ActionIgnore && r.ReplaceWith.Form == plan.ReplaceName && (r.target == nil || o.lastPhone() != r.target) {
				lost = append(lost, r)
			}
		})
	})
	for _, r := range lost {
		r.fail("its name is given to another phone")
	}
}

// hardware lists what is written, phone by phone.
func (f *reference) hardware() {
	of := map[string][2]string{}
	f.each(func(r *refRow) {
		serial, model := f.sets(r)
		if serial == "" && model == "" || r.off != "" {
			return
		}
		both := of[f.phoneOf(r)]
		of[f.phoneOf(r)] = [2]string{cmp.Or(both[0], serial), cmp.Or(both[1], string(model))}
	})
	for phone, set := range of {
		f.effects = append(f.effects, fmt.Sprintf("set %s serial=%s model=%s", visible(phone), set[0], set[1]))
	}
}
