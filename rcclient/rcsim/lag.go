package rcsim

import (
	"maps"
	"slices"
)

// recall says how long replaced records are kept, for reads that lag behind.
type recall struct {
	now     int64 // service time of what is being written
	horizon int64
}

// version is what stood in a table before it was written at a time.
type version[T any] struct {
	At  int64 `json:"at"`
	ID  ID    `json:"id"`
	Row *T    `json:"row,omitempty"` // nil: nothing
}

// pastState is what the state file's snapshot keeps of the past.
type pastState struct {
	Devices []version[Device]            `json:"devices,omitempty"`
	Numbers []version[Number]            `json:"numbers,omitempty"`
	ERLs    []version[EmergencyLocation] `json:"erls,omitempty"`
}

// recallFor keeps the past of a length of service time, 0 for none.
func (w *world) recallFor(horizon int64) {
	switch {
	case horizon == 0:
		w.recall = nil
		w.devices.past, w.numbers.past, w.erls.past = nil, nil, nil
	case w.recall == nil:
		w.recall = &recall{horizon: horizon}
	default:
		w.recall.horizon = horizon
	}
	w.devices.recall, w.numbers.recall, w.erls.recall = w.recall, w.recall, w.recall
}

// at says which service time is being written.
func (w *world) at(now int64) {
	if w.recall != nil {
		w.recall.now = now
	}
}

// remember keeps what a write is about to replace.
func (t *table[T]) remember(id ID) {
	if t.recall == nil {
		return
	}
	old := 0
	for old < len(t.past) && t.past[old].At < t.recall.now-t.recall.horizon {
		old++
	}
	v := version[T]{At: t.recall.now, ID: id}
	if row, known := t.rows[id]; known {
		v.Row = &row
	}
	t.past = append(t.past[old:], v)
}

// since are the versions that a reader of an earlier time needs, newest first.
func (t *table[T]) since(then int64) []version[T] {
	i := len(t.past)
	for i > 0 && t.past[i-1].At > then {
		i--
	}
	newer := slices.Clone(t.past[i:])
	slices.Reverse(newer)
	return newer
}

// asOf is the world as it stood at an earlier time, to read from. Records that
// are gone since come back at the end of their lists.
func (w *world) asOf(then int64) *world {
	devices, numbers, erls := w.devices.since(then), w.numbers.since(then), w.erls.since(then)
	if len(devices)+len(numbers)+len(erls) == 0 {
		return w
	}
	p := *w
	p.recall, p.changes, p.dues = nil, nil, newDues()
	p.devices, p.numbers, p.erls = w.devices.copy(), w.numbers.copy(), w.erls.copy()
	p.byNumber, p.bySerial = maps.Clone(w.byNumber), maps.Clone(w.bySerial)
	p.byExtension = make(map[ID][]ID, len(w.byExtension))
	for id, list := range w.byExtension {
		p.byExtension[id] = slices.Clone(list)
	}
	back(devices, func(d Device) { p.putDevice(d, 0) }, p.dropDevice)
	back(numbers, p.putNumber, p.dropNumber)
	back(erls, func(e EmergencyLocation) { p.putERL(e, 0) }, p.erls.drop)
	return &p
}

func back[T any](newer []version[T], put func(T), drop func(ID)) {
	for _, v := range newer {
		if v.Row == nil {
			drop(v.ID)
			continue
		}
		put(*v.Row)
	}
}

func (t *table[T]) copy() table[T] {
	return table[T]{rows: maps.Clone(t.rows), order: slices.Clone(t.order)}
}

// keptPast is the past for a snapshot, nil if none is kept.
func (w *world) keptPast() *pastState {
	if w.recall == nil {
		return nil
	}
	return &pastState{Devices: w.devices.past, Numbers: w.numbers.past, ERLs: w.erls.past}
}

func (w *world) restorePast(p *pastState) {
	if p != nil && w.recall != nil {
		w.devices.past, w.numbers.past, w.erls.past = p.Devices, p.Numbers, p.ERLs
	}
}

// lagging runs a read on the account as it stood before; the lock is held.
func (s *Server) lagging(c *call, h *hit) answer {
	present := s.world
	defer func() { s.world = present }()
	most := defaultMaxLate
	if s.faults != nil {
		most = s.faults.maxLate
	}
	s.world = present.asOf(c.now - int64(h.delay(most)))
	return c.op.run(s, c)
}
