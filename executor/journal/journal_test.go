package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const name = "run/journal.jsonl"

func intent(id string, attempt int) Record {
	return Record{Type: TypeIntent, Changes: []string{id}, Intent: &Intent{Attempt: attempt, Operation: "op"}}
}

func outcome(id string, attempt int, s Status) Record {
	return Record{Type: TypeOutcome, Changes: []string{id}, Outcome: &Outcome{Attempt: attempt, Status: s}}
}

func create(t testing.TB, fsys FS, path string) *Journal {
	t.Helper()
	j, err := Create(path, Options{FS: fsys, Run: &Run{PlanDigest: "d"}})
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func appendAll(t testing.TB, j *Journal, records ...Record) {
	t.Helper()
	for _, r := range records {
		if err := j.Append(r); err != nil {
			t.Fatalf("Append: %v", err)
		}
	}
}

func TestRoundTripOnDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), FileName)
	j := create(t, nil, path)
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	want := []Record{
		{Type: TypeIntent, Time: at, Changes: []string{"a", "b"}, Intent: &Intent{Attempt: 1, Operation: "bulkAddDevicesV2",
			Request: json.RawMessage(`{"records":[]}`), Known: map[string][]string{"a": {"1", "2"}, "b": {}}}},
		{Type: TypeOutcome, Time: at, Changes: []string{"a"}, Outcome: &Outcome{Attempt: 1, Status: Applied, DeviceID: "9", RequestID: "r1"}},
		{Type: TypeNote, Time: at, Note: &Note{Code: "c", Text: "quoted \"sum\":\"x\" <&> \n line"}},
	}
	if err := j.Append(want...); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(want[0]); !errors.Is(err, ErrClosed) {
		t.Errorf("Append after Close: got %v, want ErrClosed", err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got[0].Run == nil || got[0].Run.PlanDigest != "d" || got[0].Run.FormatVersion != FormatVersion {
		t.Fatalf("got %+v, want the begin record and three more", got)
	}
	for i := range want {
		want[i].Seq, want[i].Synced, want[i].Sum = uint64(i)+2, 1, got[i+1].Sum
	}
	if d := cmp.Diff(want, got[1:]); d != "" {
		t.Errorf("records differ (-want +got):\n%s", d)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: got %v (%v), want 0600", info.Mode(), err)
	}
	if _, err := Create(path, Options{}); !errors.Is(err, os.ErrExist) {
		t.Errorf("Create over a journal: got %v, want ErrExist", err)
	}
}

func TestOpenGoesOn(t *testing.T) {
	t.Parallel()
	fsys := &MemFS{}
	j := create(t, fsys, name)
	appendAll(t, j, intent("a", 1), outcome("a", 1, Sent), intent("b", 1))
	_ = j.Close()
	j2, state, err := Open(name, Options{FS: fsys, Run: &Run{PID: 7}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = j2.Close() }()
	if state.Outcomes["a"].Status != Sent || state.Open["b"].Attempt != 1 || state.Run.PID != 0 {
		t.Errorf("state: got %+v", state)
	}
	appendAll(t, j2, outcome("b", 1, Applied))
	recs, err := ReadFS(fsys, name)
	if err != nil || len(recs) != 6 || recs[4].Run.PID != 7 || recs[5].Seq != 6 {
		t.Errorf("got %d records, %v", len(recs), err)
	}
}

// Whatever part of the unsynced bytes a crash leaves, the synced records are
// there, and no record is invented.
func TestCrashKeepsWhatWasSynced(t *testing.T) {
	t.Parallel()
	build := func() (*MemFS, *Journal, *bool) {
		fsys, failing := &MemFS{}, new(bool)
		fsys.Hook = func(op, _ string, _ []byte) error {
			if *failing && op == "sync" {
				return syscall.EIO
			}
			return nil
		}
		j := create(t, fsys, name)
		appendAll(t, j, intent("a", 1), outcome("a", 1, Sent))
		*failing = true
		err := j.Append(intent("b", 1), intent("c", 1), intent("d", 1))
		if _, ok := errors.AsType[*BrokenError](err); !ok {
			t.Fatalf("Append on a failing disk: got %v, want *BrokenError", err)
		}
		return fsys, j, failing
	}
	fsys, _, _ := build()
	all, synced := fsys.Bytes(name)
	tail := all[synced:]
	check := func(what string, kept []byte) {
		t.Helper()
		fsys := &MemFS{}
		fsys.Put(name, append(append([]byte(nil), all[:synced]...), kept...))
		j, state, err := Open(name, Options{FS: fsys})
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		defer func() { _ = j.Close() }()
		if state.Outcomes["a"].Status != Sent {
			t.Errorf("%s: lost a synced outcome: %+v", what, state)
		}
		appendAll(t, j, outcome("z", 1, Applied))
		recs, err := ReadFS(fsys, name)
		if err != nil || recs[len(recs)-1].Changes[0] != "z" {
			t.Errorf("%s: after going on: %d records, %v", what, len(recs), err)
		}
	}
	for n := range len(tail) + 1 {
		check(fmt.Sprintf("torn at %d", n), tail[:n])
	}
	// A line before the last is not torn by a crash if a whole one follows.
	lastLine := bytes.LastIndexByte(tail[:len(tail)-1], '\n')
	refused := func(what string, kept []byte) {
		t.Helper()
		fsys := &MemFS{}
		fsys.Put(name, append(append([]byte(nil), all[:synced]...), kept...))
		_, _, err := Open(name, Options{FS: fsys})
		if _, ok := errors.AsType[*DamageError](err); !ok {
			t.Errorf("%s: got %v, want damage", what, err)
		}
	}
	for i := range tail {
		flipped := bytes.Clone(tail)
		flipped[i] ^= 1 << (i % 8)
		if i < lastLine {
			refused(fmt.Sprintf("bit flipped at %d", i), flipped)
		} else {
			check(fmt.Sprintf("bit flipped at %d", i), flipped)
		}
		hole := bytes.Clone(tail)
		clear(hole[:i])
		check(fmt.Sprintf("hole up to %d", i), hole)
	}
}

func TestDamageIsRefusedWithItsLine(t *testing.T) {
	t.Parallel()
	fsys := &MemFS{}
	j := create(t, fsys, name)
	appendAll(t, j, intent("a", 1), outcome("a", 1, Sent), intent("b", 1), outcome("b", 1, Sent))
	_ = j.Close()
	whole, _ := fsys.Bytes(name)
	lines := bytes.SplitAfter(whole, []byte("\n"))[:5]
	join := func(ls ...[]byte) []byte { return bytes.Join(ls, nil) }
	flip := bytes.Clone(lines[2])
	flip[len(flip)/2] ^= 4
	tests := map[string]struct {
		data []byte
		line int
	}{
		"bit flipped":  {join(lines[0], lines[1], flip, lines[3], lines[4]), 3},
		"line lost":    {join(lines[0], lines[1], lines[3], lines[4]), 3},
		"line doubled": {join(lines[0], lines[1], lines[1], lines[2], lines[3]), 3},
		"lines turned": {join(lines[0], lines[2], lines[1], lines[3], lines[4]), 2},
		"first lost":   {join(lines[1], lines[2], lines[3]), 1},
		"blank line":   {join(lines[0], []byte("\n"), lines[1], lines[2]), 2},
		"cut inside":   {join(lines[0], lines[1][:20], lines[2], lines[3], lines[4]), 2},
	}
	for what, tt := range tests {
		fsys := &MemFS{}
		fsys.Put(name, tt.data)
		_, rerr := ReadFS(fsys, name)
		_, _, oerr := Open(name, Options{FS: fsys})
		for _, err := range []error{rerr, oerr} {
			if d, ok := errors.AsType[*DamageError](err); !ok || d.Line != tt.line {
				t.Errorf("%s: got %v, want damage at line %d", what, err, tt.line)
			}
		}
		if after, _ := fsys.Bytes(name); !bytes.Equal(after, tt.data) {
			t.Errorf("%s: a refused journal was changed", what)
		}
	}
}

func TestNewerFormatIsRefused(t *testing.T) {
	t.Parallel()
	line, sum, err := appendLine(nil, Record{Seq: 1, Type: TypeRun, Run: &Run{Event: EventBegin, FormatVersion: FormatVersion}}, "")
	if err != nil {
		t.Fatal(err)
	}
	line, _, err = appendLine(line, Record{Seq: 2, Synced: 1, Type: TypeRun, Run: &Run{Event: EventBegin, FormatVersion: FormatVersion + 1}}, sum)
	if err != nil {
		t.Fatal(err)
	}
	fsys := &MemFS{}
	fsys.Put(name, line)
	_, _, err = Open(name, Options{FS: fsys})
	if v, ok := errors.AsType[*VersionError](err); !ok || v.Version != FormatVersion+1 {
		t.Errorf("got %v, want a version error", err)
	}
}

func TestBrokenStaysBroken(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"write", "sync"} {
		fsys, fail := &MemFS{}, true
		j := create(t, fsys, name)
		fsys.Hook = func(o, _ string, _ []byte) error {
			if fail && o == op {
				return syscall.ENOSPC
			}
			return nil
		}
		err := j.Append(intent("a", 1))
		if b, ok := errors.AsType[*BrokenError](err); !ok || b.Op != op || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: got %v", op, err)
		}
		fail = false
		before, _ := fsys.Bytes(name)
		if _, ok := errors.AsType[*BrokenError](j.Append(intent("b", 1))); !ok {
			t.Errorf("%s: a broken journal took a record", op)
		}
		if after, _ := fsys.Bytes(name); !bytes.Equal(before, after) {
			t.Errorf("%s: a broken journal was written to", op)
		}
	}
}

