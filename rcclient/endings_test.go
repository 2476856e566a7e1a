package rcclient

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// ending is one way in which a mutating call can end, and what is known then.
type ending struct {
	// serve answers the n-th mutating call, counted from 1. The connection is
	// closed after it.
	serve func(conn net.Conn, n int)
	want  Disposition
	seen  int   // how often the service may see the call
	class Class // of the APIError, 0 for another error
}

// status answers every time by a status.
func status(code int, body string, headers ...string) func(net.Conn, int) {
	return func(conn net.Conn, _ int) { writeStatus(conn, code, body, headers) }
}

func writeStatus(conn net.Conn, code int, body string, headers []string) {
	resp := &http.Response{StatusCode: code, ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(body)), Close: true,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
	for i := 0; i+1 < len(headers); i += 2 {
		resp.Header.Set(headers[i], headers[i+1])
	}
	_ = resp.Write(conn) // the client may be gone
}

func errorBodyOf(code string) string {
	return `{"errors":[{"errorCode":"` + code + `","message":"m"}]}`
}

// endings are all endings after the request has left. Those before it, and the
// timeouts, have tests of their own below.
func endings() map[string]ending {
	raw := func(text string) func(net.Conn, int) {
		return func(conn net.Conn, _ int) { _, _ = io.WriteString(conn, text) } // the client may be gone
	}
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	once := func(first, then func(net.Conn, int)) func(net.Conn, int) {
		return func(conn net.Conn, n int) {
			if n == 1 {
				first(conn, n)
				return
			}
			then(conn, n)
		}
	}
	return map[string]ending{
		"closed without an answer":         {raw(""), InDoubt, 1, 0},
		"reset without an answer":          {func(c net.Conn, _ int) { _ = c.(*net.TCPConn).SetLinger(0) }, InDoubt, 1, 0},
		"cut in the status line":           {raw("HTTP/1.1 2"), InDoubt, 1, 0},
		"cut in the header":                {raw(head + "Content-Le"), InDoubt, 1, 0},
		"cut in the body":                  {raw(head + "Content-Length: 100\r\n\r\n{\"id\":"), InDoubt, 1, 0},
		"cut in a chunk":                   {raw(head + "Transfer-Encoding: chunked\r\n\r\n40\r\n{\"id\""), InDoubt, 1, 0},
		"no HTTP":                          {raw("220 smtp ready\r\n\r\n"), InDoubt, 1, 0},
		"unparsable body":                  {status(200, `{"id"`), InDoubt, 1, 0},
		"JSON of another shape":            {status(200, `[1,2]`), InDoubt, 1, 0},
		"wrong content type":               {status(200, `<html>`, "Content-Type", "text/html"), InDoubt, 1, 0},
		"broken content type":              {status(200, `{}`, "Content-Type", ";;"), InDoubt, 1, 0},
		"fewer than were sent":             {status(200, `{"results":[],"devices":[],"records":[]}`), InDoubt, 1, 0},
		"more than were sent":              {status(200, `{"id":"8","results":[{},{},{}],"devices":[{"id":"1"},{"id":"2"},{"id":"3"}],"records":[{"deviceId":"99","bulkItemSuccessful":true}]}`), InDoubt, 1, 0},
		"202":                              {status(202, `{}`), InDoubt, 1, 0},
		"303":                              {status(303, ``, "Location", "/elsewhere"), InDoubt, 1, ClassRowError},
		"400":                              {status(400, errorBodyOf("CMN-101")), NotDone, 1, ClassRowError},
		"400 with a cut body":              {raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{"), NotDone, 1, ClassRowError},
		"401, then well":                   {once(status(401, errorBodyOf("OAU-213")), status(400, errorBodyOf("CMN-101"))), NotDone, 2, ClassRowError},
		"401 twice":                        {status(401, errorBodyOf("OAU-213")), NotDone, 2, 0},
		"401 for good":                     {status(401, errorBodyOf("OAU-125")), NotDone, 1, 0},
		"403, no permission":               {status(403, errorBodyOf("CMN-408")), NotDone, 1, ClassAbortRun},
		"403, not on this account":         {status(403, errorBodyOf("CMN-109")), NotDone, 1, ClassFeatureOff},
		"404":                              {status(404, errorBodyOf("CMN-102")), NotDone, 1, ClassNotFound},
		"408":                              {status(408, ``), InDoubt, 1, ClassServer},
		"409":                              {status(409, errorBodyOf("CMN-101")), NotDone, 1, ClassConflict},
		"413":                              {status(413, ``), NotDone, 1, ClassBatchTooLarge},
		"429 with headers, then 400":       {once(status(429, errorBodyOf("CMN-301"), "Retry-After", "7", "X-Rate-Limit-Group", "medium", "X-Rate-Limit-Limit", "40", "X-Rate-Limit-Remaining", "0", "X-Rate-Limit-Window", "60"), status(400, errorBodyOf("CMN-101"))), NotDone, 2, ClassRowError},
		"429 without headers, then 400":    {once(status(429, ``), status(400, errorBodyOf("CMN-101"))), NotDone, 2, ClassRowError},
		"429, then nothing":                {once(status(429, ``), raw("")), InDoubt, 2, 0},
		"429 for good":                     {status(429, errorBodyOf("CMN-303")), NotDone, 1, ClassAbortRun},
		"500":                              {status(500, errorBodyOf("CMN-203")), InDoubt, 1, ClassServer},
		"502 of a gateway":                 {status(502, `<html>`, "Content-Type", "text/html"), InDoubt, 1, ClassServer},
		"503 with Retry-After":             {status(503, errorBodyOf("CMN-201"), "Retry-After", "5"), InDoubt, 1, ClassServer},
		"504":                              {status(504, ``), InDoubt, 1, ClassServer},
		"500 that looks like a refusal":    {status(500, errorBodyOf("CMN-101")), InDoubt, 1, ClassServer},
		"500 that looks like a lost token": {status(500, errorBodyOf("OAU-213")), InDoubt, 1, ClassServer},
	}
}

// writes are all mutating calls.
func writes(c *Client) map[string]func(context.Context) error {
	calls := mutations(c)
	calls["emergency"] = func(ctx context.Context) error {
		_, _, err := c.UpdateDeviceEmergency(ctx, "7", DeviceUpdate{})
		return err
	}
	calls["bulk-add"] = func(ctx context.Context) error { _, _, err := c.BulkAdd(ctx, twoRecords()); return err }
	calls["stock"] = func(ctx context.Context) error { _, _, err := c.AddInventory(ctx, 2, ""); return err }
	calls["unstock"] = func(ctx context.Context) error {
		_, _, err := c.DeleteInventory(ctx, []ID{"1", "2"})
		return err
	}
	calls["location"] = func(ctx context.Context) error {
		_, _, err := c.CreateEmergencyLocation(ctx, EmergencyLocationRequest{})
		return err
	}
	return calls
}

// TestEveryEndingOfAWrite: what is known after each ending, for each call. A
// call whose effect is in doubt is seen once; only what was definitely refused
// may be sent again.
func TestEveryEndingOfAWrite(t *testing.T) {
	t.Parallel()
	for name, e := range endings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for op := range writes(nil) {
				if says, odd := wellEnded(name, op); odd {
					t.Logf("%s: %s", op, says)
					continue
				}
				var seen atomic.Int32
				c := closing(t, tcpService(t, func(conn net.Conn, _ *http.Request) {
					e.serve(conn, int(seen.Add(1)))
					_ = conn.Close()
				}))
				err := writes(c)[op](t.Context())
				if got := Outcome(err); got != e.want || int(seen.Load()) != e.seen {
					t.Errorf("%s: got %v (%s), seen %d times; want %s, seen %d times", op, err, got, seen.Load(), e.want, e.seen)
				}
				var api *APIError
				if errors.As(err, &api) != (e.class != 0) || api != nil && api.Class != e.class {
					t.Errorf("%s: got %v, want class %v", op, err, e.class)
				}
			}
		})
	}
}

