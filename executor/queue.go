package executor

import (
	"cmp"
	"slices"

	"provision/plan"
	"provision/rcclient"
)

// queue holds the ready changes of one throttling group in the order in which
// they shall be sent.
type queue struct{ nodes []*node }

// queuedGroups are the groups that have a queue, in the order in which the
// objects of their next changes are read.
var queuedGroups = [...]rcclient.Group{rcclient.GroupMedium, rcclient.GroupHeavy}

// rank orders kinds within a queue: what others wait long for goes first.
func rank(n *node) int {
	switch {
	case n.urgent:
		return 0
	case n.c.Kind == plan.KindCreateLocation, n.c.Kind == plan.KindStock:
		return 1
	}
	return 2
}

// before orders two nodes: by rank, then what was tried less often, so that one
// that always fails does not use up its tries while the service is down, then
// as in the plan. None of it may change while a node is in the queue.
func before(a, b *node) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.notSent, b.notSent), cmp.Compare(a.index, b.index))
}

func (q *queue) add(n *node) {
	i, _ := slices.BinarySearchFunc(q.nodes, n, before)
	q.nodes = slices.Insert(q.nodes, i, n)
}

func (q *queue) remove(n *node) {
	if i, ok := slices.BinarySearchFunc(q.nodes, n, before); ok {
		q.nodes = slices.Delete(q.nodes, i, i+1)
	}
}

// head returns the first nodes, at most limit.
func (q *queue) head(limit int) []*node {
	return q.nodes[:min(limit, len(q.nodes))]
}
