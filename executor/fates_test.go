package executor

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// Addresses become valid or invalid soon, late or never, change back and forth,
// are changed by others; list readings lag behind readings of one phone, or the
// other way; phones come and go on the lines; processes die: each verdict is what the last
// reading before it showed, of the address that the change has set.
func TestFatesOfAddresses(t *testing.T) {
	t.Parallel()
	check(t, seedOfTests, func(rt *rapid.T) {
		f := drawFated(rt)
		if problems := f.problems(t); len(problems) > 0 {
			rt.Fatalf("%s\nlists lag %d s behind, single readings %d s; deaths %v\n%s", (&sweepCase{scene: f.scene, faults: f.faults}).text(),
				f.lists, f.ones, f.deaths, strings.Join(problems, "\n"))
		}
	})
}

// fated is a case: a scene, and what its readings show.
type fated struct {
	*scene
	seed        uint64
	lists, ones int   // seconds by which a kind of reading lags behind
	deaths      []int // after how many seconds a process dies; the next begins as much later
	faults      rcsim.Faults
}

func drawFated(t *rapid.T) *fated {
	f := &fated{scene: newScene(rapid.Bool().Draw(t, "erl"), true)}
	f.seed = rapid.Uint64Range(1, 1<<30).Draw(t, "seed")
	lags := []int{0, 0, 5, 20, 60, 110}
	f.lists, f.ones = rapid.SampledFrom(lags).Draw(t, "lists"), rapid.SampledFrom(lags).Draw(t, "ones")
	f.deaths = rapid.SliceOfN(rapid.IntRange(1, 900), 0, 2).Draw(t, "deaths")
	few := 0.1
	for _, rule := range []rcsim.FaultRule{
		{Kind: rcsim.FaultDrop, When: "after", Probability: &few}, {Kind: rcsim.FaultDrop, When: "before", Probability: &few},
		{Kind: rcsim.FaultAdmin, When: "before", Edit: "address", Probability: &few},
		{Kind: rcsim.FaultAdmin, When: "after", Edit: "address", Probability: &few},
	} {
		if rapid.IntRange(0, 3).Draw(t, "fault") == 3 {
			rule.On, rule.Times = rcsim.FaultScope{"writes"}, 3
			f.faults.Rules = append(f.faults.Rules, rule)
		}
	}
	f.faults.Seed, f.faults.MaxLate = f.seed, 120
	size := rapid.SampledFrom([]int{2, 6, 25 / raceFactor}).Draw(t, "size")
	for _, part := range []struct {
		most int
		make func(*scene)
	}{
		{size, (*scene).move}, {size, (*scene).reset}, {size, func(s *scene) { s.add(s.ext()) }}, {size, (*scene).addReplaced}, {size / 2, (*scene).swapPair},
		{2 * size, func(s *scene) { ext := s.phone(); s.swap(ext, device(ext), s.spare(), 0) }}, {2 * size, (*scene).rename},
	} {
		for range rapid.IntRange(0, part.most).Draw(t, "parts") {
			part.make(f.scene)
		}
	}
	return f
}

// reset puts a phone whose address was refused at the same place again.
func (s *scene) reset() {
	ext := s.phone()
	s.account.Devices[len(s.account.Devices)-1].Emergency.AddressStatus = addressInvalid
	shown := s.present()
	shown.AddressStatus = addressInvalid
	c := s.b.move(ext, device(ext), s.target(0))
	c.Precondition.Emergency = &shown
	c.Precondition.Holds = []plan.Holding{holds(device(ext), ext)}
}

