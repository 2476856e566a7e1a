package telemetry_test

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"provision/cmd/provision/telemetry"
)

// taker is a collector in memory.
type taker struct {
	mu    sync.Mutex
	spans map[string]*tracepb.Span // by id
	names map[string]int
}

func (c *taker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var data tracepb.TracesData
	if err == nil {
		err = proto.Unmarshal(body, &data)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, rs := range data.GetResourceSpans() {
		for _, ss := range rs.GetScopeSpans() {
			for _, s := range ss.GetSpans() {
				c.spans[hex.EncodeToString(s.GetSpanId())] = s
				c.names[s.GetName()]++
			}
		}
	}
}

// parent is the name of a span's parent; "" for a root.
func (c *taker) parent(s *tracepb.Span) string {
	if len(s.GetParentSpanId()) == 0 {
		return ""
	}
	p, ok := c.spans[hex.EncodeToString(s.GetParentSpanId())]
	if !ok {
		return "nowhere"
	}
	return p.GetName()
}

func environ(pairs ...string) func(string) string {
	return func(name string) string {
		for _, p := range pairs {
			if k, v, _ := strings.Cut(p, "="); k == name {
				return v
			}
		}
		return ""
	}
}

func newTracer(t *testing.T, warn func(string), pairs ...string) *telemetry.Tracer {
	t.Helper()
	tracer, err := telemetry.NewTracer(t.Context(), telemetry.TracerOptions{Env: environ(pairs...), Version: "v1", Warn: warn})
	if err != nil || tracer == nil {
		t.Fatalf("got %v, %v", tracer, err)
	}
	return tracer
}

// Calls are of their first change, with links to the others, or of the run, or by
// themselves; changes without a call and those that are not at their end have
// spans too.
func TestSpansNest(t *testing.T) {
	t.Parallel()
	c := &taker{spans: map[string]*tracepb.Span{}, names: map[string]int{}}
	server := httptest.NewServer(c)
	defer server.Close()
	tracer := newTracer(t, func(text string) { t.Error(text) }, "OTEL_EXPORTER_OTLP_ENDPOINT="+server.URL)
	call := func(op string, changes ...telemetry.Change) {
		tracer.Call(&telemetry.Call{Operation: op, Method: "GET", Group: "light", Changes: changes})(telemetry.CallEnd{Status: 200, Outcome: "ok"})
	}
	a, b, open, none := telemetry.Change{ID: "a", Kind: "add"}, telemetry.Change{ID: "b", Kind: "add"}, telemetry.Change{ID: "o", Kind: "swap"}, telemetry.Change{ID: "n", Kind: "remove"}
	call("before")
	run := tracer.Run("run")
	run.Begun("r1", 4)
	call("read")
	call("write", a, b)
	run.Settled(a, "sent", "", 1, false, true)
	call("again", a)
	run.Settled(a, "applied", "", 2, true, true)
	run.Settled(b, "failed", "CMN-1", 1, true, false)
	call("swap", open)
	run.Settled(none, "stale", "", 0, true, false)
	run.End(t.Context(), 6)
	call("after")
	tracer.Close(t.Context())
	want := map[string]string{
		"before": "", "run": "", "read": "run", "write": "change add", "again": "change add", "swap": "change swap",
		"change add": "run", "change swap": "run", "change remove": "run", "after": "",
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.spans {
		if got := c.parent(s); got != want[s.GetName()] {
			t.Errorf("%s stands under %q, want %q", s.GetName(), got, want[s.GetName()])
		}
		if links := len(s.GetLinks()); links != map[bool]int{true: 1}[s.GetName() == "write"] {
			t.Errorf("%s has %d links", s.GetName(), links)
		}
	}
	if len(c.spans) != 11 || c.names["change add"] != 2 {
		t.Errorf("got the spans %v", c.names)
	}
}

// Without a tracer nothing happens, and nothing is asked for that is not there.
func TestNoTracer(t *testing.T) {
	t.Parallel()
	for _, pairs := range [][]string{
		nil, {"OTEL_TRACES_EXPORTER=none", "OTEL_EXPORTER_OTLP_ENDPOINT=http://h"}, {"OTEL_SDK_DISABLED=TRUE", "OTEL_TRACES_EXPORTER=otlp"},
	} {
		tracer, err := telemetry.NewTracer(t.Context(), telemetry.TracerOptions{Env: environ(pairs...)})
		if tracer != nil || err != nil {
			t.Errorf("%q: got %v, %v", pairs, tracer, err)
		}
		run := tracer.Run("run")
		run.Begun("r", 1)
		run.Settled(telemetry.Change{}, "applied", "", 1, true, true)
		run.End(t.Context(), 0)
		tracer.Close(t.Context())
	}
}

// What the environment says wrong is an error that shows no value.
func TestTracerEnvironment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pair, want string }{
		{"OTEL_TRACES_EXPORTER=zipkin-planted", "OTEL_TRACES_EXPORTER is neither"},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "only http/protobuf"},
		{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json", "only http/protobuf"},
		{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=h:4318/planted", "is no URL"},
		{"OTEL_EXPORTER_OTLP_HEADERS=planted", "is no list"},
		{"OTEL_EXPORTER_OTLP_HEADERS=a=planted%zz", "is no list"},
		{"OTEL_EXPORTER_OTLP_HEADERS=a=planted%0d%0ab:c", "is no list"},
		{"OTEL_EXPORTER_OTLP_TIMEOUT=10s-planted", "no number of milliseconds"},
		{"OTEL_BSP_MAX_QUEUE_SIZE=-5", "OTEL_BSP_MAX_QUEUE_SIZE is no number from 1 to"},
		{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE=planted", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE is no number from 1 to"},
		{"OTEL_EXPORTER_OTLP_CERTIFICATE=/no/planted", "names no file with certificates"},
		{"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=/no/planted", "name no pair"},
	} {
		tracer, err := telemetry.NewTracer(t.Context(), telemetry.TracerOptions{Env: environ(c.pair, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1")})
		if tracer != nil || err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: got %v, want %s", c.pair, err, c.want)
		}
	}
}

// A collector that takes what it is sent loses nothing of a run that makes more
// spans at once than the queue holds, however small that is.
func TestHealthyCollectorLosesNothing(t *testing.T) {
	t.Parallel()
	for _, queue := range []string{"", "3"} {
		t.Run("queue "+queue, func(t *testing.T) {
			t.Parallel()
			changes := 10000
			if queue != "" {
				changes = 300 // an export of three spans each
			}
			c := &taker{spans: map[string]*tracepb.Span{}, names: map[string]int{}}
			server := httptest.NewServer(c)
			defer server.Close()
			tracer := newTracer(t, func(text string) { t.Error(text) }, "OTEL_EXPORTER_OTLP_ENDPOINT="+server.URL, "OTEL_BSP_MAX_QUEUE_SIZE="+queue)
			run := tracer.Run("run")
			var workers sync.WaitGroup
			for w := range 4 {
				workers.Go(func() {
					for i := w; i < changes; i += 4 {
						change := telemetry.Change{ID: fmt.Sprint(i), Kind: "add"}
						tracer.Call(&telemetry.Call{Operation: "op", Changes: []telemetry.Change{change}})(telemetry.CallEnd{Outcome: "ok"})
						run.Settled(change, "applied", "", 1, true, true)
					}
				})
			}
			workers.Wait()
			run.End(t.Context(), 0)
			tracer.Close(t.Context())
			c.mu.Lock()
			defer c.mu.Unlock()
			if n := 2*changes + 1; len(c.spans) != n || c.names["run"] != 1 {
				t.Errorf("%d spans came, want %d", len(c.spans), n)
			}
			if ended, lost := tracer.Spans(); int(ended) != len(c.spans) || lost != 0 {
				t.Errorf("%d spans are counted, %d as lost; %d came", ended, lost, len(c.spans))
			}
		})
	}
}

// However a collector behaves, a large run goes on, with one warning at once and
// one at the end that says how much was lost, and nothing of its spans is kept.
func TestCollectorsThatFail(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		timeout string // in milliseconds; empty: that of the standard
		want    string
	}{
		"hangs": {func(http.ResponseWriter, *http.Request) { <-end }, "100", "the collector did not answer in time"},
		"busy": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, "", "the collector answered 503"},
		"refuses": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, "planted")
		}, "", "the collector answered 401"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.handler)
			t.Cleanup(server.CloseClientConnections)
			var mu sync.Mutex
			var said []string
			tracer := newTracer(t, func(text string) {
				mu.Lock()
				defer mu.Unlock()
				said = append(said, text)
			}, "OTEL_EXPORTER_OTLP_ENDPOINT="+server.URL+"/planted", "OTEL_EXPORTER_OTLP_TIMEOUT="+c.timeout)
			run := tracer.Run("run")
			for i := range 10000 {
				change := telemetry.Change{ID: fmt.Sprint(i), Kind: "add"}
				tracer.Call(&telemetry.Call{Operation: "op", Changes: []telemetry.Change{change}})(telemetry.CallEnd{Outcome: "ok"})
				run.Settled(change, "applied", "", 1, true, true)
			}
			run.End(t.Context(), 0)
			tracer.Close(t.Context())
			mu.Lock()
			defer mu.Unlock()
			if len(said) != 2 || !strings.Contains(said[0], c.want) || strings.Contains(said[0], "planted") ||
				said[1] != "warning: traces: 20001 of 20001 spans were not exported" {
				t.Errorf("got %q, want %s once, and how many are lost", said, c.want)
			}
		})
	}
}