func TestUnencodableRecordHarmsNoOther(t *testing.T) {
	t.Parallel()
	fsys := &MemFS{}
	j := create(t, fsys, name)
	bad := intent("a", 1)
	bad.Intent.Request = json.RawMessage(`{`)
	if err := j.Append(intent("x", 1), bad); err == nil {
		t.Error("a record that is no JSON was taken")
	}
	appendAll(t, j, intent("b", 1))
	recs, err := ReadFS(fsys, name)
	if err != nil || len(recs) != 2 || recs[1].Changes[0] != "b" {
		t.Errorf("got %v, %v", recs, err)
	}
}

func TestConcurrentAppendsShareSyncs(t *testing.T) {
	t.Parallel()
	fsys := &MemFS{}
	j := create(t, fsys, name)
	syncs, gate := 0, make(chan struct{})
	fsys.Hook = func(op, _ string, _ []byte) error {
		if op == "sync" {
			if syncs++; syncs == 1 {
				<-gate // let the others queue up
			}
		}
		return nil
	}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if err := j.Append(intent(fmt.Sprint(i), 1), outcome(fmt.Sprint(i), 1, Sent)); err != nil {
				t.Error(err)
			}
		})
	}
	close(gate)
	wg.Wait()
	recs, err := ReadFS(fsys, name)
	if err != nil || len(recs) != 101 {
		t.Fatalf("got %d records, %v", len(recs), err)
	}
	for i := 1; i < len(recs); i += 2 {
		if recs[i].Changes[0] != recs[i+1].Changes[0] {
			t.Errorf("the records of one Append are apart: %v %v", recs[i].Changes, recs[i+1].Changes)
		}
	}
	_, synced := fsys.Bytes(name)
	if all, _ := fsys.Bytes(name); synced != len(all) {
		t.Errorf("Append returned before all was durable: %d of %d", synced, len(all))
	}
}

// The folder's entry is durable when Create returns, so the journal is there
// after a crash; before that, nothing is.
func TestCreateIsDurable(t *testing.T) {
	t.Parallel()
	fsys := &MemFS{}
	create(t, fsys, name)
	fsys.Crash(nil)
	if recs, err := ReadFS(fsys, name); err != nil || len(recs) != 1 {
		t.Errorf("got %d records, %v; want the begin record", len(recs), err)
	}
}

func TestOpenOfAnEmptyFileBeginsIt(t *testing.T) {
	t.Parallel()
	fsys := &MemFS{}
	fsys.Put(name, nil)
	j, state, err := Open(name, Options{FS: fsys})
	if err != nil || state.Run != nil {
		t.Fatalf("got %+v, %v", state, err)
	}
	defer func() { _ = j.Close() }()
	if recs, err := ReadFS(fsys, name); err != nil || len(recs) != 1 || recs[0].Run == nil {
		t.Errorf("got %v, %v", recs, err)
	}
}
