package rcclient

import (
	"maps"
	"sync"
)

// counts are what the client has sent.
type counts struct {
	mu          sync.Mutex
	byOperation map[string]int
	retries     int
}

func (n *counts) sent(op *operation) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.byOperation == nil {
		n.byOperation = map[string]int{}
	}
	n.byOperation[op.id]++
}

func (n *counts) retried() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.retries++
}

func (n *counts) copy() (byOperation map[string]int, retries int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.byOperation), n.retries
}
