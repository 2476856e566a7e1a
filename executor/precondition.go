package executor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// decision is what is to be done with a ready change now.
type decision struct {
	kind   decisionKind
	out    journal.Outcome // of decideEnd
	device plan.DeviceID   // of decideSend: the device that the call names
}

type decisionKind int

const (
	decideWait decisionKind = iota // its objects are not fresh
	decideSend
	decideEnd  // with out: no_op, stale, blocked or failed
	decideLand // the goal is met but not yet confirmed: with out
)

func end(s journal.Status, code, format string, args ...any) decision {
	return decision{kind: decideEnd, out: journal.Outcome{Status: s, Code: code, Message: fmt.Sprintf(format, args...)}}
}

// Codes of ours in outcomes; all others are the service's.
const (
	codeStale     = "stale"
	codeMet       = "already_so"
	codeBlocked   = "blocked"
	codeTainted   = "row_error_nearby"
	codeUnread    = "not_readable"
	codeNotBack   = "not_read_back"
	codeForeign   = "changed_by_others"
	codeCantTell  = "cannot_tell"
	codeNotReady  = "location_not_valid"
	codeGaveUp    = "gave_up"
	codeBadCall   = "bad_call"
	codeDifferent = "another_place"
	codePartly    = "address_only"
)

// decide looks at the view: may the change be sent, is its goal met, does its
// precondition hold no longer, or must something be read first?
func (r *run) decide(n *node, now time.Time) decision {
	o := r.lookedAt(n)
	if d, ok := r.fresh(o, now); !ok {
		return d
	}
	if n.c.Kind == plan.KindStock && !r.freshSlots(n, now) {
		return decision{kind: decideWait}
	}
	if r.unsure(o) && !r.settledView(o, now) {
		return decision{kind: decideWait}
	}
	d := r.judge(n)
	if d.kind == decideEnd && (d.out.Status == journal.Stale || d.out.Status == journal.NoOp) && !r.settledView(o, now) {
		// The run changed these objects moments ago; the service may not show
		// it yet.
		return decision{kind: decideWait}
	}
	return d
}

// unsure reports whether an object may have been read as it was before the
// run's own last call on it.
func (r *run) unsure(o objects) bool {
	return slices.ContainsFunc(o.exts, func(id plan.ExtensionID) bool { return r.view.ext(id).unsure }) ||
		slices.ContainsFunc(o.devs, func(id plan.DeviceID) bool { return r.view.device(id).unsure })
}

// fresh reports whether all objects are known well enough; if not, the
// decision is to wait, or to fail if they can't be read.
func (r *run) fresh(o objects, now time.Time) (decision, bool) {
	limit := now.Add(-r.wall(r.opts.MaxAge))
	for _, id := range o.exts {
		e := r.view.ext(id)
		if e.fails >= maxReadFails {
			return end(journal.Failed, codeUnread, "the devices of the extension can't be read: %v", e.err), false
		}
		if e.at.IsZero() || e.at.Before(limit) {
			return r.waitFor(&e.reading), false
		}
	}
	for _, id := range o.devs {
		d := r.view.device(id)
		if d.fails >= maxReadFails {
			return end(journal.Failed, codeUnread, "device %s can't be read: %v", id, d.err), false
		}
		if d.at.IsZero() || d.at.Before(limit) {
			return r.waitFor(&d.reading), false
		}
	}
	return decision{}, true
}

// waitFor waits for a reading of an object, unless none would end in time to
// be used.
func (r *run) waitFor(rd *reading) decision {
	if err := r.tooSlow(rd); err != nil {
		return end(journal.Failed, codeUnread, "%v", err)
	}
	return decision{kind: decideWait}
}

