package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// BenchmarkRecovery is what "resume" does before its first call, of a run of
// 10,000 changes of which each has an intent and two outcomes: plan and journal
// are read to find out how the run stands, and the journal once more, to go on
// with it. The yardstick is two seconds.
func BenchmarkRecovery(b *testing.B) {
	const changes = 10_000
	p := &plan.Plan{FormatVersion: plan.FormatVersion, Account: plan.Account{ID: "1"}}
	for i := range changes {
		name := fmt.Sprint("Desk ", i)
		p.Changes = append(p.Changes, plan.Change{
			ID: fmt.Sprint("update-", i), Kind: plan.KindUpdate, On: &plan.Extension{ID: plan.ExtensionID(fmt.Sprint(100000 + i))},
			Effect: &plan.UpdateDevice{Device: plan.DeviceRef{ID: plan.DeviceID(fmt.Sprint(200000 + i))}, Name: &name},
		})
	}
	r, err := createRun(b.TempDir(), time.Now())
	if err != nil {
		b.Fatal(err)
	}
	if err := r.keepPlan(p); err != nil {
		b.Fatal(err)
	}
	j, err := journal.Create(r.journal(), journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for i := range p.Changes {
		if err := j.Append(threeRecords(&p.Changes[i])...); err != nil {
			b.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p, state, err := loadRun(r)
		if err != nil || len(unsettled(p, state)) != 0 {
			b.Fatalf("%d changes are left, %v", len(unsettled(p, state)), err)
		}
		j, _, err := journal.Open(r.journal(), journal.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// threeRecords are a change's intent, its answer and its confirmation.
func threeRecords(c *plan.Change) []journal.Record {
	device := string(c.Update().Device.ID)
	out := func(s journal.Status) *journal.Outcome {
		return &journal.Outcome{Attempt: 1, Status: s, DeviceID: device, RequestID: "6f9b6dae-6f4c-57a8-2ac2-ce17a5794a3b", Ended: time.Now()}
	}
	request, _ := json.Marshal(map[string]string{"name": *c.Update().Name}) // texts always encode
	id := []string{c.ID}
	return []journal.Record{
		{Type: journal.TypeIntent, Changes: id, Intent: &journal.Intent{Attempt: 1, Operation: "updateDevice", Extension: string(c.ExtensionID()), Request: request,
			Devices: map[string]string{c.ID: device}}},
		{Type: journal.TypeOutcome, Changes: id, Outcome: out(journal.Sent)},
		{Type: journal.TypeOutcome, Changes: id, Outcome: out(journal.Applied)},
	}
}
