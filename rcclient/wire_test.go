package rcclient

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// tcpService answers raw connections: the token call properly, every other
// request by the function, which may do with the connection what it likes.
func tcpService(t *testing.T, f func(conn net.Conn, r *http.Request)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serveRaw(conn, f)
		}
	}()
	return "http://" + l.Addr().String()
}

func serveRaw(conn net.Conn, f func(conn net.Conn, r *http.Request)) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		switch r.URL.Path {
		case tokenPath:
			rawReply(conn, 200, "application/json", `{"access_token":"abcdef","token_type":"bearer","expires_in":3600}`, -1)
		case revokePath:
			rawReply(conn, 200, "application/json", "{}", -1)
		default:
			f(conn, r)
		}
	}
}

// rawReply writes an answer whose Content-Length is length, or true if negative.
func rawReply(conn net.Conn, status int, contentType, body string, length int64) {
	if length < 0 {
		length = int64(len(body))
	}
	resp := &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, ContentLength: length,
		Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body)),
	}
	_ = resp.Write(conn) // a body shorter than its length is what some tests want
}

// mutations are calls of all three mutating methods.
func mutations(c *Client) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"PUT":    func(ctx context.Context) error { _, _, err := c.UpdateDevice(ctx, "7", DeviceUpdate{}); return err },
		"POST":   func(ctx context.Context) error { _, err := c.ReplaceDevice(ctx, "1", "7", "8"); return err },
		"DELETE": func(ctx context.Context) error { _, _, err := c.RemoveLine(ctx, "7", true); return err },
	}
}

// TestLostWriteIsSeenOnceAndInDoubt: the service reads a call on a connection
// that was used before, and closes it without an answer.
func TestLostWriteIsSeenOnceAndInDoubt(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"PUT", "POST", "DELETE"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			var seen atomic.Int32
			url := tcpService(t, func(conn net.Conn, r *http.Request) {
				if r.Method == http.MethodGet {
					rawReply(conn, 200, "application/json", `{"id":1}`, -1)
					return
				}
				seen.Add(1)
				_ = conn.Close()
			})
			c := closing(t, url)
			if _, err := c.AccountInfo(t.Context()); err != nil { // so that the connection is a used one
				t.Fatal(err)
			}
			err := mutations(c)[method](t.Context())
			var un *UnansweredError
			if !errors.As(err, &un) || !un.Sent || Outcome(err) != InDoubt {
				t.Errorf("got %v (%s), want an unanswered call in doubt", err, Outcome(err))
			}
			if seen.Load() != 1 {
				t.Errorf("the service saw the call %d times, want once", seen.Load())
			}
		})
	}
}

// TestLostReadIsCountedEachTime: what the service saw twice took two slots.
func TestLostReadIsCountedEachTime(t *testing.T) {
	t.Parallel()
	var seen atomic.Int32
	url := tcpService(t, func(conn net.Conn, _ *http.Request) {
		if seen.Add(1) == 2 {
			_ = conn.Close()
			return
		}
		rawReply(conn, 200, "application/json", `{"id":1}`, -1)
	})
	c := closing(t, url)
	for range 2 {
		if _, err := c.AccountInfo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if sent := c.Stats().Calls[GroupLight]; sent != 3 || seen.Load() != 3 {
		t.Errorf("the client counts %d calls, the service saw %d, want 3 and 3", sent, seen.Load())
	}
}

func TestUnreadableAnswersToWrites(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func(net.Conn){
		"no json":       func(c net.Conn) { rawReply(c, 200, "application/json", "{", -1) },
		"a portal page": func(c net.Conn) { rawReply(c, 200, "text/html", "<html>sign in</html>", -1) },
		"cut short":     func(c net.Conn) { rawReply(c, 200, "application/json", `{"id":"7"`, 100); _ = c.Close() },
		"empty":         func(c net.Conn) { rawReply(c, 200, "application/json", "", -1) },
		"other device":  func(c net.Conn) { rawReply(c, 200, "application/json", `{"id":"8"}`, -1) },
		"too long": func(c net.Conn) {
			rawReply(c, 200, "application/json", `{"id":"`+strings.Repeat("7", maxBody)+`"}`, -1)
		},
		"no http": func(c net.Conn) { _, _ = io.WriteString(c, "220 smtp ready\r\n\r\n"); _ = c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen atomic.Int32
			c := closing(t, tcpService(t, func(conn net.Conn, _ *http.Request) { seen.Add(1); f(conn) }))
			_, _, err := c.UpdateDevice(t.Context(), "7", DeviceUpdate{})
			var un *UnansweredError
			if !errors.As(err, &un) || Outcome(err) != InDoubt || seen.Load() != 1 {
				t.Errorf("got %v (%s) after %d calls, want an unanswered call in doubt, sent once", err, Outcome(err), seen.Load())
			}
		})
	}
}

