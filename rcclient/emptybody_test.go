package rcclient

import (
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"testing"
)

// slowBodies sends requests whose body is first read when the header has gone
// out, as on a machine so busy that whoever was to look into it before found no
// time.
type slowBodies struct{ *http.Transport }

func (s slowBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength > 0 {
		return s.Transport.RoundTrip(r)
	}
	sent := make(chan struct{})
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{WroteHeaders: func() { close(sent) }}))
	r.Body = slowBody{r.Body, sent}
	return s.Transport.RoundTrip(r)
}

type slowBody struct {
	io.ReadCloser
	sent <-chan struct{}
}

func (b slowBody) Read(p []byte) (int, error) {
	<-b.sent
	return b.ReadCloser.Read(p)
}

// TestReadsHaveNoBodyOnABusyMachine: a body in chunks, if of no byte, is one
// without a length, which the service refuses.
func TestReadsHaveNoBodyOnABusyMachine(t *testing.T) {
	t.Parallel()
	seen := make(chan *http.Request, 1)
	url := tcpService(t, func(conn net.Conn, r *http.Request) {
		seen <- r
		rawReply(conn, 200, "application/json", `{"id":1}`, -1)
	})
	transport := newTransport()
	t.Cleanup(transport.CloseIdleConnections)
	c := closing(t, url, WithTransport(slowBodies{transport}))
	if _, err := c.AccountInfo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := <-seen; r.ContentLength != 0 || len(r.TransferEncoding) > 0 {
		t.Errorf("the service got a body of length %d, transfer encoding %q, want none", r.ContentLength, r.TransferEncoding)
	}
}
