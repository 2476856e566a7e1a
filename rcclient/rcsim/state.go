package rcsim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// DamagedError says that a state file cannot be read, and where. A torn last
// line is no damage: its answer never left.
type DamagedError struct {
	StateFile string
	Line      int
	Err       error
}

// Error names the file and the line.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("simulator state %s, line %d: %v", e.StateFile, e.Line, e.Err)
}

// Unwrap is the cause.
func (e *DamagedError) Unwrap() error { return e.Err }

// stateFormat is the version of the state file.
const stateFormat = 1

// compactAfter is how many lines a state may have behind its snapshot before
// the next opening writes a new one.
const compactAfter = 2000

// entry is one line of the state file: a snapshot (the first line), the clock
// of a process that took the state, or what one call left behind.
type entry struct {
	Snapshot *snapshot `json:"snapshot,omitempty"`
	Clock    *anchor   `json:"clock,omitempty"`

	At              int64           `json:"at,omitempty"` // service time
	Taken           *taken          `json:"taken,omitempty"`
	Violations      int             `json:"violations,omitempty"`
	Changes         []change        `json:"changes,omitempty"`
	Effects         []Effect        `json:"effects,omitempty"`
	Sessions        []sessionChange `json:"sessions,omitempty"`
	NumbersTaken    int             `json:"numbers_taken,omitempty"`
	NumbersReleased int             `json:"numbers_released,omitempty"`
	Pool            *poolState      `json:"pool,omitempty"`
	Counter         *counter        `json:"counter,omitempty"`
	Faults          *faultChange    `json:"faults,omitempty"`
	Late            *lateCall       `json:"late,omitempty"`
	LateDone        string          `json:"late_done,omitempty"` // request id
}

// taken is a call that came to its throttling group.
type taken struct {
	Operation string `json:"operation"`
	User      string `json:"user,omitempty"`
	App       string `json:"app"`
	Cost      int    `json:"cost"`
}

// snapshot is the whole state at one instant.
type snapshot struct {
	Format   int            `json:"format"`
	Epoch    int64          `json:"epoch"` // service time at which the account began
	Clock    anchor         `json:"clock"`
	Account  *Account       `json:"account"`
	Devices  map[ID]int64   `json:"device_dues,omitempty"`
	ERLs     map[ID]int64   `json:"erl_dues,omitempty"`
	Counter  counter        `json:"counter"`
	Pool     poolState      `json:"pool"`
	Windows  []storedWindow `json:"windows,omitempty"`
	Sessions sessionList    `json:"sessions,omitempty"`
	Stats    Stats          `json:"stats"`
	Effects  []Effect       `json:"effects,omitempty"`
	Faults   *faultState    `json:"faults,omitempty"`
	Late     []*lateCall    `json:"late,omitempty"`
	Past     *pastState     `json:"past,omitempty"`
}

type storedWindow struct {
	windowKey
	window
}

// open loads the state, or begins one.
func (s *Server) open() error {
	if s.options.StateFile == "" {
		return s.begin()
	}
	log, err := lockState(s.options.StateFile)
	if err != nil {
		return err
	}
	if err := s.openFile(log); err != nil {
		return errors.Join(err, log.close())
	}
	s.log = log
	return nil
}

func (s *Server) openFile(log *stateLog) error {
	data, err := os.ReadFile(log.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := s.begin(); err != nil {
			return err
		}
		return log.rewrite(entry{Snapshot: s.snapshot()})
	}
	if err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	lines, whole, err := s.load(log.path, data)
	if err != nil {
		return err
	}
	if lines > compactAfter || whole < len(data) {
		return log.rewrite(entry{Snapshot: s.snapshot()})
	}
	if err := log.appendTo(int64(whole)); err != nil {
		return err
	}
	_, err = log.write(entry{Clock: ptr(s.clock.anchor())})
	return err
}

// begin starts from the account.
func (s *Server) begin() error {
	if s.options.Account == nil {
		return errors.New("no account given, and no state to go on from")
	}
	account, err := s.options.Account.clone()
	if err != nil {
		return err
	}
	now := s.options.Clock().UnixNano()
	s.clock = newClock(s.options.Clock, now, s.options.TimeScale, now)
	s.stats.Calls = newCalls()
	s.throttle = newThrottle(cmp.Or(s.options.Window, cmp.Or(account.Settings.Window, windowSliding)))
	s.world = newWorld(account, s.options.Seed)
	s.world.setDues(now + int64(account.Settings.validationTime()))
	return nil
}

// load replays a state file. It returns how many lines follow the snapshot, and
// how many bytes are whole.
func (s *Server) load(path string, data []byte) (lines, whole int, err error) {
	var clock anchor
	for number := 1; whole < len(data); number++ {
		end := bytes.IndexByte(data[whole:], '\n')
		if end < 0 {
			break // torn: the process died while it wrote this line
		}
		var e entry
		if err := json.Unmarshal(data[whole:whole+end], &e); err != nil {
			if whole+end+1 == len(data) && number > 1 {
				break // torn in a way that left a newline
			}
			return 0, 0, &DamagedError{StateFile: path, Line: number, Err: err}
		}
		if err := s.replay(e, number, &clock); err != nil {
			return 0, 0, &DamagedError{StateFile: path, Line: number, Err: err}
		}
		whole += end + 1
		lines = number - 1
	}
	if s.world == nil {
		return 0, 0, &DamagedError{StateFile: path, Line: 1, Err: errors.New("no state in the file")}
	}
	// Time ran on at the last scale while nobody held the state.
	base := max(clock.at(s.options.Clock()), clock.Service)
	s.clock = newClock(s.options.Clock, base, s.options.TimeScale, s.clock.epoch)
	s.world.takeChanges()
	if len(s.late) == 0 {
		s.world.settle(base) // else with the first call, when late ones come before
	}
	return lines, whole, nil
}

