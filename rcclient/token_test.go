package rcclient

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func accountHandler(w http.ResponseWriter, _ *http.Request) { reply(w, 200, `{"id":1}`) }

func TestTokenCall(t *testing.T) {
	t.Parallel()
	s := newService(accountHandler)
	c := s.client(t, WithUserAgent("provision/1 (test)"), WithReadOnlyScope(true))
	if _, err := c.AccountInfo(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := s.seen(tokenPath)
	if len(got) != 1 {
		t.Fatalf("got %d token calls, want 1", len(got))
	}
	form, err := url.ParseQuery(got[0].Body)
	if err != nil || form.Get("assertion") != plantedJWT || form.Get("grant_type") != jwtGrant || form.Get("scope") != "ReadAccounts" {
		t.Errorf("got form %v, %v", form, err)
	}
	if h := got[0].Header; !strings.HasPrefix(h.Get("Authorization"), "Basic ") || h.Get("User-Agent") != "provision/1 (test)" {
		t.Errorf("got header %v", h)
	}
	call := s.seen(accountV1)[0]
	if call.Header.Get("Authorization") != "Bearer "+plantedToken+"-1" || strings.Contains(call.Body, plantedJWT) {
		t.Errorf("got header %v", call.Header)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if revoked := s.seen(revokePath); len(revoked) != 1 || revoked[0].Body != "token="+plantedToken+"-1" {
		t.Errorf("got revocations %v, want one of the token", revoked)
	}
	if _, err := c.AccountInfo(t.Context()); Outcome(err) != NotDone {
		t.Errorf("got %v after Close, want an error that says: not sent", err)
	}
}

func TestTokenIsFetchedOnceForAll(t *testing.T) {
	t.Parallel()
	s := newService(accountHandler)
	c := s.client(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.AccountInfo(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(s.seen(tokenPath)); n != 1 {
		t.Errorf("got %d token calls, want 1", n)
	}
}

func TestTokenIsRenewedAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(accountHandler)
		c, end := s.virtual(t)
		defer end()
		if _, err := c.AccountInfo(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2879 * time.Second)
		synctest.Wait()
		if n := len(s.seen(tokenPath)); n != 1 {
			t.Errorf("got %d token calls before 80%% of the life, want 1", n)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if n := len(s.seen(tokenPath)); n != 2 {
			t.Errorf("got %d token calls after 80%% of the life, want 2", n)
		}
		time.Sleep(24 * time.Hour)
		if _, err := c.AccountInfo(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(s.seen(tokenPath)); n < 31 || n > 32 {
			t.Errorf("got %d token calls in a day, want 31 or 32", n)
		}
	})
}

// TestTokenRunsOutAtTheGate: the call leaves with a token that is good then.
func TestTokenRunsOutAtTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(accountHandler)
		s.life = 600
		c, end := s.virtual(t, WithLimits(map[Group]Limit{GroupLight: {Calls: 1, Window: time.Hour}}))
		defer end()
		for range 2 {
			if _, err := c.AccountInfo(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		last := s.seen(accountV1)[1].Header.Get("Authorization")
		if last == "Bearer "+plantedToken+"-1" {
			t.Error("the call that waited an hour left with the token of the beginning")
		}
	})
}

func TestRefusedTokenIsRenewedOnceForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var late atomic.Int64
		dropped := false
		s := newService(func(w http.ResponseWriter, r *http.Request) {
			// The refusals come one after the other, the later ones after the renewal.
			time.Sleep(time.Second * time.Duration(late.Add(1)))
			if dropped && r.Header.Get("Authorization") == "Bearer "+plantedToken+"-1" {
				reply(w, 401, `{"errors":[{"errorCode":"OAU-213","message":"Token not found"}]}`)
				return
			}
			reply(w, 200, `{"id":"7"}`)
		})
		c, end := s.virtual(t)
		defer end()
		if _, _, err := c.UpdateDevice(t.Context(), "7", DeviceUpdate{}); err != nil {
			t.Fatal(err)
		}
		dropped = true
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, _, err := c.UpdateDevice(t.Context(), "7", DeviceUpdate{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(s.seen(tokenPath)); n != 2 {
			t.Errorf("got %d token calls, want 2: the first and one renewal", n)
		}
	})
}

func TestTokenRefusedTwiceIsFinal(t *testing.T) {
	t.Parallel()
	s := newService(func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 401, `{"errors":[{"errorCode":"OAU-129","message":"no"}]}`)
	})
	c := s.client(t)
	_, err := c.AccountInfo(t.Context())
	var auth *AuthError
	if !errors.As(err, &auth) || auth.Code != "OAU-129" {
		t.Errorf("got %v, want an AuthError", err)
	}
	if n, tokens := len(s.seen(accountV1)), len(s.seen(tokenPath)); n != 2 || tokens != 2 {
		t.Errorf("got %d calls and %d token calls, want 2 and 2", n, tokens)
	}
}

func TestWrongCredentialsAreTriedOnce(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"invalid_grant": `{"error":"invalid_grant","error_description":"no","errors":[{"errorCode":"OAU-251","message":"no"}]}`,
		"locked":        `{"errors":[{"errorCode":"OAU-147","message":"locked"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 0
			c := closing(t, "http://127.0.0.1", WithTransport(roundTrip(func(*http.Request) (*http.Response, error) {
				n++
				return response(400, body), nil
			})))
			for range 3 {
				_, err := c.AccountInfo(t.Context())
				var auth *AuthError
				if !errors.As(err, &auth) || Outcome(err) != NotDone {
					t.Errorf("got %v, want an AuthError", err)
				}
			}
			if n != 1 {
				t.Errorf("wrong credentials were sent %d times", n)
			}
		})
	}
}

func TestTokenCallIsRepeatedAfterPassingTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		var times []time.Duration
		start := time.Now()
		c, err := New("http://127.0.0.1", testCredentials, WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path != tokenPath {
				return response(200, `{"id":1}`), nil
			}
			n++
			times = append(times, time.Since(start).Round(time.Second))
			switch n {
			case 1:
				return response(503, ""), nil
			case 2:
				resp := response(429, "")
				resp.Header.Set("Retry-After", "20")
				return resp, nil
			}
			return response(200, `{"access_token":"abcdef","token_type":"Bearer","expires_in":3600}`), nil
		})))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.AccountInfo(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(times) != 3 || times[1] != 10*time.Second || times[2] != 30*time.Second {
			t.Errorf("got token calls at %v, want at 0, 10 s and 30 s", times)
		}
	})
}

func TestCallerWaitingForATokenCanLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		c, err := New("http://127.0.0.1", testCredentials, WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			select {
			case <-release:
			case <-r.Context().Done():
			}
			return nil, r.Context().Err()
		})))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err = c.UpdateDevice(ctx, "1", DeviceUpdate{})
		if Outcome(err) != NotDone || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v (%s), want the deadline, not done", err, Outcome(err))
		}
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// TestHangingTokenCallEndsTheCall: the token call's own tries are all there is.
func TestHangingTokenCallEndsTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c, err := New("http://127.0.0.1", testCredentials, WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
			n++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = c.AccountInfo(t.Context())
		if took := time.Since(start); n != tokenTries || took != 3*defaultTimeout+2*tokenWait {
			t.Errorf("got %v after %s and %d token calls, want three and their timeouts", err, took, n)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
