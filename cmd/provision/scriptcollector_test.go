package main

import (
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// cmdCollector starts a receiver of OTLP traces: collector NAME STATUS. The variable NAME is its URL; NAME.jsonl gets a
// line for each span, and NAME.raw all bytes that came, unpacked, and the headers.
func cmdCollector(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: collector name status")
	}
	status, err := strconv.Atoi(args[1])
	ts.Check(err)
	open := func(name string) *os.File {
		f, err := os.OpenFile(ts.MkAbs(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		ts.Check(err)
		ts.Defer(func() { _ = f.Close() })
		return f
	}
	c := &collector{status: status, spans: open(args[0] + ".jsonl"), raw: open(args[0] + ".raw")}
	server := httptest.NewServer(c)
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}

// collector takes traces.
type collector struct {
	status     int
	mu         sync.Mutex
	spans, raw io.Writer
}

// spanLine is a span as scripts look at it.
type spanLine struct {
	Trace  string         `json:"trace"`
	ID     string         `json:"id"`
	Parent string         `json:"parent"`
	Name   string         `json:"name"`
	Links  []string       `json:"links"`
	Attrs  map[string]any `json:"attrs"`
	Failed bool           `json:"failed"`
	About  map[string]any `json:"about"`
	Path   string         `json:"path"`
}

// ServeHTTP takes one export.
func (c *collector) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var in io.Reader = req.Body
	if req.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(req.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusTeapot)
			return
		}
		in = z
	}
	body, err := io.ReadAll(in)
	var data tracepb.TracesData
	if err == nil {
		err = proto.Unmarshal(body, &data)
	}
	if err != nil || req.Header.Get("Content-Type") != "application/x-protobuf" {
		http.Error(w, fmt.Sprint(err), http.StatusTeapot)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = fmt.Fprintf(c.raw, "%v\n%s\n", req.Header, body)
	for _, r := range data.GetResourceSpans() {
		for _, s := range r.GetScopeSpans() {
			for _, span := range s.GetSpans() {
				line, err := json.Marshal(lineOf(req, r, span))
				if err == nil {
					_, _ = fmt.Fprintf(c.spans, "%s\n", line)
				}
			}
		}
	}
	w.WriteHeader(c.status)
	_, _ = io.WriteString(w, "planted-answer")
}

func lineOf(req *http.Request, r *tracepb.ResourceSpans, s *tracepb.Span) spanLine {
	l := spanLine{
		Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()), Parent: hex.EncodeToString(s.GetParentSpanId()),
		Name: s.GetName(), Attrs: attrsOf(s.GetAttributes()), About: attrsOf(r.GetResource().GetAttributes()), Path: req.URL.Path,
		Failed: s.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR,
	}
	for _, link := range s.GetLinks() {
		l.Links = append(l.Links, hex.EncodeToString(link.GetSpanId()))
	}
	return l
}

func attrsOf(list []*commonpb.KeyValue) map[string]any {
	m := map[string]any{}
	for _, kv := range list {
		switch v := kv.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			m[kv.GetKey()] = v.StringValue
		case *commonpb.AnyValue_IntValue:
			m[kv.GetKey()] = v.IntValue
		default:
			m[kv.GetKey()] = fmt.Sprint(v)
		}
	}
	return m
}

// cmdSpans checks that the spans of a collector nest: each parent is there, roots are runs, changes are of runs, calls
// of changes, of runs, or by themselves; and counts them by name: spans FILE NAME=COUNT... A name may end in "*".
func cmdSpans(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: spans file name=count...")
	}
	byID, spans := map[string]spanLine{}, []spanLine(nil)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var s spanLine
		ts.Check(json.Unmarshal([]byte(line), &s))
		spans = append(spans, s)
		byID[s.ID] = s
	}
	kind := func(s spanLine) string {
		name, _, _ := strings.Cut(s.Name, " ")
		if name != "run" && name != "change" {
			return "call"
		}
		return name
	}
	for _, s := range spans {
		parent, known := byID[s.Parent]
		alone := s.Parent == "" && slices.Contains([]string{"getToken", "revokeToken", "readAccountInfo"}, s.Name) // between runs
		fits := map[string]bool{"run": s.Parent == "", "change": known && kind(parent) == "run", "call": known && kind(parent) != "call" || alone}[kind(s)]
		if !fits || known && parent.Trace != s.Trace {
			ts.Fatalf("the span %s stands under %q: %+v", s.Name, parent.Name, s)
		}
		for _, link := range s.Links {
			if kind(byID[link]) != "change" {
				ts.Fatalf("the span %s is linked with %q", s.Name, byID[link].Name)
			}
		}
	}
	for _, want := range args[1:] {
		name, count, _ := strings.Cut(want, "=")
		n := 0
		for _, s := range spans {
			prefix, some := strings.CutSuffix(name, "*")
			if s.Name == name || some && strings.HasPrefix(s.Name, prefix) {
				n++
			}
		}
		if strconv.Itoa(n) != count {
			ts.Fatalf("%d spans %s, want %s in\n%s", n, name, count, ts.ReadFile(args[0]))
		}
	}
}
