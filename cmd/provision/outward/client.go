package outward

import (
	"io"
	"net"
	"net/http"
	"time"
)

// mostAnswer is how much is read of an answer, to keep the connection whole.
const mostAnswer = 64 << 10

// Client is a client whose calls take at most timeout, in wall time. It follows
// no redirect: what is sent is for who was named.
func Client(timeout time.Duration) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: timeout, ForceAttemptHTTP2: true},
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Drain reads the body of an answer, up to 64 KiB, and drops it: the connection
// can be used again, and nobody is shown what another side wrote.
func Drain(body io.Reader) { _, _ = io.Copy(io.Discard, io.LimitReader(body, mostAnswer)) }

// Loopback reports whether a URL's host is this machine, to which plain http may
// carry secrets.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
