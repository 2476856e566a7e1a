package rcclient

import "time"

// GroupUsage is the state of one group at one instant. Durations are service
// time, instants are wall time.
type GroupUsage struct {
	// Sent is how many calls this client has sent in the group.
	Sent int
	// Waiting is how many callers wait at the gate.
	Waiting int
	// InWindow is how many own slots count now, in flight or answered within the
	// last window.
	InWindow int
	// InFlight is how many of these calls are sent and have no answer yet.
	InFlight int
	// Single: no answer has come yet, and until one does one call at a time goes
	// out, as the account's limit may be lower than the documented one.
	Single bool
	// EachID: a call that names several ids counts as one for each of them, or
	// may, as no answer has told yet.
	EachID bool
	// Others is how many slots others are known to have used.
	Others int
	// Allowed is how many slots this client may have in a window (its share).
	Allowed int
	// Limit is the limit in force.
	Limit Limit
	// Told: an answer to this client has named the limit.
	Told bool
	// PenaltyUntil is when the group may send again; zero without penalty.
	PenaltyUntil time.Time
	// NextIn is how long the head of the queue has to wait; 0 if it need not, or
	// if that depends on an answer.
	NextIn time.Duration
}

// Stats counts what this client has sent.
type Stats struct {
	Calls       map[Group]int
	ByOperation map[string]int
	// RateLimited is how many calls were answered 429.
	RateLimited int
	// Retries is how many calls were repeats of a read or of a refused call.
	Retries int
}
