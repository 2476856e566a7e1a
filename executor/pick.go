package executor

import (
	"slices"
	"time"

	"provision/plan"
	"provision/rcclient"
)

// nextReading is the reading that is most worth a call; nil if none is.
//
// What a change that is to be sent waits for comes first: while readings are
// scarce, each that is spent on something else is a change that is not sent.
// What has landed is read along where that costs nothing, and in full calls,
// which cost each change next to nothing; else it can wait, and addresses that
// are awaited wait longest, as they are asked for again and again.
func (r *run) nextReading(now time.Time) func() {
	p := extPicker{r: r, now: now, seen: map[plan.ExtensionID]bool{}, most: r.listSize()}
	if r.eachCounts() { // else what is next to be sent takes all readings, for as long as something is
		if start := r.pickAwaited(now); start != nil {
			return start
		}
	}
	if p.urgent() || p.full() {
		return p.call()
	}
	if start := r.pickAwaited(now); start != nil {
		return start
	}
	if id, ok := r.pickNeeded(now); ok {
		return func() { r.readDevice(id, false) }
	}
	if p.ahead() || p.partly() {
		return p.call()
	}
	if id, ok := r.pickNext(now, r.farOf); ok {
		return func() { r.readDevice(id, false) }
	}
	if start := r.pickInventory(now); start != nil {
		return start
	}
	if id, _, ok := r.pickLooked(now, lookedLanded); ok {
		return func() { r.readDevice(id, false) }
	}
	if p.polled() {
		return p.call()
	}
	if id, sync, ok := r.pickLooked(now, lookedPolled); ok {
		return func() { r.readDevice(id, sync) }
	}
	return nil
}

// listSize is how many extensions a list call may name: as many as there can
// be, or where each of them counts as a call, as many as have room now.
func (r *run) listSize() int {
	u, ok := r.room[rcclient.GroupLight]
	if !ok || !u.EachID {
		return rcclient.MaxExtensionsPerCall
	}
	return min(max(1, roomOf(u)-r.begun(rcclient.GroupLight)), rcclient.MaxExtensionsPerCall)
}

// eachCounts reports whether a list call costs as much as one reading for each
// of its extensions.
func (r *run) eachCounts() bool { return r.room[rcclient.GroupLight].EachID }

// farOf is how many of the group's next changes are worth being read ahead
// where each costs a call: what is not sent while it is fresh is read for nothing.
func (r *run) farOf(g rcclient.Group) int {
	u := r.room[g]
	if u.Limit.Window <= 0 {
		return lookFar
	}
	records := 1
	if g == rcclient.GroupHeavy {
		records = max(r.bulk, rcclient.MaxInventoryDelete)
	}
	sent := float64(records*u.Allowed) * float64(r.opts.MaxAge/2) / float64(u.Limit.Window)
	return min(max(int(sent), headNear), records*lookFar)
}

// sendsSoon reports whether the group's next call is so near that what is read
// for it now will be fresh then. If not, the loop is woken when it is.
func (r *run) sendsSoon(g rcclient.Group, now time.Time) bool {
	early := r.room[g].NextIn - r.opts.MaxAge/2
	if early <= 0 || !slices.ContainsFunc(r.queues[g].nodes, r.maySend) {
		return true
	}
	r.wakeAt(now.Add(r.wall(early)))
	return false
}

// extPicker gathers the extensions of one list call.
type extPicker struct {
	r    *run
	now  time.Time
	most int
	ids  []plan.ExtensionID
	seen map[plan.ExtensionID]bool
	due  []*node // landed, to be read back
	poll []*node // the same but for their addresses
}

// call is the call for what was gathered.
func (p *extPicker) call() func() {
	ids := p.ids
	return func() { p.r.readExtensions(ids) }
}

// urgent gathers what is in doubt or next to be sent. Where a call costs the
// same however many it names, all else that may be of use is read along.
func (p *extPicker) urgent() bool {
	p.landed()
	any := p.doubts()
	any = p.heads(p.r.near, p.r.opts.MaxAge) || any
	if any && !p.r.eachCounts() {
		p.fill()
	}
	return any
}

