package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"

	"provision/rcclient"
)

// What people can do something about comes with what to look at: an answer that
// is not the service's is no trouble of the network, and the other way round.
func TestExplainService(t *testing.T) {
	t.Parallel()
	refused := errors.New("connection refused")
	for name, c := range map[string]struct {
		err  error
		hint string
	}{
		"credentials":  {&rcclient.AuthError{Status: 401}, "check client id"},
		"permission":   {&rcclient.APIError{Status: 403, Class: rcclient.ClassAbortRun}, "scopes"},
		"redirect":     {&rcclient.APIError{Status: 302}, "sent on to elsewhere"},
		"server error": {&rcclient.APIError{Status: 503, Class: rcclient.ClassServer}, "try again later"},
		"login page":   {&rcclient.UnansweredError{Sent: true, Status: 200, Err: errors.New("HTML")}, "a login page of the network"},
		"certificate":  {&rcclient.UnansweredError{Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}, "has to trust the authority"},
		"unreachable":  {&rcclient.UnansweredError{Err: refused}, "check --server and the network"},
		"of a row":     {&rcclient.APIError{Status: 400, Class: rcclient.ClassRowError}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hints := strings.Join(hintsOf(explainService(fmt.Errorf("read account: %w", c.err))), "; ")
			if !strings.Contains(hints, c.hint) || c.hint == "" && hints != "" {
				t.Errorf("the hints are %q, want %q", hints, c.hint)
			}
		})
	}
}
