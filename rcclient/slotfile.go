package rcclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// compactLines is how many lines the file may have, beyond four per record that
// still counted when it was last written anew, before that is done again: once
// in half an hour at the documented limits.
const compactLines = 2048

// maxCost bounds what a damaged line can make a slot count as.
const maxCost = 1000

// maxSlotFile is the largest file that is read at start: what is longer is not
// of this package, and is begun anew.
const maxSlotFile = 64 << 20

// SlotFile is a SlotStore in a file: one JSON object a line, appended, and
// written anew from time to time. It holds times and group names, no secrets.
// It is not locked here: the lock of (server, client id) covers it.
type SlotFile struct {
	path    string
	earlier []SlotRecord

	mu    sync.Mutex
	file  *os.File
	epoch int64 // tells this process's ids from those of earlier ones
	live  map[slotKey]SlotRecord
	lines int
	kept  int  // how many records the last writing anew has kept
	torn  bool // the last write may have left half a line
}

type slotKey struct {
	epoch int64
	id    uint64
	group Group // of a penalty, whose id is 0
}

// slotLine is a record in the file; times are microseconds of the Unix clock.
type slotLine struct {
	Epoch    int64  `json:"e"`
	ID       uint64 `json:"i,omitempty"`
	Group    Group  `json:"g"`
	Cost     int    `json:"c,omitempty"`
	Booked   int64  `json:"b,omitempty"`
	GiveUp   int64  `json:"u,omitempty"`
	Answered int64  `json:"a,omitempty"`
	Counted  bool   `json:"n,omitempty"`
	Window   int64  `json:"w,omitempty"`
	Penalty  int64  `json:"p,omitempty"`
	Limit    int    `json:"l,omitempty"`
	Dropped  bool   `json:"d,omitempty"`
}

// OpenSlotFile opens or makes the file. The caller holds the lock that keeps
// other processes of the same server and client id away. Lines that can't be
// read, as one that a kill cut short, are passed over.
func OpenSlotFile(path string) (*SlotFile, error) {
	f := &SlotFile{path: path, epoch: time.Now().UnixNano(), live: map[slotKey]SlotRecord{}}
	if err := f.load(); err != nil {
		return nil, err
	}
	for k, r := range f.live {
		f.earlier = append(f.earlier, r)
		f.epoch = max(f.epoch, k.epoch+1) // also after a clock that was set back
	}
	if err := f.compact(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *SlotFile) load() error {
	file, err := os.Open(filepath.Clean(f.path))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open rate limit slots: %w", err)
	}
	defer func() { _ = file.Close() }() // read only
	all, err := io.ReadAll(io.LimitReader(file, maxSlotFile))
	if err != nil {
		return fmt.Errorf("read rate limit slots: %w", err)
	}
	for text := range bytes.Lines(all) {
		var l slotLine
		if json.Unmarshal(text, &l) == nil && l.Group != "" {
			f.note(slotKey{l.Epoch, l.ID, l.keyGroup()}, l.record())
		}
	}
	f.prune(time.Now())
	return nil
}

// Slots gives the records of earlier processes that may still count.
func (f *SlotFile) Slots() []SlotRecord { return f.earlier }

// Put appends a record.
func (f *SlotFile) Put(r SlotRecord) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return fmt.Errorf("write rate limit slots: %w", os.ErrClosed)
	}
	l := lineOf(f.epoch, r)
	f.note(slotKey{l.Epoch, l.ID, l.keyGroup()}, r)
	if f.lines > compactLines+4*f.kept {
		f.prune(time.Now())
		return f.compact() // which writes r too
	}
	return f.append(l)
}

func (f *SlotFile) append(l slotLine) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("encode rate limit slot: %w", err)
	}
	b = append(b, '\n')
	if f.torn {
		b = append([]byte{'\n'}, b...)
	}
	_, err = f.file.Write(b)
	f.torn = err != nil
	if err != nil {
		return fmt.Errorf("write rate limit slots: %w", err)
	}
	f.lines++
	return nil
}

func (f *SlotFile) note(k slotKey, r SlotRecord) {
	if r.Dropped {
		delete(f.live, k)
		return
	}
	f.live[k] = r
}

// prune forgets what is older than two windows: the client of another time
// scale, or of a limit that grew, may look a little further back than one.
func (f *SlotFile) prune(now time.Time) {
	for k, r := range f.live {
		last := r.Answered
		switch {
		case r.ID == 0:
			last = r.PenaltyUntil
		case last.IsZero():
			last = r.GiveUp
		}
		if last.Add(2 * r.Window).Before(now) {
			delete(f.live, k)
		}
	}
}

// compact writes the live records into a new file that replaces the old one.
func (f *SlotFile) compact() error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for k, r := range f.live {
		if err := enc.Encode(lineOf(k.epoch, r)); err != nil {
			return fmt.Errorf("encode rate limit slot: %w", err)
		}
	}
	next, err := os.CreateTemp(filepath.Dir(f.path), filepath.Base(f.path)+".*")
	if err != nil {
		return fmt.Errorf("write rate limit slots: %w", err)
	}
	if _, err = next.Write(b.Bytes()); err == nil {
		err = os.Rename(next.Name(), f.path)
	}
	if err != nil {
		_ = next.Close()
		_ = os.Remove(next.Name())
		return fmt.Errorf("write rate limit slots: %w", err)
	}
	if f.file != nil {
		_ = f.file.Close() // replaced, nothing is lost with it
	}
	f.file, f.lines, f.kept, f.torn = next, len(f.live), len(f.live), false
	return nil
}

// Close closes the file. A Put after it fails.
func (f *SlotFile) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	if err != nil {
		return fmt.Errorf("close rate limit slots: %w", err)
	}
	return nil
}

func lineOf(epoch int64, r SlotRecord) slotLine {
	return slotLine{
		Epoch: epoch, ID: r.ID, Group: r.Group, Cost: r.Cost, Booked: micros(r.Booked), GiveUp: micros(r.GiveUp),
		Answered: micros(r.Answered), Counted: r.Counted, Window: r.Window.Microseconds(), Penalty: micros(r.PenaltyUntil),
		Limit: r.Limit, Dropped: r.Dropped,
	}
}

func (l slotLine) record() SlotRecord {
	return SlotRecord{
		ID: l.ID, Group: l.Group, Cost: min(max(l.Cost, 0), maxCost), Booked: fromMicros(l.Booked), GiveUp: fromMicros(l.GiveUp),
		Answered: fromMicros(l.Answered), Counted: l.Counted, Window: time.Duration(l.Window) * time.Microsecond,
		PenaltyUntil: fromMicros(l.Penalty), Limit: max(l.Limit, 0), Dropped: l.Dropped,
	}
}

// keyGroup is the part of the key that tells penalties apart.
func (l slotLine) keyGroup() Group {
	if l.ID == 0 {
		return l.Group
	}
	return ""
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n)
}
