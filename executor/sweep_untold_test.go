package executor

import (
	"slices"

	"provision/plan"
	"provision/rcclient/rcsim"
)

// This file finds in a case what the account can't tell: see the package's doc.

// undoneSwap reports whether an effect is a swap whose target someone had put on
// the very extension before, and took away after it: the source is there with a
// line as if nothing had been, so that it counts as never made.
func (v *verdicts) undoneSwap(i int) bool {
	e := v.effects[i]
	byOthers := func(o rcsim.Effect) bool { return o.Operation == "admin" && o.Device == e.Target }
	return e.Kind == rcsim.EffectSwapped && onExtension(v.find(string(e.Device))) == string(e.Extension) &&
		slices.ContainsFunc(v.effects[:i], func(o rcsim.Effect) bool { return byOthers(o) && o.Extension == e.Extension }) &&
		slices.ContainsFunc(v.effects[i:], byOthers)
}

// movedThere reports whether the phone of an add was made on another extension,
// by an add whose answer was lost, and moved by someone before it was seen,
// without a number that tells whose it is.
func (v *verdicts) movedThere(c *plan.Change) bool {
	id := v.st.Outcomes[c.ID].DeviceID
	made := slices.IndexFunc(v.effects, func(e rcsim.Effect) bool {
		return e.Kind == rcsim.EffectAdded && e.Operation != "admin" && string(e.Device) == id && string(e.Extension) != string(c.ExtensionID())
	})
	if made < 0 || slices.ContainsFunc(v.b.p.Changes, func(o plan.Change) bool { return o.Add() != nil && o.Add().Number.Number == v.effects[made].Number }) {
		return false
	}
	return slices.ContainsFunc(v.effects[made:], func(e rcsim.Effect) bool {
		return e.Operation == "admin" && e.Kind == rcsim.EffectUpdated && string(e.Device) == id && string(e.Extension) == string(c.ExtensionID())
	})
}

// putAway counts the phones that the run added, in calls whose answers were
// lost, that someone put away before they were seen, and that stand for new
// slots now. Nothing tells such a phone from a slot: see the package's doc.
func (v *verdicts) putAway() (n int) {
	for _, c := range v.b.p.Changes {
		if c.Kind != plan.KindStock {
			continue
		}
		for _, id := range v.st.Outcomes[c.ID].DeviceIDs {
			had := func(kind rcsim.EffectKind, admin bool) bool {
				return slices.ContainsFunc(v.effects, func(e rcsim.Effect) bool {
					return e.Kind == kind && string(e.Device) == id && (e.Operation == "admin") == admin
				})
			}
			if had(rcsim.EffectAdded, false) && had(rcsim.EffectRemoved, true) {
				n++
			}
		}
	}
	return n
}

// touched are the devices that other administrators changed.
func (v *verdicts) touched() map[string]bool {
	devices := map[string]bool{}
	for _, e := range v.effects {
		if e.Operation == "admin" && e.Kind != rcsim.EffectAdded && e.Kind != rcsim.EffectStocked {
			devices[string(e.Device)] = true
		}
	}
	return devices
}
