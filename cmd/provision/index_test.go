package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// openOne makes a run of one change with an index entry, as a process leaves it that was killed; outcomes is
// what its journal holds.
func openOne(t *testing.T, st stateFolder, outcomes ...journal.Outcome) runFolder {
	t.Helper()
	p := &plan.Plan{FormatVersion: plan.FormatVersion, Account: plan.Account{ID: "1"}, Changes: []plan.Change{
		{ID: "add-1", Kind: plan.KindAdd}, {ID: "add-2", Kind: plan.KindAdd, Tainted: true},
	}}
	r, err := createRun(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.keepPlan(p); err != nil {
		t.Fatal(err)
	}
	if err := st.putEntry(indexEntry{Run: r.id, Server: "s", Account: "1", Folder: r.dir}); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Create(r.journal(), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	note := terms{skipBadRows: true, maxStale: plan.DefaultGuards().MaxStale}.note("")
	if err := j.Append(journal.Record{Type: journal.TypeNote, Note: &note}); err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if err := j.Append(journal.Record{Type: journal.TypeOutcome, Changes: []string{"add-1"}, Outcome: &o}); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return r
}

func testState(t *testing.T) stateFolder {
	t.Helper()
	st, err := openState(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// One open run per account: refused with the resume line, for this server and account only.
func TestRefuseOpenRun(t *testing.T) {
	t.Parallel()
	st := testState(t)
	r := openOne(t, st)
	err := st.refuseOpenRun("s", "1", "")
	if codeOf(err) != exitRefused || !strings.Contains(err.Error(), "run "+r.id+" of this account is open: 1 change is pending") {
		t.Errorf("got %v, want a refusal that counts the one change that is not left out", err)
	}
	for _, other := range []struct{ server, account, except string }{{"s2", "1", ""}, {"s", "2", ""}, {"s", "1", r.id}} {
		if err := st.refuseOpenRun(other.server, other.account, other.except); err != nil {
			t.Errorf("%+v: %v", other, err)
		}
	}
}

// A run that is done refuses nobody; address_pending and ambiguous do not keep it open.
func TestDoneRunRefusesNobody(t *testing.T) {
	t.Parallel()
	for _, status := range []journal.Status{journal.Applied, journal.Failed, journal.Ambiguous, journal.AddressPending, journal.Blocked} {
		st := testState(t)
		openOne(t, st, journal.Outcome{Status: status})
		if err := st.refuseOpenRun("s", "1", ""); err != nil {
			t.Errorf("%s: %v", status, err)
		}
	}
	st := testState(t)
	openOne(t, st, journal.Outcome{Status: journal.InDoubt})
	if err := st.refuseOpenRun("s", "1", ""); codeOf(err) != exitRefused {
		t.Errorf("a change in doubt: %v, want a refusal", err)
	}
}

// Nobody knows what a run did whose folder is gone: a person has to say that it does not matter.
func TestGoneRun(t *testing.T) {
	t.Parallel()
	st := testState(t)
	r := openOne(t, st)
	if err := os.RemoveAll(r.dir); err != nil {
		t.Fatal(err)
	}
	err := st.refuseOpenRun("s", "1", "")
	var hints []string
	if err != nil {
		hints = hintsOf(err)
	}
	if codeOf(err) != exitRefused || len(hints) != 1 || !strings.Contains(hints[0], st.entryPath(r.id)) {
		t.Errorf("got %v with hints %q, want a refusal that names the file to delete", err, hints)
	}
	if err := os.Remove(st.entryPath(r.id)); err != nil {
		t.Fatal(err)
	}
	if err := st.refuseOpenRun("s", "1", ""); err != nil {
		t.Errorf("after the file was deleted: %v", err)
	}
}

// A journal that cannot be read does not pass for a finished one.
func TestDamagedRunRefuses(t *testing.T) {
	t.Parallel()
	st := testState(t)
	r := openOne(t, st, journal.Outcome{Status: journal.Applied}, journal.Outcome{Status: journal.Applied})
	data, err := os.ReadFile(r.journal())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	lines[1] = strings.Replace(lines[1], "terms", "tarms", 1)
	if err := os.WriteFile(r.journal(), []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := st.refuseOpenRun("s", "1", ""); codeOf(err) != exitRefused || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want a refusal that names the line", err)
	}
}

// sim reset forgets one simulated account and leaves the others.
func TestForget(t *testing.T) {
	t.Parallel()
	st := testState(t)
	mine, other := "sim:/a/x.json", "sim:/b/x.json"
	for _, key := range []string{mine, other} {
		if err := os.WriteFile(st.slotsPath(key, "id", 0), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := st.putEntry(indexEntry{Run: "run-" + shortHash(key), Server: key}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.forget(mine); err != nil {
		t.Fatal(err)
	}
	all, err := st.index()
	if err != nil || len(all) != 1 || all[0].Server != other {
		t.Errorf("index %+v, %v, want the other account's run only", all, err)
	}
	left, err := filepath.Glob(filepath.Join(st.locks(), "*.slots"))
	if err != nil || len(left) != 1 || left[0] != st.slotsPath(other, "id", 0) {
		t.Errorf("slots %q, %v, want the other account's only", left, err)
	}
}
