package main

import (
	"context"
	"time"

	"provision/executor/journal"
	"provision/executor/report/timeline"
	"provision/rcclient"
)

// trafficEvery is how often the journal gets the calls of the last minutes, in
// service time; on the wall never more often than trafficLeast.
const (
	trafficEvery = 5 * time.Minute
	trafficLeast = 10 * time.Second
)

// traffic keeps in the journal how many calls each minute took: a process that
// is killed loses only what came after its last note.
type traffic struct {
	client *rcclient.Client
	scale  rcclient.Scale
	note   func(journal.Record) error
	next   int // the first minute that the next note has to tell of
}

// watchTraffic writes notes until the function that it gives is called, which
// writes the last one.
func (c *carry) watchTraffic(ctx context.Context) func() {
	t := &traffic{client: c.session.client, scale: rcclient.Scale(c.session.server.scale), note: func(r journal.Record) error { return c.journal.Append(r) }}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer recoverTo(c.app.log)
		tick := time.NewTicker(max(trafficLeast, t.scale.Wall(trafficEvery)))
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				t.tell()
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
		t.tell()
	}
}

// tell writes what was not told yet. That it can't be written is no reason to
// stop: whoever depends on the journal finds out by itself.
func (t *traffic) tell() {
	born, use := t.client.Minutes(t.next)
	if len(use) == 0 {
		return
	}
	n := timeline.Note{Born: born, Scale: max(1, float64(t.scale)), Limits: map[string]int{}}
	at := map[int]int{}
	for _, u := range use {
		i, ok := at[u.Minute]
		if !ok {
			i = len(n.Minutes)
			at[u.Minute] = i
			n.Minutes = append(n.Minutes, timeline.Minute{At: u.Minute, Calls: map[string]int{}})
		}
		n.Minutes[i].Calls[string(u.Group)] = u.Calls
	}
	for group, l := range t.client.Limits() {
		if l.Window > 0 {
			n.Limits[string(group)] = int(float64(l.Calls) * float64(time.Minute) / float64(l.Window))
		}
	}
	note := n.Journal()
	if t.note(journal.Record{Type: journal.TypeNote, Note: &note}) == nil {
		t.next = n.Minutes[len(n.Minutes)-1].At // it may not be over yet
	}
}
