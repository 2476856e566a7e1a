package executor

import (
	"maps"
	"slices"
	"time"

	"provision/plan"
	"provision/rcclient"
)

// This file finds what is read by itself: devices, ERLs, the inventory.

// pickNeeded is the device that a change in doubt or next to be sent waits for.
func (r *run) pickNeeded(now time.Time) (id plan.DeviceID, ok bool) {
	if id, _, ok = r.pickLooked(now, lookedDoubtful); ok {
		return id, true
	}
	for _, id := range slices.Sorted(maps.Keys(r.asked)) {
		if r.mayRead(id, now) {
			return id, true
		}
	}
	return r.pickNext(now, r.near)
}

// looked says for which changes a device is read.
type looked int

const (
	lookedDoubtful looked = iota
	lookedLanded
	lookedPolled // landed, and their addresses are awaited
)

func lookedFor(n *node) looked {
	switch {
	case n.phase != landed:
		return lookedDoubtful
	case n.polling:
		return lookedPolled
	}
	return lookedLanded
}

// pickLooked is the first device that is to be read for a change of that sort,
// and whether its address is to be synchronised.
func (r *run) pickLooked(now time.Time, sort looked) (id plan.DeviceID, sync, ok bool) {
	if r.stopping {
		return "", false, false
	}
	for _, n := range r.open {
		if lookedFor(n) != sort || sort == lookedPolled && r.isBeingRead(n) {
			continue
		}
		l := r.lookOf(n)
		if l.device != "" && r.isDue(n, now) && r.mayRead(l.device, now) {
			return l.device, l.sync, true
		}
	}
	return "", false, false
}

// isBeingRead reports whether a reading that tells an awaited address is under
// way: another one at the same time would tell the same.
func (r *run) isBeingRead(n *node) bool {
	l := r.lookOf(n)
	return r.view.ext(n.c.ExtensionID()).busy || l.device != "" && r.view.device(l.device).busy
}

// pickNext is the first device that a change next to be sent needs to be fresh.
func (r *run) pickNext(now time.Time, far func(rcclient.Group) int) (id plan.DeviceID, ok bool) {
	if r.mode != modeRun {
		return "", false
	}
	limit := now.Add(-r.wall(r.opts.MaxAge))
	for _, g := range queuedGroups {
		if !r.sendsSoon(g, now) {
			continue
		}
		for _, n := range r.queues[g].head(far(g)) {
			if !r.maySend(n) {
				continue
			}
			for _, id := range r.objectsOf(n).devs {
				if d := r.view.device(id); d.at.Before(limit) && d.fails < maxReadFails && r.mayRead(id, now) {
					return id, true
				}
			}
		}
	}
	return "", false
}

func (r *run) mayRead(id plan.DeviceID, now time.Time) bool {
	d := r.view.device(id)
	if d.busy {
		return false
	}
	if now.Before(d.retry) {
		r.wakeAt(d.retry)
		return false
	}
	return true
}

// fewLocations is from how many new ERLs on, due at once, their list is read
// instead of each, for every call that it takes.
const fewLocations = 5

// pickAwaited finds readings of new ERLs, and of what changes in doubt or next
// to be sent need of the account's lists.
func (r *run) pickAwaited(now time.Time) func() {
	if r.stopping {
		return nil
	}
	var made, lists, inventory []*node
	for _, n := range r.open {
		l := r.lookOf(n)
		rare := l.locations || l.location != "" || l.inventory && n.phase == doubtful
		if !rare || !r.isDue(n, now) {
			continue
		}
		switch {
		case l.location != "" && n.alone:
			return func() { r.readLocation(n) }
		case l.location != "":
			made = append(made, n)
		case l.locations:
			lists = append(lists, n)
		default:
			inventory = append(inventory, n)
		}
	}
	switch {
	case len(lists) > 0 || len(made) >= fewLocations*(1+len(r.view.locations)/rcclient.MaxPerPage):
		return func() { r.readLocations(append(lists, made...)) }
	case len(made) > 0:
		return func() { r.readLocation(made[0]) }
	case len(inventory) > 0 || r.maySeeSlots(time.Now()):
		return func() { r.readInventory(inventory) }
	}
	return nil
}

// pickInventory reads new slots back by the account-wide list, and deleted
// devices, if it takes fewer windows than asking for each. The list is of the
// group that makes and deletes them: while that has something to send, it waits.
func (r *run) pickInventory(now time.Time) func() {
	if r.stopping || r.mode == modeRun && slices.ContainsFunc(r.queues[rcclient.GroupHeavy].nodes, r.maySend) {
		return nil
	}
	var slots, deleted []*node
	for _, n := range r.open {
		switch {
		case n.phase != landed || !r.isDue(n, now):
		case r.lookOf(n).inventory:
			slots = append(slots, n)
		case n.c.Kind == plan.KindUnstock && !r.noList:
			deleted = append(deleted, n)
		}
	}
	if !r.listIsShorter(len(deleted)) {
		deleted = nil
	}
	if len(slots)+len(deleted) == 0 {
		return nil
	}
	return func() { r.readInventory(append(slots, deleted...)) }
}

// fewDeleted is up to how many deleted devices are asked for one by one.
const fewDeleted = 20

// listIsShorter reports whether the account-wide list takes fewer windows than
// so many devices by themselves.
func (r *run) listIsShorter(devices int) bool {
	pages := r.plan.AssignedPhones/rcclient.MaxPerPage + 1
	return devices > fewDeleted && devices*r.room[rcclient.GroupHeavy].Allowed > pages*r.room[rcclient.GroupLight].Allowed
}
