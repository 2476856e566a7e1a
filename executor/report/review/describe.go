package review

import (
	"cmp"

	"provision/executor/report/wording"
	"provision/plan"
)

// Describe says what a change does, before → after, in one line.
func (n *Names) Describe(c *plan.Change) string {
	before, after := c.Before(), c.After()
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
		return wording.Words(" ", phone(c.Remove().Device, before), "→", fate(c.Remove()))
	case c.Unstock() != nil:
		what := "unassigned device"
		if c.Unstock().Device.ID == "" {
			what = ""
		}
		return wording.Words(" ", what, n.Ref(c.Unstock().Device), wording.Quoted(before.Name), "→ deleted")
	case c.Stock() != nil:
		return wording.Count(c.Stock().Quantity, "free slot") + " at " + n.site(c)
	case c.Location() != nil:
		return wording.Words(" ", wording.Quoted(c.Location().Name), "at", wording.OneLine(c.Location().Address))
	}
	return c.Kind.String()
}

// describeHardware says what serial and model a phone gets; that the operation
// is not listed stands beside each.
func (n *Names) describeHardware(s *plan.SetSerial, before *plan.Facts) string {
	change := func(what, old, wanted string) string {
		switch {
		case wanted == "":
			return ""
		case old == "":
			return what + " " + wanted
		}
		return what + " " + old + " → " + wanted
	}
	return wording.Words(" ", n.Ref(s.Device), wording.Quoted(before.Name), wording.Words(", ", change("serial", before.Serial, s.Serial),
		change("model", oldModel(s, before), newModel(s))), "(unlisted operation)")
}

// oldModel and newModel are the models by name where the plan has it.
func oldModel(s *plan.SetSerial, before *plan.Facts) string {
	return cmp.Or(s.OldModelName, string(before.More().Model))
}

func newModel(s *plan.SetSerial) string { return cmp.Or(s.ModelName, string(s.Model)) }

// fate is what becomes of a removed line.
func fate(r *plan.RemoveLine) string {
	if r.KeepAssets {
		return "device and number go to the inventory"
	}
	return "device and number are given up for good"
}

func describeAdd(a *plan.AddLine, after *plan.Facts) string {
	cost := ""
	if a.CostCenter != "" {
		cost = "cost center " + string(a.CostCenter)
	}
	return wording.Words(", ", wording.Words(" ", "new", wording.DeviceType(a.DeviceType), wording.Quoted(after.Name)), numberWords(a.Number), Target(a.Emergency), cost)
}

// numberWords says where an added line's number comes from.
func numberWords(n plan.NumberSource) string {
	switch {
	case n.NumberID != "":
		return wording.Words(" ", "number", n.Number, "from the inventory")
	case n.Number != "":
		return "number " + n.Number + ", to be ordered"
	case n.AreaCode != "":
		return wording.Words(" ", "a", n.TollType, "number of area code", n.AreaCode)
	case n.TollType != "":
		return "any number, " + n.TollType
	}
	return ""
}

func (n *Names) describeSwap(c *plan.Change, before, after *plan.Facts) string {
	source, target, how := n.swapWords(c, before, after)
	return wording.Words(", ", wording.Words(" ", source, "→", target), how)
}

// swapWords say which phone leaves the line, which one comes, and from where.
// Where an earlier swap of the plan moves the phone that leaves, it is not the
// one that the line has now: the step is said to come then.
func (n *Names) swapWords(c *plan.Change, before, after *plan.Facts) (source, target, how string) {
	s := c.Swap()
	source = wording.Words(" ", n.Ref(s.Source), wording.Quoted(before.Name))
	if prior := n.movedBy(c, s.Source.ID); prior != nil {
		source = wording.Words(" ", "then", source, "(after the swap on "+prior.ExtensionNumber()+")")
	}
	how = "from the inventory"
	switch {
	case s.TargetOn != "":
		how = "trades places with " + n.extension(s.TargetOn)
	case s.Target.ID == "":
		how = "" // the words for what the plan makes say enough
	case n.movedBy(c, s.Target.ID) != nil:
		how = "freed by the swap on " + n.movedBy(c, s.Target.ID).ExtensionNumber()
	}
	return source, wording.Words(" ", n.Ref(s.Target), wording.Quoted(after.Name)), how
}

func (n *Names) describeUpdate(u *plan.UpdateDevice, before *plan.Facts) string {
	var name, common, address string
	if u.Name != nil {
		name = "name " + wording.Words(" ", wording.Quoted(before.Name), "→", wording.Quoted(*u.Name))
	}
	if u.CommonPhone != nil {
		was := ""
		if before.More().CommonPhone != nil {
			was = wording.YesNo(*before.More().CommonPhone)
		}
		common = "common phone " + wording.Words(" ", was, "→", wording.YesNo(*u.CommonPhone))
	}
	if u.Emergency != nil {
		address = presentWithStatus(before) + " → " + Target(u.Emergency)
	}
	return wording.Words(": ", n.Ref(u.Device), wording.Words("; ", name, common, address))
}

// presentWithStatus is [PresentAddress] and its status where that is not Valid.
func presentWithStatus(f *plan.Facts) string {
	was := PresentAddress(f)
	if e := f.Emergency; e != nil && e.AddressStatus != "" && e.AddressStatus != "Valid" {
		was += " (" + e.AddressStatus + ")"
	}
	return was
}

// PresentAddress is the emergency address that a change replaces. It and
// Target use the same words: ERL for a location, address for a plain address.
func PresentAddress(f *plan.Facts) string {
	if f == nil || f.Emergency == nil {
		return "no address"
	}
	e := f.Emergency
	at := wording.OneLine(e.Address)
	switch {
	case e.LocationName != "":
		private := ""
		if e.Visibility == "Private" {
			private = "private"
		}
		return wording.Words(" ", private, "ERL", wording.Quoted(e.LocationName), at)
	case at != "":
		return "address " + at
	case e.LocationID != "":
		return "ERL " + string(e.LocationID)
	}
	return "no address"
}

// Target is an emergency address to be.
func Target(t *plan.EmergencyTarget) string {
	switch {
	case t == nil:
	case t.Location != nil:
		name := wording.Quoted(t.Location.Name)
		if name == "" {
			name = string(t.Location.ID)
		}
		fresh := ""
		if t.Location.Change != "" {
			fresh = "new"
		}
		return wording.Words(" ", fresh, "ERL", name, wording.OneLine(t.Place))
	case t.Address != nil:
		return "address " + wording.OneLine(*t.Address)
	}
	return ""
}

func phone(id plan.DeviceID, f *plan.Facts) string {
	return wording.Words(" ", f.Type, string(id), wording.Quoted(f.Name), f.Number)
}
