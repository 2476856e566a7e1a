package executor

import (
	"time"

	"provision/plan"
	"provision/rcclient"
)

// bulkCall says how ready changes of a kind gather into one call.
type bulkCall struct {
	kind  plan.Kind
	limit int           // records of a call
	ahead int           // how many calls' worth of the queue are looked at
	wait  time.Duration // how long a call that is not full waits, in service time
	since *time.Time    // since when one waits; zero: none does
	// forMore lets it wait also for changes that are not ready yet, besides
	// those whose objects are being read.
	forMore bool
}

// dispatchAdds gathers ready adds, at most one of an extension, into one
// bulk-add call. A call that is not full waits a little for adds whose
// extensions are being read: an empty slot of it costs a tenth of a Heavy call.
func (r *run) dispatchAdds(now time.Time) bool {
	return r.dispatchBulk(bulkCall{kind: plan.KindAdd, limit: r.bulk, ahead: 4, wait: fillWait, since: &r.addsWait}, now)
}

// dispatchDeletes gathers unstock changes into calls of ten. A call that is
// not full waits longer, as long as more are to come: nothing depends on it.
func (r *run) dispatchDeletes(now time.Time) bool {
	return r.dispatchBulk(bulkCall{kind: plan.KindUnstock, limit: rcclient.MaxInventoryDelete, ahead: 2, wait: deleteWait, since: &r.deletesWait, forMore: true}, now)
}

func (r *run) dispatchBulk(b bulkCall, now time.Time) bool {
	ready := r.heavyReady(b.kind, b.limit*b.ahead)
	if len(ready) == 0 {
		*b.since = time.Time{}
		return false
	}
	batch, unread := r.gather(ready, b.limit, now)
	if len(batch) == 0 {
		return false
	}
	if len(batch) < b.limit && (unread || b.forMore && r.toCome(b.kind)) && r.waitToFill(b.since, b.wait, now) {
		r.putBack(batch)
		return false
	}
	*b.since = time.Time{}
	r.send(batch, now)
	return true
}

// gather takes changes that may be sent now, of one attempt (a batch has one
// intent), and tells whether others only wait to be read.
func (r *run) gather(ready []*node, limit int, now time.Time) (batch []*node, unread bool) {
	for _, n := range ready {
		if len(batch) == limit {
			break
		}
		if len(batch) > 0 && n.attempt != batch[0].attempt {
			continue
		}
		d, ok := r.choose(n, now)
		switch {
		case ok:
			n.device = d.device
			batch = append(batch, n)
		case n.phase == queued && !r.locked(r.lockNames(n)):
			unread = true
		}
	}
	return batch, unread
}

// putBack undoes gather.
func (r *run) putBack(batch []*node) {
	for _, n := range batch {
		r.unlock(n)
		r.queues[n.group].add(n)
	}
}

// waitToFill reports whether a batch that is not full shall wait on.
func (r *run) waitToFill(since *time.Time, limit time.Duration, now time.Time) bool {
	if since.IsZero() {
		*since = now
	}
	until := since.Add(r.wall(limit))
	if !now.Before(until) {
		return false
	}
	r.wakeAt(until)
	return true
}

// toCome reports whether more changes of a kind will become ready.
func (r *run) toCome(kind plan.Kind) bool {
	if r.stopping {
		return false
	}
	for _, n := range r.nodes {
		if n.c.Kind == kind && n.phase == waiting {
			return true
		}
	}
	return false
}

// halve makes bulk calls of a kind smaller; false if they can't be.
func (r *run) halve(kind plan.Kind, size int) bool {
	if size <= 1 || kind != plan.KindAdd && kind != plan.KindSetSerial {
		return false
	}
	batch, name := &r.bulk, "bulk-add"
	if kind == plan.KindSetSerial {
		batch, name = &r.serials, "device bulk-update"
	}
	if half := size / 2; half < *batch {
		*batch = half
		r.obs.Note("smaller_batches", "the service takes smaller "+name+" calls only")
	}
	return true
}
