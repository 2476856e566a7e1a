package rcclient

import (
	"crypto/sha256"
	"sync"
)

// TokenJar holds access tokens in memory between the clients of one process: a
// client that is closed leaves its token there, and the next one with the same
// server, credentials and scope takes it up. So work that comes in pieces asks
// for one token and not for one a piece, which the auth group would hold up. A
// token belongs to one client at a time.
//
// It is used from many goroutines. It shows tokens to no formatter.
type TokenJar struct {
	mu     sync.Mutex
	shut   bool
	tokens map[tokenKey]token
}

// tokenKey tells whose token it is, and shows nothing of the credentials.
type tokenKey [sha256.Size]byte

// NewTokenJar makes an empty jar.
func NewTokenJar() *TokenJar { return &TokenJar{tokens: map[tokenKey]token{}} }

// String says nothing of what is in it.
func (j *TokenJar) String() string { return "rcclient.TokenJar{" + redacted + "}" }

// GoString is String.
func (j *TokenJar) GoString() string { return j.String() }

// Shut takes no further token: the clients closed from now on revoke theirs. It
// reports whether some are in it that nobody has revoked.
func (j *TokenJar) Shut() (left bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.shut = true
	return len(j.tokens) > 0
}

// take gives a token away; the zero token if there is none.
func (j *TokenJar) take(k tokenKey) token {
	if j == nil {
		return token{}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	t := j.tokens[k]
	delete(j.tokens, k)
	return t
}

// put keeps a token for the next client, and reports whether it did.
func (j *TokenJar) put(k tokenKey, t token) bool {
	if j == nil {
		return false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.shut {
		return false
	}
	j.tokens[k] = t
	return true
}

// tokenKey is the key of the client's token.
func (c *Client) tokenKey() tokenKey {
	scope := ""
	if c.cfg.readOnlyScope {
		scope = readOnlyScope
	}
	h := sha256.New()
	for _, part := range []string{c.base.String(), c.creds.ClientID, c.creds.ClientSecret, c.creds.JWT, scope} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return tokenKey(h.Sum(nil))
}

// WithTokenJar takes the token out of the jar that an earlier client left there,
// and leaves it there at Close instead of revoking it.
func WithTokenJar(j *TokenJar) Option {
	return func(c *config) error { c.jar = j; return nil }
}
