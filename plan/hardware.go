package plan

import (
	"cmp"
	"strings"
)

// hardware is what a row wishes of its phone's serial and model; an empty text
// leaves it as it is.
type hardware struct {
	serial string
	model  ModelID
	cells  [2]Cell
	change *Change // that writes them
}

// compareHardware compares a phone's serial and model with what the row wishes
// them to be. Only an operation that the public contract does not list writes
// them, so a difference needs [Options.UnlistedOperations].
func (b *builder) compareHardware(w *work) {
	serial, model := w.hardwareWish()
	if !serial.IsSet() && !model.IsSet() {
		return
	}
	d := w.finalDevice()
	h := &hardware{}
	if serial.IsSet() && (d == nil || !sameName(serial.Text, d.Serial)) && b.mayWrite(w, serial, "serial") && b.serialFree(w, serial, d) {
		h.serial, h.cells[0] = serial.Text, serial.Cell
	}
	if model.IsSet() {
		if id := b.modelID(w, model); (d == nil || id != d.ModelID && !sameName(model.Text, d.Model)) && b.mayWrite(w, model, "model") {
			h.model, h.cells[1] = id, model.Cell
		}
	}
	if h.serial != "" || h.model != "" {
		w.own().hw = h
	}
}

// hardwareWish is what the row says that serial and model shall be. The short
// form serial stands for the new value on an add, and where another key found
// the phone.
func (w *work) hardwareWish() (serial, model Value) {
	r := w.row
	serial, model = r.NewSerial, r.NewModel
	if !serial.IsSet() && (w.writesSerial || w.verdict == adds) {
		serial = r.Serial
	}
	if !model.IsSet() {
		model = r.Model
	}
	return serial, model
}

// serialWish is the serial that the row's phone shall have; empty: as it is.
func (w *work) serialWish() string {
	serial, _ := w.hardwareWish()
	return serial.Text
}

// serialSaid is the serial that the row's phone will have if it is as the row
// says: also one that only tells which phone is meant, as the next plan would
// look for it.
func (w *work) serialSaid() string {
	if w.replaces() {
		return w.serialWish()
	}
	return cmp.Or(w.serialWish(), w.row.Serial.Text)
}

// mayWrite refuses a serial or model where unlisted operations are off, or on
// a phone that has none.
func (b *builder) mayWrite(w *work, v Value, what string) bool {
	switch {
	case !b.o.UnlistedOperations:
		b.failValue(w, v, "unlisted_operation", "giving a phone its "+what+" needs an operation that the service does not list: allow it by --enable-unlisted-operations, or leave the cell empty")
	case w.row.DeviceType.Text == TypeWebRTC || w.finalDevice() != nil && w.finalDevice().Type == TypeWebRTC:
		b.failValue(w, v, "webrtc_has_no_hardware", "a WebRTC phone has no serial and no model of its own: leave the cell empty")
	default:
		return true
	}
	return false
}

// serialFree refuses a serial that another phone of the account has, or that
// two rows ask for: the service takes each once (API reference, bulk-update).
func (b *builder) serialFree(w *work, v Value, d *Device) bool {
	for _, x := range b.ix.bySerial(v.Text) {
		if x != d {
			b.failValue(w, v, "serial_taken", "device "+describe(x)+" "+b.whereIs(x)+" has the serial "+v.Text+": a serial is on one device only; remove or unstock that one first")
			return false
		}
	}
	if b.serials == nil {
		b.serials = map[string]*work{}
	}
	o := b.serials[v.Text]
	if o == nil {
		b.serials[v.Text] = w
		return true
	}
	if o.dev != nil && o.dev == w.dev {
		return true // two lines of one phone
	}
	b.failValue(w, v, codeSerialTwice, wantedTwice("the serial "+v.Text, o.row.At))
	other, _ := o.hardwareWish()
	b.failValue(o, other, codeSerialTwice, wantedTwice("the serial "+v.Text, w.row.At))
	return false
}

const codeSerialTwice = "serial_wanted_twice"

// serialsFound puts rows in error whose serial finds nothing now, but would find
// the phone that another row gives it to.
func (b *builder) serialsFound() {
	if len(b.serials) == 0 {
		return
	}
	for w := range b.works.all() {
		o := b.serials[w.row.Serial.Text]
		if !w.row.Serial.IsSet() || w.bad || o == nil || o == w || o.bad || o.dev != nil && o.dev == w.dev {
			continue
		}
		b.failValue(w, w.row.Serial, codeSerialTwice, "no phone has the serial "+w.row.Serial.Text+" now, but "+o.row.At.String()+" gives it to one, which this row would find the next time")
	}
}

// modelID finds a model by the name or id that phones of the account show.
// Another text is taken for an id: no call lists the models there are.
func (b *builder) modelID(w *work, v Value) ModelID {
	id, known := b.model(v.Text)
	if !known && b.o.UnlistedOperations {
		b.warn(w, v.Cell, v.Text, "model_unknown", "no phone of the account has the model "+v.Text+": it is sent as the model's id")
	}
	return id
}

// model is the id of the model that a text means, and whether a phone of the
// account has it.
func (b *builder) model(text string) (ModelID, bool) {
	if b.models == nil {
		b.models = map[string]ModelID{}
		for i := range b.s.Devices {
			if d := &b.s.Devices[i]; d.ModelID != "" {
				b.models[fold(d.Model)] = min(d.ModelID, cmp.Or(b.models[fold(d.Model)], d.ModelID))
				b.models[fold(string(d.ModelID))] = d.ModelID
			}
		}
		delete(b.models, "")
	}
	if id := b.models[fold(text)]; id != "" {
		return id, true
	}
	return ModelID(strings.TrimSpace(text)), false
}