// settledView reports whether what the objects show can be held against the
// change: it was read, and not too soon after an own change. Where it was, the
// next reading is asked for.
func (r *run) settledView(o objects, now time.Time) bool {
	ok := true
	for _, id := range o.exts {
		e := r.view.ext(id)
		if settled := e.own.Add(r.wall(r.opts.Settle)); !e.own.IsZero() && e.at.Before(settled) {
			ok = false
			r.askAgain(&e.at, &e.reading, settled, now)
		}
	}
	for _, id := range o.devs {
		d := r.view.device(id)
		if settled := d.own.Add(r.wall(r.opts.Settle)); !d.own.IsZero() && d.at.Before(settled) {
			ok = false
			r.askAgain(&d.at, &d.reading, settled, now)
		}
	}
	return ok
}

// askAgain makes the object's state unknown from the given time on.
func (r *run) askAgain(at *time.Time, rd *reading, when, now time.Time) {
	if now.Before(when) {
		r.wakeAt(when)
		return
	}
	*at, rd.retry = time.Time{}, time.Time{}
}

// judge compares a change with a view that is fresh.
func (r *run) judge(n *node) decision {
	switch n.c.Kind {
	case plan.KindCreateLocation:
		return r.judgeLocation(n)
	case plan.KindStock:
		return r.judgeStock(n)
	case plan.KindAdd:
		return r.judgeAdd(n)
	case plan.KindSwap:
		return r.judgeSwap(n)
	case plan.KindUpdate, plan.KindUpdateEmergency:
		return r.judgeUpdate(n)
	case plan.KindRemove:
		return r.judgeRemove(n)
	case plan.KindUnstock:
		return r.judgeUnstock(n)
	case plan.KindSetSerial:
		return r.judgeHardware(n)
	}
	return end(journal.Failed, codeBadCall, "changes of kind %q are not known", n.c.Kind)
}

