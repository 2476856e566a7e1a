package telemetry_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"provision/cmd/provision/telemetry"
)

func TestPush(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		push       telemetry.Push
		path, auth string
	}{
		{"job", telemetry.Push{Job: "provision"}, "/base/metrics/job/provision", ""},
		{"labels in order, empty ones left out", telemetry.Push{Job: "j", Labels: map[string]string{"profile": "nightly", "instance": "a b", "env": ""}},
			"/base/metrics/job/j/instance/a%20b/profile/nightly", ""},
		{"values that are paths", telemetry.Push{Job: "a/b", Labels: map[string]string{"dir": ".."}}, "/base/metrics/job@base64/YS9i/dir@base64/Li4", ""},
		{"basic", telemetry.Push{Job: "j", User: "u", Password: "p"}, "/base/metrics/job/j", "Basic dTpw"},
		{"bearer", telemetry.Push{Job: "j", Token: "t"}, "/base/metrics/job/j", "Bearer t"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got *http.Request
			var body []byte
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				got = r
				body, _ = io.ReadAll(r.Body)
			}))
			defer server.Close()
			var err error
			if c.push.URL, err = telemetry.ParsePushURL(server.URL + "/base/"); err != nil {
				t.Fatal(err)
			}
			if err := c.push.Send(t.Context(), []byte("text\n")); err != nil {
				t.Fatal(err)
			}
			if got.Method != http.MethodPost || got.URL.EscapedPath() != c.path || got.Header.Get("Authorization") != c.auth || string(body) != "text\n" {
				t.Errorf("got %s %s %q %q, want %s", got.Method, got.URL.EscapedPath(), got.Header.Get("Authorization"), body, c.path)
			}
		})
	}
}

// An error shows neither where it went nor what came back.
func TestPushFails(t *testing.T) {
	t.Parallel()
	answer := func(status int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/planted-elsewhere")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "planted-answer")
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	for target, want := range map[string]string{
		answer(400):                   "the Pushgateway answered 400",
		answer(302):                   "the Pushgateway answered 302",
		"http://127.0.0.1:1":          "the Pushgateway can't be reached",
		"http://pushgateway.invalid/": "its credentials would go over plain http: use https",
	} {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		p := telemetry.Push{URL: u.JoinPath("planted-path"), Job: "j", Token: "planted-token"}
		err = p.Send(t.Context(), nil)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", target, err, want)
		}
	}
}

// A gateway that does not answer is given up.
func TestPushHangs(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-end }))
	defer server.Close()
	defer close(end)
	u, err := telemetry.ParsePushURL(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := telemetry.Push{URL: u, Job: "j", Timeout: 50 * time.Millisecond}
	if err := p.Send(t.Context(), nil); err == nil || err.Error() != "the Pushgateway did not answer in time" {
		t.Errorf("got %v", err)
	}
}

func TestPushWords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "pushgateway:9091", "/path", "ftp://h/", "http://u:p@h/", "http://h/?q=1", "http://h/#f", "http://[", "http:///x"} {
		if u, err := telemetry.ParsePushURL(text); err == nil {
			t.Errorf("%q is %v", text, u)
		} else if strings.Contains(err.Error(), "u:p") {
			t.Errorf("the error shows the credentials: %v", err)
		}
	}
	for _, list := range [][]string{{"x"}, {"=x"}, {"x="}, {"__a=b"}, {"a-b=c"}, {"job=x"}, {"profile=x"}, {"status=x"}, {"a=1", "a=2"}} {
		if labels, err := telemetry.ParseLabels(list); err == nil {
			t.Errorf("%q is %v", list, labels)
		}
	}
	if labels, err := telemetry.ParseLabels([]string{"instance=host 7", "env=a=b"}); err != nil || labels["instance"] != "host 7" || labels["env"] != "a=b" {
		t.Errorf("got %v, %v", labels, err)
	}
}
