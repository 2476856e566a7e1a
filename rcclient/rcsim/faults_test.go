package rcsim_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"provision/rcclient/rcsim"
)

const rename = `{"name":"X"}`

// TestFaultCourses ends a PUT in every way that a plan knows: what the client
// gets, and whether the effect is there.
func TestFaultCourses(t *testing.T) {
	t.Parallel()
	broken := func(g got) bool {
		return g.err != nil && (errors.Is(g.err, io.EOF) || errors.Is(g.err, io.ErrUnexpectedEOF))
	}
	for name, test := range map[string]struct {
		rule    string
		want    func(got) bool
		applied bool
	}{
		"drop before":  {`"kind":"drop","when":"before"`, broken, false},
		"drop after":   {`"kind":"drop","when":"after"`, broken, true},
		"reset before": {`"kind":"reset","when":"before"`, func(g got) bool { return errors.Is(g.err, syscall.ECONNRESET) }, false},
		"reset after":  {`"kind":"reset","when":"after"`, func(g got) bool { return errors.Is(g.err, syscall.ECONNRESET) }, true},
		"503 before": {`"kind":"status","when":"before","status":503,"retry_after":7`, func(g got) bool {
			return g.status == 503 && g.header.Get("Retry-After") == "7" && strings.Contains(g.body, "CMN-201")
		}, false},
		"500 after":     {`"kind":"status","when":"after","status":500`, func(g got) bool { return g.status == 500 && strings.Contains(g.body, "CMN-203") }, true},
		"502 after":     {`"kind":"status","when":"after","status":502`, func(g got) bool { return g.status == 502 && g.header.Get("Content-Type") == "text/html" }, true},
		"408 after":     {`"kind":"status","when":"after","status":408`, func(g got) bool { return g.status == 408 && g.err == nil }, true},
		"own code":      {`"kind":"status","when":"before","status":403,"code":"CMN-401"`, func(g got) bool { return g.status == 403 && strings.Contains(g.body, `"errorCode":"CMN-401"`) }, false},
		"cut body":      {`"kind":"cut_body"`, func(g got) bool { return g.status == 200 && errors.Is(g.err, io.ErrUnexpectedEOF) && len(g.body) > 10 }, true},
		"cut to a byte": {`"kind":"cut_body","bytes":1`, func(g got) bool { return errors.Is(g.err, io.ErrUnexpectedEOF) && g.body == "{" }, true},
		"unparsable": {`"kind":"unparsable"`, func(g got) bool {
			return g.err == nil && g.status == 200 && !json.Valid([]byte(g.body)) && len(g.body) > 10
		}, true},
		"wrong type": {`"kind":"wrong_type"`, func(g got) bool { return g.header.Get("Content-Type") == "text/html" && json.Valid([]byte(g.body)) }, true},
		"portal":     {`"kind":"wrong_type","body":"<p>hello"`, func(g got) bool { return g.status == 200 && g.body == "<p>hello" }, true},
		"slow":       {`"kind":"slow","seconds":20`, func(g got) bool { return g.status == 200 && g.err == nil }, true},
		"other limiter": {`"kind":"rate_limit","code":"CMN-310"`, func(g got) bool {
			return g.status == 429 && g.header.Get("Retry-After") == "" && g.header.Get("X-Rate-Limit-Group") == "" && strings.Contains(g.body, "CMN-310")
		}, false},
		"own limiter": {`"kind":"rate_limit","retry_after":11,"limit_headers":true`, func(g got) bool {
			return g.status == 429 && g.header.Get("Retry-After") == "11" && g.header.Get("X-Rate-Limit-Group") == "medium" && g.header.Get("X-Rate-Limit-Remaining") == "0"
		}, false},
		"unauthorized": {`"kind":"unauthorized"`, func(g got) bool { return g.status == 401 && strings.Contains(g.body, "OAU-213") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBothWires(t, `{"rules":[{"on":"updateDevice","times":1,`+test.rule+`}]}`, func(t *testing.T, w *wired) {
				if got := w.do("PUT", v1+"/device/2002", rename); !test.want(got) {
					t.Errorf("got %d, %v, %v: %q", got.status, got.err, got.header, got.body)
				}
				if applied := w.name("2002") == "X"; applied != test.applied {
					t.Errorf("applied is %v, want %v", applied, test.applied)
				}
				if n := w.Stats().Effects.Updated; (n == 1) != test.applied {
					t.Errorf("got %d effects", n)
				}
				if w.Stats().RateLimited != 0 {
					t.Error("a fault's 429 is among those of the limits")
				}
				if name == "unauthorized" {
					w.do("PUT", v1+"/device/2002", rename).want(401) // the token is gone
					w.signIn()
				}
				w.do("PUT", v1+"/device/2002", rename).want(200) // times is over
			})
		})
	}
}

