package rcclient

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	jwtGrant      = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	readOnlyScope = "ReadAccounts"
	// renewPart is the part of a token's life after which it is renewed.
	renewPart = 0.8
	// expiryMargin is how long before its end a token is used no more, in service
	// time: a call takes its time to reach the service.
	expiryMargin = 5 * time.Second
	// renewAgain is how long after a failed renewal ahead the next one is tried.
	renewAgain = 30 * time.Second
	// tokenTries and the waits between them (guide: three tries, 10 s apart,
	// after 408, 5xx and timeouts).
	tokenTries    = 3
	tokenWait     = 10 * time.Second
	tokenDialWait = time.Second
	// revokeTimeout bounds the revoking at Close, in wall time.
	revokeTimeout = 5 * time.Second
)

// errClosed says that the client was closed.
var errClosed = errors.New("the client is closed")

// token is an access token. Its number tells it from the ones before it.
type token struct {
	value   string
	number  int
	scopes  []string  // what it allows; nil if the answer did not say
	renew   time.Time // when it is renewed ahead
	expires time.Time // when it is used no more
}

// tokenKeeper holds the one token of a client. One goroutine, begun at the
// first use and ended by close, makes all token calls; the callers wait for it.
type tokenKeeper struct {
	c      *Client
	demand chan struct{}
	ctx    context.Context // the life of the goroutine
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	cur     token
	refused error // an *AuthError: no further try
	pending *renewal
	running bool
	closed  bool
}

// renewal is a token call on its way, which any number of callers wait for.
type renewal struct {
	done chan struct{}
	err  error // set before done is closed
}

func newTokenKeeper(c *Client) *tokenKeeper {
	k := &tokenKeeper{c: c, demand: make(chan struct{}, 1), done: make(chan struct{})}
	k.ctx, k.cancel = context.WithCancel(context.Background())
	k.cur = c.cfg.jar.take(c.tokenKey())
	c.trace.hide(k.cur.value)
	return k
}

// get gives a token that is good now, and waits for one if need be.
func (k *tokenKeeper) get(ctx context.Context) (token, error) {
	for {
		k.mu.Lock()
		if k.closed || k.refused != nil {
			err := k.refused
			if k.closed {
				err = errClosed
			}
			k.mu.Unlock()
			return token{}, err
		}
		if k.good() {
			t := k.cur
			k.mu.Unlock()
			return t, nil
		}
		p := k.want()
		k.mu.Unlock()
		if err := p.wait(ctx); err != nil {
			return token{}, err
		}
	}
}

// current gives the token in force if there is one.
func (k *tokenKeeper) current() (token, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.cur, k.good() && !k.closed
}

// Scopes are what the app's token allows (the token answer's scope). It is false
// while there is no token, or if the answer did not say.
func (c *Client) Scopes() ([]string, bool) {
	t, ok := c.tokens.current()
	return t.scopes, ok && len(t.scopes) > 0
}

// renew replaces t, which the service has refused, once for all its callers.
func (k *tokenKeeper) renew(ctx context.Context, t token) error {
	k.mu.Lock()
	if k.closed {
		k.mu.Unlock()
		return errClosed
	}
	if k.refused != nil {
		defer k.mu.Unlock()
		return k.refused
	}
	if k.cur.number != t.number { // another caller was first
		k.mu.Unlock()
		return nil
	}
	k.cur.expires = time.Time{}
	p := k.want()
	k.mu.Unlock()
	return p.wait(ctx)
}

// good tells whether the present token can be used. The caller holds mu.
func (k *tokenKeeper) good() bool { return time.Now().Before(k.cur.expires) }

// want joins the token call on its way, or asks for one. The caller holds mu.
func (k *tokenKeeper) want() *renewal {
	if k.pending == nil {
		k.pending = &renewal{done: make(chan struct{})}
		select {
		case k.demand <- struct{}{}:
		default:
		}
	}
	if !k.running {
		k.running = true
		go k.run()
	}
	return k.pending
}