// problems carries the case out and says what is wrong with its verdicts.
func (f *fated) problems(t *testing.T) (problems []string) {
	t.Helper()
	bubble(t, func(t *testing.T) {
		never := 1e6
		f.account.Settings.Validation.Seconds = &never
		faults := f.faults
		faults.Rules = slices.Clone(faults.Rules)
		for on, lag := range map[string]int{"listExtensionDevices": f.lists, "readDevice": f.ones} {
			if seconds := float64(lag); lag > 0 {
				faults.Rules = append(faults.Rules, rcsim.FaultRule{Kind: rcsim.FaultLag, On: rcsim.FaultScope{on}, Seconds: &seconds})
			}
		}
		w := newWorld(t, f.account, rcsim.Options{Faults: &faults})
		p := &provider{server: w.server, seed: f.seed, lists: time.Duration(f.lists) * time.Second, ones: time.Duration(f.ones) * time.Second,
			set: map[plan.ExtensionID][]setting{}, shown: map[plan.ExtensionID][]showing{}, began: time.Now()}
		f.b.p.SnapshotAt = time.Now()
		for _, seconds := range f.deaths {
			lives := time.Duration(seconds) * time.Second
			ctx, kill := context.WithTimeout(t.Context(), lives)
			if f.process(ctx, w, p) == nil {
				kill()
				break
			}
			kill()
			time.Sleep(lives)
		}
		if err := f.process(t.Context(), w, p); err != nil {
			problems = append(problems, err.Error())
		}
		p.catchUp()
		ends := w.state().Outcomes
		for i := range f.b.p.Changes {
			c := &f.b.p.Changes[i]
			if why := p.untrue(c, ends[c.ID]); why != "" {
				problems = append(problems, fmt.Sprintf("%s is %s (%s %s), but %s", c.ID, ends[c.ID].Status, ends[c.ID].Code, ends[c.ID].Message, why))
			}
		}
		for _, text := range w.server.Violations() {
			problems = append(problems, "contract: "+text)
		}
	})
	return problems
}

