package executor

import (
	"maps"
	"slices"
	"time"

	"provision/plan"
	"provision/rcclient"
)

// nextReading is the reading that is most worth a call; nil if none is.
func (r *run) nextReading(now time.Time) func() {
	if ids := r.pickExtensions(now); len(ids) > 0 {
		return func() { r.readExtensions(ids) }
	}
	if id, sync, ok := r.pickDevice(now); ok {
		return func() { r.readDevice(id, sync) }
	}
	return r.pickRare(now)
}

// pickExtensions are the extensions for one list call, at most 30; none if
// nothing is urgent enough for one.
func (r *run) pickExtensions(now time.Time) []plan.ExtensionID {
	p := extPicker{r: r, now: now, seen: map[plan.ExtensionID]bool{}}
	urgent := p.doubts()
	urgent = p.heads(headNear, r.opts.MaxAge) || urgent
	due := p.landed()
	if !urgent && !due {
		return nil
	}
	p.take()
	p.heads(lookFar, r.opts.MaxAge/2)
	p.soon()
	p.polls()
	return p.ids
}

// extPicker gathers the extensions of one list call.
type extPicker struct {
	r    *run
	now  time.Time
	ids  []plan.ExtensionID
	seen map[plan.ExtensionID]bool
	due  []*node
}

// add takes an extension in, unless it is being read or may not be yet; own
// says that a lock on it is the caller's.
func (p *extPicker) add(id plan.ExtensionID, own bool) bool {
	if id == "" || p.seen[id] || len(p.ids) == rcclient.MaxExtensionsPerCall {
		return p.seen[id]
	}
	e := p.r.view.ext(id)
	if e.busy || (!own && p.r.locks[extensionLock(id)]) {
		return false
	}
	if p.now.Before(e.retry) {
		p.r.wakeAt(e.retry)
		return false
	}
	p.seen[id] = true
	p.ids = append(p.ids, id)
	return true
}

// doubts takes the extensions of changes in doubt that are due.
func (p *extPicker) doubts() bool {
	any := false
	if p.r.stopping {
		return false
	}
	for _, n := range p.r.open {
		if n.phase == doubtful && p.r.lookOf(n).ext && p.r.isDue(n, p.now) {
			any = p.add(n.c.ExtensionID(), true) || any
		}
	}
	return any
}

// heads takes the extensions of the changes next to be sent that are not
// known, or older than the age.
func (p *extPicker) heads(far int, age time.Duration) bool {
	any := false
	if p.r.mode != modeRun {
		return false
	}
	limit := p.now.Add(-p.r.wall(age))
	for _, g := range queuedGroups {
		far := far
		if g == rcclient.GroupHeavy {
			far = max(far, p.r.bulk*2)
			if far == lookFar {
				far = p.r.bulk * 20
			}
		}
		for _, n := range p.r.queues[g].head(far) {
			if len(p.ids) == rcclient.MaxExtensionsPerCall {
				return any
			}
			if !p.r.maySend(n) {
				continue
			}
			for _, id := range p.r.lookedAt(n).exts {
				e := p.r.view.ext(id)
				if e.fails < maxReadFails && e.at.Before(limit) {
					any = p.add(id, false) || any
				}
			}
		}
	}
	return any
}

// landed finds the changes that are to be read back, and reports whether it is
// time for a call.
func (p *extPicker) landed() bool {
	r := p.r
	if r.stopping {
		return false
	}
	var oldest time.Time
	for _, n := range r.open {
		if n.phase != landed || !r.lookOf(n).ext || !r.isDue(n, p.now) {
			continue
		}
		p.due = append(p.due, n)
		if oldest.IsZero() || n.due.Before(oldest) {
			oldest = n.due
		}
	}
	if len(p.due) == 0 {
		return false
	}
	until := oldest.Add(r.wall(gatherWait))
	if len(p.due) >= rcclient.MaxExtensionsPerCall || !p.now.Before(until) || r.quiet() {
		return true
	}
	r.wakeAt(until)
	return false
}

// take takes the extensions of the changes found by landed.
func (p *extPicker) take() {
	for _, n := range p.due {
		p.add(n.c.ExtensionID(), false)
	}
}

// soon fills the call with changes that landed and are not due yet.
func (p *extPicker) soon() {
	if p.r.stopping {
		return
	}
	limit := p.now.Add(-p.r.wall(firstLook / 3))
	for _, n := range p.r.open {
		if len(p.ids) == rcclient.MaxExtensionsPerCall {
			return
		}
		if n.phase == landed && n.reads == 0 && n.since.Before(limit) && p.r.lookOf(n).ext {
			p.add(n.c.ExtensionID(), false)
		}
	}
}

// polls fills the call with addresses that are awaited, and would else be asked
// for one by one when there is a call to spare.
func (p *extPicker) polls() {
	if p.r.stopping {
		return
	}
	for _, n := range p.r.open {
		if len(p.ids) == rcclient.MaxExtensionsPerCall {
			return
		}
		if n.phase == landed && n.polling && p.r.isDue(n, p.now) && !p.r.isBeingRead(n) {
			p.add(n.c.ExtensionID(), false)
		}
	}
}

// pickDevice is the device that is most worth a call of its own. Addresses that
// are awaited come last: they take only what the changes that are to be sent
// leave of the Light group, else the more wait the fewer are sent.
func (r *run) pickDevice(now time.Time) (id plan.DeviceID, sync, ok bool) {
	if id, _, ok = r.pickLooked(now, false); ok {
		return id, false, true
	}
	for _, id := range slices.Sorted(maps.Keys(r.asked)) {
		if r.mayRead(id, now) {
			return id, false, true
		}
	}
	if id, ok = r.pickNext(now); ok {
		return id, false, true
	}
	return r.pickLooked(now, true)
}

// pickLooked is the first device that is to be read for a change that is landed
// or in doubt; polls says whether for an address that is awaited.
func (r *run) pickLooked(now time.Time, polls bool) (id plan.DeviceID, sync, ok bool) {
	if r.stopping {
		return "", false, false
	}
	for _, n := range r.open {
		l := r.lookOf(n)
		if l.device == "" || (n.polling && n.phase == landed) != polls || !r.isDue(n, now) || polls && r.isBeingRead(n) {
			continue
		}
		if r.mayRead(l.device, now) {
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
func (r *run) pickNext(now time.Time) (id plan.DeviceID, ok bool) {
	if r.mode != modeRun {
		return "", false
	}
	limit := now.Add(-r.wall(r.opts.MaxAge))
	for _, g := range queuedGroups {
		for _, n := range r.queues[g].head(headNear) {
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

// pickRare finds readings of ERLs and of the account-wide list.
func (r *run) pickRare(now time.Time) func() {
	if r.stopping {
		return nil
	}
	var lists, inventory []*node
	for _, n := range r.open {
		l := r.lookOf(n)
		if !l.locations && !l.inventory && l.location == "" || !r.isDue(n, now) {
			continue
		}
		switch {
		case l.location != "":
			return func() { r.readLocation(n, l.location) }
		case l.locations:
			lists = append(lists, n)
		default:
			inventory = append(inventory, n)
		}
	}
	switch {
	case len(lists) > 0:
		return func() { r.readLocations(lists) }
	case len(inventory) > 0 || r.maySeeSlots(time.Now()):
		return func() { r.readInventory(inventory) }
	}
	return nil
}