// wellEnded tells where an answer that is odd for most calls is a good one.
func wellEnded(ending, op string) (why string, ok bool) {
	if op == "POST" && (ending == "202" || ending == "fewer than were sent" || ending == "more than were sent" || ending == "JSON of another shape") {
		return "a swap is answered without content, what a body says is not looked at", true
	}
	if op == "DELETE" && (ending == "202" || ending == "fewer than were sent") {
		return "a removal that keeps nothing is answered without an id", true
	}
	if op == "location" && ending == "more than were sent" {
		return "one is asked for and one is answered", true
	}
	return "", false
}

// brokenConn fails writes after some bytes of the request.
type brokenConn struct {
	net.Conn
	left int
}

var errBroken = errors.New("broken pipe")

func (c *brokenConn) Write(p []byte) (int, error) {
	n, err := len(p), error(nil)
	if n > c.left {
		n, err = c.left, errBroken
	}
	written, failed := c.Conn.Write(p[:n])
	c.left -= written
	return written, errors.Join(failed, err)
}

// TestEndingsOfSending: a call that never had a connection was not sent; as
// soon as it had one it counts as sent, also where not a byte got through, as
// nobody can say what did.
func TestEndingsOfSending(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		dial func(ctx context.Context, network, addr string) (net.Conn, error)
		want Disposition
	}{
		"refused": {func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: errBroken}
		}, NotDone},
		"no such host":             {func(context.Context, string, string) (net.Conn, error) { return nil, &net.DNSError{IsNotFound: true} }, NotDone},
		"at the first byte":        {breaking(0), InDoubt},
		"after the first byte":     {breaking(1), InDoubt},
		"within the header":        {breaking(60), InDoubt},
		"handshake that is no TLS": {breaking(1 << 20), NotDone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The token comes over a connection that works, the call over this.
			good := tcpService(t, func(conn net.Conn, _ *http.Request) { rawReply(conn, 200, "application/json", `{"id":1}`, -1) })
			tr := newTransport()
			tr.DisableKeepAlives = true
			works := tr.DialContext
			var calls atomic.Int32
			tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
				if calls.Add(1) == 1 {
					return works(ctx, network, addr)
				}
				return tc.dial(ctx, network, addr)
			}
			if tc.want == NotDone && strings.HasPrefix(name, "handshake") {
				good = "https" + strings.TrimPrefix(good, "http")
			}
			c, err := New(good, testCredentials, WithTransport(tr), WithScale(1000), WithTimeout(wireTimeout))
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = c.UpdateDevice(t.Context(), "7", DeviceUpdate{})
			if got := Outcome(err); err == nil || got != tc.want {
				t.Errorf("got %v (%s), want %s", err, got, tc.want)
			}
			_ = c.Close(t.Context()) // the token can't be revoked over such a wire
		})
	}
}

