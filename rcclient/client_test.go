package rcclient

import (
	"strings"
	"testing"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for server, want := range map[string]string{
		"http://platform.ringcentral.com": "https",
		"http://10.0.0.1":                 "https",
		"ftp://x":                         "https",
		"platform.ringcentral.com":        "not a URL",
		"":                                "not a URL",
		"https://user:pw@platform.ringcentral.com": "credentials",
		"https://x/?a=b": "query",
	} {
		_, err := New(server, testCredentials)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", server, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "pw@") {
			t.Errorf("%q: the error quotes the password", server)
		}
	}
	for _, server := range []string{"https://platform.ringcentral.com", "http://127.0.0.1:80", "http://[::1]:80", "http://localhost:1/"} {
		if _, err := New(server, testCredentials); err != nil {
			t.Errorf("%q: %v", server, err)
		}
	}
	if _, err := New("https://x", Credentials{ClientID: "a"}); err == nil || !strings.Contains(err.Error(), "client secret, JWT") {
		t.Errorf("got %v, want the missing credentials by name", err)
	}
	for name, o := range map[string]Option{
		"share 0": WithQuotaShare(0), "share 2": WithQuotaShare(2), "timeout": WithTimeout(0), "agent": WithUserAgent(""),
		"tries": WithReadRetries(0), "limits": WithLimits(map[Group]Limit{GroupHeavy: {}}), "scale": WithScale(-1), "transport": WithTransport(nil),
	} {
		if _, err := New("https://x", testCredentials, o); err == nil {
			t.Errorf("option %s: no error", name)
		}
	}
}
