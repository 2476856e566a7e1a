package plan

// Devices yields the devices that the change names by their ids: those that it
// touches, and those that it expects on its extension.
func (c *Change) Devices(yield func(DeviceID) bool) {
	for _, list := range [][]DeviceRef{c.Requires().Exactly, c.devices()} {
		for _, r := range list {
			if r.ID != "" && !yield(r.ID) {
				return
			}
		}
	}
}

// FreeSlot reports whether the device is a free slot of the site: an unassigned
// OtherPhone device without a serial. A device that shows no site is of the
// main one.
func (d *Device) FreeSlot(site SiteID) bool {
	return isSlot(d) && d.Extension == "" && siteOf(d.Site) == siteOf(site)
}

// assumeSlots states, in the stock changes of a plan, how many free slots of
// their sites there are that no change names.
func (b *builder) assumeSlots(changes []Change) {
	var levels []*StockSlots
	for i := range changes {
		if s := changes[i].Stock(); s != nil && s.Level != nil {
			levels = append(levels, s)
		}
	}
	if len(levels) == 0 {
		return
	}
	named := map[DeviceID]bool{}
	for i := range changes {
		for id := range changes[i].Devices {
			named[id] = true
		}
	}
	free := map[SiteID]int{}
	for i := range b.s.Devices {
		if d := &b.s.Devices[i]; d.FreeSlot(d.Site) && !named[d.ID] {
			free[siteOf(d.Site)]++
		}
	}
	for _, s := range levels {
		s.Level.Free += free[s.Site]
		s.Level.Goal += free[s.Site]
	}
}
