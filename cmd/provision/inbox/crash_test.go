package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"provision/cmd/provision/inbox"
)

// death is how a process of these tests dies: nothing of it runs after.
type death struct{}

// machine is a file system and a carrier whose process dies at a certain step. What they did outlives it: that of the
// file system as far as it was synced, if the power went too.
type machine struct {
	inbox.OS
	dir   string
	trash string // what was removed, should that be taken back
	steps int
	dieAt int // 0: never
	// undo takes back what is not durable yet, the last first.
	undo []undoing
	// runs are the carrier's, by the path of the sheet; sent counts what was sent of a sheet's content.
	runs   map[string]*fakeRun
	sent   map[string]int
	broken []string // what the carrier was asked that it must not be
	told   map[string]int
	now    time.Time
	// down is why no sheet can be begun; failures are the ids of the events that told it.
	down     string
	failures map[string]bool
}

type undoing struct {
	dirs []string
	do   func()
}

type fakeRun struct {
	id         string
	open, sent bool
}

func newMachine(dir, trash string) *machine {
	return &machine{dir: dir, trash: trash, runs: map[string]*fakeRun{}, sent: map[string]int{}, told: map[string]int{}, now: time.Unix(1800000000, 0), failures: map[string]bool{}}
}

// step is an instant at which the process may die.
func (m *machine) step() {
	m.steps++
	if m.dieAt > 0 && m.steps >= m.dieAt {
		panic(death{})
	}
}

// done notes what a step did and how it is taken back.
func (m *machine) done(do func(), paths ...string) {
	var dirs []string
	for _, p := range paths {
		dirs = append(dirs, filepath.Dir(p))
	}
	m.undo = append(m.undo, undoing{dirs, do})
}

// powerCut takes back what was not synced.
func (m *machine) powerCut() {
	for _, u := range slices.Backward(m.undo) {
		u.do()
	}
	m.undo = nil
}

func (m *machine) MakeDir(path string) error {
	m.step()
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	m.done(func() { _ = os.RemoveAll(path) }, path)
	return m.OS.MakeDir(path)
}

func (m *machine) Write(path string, data []byte) error {
	m.step()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	m.sync(filepath.Dir(path))
	return nil
}

func (m *machine) Link(from, to string) error {
	m.step()
	err := m.OS.Link(from, to)
	if err == nil {
		m.done(func() { _ = os.Remove(to) }, to)
	}
	return err
}

func (m *machine) Rename(from, to string) error {
	m.step()
	err := m.OS.Rename(from, to)
	if err == nil {
		m.done(func() { _ = os.Rename(to, from) }, from, to)
	}
	return err
}

func (m *machine) Remove(path string) error {
	m.step()
	kept := filepath.Join(m.trash, fmt.Sprint(len(m.undo), "-", m.steps, m.now.UnixNano()))
	if os.Link(path, kept) == nil { // the same file, should it come back
		m.done(func() { _ = os.Link(kept, path) }, path)
	} else {
		m.done(func() { _ = os.Mkdir(path, 0o700) }, path)
	}
	return m.OS.Remove(path)
}

func (m *machine) Sync(dir string) error {
	m.step()
	m.sync(dir)
	return nil
}

func (m *machine) sync(dir string) {
	m.undo = slices.DeleteFunc(m.undo, func(u undoing) bool { return slices.Contains(u.dirs, dir) })
}

// Begun, Carry and GoOn are the carrier.
func (m *machine) Begun(_ context.Context, s inbox.Sheet) (string, error) {
	if r := m.runs[s.Path]; r != nil {
		return r.id, nil
	}
	return "", nil
}

