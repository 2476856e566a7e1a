package plan

// taint marks the changes that share an extension, a device, a number or a
// swap cycle with a row in error, and with them all changes of their rows: a
// row is done in whole or not at all.
func (b *builder) taint() {
	bad := b.badThings()
	if bad == nil {
		return
	}
	rowTainted := make([]bool, len(b.d.Rows))
	for w := range b.works.all() {
		rowTainted[w.i] = w.bad
	}
	byID := make(map[string]*Change, len(b.ch.all))
	for _, c := range b.ch.all {
		byID[c.ID] = c
		c.Tainted = bad.touches(c)
	}
	for again := true; again; {
		again = false
		for _, c := range b.ch.all {
			if shared(c) {
				continue
			}
			if !c.Tainted && (anyRow(c, rowTainted) || dependsOnTainted(c, byID)) {
				c.Tainted, again = true, true
			}
			if c.Tainted {
				for _, r := range c.Rows {
					again = again || !rowTainted[r]
					rowTainted[r] = true
				}
			}
		}
	}
	for _, c := range b.ch.all {
		if shared(c) {
			c.Tainted = allRows(c, rowTainted)
		}
	}
}

// shared changes serve several rows and are left out only with all of them.
func shared(c *Change) bool { return c.Kind == KindCreateLocation || c.Kind == KindStock }

func anyRow(c *Change, set []bool) bool {
	for _, r := range c.Rows {
		if set[r] {
			return true
		}
	}
	return false
}

func allRows(c *Change, set []bool) bool {
	for _, r := range c.Rows {
		if !set[r] {
			return false
		}
	}
	return true
}

func dependsOnTainted(c *Change, byID map[string]*Change) bool {
	for _, ids := range [][]string{c.DependsOn(), c.Follows()} {
		for _, id := range ids {
			if o := byID[id]; o != nil && o.Tainted && !shared(o) {
				return true
			}
		}
	}
	return false
}

// badThings are the objects that rows in error name.
type badThings struct {
	exts    map[ExtensionID]bool
	devices map[DeviceID]bool
	numbers map[string]bool
}

// badThings gathers them; nil if no row is in error.
func (b *builder) badThings() *badThings {
	var t *badThings
	seen := map[*component]bool{}
	for w := range b.works.all() {
		if !w.bad {
			continue
		}
		if t == nil {
			t = &badThings{map[ExtensionID]bool{}, map[DeviceID]bool{}, map[string]bool{}}
		}
		if w.ext() != nil {
			t.exts[w.ext().ID] = true
		}
		for _, d := range []*Device{w.dev, w.source(), w.target()} {
			if d != nil {
				t.devices[d.ID] = true
				for _, l := range d.Lines {
					t.numbers[l.Number] = true
				}
			}
		}
		r := w.row
		t.devices[DeviceID(r.DeviceID.Text)] = true
		if r.ReplaceWith.Form == ReplaceID {
			t.devices[DeviceID(r.ReplaceWith.Arg)] = true
		}
		if r.Serial.IsSet() {
			for _, d := range b.ix.bySerial(r.Serial.Text) {
				t.devices[d.ID] = true
			}
		}
		t.numbers[r.PhoneNumber.Text] = true
		if w.pos() == nil {
			continue
		}
		c := w.pos().comp
		if c == nil && w.pos().next != nil {
			c = w.pos().next.comp // an add in error has left its chain
		}
		if c != nil && !seen[c] {
			seen[c] = true
			for _, p := range c.line {
				t.exts[p.ext().ID] = true
			}
		}
	}
	if t != nil {
		delete(t.devices, "")
		delete(t.numbers, "")
	}
	return t
}

// touches reports whether a change is on one of these objects.
func (t *badThings) touches(c *Change) bool {
	if t.exts[c.ExtensionID()] {
		return true
	}
	for _, h := range c.Requires().Holds {
		if t.devices[h.Device.ID] || t.exts[h.Extension] {
			return true
		}
	}
	if c.Update() != nil && t.devices[c.Update().Device.ID] {
		return true
	}
	if c.SetSerial() != nil && t.devices[c.SetSerial().Device.ID] {
		return true
	}
	if c.Add() != nil && t.numbers[c.Add().Number.Number] {
		return true
	}
	f := c.Before()
	return f != nil && t.numbers[f.Number]
}
