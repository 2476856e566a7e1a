package telemetry

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Limits of a connection to the server, in wall time. What it serves is small
// and is made at once.
const (
	readTimeout  = 5 * time.Second
	writeTimeout = 10 * time.Second
	idleTimeout  = time.Minute
	endTimeout   = 2 * time.Second
	mostHeader   = 16 << 10
)

// Server serves metrics over HTTP: GET /metrics, and GET /healthz, which answers
// 200 or 503. It knows no TLS and asks nobody who they are.
type Server struct {
	http *http.Server
	addr net.Addr
	done chan struct{}
}

// ParseListen reads an address to listen on; without a host it is this machine's
// own, 127.0.0.1.
func ParseListen(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", errors.New("want an address like 127.0.0.1:9464")
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// Serve listens and serves until Close. The error is that of listening.
func Serve(ctx context.Context, addr string, text func() []byte, alive func() bool) (*Server, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) { page(w, textFormat, http.StatusOK, text()) })
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if alive() {
			page(w, plainText, http.StatusOK, []byte("ok\n"))
			return
		}
		page(w, plainText, http.StatusServiceUnavailable, []byte("the inbox is not looked into any more\n"))
	})
	s := &Server{addr: l.Addr(), done: make(chan struct{}), http: &http.Server{
		Handler: mux, ReadTimeout: readTimeout, ReadHeaderTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: mostHeader, ErrorLog: log.New(io.Discard, "", 0), //nolint:forbidigo // what a stranger sends is no news of the run
	}}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(l) // it ends by Close, or with the listener; nothing depends on it
	}()
	return s, nil
}

const plainText = "text/plain; charset=utf-8"

func page(w http.ResponseWriter, kind string, status int, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked went away
}

// Addr is the address that is listened on.
func (s *Server) Addr() string { return s.addr.String() }

// Close ends the serving: answers that are under way get a moment.
func (s *Server) Close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close()
	}
	<-s.done
}
