package rcsim_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"provision/rcclient/rcsim"
)

func TestLimitHeadersAndPenalty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, `"limits": {"light": {"limit": 3, "window": 60, "penalty": 90}}`)
		read := func() *reply { return s.device("2001") }
		for left := 2; left >= 0; left-- {
			got := read().want(200)
			for header, want := range map[string]string{
				"X-Rate-Limit-Group": "light", "X-Rate-Limit-Limit": "3", "X-Rate-Limit-Remaining": strconv.Itoa(left), "X-Rate-Limit-Window": "60", "Retry-After": "",
			} {
				if value := got.Header().Get(header); value != want {
					t.Errorf("%s: got %q, want %q", header, value, want)
				}
			}
			pass(10 * time.Second)
		}
		// 30 s after the first: refused, and each further call prolongs the penalty.
		if got := read(); got.Code != 429 || got.Header().Get("Retry-After") != "90" || got.Header().Get("X-Rate-Limit-Remaining") != "0" {
			t.Fatalf("got %d %v", got.Code, got.Header())
		}
		pass(89 * time.Second)
		read().fails(429, "CMN-301")
		pass(89 * time.Second)
		read().fails(429, "CMN-301")
		// Other groups go on.
		s.get(v1 + "/extension").want(200)
		pass(90 * time.Second)
		read().want(200)
		stats := s.Stats()
		if stats.RateLimited != 3 || stats.Calls.ByGroup["light"] != 4 || stats.Calls.ByOperation["readDevice"] != 4 || stats.Calls.ByGroup["medium"] != 1 {
			t.Errorf("got %+v", stats)
		}
		if stats.ServiceSeconds != 298 {
			t.Errorf("got %v service seconds, want 298", stats.ServiceSeconds)
		}
	})
}

// TestSlotBoundary guards what a client relies on: a call one window after the
// one it displaces is let through.
func TestSlotBoundary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, `"limits": {"light": {"limit": 1}}`)
		for range 3 {
			s.device("2001").want(200)
			pass(60 * time.Second)
		}
		s.device("2001").want(200)
		pass(60*time.Second - 1)
		s.device("2001").want(429)
	})
}

func TestFixedWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, `"window": "fixed"`, `"limits": {"light": {"limit": 2, "window": 60, "penalty": 0}}`)
		s.device("2001").want(200) // the bubble begins on a whole minute
		pass(59 * time.Second)
		s.device("2001").want(200)
		if got := s.device("2001"); got.Code != 429 || got.Header().Get("Retry-After") != "1" {
			t.Errorf("got %d %v", got.Code, got.Header())
		}
		pass(time.Second)
		s.device("2001").want(200)
		s.device("2001").want(200)
	})
}

// TestAppsHaveLimitsOfTheirOwn: limits count per user and app.
func TestAppsHaveLimitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := start(t, `"limits": {"light": {"limit": 1}}`)
	s.device("2001").want(200)
	s.device("2001").want(429)
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {"jwt"}, "client_id": {"another app"}}
	r := s.formRequest("/restapi/oauth/token", form)
	r.Header.Del("Authorization")
	s.token = s.send(r).want(200).text("access_token")
	s.device("2001").want(200)
}

// TestNoWindowHoldsMore: whatever the calls, no window of any placement holds
// more calls let through than the limit, nor does any penalty.
func TestNoWindowHoldsMore(t *testing.T) {
	t.Parallel()
	account := parse(t, `"limits": {"light": {"limit": 4, "window": 10, "penalty": 7}}`)
	rapid.Check(t, func(rt *rapid.T) {
		wall := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		s := bareSim(t, rcsim.Options{Account: account, Clock: func() time.Time { return wall }})
		var passed []time.Time
		var refused time.Time
		for range rapid.IntRange(1, 60).Draw(rt, "calls") {
			wall = wall.Add(time.Duration(rapid.Int64Range(0, int64(6*time.Second)).Draw(rt, "gap")))
			switch code := s.device("2001").Code; {
			case code == 429:
				refused = wall
			case code != 200:
				rt.Fatalf("got status %d", code)
			default:
				if !refused.IsZero() && wall.Sub(refused) < 7*time.Second {
					rt.Fatalf("let through %v after a refusal", wall.Sub(refused))
				}
				passed = append(passed, wall)
			}
		}
		for i := 4; i < len(passed); i++ {
			if passed[i].Sub(passed[i-4]) < 10*time.Second {
				rt.Fatalf("five calls in %v", passed[i].Sub(passed[i-4]))
			}
		}
	})
}