func TestRefusalWithACutBodyIsDefinite(t *testing.T) {
	t.Parallel()
	c := closing(t, tcpService(t, func(conn net.Conn, _ *http.Request) {
		rawReply(conn, 400, "application/json", `{"errors":[`, 100)
		_ = conn.Close()
	}))
	_, _, err := c.UpdateDevice(t.Context(), "7", DeviceUpdate{})
	var api *APIError
	if !errors.As(err, &api) || api.Status != 400 || Outcome(err) != NotDone {
		t.Errorf("got %v (%s), want HTTP 400, not done", err, Outcome(err))
	}
}

func TestUnreachableServerIsDefinite(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close() // a port that no one listens on
	c := closing(t, "http://"+l.Addr().String())
	_, _, err = c.UpdateDevice(t.Context(), "7", DeviceUpdate{})
	var un *UnansweredError
	if !errors.As(err, &un) || un.Sent || Outcome(err) != NotDone {
		t.Errorf("got %v (%s), want: not sent, not done", err, Outcome(err))
	}
}

func TestWrongCertificateIsDefinite(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	c := closing(t, srv.URL)
	_, _, err := c.UpdateDevice(t.Context(), "7", DeviceUpdate{})
	if Outcome(err) != NotDone || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v (%s), want a certificate error, not done", err, Outcome(err))
	}
	if n := c.Stats().ByOperation["getToken"]; n != 1 {
		t.Errorf("a wrong certificate was tried %d times", n)
	}
}

func TestTimeoutOfAWriteIsInDoubtAndBooksItsSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := newService(func(w http.ResponseWriter, r *http.Request) {
			if n++; n == 1 {
				<-r.Context().Done()
				return
			}
			reply(w, 200, `{"id":"7"}`)
		})
		c, end := s.virtual(t, WithLimits(map[Group]Limit{GroupMedium: {1, time.Minute}}), WithTimeout(40*time.Second))
		defer end()
		start := time.Now()
		_, _, err := c.UpdateDevice(t.Context(), "7", DeviceUpdate{})
		if Outcome(err) != InDoubt || time.Since(start) != 40*time.Second {
			t.Errorf("got %v (%s) after %s, want in doubt after 40 s", err, Outcome(err), time.Since(start))
		}
		if _, _, err = c.UpdateDevice(t.Context(), "7", DeviceUpdate{}); err != nil {
			t.Error(err)
		}
		if got := time.Since(start); !about(got, 100*time.Second) {
			t.Errorf("the next call went out after %s, want 100s: a window after the giving up", got)
		}
	})
}

func TestServerErrorsOfWritesAreNotRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{408, 500, 501, 502, 503, 504} {
		s := newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, status, `{}`) })
		c := s.client(t)
		for method, call := range mutations(c) {
			if err := call(t.Context()); Outcome(err) != InDoubt {
				t.Errorf("%d to %s: got %v (%s), want in doubt", status, method, err, Outcome(err))
			}
		}
		if n := len(s.seen("")); n != 3 {
			t.Errorf("%d: three writes were sent %d times", status, n)
		}
	}
}

