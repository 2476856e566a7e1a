package executor

import (
	"slices"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// This file foretells when a run will have ended. A throttling group lets a
// number of calls through in a window, and a slot comes free one window after
// its call was answered: the k-th call from now goes out one cycle after the
// call that had its slot, so that the last one's time follows from the times of
// the calls of the last window. Behind it come its answer, the reading back and
// the check of its address, which take what they took before.

// forecast is what was seen of the run so far. All its times are wall time.
type forecast struct {
	sent map[rcclient.Group][]time.Time     // of calls, ascending, the last keepSent at least
	took map[rcclient.Group][]time.Duration // of the last calls, keepTook at most
	kind map[plan.Kind]*kindCount
	// confirm is how long a change that sets an address took from its answer to
	// its last word. The longest of late counts; what was long ago fades.
	confirm time.Duration
	// hungry is since when a group always had changes to send, and might.
	hungry map[rcclient.Group]time.Time
	// landed is when the newest change of either sort was answered.
	landed map[bool]time.Time

	end    time.Time // as foretold
	looked time.Time // when that was worked out
}

// keepSent is more than the calls of any group's window that is known.
const keepSent = 400

// lookEvery is how often the forecast is worked out anew: it looks at all
// changes. Service time.
const lookEvery = 2 * time.Second

// kindCount counts the changes of one kind.
type kindCount struct {
	calls int // that ended
	sent  int // changes in them, repeated ones several times
	ended int // landed or final since this process began
	tries int // calls that these took
}

func newForecast() *forecast {
	return &forecast{
		sent: map[rcclient.Group][]time.Time{}, took: map[rcclient.Group][]time.Duration{}, kind: map[plan.Kind]*kindCount{},
		hungry: map[rcclient.Group]time.Time{}, landed: map[bool]time.Time{},
	}
}

func (f *forecast) of(k plan.Kind) *kindCount {
	if f.kind[k] == nil {
		f.kind[k] = &kindCount{}
	}
	return f.kind[k]
}

// leaves notes a call that is sent now.
func (f *forecast) leaves(nodes []*node, now time.Time) {
	g := nodes[0].group
	f.sent[g] = append(f.sent[g], now)
	if sent := f.sent[g]; len(sent) > 2*keepSent {
		f.sent[g] = append(sent[:0], sent[len(sent)-keepSent:]...)
	}
}

// comes notes a call's end, and how long the service took for its answer; 0
// where there was none.
func (f *forecast) comes(nodes []*node, took time.Duration) {
	g := nodes[0].group
	c := f.of(nodes[0].c.Kind)
	c.calls++
	c.sent += len(nodes)
	if took > 0 { // an answer came
		f.took[g] = append(f.took[g], took)
		f.took[g] = f.took[g][max(0, len(f.took[g])-keepTook):]
	}
}

// keepTook is of how many calls the time counts that one takes.
const keepTook = 15

// tookOf is how long a call of the group takes, in the middle. What it waited
// for a slot is none of it: for a moment most of the calls may have waited, and
// a cycle would seem to last as much longer.
func (f *forecast) tookOf(g rcclient.Group) time.Duration {
	all := slices.Sorted(slices.Values(f.took[g]))
	if len(all) == 0 {
		return 0
	}
	return all[len(all)/2]
}

// moves notes that a change goes from one durable status to another.
func (f *forecast) moves(n *node, from, to journal.Status, at time.Time) {
	c := f.of(n.c.Kind)
	c.ended += ended(to) - ended(from)
	c.tries += n.attempt * (ended(to) - ended(from))
	sort := addressed(n)
	switch {
	case to == journal.Sent:
		if at.After(f.landed[sort]) {
			f.landed[sort] = at
		}
	case from == journal.Sent && to.Final() && sort:
		f.confirm = max(at.Sub(n.since), f.confirm-f.confirm/16)
	}
}

// addressed reports whether the change ends with the check of an address.
func addressed(n *node) bool {
	return n.c.Emergency() != nil || n.c.Kind == plan.KindCreateLocation
}

// enough is from how many on what was seen counts more than what is usual.
const enough = 20

// usual is from which part of what is usual on it counts as that.
const usual = 0.8

// callsOf is how many calls, or which part of one, a change of that kind will
// take: by the size of calls, and by how many changes needed one so far.
func (r *run) callsOf(k plan.Kind) float64 {
	size, need, c := 1.0, 1.0, r.fore.of(k)
	switch k {
	case plan.KindAdd:
		size = float64(r.bulk)
	case plan.KindSetSerial:
		size = float64(r.serials)
	case plan.KindUnstock:
		size = rcclient.MaxInventoryDelete
	case plan.KindStock, plan.KindSwap, plan.KindUpdate, plan.KindUpdateEmergency, plan.KindRemove, plan.KindCreateLocation:
	}
	if c.ended < enough {
		return need / size
	}
	// Little below what is usual is chance, and would round up to a window more.
	if seen := float64(c.sent) / float64(max(c.calls, 1)); seen < usual*size {
		size = max(1, seen)
	}
	if seen := float64(c.tries) / float64(c.ended); seen < usual || seen > 1/usual {
		need = min(2, seen)
	}
	return need / size
}

// eta is when all will have ended; it is past if nothing is left.
func (r *run) eta(now time.Time) time.Time {
	f := r.fore
	for g, q := range r.queues {
		if len(q.nodes) == 0 || f.hungry[g].IsZero() || r.held(g) {
			f.hungry[g] = now
		}
	}
	if next := f.looked.Add(r.wall(lookEvery)); now.Before(next) {
		if r.active > 0 || !r.wake.IsZero() { // not to keep a run from its end
			r.wakeAt(next)
		}
		return f.end
	}
	f.looked = now
	f.end = r.foretell(now)
	return f.end
}

// held reports whether a group may send nothing for a while, whatever its window
// has left.
func (r *run) held(g rcclient.Group) bool {
	t := r.troubles[g]
	return r.paused || !r.room[g].PenaltyUntil.IsZero() || t != nil && t.row >= troubleAfter
}

// ahead are the calls of a group that are still to be sent.
type ahead struct {
	calls     float64
	addressed float64 // of these, up to the last one that sets an address
	flying    bool
	sorts     [2]bool // of what is flying: without an address, with one
}

// foretell is when the run will have ended.
func (r *run) foretell(now time.Time) time.Time {
	groups := map[rcclient.Group]*ahead{}
	cost := map[plan.Kind]float64{}
	for _, n := range r.nodes {
		if n.ended() || n.phase == settling && ended(n.out.Status) == 1 {
			continue
		}
		a := groups[n.group]
		if a == nil {
			a = &ahead{}
			groups[n.group] = a
		}
		if n.phase == sending || n.phase == settling || n.phase == doubtful {
			a.flying = true
			a.sorts[bit(addressed(n))] = true
			continue
		}
		if _, ok := cost[n.c.Kind]; !ok {
			cost[n.c.Kind] = r.callsOf(n.c.Kind)
		}
		a.calls += cost[n.c.Kind]
		if addressed(n) {
			a.addressed = a.calls
		}
	}
	end := now
	later := func(t time.Time) {
		if t.After(end) {
			end = t
		}
	}
	for g, a := range groups {
		took := r.fore.tookOf(g)
		for sort, calls := range map[bool]float64{false: a.calls, true: a.addressed} {
			if calls > 0 {
				later(r.sentAt(g, calls, now).Add(took + r.confirmTime(sort)))
			} else if a.flying && a.sorts[bit(sort)] {
				later(now.Add(took + r.confirmTime(sort)))
			}
		}
	}
	if len(r.open) > 0 {
		for sort, at := range r.fore.landed {
			later(at.Add(r.confirmTime(sort)))
		}
	}
	for _, n := range r.open {
		if n.polling {
			later(n.due) // it does not end before it is looked at
		}
	}
	return end
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// confirmTime is how long a change takes from its answer to its last word. One
// without an address is read back at once where nothing is left to be sent. Of
// one with an address none may have been seen to its end: then it is what one
// takes whose address becomes valid within half a minute, or as long as one of
// those that are awaited has taken already.
func (r *run) confirmTime(addressed bool) time.Duration {
	switch {
	case !addressed:
		return r.wall(3 * time.Second)
	case r.fore.confirm == 0:
		longest := r.wall(36 * time.Second)
		for _, n := range r.open {
			if n.polling {
				longest = max(longest, n.due.Sub(n.since))
			}
		}
		return longest
	}
	return r.fore.confirm
}

// sentAt is when the last of so many calls of a group will go out.
func (r *run) sentAt(g rcclient.Group, calls float64, now time.Time) time.Time {
	u, n := r.room[g], int(calls+0.999)
	size := u.Allowed
	if u.Allowed <= 0 || u.Allowed > keepSent {
		return now
	}
	size = max(size, 1)
	took := r.fore.tookOf(g)
	parallel := r.opts.MediumParallel
	if g == rcclient.GroupHeavy {
		parallel = r.opts.HeavyParallel
	}
	cycle := max(r.wall(u.Limit.Window)+took, took*time.Duration(size)/time.Duration(parallel))
	cycle = max(cycle, r.seenCycle(g, size, cycle))
	soonest := now.Add(r.wall(u.NextIn))
	sent := r.slots(g, now, r.wall(u.Limit.Window)+took)
	// The last call goes out one cycle after the one that had its slot, or now if
	// that is over, as after a standstill, and each of a window more a cycle later.
	index, rounds := len(sent)+n-1, 0
	for ; index >= len(sent); index -= size {
		rounds++
	}
	at := soonest // its slot was not used by the run
	if index >= 0 && sent[index].Add(cycle).After(soonest) {
		at = sent[index].Add(cycle)
	}
	return at.Add(time.Duration(rounds-1) * cycle)
}

// slots are when the calls of a group went out, ascending, with those that are
// no change's, as readings: they have slots too, or wait for one. Of these only
// the number is known, and when the next slot comes free where all are in use;
// else they may have theirs for a cycle yet.
func (r *run) slots(g rcclient.Group, now time.Time, cycle time.Duration) []time.Time {
	sent, u := r.fore.sent[g], r.room[g]
	from, _ := slices.BinarySearchFunc(sent, now.Add(-cycle), time.Time.Compare)
	// What was begun and is not at the client yet is in sent, and none of its.
	begun := max(u.Waiting, r.begun(g))
	others := u.InWindow + begun - (len(sent) - from)
	if others <= 0 {
		return sent
	}
	at := now
	if u.NextIn > 0 {
		at = now.Add(r.wall(u.NextIn) - cycle)
	}
	i, _ := slices.BinarySearchFunc(sent, at, time.Time.Compare)
	return slices.Insert(slices.Clone(sent), i, slices.Repeat([]time.Time{at}, others)...)
}

// seenCycle is how long a window's calls took of late, where that is much
// longer than the limit makes it though there always was something to send:
// others use the window too.
func (r *run) seenCycle(g rcclient.Group, size int, usual time.Duration) time.Duration {
	sent := r.fore.sent[g]
	last := len(sent) - 1
	first := last - 4*size
	if first < 0 || !sent[first].After(r.fore.hungry[g]) {
		return 0
	}
	if seen := sent[last].Sub(sent[first]) / 4; seen > usual*13/10 {
		return seen
	}
	return 0
}