func (r *renewal) wait(ctx context.Context) error {
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run renews the token when it is asked for or due, until close.
func (k *tokenKeeper) run() {
	defer close(k.done)
	for {
		due, stop := k.due()
		select {
		case <-k.ctx.Done():
			stop()
			k.settle(token{}, errClosed)
			return
		case <-k.demand:
		case <-due:
			k.mu.Lock()
			if k.pending == nil {
				k.pending = &renewal{done: make(chan struct{})}
			}
			select {
			case <-k.demand: // this call is the one that was asked for
			default:
			}
			k.mu.Unlock()
		}
		stop()
		t, err := k.fetch(k.ctx)
		if k.ctx.Err() != nil {
			err = errClosed
		}
		k.settle(t, err)
	}
}

// due gives a channel that fires when the token is to be renewed.
func (k *tokenKeeper) due() (<-chan time.Time, func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cur.renew.IsZero() {
		return nil, func() {}
	}
	t := time.NewTimer(time.Until(k.cur.renew))
	return t.C, func() { t.Stop() }
}

// settle puts a new token in force, or notes why there is none, and frees the
// waiting callers.
func (k *tokenKeeper) settle(t token, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var auth *AuthError
	switch {
	case err == nil:
		t.number = k.cur.number + 1
		k.cur = t
		k.c.trace.hide(t.value)
	case errors.As(err, &auth):
		k.refused, k.cur.renew = err, time.Time{}
	case k.good():
		k.cur.renew = time.Now().Add(k.wall(renewAgain))
	default:
		k.cur.renew = time.Time{} // the next caller asks
	}
	if p := k.pending; p != nil {
		k.pending = nil
		p.err = err
		close(p.done)
	}
}

func (k *tokenKeeper) wall(d time.Duration) time.Duration { return k.c.cfg.scale.Wall(d) }

// fetch makes the token call, again after a passing trouble. A refusal of the
// credentials is final.
func (k *tokenKeeper) fetch(ctx context.Context) (token, error) {
	form := url.Values{"grant_type": {jwtGrant}, "assertion": {k.c.creds.JWT}}
	if k.c.cfg.readOnlyScope {
		form.Set("scope", readOnlyScope)
	}
	limited := 0
	for try := 1; ; try++ {
		start := time.Now()
		a, err := k.c.basicCall(ctx, request{op: opGetToken, path: tokenPath, form: form})
		if err == nil {
			return k.parse(a, start)
		}
		wait, again := tokenRetry(err, try, &limited)
		if !again || sleep(ctx, k.wall(wait)) != nil {
			return token{}, err
		}
		k.c.counts.retried()
	}
}

// tokenRetry decides whether the token call is made again: it has no effect
// that a repeat could double.
func tokenRetry(err error, try int, limited *int) (time.Duration, bool) {
	var api *APIError
	var un *UnansweredError
	switch {
	case errors.As(err, &api) && api.Class == ClassRateLimited && api.Retryable():
		*limited++
		return 0, *limited < maxLimitedTries
	case errors.As(err, &api):
		return max(tokenWait, api.RetryAfter), api.Retryable() && try < tokenTries
	case !errors.As(err, &un) || hopeless(un.Err): // an AuthError is final
		return 0, false
	case !un.Sent:
		return tokenDialWait * time.Duration(try), try < tokenTries
	}
	return tokenWait, try < tokenTries
}

// parse reads a token's answer. Its life counts from before the call.
func (k *tokenKeeper) parse(a *answer, start time.Time) (token, error) {
	var body struct {
		AccessToken string  `json:"access_token"`
		TokenType   string  `json:"token_type"`
		ExpiresIn   float64 `json:"expires_in"`
		Scope       string  `json:"scope"`
	}
	if err := a.decode(&body); err != nil {
		return token{}, err
	}
	if body.AccessToken == "" || !strings.EqualFold(body.TokenType, "bearer") || !(body.ExpiresIn > 0 && body.ExpiresIn < 1e8) {
		return token{}, a.odd(errors.New("the answer holds no bearer token with a life"))
	}
	life := time.Duration(body.ExpiresIn * float64(time.Second))
	usable := max(life-expiryMargin, life/2)
	ahead := min(time.Duration(renewPart*float64(life)), usable)
	return token{value: body.AccessToken, scopes: strings.Fields(body.Scope), renew: start.Add(k.wall(ahead)), expires: start.Add(k.wall(usable))}, nil
}

// basicCall makes a call with the app's own authorisation.
func (c *Client) basicCall(ctx context.Context, r request) (*answer, error) {
	g := c.gateOf(r.op)
	s, err := g.acquire(ctx, r.op, one)
	if err != nil {
		return nil, notSent(ctx, r.op, err)
	}
	return c.sendOn(ctx, g, s, r, c.basic())
}

func (c *Client) basic() string {
	pair := c.creds.ClientID + ":" + c.creds.ClientSecret
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
}

// close ends the goroutine and gives the token that is still in force.
func (k *tokenKeeper) close() token {
	k.mu.Lock()
	running, first := k.running, !k.closed
	k.closed = true
	k.mu.Unlock()
	k.cancel()
	if running {
		<-k.done
	}
	if !first {
		return token{}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.cur
}

// Close ends the renewing of the token and revokes it, for at most a few
// seconds, or leaves it in the jar; that the revoking fails is no error. It does
// not wait for a slot: without one the session is left to end by itself. A call
// made after Close fails, not sent.
func (c *Client) Close(ctx context.Context) error {
	defer c.http.CloseIdleConnections()
	t := c.tokens.close()
	if t.value == "" || time.Now().Before(t.expires) && c.cfg.jar.put(c.tokenKey(), t) {
		return nil
	}
	g := c.gateOf(opRevokeToken)
	s := g.tryAcquire()
	if s == nil {
		c.cfg.log.Debug().Msg("token is not revoked: no call of the group is left")
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, revokeTimeout)
	defer cancel()
	_, err := c.sendOn(ctx, g, s, request{op: opRevokeToken, path: revokePath, form: url.Values{"token": {t.value}}}, c.basic())
	if err != nil {
		c.cfg.log.Debug().Err(fmt.Errorf("revoke token: %w", err)).Msg("token is not revoked")
	}
	return nil
}