// process begins or goes on with the case.
func (f *fated) process(ctx context.Context, w *world, p *provider) error {
	w.t.Helper()
	p.Client = w.client()
	defer func() { _ = p.Close(context.WithoutCancel(ctx)) }()
	j, state, err := journal.Open(journalName, journal.Options{FS: w.fs})
	if err != nil {
		j, err = journal.Create(journalName, journal.Options{FS: w.fs})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	_, err = New(p, j, nil, Options{}).Run(ctx, &f.b.p, state)
	return err
}

// provider stands between executor and service and says what becomes of each
// address that is set; the simulator leaves all of them provisioning.
type provider struct {
	*rcclient.Client
	server      *rcsim.Server
	seed        uint64
	lists, ones time.Duration // by how much readings lag behind
	began       time.Time

	mu      sync.Mutex
	effects int // seen
	set     map[plan.ExtensionID][]setting
	shown   map[plan.ExtensionID][]showing
}

// setting is an address that was set on an extension's line.
type setting struct {
	at    time.Time
	admin bool // by someone else
	fate  fate
}

// showing is what a reading showed of an extension's line.
type showing struct {
	end, of       time.Time // of: it shows the account as it was then
	status, place string
}

// fate is what becomes of an address: its status from so long after it was set
// on. Before the first it is Provisioning.
type fate []turn

type turn struct {
	after  time.Duration
	status string
}

func (f fate) at(age time.Duration) string {
	status := addressProvisioning
	for _, t := range f {
		if age >= t.after {
			status = t.status
		}
	}
	return status
}

func drawFate(r *rand.Rand) fate {
	some := func(from, to int) time.Duration { return time.Duration(from+r.IntN(to-from)) * time.Second }
	soon, then := some(5, 100), some(10, 300)
	switch r.IntN(8) {
	case 0:
		return fate{{some(60, 1000), addressValid}}
	case 1:
		return fate{{some(5, 300), addressInvalid}}
	case 2:
		return nil // never
	case 3:
		return fate{{soon, addressValid}, {soon + then, addressProvisioning}, {soon + 2*then, addressInvalid}}
	case 4:
		return fate{{soon, addressInvalid}, {soon + then, addressProvisioning}, {soon + 2*then, addressValid}}
	}
	return fate{{some(5, 60), addressValid}}
}

// catchUp takes in which addresses were set.
func (p *provider) catchUp() {
	for _, e := range p.server.Effects()[p.effects:] {
		p.effects++
		if e.Kind != rcsim.EffectAdded && e.Kind != rcsim.EffectEmergency {
			continue
		}
		ext := plan.ExtensionID(e.Extension)
		at, err := time.Parse(time.RFC3339, e.Time)
		if err != nil {
			panic(err)
		}
		h := fnv.New64a()
		_, _ = fmt.Fprintf(h, "%d/%s/%d", p.seed, ext, len(p.set[ext]))
		p.set[ext] = append(p.set[ext], setting{at: at, admin: e.Operation == "admin", fate: drawFate(rand.New(rand.NewPCG(h.Sum64(), 1)))})
	}
}

// show tells of a phone on an extension how its address was at a time.
func (p *provider) show(d *rcclient.DeviceResource, ext plan.ExtensionID, of time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.catchUp()
	if d.Emergency == nil {
		return
	}
	for _, s := range p.set[ext] {
		if !s.at.After(of) {
			d.Emergency.AddressStatus = s.fate.at(of.Sub(s.at))
		}
	}
	s := showing{end: time.Now(), of: of, status: d.Emergency.AddressStatus}
	if d.Emergency.Location != nil {
		s.place = string(d.Emergency.Location.ID)
	} else if d.Emergency.Address != nil {
		s.place = d.Emergency.Address.Street
	}
	p.shown[ext] = append(p.shown[ext], s)
}

// ExtensionDevices reads lists.
func (p *provider) ExtensionDevices(ctx context.Context, ids []rcclient.ID) ([]rcclient.ExtensionDevicesResult, error) {
	of := time.Now().Add(-p.lists)
	res, err := p.Client.ExtensionDevices(ctx, ids)
	for i := range res {
		for j := range res[i].Devices {
			p.show(&res[i].Devices[j], plan.ExtensionID(res[i].Extension), of)
		}
	}
	return res, err
}

// Device reads one phone.
func (p *provider) Device(ctx context.Context, id rcclient.ID, sync bool) (*rcclient.DeviceResource, error) {
	of := time.Now().Add(-p.ones)
	res, err := p.Client.Device(ctx, id, sync)
	if err == nil && res.Extension != nil {
		p.show(res, plan.ExtensionID(res.Extension.ID), of)
	}
	return res, err
}

// untrue says what of a verdict is not what was shown last.
func (p *provider) untrue(c *plan.Change, out journal.Outcome) string {
	t, all := c.Emergency(), p.set[c.ExtensionID()]
	others := slices.ContainsFunc(all, func(s setting) bool { return s.admin })
	own := slices.DeleteFunc(slices.Clone(all), func(s setting) bool { return s.admin })
	switch {
	case t == nil:
		return "" // the sweep's
	case len(all) == 0:
		return "no address was set"
	case len(own) == 0: // someone else was before the run, at this place or another
		own = all
	}
	set := own[0].at
	place := t.Place.Street
	if t.Location != nil {
		place = string(t.Location.ID)
	}
	last, shown := p.last(c.ExtensionID(), out.Ended), ""
	for _, s := range last {
		shown += fmt.Sprintf("; shown last at %s: %s at %s, as of %s", s.end.Sub(p.began), s.status, s.place, s.of.Sub(p.began))
	}
	is := func(status string) bool {
		return slices.ContainsFunc(last, func(s showing) bool { return s.status == status && s.place == place && !s.of.Before(set) })
	}
	awaited := func(s showing) bool { return s.status == addressProvisioning || s.place != place || s.of.Before(set) }
	switch {
	case (out.Status == journal.Applied || out.Status == journal.NoOp) && is(addressValid), out.Status == journal.AddressInvalid && is(addressInvalid):
		return ""
	case out.Status == journal.AddressPending && slices.ContainsFunc(last, awaited) && !out.Ended.Before(set.Add(DefaultAddressDeadline)):
		return ""
	case others && (out.Status == journal.AddressDiffers || out.Status == journal.Ambiguous || out.Status == journal.Stale):
		return ""
	}
	return fmt.Sprintf("it was set at %s%s", set.Sub(p.began), shown)
}

// last is what the readings showed that came last before a verdict: several
// where they came at once.
func (p *provider) last(ext plan.ExtensionID, verdict time.Time) (last []showing) {
	for _, s := range p.shown[ext] {
		if s.end.After(verdict) {
			continue
		}
		if len(last) > 0 && s.end.After(last[0].end) {
			last = last[:0]
		}
		last = append(last, s)
	}
	return last
}
