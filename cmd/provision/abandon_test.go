package main

import (
	"testing"

	"provision/executor/journal"
	"provision/plan"
)

// A run is done when all its changes are, not when the last command that looked
// at it found nothing wrong: verify of an interrupted run ends as done, too.
func TestAbandonRefusesWhatIsDone(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Changes: []plan.Change{{ID: "a", Kind: plan.KindUpdate, Effect: &plan.UpdateDevice{}}, {ID: "b", Kind: plan.KindUpdate, Effect: &plan.UpdateDevice{}}}}
	applied := journal.Outcome{Status: journal.Applied}
	for name, tc := range map[string]struct {
		exit     string
		outcomes map[string]journal.Outcome
		command  string
		refused  bool
	}{
		"all applied":           {journal.ExitDone, map[string]journal.Outcome{"a": applied, "b": applied}, "abandon", true},
		"one not begun":         {journal.ExitDone, map[string]journal.Outcome{"a": applied}, "abandon", false},
		"killed":                {"", map[string]journal.Outcome{"a": applied}, "abandon", false},
		"all applied, resume":   {journal.ExitDone, map[string]journal.Outcome{"a": applied, "b": applied}, "resume", false},
		"abandoned, gone on":    {journal.ExitAbandoned, nil, "resume", true},
		"abandoned, once again": {journal.ExitAbandoned, nil, "abandon", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := refuseClosed(runFolder{id: "r"}, p, journal.State{Exit: tc.exit, Outcomes: tc.outcomes}, tc.command)
			if (err != nil) != tc.refused {
				t.Errorf("%s: %v, want refused: %t", tc.command, err, tc.refused)
			}
		})
	}
}
