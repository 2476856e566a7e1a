package executor

import (
	"fmt"
	"time"

	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// phase is where a change stands in the run.
type phase int

const (
	waiting  phase = iota // for other changes
	queued                // ready, in its group's queue
	sending               // its intent is being written or its call is under way
	settling              // an outcome is being written
	doubtful              // in doubt: to be settled by reading
	landed                // took effect, to be read back
	final
)

// node is one change in the run.
type node struct {
	c     *plan.Change
	index int // in the plan
	group rcclient.Group
	phase phase

	waits      int     // changes that must end first
	dependents []*node // need this one's success
	followers  []*node // need this one's end
	released   bool    // dependents and followers were told
	urgent     bool    // the emergency half of a swap
	follows    []*node // what an urgent change follows

	out     journal.Outcome // the newest that is durable
	attempt int             // calls begun
	device  plan.DeviceID   // what the newest call names or made
	known   []string        // devices that were there before the newest call
	locks   []string        // objects held

	since   time.Time // landed or in doubt since
	due     time.Time // when it is to be read next
	reads   int       // readings since then
	asking  bool      // a reading for it alone is under way
	refused int       // readings of the ERLs for it that the service refused
	alone   bool      // a new ERL that the list did not tell: asked for by itself
	polling bool      // read back but for its address
	sync    bool      // its address is to be asked of the provider next
	synced  bool      // it was
	counted bool      // among the changes of its group
	notSent int       // attempts in a row that had no effect
	began   time.Time // when the newest call was begun
	ours    bool      // this process began it
}

// ended reports whether what follows this change may go on.
func (n *node) ended() bool { return n.phase == landed || n.phase == final }

// succeeded reports whether what depends on this change may go on. A new ERL
// must be valid for that.
func (n *node) succeeded() bool {
	if n.c.Kind == plan.KindCreateLocation {
		return n.out.Status == journal.Applied || n.out.Status == journal.NoOp
	}
	return n.out.Status.Succeeded()
}

// graph makes the nodes of a plan and ties them together.
func graph(p *plan.Plan) ([]*node, map[string]*node, error) {
	nodes := make([]*node, len(p.Changes))
	byID := make(map[string]*node, len(p.Changes))
	for i := range p.Changes {
		c := &p.Changes[i]
		if err := complete(c); err != nil {
			return nil, nil, err
		}
		n := &node{c: c, index: i, group: GroupOf(c.Kind), urgent: isUrgent(c)}
		if byID[c.ID] != nil {
			return nil, nil, fmt.Errorf("%w: two changes have the id %s", ErrBadPlan, c.ID)
		}
		nodes[i], byID[c.ID] = n, n
	}
	for _, n := range nodes {
		for _, id := range n.c.DependsOn() {
			before := byID[id]
			if before == nil {
				return nil, nil, fmt.Errorf("%w: change %s depends on %s, which is not there", ErrBadPlan, n.c.ID, id)
			}
			before.dependents = append(before.dependents, n)
			n.waits++
		}
		for _, id := range n.c.Follows() {
			before := byID[id]
			if before == nil {
				return nil, nil, fmt.Errorf("%w: change %s follows %s, which is not there", ErrBadPlan, n.c.ID, id)
			}
			before.followers = append(before.followers, n)
			n.waits++
			if n.urgent && before.c.Kind == plan.KindSwap {
				n.follows = append(n.follows, before)
			}
		}
	}
	return nodes, byID, acyclic(nodes)
}

// namedDevices are the devices that the plan names by their ids: none of them
// is new.
func namedDevices(p *plan.Plan) map[plan.DeviceID]bool {
	named := map[plan.DeviceID]bool{}
	for i := range p.Changes {
		for id := range p.Changes[i].Devices {
			named[id] = true
		}
	}
	return named
}

// acyclic checks that every change can have its turn.
func acyclic(nodes []*node) error {
	left := make(map[*node]int, len(nodes))
	var ready []*node
	for _, n := range nodes {
		if left[n] = n.waits; n.waits == 0 {
			ready = append(ready, n)
		}
	}
	done := 0
	for ; len(ready) > 0; done++ {
		n := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		for _, list := range [][]*node{n.dependents, n.followers} {
			for _, d := range list {
				if left[d]--; left[d] == 0 {
					ready = append(ready, d)
				}
			}
		}
	}
	if done < len(nodes) {
		return fmt.Errorf("%w: %d changes wait for each other", ErrBadPlan, len(nodes)-done)
	}
	return nil
}

// complete checks that the change has what its kind needs.
func complete(c *plan.Change) error {
	var there bool
	switch c.Kind {
	case plan.KindCreateLocation:
		there = c.Location() != nil
	case plan.KindStock:
		there = c.Stock() != nil
	case plan.KindAdd:
		there = c.Add() != nil && c.ExtensionID() != ""
	case plan.KindSwap:
		there = c.Swap() != nil && c.ExtensionID() != ""
	case plan.KindUpdate, plan.KindUpdateEmergency:
		there = c.Update() != nil
	case plan.KindRemove:
		there = c.Remove() != nil && c.ExtensionID() != ""
	case plan.KindUnstock:
		there = c.Unstock() != nil
	case plan.KindSetSerial:
		there = c.SetSerial() != nil
	}
	if !there {
		return fmt.Errorf("%w: change %s of kind %q lacks its content", ErrBadPlan, c.ID, c.Kind)
	}
	return nil
}

// GroupOf is the throttling group in which a kind's calls are counted (API
// reference, Aug 2026).
func GroupOf(k plan.Kind) rcclient.Group {
	switch k {
	case plan.KindAdd, plan.KindStock, plan.KindUnstock, plan.KindSetSerial:
		return rcclient.GroupHeavy
	case plan.KindCreateLocation, plan.KindSwap, plan.KindUpdate, plan.KindUpdateEmergency, plan.KindRemove:
		return rcclient.GroupMedium
	}
	return rcclient.GroupMedium
}

// isUrgent reports whether the change is the emergency half of a swap.
func isUrgent(c *plan.Change) bool {
	return c.Update() != nil && c.Update().Emergency != nil && len(c.Update().Carriers) > 0
}
