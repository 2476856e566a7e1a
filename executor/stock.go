package executor

import (
	"errors"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
)

// This file judges stock changes. A slot is a slot: whether they were made can
// be told by their number only, and by the lines that wait for them.

// slotList are the free slots that the account-wide list showed last.
type slotList struct {
	slots  []plan.Device
	at     time.Time // of the reading's end, as a long list takes minutes; zero: it was not read, or does not answer
	wanted bool      // it is to be read anew
	retry  time.Time // not before
	busy   bool
}

// seeSlots takes the account-wide list in.
func (v *view) seeSlots(devices []plan.Device, now time.Time) {
	v.free.slots, v.free.at, v.free.wanted = nil, now, false
	for i := range devices {
		if d := &devices[i]; d.FreeSlot(d.Site) {
			v.free.slots = append(v.free.slots, *d)
		}
	}
}

// takers are the swaps that wait for slots of a stock change.
func takers(n *node) []*node {
	if n.c.Kind != plan.KindStock {
		return nil
	}
	var out []*node
	for _, o := range n.dependents {
		if s := o.c.Swap(); s != nil && s.Target.Change == n.c.ID {
			out = append(out, o)
		}
	}
	return out
}

// slotsAge is the least age, in service time, to which the number of slots may
// be used: reading the list takes turns of the group that makes them, and the
// next turn may be a window away, or two after a penalty.
const slotsAge = 2 * time.Minute

// freshSlots reports whether the number of free slots is known well enough; if
// not, it is asked for. Where it can't be known, nothing is.
func (r *run) freshSlots(n *node, now time.Time) bool {
	f := &r.view.free
	if n.c.Stock().Level == nil || f.at.IsZero() || !f.at.Before(now.Add(-r.wall(max(r.opts.MaxAge, slotsAge)))) {
		return true
	}
	f.wanted = true
	return false
}

// maySeeSlots reports whether the account-wide list is to be read for a level.
func (r *run) maySeeSlots(now time.Time) bool {
	f := &r.view.free
	if !f.wanted || f.busy || r.mode != modeRun {
		return false
	}
	if now.Before(f.retry) {
		r.wakeAt(f.retry)
		return false
	}
	return true
}

// slotsRead takes the end of a reading of the account-wide list in.
func (r *run) slotsRead(list []rcclient.DeviceResource, err error) {
	f := &r.view.free
	f.busy = false
	switch {
	case errors.Is(err, rcclient.ErrNotAvailable):
		f.at, f.wanted = time.Time{}, false
	case err != nil:
		f.retry = time.Now().Add(r.wall(readBackoff))
	default:
		devices := make([]plan.Device, len(list))
		for i := range list {
			devices[i] = snapshot.Device(list[i])
		}
		r.view.seeSlots(devices, time.Now())
	}
}

// judgeStock compares a stock change with the lines that wait for its slots and
// with the level that it was planned for. It is done as a whole or not at all:
// what is only part of the way is planned anew, so that no slot too many is
// made.
func (r *run) judgeStock(n *node) decision {
	waiting, done := 0, 0
	for _, s := range takers(n) {
		source, ok := r.resolve(s.c.Swap().Source)
		if _, on := r.view.on(s.c.ExtensionID(), source); on || !ok {
			waiting++
		} else {
			done++
		}
	}
	level := n.c.Stock().Level
	if level == nil || r.view.free.at.IsZero() {
		switch {
		case done == 0:
			return decision{kind: decideSend}
		case waiting == 0 && level == nil:
			return r.slotsMet(n, "the lines that it is for have other phones already")
		}
		return end(journal.Stale, codeStale, "%d of the %d swaps that it is for are done already", done, done+waiting)
	}
	free, expected := r.freeSlots(n)
	switch {
	case free >= level.Goal && waiting == 0:
		return r.slotsMet(n, "the site has the free slots already")
	case done == 0 && (free == level.Free || expected == level.Free):
		return decision{kind: decideSend}
	case done > 0 && waiting > 0:
		return end(journal.Stale, codeStale, "%d of the %d swaps that it is for are done already", done, done+waiting)
	}
	return end(journal.Stale, codeStale, "the site has %d free slots that the plan leaves alone, planned for %d", free, level.Free)
}

// freeSlots counts the site's free slots as a level does: those that no change
// names, and for each stock change of the run before this one its share.
// expected are those with the share of what is still to come or under way.
func (r *run) freeSlots(n *node) (free, expected int) {
	site := n.c.Stock().Site
	for i := range r.view.free.slots {
		if d := &r.view.free.slots[i]; d.FreeSlot(site) && !r.named[d.ID] && r.view.own[d.ID] == "" {
			free++
		}
	}
	for _, o := range r.nodes {
		s := o.c.Stock()
		if s == nil || s.Site != site || s.Level == nil || s.Level.Free >= n.c.Stock().Level.Free {
			continue
		}
		share := s.Level.Goal - s.Level.Free
		switch st := o.out.Status; {
		case st.Succeeded() && st != journal.NoOp:
			free += share
		case !st.Final():
			expected += share
		}
	}
	return free, free + expected
}

// slotsMet ends a stock change that is not needed. Of lines that have another
// phone already it tells which, where all can be told: what follows the swap
// goes to that phone.
func (r *run) slotsMet(n *node, text string) decision {
	d := end(journal.NoOp, codeMet, "%s", text)
	swaps := takers(n)
	ids := make([]string, len(swaps))
	for _, s := range swaps {
		var here []plan.DeviceID
		for _, id := range r.view.ext(s.c.ExtensionID()).ids() {
			if dev, _ := r.view.on(s.c.ExtensionID(), id); !r.named[id] && (dev.Type == plan.TypeOtherPhone || dev.Type == plan.TypeHardPhone) {
				here = append(here, id)
			}
		}
		slot := s.c.Swap().Target.Slot
		if len(here) != 1 || slot < 0 || slot >= len(ids) || ids[slot] != "" {
			return d
		}
		ids[slot] = string(here[0])
	}
	if len(ids) > 0 {
		d.out.DeviceIDs = ids
	}
	return d
}
