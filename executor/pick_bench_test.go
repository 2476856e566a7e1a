package executor

import (
	"fmt"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// BenchmarkNextReading is the choice of one reading while 5,000 addresses are
// awaited and 45,000 changes are left to be sent: none is due, so that all are
// looked at.
func BenchmarkNextReading(b *testing.B) {
	const changes, awaited = 50_000, 5_000
	p := newPlan()
	for i := range changes {
		p.move(i, device(i), at(1))
	}
	client, err := rcclient.New("http://127.0.0.1", rcclient.Credentials{ClientID: "app", ClientSecret: "secret", JWT: "jwt"})
	if err != nil {
		b.Fatal(err)
	}
	r, err := newRun(New(client, nil, nil, Options{}), &p.p, journal.State{}, modeRun)
	if err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	for i, n := range r.nodes {
		e := r.view.ext(n.c.ExtensionID())
		e.at, e.devices = now, map[plan.DeviceID]plan.Device{plan.DeviceID(device(i)): {}}
		if i >= awaited {
			n.phase = queued
			r.queues[n.group].add(n)
			continue
		}
		n.phase, n.out.DeviceID = landed, fmt.Sprint(device(i))
		r.watch(n, now)
		r.startPolling(n)
		n.due = now.Add(time.Minute)
	}
	for b.Loop() {
		if r.nextReading(now) != nil {
			b.Fatal("something is to be read")
		}
	}
}
