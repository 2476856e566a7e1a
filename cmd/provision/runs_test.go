package main

import (
	"strings"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/executor/report"
)

// Whether a process works on an open run is told by the account's lock, not guessed.
func TestWhyOpen(t *testing.T) {
	t.Parallel()
	st, err := openState(t.TempDir(), environ{})
	if err != nil {
		t.Fatal(err)
	}
	me := (&app{now: time.Now}).owner("apply", "R1")
	info := runInfo{Run: "R1", Server: "https://x", Account: "7"}
	state := journal.State{Run: &journal.Run{PID: me.PID, Host: me.Host}}
	l, err := st.acquire(t.Context(), lockAccount+lockName(info.Server, info.Account), me, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := st.whyOpen(info, state); !strings.HasPrefix(got, "in work: provision apply, pid ") {
		t.Errorf("a run that is worked on is open because %q", got)
	}
	other := info
	other.Run = "R2"
	if got := st.whyOpen(other, state); !strings.HasPrefix(got, "killed: its process, pid ") {
		t.Errorf("another run of the account is open because %q", got)
	}
	if err := l.close(); err != nil { // as a kill does: the owner's name stays behind
		t.Fatal(err)
	}
	if got := st.whyOpen(info, state); !strings.HasPrefix(got, "killed: its process, pid ") {
		t.Errorf("a run whose process was killed is open because %q", got)
	}
	elsewhere := journal.State{Run: &journal.Run{PID: 3, Host: "elsewhere.invalid"}}
	if got, want := st.whyOpen(info, elsewhere), "pid 3 on elsewhere.invalid works on it, or was killed"; got != want {
		t.Errorf("a run of another host is open because %q, want %q", got, want)
	}
	if got := st.whyOpen(info, journal.State{Exit: "interrupted"}); got != "interrupted" {
		t.Errorf("an interrupted run is open because %q", got)
	}
}

// A run that is finished but left something over does not pass for one that did all.
func TestPartWords(t *testing.T) {
	t.Parallel()
	rep := &report.Report{
		Changes: map[report.Status]int{report.Applied: 4, report.Stale: 1, report.AddressPending: 2},
		Lines:   []report.Line{{Status: report.Invalid}, {Status: report.Applied}},
	}
	if got, want := partWords(rep), "in part: 1 stale, 2 address_pending, 1 invalid"; got != want {
		t.Errorf("partWords gave %q, want %q", got, want)
	}
	if got := partWords(&report.Report{Changes: map[report.Status]int{report.NoOp: 1}}); got != "" {
		t.Errorf("a run that left nothing over gave %q", got)
	}
}

// Of a run whose folder is gone nobody knows the counts.
func TestWriteRuns(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := writeRuns(&b, []runInfo{
		{Run: "R1", Account: "7", Changes: 3, Status: statusDone, Why: "in part: 1 stale"},
		{Run: "R2", Account: "7", Status: statusGone},
	}); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(b.String(), "\n")
	if f := strings.Fields(got[1]); strings.Join(f, " ") != "R1 7 3 0 done, in part: 1 stale" {
		t.Errorf("line %q", got[1])
	}
	if f := strings.Fields(got[2]); strings.Join(f, " ") != "R2 7 - - gone" {
		t.Errorf("line %q", got[2])
	}
}
