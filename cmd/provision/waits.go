package main

import (
	"sync"

	"provision/rcclient"
)

// waitRelay hands the client's waits to whoever listens at the time: nobody
// while the account is read, the progress display while a plan is applied.
type waitRelay struct {
	mu sync.Mutex
	to func(rcclient.Wait)
}

func (r *waitRelay) tell(w rcclient.Wait) {
	r.mu.Lock()
	to := r.to
	r.mu.Unlock()
	if to != nil {
		to(w)
	}
}

func (r *waitRelay) listen(to func(rcclient.Wait)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to = to
}
