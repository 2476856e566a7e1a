package rcclient

import "context"

// Sending is one call as it leaves. A call that is made again, as after a
// refusal by the limiter, is a sending each time.
type Sending struct {
	// Operation is the operationId, as "bulkAddDevicesV2".
	Operation string
	// Method is that of HTTP.
	Method string
	// Group is where the call is counted as far as is known before its answer.
	Group Group
	// Write: the call has an effect.
	Write bool
}

// WithCallObserver is told of each sending when it leaves; what it returns is
// called when the sending is over: with the answer's Meta, which is zero if none
// came, and the error. ctx is the caller's, but the client's own for token calls.
// Both are called from many goroutines and must return quickly.
func WithCallObserver(f func(ctx context.Context, s Sending) (ended func(Meta, error))) Option {
	return func(c *config) error { c.sending = f; return nil }
}

// sendOn is sendBooked, of which whoever observes calls is told.
func (c *Client) sendOn(ctx context.Context, g *gate, s *slot, r request, authorization string) (*answer, error) {
	if c.cfg.sending == nil {
		return c.sendBooked(ctx, g, s, r, authorization)
	}
	ended := c.cfg.sending(ctx, Sending{Operation: r.op.id, Method: r.op.method, Group: g.group, Write: r.op.write})
	a, err := c.sendBooked(ctx, g, s, r, authorization)
	var meta Meta
	if a != nil {
		meta = a.meta
	}
	ended(meta, err)
	return a, err
}
