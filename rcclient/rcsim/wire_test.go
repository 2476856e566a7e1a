package rcsim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"provision/rcclient/rcsim"
)

// wired is a sim behind a client: over a socket, or in memory in a bubble.
type wired struct {
	*sim
	client *http.Client
	base   string
	scale  float64
}

// onBothWires runs a test over a socket and in a synctest bubble, with the plan
// taken up after the client signed in. Where time counts, inTime is for it.
func onBothWires(t *testing.T, plan string, test func(*testing.T, *wired), settings ...string) {
	t.Helper()
	t.Run("http", func(t *testing.T) {
		t.Parallel()
		w := begin(t, plan, 50, settings...)
		served := httptest.NewServer(w.Server)
		t.Cleanup(served.Close)
		w.client, w.base = served.Client(), served.URL
		test(t, w)
	})
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) { test(t, begin(t, plan, 1, settings...)) })
	})
}

// begin makes a sim with a fault plan and a client in memory.
func begin(t *testing.T, plan string, scale float64, settings ...string) *wired {
	t.Helper()
	faults, err := rcsim.ParseFaults([]byte(plan))
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, rcsim.Options{Account: parse(t, settings...), TimeScale: scale})
	if err := s.SetFaults(faults); err != nil {
		t.Fatal(err)
	}
	return &wired{sim: s, client: &http.Client{Transport: rcsim.Transport(s.Server)}, base: "http://127.0.0.1", scale: scale}
}

// got is what a client got: an answer, or an error and perhaps a part of one.
type got struct {
	t      testing.TB
	status int
	header http.Header
	body   string
	err    error
}

// try makes a call that may fail; the client gives up after some service time.
func (w *wired) try(method, path, body string, patience time.Duration) got {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Duration(float64(patience)/w.scale))
	defer cancel()
	r := w.request(method, path, body).WithContext(ctx)
	r.RequestURI = ""
	out, err := http.NewRequestWithContext(ctx, method, w.base+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	out.Header = r.Header
	answer, err := w.client.Do(out)
	if err != nil {
		return got{t: w.t, err: err}
	}
	data, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	return got{t: w.t, status: answer.StatusCode, header: answer.Header, body: string(data), err: err}
}

func (w *wired) do(method, path, body string) got {
	w.t.Helper()
	return w.try(method, path, body, time.Hour)
}

// want is a whole answer with a status, as JSON.
func (g got) want(status int) *reply {
	g.t.Helper()
	if g.err != nil || g.status != status {
		g.t.Fatalf("got status %d and %v, want %d: %s", g.status, g.err, status, g.body)
	}
	recorder := httptest.NewRecorder()
	recorder.Code = g.status
	recorder.Body.WriteString(g.body)
	return &reply{ResponseRecorder: recorder, t: g.t, what: "call"}
}

// name is a device's name in the account, however reads fare.
func (w *wired) name(id string) string {
	w.t.Helper()
	for _, device := range w.Snapshot().Devices {
		if string(device.ID) == id {
			return device.Name
		}
	}
	return "(gone)"
}

// waitService lets service time pass.
func (w *wired) waitService(d time.Duration) {
	<-time.After(time.Duration(float64(d) / w.scale))
}

func (w *wired) fired() string {
	w.t.Helper()
	data, err := json.Marshal(w.Stats().Faults)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(data)
}
