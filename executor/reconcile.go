package executor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// doubtLooks are when a change in doubt is read, in service time after the
// giving up; a last look follows when the settle time is over.
var doubtLooks = [...]time.Duration{2 * time.Second, 15 * time.Second, 60 * time.Second}

// verdict is what a reading tells of a change in doubt.
type verdict struct {
	kind   verdictKind
	rule   string // which rule settled it, for the journal
	text   string // for people
	answer answer // of tookEffect
	// absent: it is concluded from something not being there. That counts at
	// once only of what was there before the run: what the run itself made or
	// moved may not be shown yet.
	absent plan.DeviceID
}

type verdictKind int

const (
	noEffect   verdictKind = iota // no trace of it: it may be sent again, once the reading is late enough
	tookEffect                    // may be concluded at once
	cantTell                      // never sent again, left to people
	askMore                       // another reading is needed
)

// reconcile decides what became of a change in doubt, by a reading that was
// begun after the call was given up.
func (r *run) reconcile(n *node, begun, now time.Time) {
	r.conclude(n, r.verdictOf(n), begun, now)
}

// conclude turns a verdict into an outcome.
//
// "Took effect" is safe at once: what is there was made. "No effect" is not:
// the call may still be on its way or its effect not yet shown, so it counts
// only from a reading begun at least the settle time after the giving up. The
// same holds for what can't be told, as it may become clear by then.
func (r *run) conclude(n *node, v verdict, begun, now time.Time) {
	if n.phase != doubtful || begun.Before(n.since) {
		return
	}
	settled := !begun.Before(n.since.Add(r.wall(r.opts.Settle)))
	out := n.out
	out.Rule, out.Ended = v.rule, time.Time{}
	out.Code, out.Message = "", v.text
	if v.kind == noEffect && v.text == "" {
		out.Message = n.out.Message // why the call was given up
	}
	tooSoon := !settled && v.absent != "" && r.view.own[v.absent] != ""
	switch {
	case v.kind == tookEffect && !tooSoon:
		out.Status = journal.Sent
		n.polling = false
		r.take(n, v.answer, &out, now)
		r.settle(n, out, now)
	case v.kind == askMore:
		n.polling, n.due = true, now
	case !settled:
		n.due = r.nextLook(n, now)
	case v.kind == noEffect:
		out.Status = journal.NotSent
		n.notSent++
		n.polling = false
		r.settle(n, out, now)
	default:
		out.Status, out.Code = journal.Ambiguous, codeCantTell
		r.settle(n, out, now)
	}
}

// nextLook is when a change in doubt is read again.
func (r *run) nextLook(n *node, now time.Time) time.Time {
	for _, d := range doubtLooks {
		if at := n.since.Add(r.wall(d)); at.After(now) {
			return at
		}
	}
	return n.since.Add(r.wall(r.opts.Settle))
}

// settleDoubts ends changes in doubt, and landed ones, whose objects can't be
// read.
func (r *run) settleDoubts(now time.Time) {
	for _, n := range slices.Clone(r.open) {
		l := r.lookOf(n)
		if n.phase != doubtful && n.phase != landed {
			continue
		}
		var rd *reading
		switch {
		case l.ext:
			rd = &r.view.ext(n.c.ExtensionID()).reading
		case l.device != "":
			rd = &r.view.device(l.device).reading
		default:
			continue
		}
		if rd.fails < maxReadFails {
			continue
		}
		out := n.out
		out.Status, out.Code, out.Ended = journal.Ambiguous, codeUnread, time.Time{}
		out.Message = fmt.Sprintf("what became of it can't be read: %v", rd.err)
		r.stopPolling(n)
		r.settle(n, out, now)
	}
}