// showsModel reports whether a phone shows the model that a row states.
func (b *builder) showsModel(w *work, d *Device) bool {
	_, model := w.hardwareWish()
	if !model.IsSet() || sameName(model.Text, d.Model) {
		return true
	}
	id, _ := b.model(model.Text)
	return id == d.ModelID
}

// modelName is what the account's phones show as the name of a model; empty if
// none has it.
func (b *builder) modelName(id ModelID) string {
	if id == "" {
		return ""
	}
	if b.modelNames == nil {
		b.modelNames = map[ModelID]string{}
		for i := range b.s.Devices {
			if d := &b.s.Devices[i]; d.ModelID != "" && d.Model != "" && (b.modelNames[d.ModelID] == "" || d.Model < b.modelNames[d.ModelID]) {
				b.modelNames[d.ModelID] = d.Model
			}
		}
	}
	return b.modelNames[id]
}

// serialFindsNothing judges a row whose strongest key is a serial that no phone
// of the account has.
func (b *builder) serialFindsNothing(w *work, keys []sought) {
	r := w.row
	switch {
	case !b.o.UnlistedOperations:
		b.failValue(w, r.Serial, "unlisted_operation", w.ext().Number+" has no phone with the serial "+r.Serial.Text+"; giving a phone its serial needs --enable-unlisted-operations")
	case r.Action == ActionSwap:
		b.failValue(w, r.Serial, "device_not_found", w.ext().Number+" has no phone with serial "+r.Serial.Text+": "+b.has(w.g))
	case r.PhoneNumber.IsSet() && len(keys) > 1:
		// A line that has another number is never claimed.
		w.name = r.DeviceName.Text
		b.addLine(w, r.PhoneNumber)
	default:
		w.bySerial = true
	}
}

// claimSerialless matches rows whose serial finds nothing: each claims the only
// phone of the extension that is left without a serial, the slot that it shall
// become; where there is none the row is an add.
func (b *builder) claimSerialless(g *group, rows []*work) {
	for _, w := range rows {
		typ := w.row.DeviceType.Text
		free := g.unclaimed(func(d *Device) bool { return d.Serial == "" && d.Type != TypeWebRTC && (typ == "" || typ == d.Type) })
		switch {
		case len(free) == 0:
			b.addLine(w, w.row.Serial)
		case len(free) == 1 && len(rows) == 1:
			w.writesSerial = true
			w.name = w.row.DeviceName.Text
			b.claim(w, free[0], "only phone without serial on "+g.ext.Number)
		default:
			b.failValue(w, w.row.Serial, "serial_slot_unclear", "which phone of "+g.ext.Number+" shall get the serial "+w.row.Serial.Text+" is unclear: without one are "+describeAll(free)+"; give device_id or phone_number")
		}
	}
}

// hardwareChanges makes an extension's changes of serial and model, one for
// each phone.
func (b *builder) hardwareChanges(g *group) {
	for i, w := range g.rows() {
		if w.bad || w.hw() == nil || w.verdict != keeps && w.verdict != adds {
			continue
		}
		if o := g.sameHardware(i); o != nil {
			// One row may state the serial and the other the model.
			if set := o.SetSerial(); set.Serial == "" && w.hw().serial != "" {
				set.Serial, o.Becomes.Serial = w.hw().serial, w.hw().serial
			} else if set.Model == "" && w.hw().model != "" {
				b.setModel(o, w)
			}
			b.ch.by(o, w, w.hw().cells[:]...)
			w.hw().change = o
			continue
		}
		b.setSerial(w)
	}
}

// sameHardware is the change that a row before the i-th made for its phone.
func (g *group) sameHardware(i int) *Change {
	for _, o := range g.rows()[:i] {
		if o.hw() != nil && o.hw().change != nil && o.dev != nil && o.dev == g.rows()[i].dev {
			return o.hw().change
		}
	}
	return nil
}

// setModel adds the row's model to a change.
func (b *builder) setModel(c *Change, w *work) {
	set := c.SetSerial()
	set.Model, set.ModelName = w.hw().model, b.modelName(w.hw().model)
	c.Becomes.rare().Model = w.hw().model
	if d := w.finalDevice(); d != nil {
		set.OldModelName = d.Model
	}
}

// setSerial makes the change that gives a phone its serial and model.
func (b *builder) setSerial(w *work) {
	ref, h := w.deviceRef(), w.hw()
	c := b.ch.add(KindSetSerial, string(w.ext().ID), ref.key())
	b.ch.on(w.g)
	c.Reason = w.how
	c.Effect = &SetSerial{Device: ref, Serial: h.serial}
	c.Was, c.Becomes = &Facts{Device: ref.ID}, &Facts{Device: ref.ID, Serial: h.serial, Rare: &RareFacts{}}
	if h.model != "" {
		b.setModel(c, w)
	}
	if d := w.finalDevice(); d != nil {
		serial := d.Serial
		c.condition().Serial = &serial
		c.Was.Type, c.Was.Name, c.Was.Serial, c.Was.Number = d.Type, d.Name, serial, firstNumber(d)
		c.Was.rare().Model = d.ModelID
	}
	c.condition().Holds = []Holding{{Device: ref, Extension: w.ext().ID}}
	if w.pos() != nil {
		for _, s := range w.pos().calls {
			c.needs(s)
		}
	}
	if w.add != nil {
		c.needs(w.add)
	}
	b.ch.by(c, w, h.cells[:]...)
	h.change = c
}
