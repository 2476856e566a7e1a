package unattended

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"provision/cmd/provision/config"
	"provision/rcclient"
)

// CauseOf classifies why something could not start. jwtExpires is when the JWT
// ends, zero if that is not known.
func CauseOf(err error, jwtExpires, now time.Time) Cause {
	var auth *rcclient.AuthError
	var api *rcclient.APIError
	var secret *config.SecretError
	var unanswered *rcclient.UnansweredError
	switch {
	case err == nil:
		return CauseNone
	case errors.As(err, &auth):
		if !jwtExpires.IsZero() && !now.Before(jwtExpires) {
			return CauseExpired
		}
		return CauseRefused
	case errors.As(err, &secret):
		return CauseUnavailable
	case errors.As(err, &api) && api.Class == rcclient.ClassAbortRun:
		return CausePermission
	case errors.As(err, &api) && api.Retryable():
		return CauseService
	case errors.As(err, &unanswered) && unanswered.Passing():
		if unanswered.Status != 0 {
			return CauseService
		}
		return CauseNetwork
	}
	return CauseSetup
}

// RetryAfterOf is how long the service asked to wait, in service time; 0 if it
// did not.
func RetryAfterOf(err error) time.Duration {
	if api, ok := errors.AsType[*rcclient.APIError](err); ok {
		return api.RetryAfter
	}
	return 0
}

// Expiry reads when a JWT ends, by its own word: nothing is verified, as only
// the service can. It is false for what is no JWT, or says nothing.
func Expiry(jwt string) (time.Time, bool) {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return time.Time{}, false
	}
	body, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return time.Time{}, false
	}
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if json.Unmarshal(body, &claims) != nil || !(claims.Exp > 0 && claims.Exp < 1e11) {
		return time.Time{}, false
	}
	return time.Unix(int64(claims.Exp), 0), true
}
