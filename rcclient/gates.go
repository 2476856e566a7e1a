package rcclient

import (
	"sync"
	"sync/atomic"
	"time"
)

// gates are all groups' gates, and what was learned of which operation is
// counted where.
type gates struct {
	cfg     *config
	limits  map[Group]Limit
	earlier []SlotRecord // of processes before this one
	lastID  atomic.Uint64

	mu      sync.Mutex
	all     map[Group]*gate
	learned map[*operation]Group
	share   float64 // of the limits that is this client's
}

func newGates(cfg *config) *gates {
	gs := &gates{
		cfg: cfg, limits: mergeLimits(cfg.limits),
		all: map[Group]*gate{}, learned: map[*operation]Group{}, share: cfg.share,
	}
	if cfg.store != nil {
		gs.earlier = cfg.store.Slots()
	}
	for g := range gs.limits {
		gs.get(g)
	}
	return gs
}

// get gives a group's gate, a new one if the group is new. The caller holds mu,
// or owns gs.
func (gs *gates) get(group Group) *gate {
	if g, ok := gs.all[group]; ok {
		return g
	}
	limit, ok := gs.limits[group]
	if !ok {
		limit = unknownLimit()
	}
	g := newGate(group, limit, gs.cfg, func() uint64 { return gs.lastID.Add(1) })
	g.setShare(gs.share)
	g.restore(gs.earlier, time.Now())
	gs.all[group] = g
	return g
}

// of gives the gate that an operation's calls pass.
func (gs *gates) of(op *operation) *gate {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if group, ok := gs.learned[op]; ok {
		return gs.get(group)
	}
	return gs.get(op.group)
}

// move learns that an operation is counted in another group, and moves the
// slot of the call that told.
func (gs *gates) move(op *operation, from *gate, s *slot, group Group) (*gate, *slot) {
	gs.mu.Lock()
	gs.learned[op] = group
	to := gs.get(group)
	gs.mu.Unlock()
	from.drop(s, true)
	return to, to.adopt(s)
}

// each calls f for all gates.
func (gs *gates) each(f func(Group, *gate)) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	for group, g := range gs.all {
		f(group, g)
	}
}

// gateOf gives the gate that an operation's calls pass.
func (c *Client) gateOf(op *operation) *gate { return c.gates.of(op) }

// regroup moves a call to the group that its answer names.
func (c *Client) regroup(op *operation, from *gate, s *slot, group Group) (*gate, *slot) {
	c.cfg.log.Debug().Str("op", op.id).Str("group", string(group)).Str("assumed", string(from.group)).
		Msg("the service counts the call in another group")
	return c.gates.move(op, from, s, group)
}

// Limits are the limits in force now.
func (c *Client) Limits() map[Group]Limit {
	limits := map[Group]Limit{}
	for group, u := range c.Usage() {
		limits[group] = u.Limit
	}
	return limits
}

// Usage is the state of all groups, each at one instant.
func (c *Client) Usage() map[Group]GroupUsage {
	all := map[Group]GroupUsage{}
	lists, each := c.gateOf(opListExtensionDevices), c.batchCost.of(2) > 1
	c.gates.each(func(group Group, g *gate) {
		u := g.usage()
		u.EachID = each && g == lists
		all[group] = u
	})
	return all
}

// Stats counts what was sent so far.
func (c *Client) Stats() Stats {
	s := Stats{Calls: map[Group]int{}}
	s.ByOperation, s.Retries = c.counts.copy()
	c.gates.each(func(group Group, g *gate) {
		sent, limited := g.count()
		s.Calls[group] = sent
		s.RateLimited += limited
	})
	return s
}
