package executor

import (
	"slices"

	"provision/plan"
)

// objects are the parts of the account that a change looks at and touches.
type objects struct {
	exts []plan.ExtensionID
	devs []plan.DeviceID // on no extension, as far as the plan knows
}

func (o *objects) ext(id plan.ExtensionID) {
	if id != "" && !slices.Contains(o.exts, id) {
		o.exts = append(o.exts, id)
	}
}

func (o *objects) dev(id plan.DeviceID) {
	if id != "" && !slices.Contains(o.devs, id) {
		o.devs = append(o.devs, id)
	}
}

// objectsOf names what the change needs to be known. A device that is not
// there yet, as its maker failed, is left out; the precondition says the rest.
func (r *run) objectsOf(n *node) objects {
	var o objects
	o.ext(n.c.ExtensionID())
	for _, h := range n.c.Requires().Holds {
		if h.Extension != "" {
			o.ext(h.Extension)
		} else if id, ok := r.resolve(h.Device); ok {
			o.dev(id)
		}
	}
	switch {
	case n.c.Swap() != nil:
		if n.c.Swap().TargetOn != "" {
			o.ext(n.c.Swap().TargetOn)
		} else if id, ok := r.resolve(n.c.Swap().Target); ok {
			o.dev(id)
		}
	case n.c.Unstock() != nil:
		if id, ok := r.resolve(n.c.Unstock().Device); ok {
			o.dev(id)
		}
	case n.c.SetSerial() != nil && n.c.ExtensionID() == "":
		if id, ok := r.resolve(n.c.SetSerial().Device); ok {
			o.dev(id)
		}
	case n.c.Update() != nil && n.c.ExtensionID() == "":
		if id, ok := r.resolve(n.c.Update().Device); ok {
			o.dev(id)
		}
	}
	return o
}

// lookedAt names what must be known to judge the change: what it touches, and
// of new slots the extensions that wait for them.
func (r *run) lookedAt(n *node) objects {
	o := r.objectsOf(n)
	for _, s := range takers(n) {
		o.ext(s.c.ExtensionID())
	}
	return o
}

// resolve is the id of a device that is named, or made by another change.
func (r *run) resolve(ref plan.DeviceRef) (plan.DeviceID, bool) {
	if ref.Change == "" {
		return ref.ID, ref.ID != ""
	}
	n := r.byID[ref.Change]
	if n == nil {
		return "", false
	}
	if len(n.out.DeviceIDs) > 0 {
		if ref.Slot < 0 || ref.Slot >= len(n.out.DeviceIDs) {
			return "", false
		}
		return plan.DeviceID(n.out.DeviceIDs[ref.Slot]), true
	}
	return plan.DeviceID(n.out.DeviceID), n.out.DeviceID != ""
}

// resolveLocation is the id of an ERL that is named, or made by another change.
func (r *run) resolveLocation(ref plan.LocationRef) (plan.LocationID, bool) {
	if ref.Change == "" {
		return ref.ID, ref.ID != ""
	}
	n := r.byID[ref.Change]
	if n == nil || n.out.LocationID == "" {
		return "", false
	}
	return plan.LocationID(n.out.LocationID), true
}

// lockNames are the names of all that the change touches; at most one call is
// in flight, or in doubt, for each of them.
func (r *run) lockNames(n *node) []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	o := r.objectsOf(n)
	for _, id := range o.exts {
		add(extensionLock(id))
	}
	for _, id := range o.devs {
		add("device " + string(id))
	}
	refs := []plan.DeviceRef{}
	switch {
	case n.c.Swap() != nil:
		refs = append(refs, n.c.Swap().Source, n.c.Swap().Target)
	case n.c.Update() != nil:
		refs = append(append(refs, n.c.Update().Device), n.c.Update().Carriers...)
	case n.c.SetSerial() != nil:
		refs = append(refs, n.c.SetSerial().Device)
	case n.c.Remove() != nil:
		refs = append(refs, plan.DeviceRef{ID: n.c.Remove().Device})
	case n.c.Location() != nil:
		add("location " + n.c.Location().Name)
	case n.c.Stock() != nil:
		// Slots are anonymous: of two calls in doubt nobody could say which
		// made which.
		add("inventory")
	}
	for _, ref := range refs {
		if id, ok := r.resolve(ref); ok {
			add("device " + string(id))
		}
	}
	return names
}

// extensionLock is the name of an extension's lock.
func extensionLock(id plan.ExtensionID) string { return "extension " + string(id) }

// locked reports whether one of the names is held.
func (r *run) locked(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return r.locks[name] })
}

func (r *run) lock(n *node, names []string) {
	n.locks = names
	for _, name := range names {
		r.locks[name] = true
	}
}

func (r *run) unlock(n *node) {
	for _, name := range n.locks {
		delete(r.locks, name)
	}
	n.locks = nil
}
