package rcclient

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

// Meta is what an answer says of itself.
type Meta struct {
	// RequestID is the RCRequestId header, for RingCentral's support.
	RequestID string
	Status    int
	// Group is the throttling group that counted the call.
	Group Group
}

// request is one call to be made.
type request struct {
	op     *operation
	path   string
	query  url.Values
	body   any        // sent as JSON
	form   url.Values // sent form-encoded, with the app's Basic authorisation
	accept string     // empty: application/json
}

// answer is a readable answer of 2xx.
type answer struct {
	op     *operation
	status int
	header http.Header
	body   []byte
	meta   Meta
}

var errTODO = errors.New("not yet")

func (c *Client) do(ctx context.Context, r request) (*answer, error) { return nil, errTODO }

// decode reads the body as JSON. What can't be read is an *UnansweredError.
func (a *answer) decode(into any) error {
	if err := json.Unmarshal(a.body, into); err != nil {
		return &UnansweredError{Operation: a.op.id, Sent: true, Write: a.op.write, Status: a.status, RequestID: a.meta.RequestID, Err: err}
	}
	return nil
}

func metaOf(a *answer) Meta {
	if a == nil {
		return Meta{}
	}
	return a.meta
}

// readOne reads one object.
func readOne[T any](ctx context.Context, c *Client, r request) (*T, error) {
	v, _, err := writeOne[T](ctx, c, r)
	return v, err
}

// writeOne makes a call whose answer is one object.
func writeOne[T any](ctx context.Context, c *Client, r request) (*T, Meta, error) {
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

// missized is the error of an answer that can't be the answer to what was sent.
func (c *Client) missized(op *operation, meta Meta, reason string) error {
	return &UnansweredError{Operation: op.id, Sent: true, Write: op.write, Status: meta.Status, RequestID: meta.RequestID, Err: errors.New(reason)}
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

// pathOf appends an id to a path, escaped.
func pathOf(base string, id ID) (string, error) {
	if id == "" || id == "." || id == ".." {
		return "", &ArgumentError{Operation: base, Reason: "empty id"}
	}
	return base + "/" + url.PathEscape(string(id)), nil
}
