package rcsim_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

func TestHook(t *testing.T) {
	t.Parallel()
	var seen []string
	hook := func(stage rcsim.Stage, call rcsim.HookCall) *rcsim.Interruption {
		if call.Operation != "updateDevice" {
			return nil
		}
		body := string(call.Body)
		seen = append(seen, call.Group+" "+call.Method+" "+body)
		if strings.Contains(body, "before") && stage == rcsim.BeforeEffect || strings.Contains(body, "after") && stage == rcsim.AfterEffect {
			return &rcsim.Interruption{Status: 503, Header: http.Header{"Retry-After": {"7"}}, Body: []byte("busy")}
		}
		return nil
	}
	s := open(t, rcsim.Options{Account: parse(t), Hook: hook})
	if got := s.put(v1+"/device/2002", `{"name":"before"}`).want(503); got.Body.String() != "busy" || got.Header().Get("Retry-After") != "7" {
		t.Errorf("got %v %s", got.Header(), got.Body)
	}
	s.device("2002").is("Bob desk", "name")
	s.put(v1+"/device/2002", `{"name":"after"}`).want(503)
	s.device("2002").is("after", "name")
	want := []string{`medium PUT {"name":"before"}`, `medium PUT {"name":"after"}`, `medium PUT {"name":"after"}`}
	if !slices.Equal(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
	s.counts(rcsim.EffectCounts{Updated: 1})
}

func TestHookDropsConnection(t *testing.T) {
	t.Parallel()
	s := open(t, rcsim.Options{Account: parse(t), Hook: func(stage rcsim.Stage, call rcsim.HookCall) *rcsim.Interruption {
		if stage == rcsim.AfterEffect && call.Operation == "updateDevice" {
			return &rcsim.Interruption{Drop: true}
		}
		return nil
	}})
	server := httptest.NewServer(s)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL+v1+"/device/2002", strings.NewReader(`{"name":"X"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+s.token)
	answer, err := server.Client().Do(r)
	if err == nil {
		_ = answer.Body.Close()
		t.Errorf("got an answer: %s", answer.Status)
	}
	s.device("2002").is("X", "name")
}
