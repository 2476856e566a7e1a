package executor

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// entry is an outcome on its way into the journal.
type entry struct {
	n   *node
	out journal.Outcome
	at  time.Time // when it came about
}

// settle gives a change an outcome. It counts when it is durable; until then
// the change is nobody's: a second outcome, as of a reading that was under way,
// is dropped.
func (r *run) settle(n *node, out journal.Outcome, now time.Time) {
	if n.phase == settling || n.phase == final {
		return
	}
	r.unwatch(n)
	out.Attempt = n.attempt
	out.Message += r.halfDone(n, out.Status)
	if out.Ended.IsZero() {
		out.Ended = now.UTC()
	}
	if out.Started.IsZero() && !n.began.IsZero() {
		out.Started = n.began.UTC()
	}
	n.phase = settling
	r.batch = append(r.batch, entry{n: n, out: out, at: now})
}

// write makes the gathered outcomes durable, all in one append.
func (r *run) write() {
	if r.writing || len(r.batch) == 0 || r.failure != nil {
		return
	}
	batch := r.batch
	r.batch, r.writing = nil, true
	records := make([]journal.Record, len(batch))
	for i, e := range batch {
		out := e.out
		records[i] = journal.Record{Type: journal.TypeOutcome, Changes: []string{e.n.c.ID}, Outcome: &out}
	}
	r.spawn(func() func() {
		err := r.jnl.Append(records...)
		return func() {
			r.writing = false
			if err != nil {
				r.fail(fmt.Errorf("write outcomes: %w", err))
				return
			}
			for _, e := range batch {
				r.durable(e)
			}
			// Landed work may have filled the batch meanwhile, also when
			// the run is stopping.
			r.write()
		}
	})
}

// durable moves a change on, now that its outcome is kept.
func (r *run) durable(e entry) {
	n, out := e.n, e.out
	r.count.change(n.out.Status, out.Status, n)
	r.fore.moves(n, n.out.Status, out.Status, e.at)
	n.out = out
	switch out.Status {
	case journal.Sent:
		n.phase = landed
		r.unlock(n)
		r.watch(n, e.at)
	case journal.InDoubt:
		n.phase = doubtful
		r.watch(n, e.at)
	case journal.NotSent, journal.Pending:
		n.phase = queued
		r.unlock(n)
		r.enqueue(n)
	case journal.Applied, journal.NoOp, journal.Failed, journal.Stale, journal.Blocked, journal.Ambiguous,
		journal.AddressPending, journal.AddressInvalid, journal.AddressDiffers, journal.AddressUnchecked:
		n.phase = final
		r.unlock(n)
	}
	r.obs.Settled(n.c, out)
	r.release(n)
}

// release tells those that wait for this change that it has ended. Where
// nothing is sent they wait for its last word: what is said of them then holds.
func (r *run) release(n *node) {
	if n.released || !n.ended() || (n.phase == landed && (n.c.Kind == plan.KindCreateLocation || r.mode != modeRun)) {
		return
	}
	n.released = true
	for _, d := range n.dependents {
		switch {
		case d.phase == queued:
			r.blockQueued(d)
		case d.phase != waiting:
		case !n.succeeded():
			r.block(d, n)
		default:
			r.waitLess(d)
		}
	}
	for _, f := range n.followers {
		if f.phase == waiting {
			r.waitLess(f)
		}
	}
}

func (r *run) waitLess(n *node) {
	if n.waits--; n.waits == 0 {
		n.phase = queued
		r.enqueue(n)
	}
}

// block ends a change whose predecessor did not succeed.
func (r *run) block(n, because *node) {
	code := codeBlocked
	if because.c.Kind == plan.KindCreateLocation {
		code = codeNotReady
	}
	r.settle(n, journal.Outcome{Status: journal.Blocked, Code: code,
		Message: fmt.Sprintf("it needs %s %s, which is %s", because.c.Kind, because.c.ID, because.out.Status)}, time.Now())
}

// blockQueued ends a change that an earlier process had begun, as what it needs
// succeeded, and that has not succeeded after all. Where something is sent the
// change's precondition tells; where nothing is, nobody else would.
func (r *run) blockQueued(n *node) bool {
	if r.mode == modeRun {
		return false
	}
	for _, id := range n.c.DependsOn() {
		if before := r.byID[id]; before.released && !before.succeeded() {
			r.queues[n.group].remove(n)
			r.block(n, before)
			return true
		}
	}
	return false
}

// enqueue puts a ready change into its group's queue.
func (r *run) enqueue(n *node) {
	if r.opts.SkipTainted && n.c.Tainted {
		r.settle(n, journal.Outcome{Status: journal.Blocked, Code: codeTainted,
			Message: "it shares an extension, device, number or swap cycle with a row in error"}, time.Now())
		return
	}
	if !r.blockQueued(n) {
		r.queues[n.group].add(n)
	}
}

// watch puts a change among those that are to be read.
func (r *run) watch(n *node, since time.Time) {
	r.unwatch(n)
	n.since, n.reads, n.polling, n.sync, n.synced = since, 0, false, false, false
	n.due = since.Add(r.wall(firstLook))
	if n.phase == doubtful {
		n.due = since.Add(r.wall(doubtLooks[0]))
	}
	// What was answered at the same time stands as in the plan, so that what is
	// read does not depend on whose outcome was handled first.
	i, _ := slices.BinarySearchFunc(r.open, n, func(a, b *node) int {
		return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.index, b.index))
	})
	r.open = slices.Insert(r.open, i, n)
}

func (r *run) unwatch(n *node) {
	if i := slices.Index(r.open, n); i >= 0 {
		r.open = slices.Delete(r.open, i, i+1)
	}
}
