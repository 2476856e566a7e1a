package rcclient

import (
	"errors"
	"strings"
)

// Credentials are what the token call needs. They show themselves to no
// formatter and no encoder.
type Credentials struct {
	ClientID     string
	ClientSecret string
	// JWT is the user's JSON web token. It goes to the token endpoint only.
	JWT string
}

// redacted stands wherever a secret would have been written.
const redacted = "[redacted]"

// String hides all of it.
func (c Credentials) String() string { return "rcclient.Credentials{" + redacted + "}" }

// GoString is String: %#v shows no more than %v.
func (c Credentials) GoString() string { return c.String() }

// MarshalJSON writes a fixed text instead of the secrets.
func (c Credentials) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// check tells which part is missing.
func (c Credentials) check() error {
	var missing []string
	if c.ClientID == "" {
		missing = append(missing, "client id")
	}
	if c.ClientSecret == "" {
		missing = append(missing, "client secret")
	}
	if c.JWT == "" {
		missing = append(missing, "JWT")
	}
	if len(missing) > 0 {
		return errors.New("credentials lack " + strings.Join(missing, ", "))
	}
	return nil
}
