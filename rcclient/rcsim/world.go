package rcsim

import (
	"slices"
	"strconv"
	"strings"
)

// world is the account in memory, indexed. Every change goes through put and
// drop, which note it for the state file.
type world struct {
	file       *Account // what never changes: settings, extensions, sites, cost centers
	extensions map[ID]*Extension
	costs      map[ID]bool

	devices table[Device]
	numbers table[Number]
	erls    table[EmergencyLocation]

	byExtension map[ID][]ID   // devices of an extension, in the order they came
	byNumber    map[string]ID // number id by E.164
	bySerial    map[string]ID

	dues    dues
	counter counter
	pool    poolState
	changes []change // since the last takeChanges

	recall    *recall   // nil if no past is kept
	noNumbers *apiError // the pool sells nothing, for the call under way
}

// counter hands out ids and pseudo-random draws; both survive in the state.
type counter struct {
	NextID int64  `json:"next_id"`
	Draws  uint64 `json:"draws"`
	Seed   uint64 `json:"seed"`
}

// poolState is what the pool has sold.
type poolState struct {
	Taken int            `json:"taken"`
	Next  map[string]int `json:"next,omitempty"` // by area code: where the next number is looked for
}

// change is one record written or dropped, as the state file keeps it.
type change struct {
	Device   *Device            `json:"device,omitempty"`
	Number   *Number            `json:"number,omitempty"`
	ERL      *EmergencyLocation `json:"erl,omitempty"`
	Due      int64              `json:"due,omitempty"` // service time of the address's verdict
	NoDevice ID                 `json:"no_device,omitempty"`
	NoNumber ID                 `json:"no_number,omitempty"`
}

func newWorld(account *Account, seed uint64) *world {
	w := &world{
		file: account, extensions: map[ID]*Extension{}, costs: map[ID]bool{},
		devices: newTable[Device](), numbers: newTable[Number](), erls: newTable[EmergencyLocation](),
		byExtension: map[ID][]ID{}, byNumber: map[string]ID{}, bySerial: map[string]ID{}, pool: poolState{Next: map[string]int{}},
		dues: newDues(), counter: counter{NextID: account.nextID(), Seed: seed},
	}
	for i := range account.Extensions {
		w.extensions[account.Extensions[i].ID.Text()] = &account.Extensions[i]
	}
	for _, center := range account.CostCenters {
		w.costs[center.ID.Text()] = true
	}
	for _, device := range account.Devices {
		w.putDevice(device, 0)
	}
	for _, number := range account.Numbers {
		w.putNumber(number)
	}
	for _, erl := range account.EmergencyLocations {
		w.putERL(erl, 0)
	}
	w.changes = nil
	return w
}

// setDues gives every address that is still Provisioning its verdict time.
func (w *world) setDues(due int64) {
	for _, device := range w.devices.all() {
		if device.Emergency != nil && device.Emergency.AddressStatus == statusProvisioning {
			w.putDevice(device, due)
		}
	}
	for _, erl := range w.erls.all() {
		if erl.AddressStatus == statusProvisioning {
			w.putERL(erl, due)
		}
	}
	w.changes = nil
}

func (w *world) settings() *Settings { return &w.file.Settings }

func (w *world) setPool(p poolState) {
	if p.Next == nil {
		p.Next = map[string]int{}
	}
	w.pool = p
}

// newID makes an id that no record has.
func (w *world) newID() ID {
	id := ID(strconv.FormatInt(w.counter.NextID, 10))
	w.counter.NextID++
	return id
}

