package plan

import (
	"slices"
	"strconv"
)

// key tells references apart in natural keys.
func (r DeviceRef) key() string {
	if r.Change == "" {
		return string(r.ID)
	}
	return r.Change + "#" + strconv.Itoa(r.Slot)
}

// lineChanges makes the changes of every extension's lines.
func (b *builder) lineChanges() {
	b.ix.forgetRows()
	b.ch.expect(b.countChanges())
	for _, g := range b.groups {
		b.addChanges(g)
	}
	b.swapChanges()
	for _, g := range b.groups {
		b.updateChanges(g)
		b.hardwareChanges(g)
	}
	b.placeholderChanges()
	for _, g := range b.groups {
		for _, w := range g.rows() {
			if !w.bad && w.verdict == removes {
				b.removal(w)
			}
		}
	}
	b.pruneChanges()
	b.orderOnExtensions()
}

// countChanges is at least the number of changes that the rows' lines need.
func (b *builder) countChanges() int {
	n := 0
	for w := range b.works.all() {
		if w.bad {
			continue
		}
		if w.pos() != nil {
			n++ // the swap
			if w.pos().placeholder {
				n++
			}
		}
		switch w.verdict {
		case adds:
			n++
			if w.up.name != nil || w.common() != nil || w.up.em.namesCustomer() {
				n++ // what the line can't be given at once
			}
		case keeps:
			if w.up.name != nil || w.common() != nil || w.up.em != nil {
				n++
			}
		case removes:
			n += 2 // the line, and its device
			if w.row.KeepAssets != KeepNumber {
				n--
			}
		case unstocksDevice:
			n++
		case undecided, passive, stocksSite:
		}
	}
	for _, g := range b.groups {
		n += len(g.pruned())
	}
	return n
}

// addChanges makes an extension's adds, one after the other: each states the
// exact set of devices that the ones before it leave.
func (b *builder) addChanges(g *group) {
	var made []*Change
	for _, w := range g.rows() {
		if w.verdict != adds || w.bad {
			continue
		}
		r := w.row
		c := b.ch.add(KindAdd, string(g.ext.ID), r.PhoneNumber.Text, fold(r.DeviceName.Text))
		if slices.ContainsFunc(made, func(o *Change) bool { return o.ID == c.ID }) { // their serials differ
			b.ch.rename(c, KindAdd, string(g.ext.ID), r.PhoneNumber.Text, fold(r.DeviceName.Text), r.Serial.Text)
		}
		b.ch.on(g)
		c.Reason = w.how
		c.Effect = w.line
		c.needsLocation(w.line.Emergency)
		if w.name != "" || w.up.em != w.line.Emergency {
			c.Becomes = w.line.facts()
			c.Becomes.Name, c.Becomes.Emergency = w.name, b.share.shown(w.up.em)
		}
		c.Precondition = b.share.alone
		if len(g.all())+len(made) > 0 {
			c.Precondition = exactly(g.all(), made)
		}
		if len(made) > 0 {
			c.after(made[len(made)-1])
		}
		b.ch.by(c, w, r.ActionCell, r.PhoneNumber.Cell, r.PhoneNumberID.Cell, r.AreaCode.Cell, r.TollType.Cell, r.Location.Cell, r.AddressCell, r.CostCenter.Cell)
		w.add = c
		made = append(made, c)
	}
}

// exactly is that these devices are on the extension and no other.
func exactly(there []*Device, made []*Change) *Precondition {
	p := &Precondition{ExactlySet: true, Exactly: make([]DeviceRef, 0, len(there)+len(made))}
	for _, d := range there {
		p.Exactly = append(p.Exactly, DeviceRef{ID: d.ID})
	}
	for _, c := range made {
		p.Exactly = append(p.Exactly, DeviceRef{Change: c.ID})
	}
	return p
}

// shown is the target as a phone will show it; nil if there is none.
func (t *EmergencyTarget) shown() *Emergency {
	if t == nil {
		return nil
	}
	e := &Emergency{Address: t.Place}
	if t.Location != nil {
		e.LocationID, e.LocationName = t.Location.ID, t.Location.Name
	}
	if t.Address != nil {
		e.Address = *t.Address
	}
	return e
}

// namesCustomer reports whether the target is an address with a customer's name,
// for which bulk-add has no field.
func (t *EmergencyTarget) namesCustomer() bool {
	return t != nil && t.Address != nil && t.Address.CustomerName != ""
}

// needsLocation makes a change wait for the location that it assigns.
func (c *Change) needsLocation(t *EmergencyTarget) {
	if t != nil && t.Location != nil && t.Location.Change != "" {
		o := c.order()
		o.DependsOn = append(o.DependsOn, t.Location.Change)
	}
}

// updateChanges makes an extension's device PUTs, one for each phone.
func (b *builder) updateChanges(g *group) {
	var merged map[*Device]*Change
	if len(g.rows()) > 1 {
		merged = map[*Device]*Change{}
	}
	for _, w := range g.rows() {
		if w.bad {
			continue
		}
		up := w.up
		if w.add != nil && !up.em.namesCustomer() {
			up.em = nil // the add carries it
		}
		if up.name == nil && w.common() == nil && up.em == nil || w.verdict != keeps && w.verdict != adds {
			continue
		}
		if c := merged[w.dev]; c != nil && w.dev != nil {
			b.mergeUpdate(c, w, up)
			continue
		}
		c := b.update(w, up)
		if w.dev != nil && merged != nil {
			merged[w.dev] = c
		}
	}
}

