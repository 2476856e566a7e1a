package rcclient

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Clients that follow one another use one token; the last one revokes it.
func TestTokenJar(t *testing.T) {
	t.Parallel()
	s := newService(accountHandler)
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	jar := NewTokenJar()
	use := func(opts ...Option) {
		t.Helper()
		useOnce(t, srv.URL, testCredentials, append(opts, WithTokenJar(jar))...)
	}
	for range 7 {
		use()
	}
	if got, revoked := len(s.seen(tokenPath)), len(s.seen(revokePath)); got != 1 || revoked != 0 {
		t.Fatalf("got %d tokens and %d revocations, want 1 and none", got, revoked)
	}
	for _, c := range s.seen(accountV1) {
		if got := c.Header.Get("Authorization"); got != "Bearer "+plantedToken+"-1" {
			t.Errorf("got %q", got)
		}
	}
	use(WithReadOnlyScope(true)) // another scope is another token
	if got := len(s.seen(tokenPath)); got != 2 {
		t.Errorf("got %d tokens, want 2", got)
	}
	for _, text := range []string{fmt.Sprint(jar), fmt.Sprintf("%+v %#v", jar, jar)} {
		if strings.Contains(text, plantedToken) {
			t.Errorf("the jar shows %s", text)
		}
	}
	if !jar.Shut() {
		t.Error("the jar says that it is empty")
	}
	use()
	use(WithReadOnlyScope(true))
	if got, revoked := len(s.seen(tokenPath)), len(s.seen(revokePath)); got != 2 || revoked != 2 || jar.Shut() {
		t.Errorf("got %d tokens and %d revocations, want 2 of each and an empty jar", got, revoked)
	}
}

// A token that ran out in the jar, or that the service does not take any more,
// is replaced.
func TestTokenJarOfOldTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(accountHandler)
		jar := NewTokenJar()
		for range 3 {
			c, end := s.virtual(t, WithTokenJar(jar))
			if _, err := c.AccountInfo(t.Context()); err != nil {
				t.Error(err)
			}
			end()
			time.Sleep(50 * time.Minute)
		}
		if got := len(s.seen(tokenPath)); got != 2 {
			t.Errorf("got %d tokens in 100 minutes, want 2", got)
		}
	})
}

// A client that made no call leaves nothing, and one with other credentials
// finds nothing.
func TestTokenJarTellsCredentialsApart(t *testing.T) {
	t.Parallel()
	s := newService(accountHandler)
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	jar := NewTokenJar()
	idle, err := New(srv.URL, testCredentials, WithTokenJar(jar))
	if err != nil || idle.Close(context.Background()) != nil || jar.Shut() {
		t.Fatalf("got %v, and a token of nobody", err)
	}
	jar = NewTokenJar()
	for _, secret := range []string{plantedSecret, "another secret"} {
		creds := testCredentials
		creds.ClientSecret = secret
		useOnce(t, srv.URL, creds, WithTokenJar(jar))
	}
	if got := len(s.seen(tokenPath)); got != 2 {
		t.Errorf("got %d tokens, want 2", got)
	}
}

// useOnce makes a client, one call, and closes it.
func useOnce(t *testing.T, url string, creds Credentials, opts ...Option) {
	t.Helper()
	c, err := New(url, creds, opts...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AccountInfo(t.Context()); err != nil {
		t.Error(err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
