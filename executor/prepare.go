package executor

import (
	"errors"
	"fmt"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
)

// manyExtensions is from how many extensions on the account-wide list is worth
// its Heavy calls for the look at the start.
const manyExtensions = 300

// prepare reads what must be known before the first call: the ERLs and slots
// that are there before the run makes some, and, for a plan that is not new,
// whether it still fits the account.
func (r *run) prepare() error {
	if r.has(plan.KindCreateLocation) {
		if err := r.readKnownLocations(); err != nil {
			return err
		}
	}
	if r.has(plan.KindStock) {
		if err := r.readKnownSlots(); err != nil {
			return err
		}
	}
	return r.checkStale(time.Now())
}

// has reports whether a change of the kind is not final.
func (r *run) has(k plan.Kind) bool {
	for _, n := range r.nodes {
		if n.c.Kind == k && n.phase != final {
			return true
		}
	}
	return false
}

func (r *run) readKnownLocations() error {
	list, err := r.api.EmergencyLocations(r.ctx, rcclient.EmergencyLocationFilter{})
	if api, ok := errors.AsType[*rcclient.APIError](err); ok && api.Class == rcclient.ClassFeatureOff {
		return nil // the calls themselves will say so
	}
	if err != nil {
		return fmt.Errorf("read emergency locations: %w", err)
	}
	r.view.locations = locations(list)
	return nil
}

func (r *run) readKnownSlots() error {
	devices, err := r.readAll()
	if err != nil || devices == nil {
		return err
	}
	r.view.seeSlots(devices, time.Now())
	r.view.stocked, r.view.placed = map[plan.DeviceID]bool{}, map[plan.DeviceID]bool{}
	for i := range devices {
		if devices[i].Extension == "" {
			r.view.stocked[devices[i].ID] = true
		} else {
			r.view.placed[devices[i].ID] = true
		}
	}
	return nil
}

// readAll reads the account-wide list; nil where it does not answer.
func (r *run) readAll() ([]plan.Device, error) {
	list, err := r.api.AccountDevices(r.ctx)
	if errors.Is(err, rcclient.ErrNotAvailable) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the account's devices: %w", err)
	}
	devices := make([]plan.Device, len(list))
	for i := range list {
		devices[i] = snapshot.Device(list[i])
	}
	return devices, nil
}

// checkStale counts, before the first call of a run, the changes that no
// longer fit the account. A plan that was made a moment ago needs no such look.
func (r *run) checkStale(now time.Time) error {
	bound := r.opts.MaxStale
	if bound.IsZero() {
		bound = plan.DefaultGuards().MaxStale
	}
	limit, bounded := bound.Limit(len(r.nodes))
	if r.mode != modeRun || r.opts.NoStaleLimit || !bounded || r.begunBefore() ||
		now.Sub(r.plan.SnapshotAt) <= r.wall(r.opts.MaxAge) {
		return nil
	}
	if err := r.readForCheck(now); err != nil {
		return err
	}
	stale := 0
	var first journal.Outcome
	for _, n := range r.nodes {
		if n.waits > 0 || n.phase != waiting {
			continue
		}
		if _, known := r.fresh(r.lookedAt(n), now); !known {
			continue // the run itself will say what is wrong with it
		}
		if d := r.judge(n); d.kind == decideEnd && d.out.Status == journal.Stale {
			if stale++; stale == 1 {
				first = d.out
			}
		}
	}
	clear(r.asked)
	if stale <= limit {
		return nil
	}
	return fmt.Errorf("%w: %d of %d changes, the limit is %d; the first: %s", ErrTooStale, stale, len(r.nodes), limit, first.Message)
}

// begunBefore reports whether a process has worked on the run before.
func (r *run) begunBefore() bool {
	for _, n := range r.nodes {
		if n.attempt > 0 || n.phase != waiting {
			return true
		}
	}
	return false
}

// readForCheck reads the objects of all changes that could be sent first.
func (r *run) readForCheck(now time.Time) error {
	var all objects
	seen := map[plan.ExtensionID]bool{}
	for _, n := range r.nodes {
		if n.waits > 0 {
			continue
		}
		o := r.lookedAt(n)
		for _, id := range o.exts {
			if !seen[id] {
				seen[id] = true
				all.exts = append(all.exts, id)
			}
		}
		for _, id := range o.devs {
			all.dev(id)
		}
	}
	if len(all.exts) > manyExtensions {
		devices, err := r.readAll()
		if err != nil {
			return err
		}
		if devices != nil {
			r.adoptAll(all, devices, now)
			return nil
		}
	}
	if err := r.readLists(all.exts); err != nil {
		return err
	}
	return r.readEach(all.devs)
}

// adoptAll takes the account-wide list in.
func (r *run) adoptAll(o objects, devices []plan.Device, begun time.Time) {
	byExt := map[plan.ExtensionID][]plan.Device{}
	byID := map[plan.DeviceID]plan.Device{}
	for _, d := range devices {
		byExt[d.Extension] = append(byExt[d.Extension], d)
		byID[d.ID] = d
	}
	for _, id := range o.exts {
		r.view.adopt(id, byExt[id], begun)
	}
	for _, id := range o.devs {
		d, ok := byID[id]
		r.view.adoptDevice(id, d, ok, begun)
	}
}

func (r *run) readLists(exts []plan.ExtensionID) error {
	ids := make([]rcclient.ID, len(exts))
	for i, id := range exts {
		ids[i] = rcclient.ID(id)
	}
	for len(ids) > 0 {
		part := ids[:min(len(ids), rcclient.MaxExtensionsPerCall)]
		ids = ids[len(part):]
		begun := time.Now()
		results, err := r.api.ExtensionDevices(r.ctx, part)
		if err != nil {
			return fmt.Errorf("read the extensions' devices: %w", err)
		}
		for i := range results {
			if results[i].Err == nil {
				r.readExtension(plan.ExtensionID(results[i].Extension), results[i].Devices, begun)
			}
		}
	}
	return nil
}

func (r *run) readEach(devs []plan.DeviceID) error {
	for _, id := range devs {
		begun := time.Now()
		res, err := r.api.Device(r.ctx, rcclient.ID(id), false)
		switch {
		case err == nil:
			r.view.adoptDevice(id, snapshot.Device(*res), true, begun)
		case isNotFound(err):
			r.view.adoptDevice(id, plan.Device{ID: id}, false, begun)
		default:
			return fmt.Errorf("read device %s: %w", id, err)
		}
	}
	return nil
}
