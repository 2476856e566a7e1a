package executor

import (
	"slices"

	"provision/executor/journal"
	"provision/plan"
)

// This file tells of changes that make something whether it is there already,
// as when a saved plan is applied a second time.

// notNeeded reports whether the reference is to a device that did not have to
// be made, as the goal of its change was met.
func (r *run) notNeeded(ref plan.DeviceRef) bool {
	n := r.byID[ref.Change]
	return n != nil && n.out.Status == journal.NoOp
}

// addMet finds out whether the line that an add would make is there already,
// by what planning anew would go by: the phone that was to replace the new one,
// the number, or a phone that the plan does not know, of the type, the name and
// the place that were asked for. Where several could be it, none is.
func (r *run) addMet(n *node, have *extView, planned []plan.DeviceID) (decision, bool) {
	for _, s := range n.dependents {
		if s.c.Swap() == nil || s.c.Swap().Source.Change != n.c.ID {
			continue
		}
		target, ok := r.resolve(s.c.Swap().Target)
		if _, on := r.view.on(n.c.ExtensionID(), target); ok && on {
			return end(journal.NoOp, codeMet, "phone %s, which was to replace the new one, is on the extension already", target), true
		}
		return decision{}, false
	}
	number := n.c.Add().Number.Number
	var found []plan.Device
	for _, id := range have.ids() {
		dev := have.devices[id]
		if number != "" && hasNumber(dev, number) {
			d := end(journal.NoOp, codeMet, "%s has the number already", id)
			d.out.DeviceID, d.out.Number = string(id), number
			return d, true
		}
		if number == "" && !slices.Contains(planned, id) && !r.named[id] && r.view.own[id] == "" && r.isAsAdded(n, dev) {
			found = append(found, dev)
		}
	}
	if len(found) != 1 {
		return decision{}, false
	}
	dev := found[0]
	d := end(journal.NoOp, codeMet, "phone %s is on the extension already, as asked for", dev.ID)
	d.out.DeviceID, d.out.Emergency = string(dev.ID), dev.Emergency.AddressStatus
	if len(dev.Lines) > 0 {
		d.out.Number = dev.Lines[0].Number
	}
	if dev.Emergency.AddressStatus != addressValid {
		d.kind, d.out.Status = decideLand, journal.Sent // the address is waited for
	}
	return d, true
}

// isAsAdded reports whether the phone is what this add, and none of those that
// follow it, would make.
func (r *run) isAsAdded(n *node, dev plan.Device) bool {
	t, status := *n.c.Add().Emergency, dev.Emergency.AddressStatus
	at := r.atTarget(t, dev.Emergency) ||
		t.Address != nil && !dev.Emergency.Address.IsZero() && plan.MayBeRespelled(*t.Address, dev.Emergency.Address)
	if !at || status == addressInvalid || status == addressDeprovisioned || !asAsked(n, dev) {
		return false
	}
	if name := nameAdded(n); name != "" && name != dev.Name {
		return false
	}
	for o := nextAdd(n); o != nil; o = nextAdd(o) {
		if number := o.c.Add().Number.Number; number != "" && hasNumber(dev, number) || nameAdded(o) != "" && nameAdded(o) == dev.Name {
			return false
		}
	}
	return true
}

// nameAdded is the name that an added phone shall have; empty: any.
func nameAdded(n *node) string {
	if after := n.c.After(); after != nil {
		return after.Name
	}
	return ""
}

// nextAdd is the extension's add that follows this one; nil if there is none.
func nextAdd(n *node) *node {
	for _, o := range n.followers {
		if o.c.Add() != nil && o.c.ExtensionID() == n.c.ExtensionID() {
			return o
		}
	}
	return nil
}

// judgeLeft judges a swap that waits for no new slot any more, as its source
// has left the extension: that is its goal, if the source still exists.
func (r *run) judgeLeft(source plan.DeviceID) decision {
	d := r.view.device(source)
	switch {
	case d.fails >= maxReadFails:
		return end(journal.Failed, codeUnread, "phone %s is not on the extension and can't be read: %v", source, d.err)
	case d.at.IsZero():
		r.wantDevice(source)
		return decision{kind: decideWait}
	case !d.exists:
		return end(journal.Stale, codeStale, "phone %s does not exist any more", source)
	}
	return end(journal.NoOp, codeMet, "phone %s has left the extension already", source)
}
