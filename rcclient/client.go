package rcclient

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Client is a client of one server with one set of credentials. It is used
// from many goroutines. Close it.
type Client struct {
	base    *url.URL
	creds   Credentials
	cfg     config
	http    *http.Client
	gates   *gates
	tokens  *tokenKeeper
	trace   *tracer
	counts  counts
	minutes minutes
	skew    skew

	batchCost batchCost
	// batch is how many extensions one device-list call names.
	batch atomic.Int32
}

// New makes a client of the server, as "https://platform.ringcentral.com". It
// sends nothing. Plain http is accepted for loopback hosts only.
func New(server string, creds Credentials, opts ...Option) (*Client, error) {
	base, err := parseServer(server)
	if err != nil {
		return nil, err
	}
	if err := creds.check(); err != nil {
		return nil, err
	}
	cfg := defaultConfig()
	for _, o := range opts {
		if err := o(&cfg); err != nil {
			return nil, fmt.Errorf("client option: %w", err)
		}
	}
	if cfg.transport == nil {
		cfg.transport = newTransport()
	}
	c := &Client{base: base, creds: creds, cfg: cfg}
	c.minutes.born, c.minutes.scale = time.Now(), cfg.scale
	c.http = &http.Client{Transport: cfg.transport, CheckRedirect: checkRedirect}
	c.gates = newGates(&c.cfg)
	c.trace = newTracer(cfg.trace, creds.ClientSecret, creds.JWT)
	c.tokens = newTokenKeeper(c)
	c.batch.Store(MaxExtensionsPerCall)
	return c, nil
}

// parseServer takes https URLs, and http ones of this machine.
func parseServer(server string) (*url.URL, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("server %q is not a URL like https://platform.ringcentral.com", server)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("server URL must not hold credentials, a query or a fragment")
	}
	switch u.Scheme {
	case "https":
	case "http":
		if !isLoopback(u.Hostname()) {
			return nil, fmt.Errorf("server %q: plain http would show the credentials to the network; use https", server)
		}
	default:
		return nil, fmt.Errorf("server %q: scheme must be https", server)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return u, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
