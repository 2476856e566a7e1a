package rcclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/rs/zerolog"
)

// Defaults of the options.
const (
	defaultTimeout   = 90 * time.Second // service time; bulk calls are slow
	defaultUserAgent = "provision"
	defaultReadTries = 4
	// maxLimitedTries is how often one call is sent that is answered 429 each time.
	maxLimitedTries = 5
	// minWallTimeout keeps a call's timeout above what a busy machine may take
	// for itself, however fast a simulator's time runs.
	minWallTimeout = time.Second
)

// Wait describes that callers of a group are held back.
type Wait struct {
	Group     Group
	Operation string
	// Reason is WaitWindow, WaitPenalty or WaitAnswer.
	Reason string
	// For is how long, in service time; 0 if it depends on an answer.
	For time.Duration
	// Waiting is how many callers of the group wait.
	Waiting int
}

// Reasons of a Wait.
const (
	WaitWindow  = "window"  // the window is full
	WaitPenalty = "penalty" // the service answered 429
	WaitAnswer  = "answer"  // all slots are in flight, or the limit is not yet known
)

type config struct {
	transport     http.RoundTripper
	log           zerolog.Logger
	userAgent     string
	timeout       time.Duration
	scale         Scale
	share         float64
	limits        map[Group]Limit
	store         SlotStore
	trace         io.Writer
	readTries     int
	observe       func(Wait)
	sending       func(context.Context, Sending) func(Meta, error)
	readOnlyScope bool
	jar           *TokenJar
}

func defaultConfig() config {
	return config{
		log: zerolog.Nop(), userAgent: defaultUserAgent, timeout: defaultTimeout,
		share: 1, readTries: defaultReadTries,
	}
}

// Option sets up a Client.
type Option func(*config) error

// WithTransport replaces the transport, as tests do. It must not resend calls.
func WithTransport(rt http.RoundTripper) Option {
	return func(c *config) error {
		if rt == nil {
			return errors.New("transport is nil")
		}
		c.transport = rt
		return nil
	}
}

// WithLogger gets a debug line per call, info for long waits, warn for what is odd.
func WithLogger(log zerolog.Logger) Option {
	return func(c *config) error { c.log = log; return nil }
}

// WithUserAgent sets the User-Agent, "name/version (details)".
func WithUserAgent(ua string) Option {
	return func(c *config) error {
		if ua == "" {
			return errors.New("user agent is empty")
		}
		c.userAgent = ua
		return nil
	}
}

// WithTimeout bounds one sending of a call, answer read, in service time
// (default 90 s; on the wall never under one second). The time that a call
// waits at its gate does not count.
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("timeout %s is not positive", d)
		}
		c.timeout = d
		return nil
	}
}

// WithScale sets how fast service time runs (default 1).
func WithScale(s Scale) Option {
	return func(c *config) error {
		if s < 0 {
			return fmt.Errorf("time scale %g is negative", float64(s))
		}
		c.scale = s
		return nil
	}
}

// WithQuotaShare leaves room for other users of the app: a group's limit
// becomes max(1, floor(limit × share)), 0 < share ≤ 1.
func WithQuotaShare(share float64) Option {
	return func(c *config) error {
		if !(share > 0 && share <= 1) {
			return fmt.Errorf("quota share %g is not in (0, 1]", share)
		}
		c.share = share
		return nil
	}
}

// WithLimits replaces the limits that hold until an answer names the account's.
func WithLimits(limits map[Group]Limit) Option {
	return func(c *config) error {
		for g, l := range limits {
			if l.Calls < 1 || l.Window <= 0 {
				return fmt.Errorf("limit of group %s: %d calls in %s", g, l.Calls, l.Window)
			}
		}
		c.limits = limits
		return nil
	}
}

// WithSlotStore keeps slots across processes; whoever opened it closes it.
func WithSlotStore(s SlotStore) Option {
	return func(c *config) error { c.store = s; return nil }
}

// WithTrace writes every exchange, redacted, to w. Addresses and numbers are
// in it: keep the file private.
func WithTrace(w io.Writer) Option {
	return func(c *config) error { c.trace = w; return nil }
}

// WithReadRetries sets how often a read is sent at most (default 4).
func WithReadRetries(tries int) Option {
	return func(c *config) error {
		if tries < 1 {
			return fmt.Errorf("%d tries", tries)
		}
		c.readTries = tries
		return nil
	}
}

// WithWaitObserver is told whenever the head of a group's queue starts to wait.
// It is called from the waiting goroutine and must return quickly.
func WithWaitObserver(f func(Wait)) Option {
	return func(c *config) error { c.observe = f; return nil }
}

// WithReadOnlyScope asks for a token that can only read.
func WithReadOnlyScope(on bool) Option {
	return func(c *config) error { c.readOnlyScope = on; return nil }
}