func TestReadsAreRepeated(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status, want int
	}{{500, 4}, {502, 4}, {503, 4}, {408, 4}, {501, 1}, {400, 1}, {404, 1}, {403, 1}} {
		s := newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, tc.status, `{}`) })
		c := s.client(t)
		if _, err := c.Device(t.Context(), "7", false); err == nil {
			t.Errorf("%d: no error", tc.status)
		}
		if n := len(s.seen("")); n != tc.want {
			t.Errorf("%d: a read was sent %d times, want %d", tc.status, n, tc.want)
		}
	}
}

func TestReadWaitsForRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := newService(func(w http.ResponseWriter, _ *http.Request) {
			if n++; n == 1 {
				w.Header().Set("Retry-After", "300")
				reply(w, 503, `{}`)
				return
			}
			reply(w, 200, `{"id":"7"}`)
		})
		c, end := s.virtual(t)
		defer end()
		start := time.Now()
		if _, err := c.Device(t.Context(), "7", false); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got < 300*time.Second || got > 310*time.Second {
			t.Errorf("repeated after %s, want 300s", got)
		}
	})
}

func TestRateLimitedCallsAreRepeatedAfterThePenalty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := newService(func(w http.ResponseWriter, _ *http.Request) {
			if n++; n <= 2 {
				w.Header().Set("Retry-After", "60")
				reply(w, 429, `{"errors":[{"errorCode":"CMN-301","message":"m"}]}`)
				return
			}
			w.WriteHeader(204)
		})
		c, end := s.virtual(t)
		defer end()
		start := time.Now()
		if _, err := c.ReplaceDevice(t.Context(), "1", "2", "3"); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); !about(got, 2*time.Minute+slotMargin) {
			t.Errorf("done after %s, want two penalties", got)
		}
		if got := c.Stats(); got.RateLimited != 2 || got.Retries != 2 {
			t.Errorf("got %+v, want 2 rate limited and 2 retries", got)
		}
	})
}

func TestRateLimitedForever(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, 429, `{}`) })
		c, end := s.virtual(t)
		defer end()
		_, _, err := c.RemoveLine(t.Context(), "1", true)
		var api *APIError
		if !errors.As(err, &api) || api.Class != ClassRateLimited || Outcome(err) != NotDone {
			t.Errorf("got %v (%s), want rate limited, not done", err, Outcome(err))
		}
		if n := len(s.seen("")); n != maxLimitedTries {
			t.Errorf("sent %d times, want %d", n, maxLimitedTries)
		}
	})
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	other := newService(accountHandler)
	foreign := httptest.NewServer(other)
	defer foreign.Close()
	s := newService(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet:
			http.Redirect(w, r, "/elsewhere", http.StatusSeeOther)
		case strings.HasSuffix(r.URL.Path, "/abroad"):
			http.Redirect(w, r, foreign.URL+"/x", http.StatusFound)
		case strings.HasSuffix(r.URL.Path, "/moved"):
			http.Redirect(w, r, accountV1+"/device/here", http.StatusMovedPermanently)
		default:
			reply(w, 200, `{"id":"moved"}`)
		}
	})
	c := s.client(t)
	if _, err := c.Device(t.Context(), "moved", false); err != nil {
		t.Errorf("a read's redirect on the same host: %v", err)
	}
	if _, err := c.Device(t.Context(), "abroad", false); err == nil {
		t.Error("a read's redirect to another host was followed")
	}
	if n := len(other.seen("/x")); n != 0 {
		t.Errorf("the other host saw %d calls", n)
	}
	for method, call := range mutations(c) {
		if err := call(t.Context()); Outcome(err) != InDoubt {
			t.Errorf("redirect of %s: got %v (%s), want in doubt", method, err, Outcome(err))
		}
	}
	if n := len(s.seen("/elsewhere")); n != 0 {
		t.Errorf("%d redirects of writes were followed", n)
	}
}