func (r *run) judgeAdd(n *node) decision {
	if t := n.c.Add().Emergency.Location; t != nil {
		if _, ok := r.resolveLocation(*t); !ok {
			return end(journal.Blocked, codeBlocked, "its emergency location %s was not made", t.Name)
		}
	}
	if d, bad := r.holds(n); bad {
		return d
	}
	if !n.c.Requires().ExactlySet {
		return decision{kind: decideSend}
	}
	var want []plan.DeviceID
	for _, ref := range n.c.Requires().Exactly {
		// One that its change did not make is not expected.
		if id, ok := r.resolve(ref); ok {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	have := r.view.ext(n.c.ExtensionID())
	if slices.Equal(want, have.ids()) {
		return decision{kind: decideSend}
	}
	if d, met := r.addMet(n, have, want); met {
		return d
	}
	return end(journal.Stale, codeStale, "the phones of the extension are %s, planned for %s", list(have.ids()), list(want))
}

func (r *run) judgeSwap(n *node) decision {
	source, ok := r.resolve(n.c.Swap().Source)
	target, ok2 := r.resolve(n.c.Swap().Target)
	_, sourceOn := r.view.on(n.c.ExtensionID(), source)
	_, targetOn := r.view.on(n.c.ExtensionID(), target)
	switch {
	case ok && !ok2 && !sourceOn && r.notNeeded(n.c.Swap().Target):
		return r.judgeLeft(source)
	case !ok && targetOn && r.notNeeded(n.c.Swap().Source):
	case !ok || !ok2:
		return end(journal.Blocked, codeBlocked, "a phone that it needs was not made")
	}
	switch {
	case targetOn && !sourceOn:
		d := end(journal.NoOp, codeMet, "phone %s is on the extension already", target)
		d.out.DeviceID = string(target)
		return d
	case !sourceOn:
		return end(journal.Stale, codeStale, "phone %s is no longer on the extension, which has %s",
			source, list(r.view.ext(n.c.ExtensionID()).ids()))
	}
	if d, bad := r.targetThere(n, target); bad {
		return d
	}
	if d, bad := r.holds(n); bad {
		return d
	}
	return decision{kind: decideSend, device: source}
}

// targetThere checks that a swap's target is where the plan says.
func (r *run) targetThere(n *node, target plan.DeviceID) (decision, bool) {
	if on := n.c.Swap().TargetOn; on != "" {
		if _, ok := r.view.on(on, target); !ok {
			return end(journal.Stale, codeStale, "phone %s is no longer on extension id %s", target, on), true
		}
		return decision{}, false
	}
	switch d := r.view.device(target); {
	case !d.exists:
		return end(journal.Stale, codeStale, "phone %s does not exist any more", target), true
	case d.dev.Extension != "":
		return end(journal.Stale, codeStale, "phone %s is no longer unassigned: it is on extension id %s", target, d.dev.Extension), true
	}
	return decision{}, false
}

func (r *run) judgeRemove(n *node) decision {
	id := n.c.Remove().Device
	if _, ok := r.view.on(n.c.ExtensionID(), id); ok {
		if d, bad := r.holds(n); bad {
			return d
		}
		return decision{kind: decideSend, device: id}
	}
	d := r.view.device(id)
	switch {
	case d.fails >= maxReadFails:
		return end(journal.Failed, codeUnread, "phone %s is not on the extension and can't be read: %v", id, d.err)
	case d.at.IsZero():
		r.wantDevice(id)
		return decision{kind: decideWait}
	case d.exists && d.dev.Extension != "":
		return end(journal.Stale, codeStale, "phone %s is on extension id %s now", id, d.dev.Extension)
	}
	return end(journal.NoOp, codeMet, "phone %s is already off the extension", id)
}

func (r *run) judgeUnstock(n *node) decision {
	id, ok := r.resolve(n.c.Unstock().Device)
	if !ok && r.notNeeded(n.c.Unstock().Device) {
		return end(journal.NoOp, codeMet, "the phone that it would delete did not have to be made")
	}
	if !ok {
		return end(journal.Blocked, codeBlocked, "the phone that it would delete was not made")
	}
	switch d := r.view.device(id); {
	case !d.exists:
		return end(journal.NoOp, codeMet, "device %s does not exist any more", id)
	case d.dev.Extension != "":
		return end(journal.Stale, codeStale, "device %s is on extension id %s now", id, d.dev.Extension)
	}
	return decision{kind: decideSend, device: id}
}

func (r *run) judgeLocation(n *node) decision {
	want := n.c.Location()
	for _, l := range r.view.locations {
		if !strings.EqualFold(l.Name, want.Name) {
			continue
		}
		if !plan.MayBeRespelled(want.Address, l.Address) {
			return end(journal.Stale, codeStale, "there is an emergency location %q now, at another place", l.Name)
		}
		d := decision{kind: decideLand, out: journal.Outcome{Status: journal.Sent, Code: codeMet, LocationID: string(l.ID)}}
		d.out.Message = "an emergency location of that name and place is there already"
		return d
	}
	return decision{kind: decideSend}
}

// holds checks the plan's statements of where devices are.
func (r *run) holds(n *node) (decision, bool) {
	for _, h := range n.c.Requires().Holds {
		id, ok := r.resolve(h.Device)
		if !ok {
			return end(journal.Blocked, codeBlocked, "a phone that it needs was not made"), true
		}
		if h.Extension != "" {
			if _, on := r.view.on(h.Extension, id); !on {
				return end(journal.Stale, codeStale, "phone %s is no longer on extension id %s", id, h.Extension), true
			}
			continue
		}
		if d := r.view.device(id); !d.exists || d.dev.Extension != "" {
			return end(journal.Stale, codeStale, "phone %s is no longer unassigned", id), true
		}
	}
	return decision{}, false
}

func hasNumber(d plan.Device, number string) bool {
	return slices.ContainsFunc(d.Lines, func(l plan.Line) bool { return l.Number == number })
}

// list renders device ids for people.
func list(ids []plan.DeviceID) string {
	if len(ids) == 0 {
		return "none"
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return strings.Join(texts, ", ")
}