// draw is the next pseudo-random number of the seed (splitmix64).
func (c *counter) draw() uint64 {
	c.Draws++
	return mix(c.Seed + c.Draws*0x9e3779b97f4a7c15)
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// putDevice writes a device; due is the service time at which its address gets
// its verdict, 0 for none.
func (w *world) putDevice(device Device, due int64) {
	if old, known := w.devices.get(device.ID); known {
		w.unlinkDevice(old, device.Extension)
	}
	w.devices.put(device.ID, device)
	if device.Extension != nil {
		e := device.Extension.ID.Text()
		if list := w.byExtension[e]; !slices.Contains(list, device.ID) {
			w.byExtension[e] = append(list, device.ID)
		}
	}
	if device.Serial != "" {
		w.bySerial[strings.ToLower(device.Serial)] = device.ID
	}
	w.dues.setDevice(device.ID, due)
	w.changes = append(w.changes, change{Device: &device, Due: due})
}

// unlinkDevice forgets what the indexes knew of a device that goes to another
// extension, or to none. Its place in a list is kept as long as it stays there.
func (w *world) unlinkDevice(old Device, to *ExtensionRef) {
	serial := strings.ToLower(old.Serial)
	if serial != "" && w.bySerial[serial] == old.ID {
		delete(w.bySerial, serial)
	}
	if old.Extension == nil || to != nil && to.ID == old.Extension.ID {
		return
	}
	e := old.Extension.ID.Text()
	list := w.byExtension[e]
	if i := slices.Index(list, old.ID); i >= 0 {
		w.byExtension[e] = slices.Delete(list, i, i+1)
	}
}

func (w *world) dropDevice(id ID) {
	device, known := w.devices.get(id)
	if !known {
		return
	}
	w.unlinkDevice(device, nil)
	w.devices.drop(id)
	w.dues.setDevice(id, 0)
	w.changes = append(w.changes, change{NoDevice: id})
}

func (w *world) putNumber(number Number) {
	w.numbers.put(number.ID, number)
	w.byNumber[number.PhoneNumber] = number.ID
	w.changes = append(w.changes, change{Number: &number})
}

func (w *world) dropNumber(id ID) {
	number, known := w.numbers.get(id)
	if !known {
		return
	}
	delete(w.byNumber, number.PhoneNumber)
	w.numbers.drop(id)
	w.changes = append(w.changes, change{NoNumber: id})
}

func (w *world) putERL(erl EmergencyLocation, due int64) {
	w.erls.put(erl.ID, erl)
	w.dues.setERL(erl.ID, due)
	w.changes = append(w.changes, change{ERL: &erl, Due: due})
}

// takeChanges returns what was written and dropped since it was last called.
func (w *world) takeChanges() []change {
	changes := w.changes
	w.changes = nil
	return changes
}

// replay does a change of the state file again.
func (w *world) replay(c change) {
	switch {
	case c.Device != nil:
		w.putDevice(*c.Device, c.Due)
	case c.Number != nil:
		w.putNumber(*c.Number)
	case c.ERL != nil:
		w.putERL(*c.ERL, c.Due)
	case c.NoDevice != "":
		w.dropDevice(c.NoDevice)
	case c.NoNumber != "":
		w.dropNumber(c.NoNumber)
	}
}

// snapshot is the account as it stands, in the file's format.
func (w *world) snapshot() *Account {
	account := *w.file
	account.Devices = w.devices.all()
	account.Numbers = w.numbers.all()
	account.EmergencyLocations = w.erls.all()
	return &account
}

// table is records by id, in the order they came.
type table[T any] struct {
	rows  map[ID]T
	order []ID

	recall *recall      // nil if no past is kept
	past   []version[T] // what was replaced, oldest first
}

func newTable[T any]() table[T] { return table[T]{rows: map[ID]T{}} }

func (t *table[T]) get(id ID) (T, bool) { row, known := t.rows[id]; return row, known }

func (t *table[T]) put(id ID, row T) {
	t.remember(id)
	if _, known := t.rows[id]; !known {
		t.order = append(t.order, id)
	}
	t.rows[id] = row
}

func (t *table[T]) drop(id ID) {
	t.remember(id)
	delete(t.rows, id)
	if i := slices.Index(t.order, id); i >= 0 {
		t.order = slices.Delete(t.order, i, i+1)
	}
}

func (t *table[T]) all() []T {
	rows := make([]T, 0, len(t.order))
	for _, id := range t.order {
		rows = append(rows, t.rows[id])
	}
	return rows
}
