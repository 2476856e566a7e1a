package executor

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// call is one mutating call about to leave.
type call struct {
	op      string // operationId
	request any    // what is journaled of it
	// do makes the call. Without an error there is one answer for each node.
	do func(context.Context, API) ([]answer, rcclient.Meta, error)
}

// changesKey is where the context of a call has the nodes that it is made for.
type changesKey struct{}

// leave makes the call, for these nodes.
func (c call) leave(ctx context.Context, api API, nodes []*node) ([]answer, rcclient.Meta, error) {
	return c.do(context.WithValue(ctx, changesKey{}, nodes), api)
}

// ChangesOf are the changes that a mutating call is made for, out of the context
// that an [API] gets; none for a reading.
func ChangesOf(ctx context.Context) []*plan.Change {
	nodes, _ := ctx.Value(changesKey{}).([]*node)
	var changes []*plan.Change
	for _, n := range nodes {
		changes = append(changes, n.c)
	}
	return changes
}

// answer is what the service said of one change of a call.
type answer struct {
	refused  *rcclient.ItemError // the item failed, for this reason
	device   plan.DeviceID
	devices  []plan.DeviceID
	number   string
	location plan.LocationID
	status   string // of the emergency address or ERL
}

// send writes the intent of one call for the nodes, which hold their locks,
// and makes the call.
func (r *run) send(nodes []*node, now time.Time) {
	group := nodes[0].group
	c := r.build(nodes)
	intent, err := r.intent(c, nodes)
	if err != nil {
		for _, n := range nodes {
			r.settle(n, journal.Outcome{Status: journal.Failed, Code: codeBadCall, Message: err.Error()}, now)
		}
		return
	}
	for _, n := range nodes {
		n.phase, n.began, n.ours = sending, now, true
	}
	r.inflight[group]++
	r.fore.leaves(nodes, now)
	r.spawn(func() func() {
		if err := r.jnl.Append(intent); err != nil {
			return func() {
				r.inflight[group]--
				r.fail(fmt.Errorf("write intent: %w", err))
			}
		}
		answers, meta, err := c.leave(r.ctx, r.api, nodes)
		ended := time.Now()
		return func() {
			r.inflight[group]--
			r.fore.comes(nodes, meta.Took)
			r.ended(c, nodes, answers, meta, err, ended)
		}
	})
}

// intent is the record that must be durable before the call leaves.
func (r *run) intent(c call, nodes []*node) (journal.Record, error) {
	text, err := json.Marshal(c.request)
	if err != nil {
		return journal.Record{}, fmt.Errorf("encode request: %w", err)
	}
	in := &journal.Intent{Operation: c.op, Extension: string(nodes[0].c.ExtensionID()), Request: text,
		Known: map[string][]string{}, Devices: map[string]string{}}
	rec := journal.Record{Type: journal.TypeIntent, Intent: in}
	for _, n := range nodes {
		n.attempt++
		in.Attempt = n.attempt
		id := n.c.ID
		rec.Changes = append(rec.Changes, id)
		n.known = r.knownBefore(n)
		if n.known != nil {
			in.Known[id] = n.known
		}
		if n.device != "" {
			in.Devices[id] = string(n.device)
		}
	}
	if len(nodes) > 1 {
		in.Extension = ""
	}
	return rec, nil
}

// knownBefore are the objects that are there before the call, among which a
// new one will stand out, and of a swap the numbers that the phones pass on;
// nil where none is made or they are not known.
func (r *run) knownBefore(n *node) []string {
	known := []string{}
	switch {
	case n.c.Add() != nil:
		for _, id := range r.view.ext(n.c.ExtensionID()).ids() {
			known = append(known, string(id))
		}
	case n.c.Stock() != nil:
		if r.view.stocked == nil {
			return nil
		}
		for id := range r.view.stocked {
			known = append(known, string(id))
		}
	case n.c.Location() != nil:
		for _, l := range r.view.locations {
			if l.Name == n.c.Location().Name {
				known = append(known, string(l.ID))
			}
		}
	case n.c.Swap() != nil:
		dev, ok := r.view.on(n.c.ExtensionID(), n.device)
		if !ok {
			return nil
		}
		known = append(known, numbersOf(dev)...)
	default:
		return nil
	}
	return known
}

// numbersOf are the numbers of a phone's lines.
func numbersOf(d plan.Device) (numbers []string) {
	for _, l := range d.Lines {
		if l.Number != "" {
			numbers = append(numbers, l.Number)
		}
	}
	return numbers
}

// build makes the call for the nodes, which are of one kind.
func (r *run) build(nodes []*node) call {
	n := nodes[0]
	switch n.c.Kind {
	case plan.KindAdd:
		return r.buildAdd(nodes)
	case plan.KindUnstock:
		return r.buildDelete(nodes)
	case plan.KindSetSerial:
		return r.buildHardware(nodes)
	case plan.KindStock:
		return buildStock(n)
	case plan.KindSwap:
		return r.buildSwap(n)
	case plan.KindUpdate, plan.KindUpdateEmergency:
		return r.buildUpdate(n)
	case plan.KindRemove:
		return buildRemove(n)
	case plan.KindCreateLocation:
		return buildLocation(n)
	}
	// graph has refused other kinds.
	return call{do: func(context.Context, API) ([]answer, rcclient.Meta, error) {
		return nil, rcclient.Meta{}, &rcclient.ArgumentError{Operation: n.c.Kind.String(), Reason: "unknown kind of change"}
	}}
}
