package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/executor/journal"
	"provision/plan"
)

// Only what has ended can be undone: a call in doubt, one that was not read
// back and a change that may still be sent refuse it.
func TestOnlyFinishedRunsAreUndone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		state journal.State
		ok    bool
	}{
		{"all have ended", journal.State{Outcomes: map[string]journal.Outcome{"a": {Status: journal.Applied}, "b": {Status: journal.Failed}}}, true},
		{"one was not begun", journal.State{Outcomes: map[string]journal.Outcome{"a": {Status: journal.Applied}}, Exit: "interrupted"}, false},
		{"one was not begun and the run was abandoned", journal.State{Outcomes: map[string]journal.Outcome{"a": {Status: journal.Applied}}, Exit: "abandoned"}, true},
		{"one is in doubt", journal.State{Outcomes: map[string]journal.Outcome{"a": {Status: journal.Applied}, "b": {Status: journal.InDoubt}}, Exit: "abandoned"}, false},
		{"one was not read back", journal.State{Outcomes: map[string]journal.Outcome{"a": {Status: journal.Applied}, "b": {Status: journal.Sent}}, Exit: "abandoned"}, false},
		{
			"a call has no answer",
			journal.State{Outcomes: map[string]journal.Outcome{"a": {Status: journal.Applied}}, Open: map[string]journal.OpenIntent{"b": {}}, Exit: "abandoned"},
			false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &plan.Plan{Changes: []plan.Change{{ID: "a"}, {ID: "b"}}}
			err := refuseUnfinished(runFolder{id: "r"}, p, c.state)
			if (err == nil) != c.ok || err != nil && codeOf(err) != exitRefused {
				t.Errorf("got %v (exit %d)", err, codeOf(err))
			}
		})
	}
}

// What the run did itself is done; what it found met, or did not do, is not.
func TestUndoResults(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Changes: []plan.Change{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}, {ID: "e"}, {ID: "f"}}}
	got := undoResults(p, journal.State{Outcomes: map[string]journal.Outcome{
		"a": {Status: journal.Applied, DeviceID: "1", Number: "+1", LocationID: "2", DeviceIDs: []string{"3", "4"}},
		"b": {Status: journal.NoOp, LocationID: "5"},
		"c": {Status: journal.AddressDiffers, EmergencyAddress: json.RawMessage(`{"street":"1 Main St"}`)},
		"d": {Status: journal.Ambiguous},
		"e": {Status: journal.Failed, EmergencyAddress: json.RawMessage(`{`)},
	}})
	want := map[string]plan.Result{
		"a": {Done: true, Device: "1", Number: "+1", Location: "2", Devices: []plan.DeviceID{"3", "4"}},
		"b": {Location: "5"},
		"c": {Done: true, Address: plan.Address{Street: "1 Main St"}},
		"d": {Unknown: true},
		"e": {},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}
