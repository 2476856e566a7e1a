package executor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
)

// Readings. Durations are service time.
const (
	readParallel = 8
	maxReadFails = 4
	readBackoff  = 10 * time.Second
	// headNear is how many of the next changes must be fresh; others are read
	// along with them while a call has room.
	headNear = 16
	// firstLook is how long after it landed a change is read back, gatherWait
	// how long those that are due wait for others to share the call.
	firstLook  = 15 * time.Second
	gatherWait = 15 * time.Second
	// leaveTime is how long a list call may be on its way to its slots: one that
	// is not there then waits to be tried again, as long as the service asks for.
	leaveTime = 5 * time.Second
)

// read starts the readings that are worth a call now: changes in doubt first,
// then what is to be sent next, then what has landed.
func (r *run) read(now time.Time) {
	for r.inflight[rcclient.GroupLight] < readParallel && !r.listLeaves(now) {
		start := r.nextReading(now)
		if start == nil || !r.hasRoom(rcclient.GroupLight, readParallel, now) {
			return
		}
		r.inflight[rcclient.GroupLight]++
		start()
	}
}

// listLeaves reports whether a list call is on its way to its slots that takes
// as many as it names: how much room it leaves is known when it has them.
func (r *run) listLeaves(now time.Time) bool {
	if r.listing == 0 || !r.eachCounts() || now.Sub(r.listed) > r.wall(leaveTime) || r.inflight[rcclient.GroupLight] <= r.room[rcclient.GroupLight].InFlight {
		return false
	}
	r.wakeAt(now.Add(r.wall(time.Second)))
	return true
}

// isDue reports whether the change is to be read now; if not, the loop is
// woken when it is.
func (r *run) isDue(n *node, now time.Time) bool {
	if n.asking {
		return false
	}
	due := n.due
	if n.phase == landed && n.reads == 0 && due.Equal(n.since.Add(r.wall(firstLook))) && r.quiet() {
		due = n.since.Add(r.wall(time.Second)) // nothing to wait for
	}
	if now.Before(due) {
		r.wakeAt(due)
		return false
	}
	return true
}

// quiet reports whether no change will be sent any more, as far as is known.
func (r *run) quiet() bool {
	return r.mode != modeRun || r.count.toSend == 0
}

// readExtensions makes one list call.
func (r *run) readExtensions(ids []plan.ExtensionID) {
	wire := make([]rcclient.ID, len(ids))
	for i, id := range ids {
		wire[i] = rcclient.ID(id)
		r.view.ext(id).busy = true
	}
	r.listing++
	r.listed = time.Now()
	r.spawn(func() func() {
		begun := time.Now()
		results, err := r.api.ExtensionDevices(r.ctx, wire)
		return func() {
			r.inflight[rcclient.GroupLight]--
			r.listing--
			if !refusesObject(err) {
				r.readingFailed(err)
			}
			byID := map[plan.ExtensionID]*rcclient.ExtensionDevicesResult{}
			for i := range results {
				byID[plan.ExtensionID(results[i].Extension)] = &results[i]
			}
			for _, id := range ids {
				r.view.ext(id).busy = false
				res, ok := byID[id]
				switch {
				case ok && res.Err == nil:
					r.readExtension(id, res.Devices, begun)
				case ok:
					r.unread(&r.view.ext(id).reading, res.Err)
				case err == nil:
					r.unread(&r.view.ext(id).reading, errNoPart)
				case refusesObject(err):
					r.unread(&r.view.ext(id).reading, err)
				default:
					r.view.ext(id).retry = time.Now().Add(r.wall(readBackoff))
				}
			}
		}
	})
}

var errNoPart = errors.New("the answer holds no part for it")

