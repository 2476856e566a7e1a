package executor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// errMismatch says that an answer can't be the answer to what was sent.
var errMismatch = errors.New("the results are not those of the records")

// mismatched is the error of a write whose answer can't be that of its records:
// the whole call is in doubt.
func mismatched(op string, meta rcclient.Meta) error {
	return &rcclient.UnansweredError{Operation: op, Sent: true, Write: true,
		Status: meta.Status, RequestID: meta.RequestID, Err: errMismatch}
}

// maxUnreached is how many calls in a row may fail to reach the service, each
// of them tried by the client several times.
const maxUnreached = 3

// refusal is the answer for an item that failed.
func refusal(errs []rcclient.ItemError) answer {
	if len(errs) == 0 {
		return answer{refused: &rcclient.ItemError{Message: "refused without a reason"}}
	}
	return answer{refused: &errs[0]}
}

// ended turns the end of a call into outcomes.
func (r *run) ended(c call, nodes []*node, answers []answer, meta rcclient.Meta, err error, at time.Time) {
	if err == nil && len(answers) != len(nodes) {
		err = mismatched(c.op, meta)
	}
	r.wellOrNot(nodes[0].group, err, at)
	base := journal.Outcome{RequestID: meta.RequestID, Ended: at.UTC()}
	switch rcclient.Outcome(err) {
	case rcclient.Done:
		r.unreached = 0
		for i, n := range nodes {
			r.landed(n, answers[i], base, at)
		}
	case rcclient.InDoubt:
		base.Status = journal.InDoubt
		base.Code, base.Message = codeAndText(err)
		for _, n := range nodes {
			o := r.objectsOf(n)
			r.view.forget(o.exts, o.devs, at)
			r.settle(n, base, at)
		}
	case rcclient.NotDone:
		r.notDone(nodes, base, err, at)
	}
}

// landed takes a success, or the refusal of one item, in.
func (r *run) landed(n *node, a answer, out journal.Outcome, at time.Time) {
	if a.refused != nil {
		out.Status, out.Code, out.Message = journal.Failed, a.refused.Code, a.refused.Message
		if n.c.Kind == plan.KindUnstock && a.refused.Class() == rcclient.ClassNotFound {
			out.Status, out.DeviceID = journal.NoOp, string(n.device)
		}
		r.settle(n, out, at)
		return
	}
	n.notSent = 0
	out.Status = journal.Sent
	r.take(n, a, &out, at)
	r.settle(n, out, at)
}

// take notes the effect of a change in the outcome and in the view.
func (r *run) take(n *node, a answer, out *journal.Outcome, at time.Time) {
	out.DeviceID, out.Number, out.LocationID, out.Emergency = string(a.device), a.number, string(a.location), a.status
	for _, id := range a.devices {
		out.DeviceIDs = append(out.DeviceIDs, string(id))
		r.view.own[id] = n.c.ID
	}
	switch n.c.Kind {
	case plan.KindAdd:
		dev := plan.Device{ID: a.device, Type: n.c.Add().DeviceType, Lines: []plan.Line{{Number: a.number}}}
		dev.Emergency = r.targetShown(*n.c.Add().Emergency)
		r.view.own[a.device] = n.c.ID
		r.view.put(n.c.ExtensionID(), dev, at)
	case plan.KindSwap:
		r.takeSwap(n, a.device, at)
	case plan.KindUpdate, plan.KindUpdateEmergency:
		if _, all := r.wishes(n, a.device); !all {
			out.Code, out.Message = codePartly, fmt.Sprintf("only the address was set: phone %s carries the line, and the rest is meant for another phone", a.device)
		}
		r.takeUpdate(n, a.device, at)
	case plan.KindRemove:
		dev, _ := r.view.on(n.c.ExtensionID(), a.device)
		r.view.take(n.c.ExtensionID(), a.device, at)
		d := r.view.device(a.device)
		r.view.own[a.device] = n.c.ID
		dev.ID, dev.Extension, dev.Lines = a.device, "", nil
		d.dev, d.exists, d.at, d.own = dev, n.c.Remove().KeepAssets, at, at
	case plan.KindUnstock:
		d := r.view.device(a.device)
		d.exists, d.at, d.own = false, at, at
	case plan.KindStock:
		for _, id := range a.devices {
			r.view.put("", plan.Device{ID: id, Type: plan.TypeOtherPhone, Site: n.c.Stock().Site}, at)
		}
	case plan.KindSetSerial:
		r.takeHardware(n, a.device, at)
	case plan.KindCreateLocation:
	}
}

// takeSwap lets two phones trade places in the view; lines and addresses stay
// with their extensions.
func (r *run) takeSwap(n *node, target plan.DeviceID, at time.Time) {
	here, there := n.c.ExtensionID(), n.c.Swap().TargetOn
	if _, shown := r.view.on(here, target); shown {
		r.takeShownSwap(n, target, at)
		return
	}
	src, _ := r.view.on(here, n.device)
	dst := r.view.device(target).dev
	if there != "" {
		dst, _ = r.view.on(there, target)
		r.view.take(there, target, at)
	}
	src.ID, dst.ID = n.device, target
	r.view.take(here, n.device, at)
	src.Lines, dst.Lines = dst.Lines, src.Lines
	src.Emergency, dst.Emergency = dst.Emergency, src.Emergency
	r.noteMove(n, n.device, target, at)
	r.view.put(here, dst, at)
	r.view.put(there, src, at)
}

