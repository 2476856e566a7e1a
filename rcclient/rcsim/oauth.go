package rcsim

import (
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Token rules (API reference, getToken; developer guide).
const (
	grantJWT          = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	grantRefresh      = "refresh_token"
	defaultTokenTTL   = 3600
	defaultRefreshTTL = 604_800
	maxSessions       = 5 // of one user and app; older ones are dropped
	grantedScopes     = "ReadAccounts EditAccounts"
)

// session is one sign-in: an access token, perhaps a refresh token.
type session struct {
	ID             string `json:"id"`
	Token          string `json:"token"`
	Expires        int64  `json:"expires"` // service time
	Refresh        string `json:"refresh,omitempty"`
	RefreshExpires int64  `json:"refresh_expires,omitempty"`
	User           string `json:"user"`
	App            string `json:"app"`
}

// sessionChange is a session begun or ended, as the state file keeps it.
type sessionChange struct {
	Begin *session `json:"begin,omitempty"`
	End   string   `json:"end,omitempty"` // session id
}

// sessionList holds the sessions, oldest first; there are never many.
type sessionList []*session

func (l *sessionList) apply(c sessionChange) {
	if c.Begin != nil {
		*l = append(*l, c.Begin)
		return
	}
	*l = slices.DeleteFunc(*l, func(s *session) bool { return s.ID == c.End })
}

func (l sessionList) find(match func(*session) bool) *session {
	if i := slices.IndexFunc(l, match); i >= 0 {
		return l[i]
	}
	return nil
}

// changeSession does a change and notes it for the state file.
func (s *Server) changeSession(c *call, change sessionChange) {
	s.sessions.apply(change)
	c.sessions = append(c.sessions, change)
}

// authenticate finds the session of a call's access token.
func (s *Server) authenticate(r *http.Request, now int64) (*session, *apiError) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch {
	case scheme == "":
		return nil, &apiError{status: 401, code: "OAU-128", message: "Access token is missing"}
	case !strings.EqualFold(scheme, "bearer") || token == "":
		return nil, &apiError{status: 401, code: "OAU-149", message: "Authorization header is not a bearer token"}
	}
	found := s.sessions.find(func(one *session) bool { return one.Token == token })
	if found == nil {
		return nil, &apiError{status: 401, code: "OAU-213", message: "Token not found"}
	}
	if now >= found.Expires {
		return nil, &apiError{status: 401, code: "OAU-129", message: "Access token is expired"}
	}
	return found, nil
}

// clientID is the app that a call to the auth group comes from.
func clientID(r *http.Request, form url.Values) string {
	if id, _, basic := r.BasicAuth(); basic {
		return id
	}
	return form.Get("client_id")
}

// checkClient compares the app's credentials with the account file's.
func (s *Server) checkClient(c *call, form url.Values) *apiError {
	id, secret, basic := c.request.BasicAuth()
	if !basic {
		id = form.Get("client_id") // a public client
	}
	wanted := s.world.file.Credentials
	if wanted == nil {
		wanted = &Credentials{}
	}
	switch {
	case id == "", basic && secret == "":
	case wanted.ClientID != "" && id != wanted.ClientID:
	case wanted.ClientSecret != "" && secret != wanted.ClientSecret:
	default:
		return nil
	}
	return &apiError{status: http.StatusUnauthorized, code: "OAU-146", message: "Client authentication failed", oauth: "invalid_client"}
}

func badGrant(code, message, parameter string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: code, message: message, parameter: parameter, oauth: "invalid_grant"}
}

// tokenRefusal says in OAuth's words too (RFC 6749, 5.2) what is wrong with a
// token request that is outside the contract: a form that is none, a grant that
// is not served, a field that is missing or bad.
func tokenRefusal(c *call, failure *apiError) *apiError {
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if len(c.body) > 0 && (err != nil || kind != "application/x-www-form-urlencoded") {
		return &apiError{status: http.StatusUnsupportedMediaType, code: "CMN-104", message: "The token request is not a form", oauth: "invalid_request"}
	}
	form, _ := formOf(c.body)
	switch grant := form.Get("grant_type"); grant {
	case "", grantJWT, grantRefresh:
		failure.oauth = "invalid_request"
		return failure
	default:
		return &apiError{status: http.StatusBadRequest, code: "OAU-125", message: "Grant type is not supported",
			parameter: "grant_type", value: grant, oauth: "unsupported_grant_type"}
	}
}