// readExtension takes one extension's devices in and looks at all that waits
// for them.
func (r *run) readExtension(id plan.ExtensionID, wire []rcclient.DeviceResource, begun time.Time) {
	devices := make([]plan.Device, len(wire))
	for i := range wire {
		devices[i] = snapshot.Device(wire[i])
		devices[i].Extension = id // also where the answer leaves it out
	}
	e := r.view.ext(id)
	e.ended(time.Since(begun), r.wall(r.opts.MaxAge))
	adopted := r.view.adopt(id, devices, begun)
	for _, n := range append([]*node(nil), r.open...) {
		if n.c.ExtensionID() != id || begun.Before(n.since) {
			continue
		}
		if l := r.lookOf(n); !l.ext && !l.sync {
			continue
		}
		if adopted {
			r.look(n, begun)
		} else if n.phase == landed {
			n.due = r.nextTry(n, time.Now())
		}
	}
}

// readDevice makes one readDevice call.
func (r *run) readDevice(id plan.DeviceID, sync bool) {
	d := r.view.device(id)
	d.busy = true
	delete(r.asked, id)
	r.spawn(func() func() {
		begun := time.Now()
		res, err := r.api.Device(r.ctx, rcclient.ID(id), sync)
		return func() {
			r.inflight[rcclient.GroupLight]--
			d.busy = false
			switch {
			case err == nil:
				d.ended(time.Since(begun), r.wall(r.opts.MaxAge))
				r.deviceRead(id, snapshot.Device(*res), true, sync, begun)
			case isNotFound(err):
				d.ended(time.Since(begun), r.wall(r.opts.MaxAge))
				r.deviceRead(id, plan.Device{ID: id}, false, sync, begun)
			case refusesObject(err):
				r.unread(&d.reading, err)
			default:
				r.readingFailed(err)
				d.retry = time.Now().Add(r.wall(readBackoff))
			}
		}
	})
}

// deviceRead takes one device in and looks at all that waits for it. Where the
// reading does not have the phone on the extension, as one that lags behind a
// swap, it says nothing of the line's address: the list is asked.
func (r *run) deviceRead(id plan.DeviceID, dev plan.Device, exists, sync bool, begun time.Time) {
	r.view.adoptDevice(id, dev, exists, begun)
	taken := false
	if e := r.view.exts[dev.Extension]; exists && e != nil && !begun.Before(e.own) && !begun.Before(e.at) {
		if _, ok := e.devices[id]; ok {
			e.devices[id], taken = dev, true
		}
	}
	for _, n := range append([]*node(nil), r.open...) {
		if r.lookOf(n).device != id || begun.Before(n.since) {
			continue
		}
		n.synced = n.synced || sync
		if n.phase == landed && n.polling && n.c.ExtensionID() != "" && !taken {
			r.stopPolling(n)
			n.sync, n.due = false, time.Now().Add(r.wall(readBackoff))
			continue
		}
		r.look(n, begun)
	}
}

// unread notes that one object could not be read.
func (r *run) unread(rd *reading, err error) {
	rd.err = err
	rd.fails++
	rd.retry = time.Now().Add(r.wall(readBackoff << min(rd.fails, 3)))
}

// readingFailed looks at the error of a reading as a whole, which the client
// has tried several times.
func (r *run) readingFailed(err error) {
	if err == nil {
		r.unreached = 0
		return
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && r.ctx.Err() != nil {
		return
	}
	if auth, ok := errors.AsType[*rcclient.AuthError](err); ok {
		r.abort(auth)
		return
	}
	if api, ok := errors.AsType[*rcclient.APIError](err); ok && api.Class == rcclient.ClassAbortRun {
		r.abort(api)
		return
	}
	if r.unreached++; r.unreached >= maxUnreached {
		r.abort(fmt.Errorf("%w: %w", ErrUnreachable, err))
	}
}

// refusesObject reports whether a reading failed for what it asks about, and
// not because the service was in trouble.
func refusesObject(err error) bool {
	api, ok := errors.AsType[*rcclient.APIError](err)
	if !ok {
		return false
	}
	switch api.Class {
	case rcclient.ClassRowError, rcclient.ClassNotFound, rcclient.ClassConflict, rcclient.ClassFeatureOff, rcclient.ClassBatchTooLarge:
		return true
	case rcclient.ClassAbortRun, rcclient.ClassRateLimited, rcclient.ClassServer:
		return false
	}
	return false
}

func isNotFound(err error) bool {
	api, ok := errors.AsType[*rcclient.APIError](err)
	return ok && api.Class == rcclient.ClassNotFound
}
