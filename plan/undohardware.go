package plan

// hardwareBack gives phones the serial and model that they had before the run,
// in the inventory as well as on an extension. A phone that had none keeps what
// it got: no call is known that takes a serial off.
func (u *undoer) hardwareBack() {
	for i := range u.p.Changes {
		c := &u.p.Changes[i]
		if c.Kind != KindSetSerial || !u.results[c.ID].Done {
			continue
		}
		id := u.resolve(c.SetSerial().Device)
		if u.made[id] != nil || u.gone[id] != nil {
			continue // what the run made goes
		}
		if d, why := u.hardwareShown(c, id); why != "" {
			u.leave(c, false, why)
		} else if d != nil {
			u.oldHardware(c, d)
		}
	}
}

// hardwareShown is the device, if it has something to go back to and shows what
// the run gave it; nil without a reason: it is as before already.
func (u *undoer) hardwareShown(c *Change, id DeviceID) (*Device, string) {
	d, set, before := u.ix.device(id), c.SetSerial(), c.Before()
	switch {
	case before == nil || id == "":
		return nil, "what serial the phone had before is not known"
	case d == nil:
		return nil, "device " + string(id) + " is not there any more"
	case (set.Serial == "" || d.Serial == before.Serial) && (set.Model == "" || d.ModelID == before.More().Model):
		return nil, ""
	case set.Serial != "" && d.Serial != set.Serial:
		return nil, "phone " + describe(d) + " no longer has the serial that the run gave it, " + set.Serial
	case set.Serial != "" && before.Serial == "":
		return nil, "phone " + describe(d) + " had no serial before: no call is known that takes one off"
	case set.Model != "" && before.More().Model == "" && set.Serial == "":
		return nil, "phone " + describe(d) + " had no model before: no call is known that takes one off"
	case !u.o.UnlistedOperations:
		return nil, "giving a phone its old serial needs --enable-unlisted-operations"
	}
	return d, ""
}

func (u *undoer) oldHardware(c *Change, d *Device) {
	back := u.change(KindSetSerial, "", []*Change{c}, string(d.ID))
	back.Reason = "as before the run"
	back.On = extensionOf("", c.ExtensionNumber(), c.Person(), "")
	serial := d.Serial
	back.Effect = &SetSerial{Device: DeviceRef{ID: d.ID}}
	back.condition().Serial = &serial
	back.Was = &Facts{Device: d.ID, Type: d.Type, Name: d.Name, Serial: serial, Rare: &RareFacts{Model: d.ModelID}}
	back.Becomes = &Facts{Device: d.ID, Serial: serial, Rare: &RareFacts{Model: d.ModelID}}
	if c.SetSerial().Serial != "" {
		back.SetSerial().Serial, back.Becomes.Serial = c.Before().Serial, c.Before().Serial
	}
	if c.SetSerial().Model != "" && c.Before().More().Model != "" {
		back.SetSerial().Model, back.Becomes.Rare.Model = c.Before().More().Model, c.Before().More().Model
		back.SetSerial().ModelName, back.SetSerial().OldModelName = c.SetSerial().OldModelName, d.Model
	}
}
