package notify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"provision/cmd/provision/config"
	"provision/cmd/provision/notify"
)

// newTeller tells one webhook whose URL and secret are the texts of its secrets' variables.
func newTeller(log io.Writer, w config.Webhook) *notify.Teller {
	w.Name, w.Events = "hook", config.Events()
	if w.Timeout == 0 {
		w.Timeout = time.Minute // no test is about it: a loaded machine must not meet it
	}
	if w.Kind == "" {
		w.Kind = config.WebhookJSON
	}
	return notify.New(config.Notifications{Webhooks: []config.Webhook{w}}, notify.Options{
		Profile: "p", Version: "v", Log: zerolog.New(log), Now: time.Now,
		Resolve: func(_ context.Context, s *config.Secret) (string, error) { return s.Env, nil },
	})
}

func message(rows int) *notify.Message {
	m := &notify.Message{Event: config.EventPartial, Outcome: "partial", Run: "r", Time: time.Unix(0, 0), Rows: map[string]int{"failed": rows}}
	m.Private.Reason = "planted reason"
	for range rows {
		m.Private.Rows = append(m.Private.Rows, notify.Row{Person: "planted person", Message: strings.Repeat("ü", 1000)})
	}
	return m
}

// What may pass is sent again, each time with a signature of its own; what does not is given up.
func TestTries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		answers []int
		retries int
		tries   int
		problem string
	}{
		{"at once", []int{200}, 3, 1, ""},
		{"comes back", []int{503, 204}, 3, 2, ""},
		{"too busy", []int{429, 429}, 1, 2, "the receiver answered 429"},
		{"refused", []int{403}, 3, 1, "the receiver answered 403"},
		{"moved", []int{307}, 3, 1, "the receiver answered 307, a redirect, which is not followed"},
		{"once only", []int{500}, 0, 1, "the receiver answered 500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if strings.Contains(string(body), "planted") || !strings.HasPrefix(r.Header.Get(notify.HeaderSignature), "v1=") {
					t.Errorf("sent %s with %v", body, r.Header)
				}
				w.Header().Set("Location", "/other")
				w.WriteHeader(c.answers[min(int(got.Add(1)), len(c.answers))-1])
			}))
			defer server.Close()
			var log bytes.Buffer
			teller := newTeller(&log, config.Webhook{URL: &config.Secret{Env: server.URL + "/planted"}, Secret: &config.Secret{Env: "planted"}, Retries: c.retries})
			all := teller.Tell(t.Context(), message(1), nil)
			if len(all) != 1 || all[0].Tries != c.tries || int(got.Load()) != c.tries || (all[0].Err == nil) != (c.problem == "") ||
				all[0].Err != nil && all[0].Err.Error() != c.problem {
				t.Errorf("got %+v after %d requests, want %d tries and %q", all, got.Load(), c.tries, c.problem)
			}
			if strings.Contains(log.String(), "planted") || strings.Contains(log.String(), "127.0.0.1") {
				t.Errorf("the log tells secrets: %s", &log)
			}
		})
	}
}

// A certificate that nobody vouches for, and a host that is not this one, are refused; nothing is shown of them.
func TestOnlyHTTPS(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Config.ErrorLog = nil
	defer server.Close()
	for url, problem := range map[string]string{
		server.URL:                     "the receiver's certificate is not accepted",
		"http://192.0.2.1/planted":     "its URL is not https, which only one of this machine may be",
		"http://localhost.evil/":       "its URL is not https, which only one of this machine may be",
		"ftp://127.0.0.1/":             "its URL is not https, which only one of this machine may be",
		"http://[::1]:1/planted":       "the receiver can't be reached",
		"https://user:planted@\x7f:1/": "its URL is none",
		"planted":                      "its URL is none",
	} {
		all := newTeller(io.Discard, config.Webhook{URL: &config.Secret{Env: url}}).Tell(t.Context(), message(0), nil)
		if len(all) != 1 || all[0].Err == nil || all[0].Err.Error() != problem {
			t.Errorf("%q gave %+v, want %q", url, all, problem)
		}
	}
}

// A message with a great many rows stays small enough for who takes it; a bad template gives the usual text.
func TestText(t *testing.T) {
	t.Parallel()
	var doc notify.Document
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&doc); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "t")
	for template, want := range map[string]string{
		"":                                   "provision (p): something is left over, run r\n",
		"{{.Event}} {{counts .Rows}}":        "partial 30 failed",
		"{{.Nothing}}":                       "provision (p): something is left over, run r\n",
		"{{":                                 "provision (p): something is left over, run r\n",
		"{{range 100000}}much{{end}}":        "provision (p): something is left over, run r\n",
		"{{index .Details.Rows 77}}":         "provision (p): something is left over, run r\n",
		" ":                                  "provision (p): something is left over, run r\n",
		"{{(index .Details.Rows 0).Person}}": "planted person",
	} {
		if err := os.WriteFile(path, []byte(template), 0o600); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		w := config.Webhook{URL: &config.Secret{Env: server.URL}, Full: true}
		if template != "" {
			w.Template = path
		}
		newTeller(&log, w).Tell(t.Context(), message(30), nil)
		if !strings.HasPrefix(doc.Text, want) || len(doc.Text) > 16<<10 {
			t.Errorf("template %q gave %d bytes: %.100q", template, len(doc.Text), doc.Text)
		}
		if strings.Contains(log.String(), "planted person") {
			t.Errorf("the log of template %q tells of persons: %s", template, &log)
		}
	}
}

// Who was told is not told again, also by another process, and where a power cut has cut a line.
func TestMemory(t *testing.T) {
	t.Parallel()
	var got atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
	defer server.Close()
	dir := t.TempDir()
	teller := newTeller(io.Discard, config.Webhook{URL: &config.Secret{Env: server.URL}})
	tell := func(outcome string, want int32) {
		t.Helper()
		memory, err := notify.OpenMemory(dir)
		if err != nil {
			t.Fatal(err)
		}
		m := message(0)
		m.Outcome = outcome
		teller.Tell(t.Context(), m, memory)
		teller.Tell(t.Context(), m, memory)
		if got.Load() != want {
			t.Errorf("%s was sent, %d messages in all, want %d", outcome, got.Load(), want)
		}
	}
	tell("interrupted", 1)
	tell("interrupted", 1)
	path := filepath.Join(dir, notify.MemoryFile)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"time":"2026-`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	tell("partial", 2)
	tell("partial", 2)
	tell("interrupted", 2)
	var none *notify.Teller
	if none.Tell(t.Context(), message(0), nil) != nil || none.Wants(config.EventDone) {
		t.Error("nobody was told")
	}
}

// A disk that takes no memory keeps nobody from being told.
func TestNoMemory(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	memory, err := notify.OpenMemory(filepath.Join(t.TempDir(), "gone"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	all := newTeller(&log, config.Webhook{URL: &config.Secret{Env: server.URL}}).Tell(t.Context(), message(0), memory)
	if len(all) != 1 || all[0].Err != nil || !strings.Contains(log.String(), "it is not remembered who was told") {
		t.Errorf("got %+v, log %s", all, &log)
	}
}