func (m *machine) Carry(_ context.Context, s inbox.Sheet) inbox.End {
	m.step()
	if m.runs[s.Path] != nil {
		m.broken = append(m.broken, s.Name+" was carried out anew")
	}
	if m.down != "" {
		return inbox.End{Place: inbox.Stay, Outcome: "could_not_start", ExitCode: 1, Reason: m.down}
	}
	if strings.HasPrefix(s.Name, "guard") {
		return inbox.End{Place: inbox.Held, Outcome: "held", ExitCode: 4, Papers: []inbox.Paper{{Suffix: "plan.html", Data: []byte("plan")}}}
	}
	m.runs[s.Path] = &fakeRun{id: "run-" + s.Name, open: true}
	m.step()
	return m.finish(s)
}

func (m *machine) GoOn(_ context.Context, s inbox.Sheet, run string) inbox.End {
	m.step()
	if r := m.runs[s.Path]; r == nil || r.id != run {
		m.broken = append(m.broken, "a run was gone on with that is not of "+s.Name)
	}
	return m.finish(s)
}

// finish is the executor: what is sent is sent once, whatever dies.
func (m *machine) finish(s inbox.Sheet) inbox.End {
	r := m.runs[s.Path]
	if r.open {
		if !r.sent {
			data, _ := os.ReadFile(s.Path)
			m.sent[string(data)]++
			r.sent = true // the executor's journal
		}
		m.step()
		r.open = false
		m.step()
	}
	end := inbox.End{Place: inbox.Done, Outcome: "done", Run: r.id}
	if strings.HasPrefix(s.Name, "part") {
		end.Place, end.ExitCode, end.Papers = inbox.Partial, 6, []inbox.Paper{{Suffix: "retry.csv", Data: []byte("retry")}}
		end.Unconfirmed = 1
	}
	return end
}

// process works once, and dies where it has to. It is false if it died.
func (m *machine) process(t *testing.T) (out inbox.Summary, alive bool) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(death); !ok {
				panic(r)
			}
		}
	}()
	m.steps = 0
	b := inbox.New(inbox.Options{
		Dir: m.dir, Carrier: m, Files: m, StableFor: time.Second, Interval: time.Second,
		Now:     func() time.Time { m.now = m.now.Add(time.Millisecond); return m.now },
		Sleep:   func(_ context.Context, d time.Duration) error { m.now = m.now.Add(d); return nil },
		Stopped: func() bool { return false },
		Told: func(e inbox.Event) {
			m.step()
			i := slices.IndexFunc(arrivals, func(a struct{ name, text, place string }) bool { return a.name == e.Sheet })
			m.told[arrivals[i].text+" "+string(e.Kind)]++
			if e.Kind == inbox.Failed {
				m.failures[e.ID] = true
			}
			m.step()
		},
	})
	out, err := b.Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return out, true
}

// arrivals are sheets as they lie in the inbox, and where each belongs.
var arrivals = []struct{ name, text, place string }{
	{"good.csv", "one", "done"},
	{"guard.csv", "two", "held"},
	{"part.csv", "three", "partial"},
	{"repeat.csv", "one", "held"},
	{"notes.txt", "four", "held"},
}