// tokenBody is the answer of getToken.
type tokenBody struct {
	AccessToken      string `json:"access_token"`
	TokenType        string `json:"token_type"`
	ExpiresIn        int    `json:"expires_in"`
	RefreshToken     string `json:"refresh_token,omitempty"`
	RefreshExpiresIn int    `json:"refresh_token_expires_in,omitempty"`
	Scope            string `json:"scope"`
	OwnerID          string `json:"owner_id"`
	EndpointID       string `json:"endpoint_id,omitempty"`
	SessionID        string `json:"session_id"`
}

func (s *Server) getToken(c *call) answer {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return badGrant("CMN-104", "The form cannot be parsed", "").answer()
	}
	if failure := s.checkClient(c, form); failure != nil {
		return failure.answer()
	}
	switch form.Get("grant_type") {
	case grantJWT:
		if wanted := s.world.file.Credentials; wanted != nil && wanted.JWT != "" && form.Get("assertion") != wanted.JWT {
			return badGrant("OAU-151", "The JWT is not one of this app's", "assertion").answer()
		}
	case grantRefresh:
		if failure := s.endRefreshed(c, form.Get("refresh_token")); failure != nil {
			return failure.answer()
		}
	}
	return s.beginSession(c, form)
}

// endRefreshed ends the session that a refresh token renews: refresh tokens are
// single use, and the old access token dies at once. The few seconds of grace
// that the service gives an old refresh token are left out.
func (s *Server) endRefreshed(c *call, refresh string) *apiError {
	old := s.sessions.find(func(one *session) bool { return one.Refresh != "" && one.Refresh == refresh && one.App == c.app })
	if old == nil || c.now >= old.RefreshExpires {
		return badGrant("OAU-213", "Token not found", "refresh_token")
	}
	s.changeSession(c, sessionChange{End: old.ID})
	return nil
}

func (s *Server) beginSession(c *call, form url.Values) answer {
	user := string(s.world.owner())
	ttl := formInt(form, "access_token_ttl", defaultTokenTTL)
	begun := &session{
		ID: s.secret("s"), Token: s.secret("at-"), User: user, App: c.app,
		Expires: c.now + int64(ttl)*int64(time.Second),
	}
	body := tokenBody{
		AccessToken: begun.Token, TokenType: "bearer", ExpiresIn: ttl, Scope: cmp.Or(form.Get("scope"), cmp.Or(s.world.settings().Scopes, grantedScopes)),
		OwnerID: user, EndpointID: form.Get("endpoint_id"), SessionID: begun.ID,
	}
	if s.world.settings().RefreshTokens {
		refreshTTL := formInt(form, "refresh_token_ttl", defaultRefreshTTL)
		begun.Refresh = s.secret("rt-")
		begun.RefreshExpires = c.now + int64(refreshTTL)*int64(time.Second)
		body.RefreshToken, body.RefreshExpiresIn = begun.Refresh, refreshTTL
	}
	s.changeSession(c, sessionChange{Begin: begun})
	s.dropOldest(c, user)
	return ok(body)
}

// dropOldest keeps a user and app at the most sessions allowed.
func (s *Server) dropOldest(c *call, user string) {
	var own []string
	for _, one := range s.sessions {
		if one.User == user && one.App == c.app {
			own = append(own, one.ID)
		}
	}
	for len(own) > maxSessions {
		s.changeSession(c, sessionChange{End: own[0]})
		own = own[1:]
	}
}

// revokeToken ends the session of a token; an unknown token is no error.
func (s *Server) revokeToken(c *call) answer {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return badGrant("CMN-104", "The form cannot be parsed", "").answer()
	}
	if failure := s.checkClient(c, form); failure != nil {
		return failure.answer()
	}
	token := cmp.Or(form.Get("token"), c.query.Get("token"))
	if found := s.sessions.find(func(one *session) bool { return one.Token == token || one.Refresh != "" && one.Refresh == token }); found != nil {
		s.changeSession(c, sessionChange{End: found.ID})
	}
	return answer{status: http.StatusOK}
}

// owner is the user that every token belongs to: the account's operator, else
// its first user.
func (w *world) owner() ID {
	if operator := w.file.Account.Operator; operator != nil && w.extensions[operator.ID.Text()] != nil {
		return operator.ID.Text()
	}
	for _, extension := range w.file.Extensions {
		if extension.Type == "User" {
			return extension.ID.Text()
		}
	}
	return w.file.Account.ID.Text()
}

// secret is a token that nobody guesses by accident; it comes from the seed.
func (s *Server) secret(prefix string) string {
	return fmt.Sprintf("%s%016x%016x", prefix, s.world.counter.draw(), s.world.counter.draw())
}

func formInt(form url.Values, name string, otherwise int) int {
	n, err := strconv.Atoi(form.Get(name))
	if err != nil {
		return otherwise
	}
	return n
}
