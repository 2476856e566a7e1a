package report

import (
	"cmp"

	"provision/plan"
)

// glyph is the sign of a kind of change: + something new, ~ something altered,
// <> phones that trade places, - something gone.
func glyph(k plan.Kind) string {
	switch k {
	case plan.KindCreateLocation, plan.KindStock, plan.KindAdd:
		return "+"
	case plan.KindUpdate, plan.KindUpdateEmergency, plan.KindSetSerial:
		return "~"
	case plan.KindSwap:
		return "<>"
	case plan.KindRemove, plan.KindUnstock:
		return "-"
	}
	return "?"
}

// kindTitle is a kind for people.
func kindTitle(k plan.Kind) string {
	switch k {
	case plan.KindCreateLocation:
		return "new emergency locations (ERLs)"
	case plan.KindStock:
		return "new inventory slots"
	case plan.KindAdd:
		return "new lines"
	case plan.KindSwap:
		return "swaps"
	case plan.KindUpdateEmergency:
		return "emergency addresses"
	case plan.KindUpdate:
		return "updates"
	case plan.KindSetSerial:
		return "serials and models (an unlisted operation)"
	case plan.KindRemove:
		return "lines removed"
	case plan.KindUnstock:
		return "devices deleted"
	}
	return string(k)
}

// describe says what a change does, before → after, in one line.
func (n *names) describe(c *plan.Change) string {
	before, after := c.Before, c.After
	if before == nil {
		before = &plan.Facts{}
	}
	if after == nil {
		after = &plan.Facts{}
	}
	switch {
	case c.Add() != nil:
		return describeAdd(c.Add(), after)
	case c.Swap() != nil:
		return n.describeSwap(c, before, after)
	case c.Update() != nil:
		return n.describeUpdate(c.Update(), before)
	case c.SetSerial() != nil:
		return n.describeHardware(c.SetSerial(), before)
	case c.Remove() != nil:
		fate := "device and number go to the inventory"
		if !c.Remove().KeepAssets {
			fate = "device and number are given up for good"
		}
		return words(" ", phone(c.Remove().Device, before), "→", fate)
	case c.Unstock() != nil:
		what := "unassigned device"
		if c.Unstock().Device.ID == "" {
			what = ""
		}
		return words(" ", what, n.ref(c.Unstock().Device), quoted(before.Name), "→ deleted")
	case c.Stock() != nil:
		return count(c.Stock().Quantity, "free slot") + " at " + n.site(c)
	case c.Location() != nil:
		return words(" ", quoted(c.Location().Name), "at", oneLine(c.Location().Address))
	}
	return string(c.Kind)
}

// describeHardware says what serial and model a phone gets; that the operation
// is not listed stands beside each.
func (n *names) describeHardware(s *plan.SetSerial, before *plan.Facts) string {
	change := func(what, old, wanted string) string {
		switch {
		case wanted == "":
			return ""
		case old == "":
			return what + " " + wanted
		}
		return what + " " + old + " → " + wanted
	}
	return words(" ", n.ref(s.Device), quoted(before.Name), words(", ", change("serial", before.Serial, s.Serial),
		change("model", cmp.Or(s.OldModelName, string(before.More().Model)), cmp.Or(s.ModelName, string(s.Model)))), "(unlisted operation)")
}

func describeAdd(a *plan.AddLine, after *plan.Facts) string {
	number := ""
	switch n := a.Number; {
	case n.NumberID != "":
		number = words(" ", "number", n.Number, "from the inventory")
	case n.Number != "":
		number = "number " + n.Number + ", to be ordered"
	case n.AreaCode != "":
		number = words(" ", "a", n.TollType, "number of area code", n.AreaCode)
	case n.TollType != "":
		number = "any number, " + n.TollType
	}
	cost := ""
	if a.CostCenter != "" {
		cost = "cost center " + string(a.CostCenter)
	}
	return words(", ", words(" ", "new", a.DeviceType, quoted(after.Name)), number, target(a.Emergency), cost)
}

// describeSwap says which phone leaves the line and which one comes. Where an
// earlier swap of the plan moves the phone that leaves, it is not the one that
// the line has now: the step is said to come then.
func (n *names) describeSwap(c *plan.Change, before, after *plan.Facts) string {
	s := c.Swap()
	source := words(" ", n.ref(s.Source), quoted(before.Name))
	if prior := n.movedBy(c, s.Source.ID); prior != nil {
		source = words(" ", "then", source, "(after the swap on "+prior.ExtensionNumber()+")")
	}
	from := "from the inventory"
	switch {
	case s.TargetOn != "":
		from = "trades places with " + n.extension(s.TargetOn)
	case s.Target.ID == "":
		from = "" // the words for what the plan makes say enough
	case n.movedBy(c, s.Target.ID) != nil:
		from = "freed by the swap on " + n.movedBy(c, s.Target.ID).ExtensionNumber()
	}
	return words(", ", words(" ", source, "→", n.ref(s.Target), quoted(after.Name)), from)
}

func (n *names) describeUpdate(u *plan.UpdateDevice, before *plan.Facts) string {
	var name, common, address string
	if u.Name != nil {
		name = "name " + words(" ", quoted(before.Name), "→", quoted(*u.Name))
	}
	if u.CommonPhone != nil {
		was := ""
		if before.More().CommonPhone != nil {
			was = yesNo(*before.More().CommonPhone)
		}
		common = "common phone " + words(" ", was, "→", yesNo(*u.CommonPhone))
	}
	if u.Emergency != nil {
		was := presentAddress(before)
		if e := before.Emergency; e != nil && e.AddressStatus != "" && e.AddressStatus != "Valid" {
			was += " (" + e.AddressStatus + ")"
		}
		address = was + " → " + target(u.Emergency)
	}
	return words(": ", n.ref(u.Device), words("; ", name, common, address))
}

// presentAddress is the emergency address that a change replaces. It and
// target use the same words: ERL for a location, address for a plain address.
func presentAddress(f *plan.Facts) string {
	if f == nil || f.Emergency == nil {
		return "no address"
	}
	e := f.Emergency
	at := oneLine(e.Address)
	switch {
	case e.LocationName != "":
		private := ""
		if e.Visibility == "Private" {
			private = "private"
		}
		return words(" ", private, "ERL", quoted(e.LocationName), at)
	case at != "":
		return "address " + at
	case e.LocationID != "":
		return "ERL " + string(e.LocationID)
	}
	return "no address"
}

// target is an emergency address to be.
func target(t *plan.EmergencyTarget) string {
	switch {
	case t == nil:
	case t.Location != nil:
		name := quoted(t.Location.Name)
		if name == "" {
			name = string(t.Location.ID)
		}
		fresh := ""
		if t.Location.Change != "" {
			fresh = "new"
		}
		return words(" ", fresh, "ERL", name, oneLine(t.Place))
	case t.Address != nil:
		return "address " + oneLine(*t.Address)
	}
	return ""
}

func phone(id plan.DeviceID, f *plan.Facts) string {
	return words(" ", f.Type, string(id), quoted(f.Name), f.Number)
}

func oneLine(a plan.Address) string {
	return words(", ", a.Street, a.Street2, a.City, words(" ", a.State, a.Zip), a.Country)
}

func quoted(t string) string {
	if t == "" {
		return ""
	}
	return `"` + t + `"`
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