// ahead gathers what is to be sent later, where it does not come along with
// other calls.
func (p *extPicker) ahead() bool {
	return p.r.eachCounts() && p.heads(p.r.farOf, p.r.opts.MaxAge)
}

// full gathers what has landed, if a whole call of it is due.
func (p *extPicker) full() bool {
	return !p.r.eachCounts() && len(p.due) >= rcclient.MaxExtensionsPerCall && p.fill()
}

// partly gathers what has landed, if it has waited long enough for more.
func (p *extPicker) partly() bool { return p.waited(p.due) && p.fill() }

// polled gathers addresses that are awaited and told by lists.
func (p *extPicker) polled() bool { return p.waited(p.poll) && p.fill() }

// waited reports whether those that are due need not wait for others to share
// the call.
func (p *extPicker) waited(due []*node) bool {
	if len(due) == 0 {
		return false
	}
	oldest := due[0].due
	for _, n := range due {
		if n.due.Before(oldest) {
			oldest = n.due
		}
	}
	until := oldest.Add(p.r.wall(gatherWait))
	if len(due) >= p.most || !p.now.Before(until) || p.r.quiet() {
		return true
	}
	p.r.wakeAt(until)
	return false
}

// fill takes in what can share the call, and reports whether anything is in it.
func (p *extPicker) fill() bool {
	for _, n := range p.due {
		p.add(n.c.ExtensionID(), false)
	}
	if !p.r.eachCounts() {
		p.heads(p.r.far, p.r.opts.MaxAge/2)
		p.soon()
	}
	p.polls()
	return len(p.ids) > 0
}

// add takes an extension in, unless it is being read or may not be yet; own
// says that a lock on it is the caller's.
func (p *extPicker) add(id plan.ExtensionID, own bool) bool {
	if id == "" || p.seen[id] || len(p.ids) == p.most {
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

// near and far are how many of a group's next changes are looked at: those that
// must be fresh, and those that are read along.
func (r *run) near(g rcclient.Group) int {
	if g == rcclient.GroupHeavy {
		return max(headNear, r.bulk*2)
	}
	return headNear
}

func (r *run) far(g rcclient.Group) int {
	if g == rcclient.GroupHeavy {
		return max(lookFar, r.bulk*20)
	}
	return lookFar
}

// heads takes the extensions of the changes next to be sent that are not
// known, or older than the age.
func (p *extPicker) heads(far func(rcclient.Group) int, age time.Duration) bool {
	any := false
	if p.r.mode != modeRun {
		return false
	}
	limit := p.now.Add(-p.r.wall(age))
	for _, g := range queuedGroups {
		if !p.r.sendsSoon(g, p.now) {
			continue
		}
		for _, n := range p.r.queues[g].head(far(g)) {
			if len(p.ids) == p.most {
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

// landed finds the changes that are to be read back, and the awaited addresses
// that lists tell.
func (p *extPicker) landed() {
	if p.r.stopping {
		return
	}
	for _, n := range p.r.open {
		switch {
		case n.phase != landed || !p.r.lookOf(n).ext || !p.r.isDue(n, p.now):
		case n.polling:
			p.poll = append(p.poll, n)
		default:
			p.due = append(p.due, n)
		}
	}
}

// soon fills the call with changes that landed and are not due yet.
func (p *extPicker) soon() {
	if p.r.stopping {
		return
	}
	limit := p.now.Add(-p.r.wall(firstLook / 3))
	for _, n := range p.r.open {
		if len(p.ids) == p.most {
			return
		}
		if n.phase == landed && n.reads == 0 && n.since.Before(limit) && p.r.lookOf(n).ext {
			p.add(n.c.ExtensionID(), false)
		}
	}
}

// polls fills the call with addresses that are awaited; where few are, they
// would else be asked for one by one when there is a call to spare.
func (p *extPicker) polls() {
	if p.r.stopping {
		return
	}
	for _, n := range p.r.open {
		if len(p.ids) == p.most {
			return
		}
		if n.phase == landed && n.polling && p.r.isDue(n, p.now) && !p.r.isBeingRead(n) {
			p.add(n.c.ExtensionID(), false)
		}
	}
}
