package executor

import (
	"cmp"
	"fmt"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

const (
	// lookFar is how many ready changes of the Medium queue are read ahead:
	// two windows of the documented limit. scanFar is how many are looked at
	// for one that may be sent, as those in front may wait for others.
	lookFar = 80
	scanFar = 4 * lookFar
	// fillWait is how long a bulk-add call waits for records whose extensions
	// are just being read; deleteWait, how long an inventory deletion waits
	// for more devices. Service time.
	fillWait   = 5 * time.Second
	deleteWait = 30 * time.Second
)

// dispatchMedium sends the first changes of the Medium queue that may be sent.
func (r *run) dispatchMedium(now time.Time) {
	q := r.queues[rcclient.GroupMedium]
	for i := 0; i < min(scanFar, len(q.nodes)); {
		n := q.nodes[i]
		if !r.maySend(n) {
			i++
			continue
		}
		if !r.hasRoom(rcclient.GroupMedium, r.opts.MediumParallel, now) {
			return
		}
		if !r.dispatchOne(n, now) {
			i++
		}
	}
}

// dispatchOne sends a change or ends it; false means that it must wait.
func (r *run) dispatchOne(n *node, now time.Time) bool {
	d, ok := r.choose(n, now)
	if ok {
		n.device = d.device
		r.send([]*node{n}, now)
	}
	return n.phase != queued
}

// choose decides on a ready change. True means that it is to be sent now: it
// has left the queue and holds its locks. A change that needs no call, or
// can't have one, is settled here.
func (r *run) choose(n *node, now time.Time) (decision, bool) {
	if out, off := r.kindOff[n.c.Kind]; off {
		r.queues[n.group].remove(n)
		r.settle(n, out, now)
		return decision{}, false
	}
	names := r.lockNames(n)
	if r.locked(names) {
		return decision{}, false
	}
	d := r.decide(n, now)
	switch d.kind {
	case decideWait:
		return d, false
	case decideEnd, decideLand:
		r.queues[n.group].remove(n)
		r.settle(n, d.out, now)
		return d, false
	case decideSend:
	}
	if n.notSent >= maxNotSent {
		r.queues[n.group].remove(n)
		out := n.out
		out.Status, out.Code = journal.Failed, cmp.Or(out.Code, codeGaveUp)
		out.Message = fmt.Sprintf("given up: %d calls in a row had no effect; the last: %s", n.notSent, cmp.Or(out.Message, "its end was not seen"))
		r.settle(n, out, now)
		return d, false
	}
	r.queues[n.group].remove(n)
	r.lock(n, names)
	return d, true
}

// maxNotSent is how often in a row a change is tried without effect.
const maxNotSent = 8

// dispatchHeavy sends stock calls, bulk-adds and deletions, in the order of
// the queue's first of each.
func (r *run) dispatchHeavy(now time.Time) {
	for len(r.queues[rcclient.GroupHeavy].nodes) > 0 && !r.stopping && !r.paused && r.hasRoom(rcclient.GroupHeavy, r.opts.HeavyParallel, now) {
		if !r.dispatchStock(now) && !r.dispatchAdds(now) && !r.dispatchHardware(now) && !r.dispatchDeletes(now) {
			return
		}
	}
}

// dispatchStock sends the first stock change that may be sent.
func (r *run) dispatchStock(now time.Time) bool {
	for _, n := range r.queues[rcclient.GroupHeavy].head(lookFar) {
		if n.c.Kind != plan.KindStock {
			return false // they stand at the head
		}
		if r.maySend(n) && r.dispatchOne(n, now) {
			return true
		}
	}
	return false
}

// heavyReady are the changes of the kind in the Heavy queue, at most limit.
func (r *run) heavyReady(kind plan.Kind, limit int) []*node {
	var ready []*node
	for _, n := range r.queues[rcclient.GroupHeavy].nodes {
		if len(ready) == limit {
			break
		}
		if n.c.Kind == kind && r.maySend(n) {
			ready = append(ready, n)
		}
	}
	return ready
}
