package rcclient

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

func metaOf(a *answer) Meta {
	if a == nil {
		return Meta{}
	}
	return a.meta
}

// readOne reads one object.
func readOne[T any](ctx context.Context, c *Client, r request) (*T, error) {
	v, _, err := callOne[T](ctx, c, r)
	return v, err
}

// callOne makes a call, a read or a write, whose answer is one object.
func callOne[T any](ctx context.Context, c *Client, r request) (*T, Meta, error) {
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, metaOf(a), err
	}
	v := new(T)
	if err := a.decode(v); err != nil {
		return nil, a.meta, err
	}
	return v, a.meta, nil
}

// missized is the error of a readable answer that can't be the answer to what
// was sent: a wrong length, another object.
func missized(op *operation, meta Meta, reason string) error {
	return (&answer{op: op, status: meta.Status, meta: meta}).odd(errors.New(reason))
}

// sameID checks that an answer is about the object that was asked for.
func sameID(op *operation, meta Meta, got, want ID) error {
	if got == want {
		return nil
	}
	return missized(op, meta, fmt.Sprintf("the answer is about %q, not %q", got, want))
}

func setText(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

func syncQuery(sync bool) url.Values {
	if !sync {
		return nil
	}
	return url.Values{"syncEmergencyAddress": {"true"}}
}

// pathOf appends an id to an escaped path.
func pathOf(op *operation, base string, id ID) (string, error) {
	if id == "" || id == "." || id == ".." {
		return "", &ArgumentError{Operation: op.id, Reason: fmt.Sprintf("%q is no id", id)}
	}
	return base + "/" + url.PathEscape(string(id)), nil
}
