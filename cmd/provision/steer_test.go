package main

import (
	"io"
	"sync"
	"testing"
	"time"

	"provision/executor"
	"provision/executor/journal"
	"provision/executor/watch"
	"provision/plan"
	"provision/rcclient"
)

// A wish is followed while the status is written: the race detector looks on,
// and the last picture has what was wished last.
func TestSteeringTellsWhileItObeys(t *testing.T) {
	t.Parallel()
	client, err := rcclient.New("http://127.0.0.1:1", rcclient.Credentials{ClientID: "id", ClientSecret: "secret", JWT: "jwt"})
	if err != nil {
		t.Fatal(err)
	}
	a := &app{screen: newScreen(io.Discard), now: time.Now}
	dir := t.TempDir()
	s := &steering{
		carry: &carry{app: a, run: runFolder{dir: dir}, session: &session{client: client, quota: 1}},
		show:  &progress{watcher: watcher{app: a, tally: newTally(&plan.Plan{}, journal.State{})}},
		exec:  executor.New(nil, nil, nil, executor.Options{}),
	}
	var both sync.WaitGroup
	both.Go(func() {
		for i := range 50 {
			s.obey(watch.Wish{Kind: watch.Slower, Share: float64(i+1) / 100})
			s.tell("")
		}
	})
	both.Go(func() {
		for range 50 {
			s.tell("")
			_ = s.words()
		}
	})
	both.Wait()
	if st, err := watch.Read(dir); err != nil || st.QuotaShare != 0.5 {
		t.Errorf("the last status has the share %g, %v, want 0.5", st.QuotaShare, err)
	}
}
