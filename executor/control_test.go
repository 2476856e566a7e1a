package executor

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// A pause begins nothing new but the emergency half of a swap that was made; what was sent is read back, and
// after it all goes on as if nothing had been.
func TestPause(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		a := account(true, 100, func(a *rcsim.Account) {
			for ext := 101; ext <= 190; ext++ {
				a.Devices = append(a.Devices, phone(fmt.Sprint("d", ext), ext, 0))
			}
			a.Devices = append(a.Devices, phone("i1", 0, 0))
		})
		b := newPlan()
		b.swap(101, ref("d101"), ref("i1"), 0)
		urgent := b.move(101, "i1", at(1))
		urgent.Update().Carriers, urgent.Order.Follows = []plan.DeviceRef{ref("d101"), ref("i1")}, []string{"swap-101"}
		for ext := 102; ext <= 190; ext++ {
			b.move(ext, fmt.Sprint("d", ext), at(2))
		}
		w := newWorld(t, a, rcsim.Options{Latency: 300 * time.Millisecond})
		c := w.client()
		defer func() { _ = c.Close(t.Context()) }()
		j, err := journal.Create(journalName, journal.Options{FS: w.fs})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = j.Close() }()
		e := New(c, j, nil, Options{})
		e.Continue("before it began") // means nothing
		swapped, before := make(chan struct{}), 0
		w.intercept(func(s rcsim.Stage, c rcsim.HookCall) *rcsim.Interruption {
			if s == rcsim.AfterEffect && c.Operation == "replaceDevicesJWSPublic" {
				e.Pause("asked for")
				before = len(w.effects()) // others may have been answered before the swap was sent
				close(swapped)
			}
			return nil
		})
		ended := make(chan Summary)
		go func() {
			s, err := e.Run(t.Context(), &b.p, journal.State{})
			if err != nil {
				t.Error(err)
			}
			ended <- s
		}()
		<-swapped
		time.Sleep(time.Hour)
		w.want("emergency-101", journal.Applied)
		during := len(w.effects())
		// The address of the swapped line, and what was under way beside the swap: one less than goes at a time.
		if after := during - before; after < 1 || after > defaultMediumParallel {
			t.Errorf("%d effects within an hour of the pause, %d before", after, before)
		}
		p := e.Progress()
		if !p.Paused || p.Left != len(b.p.Changes)-during || p.Landed != 0 || p.ETA != 0 ||
			!slices.ContainsFunc(p.Waits, func(w Wait) bool { return w.Reason == WaitPaused && w.Count == p.Left }) {
			t.Errorf("the picture of the pause: %+v", p)
		}
		e.Continue("asked for")
		if s := <-ended; s.Applied != len(b.p.Changes) || len(w.effects()) != len(b.p.Changes) {
			t.Errorf("%+v, %d effects", s, len(w.effects()))
		}
	})
}

// A share of the limits that is made smaller while a run works slows it, and the picture foretells that.
func TestSlower(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		r := newRollout(t, 200, rcsim.Mix{Remove: 100}, rcsim.Options{Latency: 300 * time.Millisecond})
		j, err := journal.Create(journalName, journal.Options{FS: r.fs})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = j.Close() }()
		e := New(r.client, j, nil, Options{})
		begun := time.Now()
		foretold := make(chan time.Duration, 1)
		go func() {
			time.Sleep(30 * time.Second)
			if err := r.client.SetQuotaShare(0.25); err != nil {
				t.Error(err)
			}
			time.Sleep(150 * time.Second)
			foretold <- time.Since(begun) + e.Progress().ETA
		}()
		if _, err := e.Run(t.Context(), r.plan, journal.State{}); err != nil {
			t.Fatal(err)
		}
		took := time.Since(begun)
		// 40 in the first window, then 10 in each.
		if took < 15*time.Minute || took > 18*time.Minute {
			t.Errorf("it took %s", took)
		}
		if f := <-foretold; (f - took).Abs() > took/10 {
			t.Errorf("foretold for %s, it was %s", f, took)
		}
		if err := r.client.SetQuotaShare(0); err == nil {
			t.Error("a share of nothing was taken")
		}
		if err := r.client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		r.check()
	})
}