// TestLatencyAndScale: half of the latency passes before the call is counted,
// all of it before the answer; who gives up before the first half is over takes
// no slot, who gives up later has had his effect.
func TestLatencyAndScale(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, rcsim.Options{Account: parse(t), Latency: 600 * time.Millisecond, TimeScale: 2})
		begin := time.Now()
		s.device("2001").want(200)
		if took := time.Since(begin); took != 300*time.Millisecond {
			t.Errorf("a call took %v, want 300ms at scale 2", took)
		}
		for patience, effects := range map[time.Duration]int{100 * time.Millisecond: 0, 200 * time.Millisecond: 1} {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			s.ServeHTTP(httptest.NewRecorder(), s.request(http.MethodPut, v1+"/device/2002", `{"name":"X"}`).WithContext(ctx))
			cancel()
			if got := s.Stats(); got.Calls.ByGroup["medium"] < effects || got.Effects.Updated < effects {
				t.Errorf("given up after %v: got %+v", patience, got)
			}
		}
		if got := s.Stats(); got.Calls.ByGroup["medium"] != 1 || got.Effects.Updated != 1 {
			t.Errorf("got %+v", got)
		}
		before := s.Stats()
		pass(30 * time.Second)
		if passed := s.Stats().ServiceSeconds - before.ServiceSeconds; passed != 60 {
			t.Errorf("got %v service seconds in 30 s", passed)
		}
	})
}

// TestThousandsOfCalls: an hour of service time inside a bubble.
func TestThousandsOfCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := bareSim(t, rcsim.Options{Account: parse(t), Latency: 300 * time.Millisecond})
		var answered []time.Time
		for range 3000 {
			if n := len(answered) - 50; n >= 0 {
				pass(time.Until(answered[n].Add(time.Minute)))
			}
			s.device("2001").want(200)
			answered = append(answered, time.Now())
			if len(answered)%2000 == 0 {
				s.signIn()
			}
		}
		if s.Stats().RateLimited != 0 {
			t.Errorf("got %d refusals", s.Stats().RateLimited)
		}
	})
}

// bareSim is a sim without the end-of-test checks, for many in one test.
func bareSim(t testing.TB, options rcsim.Options) *sim {
	t.Helper()
	server, err := rcsim.New(options)
	if err != nil {
		t.Fatal(err)
	}
	s := &sim{Server: server, t: t}
	s.signIn()
	return s
}

func TestGroupsOfOperations(t *testing.T) {
	t.Parallel()
	s := start(t)
	groups := map[string][]*http.Request{
		"light": {s.request("GET", v1, ""), s.request("GET", v1+"/sites", ""), s.request("GET", v2+"/cost-centers", ""),
			s.request("GET", v1+"/emergency-locations", ""), s.request("GET", v1+"/emergency-locations/1", ""), s.request("GET", v1+"/device/1", ""),
			s.request("GET", v1+"/device/1/sip-info", ""), s.request("GET", v1+"/extension/1/device", "")},
		"medium": {s.request("GET", v1+"/extension", ""), s.request("GET", v1+"/extension/~/features", ""), s.request("POST", v1+"/emergency-locations", `{}`),
			s.request("PUT", v1+"/device/1", `{"name":"X"}`), s.request("PUT", v1+"/device/1/emergency", `{"name":"X"}`),
			s.request("DELETE", v2+"/devices/1", ""), s.request("POST", v2+"/extensions/1/devices/1/replace", `{"targetDeviceId":"1"}`)},
		"heavy": {s.request("GET", v2+"/phone-numbers", ""), s.request("POST", v2+"/device-inventory", `{"type":"OtherPhone","quantity":1}`),
			s.request("DELETE", v2+"/device-inventory", `{"records":[]}`), s.request("POST", v2+"/devices/bulk-add", `{"records":[`+add("1", "1", anyNumber)+`]}`),
			s.request("GET", v1+"/device", ""), s.request("POST", v1+"/device/bulk-update", `{"records":[{"deviceId":"1"}]}`)},
		"auth": {s.formRequest("/restapi/oauth/revoke", url.Values{"token": {"x"}})},
	}
	for group, requests := range groups {
		for _, r := range requests {
			got := s.send(r)
			if value := got.Header().Get("X-Rate-Limit-Group"); value != group {
				t.Errorf("%s: got group %q, want %q", got.what, value, group)
			}
		}
	}
	if calls := s.Stats().Calls; !slices.Equal([]int{calls.ByGroup["light"], calls.ByGroup["medium"], calls.ByGroup["heavy"], calls.ByGroup["auth"]}, []int{8, 7, 6, 2}) {
		t.Errorf("got %v", calls.ByGroup)
	}
}
