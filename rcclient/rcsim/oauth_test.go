package rcsim_test

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"provision/rcclient/rcsim"
)

func jwtForm(more ...string) url.Values {
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {"jwt"}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func TestTokenLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		got := s.form("/restapi/oauth/token", jwtForm("access_token_ttl", "600")).want(200).is("600", "expires_in").is("bearer", "token_type").is("101", "owner_id").is("", "refresh_token")
		s.token = got.text("access_token")
		pass(599 * time.Second)
		s.get(v1).want(200)
		pass(time.Second)
		s.get(v1).fails(401, "OAU-129")
		s.signIn()
		s.get(v1).want(200)
		s.form("/restapi/oauth/revoke", url.Values{"token": {s.token}}).want(200)
		s.get(v1).fails(401, "OAU-213")
		s.token = "made up"
		if got := s.get(v1).fails(401, "OAU-213"); got.Header().Get("WWW-Authenticate") == "" || got.Header().Get("X-Rate-Limit-Group") != "" {
			t.Errorf("got headers %v", got.Header())
		}
		r := s.request(http.MethodGet, v1, "")
		r.Header.Del("Authorization")
		s.send(r).fails(401, "OAU-128")
		r.Header.Set("Authorization", "Basic YTpi")
		s.send(r).fails(401, "OAU-149")
	})
}

func TestRefreshTokens(t *testing.T) {
	t.Parallel()
	s := start(t, `"refresh_tokens": true`)
	first := s.form("/restapi/oauth/token", jwtForm()).want(200)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first.text("refresh_token")}}
	second := s.form("/restapi/oauth/token", form).want(200)
	s.form("/restapi/oauth/token", form).fails(400, "OAU-213").is("invalid_grant", "error") // single use
	s.token = first.text("access_token")
	s.get(v1).fails(401, "OAU-213") // dies with the refresh
	s.token = second.text("access_token")
	s.get(v1).want(200)
}

func TestFiveSessions(t *testing.T) {
	t.Parallel()
	s := start(t, `"limits": {"auth": {"limit": 100}}`)
	first := s.token
	for range 5 {
		s.signIn()
	}
	last := s.token
	s.token = first
	s.get(v1).fails(401, "OAU-213")
	s.token = last
	s.get(v1).want(200)
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	account := parse(t, `"limits": {"auth": {"limit": 100}}`)
	account.Credentials = &rcsim.Credentials{ClientID: "app", ClientSecret: "secret", JWT: "jwt"}
	s := open(t, optionsFor(account))
	for _, bad := range [][2]string{{"app", "wrong"}, {"other", "secret"}, {"", "secret"}, {"app", ""}} {
		r := s.formRequest("/restapi/oauth/token", jwtForm())
		r.SetBasicAuth(bad[0], bad[1])
		s.send(r).fails(401, "OAU-146").is("invalid_client", "error")
	}
	s.form("/restapi/oauth/token", jwtForm("assertion", "another")).fails(400, "OAU-151").is("invalid_grant", "error")
	r := s.formRequest("/restapi/oauth/token", jwtForm())
	r.Header.Del("Authorization")
	s.send(r).fails(401, "OAU-146")
}

// TestTokenRefusals: what is wrong with a token request is said in OAuth's
// words too, whatever part of the simulator finds it.
func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	s := start(t, `"limits": {"auth": {"limit": 100}}`)
	for _, test := range []struct {
		form            url.Values
		code, parameter string
		oauth           string
	}{
		{jwtForm("grant_type", ""), "CMN-101", "", "invalid_request"},
		{jwtForm("assertion", ""), "CMN-101", "", "invalid_request"},
		{jwtForm("access_token_ttl", "599"), "CMN-101", "access_token_ttl", "invalid_request"},
		{jwtForm("grant_type", "refresh_token"), "CMN-101", "", "invalid_request"},
		{jwtForm("grant_type", "password"), "OAU-125", "grant_type", "unsupported_grant_type"},
		{url.Values{}, "CMN-101", "", "invalid_request"},
	} {
		got := s.form("/restapi/oauth/token", test.form).fails(400, test.code).is(test.oauth, "error")
		if got.text("parameterName") != test.parameter {
			t.Errorf("%v: got parameter %q, want %q", test.form, got.text("parameterName"), test.parameter)
		}
		s.violations++
	}
	r := s.request(http.MethodPost, "/restapi/oauth/token", `{"grant_type":"password"}`)
	r.SetBasicAuth("app", "secret")
	s.send(r).fails(415, "CMN-104").is("invalid_request", "error")
	s.violations++
}
