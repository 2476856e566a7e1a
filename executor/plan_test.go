package executor

import (
	"fmt"
	"time"

	"provision/plan"
)

// planner builds plans by hand; change ids name kind and extension.
type planner struct{ p plan.Plan }

func newPlan() *planner {
	return &planner{p: plan.Plan{FormatVersion: plan.FormatVersion, SnapshotAt: time.Now(), Account: plan.Account{ERLRegime: true}}}
}

// put adds a change; it gets a precondition and an order of its own, for tests
// to fill.
func (b *planner) put(c plan.Change) *plan.Change {
	if c.Precondition == nil {
		c.Precondition = &plan.Precondition{}
	}
	if c.Order == nil {
		c.Order = &plan.Order{}
	}
	b.p.Changes = append(b.p.Changes, c)
	return &b.p.Changes[len(b.p.Changes)-1]
}

func extID(n int) plan.ExtensionID { return plan.ExtensionID(fmt.Sprint(n)) }

func at(loc int) *plan.EmergencyTarget {
	return &plan.EmergencyTarget{Location: &plan.LocationRef{ID: plan.LocationID(fmt.Sprint(5000 + loc))}, Place: place(loc)}
}

func plain(loc int) *plan.EmergencyTarget {
	a := place(loc)
	return &plan.EmergencyTarget{Address: &a, Place: a}
}

func ref(id string) plan.DeviceRef  { return plan.DeviceRef{ID: plan.DeviceID(id)} }
func made(by string) plan.DeviceRef { return plan.DeviceRef{Change: by} }
func holds(id string, ext int) plan.Holding {
	h := plan.Holding{Device: ref(id)}
	if ext != 0 {
		h.Extension = extID(ext)
	}
	return h
}

func (b *planner) add(ext int, t *plan.EmergencyTarget, there ...string) *plan.Change {
	c := plan.Change{ID: fmt.Sprintf("add-%d", ext), Kind: plan.KindAdd, On: &plan.Extension{ID: extID(ext)},
		Effect: &plan.AddLine{DeviceType: plan.TypeOtherPhone, Emergency: t, Number: plan.NumberSource{AreaCode: "650"}}}
	c.Precondition = &plan.Precondition{ExactlySet: true}
	for _, id := range there {
		c.Precondition.Exactly = append(c.Precondition.Exactly, ref(id))
	}
	return b.put(c)
}

func (b *planner) name(ext int, dev plan.DeviceRef, name string) *plan.Change {
	c := plan.Change{ID: fmt.Sprintf("update-%d", ext), Kind: plan.KindUpdate, On: &plan.Extension{ID: extID(ext)},
		Effect: &plan.UpdateDevice{Device: dev, Name: &name}}
	if dev.Change != "" {
		c.Order = &plan.Order{DependsOn: []string{dev.Change}}
	}
	return b.put(c)
}

func (b *planner) move(ext int, dev string, t *plan.EmergencyTarget) *plan.Change {
	return b.put(plan.Change{ID: fmt.Sprintf("emergency-%d", ext), Kind: plan.KindUpdateEmergency, On: &plan.Extension{ID: extID(ext)},
		Effect: &plan.UpdateDevice{Device: ref(dev), Emergency: t}})
}

func (b *planner) remove(ext int, dev string, keep bool) *plan.Change {
	c := plan.Change{ID: fmt.Sprintf("remove-%d", ext), Kind: plan.KindRemove, On: &plan.Extension{ID: extID(ext)},
		Effect: &plan.RemoveLine{Device: plan.DeviceID(dev), KeepAssets: keep}}
	c.Precondition = &plan.Precondition{Holds: []plan.Holding{holds(dev, ext)}}
	return b.put(c)
}

func (b *planner) swap(ext int, source, target plan.DeviceRef, on int) *plan.Change {
	c := plan.Change{ID: fmt.Sprintf("swap-%d", ext), Kind: plan.KindSwap, On: &plan.Extension{ID: extID(ext)},
		Effect: &plan.SwapDevice{Source: source, Target: target}}
	if on != 0 {
		c.Swap().TargetOn = extID(on)
	}
	put := b.put(c)
	for _, r := range []plan.DeviceRef{source, target} {
		if r.Change != "" {
			put.Order.DependsOn = append(put.Order.DependsOn, r.Change)
		}
	}
	return put
}

func (b *planner) unstock(dev plan.DeviceRef, after ...string) *plan.Change {
	c := plan.Change{ID: "unstock-" + string(dev.ID) + dev.Change, Kind: plan.KindUnstock, Effect: &plan.DeleteDevice{Device: dev}}
	c.Order = &plan.Order{DependsOn: after}
	return b.put(c)
}
