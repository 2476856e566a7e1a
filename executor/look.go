package executor

import (
	"errors"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
)

// look says what must be read to see what became of a change.
type look struct {
	ext       bool          // the devices of its extension
	device    plan.DeviceID // one device
	sync      bool          // with its address synchronised first
	location  plan.LocationID
	locations bool // the list of ERLs
	inventory bool // the account-wide list of devices
}

// fewPolls is how many addresses are asked for one by one, synchronised with
// the provider; while more are pending, lists tell them thirty a call.
const fewPolls = 20

// lookOf tells what must be read for a change that is landed or in doubt.
func (r *run) lookOf(n *node) look {
	switch n.c.Kind {
	case plan.KindCreateLocation:
		if n.phase == doubtful {
			return look{locations: true}
		}
		return look{location: plan.LocationID(n.out.LocationID)}
	case plan.KindStock:
		if n.phase == doubtful || r.view.stocked != nil {
			return look{inventory: true}
		}
		return look{device: r.nextSlot(n)}
	case plan.KindUnstock:
		id, _ := r.resolve(n.c.Unstock().Device)
		return look{device: id}
	case plan.KindRemove:
		if n.phase == doubtful && n.polling { // off its extension: but where?
			return look{device: n.c.Remove().Device}
		}
	case plan.KindUpdate, plan.KindUpdateEmergency:
		if n.c.ExtensionID() == "" {
			id, _ := r.resolve(n.c.Update().Device)
			return look{device: id}
		}
	case plan.KindSetSerial:
		if n.c.ExtensionID() == "" {
			return look{device: n.c.SetSerial().Device.ID}
		}
		return look{ext: true}
	case plan.KindAdd, plan.KindSwap:
	}
	if n.polling && n.phase == landed && (n.sync || r.count.polling <= fewPolls) && r.mayAskProvider(n) {
		return look{device: r.carrierOf(n), sync: true}
	}
	return look{ext: true}
}

// carrierOf is the phone that stands where a landed change left one.
func (r *run) carrierOf(n *node) plan.DeviceID {
	return r.inPlace(n.c.ExtensionID(), plan.DeviceID(n.out.DeviceID))
}

// mayAskProvider reports whether an address can be asked for by itself: where
// its phone is on an extension, and not refused again and again. Lists tell the
// others, if later.
func (r *run) mayAskProvider(n *node) bool {
	id := r.carrierOf(n)
	return n.c.ExtensionID() != "" && id != "" && r.view.device(id).fails < maxReadFails
}

// nextSlot is the new slot that is to be read next: one that was not yet seen,
// else one that was seen missing, else any, as a look needs a reading.
func (r *run) nextSlot(n *node) plan.DeviceID {
	var missing, any plan.DeviceID
	for _, text := range n.out.DeviceIDs {
		id := plan.DeviceID(text)
		d := r.view.device(id)
		if !d.at.After(n.since) {
			return id
		}
		if missing == "" && !d.exists && !r.movedSince(id, n) {
			missing = id
		}
		any = id
	}
	if missing != "" {
		return missing
	}
	return any
}

// look compares a change with a reading that was begun after its call ended.
func (r *run) look(n *node, begun time.Time) {
	n.reads++
	now := time.Now()
	switch n.phase {
	case doubtful:
		r.reconcile(n, begun, now)
	case landed:
		r.readBack(n, begun, now)
	case waiting, queued, sending, settling, final:
	}
}

// wantDevice asks for a reading of one device.
func (r *run) wantDevice(id plan.DeviceID) { r.asked[id] = true }

// readLocation reads one new ERL.
func (r *run) readLocation(n *node) {
	n.asking, n.alone = true, false
	id := r.lookOf(n).location
	r.spawn(func() func() {
		begun := time.Now()
		res, err := r.api.EmergencyLocation(r.ctx, rcclient.ID(id), true)
		return func() {
			r.inflight[rcclient.GroupLight]--
			n.asking = false
			if err != nil && !isNotFound(err) {
				if !refusesObject(err) {
					r.readingFailed(err)
				}
				r.locationUnread(n, err, time.Now())
				return
			}
			var l plan.Location
			if err == nil {
				l = snapshot.Location(*res)
			}
			n.reads++
			r.locationBack(n, l, err == nil, begun, time.Now())
		}
	})
}

// readLocations reads the list of ERLs for changes in doubt and for new ones.
func (r *run) readLocations(nodes []*node) {
	for _, n := range nodes {
		n.asking = true
	}
	r.spawn(func() func() {
		begun := time.Now()
		list, err := r.api.EmergencyLocations(r.ctx, rcclient.EmergencyLocationFilter{})
		return func() {
			r.inflight[rcclient.GroupLight]--
			if !refusesObject(err) {
				r.readingFailed(err)
			}
			if err == nil {
				r.view.locations = locations(list)
			}
			for _, n := range nodes {
				n.asking = false
				switch {
				case n.phase == landed:
					r.locationListed(n, err, begun, time.Now())
				case err != nil:
					r.locationsUnread(n, err, time.Now())
				default:
					n.refused = 0
					r.look(n, begun)
				}
			}
		}
	})
}

func locations(list []rcclient.EmergencyLocation) []plan.Location {
	out := make([]plan.Location, len(list))
	for i := range list {
		out[i] = snapshot.Location(list[i])
	}
	return out
}

// readInventory reads all devices of the account for new slots, in doubt or
// landed, and for deleted devices. Where the list does not answer, what is in
// doubt stays so.
func (r *run) readInventory(nodes []*node) {
	for _, n := range nodes {
		n.asking = true
	}
	r.view.free.busy = true
	r.spawn(func() func() {
		begun := time.Now()
		list, err := r.api.AccountDevices(r.ctx)
		return func() {
			r.inflight[rcclient.GroupLight]--
			r.slotsRead(list, err)
			// What landed can be read one by one, too, where the list is refused.
			notThere := errors.Is(err, rcclient.ErrNotAvailable) || refusesObject(err) && len(nodes) > 0 && nodes[0].phase == landed
			if !notThere {
				r.readingFailed(err)
			}
			unassigned, all := map[plan.DeviceID]plan.Device{}, map[plan.DeviceID]plan.Device{}
			for i := range list {
				d := snapshot.Device(list[i])
				if all[d.ID] = d; d.Extension == "" {
					unassigned[d.ID] = d
				}
			}
			for _, n := range nodes {
				n.asking = false
				switch {
				case notThere:
					r.noInventory(n)
				case err != nil:
					n.due = time.Now().Add(r.wall(readBackoff))
				case n.c.Kind == plan.KindUnstock:
					id := r.lookOf(n).device
					dev, there := all[id]
					r.view.adoptDevice(id, dev, there, begun)
					r.look(n, begun)
				default:
					r.lookStock(n, unassigned, begun)
				}
			}
		}
	})
}

// noInventory ends the search for slots that nobody can list.
func (r *run) noInventory(n *node) {
	r.noList = true
	if n.phase != landed && n.phase != doubtful || n.c.Kind == plan.KindUnstock {
		return
	}
	if n.phase == landed {
		r.view.stocked = nil // from now on one by one
		return
	}
	out := n.out
	out.Status, out.Code, out.Rule = journal.Ambiguous, codeCantTell, "no_account_list"
	out.Message = "whether the slots were made can't be told: the service lists no unassigned devices here"
	r.settle(n, out, time.Now())
}
