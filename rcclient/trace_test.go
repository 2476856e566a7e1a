package rcclient

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"
)

// lockedBuffer is a buffer for many goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestSecretsStayHidden makes calls of all kinds, good and bad, with log and
// trace at their fullest.
func TestSecretsStayHidden(t *testing.T) {
	t.Parallel()
	n := 0
	s := newService(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "session="+plantedToken)
		switch {
		case strings.HasSuffix(r.URL.Path, "/sip-info"):
			body := `{"domain":"sip","password":"` + plantedPassword + `","authorizationId":"` + plantedPassword + `"}`
			if n++; n == 1 {
				body = body[:len(body)-4] // cut: no JSON any more
			}
			reply(w, 200, body)
		case r.Method == http.MethodPut:
			reply(w, 400, `{"errors":[{"errorCode":"CMN-101","message":"bad token `+plantedToken+`-1 and `+plantedJWT+`","parameterValue":"`+plantedStreet+`"}]}`)
		case r.Method == http.MethodDelete:
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprintf(w, `<script>{"access_token": "%s`, plantedToken)
		default:
			reply(w, 200, `{"id":"7","emergency":{"address":{"street":"`+plantedStreet+`"}}}`)
		}
	})
	var log, trace lockedBuffer
	c := s.client(t, WithLogger(zerolog.New(&log).Level(zerolog.DebugLevel)), WithTrace(&trace))
	ctx := t.Context()
	if _, err := c.SIPInfo(ctx, "7"); err != nil {
		t.Fatal(err) // the cut answer to a read is asked for again
	}
	if _, err := c.Device(ctx, "7", false); err != nil {
		t.Fatal(err)
	}
	_, _, errPut := c.UpdateDevice(ctx, "7", DeviceUpdate{Emergency: &EmergencyUpdate{Address: &AddressRequest{Street: plantedStreet}}})
	_, _, errDelete := c.RemoveLine(ctx, "7", true)
	if errPut == nil || errDelete == nil {
		t.Fatal("no error where one was made")
	}
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{plantedSecret, plantedJWT, plantedToken, plantedPassword, c.basic()} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log shows %s:\n%s", secret, log.String())
		}
		if strings.Contains(trace.String(), secret) {
			t.Errorf("the trace shows %s:\n%s", secret, trace.String())
		}
	}
	if strings.Contains(log.String(), plantedStreet) {
		t.Errorf("the log shows an address:\n%s", log.String())
	}
	for _, want := range []string{"getToken", "> PUT " + accountV1 + "/device/7", "< 400", `"errorCode":"CMN-101"`, plantedStreet, redacted} {
		if !strings.Contains(trace.String(), want) {
			t.Errorf("the trace lacks %q:\n%s", want, trace.String())
		}
	}
	for _, want := range []string{`"op":"updateDevice"`, `"status":400`, `"request_id":"req-1"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log.String())
		}
	}
}

func TestCredentialsAndSIPInfoShowNothing(t *testing.T) {
	t.Parallel()
	sip := SIPInfo{Domain: "d", UserName: "planted-user", Password: plantedPassword, AuthorizationID: plantedPassword}
	j, err := json.Marshal(testCredentials)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		string(j), testCredentials.String(),
		fmt.Sprintf("%v %+v %#v %s", testCredentials, testCredentials, testCredentials, testCredentials),
		fmt.Sprintf("%v %+v %#v", &testCredentials, struct{ C Credentials }{testCredentials}, []Credentials{testCredentials}),
		fmt.Sprintf("%v %+v %#v %v", sip, sip, sip, &sip),
	} {
		if strings.Contains(text, "planted") {
			t.Errorf("shown: %s", text)
		}
	}
}

func FuzzRedactBody(f *testing.F) {
	f.Add("application/json", `{"a":{"password":"`, `"}}`)
	f.Add("application/json", `{"access_token":"`, ``)
	f.Add("application/x-www-form-urlencoded", `a=b&assertion=`, `&c=d`)
	f.Add("text/html", `<p>"Token" : "`, `"</p>`)
	f.Fuzz(func(t *testing.T, kind, before, after string) {
		// A secret that is the value of a secret field must not come out.
		const secret = "S3CRET-value-0123456789"
		_ = redactBody(opReadDevice, kind, []byte(before+secret+after))
		doc := `{"x":[{"refresh_token":"` + secret + `"}]}`
		for _, cut := range []string{doc, doc[:len(doc)-5], after + doc} {
			if out := redactBody(opReadDevice, "application/json", []byte(cut)); strings.Contains(out, secret) {
				t.Errorf("shown: %s", out)
			}
		}
	})
}
