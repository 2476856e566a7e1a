package main

import (
	"testing"

	"provision/executor/journal"
	"provision/plan"
)

// A run that was killed before its terms were journaled keeps to what must have been agreed: a plan with rows in
// error is only ever applied without what these rows touch.
func TestTermsOfRunKilledEarly(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Errors: []plan.Problem{{}}}
	if !termsOf(p, journal.State{}).skipBadRows {
		t.Error("without its terms a run would send what shares objects with rows in error")
	}
	if termsOf(&plan.Plan{}, journal.State{}).skipBadRows {
		t.Error("a plan without errors leaves nothing out")
	}
	note := terms{skipBadRows: false}.note("")
	if termsOf(p, journal.State{Notes: []journal.Note{note}}).skipBadRows {
		t.Error("the terms that were journaled do not count")
	}
}
