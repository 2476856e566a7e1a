package rcclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	// maxBody is the largest answer that is read: a page of 1000 devices has
	// about 2 MB.
	maxBody = 32 << 20
	// maxRedirects is how many redirects of a read are followed, on one host.
	maxRedirects = 5
	// idleConn is how long an unused connection is kept, in wall time. It is
	// short on purpose: a call written on a connection that the server is just
	// closing has no answer, and a mutating one is then in doubt; between two
	// windows every connection is idle for about as long as servers keep them.
	idleConn = 10 * time.Second
	// dialTimeout bounds connecting and the TLS handshake each, in wall time.
	dialTimeout = 15 * time.Second

	requestIDHeader = "RCRequestId"
	// requestIDHeaderKey is its key in a http.Header.
	requestIDHeaderKey = "Rcrequestid"
)

// newTransport makes a transport for one host. HTTP/2 is off, so that a call
// has a connection to itself and it is known whether it was written.
func newTransport() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSHandshakeTimeout: dialTimeout,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     idleConn,
		Protocols:           protocols,
	}
}

// writeKey marks the context of a mutating call for checkRedirect.
type writeKey struct{}

// checkRedirect lets only reads follow, and only on the same host, so that the
// authorisation goes nowhere else; otherwise the redirect itself is the answer.
func checkRedirect(req *http.Request, via []*http.Request) error {
	first := via[0]
	if req.Context().Value(writeKey{}) != nil || len(via) > maxRedirects ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// send makes one exchange. If a status came, the answer is not nil, also with
// an error. The error is an *UnansweredError.
func (c *Client) send(ctx context.Context, r request, authorization string) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.wallTimeout())
	defer cancel()
	var w connWatch
	ctx = httptrace.WithClientTrace(ctx, w.trace())
	if r.op.write {
		ctx = context.WithValue(ctx, writeKey{}, true)
	}
	req, body, err := c.newRequest(ctx, r, authorization)
	if err != nil {
		return nil, &ArgumentError{Operation: r.op.id, Reason: err.Error()}
	}
	start := time.Now()
	a, err := c.receive(req, r.op, &w)
	took := c.cfg.scale.Service(time.Since(start))
	c.logCall(r.op, a, err, took)
	c.trace.exchange(r.op, req, body, a, err, took)
	return a, err
}

// receive sends the request and reads the whole answer.
func (c *Client) receive(req *http.Request, op *operation, w *connWatch) (*answer, error) {
	unanswered := &UnansweredError{Operation: op.id, Sent: true, Write: op.write}
	resp, err := c.http.Do(req)
	if err != nil {
		unanswered.Sent = w.maybeSent(err)
		unanswered.Err = bare(err)
		return nil, unanswered
	}
	defer func() { _ = resp.Body.Close() }() // read to its end or given up
	a := &answer{op: op, status: resp.StatusCode, header: resp.Header, came: time.Now()}
	a.meta = Meta{Status: a.status, RequestID: clipText(resp.Header.Get(requestIDHeader), 100)}
	a.body, err = readBody(resp.Body)
	if err == nil && a.ok() {
		err = a.check()
	}
	if err != nil && a.ok() { // of a refusal the status says enough
		unanswered.Status, unanswered.RequestID, unanswered.Err = a.status, a.meta.RequestID, bare(err)
		return a, unanswered
	}
	return a, nil
}

// errBodySize says that an answer is longer than maxBody.
var errBodySize = fmt.Errorf("the body is longer than %d MB", maxBody>>20)

func readBody(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err == nil && len(b) > maxBody {
		return nil, errBodySize
	}
	return b, err
}

// bare takes off the wrapper that quotes the URL, whose query may hold a number.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (a *answer) ok() bool { return a.status >= 200 && a.status < 300 }