// arrive puts the sheets into a new inbox, where one lies under the same name already.
func arrive(t *testing.T) *machine {
	t.Helper()
	m := newMachine(t.TempDir(), t.TempDir())
	put(t, filepath.Join(m.dir, "done", "good.csv"), "of before")
	for _, a := range arrivals {
		put(t, filepath.Join(m.dir, a.name), a.text)
	}
	return m
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// check holds the whole inbox against what must be there: each sheet once, in its folder, with what belongs beside it.
func (m *machine) check(t *testing.T, what string, deaths int) {
	t.Helper()
	var sheets []string
	err := filepath.WalkDir(m.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(m.dir, path)
		switch {
		case rel == ".provision" || rel == "working":
			if files, _ := os.ReadDir(path); rel == "working" && len(files) > 0 {
				t.Errorf("%s: working holds %v", what, files)
			}
			return fs.SkipDir
		case e.IsDir():
			return nil
		}
		data, err := os.ReadFile(path)
		if strings.Contains(rel, ".csv.") || strings.HasSuffix(rel, ".json") {
			return err
		}
		sheets = append(sheets, filepath.Dir(rel)+" "+string(data))
		if string(data) == "of before" {
			return err
		}
		if _, err := os.Stat(path + ".result.json"); err != nil {
			t.Errorf("%s: %s has no result beside it", what, rel)
		}
		for name, paper := range map[string]string{"part": ".retry.csv", "guard": ".plan.html"} {
			if _, err := os.Stat(path + paper); strings.HasPrefix(e.Name(), name) && err != nil {
				t.Errorf("%s: %s has no paper beside it", what, rel)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"done of before"}
	for _, a := range arrivals {
		want = append(want, a.place+" "+a.text)
	}
	slices.Sort(want)
	slices.Sort(sheets)
	if !slices.Equal(want, sheets) {
		t.Errorf("%s: sheets lie in\n%q, want\n%q", what, sheets, want)
	}
	for text, n := range m.sent {
		if n != 1 {
			t.Errorf("%s: %q was sent %d times", what, text, n)
		}
	}
	if len(m.broken) > 0 || len(m.sent) != 2 {
		t.Errorf("%s: %q, %v was sent", what, m.broken, m.sent)
	}
	// Of two sheets of the same text the one that lies there first is no repeat; a power cut may change that order.
	for _, a := range arrivals {
		for _, kind := range []string{"start", a.place} {
			if n := m.told[a.text+" "+kind]; n < 1 || n > 2+deaths {
				t.Errorf("%s: %s of %s was told %d times", what, kind, a.name, n)
			}
		}
	}
	if n := m.told["three address_not_confirmed"]; n < 1 || n > 1+deaths {
		t.Errorf("%s: that an address is not confirmed was told %d times", what, n)
	}
}

// A process that dies at any instant loses and repeats nothing; nor does a machine that loses its power, nor one that
// does so twice.
func TestDeathAtEveryStep(t *testing.T) {
	t.Parallel()
	m := arrive(t)
	out, _ := m.process(t)
	m.check(t, "nobody died", 0)
	all := m.steps
	if out.ExitCode != 3 || out.Places[inbox.Held] != 3 || all < 60 {
		t.Fatalf("%d steps gave %+v", all, out)
	}
	for n := 1; n <= all; n++ {
		dies(t, n, 0, true)
		if n%3 == 0 {
			dies(t, n, 0, false)
		}
		if n%4 == 0 {
			dies(t, n, 1+n%29, true)
		}
		if t.Failed() {
			return
		}
	}
}

// That a sheet can't be begun is told under one id for each reason, also where the process dies while it is told: whoever
// gets it twice can tell.
func TestFailureHasOneID(t *testing.T) {
	t.Parallel()
	all := 1
	for n := 0; n <= all && !t.Failed(); n++ {
		m := arrive(t)
		m.down, m.dieAt = "the network", n
		m.process(t)
		if n == 0 {
			all = m.steps
		}
		m.dieAt = 0
		m.process(t)
		if len(m.failures) != 1 {
			t.Errorf("died at step %d of %d: one failure was told as %v", n, all, m.failures)
		}
		m.down = "the credentials"
		m.process(t)
		if len(m.failures) != 2 {
			t.Errorf("died at step %d of %d: two failures were told as %v", n, all, m.failures)
		}
		m.down = ""
		m.process(t)
		m.check(t, fmt.Sprintf("down, and died at step %d", n), 2)
	}
}

// dies lets a process die at a step, and the next one too if second is not 0; the third goes through.
func dies(t *testing.T, first, second int, power bool) {
	t.Helper()
	m := arrive(t)
	for _, at := range []int{first, second} {
		if m.dieAt = at; at == 0 {
			continue
		}
		if _, alive := m.process(t); !alive && power {
			m.powerCut()
		}
	}
	m.dieAt = 0
	if _, alive := m.process(t); !alive {
		t.Fatal("the last one died")
	}
	m.check(t, fmt.Sprintf("died at step %d, then at %d, power cut %v", first, second, power), 2)
}
