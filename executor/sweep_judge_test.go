package executor

import (
	"fmt"
	"slices"
	"strings"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
	"provision/rcclient/rcsim"
)

// judge compares what the journal and the report say with the simulator's
// effects and the account.
func (s *sweep) judge() (problems []string) {
	v := &verdicts{sweep: s, st: s.state(), account: s.server.Snapshot(), effects: s.server.Effects()}
	for i := range s.b.p.Changes {
		v.status(&s.b.p.Changes[i])
	}
	v.counts()
	v.rows()
	for _, text := range s.server.Violations() {
		v.bad("contract: %s", text)
	}
	if len(v.problems) > 0 {
		v.problems = append(v.problems, v.history()...)
	}
	return v.problems
}

// verdicts is a finished case being judged.
type verdicts struct {
	*sweep
	st       journal.State
	account  *rcsim.Account
	effects  []rcsim.Effect
	problems []string
}

func (v *verdicts) bad(format string, args ...any) {
	v.problems = append(v.problems, "PROBLEM: "+fmt.Sprintf(format, args...))
}

// history is what happened, for the reader of a counterexample.
func (v *verdicts) history() []string {
	var lines []string
	recs, err := journal.ReadFS(v.fs, journalName)
	if err != nil {
		lines = append(lines, err.Error())
	}
	for _, r := range recs {
		switch {
		case r.Run != nil:
			lines = append(lines, fmt.Sprintf("%s process %s", r.Time.Format("15:04:05.0"), r.Run.Event))
		case r.Intent != nil:
			lines = append(lines, fmt.Sprintf("%s intent  %v attempt %d known %v", r.Time.Format("15:04:05.0"), r.Changes, r.Intent.Attempt, r.Intent.Known))
		case r.Outcome != nil:
			o := r.Outcome
			lines = append(lines, fmt.Sprintf("%s outcome %v %s %s%v %s %s %s", r.Time.Format("15:04:05.0"), r.Changes, o.Status, o.DeviceID, o.DeviceIDs, o.Code, o.Message, o.Rule))
		}
	}
	for _, e := range v.effects {
		lines = append(lines, fmt.Sprintf("effect %s %s by %s on %q: %s %s %s %s", e.Time, e.Kind, e.Operation, e.Extension, e.Device, e.Target, e.Number, e.Location))
	}
	return lines
}

// status checks that a change may have ended as it did.
func (v *verdicts) status(c *plan.Change) {
	out, ok := v.st.Outcomes[c.ID]
	switch {
	case v.abandon && (!ok || out.Status == journal.NotSent || out.Status == journal.AddressPending):
	case !ok:
		v.bad("%s has no outcome", c.ID)
	case v.meddled():
	case out.Status == journal.Applied:
	case out.Status == journal.Failed && v.mayFail(c):
	case out.Status == journal.Blocked && slices.ContainsFunc(c.DependsOn(), v.blocks):
	case out.Status == journal.Ambiguous && c.Kind == plan.KindStock && v.noList():
	default:
		v.bad("%s is %s (%s: %s), which nothing explains", c.ID, out.Status, out.Code, out.Message)
	}
}

// blocks reports whether what depends on a change can't be made. An abandoned
// run does not wait for a new ERL.
func (v *verdicts) blocks(id string) bool {
	st := v.st.Outcomes[id].Status
	return !st.Succeeded() || v.abandon && st == journal.AddressPending && strings.HasPrefix(id, "location")
}

// mayFail reports whether a fault of the case refuses changes of the kind, or
// its faults are enough for the change to be given up.
func (v *verdicts) mayFail(c *plan.Change) bool {
	if out := v.st.Outcomes[c.ID]; strings.HasPrefix(out.Message, "given up") {
		return v.st.Attempts[c.ID] >= maxNotSent && v.hits(c) >= maxNotSent
	}
	return slices.ContainsFunc(v.faults.Rules, func(r rcsim.FaultRule) bool {
		return slices.Contains(map[rcsim.FaultKind][]plan.Kind{
			rcsim.FaultBulkFail:    {plan.KindAdd, plan.KindUnstock, plan.KindSetSerial},
			rcsim.FaultNoInventory: {plan.KindAdd, plan.KindStock},
			rcsim.FaultNoNumbers:   {plan.KindAdd},
		}[r.Kind], c.Kind)
	})
}

