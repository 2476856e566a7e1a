package rcsim_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/rcclient/rcsim"
)

// clock is a wall clock that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// encoded is the account as it stands, as bytes.
func (s *sim) encoded() string {
	s.t.Helper()
	data, err := s.Snapshot().Encode()
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

// shut closes a sim; the state is free then.
func (s *sim) shut() {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// change does one of everything.
func (s *sim) change() {
	s.t.Helper()
	s.bulkAdd(add("106", "5001", anyNumber), add("999", "5001", anyNumber)).want(200)
	s.put(v1+"/device/2002", `{"name":"New","emergency":{"location":{"id":"5001"}}}`).want(200)
	s.post(v2+"/extensions/101/devices/2001/replace", `{"targetDeviceId":"2002"}`).want(204)
	s.post(v2+"/device-inventory", `{"type":"OtherPhone","quantity":2}`).want(201)
	s.remove(v2+"/device-inventory", `{"records":[{"deviceId":"2004"}]}`).want(200)
	s.remove(v2+"/devices/2005", `{"keepAssetsInInventory":false}`).want(204)
	s.post(v1+"/emergency-locations", `{"name":"N","address":{"street":"9 Fine St","city":"Reno","state":"NV","zip":"89501","country":"US"}}`).want(200)
}

// TestStateSurvives closes and opens: account, effects, counts, tokens, coming
// verdicts and rate windows are the same.
func TestStateSurvives(t *testing.T) {
	t.Parallel()
	for _, compact := range []bool{false, true} {
		wall := newClock()
		options := rcsim.Options{Account: parse(t, `"limits": {"light": {"limit": 3}}`), StateFile: filepath.Join(t.TempDir(), "s.state"), Clock: wall.Now, Seed: 5}
		one := open(t, options)
		one.change()
		one.device("2002").want(200)
		one.device("2002").want(200)
		stats, effects, account := one.Stats(), one.Effects(), one.encoded()
		one.shut()
		if compact {
			// A torn tail makes the next opening write a snapshot of all.
			appendTo(t, options.StateFile, `{"at":12`)
			open(t, options).shut()
			if data := read(t, options.StateFile); bytes.Count(data, []byte("\n")) > 4 {
				t.Errorf("the state still has %d lines", bytes.Count(data, []byte("\n")))
			}
		}

		options.Account = nil // the state is enough
		two := bareSimNoSignIn(t, options)
		two.token = one.token
		want := stats
		got := two.Stats()
		if compact {
			want.Calls, got.Calls = rcsim.Calls{}, rcsim.Calls{} // open signed in once more
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stats differ:\n%s", diff)
		}
		if diff := cmp.Diff(effects, two.Effects()); diff != "" {
			t.Errorf("effects differ:\n%s", diff)
		}
		if diff := cmp.Diff(account, two.encoded()); diff != "" {
			t.Errorf("account differs:\n%s", diff)
		}
		two.device("2002").want(200) // the token still holds, and this is the third call
		two.device("2002").fails(429, "CMN-301")
		// Time runs on while nobody holds the state.
		two.shut()
		wall.pass(2 * time.Minute)
		three := bareSimNoSignIn(t, options)
		three.token = one.token
		three.device("2001").want(200).is("Valid", "emergency", "addressStatus")
		if passed := three.Stats().ServiceSeconds; passed != 120 {
			t.Errorf("got %v service seconds, want 120", passed)
		}
		// Ids and numbers go on where they were.
		if id := three.bulkAdd(add("107", "5001", anyNumber)).want(200).text("results", 0, "id"); strings.Contains(account, `"`+id+`"`) {
			t.Errorf("id %s is given twice", id)
		}
		three.shut()
	}
}

func bareSimNoSignIn(t testing.TB, options rcsim.Options) *sim {
	t.Helper()
	options.FullContract = true
	server, err := rcsim.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return &sim{Server: server, t: t}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	write(t, path, append(read(t, path), text...))
}

// TestStateAtEveryLine kills the process behind every line, and inside it: what
// was answered before is there, and nothing else.
func TestStateAtEveryLine(t *testing.T) {
	t.Parallel()
	wall := newClock()
	path := filepath.Join(t.TempDir(), "s.state")
	options := rcsim.Options{Account: parse(t), StateFile: path, Clock: wall.Now}
	s := open(t, options)
	type mark struct{ length, effects int }
	var marks []mark
	note := func() { marks = append(marks, mark{len(read(t, path)), len(s.Effects())}) }
	note()
	for i := range 4 {
		s.put(v1+"/device/2002", `{"name":"N`+strconv.Itoa(i)+`"}`).want(200)
		note()
		s.device("2001").want(200)
		s.bulkAdd(add("106", "5001", anyNumber), add("107", "5001", anyNumber)).want(200)
		note()
	}
	s.shut()
	whole := read(t, path)
	for i, m := range marks {
		for _, torn := range []int{0, 1, 7} {
			cut := filepath.Join(t.TempDir(), "cut.state")
			write(t, cut, whole[:min(m.length+torn, len(whole))])
			again := bareSimNoSignIn(t, rcsim.Options{StateFile: cut, Clock: wall.Now})
			if got := len(again.Effects()); got != m.effects {
				t.Errorf("mark %d and %d bytes: got %d effects, want %d", i, torn, got, m.effects)
			}
			again.shut()
		}
	}
}

func TestStateDamage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s.state")
	s := open(t, rcsim.Options{Account: parse(t), StateFile: path})
	s.change()
	s.shut()
	whole := read(t, path)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, data := range map[string][]byte{
		"empty":           {},
		"a torn snapshot": lines[0][:len(lines[0])/2],
		"no snapshot":     bytes.Join(lines[1:], nil),
		"damage inside":   bytes.Join([][]byte{lines[0], lines[1], []byte("{x}\n"), lines[3], lines[4]}, nil),
		"another format":  bytes.Replace(whole, []byte(`"format":1`), []byte(`"format":99`), 1),
		"not ours":        []byte("hello\nworld\n"),
	} {
		write(t, path, data)
		_, err := rcsim.New(rcsim.Options{Account: parse(t), StateFile: path})
		var damaged *rcsim.DamagedError
		if !errors.As(err, &damaged) || damaged.StateFile != path || damaged.Line < 1 {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

func TestStateLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s.state")
	options := rcsim.Options{Account: parse(t), StateFile: path}
	s := open(t, options)
	_, err := rcsim.New(options)
	var locked *rcsim.LockedError
	if !errors.As(err, &locked) || locked.StateFile != path {
		t.Errorf("a second server: got error %v", err)
	}
	if err := rcsim.Reset(path); !errors.As(err, &locked) {
		t.Errorf("reset of a state in use: got error %v", err)
	}
	s.shut()
	s.get(v1).fails(503, "CMN-201")
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("besides the state there are %v, %v", left, err)
	}
	if err := rcsim.Reset(path); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 0 {
		t.Errorf("reset left %v, %v", left, err)
	}
	if err := rcsim.Reset(path); err != nil {
		t.Errorf("reset of nothing: %v", err)
	}
	if err := rcsim.Reset(filepath.Join(path, "no", "folder")); err != nil {
		t.Errorf("reset in a folder that is not there: %v", err)
	}
	if _, err := rcsim.New(rcsim.Options{StateFile: path}); err == nil {
		t.Error("neither account nor state: no error")
	}
}

// TestWallClockSetBack: service time never goes back.
func TestWallClockSetBack(t *testing.T) {
	t.Parallel()
	wall := newClock()
	options := rcsim.Options{Account: parse(t), StateFile: filepath.Join(t.TempDir(), "s.state"), Clock: wall.Now, TimeScale: 10}
	s := open(t, options)
	wall.pass(time.Minute)
	s.get(v1).want(200)
	before := s.Now()
	s.shut()
	wall.pass(-time.Hour)
	again := bareSimNoSignIn(t, options)
	if now := again.Now(); now.Before(before) {
		t.Errorf("service time went from %v back to %v", before, now)
	}
	wall.pass(time.Second)
	if passed := again.Now().Sub(before); passed < 10*time.Second {
		t.Errorf("only %v passed", passed)
	}
	again.shut()
}

// TestParallelCalls: many clients at once get different numbers and devices,
// and all of it is in the file.
func TestParallelCalls(t *testing.T) {
	t.Parallel()
	options := rcsim.Options{Account: parse(t, `"limits": {"heavy": {"limit": 1000}}`), StateFile: filepath.Join(t.TempDir(), "s.state")}
	s := open(t, options)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				s.bulkAdd(add("106", "5001", anyNumber), add("107", "5001", anyNumber))
			}
		})
	}
	group.Wait()
	numbers, devices := map[string]bool{}, map[rcsim.ID]bool{}
	for _, effect := range s.Effects() {
		numbers[effect.Number], devices[effect.Device] = true, true
	}
	if len(numbers) != 160 || len(devices) != 160 {
		t.Errorf("got %d numbers and %d devices, want 160", len(numbers), len(devices))
	}
	s.shut()
	again := bareSimNoSignIn(t, options)
	if got := len(again.Effects()); got != 160 {
		t.Errorf("got %d effects back, want 160", got)
	}
	again.shut()
}

// TestStateInBubble: files and the virtual clock go together.
func TestStateInBubble(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s.state")
	account := parse(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, rcsim.Options{Account: account, StateFile: path, Latency: time.Second})
		s.put(v1+"/device/2002", `{"emergency":{"location":{"id":"5001"}}}`).want(200)
		s.shut()
		pass(time.Minute)
		again := bareSimNoSignIn(t, rcsim.Options{StateFile: path})
		again.token = s.token
		again.device("2002").want(200).is("Valid", "emergency", "addressStatus")
		again.shut()
	})
}
