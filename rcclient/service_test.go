package rcclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Secrets that must show up nowhere.
const (
	plantedSecret   = "planted-client-secret"
	plantedJWT      = "planted.jwt.assertion"
	plantedToken    = "planted-access-token"
	plantedPassword = "planted-sip-password"
	plantedStreet   = "221B Planted Street"
)

var testCredentials = Credentials{ClientID: "app", ClientSecret: plantedSecret, JWT: plantedJWT}

// call is one request as the service saw it.
type call struct {
	Method, Path, Query, Body string
	Header                    http.Header
	TransferEncoding          []string
	Length                    int64
}

// service answers like the service: a token call of its own, everything else by
// the test's handler. It notes every call.
type service struct {
	http.Handler

	mu     sync.Mutex
	calls  []call
	tokens int
	life   int // expires_in
}

func newService(h http.HandlerFunc) *service {
	s := &service{life: 3600}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+tokenPath, func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		s.tokens++
		n := s.tokens
		s.mu.Unlock()
		reply(w, 200, fmt.Sprintf(`{"access_token":"%s-%d","token_type":"bearer","expires_in":%d,"scope":"EditAccounts","session_id":"s"}`, plantedToken, n, s.life))
	})
	mux.HandleFunc("POST "+revokePath, func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/", h)
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		s.mu.Lock()
		s.calls = append(s.calls, call{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Clone(), r.TransferEncoding, r.ContentLength})
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	})
	return s
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("RCRequestId", "req-1")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// seen gives the calls of a path but the token calls, "" for all of them.
func (s *service) seen(path string) []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []call
	for _, c := range s.calls {
		if c.Path == path || (path == "" && c.Path != tokenPath && c.Path != revokePath) {
			calls = append(calls, c)
		}
	}
	return calls
}

// wireTimeout is the timeout of calls over real sockets, an hour of the machine's time at their scale: no loaded
// machine meets it. Tests of timeouts run in virtual time.
const wireTimeout = 1000 * time.Hour

// client makes a client of the service over a real socket.
func (s *service) client(t *testing.T, opts ...Option) *Client {
	t.Helper()
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return closing(t, srv.URL, opts...)
}

func closing(t *testing.T, url string, opts ...Option) *Client {
	t.Helper()
	// A thousand seconds in one: waits between tries cost no test time.
	c, err := New(url, testCredentials, append([]Option{WithScale(1000), WithTimeout(wireTimeout)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

// virtual makes a client of the service inside a synctest bubble, and gives the
// function that ends both.
func (s *service) virtual(t *testing.T, opts ...Option) (*Client, func()) {
	t.Helper()
	l := newPipeListener()
	srv := &http.Server{Handler: s, ReadHeaderTimeout: time.Hour}
	go func() { _ = srv.Serve(l) }()
	tr := newTransport()
	tr.DialContext = l.dial
	c, err := New("http://127.0.0.1", testCredentials, append([]Option{WithTransport(tr)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c, func() {
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
		tr.CloseIdleConnections()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	}
}

// pipeListener is a listener in memory.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.done:
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