// hits is how many calls for a change the case's faults can undo.
func (v *verdicts) hits(c *plan.Change) (n int) {
	for _, r := range v.faults.Rules {
		if r.Kind != rcsim.FaultAdmin && r.Kind != rcsim.FaultLag && mayHit(r.On, c) {
			n += max(r.Times, len(r.Calls))
		}
	}
	return n + len(v.deaths)
}

// mayHit reports whether one of the scopes has the change's call.
func mayHit(on rcsim.FaultScope, c *plan.Change) bool {
	group := string(GroupOf(c.Kind))
	return slices.ContainsFunc(on, func(name string) bool {
		return name == "writes" || name == group || name == operationOf(c.Kind)
	})
}

// key is what ties effects to changes: their kind and the object.
type effectKey struct {
	kind   string
	object string
}

func (v *verdicts) keyOfChange(c *plan.Change) effectKey {
	switch c.Kind {
	case plan.KindAdd:
		return effectKey{"add", string(c.ExtensionID())}
	case plan.KindSwap:
		return effectKey{"swap", string(c.ExtensionID())}
	case plan.KindUpdate, plan.KindUpdateEmergency, plan.KindSetSerial:
		return effectKey{"update", string(c.ExtensionID())}
	case plan.KindRemove:
		return effectKey{"remove", string(c.Remove().Device)}
	case plan.KindUnstock:
		if ref := c.Unstock().Device; ref.Change != "" {
			return effectKey{"unstock", v.st.Outcomes[ref.Change].DeviceID}
		}
		return effectKey{"unstock", string(c.Unstock().Device.ID)}
	case plan.KindStock:
		return effectKey{"stock", ""}
	case plan.KindCreateLocation:
		return effectKey{"location", ""}
	}
	return effectKey{}
}

func keyOfEffect(e rcsim.Effect) effectKey {
	switch e.Kind {
	case rcsim.EffectAdded:
		return effectKey{"add", string(e.Extension)}
	case rcsim.EffectSwapped:
		return effectKey{"swap", string(e.Extension)}
	case rcsim.EffectUpdated, rcsim.EffectEmergency:
		return effectKey{"update", string(e.Extension)}
	case rcsim.EffectRemoved:
		return effectKey{"remove", string(e.Device)}
	case rcsim.EffectUnstocked:
		return effectKey{"unstock", string(e.Device)}
	case rcsim.EffectStocked:
		return effectKey{"stock", ""}
	case rcsim.EffectLocation:
		return effectKey{"location", ""}
	}
	return effectKey{}
}

// tally is how many effects there may be of one key.
type tally struct{ most, sure, perhaps, own, others int }

// counts checks that each change that says so took effect, once, and no other.
func (v *verdicts) counts() {
	tallies := map[effectKey]*tally{}
	at := func(k effectKey) *tally {
		if tallies[k] == nil {
			tallies[k] = &tally{}
		}
		return tallies[k]
	}
	for i := range v.b.p.Changes {
		c := &v.b.p.Changes[i]
		t, units := at(v.keyOfChange(c)), 1
		if c.Add() != nil && v.movedThere(c) {
			t.others++
		}
		if c.Stock() != nil {
			units = c.Stock().Quantity
		}
		t.most += units
		switch st := v.st.Outcomes[c.ID].Status; {
		case st == journal.Ambiguous:
			t.perhaps += units
		case st.Succeeded() && st != journal.NoOp:
			t.sure += units
		}
	}
	at(effectKey{"stock", ""}).others += v.putAway()
	touched := v.touched()
	for i, e := range v.effects {
		t := at(keyOfEffect(e))
		if e.Operation == "admin" {
			t.others++
		} else {
			t.own++
		}
		if touched[string(e.Device)] || v.undoneSwap(i) {
			t.most++ // undone by someone else: it could not be told from never done
			t.perhaps++
		}
	}
	for k, t := range tallies {
		if t.own > t.most {
			v.bad("%v: %d effects of %d asked for: done twice", k, t.own, t.most)
		}
		if t.own < t.sure-t.others || t.own > t.sure+t.perhaps {
			v.bad("%v: %d effects (%d of others), reported are %d and perhaps %d", k, t.own, t.others, t.sure, t.perhaps)
		}
	}
}