// verdictOf compares what was recorded before the call with what is shown now.
func (r *run) verdictOf(n *node) verdict {
	switch n.c.Kind {
	case plan.KindAdd:
		return r.verdictAdd(n)
	case plan.KindSwap:
		return r.verdictSwap(n)
	case plan.KindUpdate, plan.KindUpdateEmergency:
		return r.verdictUpdate(n)
	case plan.KindRemove:
		return r.verdictRemove(n)
	case plan.KindUnstock:
		return r.verdictUnstock(n)
	case plan.KindSetSerial:
		return r.verdictHardware(n)
	case plan.KindCreateLocation:
		return r.verdictLocation(n)
	case plan.KindStock: // by the account-wide list: see lookStock
	}
	return verdict{kind: cantTell, rule: "unknown_kind"}
}

// verdictAdd looks for the one phone that is new on the extension, that no
// other change of the run made, and that is as it was asked for. A phone that
// someone else adds there, or moves there, while the add is in doubt, of the
// same type, at the same place and, if no number was asked for, with any
// number, can't be told from it: the interface shows neither who made a phone
// nor when nor where.
func (r *run) verdictAdd(n *node) verdict {
	var mine []plan.Device
	foreign, elsewhere := 0, plan.DeviceID("")
	e := r.view.ext(n.c.ExtensionID())
	for _, id := range e.ids() {
		if slices.Contains(n.known, string(id)) || r.view.own[id] != "" || r.named[id] {
			continue
		}
		switch d := e.devices[id]; {
		case !asAsked(n, d), r.askedByOther(n, d):
			foreign++
		case !r.whereAsked(n, d):
			elsewhere = id
		default:
			mine = append(mine, d)
		}
	}
	switch {
	case len(mine) == 1:
		a := answer{device: mine[0].ID, status: mine[0].Emergency.AddressStatus}
		if len(mine[0].Lines) > 0 {
			a.number = mine[0].Lines[0].Number
		}
		return verdict{kind: tookEffect, rule: "one_new_device", answer: a}
	case len(mine) > 1:
		return verdict{kind: cantTell, rule: "several_new_devices",
			text: fmt.Sprintf("%d new phones on the extension could be this one", len(mine))}
	case elsewhere != "":
		return verdict{kind: cantTell, rule: "new_device_elsewhere",
			text: fmt.Sprintf("phone %s is new on the extension, at another place than asked for: it may be this one, or someone else's", elsewhere)}
	case foreign > 0:
		return verdict{rule: "only_foreign_devices", text: "a new phone on the extension is not as asked for: someone else made it"}
	}
	return verdict{rule: "no_new_device"}
}

// asAsked reports whether a new phone can be the one that the add asked for:
// nobody can change type and number of a phone that was just made.
func asAsked(n *node, d plan.Device) bool {
	a := n.c.Add()
	typeFits := d.Type == "" || d.Type == a.DeviceType || d.Type == plan.TypeHardPhone && a.DeviceType == plan.TypeOtherPhone
	return typeFits && (a.Number.Number == "" || hasNumber(d, a.Number.Number))
}

// askedByOther reports whether a new phone has a number that another add of
// the plan asked for: then it is that one's, and someone moved it.
func (r *run) askedByOther(n *node, d plan.Device) bool {
	return slices.ContainsFunc(r.nodes, func(o *node) bool {
		return o != n && o.c.Add() != nil && o.c.Add().Number.Number != "" && hasNumber(d, o.c.Add().Number.Number)
	})
}

// whereAsked reports whether a new phone is at the add's place, as far as it
// shows one. If not it can still be the one: the service may have made
// much of the address, or someone may have moved it.
func (r *run) whereAsked(n *node, d plan.Device) bool {
	t := *n.c.Add().Emergency
	if t.Location != nil {
		return d.Emergency.LocationID == "" || r.atTarget(t, d.Emergency)
	}
	return t.Address == nil || d.Emergency.Address.IsZero() || plan.MayBeRespelled(*t.Address, d.Emergency.Address)
}