// breaking dials well and breaks the connection after some bytes.
func breaking(after int) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &brokenConn{conn, after}, nil
	}
}

// TestTimeoutsOfAWrite: a call that is given up is in doubt, wherever its
// answer was, and may arrive and take effect later; it is not sent again.
func TestTimeoutsOfAWrite(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(w http.ResponseWriter, r *http.Request, effect func()){
		"before the header": func(_ http.ResponseWriter, r *http.Request, effect func()) { effect(); <-r.Context().Done() },
		"after the header": func(w http.ResponseWriter, r *http.Request, effect func()) {
			effect()
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush() // a pipe has no buffer
			<-r.Context().Done()
		},
		"arrives later": func(_ http.ResponseWriter, r *http.Request, effect func()) {
			<-r.Context().Done()
			time.Sleep(time.Minute)
			effect()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var effects atomic.Int32
				s := newService(func(w http.ResponseWriter, r *http.Request) { serve(w, r, func() { effects.Add(1) }) })
				c, end := s.virtual(t, WithTimeout(40*time.Second))
				start := time.Now()
				_, _, err := c.UpdateDevice(t.Context(), "7", DeviceUpdate{})
				if Outcome(err) != InDoubt || time.Since(start) != 40*time.Second {
					t.Errorf("got %v (%s) after %s, want in doubt after 40 s", err, Outcome(err), time.Since(start))
				}
				time.Sleep(5 * time.Minute)
				if effects.Load() != 1 || len(s.seen("")) != 1 {
					t.Errorf("%d effects of %d calls, want 1 of 1", effects.Load(), len(s.seen("")))
				}
				end()
			})
		})
	}
}

// How long a call took is what the service took, not what the call waited for a slot.
func TestMetaTellsWhatTheServiceTook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const took = 3 * time.Second
		s := newService(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(took)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Rate-Limit-Group", "medium")
			w.Header().Set("X-Rate-Limit-Limit", "2")
			w.Header().Set("X-Rate-Limit-Window", "60")
			_, _ = w.Write([]byte(`{"id":"7"}`))
		})
		c, end := s.virtual(t)
		defer end()
		begun := time.Now()
		for range 3 {
			_, meta, err := c.UpdateDevice(t.Context(), "7", DeviceUpdate{})
			if err != nil || meta.Took != took {
				t.Errorf("the call took %s (%v), want %s", meta.Took, err, took)
			}
		}
		if waited := time.Since(begun); waited < time.Minute {
			t.Errorf("three calls at two a minute took %s: none waited", waited)
		}
	})
}