// deviceRef is the phone that the row's line has in the end.
func (w *work) deviceRef() DeviceRef {
	switch {
	case w.pos() != nil:
		return w.pos().wantRef()
	case w.add != nil:
		return DeviceRef{Change: w.add.ID}
	default:
		return DeviceRef{ID: w.dev.ID}
	}
}

// update makes a device PUT.
func (b *builder) update(w *work, up wish) *Change {
	kind := KindUpdate
	if up.name == nil && w.common() == nil {
		kind = KindUpdateEmergency
	}
	ref := w.deviceRef()
	c := b.ch.add(kind, string(w.ext().ID), ref.key())
	b.ch.on(w.g)
	c.Reason = w.how
	u := &UpdateDevice{Device: ref}
	if w.pos() != nil && up.em != nil {
		u.Carriers = w.pos().carriers()
	}
	c.Effect = u
	switch {
	case w.pos() != nil:
		c.Was = &Facts{Device: ref.ID}
		if w.dev != nil {
			c.Was.Number = firstNumber(w.dev)
		}
		c.Was.namePhone(w.finalDevice())
	case w.dev != nil:
		u.phone = w.dev
	default:
		c.Was = b.share.nothing
	}
	b.fillUpdate(c, w, up)
	if w.pos() != nil {
		for _, s := range w.pos().calls {
			if up.em != nil {
				c.after(s)
			} else {
				c.needs(s)
			}
		}
	}
	if w.add != nil {
		c.needs(w.add)
	}
	return c
}

// mergeUpdate adds to a PUT what another row of the same device wishes.
func (b *builder) mergeUpdate(c *Change, w *work, up wish) {
	if to := c.Update().Emergency; to != nil && to.Address != nil && up.em != nil && up.em.Address != nil {
		b.mergeAddress(c, w, up)
	}
	b.fillUpdate(c, w, up)
	if kind := c.Kind; kind == KindUpdateEmergency && (c.Update().Name != nil || c.Update().CommonPhone != nil) {
		b.ch.rename(c, KindUpdate, string(w.ext().ID), c.Update().Device.key())
	}
}

// mergeAddress makes one address of what two rows of a device say: one may
// state the place and the other the customer's name.
func (b *builder) mergeAddress(c *Change, w *work, up wish) {
	both := *c.Update().Emergency.Address
	if w.row.HasAddress() {
		both = *up.em.Address
		both.CustomerName = c.Update().Emergency.Address.CustomerName
	}
	if w.row.CustomerName.IsSet() {
		both.CustomerName = w.row.CustomerName.Text
	}
	c.Update().Emergency = b.share.address(both)
	b.ch.by(c, w, w.row.AddressCell, w.row.CustomerName.Cell)
}

// fillUpdate puts into a PUT what differs, with what must still hold of it.
func (b *builder) fillUpdate(c *Change, w *work, up wish) {
	r := w.row
	var room [6]Cell
	cells := room[:0]
	u := c.Update()
	d := w.finalDevice()
	if up.name != nil && u.Name == nil {
		u.Name = up.name
		if d != nil {
			name := d.Name
			c.condition().Name = &name
		}
		cells = append(cells, r.NewName.Cell, r.DeviceName.Cell)
	}
	if w.common() != nil && u.CommonPhone == nil {
		u.CommonPhone = w.common()
		if d != nil {
			common := d.CommonPhone
			c.condition().CommonPhone = &common
			if c.Was != nil {
				c.Was.rare().CommonPhone = &common
			}
		}
		cells = append(cells, r.CommonPhone.Cell)
	}
	if up.em != nil && u.Emergency == nil {
		u.Emergency = up.em
		if w.dev != nil {
			if c.Was != nil {
				c.Was.Emergency = w.present()
			}
			if c.Precondition != nil || len(u.Carriers) > 0 { // else it follows
				c.condition().Emergency = w.present()
			}
		}
		c.needsLocation(up.em)
		cells = append(cells, r.Location.Cell, r.AddressCell, r.CustomerName.Cell)
	}
	b.ch.by(c, w, cells...)
}

// finalDevice is the line's phone in the end, nil for one that does not exist
// yet.
func (w *work) finalDevice() *Device {
	if w.pos() != nil {
		return w.pos().want
	}
	return w.dev
}

// orderOnExtensions lets what changes an extension's set of devices follow
// its adds, and lets a removal that would leave a person without a phone wait
// until the adds have succeeded.
func (b *builder) orderOnExtensions() {
	for i, c := range b.ch.all {
		if c.Kind != KindSwap && c.Kind != KindRemove {
			continue
		}
		b.groups[b.ch.rank[i]].putAfterAdds(c)
		if e := targetExtension(c); e != "" {
			b.groupOf(e).putAfterAdds(c)
		}
	}
}

// putAfterAdds lets a swap or a removal wait for the extension's adds.
func (g *group) putAfterAdds(c *Change) {
	if g == nil {
		return
	}
	bare := c.Kind == KindRemove && len(g.phones()) == g.removals()
	for _, w := range g.rows() {
		switch {
		case w.add == nil:
		case bare:
			c.needs(w.add)
		default:
			c.after(w.add)
		}
	}
}

func targetExtension(c *Change) ExtensionID {
	if c.Swap() != nil {
		return c.Swap().TargetOn
	}
	return ""
}

// removals counts the phones that rows and pruning take off the extension.
func (g *group) removals() int {
	n := len(g.pruned())
	for _, w := range g.rows() {
		if !w.bad && w.verdict == removes {
			n++
		}
	}
	return n
}