// verdictSwap looks at who holds source and target. A swap leaves the line
// where it is, under another phone: where the line is not the target's, someone
// has moved the phones, instead of the swap or after it.
func (r *run) verdictSwap(n *node) verdict {
	source := n.device
	if source == "" {
		source, _ = r.resolve(n.c.Swap().Source)
	}
	target, _ := r.resolve(n.c.Swap().Target)
	_, sourceOn := r.view.on(n.c.ExtensionID(), source)
	dev, targetOn := r.view.on(n.c.ExtensionID(), target)
	passedOn := func(number string) bool { return hasNumber(dev, number) }
	switch {
	case targetOn && !sourceOn && len(n.known) > 0 && !slices.ContainsFunc(n.known, passedOn):
		return verdict{kind: cantTell, rule: "target_without_line",
			text: fmt.Sprintf("phone %s is on the extension and phone %s is not, but the line %s is not the former's: someone moved them", target, source, strings.Join(n.known, ", "))}
	case targetOn && !sourceOn:
		n.device = source
		return verdict{kind: tookEffect, rule: "target_on_extension", answer: answer{device: target}}
	case sourceOn && !targetOn:
		return verdict{rule: "source_on_extension"}
	}
	return verdict{kind: cantTell, rule: "neither_holds",
		text: fmt.Sprintf("of the phones %s and %s the extension has %s", source, target, list(r.view.ext(n.c.ExtensionID()).ids()))}
}

// verdictUpdate reads the values back.
func (r *run) verdictUpdate(n *node) verdict {
	id := n.device
	if id == "" {
		id, _ = r.carrier(n)
	}
	dev, there := r.phoneOf(n, id)
	switch {
	case !there:
		return verdict{kind: cantTell, rule: "device_gone", text: fmt.Sprintf("phone %s is no longer on the extension", id)}
	case r.showsSent(n, dev) && !r.stillRefused(n, dev):
		return verdict{kind: tookEffect, rule: "values_shown", answer: answer{device: id, status: dev.Emergency.AddressStatus}}
	}
	// What else it shows is for the precondition to judge.
	return verdict{rule: "values_not_shown"}
}

// stillRefused reports whether the phone shows what it showed before: an address
// that was refused, and that the update was to set again.
func (r *run) stillRefused(n *node, dev plan.Device) bool {
	t := n.c.Emergency()
	status := dev.Emergency.AddressStatus
	return t != nil && (status == addressInvalid || status == addressDeprovisioned) && r.stoodThere(n, *t)
}

// verdictRemove goes by absence, and then by where the phone is.
func (r *run) verdictRemove(n *node) verdict {
	id := n.c.Remove().Device
	if _, there := r.view.on(n.c.ExtensionID(), id); there {
		n.polling = false
		return verdict{rule: "device_on_extension"}
	}
	d := r.view.device(id)
	settled := n.since.Add(r.wall(r.opts.Settle))
	switch {
	case !d.at.After(n.since), d.at.Before(settled) && !r.view.ext(n.c.ExtensionID()).at.Before(settled):
		return verdict{kind: askMore} // not read, or too early for what is concluded now
	case d.exists && d.dev.Extension == n.c.ExtensionID():
		n.polling = false // the list has not caught up, or the device has not
		return verdict{rule: "device_on_extension"}
	case d.exists && d.dev.Extension != "":
		return verdict{kind: cantTell, rule: "device_elsewhere", text: fmt.Sprintf("phone %s is on extension id %s", id, d.dev.Extension)}
	case d.exists && !n.c.Remove().KeepAssets:
		return verdict{kind: cantTell, rule: "device_unassigned", text: fmt.Sprintf("phone %s is unassigned but still exists", id)}
	}
	return verdict{kind: tookEffect, rule: "device_off_extension", answer: answer{device: id}, absent: id}
}

func (r *run) verdictUnstock(n *node) verdict {
	id := n.device
	if id == "" {
		id, _ = r.resolve(n.c.Unstock().Device)
	}
	switch d := r.view.device(id); {
	case !d.exists:
		return verdict{kind: tookEffect, rule: "device_gone", answer: answer{device: id}, absent: id}
	case d.dev.Extension != "":
		return verdict{kind: cantTell, rule: "device_assigned", text: fmt.Sprintf("device %s is on extension id %s", id, d.dev.Extension)}
	}
	return verdict{rule: "device_unassigned"}
}
