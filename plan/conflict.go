package plan

import "cmp"

// conflicts puts rows in error that mean the same phone: by the same key, even
// if it finds nothing now, or by different keys that find one phone, unless
// each claims a line of its own.
func (b *builder) conflicts() {
	for _, g := range b.groups {
		if len(g.rows()) < 2 {
			continue
		}
		b.sameKeys(g)
		by := map[*Device][]*work{}
		for _, w := range g.rows() {
			if w.dev != nil && !w.bad {
				by[w.dev] = append(by[w.dev], w)
			}
		}
		for _, d := range g.phones() {
			if ws := by[d]; len(ws) > 1 && !linesApart(ws) {
				b.samePhone(ws, "phone "+describe(d)+" of "+g.ext.Number+" is claimed by several rows", keepOrDevice)
			}
		}
	}
	b.numbersApart()
}

// numbersApart puts rows in error that name one number on several extensions:
// a number is on one line.
func (b *builder) numbersApart() {
	type pair struct{ one, other *work } // of two extensions
	by := make(map[string]pair, len(b.numbered))
	for _, w := range b.numbered {
		if w.ext() == nil && !w.later || w.row.Action == ActionIgnore || w.row.Invalid {
			continue
		}
		switch p := by[w.row.PhoneNumber.Text]; {
		case p.one == nil:
			by[w.row.PhoneNumber.Text] = pair{one: w}
		case p.other == nil && p.one.person() != w.person():
			by[w.row.PhoneNumber.Text] = pair{p.one, w}
		}
	}
	for _, w := range b.numbered {
		p := by[w.row.PhoneNumber.Text]
		if p.other == nil || w.bad || w.ext() == nil && !w.later || w.row.Action == ActionIgnore {
			continue
		}
		o := p.one
		if o.person() == w.person() {
			o = p.other
		}
		b.failValue(w, w.row.PhoneNumber, codeTwoExtensions, onTwoExtensions(w.row.PhoneNumber.Text, o.person(), o.row.At))
	}
}

const codeTwoExtensions = "number_on_two_extensions"

// onTwoExtensions says of a number that another row, for another person, names it.
func onTwoExtensions(number, person string, at Cell) string {
	return "number " + number + " is named on extension " + person + " too: see " + at.String()
}

// person is the number of the row's extension, or what the row calls one that
// is not on the account yet.
func (w *work) person() string {
	if w.ext() != nil {
		return w.ext().Number
	}
	return cmp.Or(w.row.Extension.Text, fold(w.row.Email.Text))
}

// sameKeys puts rows of one extension in error that share a key. A name is
// one where the row has no other; the name that such a row gives its phone
// counts too, as the next plan finds the phone by it.
func (b *builder) sameKeys(g *group) {
	type key struct{ kind, text string }
	by := map[key][]*work{}
	var order []key
	put := func(w *work, kind, text string) {
		k := key{kind, text}
		if text == "" {
			return
		}
		if by[k] == nil {
			order = append(order, k)
		}
		by[k] = append(by[k], w)
	}
	for _, w := range g.rows() {
		w.row.keys(func(kind, text string) { put(w, kind, text) })
	}
	for _, k := range order {
		if k.kind == "device_id" || k.kind == "serial" {
			if linesApart(by[k]) {
				continue // a row for each line of one device
			}
		}
		if ws := by[k]; len(ws) > 1 && !allBad(ws) {
			b.samePhone(ws, meansOnePhone(g.ext.Number, k.kind, k.text), keepOrOther)
		}
	}
}

// meansOnePhone says of a person's rows that they share a key.
func meansOnePhone(person, kind, text string) string {
	return "several rows of " + person + " mean the phone with " + kind + " " + text
}

// keys gives each text by which rows of one person mean one phone, with its
// column.
func (r *Row) keys(put func(kind, text string)) {
	put("device_id", r.DeviceID.Text)
	put("serial", r.Serial.Text)
	put("phone_number", r.PhoneNumber.Text)
	if !r.nameOnly() {
		return
	}
	put("device_name", fold(r.DeviceName.Text))
	if !sameName(r.NewName.Text, r.DeviceName.Text) {
		put("device_name", fold(r.NewName.Text))
	}
}

// nameOnly reports whether a name is all that the row knows its phone by.
func (r *Row) nameOnly() bool {
	return r.DeviceName.IsSet() && !r.DeviceID.IsSet() && !r.Serial.IsSet() && !r.PhoneNumber.IsSet()
}

func allBad(ws []*work) bool {
	for _, w := range ws {
		if !w.bad {
			return false
		}
	}
	return true
}

// linesApart reports whether the rows claim different lines of a device.
func linesApart(ws []*work) bool {
	seen := map[string]bool{}
	for _, w := range ws {
		number := w.lineNumber()
		if number == "" || seen[number] {
			return false
		}
		seen[number] = true
	}
	return true
}
