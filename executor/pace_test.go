package executor

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// paceCase is a plan and a service without faults, that limits calls in its own
// way.
type paceCase struct {
	*scene
	light, medium, heavy int
	per                  time.Duration // the window
	window               string
	cost                 string // of a list call: "request" or "ids"
	latency              time.Duration
	validation           float64
	share                float64
	used                 bool // half of the Light window is used at the start
}

// paceCases is how many random cases there are, paceSize how many parts a case
// has: enough for a few windows.
const (
	paceCases = 12
	paceSize  = 160
)

func drawPace(t *rapid.T) *paceCase {
	c := &paceCase{scene: newScene(rapid.Bool().Draw(t, "erl"), rapid.IntRange(0, 2).Draw(t, "list") > 0), light: 50, medium: 40, heavy: 10}
	kinds := []string{"add", "add named", "move", "remove", "remove for number", "swap stocked", "swap pair", "swap ring", "add replaced", "unstock", "serial"}
	parts := map[string]scenePart{}
	for _, p := range sceneParts() {
		parts[p.name] = p
	}
	mix := rapid.SliceOfN(rapid.SampledFrom(kinds), 1, 4).Draw(t, "mix")
	blocks := rapid.Bool().Draw(t, "blocks")
	for i := range paceSize {
		at := i % len(mix)
		if blocks {
			at = i * len(mix) / paceSize
		}
		c.put(parts[mix[at]])
	}
	c.finish()
	if rapid.Bool().Draw(t, "other limits") {
		c.light, c.medium, c.heavy = 20, 60, 3
	}
	c.per = rapid.SampledFrom([]time.Duration{time.Minute, 30 * time.Second}).Draw(t, "per")
	c.window = rapid.SampledFrom([]string{"sliding", "fixed"}).Draw(t, "window")
	c.cost = rapid.SampledFrom([]string{"request", "request", "ids"}).Draw(t, "cost")
	c.latency = rapid.SampledFrom([]time.Duration{50 * time.Millisecond, 300 * time.Millisecond, time.Second}).Draw(t, "latency")
	c.validation = rapid.SampledFrom([]float64{1, 30, 120, 600}).Draw(t, "validation")
	c.share = rapid.SampledFrom([]float64{1, 1, 0.5}).Draw(t, "share")
	c.used = rapid.Bool().Draw(t, "used")
	s := &c.account.Settings
	s.Window, s.BatchCost, s.Validation.Seconds = c.window, c.cost, &c.validation
	s.Limits = map[string]rcsim.Limit{}
	for group, n := range map[string]int{"light": c.light, "medium": c.medium, "heavy": c.heavy} {
		s.Limits[group] = rcsim.Limit{Limit: n, Window: c.per.Seconds()}
	}
	return c
}

// text is the case for the reader of a failure.
func (c *paceCase) text() string {
	parts := map[string]int{}
	for _, p := range c.parts {
		parts[p]++
	}
	return fmt.Sprintf("ERLs %t, list %t, %v; light %d medium %d heavy %d in %s, %s, a list costs a %s, share %g, used %t; latency %s, validation %gs",
		c.erl, !c.noList(), parts, c.light, c.medium, c.heavy, c.per, c.window, c.cost, c.share, c.used, c.latency, c.validation)
}

// need is what a run can't do without.
type need struct {
	heavy, medium float64 // mutating calls
	exts          map[plan.ExtensionID]bool
	before        int // devices that are to be read by themselves before their changes
	after         int // the same to be read back
	addressed     bool
}

