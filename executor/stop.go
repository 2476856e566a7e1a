package executor

import "time"

// checkClock stops the run when its time has come.
func (r *run) checkClock(now time.Time) {
	if r.opts.StopAt.IsZero() || r.stopping {
		return
	}
	if !now.Before(r.opts.StopAt) {
		r.stop("stopped at " + r.opts.StopAt.Format(time.RFC3339))
		return
	}
	if r.hasWork() {
		r.wakeAt(r.opts.StopAt)
	}
}

// hasWork reports whether a change could still be sent.
func (r *run) hasWork() bool {
	for _, q := range r.queues {
		if len(q.nodes) > 0 {
			return true
		}
	}
	return false
}

// stop begins no new work but the emergency half of swaps already made, and
// leaves the reading back to the next process: what is in flight lands, and
// what landed is journaled.
func (r *run) stop(why string) {
	if r.stopping {
		return
	}
	r.stopping = true
	r.obs.Note("stopping", why)
}

// maySend reports whether the change may be begun now.
func (r *run) maySend(n *node) bool {
	if !r.stopping && !r.paused {
		return true
	}
	if !n.urgent || r.aborted != nil {
		return false
	}
	for _, swap := range n.follows {
		if swap.out.Status.Succeeded() {
			return true
		}
	}
	return false
}
