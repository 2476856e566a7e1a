package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Result is what a run's journal says of one change.
type Result struct {
	Done    bool // the run made it, whether or not an address is confirmed yet
	Unknown bool // whether the run made it can't be told

	Device   DeviceID   // the device that it made, updated or left on the line
	Devices  []DeviceID // stock: the new slots
	Number   string     // of the line
	Location LocationID // the ERL that it made or set
	Address  Address    // the emergency address as read back
}

// NotUndone is a change of a run that its undo leaves as it is, and why.
type NotUndone struct {
	Change    string   `json:"change"` // id in the run's plan
	Kind      Kind     `json:"kind"`
	Extension string   `json:"extension,omitempty"` // number
	Person    string   `json:"person,omitempty"`
	Device    DeviceID `json:"device,omitempty"`
	// Emergency: it is about the emergency address, not about the rest of the
	// change.
	Emergency bool   `json:"emergency,omitempty"`
	Reason    string `json:"reason"`
}

// Undo plans the way back from a run: p is its plan, results are what became
// of its changes, by id, and live is the account as it is now. Objects go back
// to what the plan kept of them, if they still show what the run left; one
// that shows its old state already is left alone, and all else is in the
// plan's NotUndone, with the reason. Options give the guards; their
// ReleaseNumbers makes added lines give up the numbers that the run ordered.
//
// The plan has the rows of the run's, in their order, and is carried out like
// any other. Lines that the run itself added do not count for the guard on
// removals. What would touch a protected extension or device is left as it is,
// with all that hangs together with it, and is in NotUndone too. Undo is pure
// and deterministic, as [Build] is.
//
// An error means that the account is another one or that the options make no
// sense.
func Undo(p *Plan, run string, results map[string]Result, live Snapshot, o Options) (*Plan, error) {
	if live.Account.ID != p.Account.ID {
		return nil, fmt.Errorf("undo run %s: it was made for account %s, this is %s", run, p.Account.ID, live.Account.ID)
	}
	if err := o.Guards.validate(); err != nil {
		return nil, fmt.Errorf("undo run %s: %w", run, err)
	}
	u, err := newUndoer(p, run, results, &live, o)
	if err != nil {
		return nil, fmt.Errorf("undo run %s: %w", run, err)
	}
	u.replay()
	u.checkLines()
	u.linkHops()
	u.addLines()
	u.removeLines()
	u.swapBack()
	u.deleteMade()
	u.updateBack()
	u.hardwareBack()
	u.order()
	u.leaveProtected()
	return u.assemble(), nil
}

// undoer carries one call of Undo.
type undoer struct {
	p       *Plan
	run     string
	results map[string]Result
	s       *Snapshot
	o       Options
	ix      *index
	b       *builder // for what planning and undoing say alike

	seats  []*seat
	seatOf map[DeviceID]*seat   // after the run
	made   map[DeviceID]*Change // devices that the run made
	gone   map[DeviceID]*Change // devices that the run deleted
	puts   []put

	ch     changeSet
	undoes map[string][]*Change // by id of the undo's change: the run's that it takes back
	early  map[DeviceID]*Change // updates of phones that move afterwards
	notes  map[string]bool
	left   []NotUndone
	spoken map[string]bool  // "change|part" that left holds
	said   map[int][]string // by row
	byRow  map[int][]string // ids of the undo's changes
}

func newUndoer(p *Plan, run string, results map[string]Result, live *Snapshot, o Options) (*undoer, error) {
	ix := newIndex(live)
	protect, err := newProtection(&o, ix)
	if err != nil {
		return nil, err
	}
	notes := map[string]bool{}
	return &undoer{
		p: p, run: run, results: results, s: live, o: o, ix: ix,
		b:      &builder{s: live, o: o, ix: ix, protect: protect, notes: notes},
		undoes: map[string][]*Change{}, seatOf: map[DeviceID]*seat{}, made: map[DeviceID]*Change{}, gone: map[DeviceID]*Change{},
		early: map[DeviceID]*Change{}, notes: notes,
		left: []NotUndone{}, spoken: map[string]bool{}, said: map[int][]string{}, byRow: map[int][]string{},
	}, nil
}

// leave notes that a change is not undone. Each is listed once, its address
// apart.
func (u *undoer) leave(c *Change, emergency bool, reason string) {
	key := c.ID
	if emergency {
		key += "|emergency"
	}
	if u.spoken[key] {
		return
	}
	u.spoken[key] = true
	u.left = append(u.left, NotUndone{
		Change: c.ID, Kind: c.Kind, Extension: c.ExtensionNumber(), Person: c.Person(),
		Device: u.subject(c), Emergency: emergency, Reason: reason,
	})
	for _, row := range c.Rows {
		if !slices.Contains(u.said[row], reason) {
			u.said[row] = append(u.said[row], reason)
		}
	}
}