func (c *paceCase) needs() (n need) {
	n.exts = map[plan.ExtensionID]bool{}
	for i := range c.b.p.Changes {
		ch := &c.b.p.Changes[i]
		n.exts[ch.ExtensionID()] = true
		if s := ch.Swap(); s != nil && s.TargetOn != "" {
			n.exts[s.TargetOn] = true
		}
		n.addressed = n.addressed || ch.Emergency() != nil
		if GroupOf(ch.Kind) == rcclient.GroupMedium {
			n.medium++
		} else {
			n.heavy += 0.1
		}
		switch {
		case ch.Swap() != nil && strings.HasPrefix(string(ch.Swap().Target.ID), "i"):
			n.before++
		case ch.Unstock() != nil:
			n.after++
			if strings.HasPrefix(string(ch.Unstock().Device.ID), "i") {
				n.before++
			}
		}
	}
	return n
}

// bounds are the least times from the first to the last mutating call and to
// the end, each with one window for the beginning.
func (c *paceCase) bounds() (sending, whole time.Duration) {
	n := c.needs()
	lists := float64(len(n.exts))
	if c.cost == "request" {
		lists /= rcclient.MaxExtensionsPerCall
	}
	windows := func(calls float64, limit int) float64 { return calls / float64(int(float64(limit)*c.share)) }
	of := func(windows float64) time.Duration {
		return time.Duration(windows*float64(c.per+c.latency)) + c.per
	}
	before, after := lists+float64(n.before), lists+float64(n.after)
	sending = of(max(windows(n.heavy, c.heavy), windows(n.medium, c.medium), windows(before, c.light)))
	whole = max(sending, of(windows(before+after, c.light)))
	if n.addressed {
		whole += time.Duration(c.validation * float64(time.Second))
	}
	return sending, whole
}

// Whatever the mixture of changes and whatever the limits, nothing that a run
// reads beside them takes the readings that the changes to be sent wait for: no
// call is refused, and the run takes little longer than the calls that it can't
// do without.
func TestPace(t *testing.T) {
	t.Parallel()
	seed, err := sweepSeed()
	if err != nil {
		t.Fatal(err)
	}
	for i := range paceCases / min(raceFactor, 4) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := rapid.Custom(drawPace).Example(int(seed)*paceCases + i)
			synctest.Test(t, func(t *testing.T) { c.pace(t) })
		})
	}
}

// pace carries the case out and compares its times with the bounds.
func (c *paceCase) pace(t *testing.T) {
	t.Helper()
	c.b.p.SnapshotAt = time.Now()
	w := newWorld(t, c.account, rcsim.Options{Latency: c.latency})
	if c.used {
		before := w.client()
		for range c.light / 2 {
			if _, err := before.AccountInfo(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := before.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	client := w.client(rcclient.WithQuotaShare(c.share))
	j, err := journal.Create(journalName, journal.Options{FS: w.fs})
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	sum, err := New(client, j, nil, Options{}).Run(t.Context(), &c.b.p, journal.State{})
	took := time.Since(begun)
	for _, err := range []error{err, j.Close(), client.Close(t.Context())} {
		if err != nil {
			t.Error(err)
		}
	}
	w.check()
	c.judge(t, w, sum, took)
}

// Parts of the bounds that a run may take longer. What they leave room for is
// chance: which part of a window is left, and calls that are not full.
const (
	paceSending = 1.15
	paceWhole   = 1.25
)

func (c *paceCase) judge(t *testing.T, w *world, sum Summary, took time.Duration) {
	t.Helper()
	sending, whole := c.bounds()
	s, all := float64(w.span())/float64(sending), float64(took)/float64(whole)
	t.Logf("sending %s (%.2f), whole %s (%.2f); calls %v; %s", w.span(), s, took, all, sum.Calls, c.text())
	if n := w.server.Stats().RateLimited; n > 0 {
		t.Errorf("%d calls were refused for their rate", n)
	}
	if sum.Applied != len(c.b.p.Changes) {
		t.Errorf("%d of %d changes were applied: %+v", sum.Applied, len(c.b.p.Changes), sum)
	}
	if s > paceSending || all > paceWhole {
		t.Errorf("sending took %.2f of %s, the whole %.2f of %s", s, sending, all, whole)
	}
}
