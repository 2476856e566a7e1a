package main

import (
	"testing"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

func journalStateOf(notes ...journal.Note) journal.State {
	st := journal.Fold(nil)
	st.Notes = notes
	return st
}

// A change counts once, by its newest outcome; what an earlier process did counts from the start.
func TestTally(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Changes: []plan.Change{
		{ID: "a", Kind: plan.KindAdd}, {ID: "b", Kind: plan.KindAdd}, {ID: "c", Kind: plan.KindSwap}, {ID: "d", Kind: plan.KindRemove},
	}}
	prior := journalStateOf()
	prior.Outcomes["c"] = journal.Outcome{Status: journal.Applied}
	tally := newTally(p, prior)
	settle := func(i int, s journal.Status) { tally.settled(&p.Changes[i], journal.Outcome{Status: s}) }
	settle(0, journal.Sent)
	settle(0, journal.Applied)
	settle(1, journal.InDoubt)
	settle(1, journal.Failed)
	if got, want := tally.of(rcclient.GroupHeavy), (groupTally{total: 2, done: 1, failed: 1}); got != want {
		t.Errorf("heavy %+v, want %+v", got, want)
	}
	if got := tally.of(rcclient.GroupMedium).words(); got != "1 done, 0 failed, 1 left" {
		t.Errorf("medium: %q", got)
	}
	settle(1, journal.Applied) // reading showed that it took effect after all
	if got, want := tally.all(), (groupTally{total: 4, done: 3}); got != want {
		t.Errorf("all %+v, want %+v", got, want)
	}
}
