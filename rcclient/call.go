package rcclient

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Meta is what an answer says of itself.
type Meta struct {
	// RequestID is the RCRequestId header, for RingCentral's support.
	RequestID string
	Status    int
	// Group is the throttling group that counted the call.
	Group Group
	// Took is the wall time from when the call left, after any wait for a slot,
	// to its answer; 0 where none came.
	Took time.Duration
}

// request is one call to be made.
type request struct {
	op     *operation
	path   string     // escaped
	query  url.Values // repeated names for lists
	body   any        // sent as JSON
	form   url.Values // sent form-encoded
	accept string     // empty: application/json
	ids    int        // how many ids the path names, where it may name several
}

// answer is an answer whose status came.
type answer struct {
	op     *operation
	status int
	header http.Header
	body   []byte
	came   time.Time // when its head was there
	meta   Meta
}

// do makes a call, again where that is safe, and gives the answer of 2xx, or
// the last answer's Meta with an error.
func (c *Client) do(ctx context.Context, r request) (*answer, error) {
	t := newTries(r.op, c.cfg.readTries)
	for {
		a, err := c.once(ctx, r)
		if err == nil {
			return a, nil
		}
		wait, again := t.next(ctx, err)
		if !again {
			return a, err
		}
		c.counts.retried()
		if sleep(ctx, c.cfg.scale.Wall(wait)) != nil {
			return a, err
		}
	}
}

// once makes a call with a token that is good at the time of sending. A call
// that the service refuses for its token is made once more with a new one: a 401
// is definite, nothing was done.
func (c *Client) once(ctx context.Context, r request) (*answer, error) {
	renewed := false
	for {
		// The token comes first, so that no slot is held while it is fetched.
		if _, err := c.tokens.get(ctx); err != nil {
			return nil, notSent(ctx, r.op, err)
		}
		g := c.gateOf(r.op)
		s, err := g.acquire(ctx, r.op, func() int { return c.batchCost.of(r.ids) })
		if err != nil {
			return nil, notSent(ctx, r.op, err)
		}
		tok, ok := c.tokens.current()
		if !ok { // it ran out while this call waited at the gate
			g.drop(s, false)
			continue
		}
		a, err := c.sendOn(ctx, g, s, r, "Bearer "+tok.value)
		if renewed || !renewable(err) {
			return a, err
		}
		renewed = true
		if err := c.tokens.renew(ctx, tok); err != nil {
			return a, notSent(ctx, r.op, err)
		}
	}
}

// sendBooked sends a call on a booked slot, ends the slot, and classifies.
func (c *Client) sendBooked(ctx context.Context, g *gate, s *slot, r request, authorization string) (*answer, error) {
	c.counts.sent(r.op)
	a, err := c.send(ctx, r, authorization)
	if a == nil {
		var un *UnansweredError
		if errors.As(err, &un) && un.Sent {
			c.minutes.left(g.group, s.booked, s.cost)
			g.giveUp(s)
		} else {
			g.drop(s, false)
		}
		return nil, err
	}
	now := time.Now()
	a.meta.Took = now.Sub(s.booked)
	c.noteSkew(a)
	report := parseRate(a.status, a.header, now)
	a.meta.Group = g.group
	if report.group != "" && report.group != g.group {
		a.meta.Group = report.group
		g, s = c.regroup(r.op, g, s, report.group)
	}
	switch {
	case r.ids > 1 && c.batchCost.proven():
		g.countAsOne(s)
	case r.ids > 1 && (a.ok() || report.limited):
		c.batchCost.learn(g.reckon(s, r.ids, report, now))
	}
	c.minutes.left(g.group, s.booked, s.cost)
	g.finish(s, report)
	if err == nil && !a.ok() {
		err = classify(r.op, a.status, a.header, a.body, a.meta.Group, now)
	}
	return a, err
}

// notSent is the error of a call that did not leave because its caller gave up
// or the client was closed. Any other error stays as it is: it is the token
// call's, and says so.
func notSent(ctx context.Context, op *operation, err error) error {
	if ctx.Err() != nil || errors.Is(err, errClosed) {
		return &UnansweredError{Operation: op.id, Write: op.write, Err: bare(err)}
	}
	return err
}

// First and longest waits between the tries of a read, in service time (guide:
// start with 2 s, double, at most 60 s).
const (
	firstBackoff = 2 * time.Second
	maxBackoff   = 60 * time.Second
)

// tries decides whether a call is made again.
type tries struct {
	op      *operation
	left    int // further tries after a failure
	limited int // further tries after a 429
	backoff backoff.ExponentialBackOff
}

func newTries(op *operation, n int) *tries {
	t := &tries{op: op, left: n - 1, limited: maxLimitedTries - 1}
	t.backoff = backoff.ExponentialBackOff{
		InitialInterval: firstBackoff, RandomizationFactor: backoff.DefaultRandomizationFactor,
		Multiplier: 2, MaxInterval: maxBackoff,
	}
	t.backoff.Reset()
	return t
}

// next tells whether the call may be made again after err, and after which
// service time. A refusal by the limiter is definite, so that every call may
// follow it: the gate holds it back for the penalty. Else a mutating call goes
// out again only if it never left.
func (t *tries) next(ctx context.Context, err error) (time.Duration, bool) {
	if ctx.Err() != nil {
		return 0, false
	}
	var api *APIError
	var un *UnansweredError
	switch {
	case errors.As(err, &api):
		if api.Operation != t.op.id || !api.Retryable() { // the token call has tries of its own
			return 0, false
		}
		if api.Class == ClassRateLimited {
			t.limited--
			return 0, t.limited >= 0
		}
		if t.op.write {
			return 0, false
		}
		wait, ok := t.again()
		return max(wait, api.RetryAfter), ok
	case errors.As(err, &un):
		if un.Operation != t.op.id || (t.op.write && un.Sent) || hopeless(un.Err) {
			return 0, false
		}
		return t.again()
	}
	return 0, false
}

func (t *tries) again() (time.Duration, bool) {
	t.left--
	return t.backoff.NextBackOff(), t.left >= 0
}

// hopeless tells whether a failed sending will fail again the same way.
func hopeless(err error) bool {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return (errors.As(err, &dns) && dns.IsNotFound) || errors.As(err, &unknown) || errors.As(err, &host) ||
		errors.As(err, &invalid) || errors.Is(err, errBodySize) || errors.Is(err, errClosed)
}

// sleep waits in wall time.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// decode reads the body as JSON. What can't be read is an *UnansweredError.
func (a *answer) decode(into any) error {
	if err := json.Unmarshal(a.body, into); err != nil {
		return a.odd(err)
	}
	return nil
}

// odd is the error of an answer that can't be the answer to what was sent.
func (a *answer) odd(err error) error {
	return &UnansweredError{
		Operation: a.op.id, Sent: true, Write: a.op.write,
		Status: a.status, RequestID: a.meta.RequestID, Err: err,
	}
}