// takeShownSwap takes a swap in that a reading showed: what the reading says of
// the target counts, and the other side is to be read.
func (r *run) takeShownSwap(n *node, target plan.DeviceID, at time.Time) {
	r.noteMove(n, n.device, target, at)
	r.view.ext(n.c.ExtensionID()).own = at
	delete(r.view.devices, target)
	if there := n.c.Swap().TargetOn; there != "" {
		r.view.forget([]plan.ExtensionID{there}, nil, at)
	} else {
		r.view.forget(nil, []plan.DeviceID{n.device}, at)
	}
}

// takeUpdate shows the update's values in the view.
func (r *run) takeUpdate(n *node, id plan.DeviceID, at time.Time) {
	e := r.view.ext(n.c.ExtensionID())
	e.own = at
	dev, ok := e.devices[id]
	if !ok || e.at.IsZero() {
		return
	}
	u, _ := r.wishes(n, id)
	if u.Name != nil {
		dev.Name = *u.Name
	}
	if u.CommonPhone != nil {
		dev.CommonPhone = *u.CommonPhone
	}
	if u.Emergency != nil {
		dev.Emergency = r.targetShown(*u.Emergency)
	}
	e.devices[id], e.at = dev, at
}

// targetShown is what a device shows of an address that was just set.
func (r *run) targetShown(t plan.EmergencyTarget) plan.Emergency {
	var e plan.Emergency
	if t.Location != nil {
		e.LocationID, _ = r.resolveLocation(*t.Location)
		e.Address = t.Place
	} else if t.Address != nil {
		e.Address = *t.Address
	}
	return e
}

// notDone handles a call that certainly had no effect.
func (r *run) notDone(nodes []*node, out journal.Outcome, err error, at time.Time) {
	out.Code, out.Message = codeAndText(err)
	out.Status = r.afterRefusal(nodes, err)
	if api, ok := errors.AsType[*rcclient.APIError](err); ok && api.RequestID != "" {
		out.RequestID = api.RequestID
	}
	for _, n := range nodes {
		if out.Status == journal.NotSent {
			n.notSent++
		}
		if out.Status == journal.NoOp {
			out.DeviceID = string(n.device)
		}
		r.settle(n, out, at)
	}
}

// afterRefusal decides what becomes of the changes of a refused call, and of
// the run.
func (r *run) afterRefusal(nodes []*node, err error) journal.Status {
	if api, ok := errors.AsType[*rcclient.APIError](err); ok {
		r.unreached = 0
		return r.afterAPIError(nodes, api)
	}
	if _, ok := errors.AsType[*rcclient.ArgumentError](err); ok {
		return journal.Failed
	}
	if auth, ok := errors.AsType[*rcclient.AuthError](err); ok {
		r.abort(auth)
		return journal.NotSent
	}
	// It never left.
	if r.unreached++; r.unreached >= maxUnreached && !errors.Is(err, context.Canceled) {
		r.abort(errors.Join(ErrUnreachable, err))
	}
	return journal.NotSent
}

func (r *run) afterAPIError(nodes []*node, err *rcclient.APIError) journal.Status {
	kind := nodes[0].c.Kind
	switch err.Class {
	case rcclient.ClassRateLimited:
		return journal.NotSent
	case rcclient.ClassBatchTooLarge:
		if r.halve(kind, len(nodes)) {
			for _, n := range nodes {
				n.notSent = -1 // a batch's size is no fault of its changes
			}
			return journal.NotSent
		}
		return journal.Failed
	case rcclient.ClassAbortRun:
		r.abort(err)
		return journal.NotSent
	case rcclient.ClassFeatureOff:
		r.kindOff[kind] = journal.Outcome{Status: journal.Failed, Code: err.Code, RequestID: err.RequestID,
			Message: "not sent, as the service does not offer this kind of call here: " + err.Message}
		r.obs.Note("kind_off", kind.String()+": "+err.Error())
		return journal.Failed
	case rcclient.ClassNotFound:
		if kind == plan.KindRemove || kind == plan.KindUnstock {
			return journal.NoOp // gone is what was asked for
		}
		return journal.Failed
	case rcclient.ClassRowError, rcclient.ClassConflict, rcclient.ClassServer:
		return journal.Failed
	}
	return journal.Failed
}

// abort stops the run, but lets what is in flight be written first.
func (r *run) abort(err error) {
	if r.aborted == nil {
		r.aborted = err
		r.stop(err.Error())
	}
}

// codeAndText are the code and the message of an outcome for an error.
func codeAndText(err error) (code, text string) {
	if api, ok := errors.AsType[*rcclient.APIError](err); ok {
		return api.Code, cmp.Or(api.Message, api.Error())
	}
	if err == nil {
		return "", ""
	}
	return "", err.Error()
}
