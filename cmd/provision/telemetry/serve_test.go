package telemetry_test

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"provision/cmd/provision/telemetry"
)

func serve(t *testing.T, text func() []byte, alive func() bool) *telemetry.Server {
	t.Helper()
	s, err := telemetry.Serve(t.Context(), "127.0.0.1:0", text, alive)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(t *testing.T, method, url string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

// Only the two pages are there, to be read only; a port in use is an error, and a
// closed server has given its port back.
func TestServe(t *testing.T) {
	t.Parallel()
	alive := true
	s := serve(t, func() []byte { return []byte("x 1\n") }, func() bool { return alive })
	base := "http://" + s.Addr()
	status, body, header := ask(t, http.MethodGet, base+"/metrics")
	if status != 200 || body != "x 1\n" || header.Get("Content-Type") != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("got %d %q %v", status, body, header)
	}
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{http.MethodHead, "/metrics", 200}, {http.MethodPost, "/metrics", 405}, {http.MethodPut, "/metrics", 405}, {http.MethodDelete, "/healthz", 405},
		{http.MethodGet, "/healthz", 200}, {http.MethodGet, "/", 404}, {http.MethodGet, "/metrics/x", 404}, {http.MethodGet, "/debug/pprof/", 404},
	} {
		if got, _, _ := ask(t, c.method, base+c.path); got != c.want {
			t.Errorf("%s %s: got %d, want %d", c.method, c.path, got, c.want)
		}
	}
	alive = false
	if got, _, _ := ask(t, http.MethodGet, base+"/healthz"); got != 503 {
		t.Errorf("got %d of a process that stands still, want 503", got)
	}
	if _, err := telemetry.Serve(t.Context(), s.Addr(), nil, nil); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("got %v, want that the port is in use", err)
	}
	s.Close(t.Context())
	again, err := telemetry.Serve(t.Context(), s.Addr(), nil, nil)
	if err != nil {
		t.Fatalf("the port is not given back: %v", err)
	}
	again.Close(t.Context())
}

// A page's families stand together and are those that are documented.
func TestPage(t *testing.T) {
	t.Parallel()
	at := time.Unix(100, 0)
	p := telemetry.NewPage("n", "v1", at, "done", "held")
	p.Sheet("done")
	p.Call("light", "ok")
	p.Call("light", "ok")
	p.Call("auth", "refused")
	p.Change("applied")
	p.Working(true)
	if p.Looked(at.Add(time.Minute)); !p.Alive(at.Add(time.Hour), time.Second) {
		t.Error("one that works is not alive")
	}
	if p.Working(false); p.Alive(at.Add(time.Hour), time.Second) || !p.Alive(at.Add(time.Minute), time.Second) {
		t.Error("it is alive by its last look")
	}
	p.Last(&telemetry.Metrics{Profile: "n", Ended: at, Begun: true, Traced: true, SpansLost: 9, Changes: map[string]int{"applied": 1}, Rows: map[string]int{"applied": 1}})
	text := string(p.Text())
	for _, want := range []string{
		`provision_build_info{profile="n",version="v1"} 1`, `provision_inbox_look_timestamp_seconds{profile="n"} 160`, `provision_inbox_working{profile="n"} 0`,
		`provision_inbox_sheets_total{profile="n",place="held"} 0`, `provision_calls_total{profile="n",group="light",outcome="ok"} 2`,
		`provision_changes_total{profile="n",status="applied"} 1`, `provision_last_exit_code{profile="n"} 0`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`).FindAllStringSubmatch(text, -1) {
		got = append(got, m[1]+" "+m[2])
	}
	var want []string
	for _, f := range telemetry.Families() {
		kind := map[bool]string{true: "counter", false: "gauge"}[f.Counter]
		want = append(want, f.Name+" "+kind)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestParseListen(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"127.0.0.1:9464": "127.0.0.1:9464", ":9464": "127.0.0.1:9464", "[::1]:1": "[::1]:1", "0.0.0.0:80": "0.0.0.0:80",
		"9464": "", "host": "", "host:": "", "h:1:2": "", "127.0.0.1:70000": "", "": "",
	} {
		got, err := telemetry.ParseListen(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}