// rows checks the report against the account.
func (v *verdicts) rows() {
	r := report.Build(&v.b.p, v.st, report.Options{})
	if len(r.Lines) != len(v.b.p.Rows) {
		v.bad("%d rows are reported of %d", len(r.Lines), len(v.b.p.Rows))
		return
	}
	for i, line := range r.Lines {
		c := &v.b.p.Changes[i]
		switch {
		case line.Status == report.Pending && v.abandon:
		case line.Status == report.Pending || line.Status == "":
			v.bad("row of %s is %q", c.ID, line.Status)
		case line.Status != report.Status(v.st.Outcomes[c.ID].Status):
			v.bad("row of %s is %s, the change is %s", c.ID, line.Status, v.st.Outcomes[c.ID].Status)
		case line.Status == report.Applied && !v.meddled():
			if why := v.untrue(c, line); why != "" {
				v.bad("row of %s is applied, but %s", c.ID, why)
			}
		}
	}
}

func (v *verdicts) find(id string) *rcsim.Device {
	for i := range v.account.Devices {
		if string(v.account.Devices[i].ID) == id {
			return &v.account.Devices[i]
		}
	}
	return nil
}

func onExtension(d *rcsim.Device) string {
	if d == nil || d.Extension == nil {
		return ""
	}
	return fmt.Sprint(d.Extension.ID)
}

// untrue says what of an applied row the account does not show.
func (v *verdicts) untrue(c *plan.Change, line report.Line) string {
	d := v.find(line.DeviceID)
	out := v.st.Outcomes[c.ID]
	switch c.Kind {
	case plan.KindAdd:
		if v.replaced(c) {
			return ""
		}
		return v.untrueLine(c, line, d, c.Add().Emergency)
	case plan.KindSwap:
		if onExtension(d) != string(c.ExtensionID()) {
			return fmt.Sprintf("phone %s is on %q", line.DeviceID, onExtension(d))
		}
	case plan.KindSetSerial:
		if d == nil || !strings.EqualFold(d.Serial, c.SetSerial().Serial) {
			return "the phone does not have the serial"
		}
	case plan.KindUpdate, plan.KindUpdateEmergency:
		if c.Update().Name != nil && (d == nil || d.Name != *c.Update().Name) {
			return "the phone is not called so"
		}
		return v.untrueLine(c, line, d, c.Update().Emergency)
	case plan.KindRemove:
		d = v.find(string(c.Remove().Device))
		if onExtension(d) != "" && !v.swappedIn(c.Remove().Device) || !c.Remove().KeepAssets && d != nil {
			return "the phone is there"
		}
	case plan.KindUnstock:
		if d = v.find(v.keyOfChange(c).object); d != nil {
			return "the phone is there"
		}
	case plan.KindStock:
		for _, id := range out.DeviceIDs {
			if v.find(id) == nil {
				return "slot " + id + " is not there"
			}
		}
	case plan.KindCreateLocation:
		if !slices.ContainsFunc(v.account.EmergencyLocations, func(l rcsim.EmergencyLocation) bool {
			return string(l.ID) == out.LocationID && l.Name == c.Location().Name
		}) {
			return "the ERL is not there"
		}
	}
	return ""
}

// swappedIn reports whether a swap of the plan puts the phone on an extension.
func (v *verdicts) swappedIn(id plan.DeviceID) bool {
	return slices.ContainsFunc(v.b.p.Changes, func(o plan.Change) bool { return o.Swap() != nil && o.Swap().Target.ID == id })
}

// replaced reports whether a swap of the plan takes the added phone away.
func (v *verdicts) replaced(c *plan.Change) bool {
	return slices.ContainsFunc(v.b.p.Changes, func(o plan.Change) bool { return o.Swap() != nil && o.Swap().Source.Change == c.ID })
}

// untrueLine says what a row's phone does not show of number and address.
func (v *verdicts) untrueLine(c *plan.Change, line report.Line, d *rcsim.Device, t *plan.EmergencyTarget) string {
	if onExtension(d) != string(c.ExtensionID()) {
		return fmt.Sprintf("phone %q is on %q", line.DeviceID, onExtension(d))
	}
	if line.Number != "" && (len(d.PhoneLines) == 0 || d.PhoneLines[0].PhoneInfo.PhoneNumber != line.Number) {
		return "its number is not " + line.Number
	}
	if t == nil {
		return ""
	}
	switch e := d.Emergency; {
	case e == nil:
		return "it has no emergency address"
	case line.Emergency != e.AddressStatus:
		return fmt.Sprintf("its address is %s, reported as %s", e.AddressStatus, line.Emergency)
	case !strings.EqualFold(fmt.Sprint(e.Address["street"]), t.Place.Street):
		return fmt.Sprintf("its address is %v", e.Address["street"])
	}
	return ""
}
