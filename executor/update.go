package executor

import (
	"provision/executor/journal"
	"provision/plan"
)

// Statuses of an emergency address, as the service writes them.
const (
	addressValid         = "Valid"
	addressProvisioning  = "Provisioning"
	addressInvalid       = "Invalid"
	addressDeprovisioned = "Deprovisioned"
)

// carrier is the phone that an update goes to: the one that it names, or
// whichever of a swap's phones is on the extension now.
func (r *run) carrier(n *node) (plan.DeviceID, bool) {
	u := n.c.Update()
	id, ok := r.resolve(u.Device)
	if len(u.Carriers) == 0 {
		return id, ok
	}
	if _, on := r.view.on(n.c.ExtensionID(), id); ok && on {
		return id, true
	}
	for _, ref := range u.Carriers {
		id, ok := r.resolve(ref)
		if _, on := r.view.on(n.c.ExtensionID(), id); ok && on {
			return id, true
		}
	}
	return "", false
}

func (r *run) judgeUpdate(n *node) decision {
	id, ok := r.carrier(n)
	if !ok {
		if len(n.c.Update().Carriers) > 0 {
			return end(journal.Stale, codeStale, "none of the phones of the swap is on the extension, which has %s",
				list(r.view.ext(n.c.ExtensionID()).ids()))
		}
		return end(journal.Blocked, codeBlocked, "the phone that it would update was not made")
	}
	dev, there := r.phoneOf(n, id)
	if !there {
		return end(journal.Stale, codeStale, "phone %s is no longer on the extension, which has %s",
			id, list(r.view.ext(n.c.ExtensionID()).ids()))
	}
	if t := n.c.Update().Emergency; t != nil && t.Location != nil {
		if _, ok := r.resolveLocation(*t.Location); !ok {
			return end(journal.Blocked, codeBlocked, "its emergency location %s was not made", t.Location.Name)
		}
	}
	if r.shows(n, dev) && dev.Emergency.AddressStatus != addressInvalid && dev.Emergency.AddressStatus != addressDeprovisioned {
		return alreadyShown(n, dev)
	}
	if d, bad := r.stillAsPlanned(n, dev); bad {
		return d
	}
	if d, bad := r.holds(n); bad {
		return d
	}
	return decision{kind: decideSend, device: id}
}

// alreadyShown is the decision for an update whose values are there: nothing
// to do, but an address that is not yet valid is waited for.
func alreadyShown(n *node, dev plan.Device) decision {
	d := end(journal.NoOp, codeMet, "the phone shows it already")
	d.out.DeviceID = string(dev.ID)
	if n.c.Update().Emergency != nil {
		d.out.Emergency = dev.Emergency.AddressStatus
		if dev.Emergency.AddressStatus != addressValid {
			d.kind, d.out.Status = decideLand, journal.Sent
		}
	}
	return d
}

// wishes are what the update asks of a phone: name and common-phone flag are
// meant for the phone that it names, not for another carrier of the line. all
// tells that nothing was left out.
func (r *run) wishes(n *node, id plan.DeviceID) (u plan.UpdateDevice, all bool) {
	u = *n.c.Update()
	if named, ok := r.resolve(u.Device); ok && named == id || len(u.Carriers) == 0 {
		return u, true
	}
	all = u.Name == nil && u.CommonPhone == nil
	u.Name, u.CommonPhone = nil, nil
	return u, all
}

// shows reports whether the device shows all that the update asks for.
func (r *run) shows(n *node, dev plan.Device) bool {
	u, _ := r.wishes(n, dev.ID)
	return showsNames(u, dev) && (u.Emergency == nil || r.atTarget(*u.Emergency, dev.Emergency))
}

// showsSent is shows for an update that was sent: what the service may have
// made of its address will do.
func (r *run) showsSent(n *node, dev plan.Device) bool {
	u, _ := r.wishes(n, dev.ID)
	return r.shows(n, dev) || showsNames(u, dev) && u.Emergency != nil && respelled(n.c, *u.Emergency, dev.Emergency)
}

// showsNames is shows without the address.
func showsNames(u plan.UpdateDevice, dev plan.Device) bool {
	return (u.Name == nil || dev.Name == *u.Name) && (u.CommonPhone == nil || dev.CommonPhone == *u.CommonPhone)
}

// respelled reports whether a plain address is what the service may have made
// of the one that a sent change asks for. An address that was there before the
// change tells nothing: it may simply have stayed.
func respelled(c *plan.Change, t plan.EmergencyTarget, have plan.Emergency) bool {
	if t.Address == nil || unmoved(c, have.Address) || !rightCustomer(*t.Address, have.Address) {
		return false
	}
	return plan.MayBeRespelled(*t.Address, have.Address)
}

// unmoved reports whether an address is the one that an update was to replace.
func unmoved(c *plan.Change, have plan.Address) bool {
	before := c.Requires().Emergency
	return before != nil && plan.SamePlace(before.Address, have)
}

func rightCustomer(want, have plan.Address) bool {
	return want.CustomerName == "" || want.CustomerName == have.CustomerName
}

// atTarget reports whether an emergency address is the one asked for.
func (r *run) atTarget(t plan.EmergencyTarget, have plan.Emergency) bool {
	if t.Location != nil {
		id, ok := r.resolveLocation(*t.Location)
		return ok && id == have.LocationID
	}
	if t.Address == nil {
		return true
	}
	return rightCustomer(*t.Address, have.Address) && plan.SamePlace(*t.Address, have.Address)
}

// stillAsPlanned checks that the device still shows what the plan's update is
// meant to replace.
func (r *run) stillAsPlanned(n *node, dev plan.Device) (decision, bool) {
	p := n.c.Requires()
	if _, all := r.wishes(n, dev.ID); !all {
		p.Name, p.CommonPhone = nil, nil
	}
	switch {
	case p.Name != nil && dev.Name != *p.Name:
		return end(journal.Stale, codeStale, "phone %s is called %q now, planned for %q", dev.ID, dev.Name, *p.Name), true
	case p.CommonPhone != nil && dev.CommonPhone != *p.CommonPhone:
		return end(journal.Stale, codeStale, "the common-phone flag of phone %s was changed meanwhile", dev.ID), true
	case p.Emergency != nil && !sameEmergency(*p.Emergency, dev.Emergency):
		return end(journal.Stale, codeStale, "the emergency address of phone %s was changed meanwhile", dev.ID), true
	}
	return decision{}, false
}

// sameEmergency compares the addresses of two readings; their statuses move by
// themselves and don't count.
func sameEmergency(a, b plan.Emergency) bool {
	if a.LocationID != "" || b.LocationID != "" {
		return a.LocationID == b.LocationID
	}
	a.Address.CustomerName, b.Address.CustomerName = "", ""
	return a.Address == b.Address || plan.SamePlace(a.Address, b.Address)
}