// subject is the device that a change of the run was about.
func (u *undoer) subject(c *Change) DeviceID {
	switch {
	case c.Swap() != nil:
		return u.resolve(c.Swap().Source)
	case c.Remove() != nil:
		return c.Remove().Device
	case c.Unstock() != nil:
		return u.resolve(c.Unstock().Device)
	case c.SetSerial() != nil:
		return u.resolve(c.SetSerial().Device)
	}
	return u.results[c.ID].Device
}

// resolve is the id of a device that the run's plan refers to; empty if the
// run did not make it.
func (u *undoer) resolve(ref DeviceRef) DeviceID {
	if ref.Change == "" {
		return ref.ID
	}
	r := u.results[ref.Change]
	if len(r.Devices) == 0 {
		return r.Device
	}
	if ref.Slot < 0 || ref.Slot >= len(r.Devices) {
		return ""
	}
	return r.Devices[ref.Slot]
}

// change begins a change of the undo on an extension (empty: none), for what
// changes of the run did.
func (u *undoer) change(kind Kind, ext ExtensionID, by []*Change, key ...string) *Change {
	c := u.ch.add(kind, append([]string{"undo", string(ext)}, key...)...)
	if ext != "" {
		c.On = &Extension{ID: ext}
	}
	for _, of := range by {
		if ext != "" && of.ExtensionID() == ext {
			c.On = of.On
		}
		u.charge(c, of)
	}
	if e := u.ix.extByID(ext); e != nil {
		c.On = e
	}
	return c
}

// charge lets a change of the undo belong to the rows of one of the run's.
func (u *undoer) charge(c, of *Change) {
	u.undoes[c.ID] = append(u.undoes[c.ID], of)
	for _, row := range of.Rows {
		if !slices.Contains(c.Rows, row) {
			c.Rows = append(c.Rows, row)
			u.byRow[row] = append(u.byRow[row], c.ID)
		}
	}
	cells := c.Cells.List()
	for _, cell := range of.Cells.List() {
		if !slices.Contains(cells, cell) {
			cells = append(cells, cell)
		}
	}
	slices.Sort(c.Rows)
	u.ch.setCells(c, cells)
}

// assemble makes the plan of what the undo came to.
func (u *undoer) assemble() *Plan {
	u.rank()
	if !u.s.DevicesComplete && len(u.ch.all) > 0 {
		u.notes["the account's device list could not be read: percentages of guards count the phones of the named extensions only"] = true
	}
	u.b.noteProtection()
	p := &Plan{
		FormatVersion: FormatVersion, Program: u.o.Program, CreatedAt: utc(u.o.Now), UndoOf: u.run,
		Account: u.s.Account, Sheets: slices.Clone(u.p.Sheets),
		SnapshotDigest: snapshotDigest(u.s), SnapshotAt: utc(u.s.TakenAt), Options: u.o,
		Rows: u.rows(), Changes: u.ch.sorted(), Errors: []Problem{}, Warnings: []Problem{}, NotUndone: u.left,
		AssignedPhones: assignedPhones(u.s), LeftWithout: u.leftWithout(), NumbersGivenUp: numbersGivenUp(u.ch.all, u.ix),
		Safety: u.safety(),
	}
	p.Options.Now, p.Options.Program = time.Time{}, ""
	p.Notes = slices.Sorted(maps.Keys(u.notes))
	p.Phones = u.ix.phonesOf(p)
	forReaders(p.Changes, u.s)
	p.Estimate = p.CallsAndTime(u.s.Limits, u.o.BulkSize)
	slices.SortStableFunc(p.NotUndone, func(x, y NotUndone) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), CompareNumeric(x.Extension, y.Extension), CompareNumeric(x.Device, y.Device), cmp.Compare(x.Change, y.Change))
	})
	return p
}

// rank gives the changes the order of their extensions' numbers, and
// deletions that of their making.
func (u *undoer) rank() {
	numbers := map[string]bool{}
	for _, c := range u.ch.all {
		numbers[c.ExtensionNumber()] = true
	}
	at := map[string]int32{}
	for i, n := range slices.SortedFunc(maps.Keys(numbers), CompareNumeric[string]) {
		at[n] = int32(i)
	}
	for i, c := range u.ch.all {
		u.ch.rank[i] = at[c.ExtensionNumber()]
		if c.Kind == KindUnstock {
			u.ch.rank[i] = int32(i)
		}
	}
}