// check refuses a body that is neither sound JSON nor multipart: what a portal
// or proxy answers in the service's place is no answer of the service.
func (a *answer) check() error {
	if len(a.body) == 0 {
		return nil
	}
	kind := "application/json" // where nothing is said, JSON or nothing
	if text := a.header.Get("Content-Type"); text != "" {
		var err error
		if kind, _, err = mime.ParseMediaType(text); err != nil {
			return fmt.Errorf("content type %.60q: %w", text, err)
		}
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return nil
	case !isJSON(kind):
		return fmt.Errorf("the body is of type %.60q, not JSON", kind)
	case !json.Valid(a.body):
		return errors.New("the body is no sound JSON")
	}
	return nil
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// newRequest builds the HTTP request and gives the body that it sends.
func (c *Client) newRequest(ctx context.Context, r request, authorization string) (*http.Request, []byte, error) {
	body, contentType, err := encodeBody(r)
	if err != nil {
		return nil, nil, err
	}
	u := *c.base
	// The path is built from escaped parts; both forms must be set to keep them.
	if u.Path, err = url.PathUnescape(c.base.EscapedPath() + r.path); err != nil {
		return nil, nil, fmt.Errorf("path: %w", err)
	}
	u.RawPath = c.base.EscapedPath() + r.path
	u.RawQuery = r.query.Encode()
	req, err := http.NewRequestWithContext(ctx, r.op.method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, nil, errors.New("the call makes no valid request") // the cause quotes the URL
	}
	if body == nil {
		// A body that can't be rewound keeps net/http from sending the request a
		// second time on its own when a kept connection turns out to be dead: the
		// service may have counted the first. (With a body it sends again only if
		// nothing was written, which is harmless.) Its length is nothing that net/http
		// knows: it would look into it, for 200 ms at most, and on a machine too busy
		// for that send it in chunks, which the service refuses. So it is told to send
		// it as it is: no byte, and no header that speaks of a body.
		req.Body, req.GetBody, req.ContentLength = emptyBody{}, nil, 0
		req.TransferEncoding = []string{"identity"}
	}
	req.Header.Set("Authorization", authorization)
	req.Header.Set("User-Agent", c.cfg.userAgent)
	req.Header.Set("Accept", "application/json")
	if r.accept != "" {
		req.Header.Set("Accept", r.accept)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return req, body, nil
}

func encodeBody(r request) (body []byte, contentType string, err error) {
	switch {
	case r.form != nil:
		return []byte(r.form.Encode()), "application/x-www-form-urlencoded", nil
	case r.body != nil:
		body, err = json.Marshal(r.body)
		if err != nil {
			return nil, "", fmt.Errorf("encode body: %w", err)
		}
		return body, "application/json", nil
	}
	return nil, "", nil
}

// emptyBody is a body of no bytes that is not http.NoBody.
type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyBody) Close() error             { return nil }

// connWatch notes whether a request got a connection: before that, no byte of
// it can have been written.
type connWatch struct {
	mu         sync.Mutex
	asked, got bool
}

func (w *connWatch) trace() *httptrace.ClientTrace {
	note := func(asked, got bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked, w.got = asked, got
	}
	return &httptrace.ClientTrace{
		GetConn: func(string) { note(true, false) },
		GotConn: func(httptrace.GotConnInfo) { note(true, true) },
	}
}

// maybeSent is false only if it is certain that nothing was written: no
// connection came about. A transport that reports nothing is taken to have sent.
func (w *connWatch) maybeSent(err error) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked {
		return w.got
	}
	var op *net.OpError
	return !errors.As(err, &op) || op.Op != "dial"
}

// wallTimeout is the timeout of one sending on the wall.
func (c *config) wallTimeout() time.Duration {
	return max(c.scale.Wall(c.timeout), minWallTimeout)
}

// logCall writes the debug line of a call: no message, body or address.
func (c *Client) logCall(op *operation, a *answer, err error, took time.Duration) {
	e := c.cfg.log.Debug().Str("op", op.id).Float64("took_seconds", took.Seconds())
	if a != nil {
		e = e.Int("status", a.status).Str("request_id", a.meta.RequestID)
	}
	if err != nil {
		e = e.AnErr("error", err)
	}
	e.Msg("call")
}