func (s *Server) replay(e entry, number int, clock *anchor) error {
	if (number == 1) != (e.Snapshot != nil) {
		return errors.New("the first line, and no other, has to be a snapshot")
	}
	if e.Snapshot != nil {
		*clock = e.Snapshot.Clock
		return s.restore(e.Snapshot)
	}
	if e.Clock != nil {
		*clock = *e.Clock
	}
	// A wall clock that was set back must not take service time with it.
	if e.At > clock.Service {
		clock.Wall += int64(float64(e.At-clock.Service) / clock.Scale)
		clock.Service = e.At
	}
	if e.Taken != nil {
		if operations[e.Taken.Operation] == nil {
			return fmt.Errorf("unknown operation %q", e.Taken.Operation)
		}
		if !s.count(*e.Taken, e.At).limited {
			s.decideFaults(operations[e.Taken.Operation], e.At)
		}
	}
	s.stats.ContractViolations += e.Violations
	if len(e.Changes) > 0 {
		s.world.settle(e.At) // as it was done before the changes
	}
	for _, c := range e.Changes {
		s.world.replay(c)
	}
	for _, c := range e.Sessions {
		s.sessions.apply(c)
	}
	s.addEffects(e)
	if e.Counter != nil {
		s.world.counter = *e.Counter
	}
	if e.Pool != nil {
		s.world.setPool(*e.Pool)
	}
	if e.Faults != nil {
		if err := e.Faults.Plan.check(); err != nil {
			return err
		}
		s.applyFaults(*e.Faults)
	}
	return s.replayLate(e)
}

func (s *Server) restore(from *snapshot) error {
	if from.Format != stateFormat {
		return fmt.Errorf("format %d, want %d", from.Format, stateFormat)
	}
	if from.Account == nil || from.Clock.Scale <= 0 {
		return errors.New("incomplete snapshot")
	}
	account := from.Account // fresh from the file: no copy is needed
	if err := errors.Join(account.Settings.check(), account.complete()); err != nil {
		return err
	}
	s.clock = &clock{epoch: from.Epoch}
	s.world = newWorld(account, from.Counter.Seed)
	s.world.counter = from.Counter
	s.world.setPool(from.Pool)
	for _, id := range slices.Sorted(maps.Keys(from.Devices)) {
		s.world.dues.setDevice(id, from.Devices[id])
	}
	for _, id := range slices.Sorted(maps.Keys(from.ERLs)) {
		s.world.dues.setERL(id, from.ERLs[id])
	}
	s.throttle = newThrottle(cmp.Or(s.options.Window, cmp.Or(account.Settings.Window, windowSliding)))
	for _, w := range from.Windows {
		s.throttle.windows[w.windowKey] = ptr(w.window)
	}
	s.sessions, s.stats, s.effects = from.Sessions, from.Stats, from.Effects
	if s.stats.Calls.ByOperation == nil || s.stats.Calls.ByGroup == nil {
		s.stats.Calls = newCalls()
	}
	return s.restoreFaults(from)
}

func (s *Server) snapshot() *snapshot {
	now := s.clock.now()
	taken := &snapshot{
		Format: stateFormat, Epoch: s.clock.epoch, Account: s.world.snapshot(),
		Clock:   anchor{Wall: s.options.Clock().UnixNano(), Service: now, Scale: s.clock.scale},
		Devices: s.world.dues.devices, ERLs: s.world.dues.erls, Counter: s.world.counter, Pool: s.world.pool,
		Sessions: s.sessions, Stats: s.stats, Effects: s.effects,
		Late: s.late, Past: s.world.keptPast(),
	}
	if s.faults != nil {
		taken.Faults = &s.faults.faultState
	}
	for key, w := range s.throttle.windows {
		taken.Windows = append(taken.Windows, storedWindow{windowKey: key, window: *w})
	}
	slices.SortFunc(taken.Windows, func(a, b storedWindow) int { return a.compare(b.windowKey) })
	return taken
}

// record writes an entry; the lock is held. It returns how far the file has to
// be synced for the entry to be durable.
func (s *Server) record(e entry) int64 {
	if s.log == nil {
		return 0
	}
	written, err := s.log.write(e)
	if err != nil {
		return -1 // the log keeps the error; sync reports it
	}
	return written
}

// Close makes all durable and gives the state up. Calls that come later are
// answered with 503.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.log == nil {
		return nil
	}
	_, err := s.log.write(entry{Clock: ptr(anchor{Wall: s.options.Clock().UnixNano(), Service: s.clock.now(), Scale: s.clock.scale})})
	if err := errors.Join(err, s.log.sync(-1), s.log.close()); err != nil {
		return fmt.Errorf("close simulator: %w", err)
	}
	return nil
}
