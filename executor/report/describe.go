package report

import (
	"fmt"

	"provision/plan"
)

// glyph is the sign of a kind of change: + something new, ~ something altered,
// = devices trading places, - something gone.
func glyph(k plan.Kind) string {
	switch k {
	case plan.KindCreateLocation, plan.KindStock, plan.KindAdd:
		return "+"
	case plan.KindUpdate, plan.KindUpdateEmergency:
		return "~"
	case plan.KindSwap:
		return "="
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
	case plan.KindRemove:
		return "lines removed"
	case plan.KindUnstock:
		return "devices deleted"
	}
	return string(k)
}

// describe says what a change does, before → after, in one line.
func describe(c *plan.Change) string {
	before, after := c.Before, c.After
	if before == nil {
		before = &plan.Facts{}
	}
	if after == nil {
		after = &plan.Facts{}
	}
	switch {
	case c.Add != nil:
		return describeAdd(c.Add, after)
	case c.Swap != nil:
		return describeSwap(c.Swap, before, after)
	case c.Update != nil:
		return describeUpdate(c.Update, before)
	case c.Remove != nil:
		fate := "device and number go to the inventory"
		if !c.Remove.KeepAssets {
			fate = "device and number are given up for good"
		}
		return words(" ", phone(c.Remove.Device, before), "→", fate)
	case c.Unstock != nil:
		return words(" ", "unassigned device", ref(c.Unstock.Device), quoted(before.Name), "→ deleted")
	case c.Stock != nil:
		return fmt.Sprintf("%s at site %s", count(c.Stock.Quantity, "free slot"), c.Stock.Site)
	case c.Location != nil:
		return words(" ", quoted(c.Location.Name), "at", oneLine(c.Location.Address))
	}
	return string(c.Kind)
}

func describeAdd(a *plan.AddLine, after *plan.Facts) string {
	number := ""
	switch n := a.Number; {
	case n.NumberID != "":
		number = words(" ", "number", n.Number, "from the inventory")
	case n.Number != "":
		number = "number " + n.Number + ", to be ordered"
	case n.AreaCode != "":
		number = "a number of area code " + n.AreaCode
	case n.TollType != "":
		number = "any number, " + n.TollType
	}
	cost := ""
	if a.CostCenter != "" {
		cost = "cost center " + string(a.CostCenter)
	}
	return words(", ", words(" ", "new", a.DeviceType, quoted(after.Name)), number, target(&a.Emergency), cost)
}

func describeSwap(s *plan.SwapDevice, before, after *plan.Facts) string {
	from := "from the inventory"
	if s.TargetOn != "" {
		from = "trades places with extension id " + string(s.TargetOn)
	}
	return words(" ", ref(s.Source), quoted(before.Name), "→", ref(s.Target), quoted(after.Name)) + ", " + from
}

func describeUpdate(u *plan.UpdateDevice, before *plan.Facts) string {
	var name, common, address string
	if u.Name != nil {
		name = "name " + words(" ", quoted(before.Name), "→", quoted(*u.Name))
	}
	if u.CommonPhone != nil {
		was := ""
		if before.CommonPhone != nil {
			was = yesNo(*before.CommonPhone)
		}
		common = "common phone " + words(" ", was, "→", yesNo(*u.CommonPhone))
	}
	if u.Emergency != nil {
		was := "none"
		if e := before.Emergency; e != nil {
			was = words(" ", quoted(e.LocationName), oneLine(e.Address))
			if was == "" {
				was = "none"
			}
			if e.AddressStatus != "" && e.AddressStatus != "Valid" {
				was += " (" + e.AddressStatus + ")"
			}
		}
		address = "address " + was + " → " + target(u.Emergency)
	}
	return words(": ", ref(u.Device), words("; ", name, common, address))
}

// target is an emergency address to be.
func target(t *plan.EmergencyTarget) string {
	switch {
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
		return "at " + oneLine(*t.Address)
	}
	return ""
}

func phone(id plan.DeviceID, f *plan.Facts) string {
	return words(" ", f.Type, string(id), quoted(f.Name), f.Number)
}

func ref(r plan.DeviceRef) string {
	if r.ID != "" {
		return string(r.ID)
	}
	return "the new device"
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