// TestFaultsWithoutBody ends an answer that has no body.
func TestFaultsWithoutBody(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]func(got) bool{
		`"kind":"cut_body"`:   func(g got) bool { return g.err != nil },
		`"kind":"unparsable"`: func(g got) bool { return g.status == 200 && g.body == "{" },
		`"kind":"wrong_type"`: func(g got) bool { return g.status == 200 && strings.Contains(g.body, "<html>") },
	} {
		onBothWires(t, `{"rules":[{"on":"removeLineJWSPublic",`+rule+`}]}`, func(t *testing.T, w *wired) {
			if got := w.do("DELETE", v2+"/devices/2005", `{"keepAssetsInInventory":false}`); !want(got) {
				t.Errorf("%s: got %d, %v: %q", rule, got.status, got.err, got.body)
			}
			if w.name("2005") != "(gone)" {
				t.Error("the effect is not there")
			}
		})
	}
}

func TestSlowOutlastsTheClient(t *testing.T) {
	t.Parallel()
	inTime(t, `{"rules":[{"on":"updateDevice","kind":"slow","seconds":90}]}`, func(t *testing.T, w *wired) {
		if got := w.try("PUT", v1+"/device/2002", rename, 30*time.Second); got.err == nil {
			t.Errorf("got %d", got.status)
		}
		if w.name("2002") != "X" {
			t.Error("the effect is not there")
		}
	})
}

// TestRateLimitStorm refuses the whole group for a while, and no other.
func TestRateLimitStorm(t *testing.T) {
	t.Parallel()
	inTime(t, `{"rules":[{"on":"updateDevice","kind":"rate_limit","calls":[2],"seconds":45,"retry_after":45}]}`, func(t *testing.T, w *wired) {
		w.do("PUT", v1+"/device/2002", rename).want(200)
		w.do("PUT", v1+"/device/2002", rename).want(429)
		w.do("DELETE", v2+"/devices/2005", "").want(429)
		w.do("GET", v1+"/device/2002", "").want(200)
		w.waitService(46 * time.Second)
		w.do("PUT", v1+"/device/2002", rename).want(200)
		if got := w.fired(); got != `{"rate_limit":2}` {
			t.Errorf("got %s", got)
		}
	})
}

// TestFaultConditions counts the calls of each operation by itself.
func TestFaultConditions(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		`"calls":[1,4]`:          "1001000000",
		`"every":3`:              "0010010010",
		`"every":3,"from":2`:     "0001001001",
		`"from":8`:               "0000000111",
		`"from":3,"times":2`:     "0011000000",
		`"probability":0`:        "0000000000",
		`"probability":1`:        "1111111111",
		`"every":2,"calls":[3]`:  "0000000000",
		`"calls":[2],"times":10`: "0100000000",
	} {
		s := start(t)
		s.plan(`{"rules":[{"on":["readDevice","listSites"],"kind":"status","when":"before","status":503,` + rule + `}]}`)
		for _, path := range []string{v1 + "/device/2001", v1 + "/sites"} {
			hits := ""
			for range 10 {
				hits += map[int]string{200: "0", 503: "1"}[s.get(path).Code]
			}
			if hits != want {
				t.Errorf("%s: got %s, want %s", rule, hits, want)
			}
		}
	}
}

func (s *sim) plan(text string) {
	s.t.Helper()
	faults, err := rcsim.ParseFaults([]byte(text))
	if err == nil {
		err = s.SetFaults(faults)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestFaultsDependOnSeedAndOwnCalls: what other operations do changes nothing.
func TestFaultsDependOnSeedAndOwnCalls(t *testing.T) {
	t.Parallel()
	hits := func(seed string, between bool) string {
		s := start(t)
		s.plan(`{"seed":` + seed + `,"rules":[{"on":"reads","kind":"status","when":"before","status":503,"probability":0.5}]}`)
		hits := ""
		for range 40 {
			hits += map[int]string{200: "0", 503: "1"}[s.device("2001").Code]
			if between && len(hits)%4 == 0 {
				s.get(v1 + "/sites")
			}
		}
		return hits
	}
	one := hits("1", false)
	if again := hits("1", true); again != one {
		t.Errorf("got %s, then %s", one, again)
	}
	if hits("2", false) == one {
		t.Error("the seed does not matter")
	}
	if n := strings.Count(one, "1"); n < 10 || n > 30 {
		t.Errorf("got %d hits of 40 at one half", n)
	}
}

// TestFirstRuleWins: of one class, the first rule that hits is the one.
func TestFirstRuleWins(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.plan(`{"rules":[
		{"on":"readDevice","kind":"status","when":"before","status":503,"calls":[1]},
		{"on":"light","kind":"status","when":"before","status":500,"times":1},
		{"on":"*","kind":"status","when":"before","status":502}]}`)
	for _, want := range []int{503, 500, 502} {
		s.device("2001").want(want)
	}
	s.get(v2 + "/phone-numbers").want(502)
	s.signIn() // * leaves the auth group out
}
