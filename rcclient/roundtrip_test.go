package rcclient

import (
	"io"
	"net/http"
	"strings"
)

// roundTrip is a transport that answers by a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	return f(r)
}

func response(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
}

// withToken answers the token call and passes the others on.
func withToken(f roundTrip) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		switch r.URL.Path {
		case tokenPath:
			return response(200, `{"access_token":"abcdef","token_type":"bearer","expires_in":3600}`), nil
		case revokePath:
			return response(200, ""), nil
		}
		return f(r)
	}
}
