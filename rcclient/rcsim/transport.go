package rcsim

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// Transport carries requests to a handler in memory: no socket, no timer, so it
// is at home inside testing/synctest. As on a wire, the answer's header arrives
// when the handler sends it and the body streams behind; a handler that panics
// with http.ErrAbortHandler, or sends less than its Content-Length, shows as
// io.ErrUnexpectedEOF, and a reset as a *net.OpError with syscall.ECONNRESET. A
// client that gives up ends the handler's context, and the handler goes on until
// it looks. Each request has a goroutine that ends with its handler; any other
// panic of it is not caught.
func Transport(handler http.Handler) http.RoundTripper { return transport{handler} }

type transport struct{ handler http.Handler }

// RoundTrip returns when the header of the answer is there, or with the
// context's error.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	body := r.Body
	if body == nil {
		body = http.NoBody
	}
	if err := ctx.Err(); err != nil {
		cancel()
		return nil, errors.Join(err, body.Close())
	}
	reader, writer := io.Pipe()
	w := &memoryWriter{header: http.Header{}, ready: make(chan struct{}), body: writer, declared: -1, head: r.Method == http.MethodHead}
	// Who gives up reads no more: the handler's writes fail then.
	stop := context.AfterFunc(ctx, func() { _ = writer.CloseWithError(ctx.Err()) })
	announce(ctx)
	go func() {
		defer cancel()
		t.serve(w, arrived(ctx, r, body), stop)
	}()

	select {
	case <-w.ready:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if w.failed != nil {
		return nil, w.failed
	}
	return w.response(r, &memoryBody{PipeReader: reader, cancel: cancel}), nil
}

// arrived is the request as a server sees it.
func arrived(ctx context.Context, r *http.Request, body io.ReadCloser) *http.Request {
	served := r.Clone(ctx)
	served.Body = body
	served.Host = cmp.Or(r.Host, r.URL.Host)
	served.RequestURI = r.URL.RequestURI()
	served.RemoteAddr = "127.0.0.1:1"
	if r.URL.Scheme == "https" {
		served.TLS = &tls.ConnectionState{HandshakeComplete: true}
	}
	served.URL.Scheme, served.URL.Host = "", ""
	served.Proto, served.ProtoMajor, served.ProtoMinor = "HTTP/1.1", 1, 1
	return served
}

// announce tells a client's trace what a transport would: a connection is there.
func announce(ctx context.Context) {
	trace := httptrace.ContextClientTrace(ctx)
	if trace == nil {
		return
	}
	if trace.GetConn != nil {
		trace.GetConn("memory")
	}
	if trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
}

func (t transport) serve(w *memoryWriter, r *http.Request, stop func() bool) {
	defer func() {
		p := recover()
		if p != nil && p != http.ErrAbortHandler { //nolint:errorlint // a panic value, compared as net/http does
			panic(p)
		}
		stop()
		w.finish(p != nil, r.Context().Err())
		_ = r.Body.Close() // the client's own body; it has been read or is of no use
	}()
	t.handler.ServeHTTP(w, r)
}

// memoryBody is an answer's body. Closing it early ends the handler's context.
type memoryBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

// Close lets the handler's writes fail from now on.
func (b *memoryBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}

// memoryWriter is the handler's side. Its fields are the handler's own until
// ready is closed; header and status do not change after it.
type memoryWriter struct {
	header   http.Header
	sent     http.Header
	status   int
	declared int64 // Content-Length, -1 for none
	written  int64
	head     bool
	body     *io.PipeWriter
	once     sync.Once
	ready    chan struct{}
	failed   error // instead of an answer
	isReset  bool
}

// Header is the header to come.
func (w *memoryWriter) Header() http.Header { return w.header }

// WriteHeader sends the header; later calls have no effect.
func (w *memoryWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
			w.declared = n
		}
		close(w.ready)
	})
}

// Write sends a piece of the body, and waits until it is read.
func (w *memoryWriter) Write(data []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.bodiless() {
		return 0, http.ErrBodyNotAllowed
	}
	n, err := w.body.Write(data)
	w.written += int64(n)
	if err != nil {
		return n, fmt.Errorf("write answer: %w", err)
	}
	return n, nil
}

// Flush has nothing to do but to send the header: nothing is held back.
func (w *memoryWriter) Flush() { w.WriteHeader(http.StatusOK) }

func (w *memoryWriter) reset() { w.isReset = true }

func (w *memoryWriter) bodiless() bool {
	return w.head || w.status == http.StatusNoContent || w.status == http.StatusNotModified || w.status < 200
}

// finish ends the answer when the handler has returned. given is the error of a
// client that gave up meanwhile.
func (w *memoryWriter) finish(aborted bool, given error) {
	err := given
	switch {
	case given != nil:
	case aborted && w.isReset:
		err = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	case aborted:
		err = io.ErrUnexpectedEOF
	}
	w.once.Do(func() { // no header was sent
		w.failed = err
		w.status, w.sent = http.StatusOK, w.header.Clone()
		if err == nil {
			w.declared = 0
		}
		close(w.ready)
	})
	if err == nil && w.written < w.declared && !w.bodiless() {
		err = io.ErrUnexpectedEOF
	}
	_ = w.body.CloseWithError(err) // never fails
}

func (w *memoryWriter) response(r *http.Request, body io.ReadCloser) *http.Response {
	length := w.declared
	if w.status == http.StatusNoContent {
		length = 0
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: length, Request: r,
	}
}
