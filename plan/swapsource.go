package plan

// This file refuses what other rows do to the source of a swap that only the
// source tells to be done: the next plan would read the swap's row differently.

// sourcesReturn puts rows in error of which one brings the phone to a line that
// the other, done already, has sent away from there: the next plan would send
// it away again.
func (b *builder) sourcesReturn() {
	type arrival struct {
		phone *Device
		on    ExtensionID
	}
	brings := map[arrival][]*work{}
	for _, w := range b.replacing {
		if !w.bad && w.target() != nil {
			at := arrival{w.target(), w.ext().ID}
			brings[at] = append(brings[at], w)
		}
	}
	for _, w := range b.replacing {
		if w.bad || !w.moves || w.target() != nil || w.source() == nil || w.source().Extension == w.ext().ID {
			continue
		}
		for _, o := range brings[arrival{w.source(), w.ext().ID}] {
			b.fail(w, w.row.At, "", "source_returns", "the source "+describe(w.source())+" has left "+w.ext().Number+", and "+o.row.At.String()+" brings it back: delete one of the two rows")
			b.fail(o, o.row.At, "", "source_returns", "the phone that comes, "+describe(w.source())+", is the one that "+w.row.At.String()+" sends away from "+w.ext().Number+": delete one of the two rows")
		}
	}
}

// sourcesLost puts swaps in error that know their source by its serial alone,
// where another row gives that phone another one: once the line has a phone of
// the inventory, only the source tells that.
func (b *builder) sourcesLost() {
	if len(b.serials) == 0 {
		return
	}
	writes := b.lastWork(func(w *work, _ *Device) bool { return w.hw() != nil && w.hw().serial != "" })
	for _, w := range b.replacing {
		if w.bad || !w.moves || w.target() != nil || w.source() == nil || w.row.DeviceID.IsSet() {
			continue
		}
		if o := writes[w.source()]; o != nil && o != w {
			b.failValue(w, w.row.Serial, "source_serial_changes", o.row.At.String()+" gives the source another serial, by which the next plan would not find it: name it by device_id")
		}
	}
}

// sourcesRenamed puts swaps in error whose name beside the source is the
// source's, where another row gives the source another one: the next plan would
// take it for the name of the phone on the line.
func (b *builder) sourcesRenamed() {
	if len(b.replacing) == 0 {
		return
	}
	renames := b.lastWork(func(w *work, d *Device) bool { return w.name != "" && !sameName(w.name, d.Name) })
	for _, w := range b.replacing {
		r := w.row
		if w.bad || !w.namesSource() || r.NewName.IsSet() {
			continue
		}
		if o := renames[w.source()]; o != nil && o != w {
			b.failValue(w, r.DeviceName, "source_name_changes", o.row.At.String()+" gives the source the name "+o.name+": leave device_name empty, else the next plan gives "+r.DeviceName.Text+" to the phone on the line")
		}
	}
}

// targetsNamed puts rows in error that find what comes by its name, where another
// row gives that name to another phone: the next plan would find that one, or
// two.
func (b *builder) targetsNamed() {
	byName := func(w *work) bool {
		return !w.bad && w.row.ReplaceWith.Form == ReplaceName && w.row.Action != ActionIgnore
	}
	given := map[string][]*work{}
	for _, w := range b.replacing {
		if byName(w) {
			given[fold(w.row.ReplaceWith.Arg)] = nil
		}
	}
	if len(given) == 0 {
		return
	}
	for w := range b.works.all() {
		if ws, asked := given[fold(w.name)]; asked && !w.bad && (w.verdict == keeps || w.verdict == adds) {
			given[fold(w.name)] = append(ws, w)
		}
	}
	for _, w := range b.replacing {
		if !byName(w) {
			continue
		}
		for _, o := range given[fold(w.row.ReplaceWith.Arg)] {
			if o != w && (o.finalDevice() == nil || o.finalDevice() != w.target()) {
				b.failReplace(w, "name_not_unique", o.row.At.String()+" gives the name "+w.row.ReplaceWith.Arg+" to another phone, which the next plan would find: name it by id:")
				break
			}
		}
	}
}

// lastWork is, by the phone that each leaves on its line, the last of the sound
// rows that do something to it.
func (b *builder) lastWork(does func(w *work, d *Device) bool) map[*Device]*work {
	last := map[*Device]*work{}
	for w := range b.works.all() {
		if d := w.finalDevice(); !w.bad && d != nil && does(w, d) {
			last[d] = w
		}
	}
	return last
}

// namesSource reports whether the row's device_name is that of its source.
func (w *work) namesSource() bool {
	name := w.row.DeviceName
	return name.IsSet() && w.source() != nil && sameName(w.source().Name, name.Text)
}
