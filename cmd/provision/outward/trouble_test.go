package outward_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"provision/cmd/provision/outward"
)

// Each way on which a call gets no answer has its words; none holds the host.
func TestTrouble(t *testing.T) {
	t.Parallel()
	planted := func(err error) error {
		return &url.Error{Op: "Post", URL: "https://planted.example/planted", Err: err}
	}
	for _, c := range []struct {
		err     error
		want    string
		lasting bool
	}{
		{planted(context.Canceled), "it was given up", true},
		{planted(context.DeadlineExceeded), "the receiver did not answer in time", false},
		{planted(&net.OpError{Op: "dial", Err: &net.DNSError{Name: "planted.example"}}), "the receiver's host is not known", false},
		{planted(&net.OpError{Op: "dial", Err: errors.New("planted")}), "the receiver can't be reached", false},
		{planted(&net.OpError{Op: "read", Err: errors.New("planted")}), "the connection to the receiver broke", false},
		{planted(fmt.Errorf("planted: %w", &tls.CertificateVerificationError{Err: errors.New("planted")})), "the receiver's certificate is not accepted", true},
		{errors.New("planted"), "the connection to the receiver broke", false},
	} {
		if said, lasting := outward.Trouble(c.err, "the receiver"); said.Error() != c.want || lasting != c.lasting {
			t.Errorf("%v: got %q, %v, want %q, %v", c.err, said, lasting, c.want, c.lasting)
		}
	}
}

// What a client gives for a certificate that it does not know, and for nobody at
// the port, is told apart.
func TestTroubleOfAClient(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Config.ErrorLog = nil
	defer server.Close()
	for target, want := range map[string]string{server.URL: "certificate", "http://127.0.0.1:1/": "can't be reached"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := outward.Client(time.Minute).Do(req)
		if err == nil {
			_ = resp.Body.Close()
			t.Fatalf("%s answered", target)
		}
		if said, _ := outward.Trouble(err, "it"); !strings.Contains(said.Error(), want) {
			t.Errorf("%s: got %q, want %s", target, said, want)
		}
	}
}
