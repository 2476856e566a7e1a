package executor

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"provision/plan"
)

// view is what the account showed when it was last read, corrected by what the
// run did since.
type view struct {
	exts    map[plan.ExtensionID]*extView
	devices map[plan.DeviceID]*devView // asked for one by one: unassigned ones
	// own are the devices that the run made or moved, by the change that did.
	own map[plan.DeviceID]string
	// locations are the company ERLs as read at the start; nil: not read.
	locations []plan.Location
	// stocked are the unassigned devices that were there at the start; nil:
	// the account-wide list was not read or does not answer.
	stocked map[plan.DeviceID]bool
	// free are the free slots as read last.
	free slotList
	// placed are the devices that were on an extension then.
	placed map[plan.DeviceID]bool
	// lag is how long, in wall time, a reading may show an object as it was
	// before the run's own last call on it.
	lag time.Duration
}

// extView is one extension's devices.
type extView struct {
	devices map[plan.DeviceID]plan.Device
	at      time.Time // of the reading's begin or of the run's own change; zero: not known
	own     time.Time // when the run's last call on it ended
	unsure  bool      // the reading may be of before that
	reading
}

// devView is one device that was asked for by its id.
type devView struct {
	dev    plan.Device
	exists bool
	at     time.Time
	own    time.Time
	unsure bool
	reading
}

// reading is the state of reading one object.
type reading struct {
	busy  bool          // a reading is under way
	err   error         // of the last one
	fails int           // in a row
	late  int           // readings in a row that were too old when they ended
	took  time.Duration // of the last of those
	retry time.Time     // not before
}

// ended notes how long a reading took that may be used until it is maxAge old.
func (rd *reading) ended(took, maxAge time.Duration) {
	rd.fails, rd.err = 0, nil
	if took < maxAge {
		rd.late = 0
		return
	}
	rd.late++
	rd.took = took
}

// tooSlow says why the object can't be read in time; nil while it may be.
func (r *run) tooSlow(rd *reading) error {
	if rd.late < maxReadFails {
		return nil
	}
	return fmt.Errorf("reading takes %s of service time, longer than --max-age %s lets it count: give a longer one",
		r.opts.Scale.Service(rd.took).Round(time.Second), r.opts.MaxAge)
}

func newView(lag time.Duration) *view {
	return &view{
		lag:     lag,
		exts:    map[plan.ExtensionID]*extView{},
		devices: map[plan.DeviceID]*devView{},
		own:     map[plan.DeviceID]string{},
	}
}

func (v *view) ext(id plan.ExtensionID) *extView {
	e := v.exts[id]
	if e == nil {
		e = &extView{}
		v.exts[id] = e
	}
	return e
}

func (v *view) device(id plan.DeviceID) *devView {
	d := v.devices[id]
	if d == nil {
		d = &devView{}
		v.devices[id] = d
	}
	return d
}

// on tells the device as the extension's list shows it.
func (v *view) on(ext plan.ExtensionID, id plan.DeviceID) (plan.Device, bool) {
	e := v.exts[ext]
	if e == nil || id == "" {
		return plan.Device{}, false
	}
	d, ok := e.devices[id]
	return d, ok
}

// phoneOf is a phone of a change as the account shows it: on the change's
// extension, or by itself where the change has none. It is false where the
// phone is not there.
func (r *run) phoneOf(n *node, id plan.DeviceID) (plan.Device, bool) {
	if n.c.ExtensionID() != "" {
		return r.view.on(n.c.ExtensionID(), id)
	}
	d := r.view.device(id)
	return d.dev, d.exists
}

// ids are the extension's devices, sorted.
func (e *extView) ids() []plan.DeviceID {
	return slices.Sorted(maps.Keys(e.devices))
}

// forget makes the object's state unknown, as after a call in doubt.
func (v *view) forget(exts []plan.ExtensionID, devs []plan.DeviceID, now time.Time) {
	for _, id := range exts {
		e := v.ext(id)
		e.devices, e.at, e.own = nil, time.Time{}, now
	}
	for _, id := range devs {
		d := v.device(id)
		d.at, d.own = time.Time{}, now
	}
}

// put notes that the run left the device on the extension, or unassigned where
// that is empty. The extension stays unknown if it was.
func (v *view) put(ext plan.ExtensionID, dev plan.Device, now time.Time) {
	dev.Extension = ext
	if ext == "" {
		d := v.device(dev.ID)
		d.dev, d.exists, d.at, d.own = dev, true, now, now
		return
	}
	delete(v.devices, dev.ID)
	e := v.ext(ext)
	e.own = now
	if e.at.IsZero() {
		return
	}
	e.at = now
	e.devices[dev.ID] = dev
}

// take notes that the run took the device off the extension.
func (v *view) take(ext plan.ExtensionID, id plan.DeviceID, now time.Time) {
	e := v.ext(ext)
	e.own = now
	if e.at.IsZero() {
		return
	}
	e.at = now
	delete(e.devices, id)
}

// adopt takes a reading of an extension in, and reports whether it did. A
// reading that was begun before the end of the run's last call there may show
// either state and is no good. One soon after may lag: where it contradicts
// what the run knows it did it is no good either, and where the run does not
// know (another process did it, or the call was in doubt) it is unsure.
func (v *view) adopt(id plan.ExtensionID, devices []plan.Device, begun time.Time) bool {
	e := v.ext(id)
	if begun.Before(e.own) || begun.Before(e.at) {
		return false
	}
	shown := make(map[plan.DeviceID]plan.Device, len(devices))
	for _, d := range devices {
		shown[d.ID] = d
	}
	young, known := v.mayLag(e.own, begun), !e.at.IsZero() && !e.unsure
	same := maps.EqualFunc(e.devices, shown, func(a, b plan.Device) bool { return a.ID == b.ID })
	if young && known && !same {
		return false
	}
	e.devices, e.at, e.unsure = shown, begun, young && !known
	return true
}

// mayLag reports whether a reading begun then may not show a call that ended
// at own.
func (v *view) mayLag(own, begun time.Time) bool {
	return !own.IsZero() && begun.Before(own.Add(v.lag))
}

// adoptDevice takes a reading of one device in.
func (v *view) adoptDevice(id plan.DeviceID, dev plan.Device, exists bool, begun time.Time) {
	d := v.device(id)
	if begun.Before(d.own) || begun.Before(d.at) {
		return
	}
	young, known := v.mayLag(d.own, begun), !d.at.IsZero() && !d.unsure
	if young && known && (d.exists != exists || d.dev.Extension != dev.Extension) {
		return
	}
	d.dev, d.exists, d.at, d.unsure = dev, exists, begun, young && !known
}
