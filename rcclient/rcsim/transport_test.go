package rcsim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"provision/rcclient/rcsim"
)

func roundTrip(t *testing.T, ctx context.Context, handler http.HandlerFunc) (*http.Response, error) { //nolint:revive // t comes first in tests
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://example.com/a?b=c", strings.NewReader("asked"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-One", "1")
	return rcsim.Transport(handler).RoundTrip(r)
}

func TestTransportCarries(t *testing.T) {
	t.Parallel()
	var connected bool
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }})
	answer, err := roundTrip(t, ctx, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) != "asked" || r.Host != "example.com" || r.URL.String() != "/a?b=c" || r.TLS == nil || r.ContentLength != 5 || r.Header.Get("X-One") != "1" {
			t.Errorf("got %s %s %+v", body, r.URL, r)
		}
		w.Header().Set("X-Two", "2")
		w.WriteHeader(http.StatusCreated)
		w.Header().Set("X-Late", "3")
		_, _ = io.WriteString(w, "answer")
	})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || string(body) != "answer" || answer.StatusCode != 201 || answer.Header.Get("X-Two") != "2" || answer.Header.Get("X-Late") != "" || !connected {
		t.Errorf("got %+v, %s, %v", answer, body, err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
}

// TestTransportStreams: the header and the first bytes come before the rest, and
// closing the body ends the handler's context.
func TestTransportStreams(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, ended := time.Now(), make(chan error, 1)
		answer, err := roundTrip(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "ab")
			<-time.After(time.Hour)
			_, _ = io.WriteString(w, "cd")
			<-r.Context().Done()
			_, err := io.WriteString(w, "ef")
			ended <- err
		})
		if err != nil {
			t.Fatal(err)
		}
		data := make([]byte, 2)
		if _, err := io.ReadFull(answer.Body, data); err != nil || string(data) != "ab" || time.Since(begun) != 0 {
			t.Errorf("got %s, %v after %v", data, err, time.Since(begun))
		}
		if _, err := io.ReadFull(answer.Body, data); err != nil || string(data) != "cd" || time.Since(begun) != time.Hour {
			t.Errorf("got %s, %v after %v", data, err, time.Since(begun))
		}
		_ = answer.Body.Close()
		if <-ended == nil {
			t.Error("the handler can still write")
		}
	})
}

// TestTransportGivesUp: a client whose time is over gets its context's error, at
// whatever point; the handler is told, and nothing is left behind.
func TestTransportGivesUp(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"no header":   func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"header only": func(w http.ResponseWriter, r *http.Request) { w.(http.Flusher).Flush(); <-r.Context().Done() },
		"within body": func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "a"); <-r.Context().Done() },
		"writes unheard": func(w http.ResponseWriter, _ *http.Request) {
			<-time.After(2 * time.Minute)
			_, _ = io.WriteString(w, "a")
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			answer, err := roundTrip(t, ctx, handler)
			if err == nil {
				_, err = io.ReadAll(answer.Body)
				_ = answer.Body.Close()
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: got %v", name, err)
			}
			//nolint:bodyclose // there is no answer
			if _, err := roundTrip(t, ctx, handler); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s, with no time left: got %v", name, err)
			}
			pass(2 * time.Minute) // a bubble's clock stands still once its test has returned
		})
	}
}

func TestTransportBreaks(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"no header": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"within body": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "a")
			panic(http.ErrAbortHandler)
		},
		"short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			_, _ = io.WriteString(w, "a")
		},
	} {
		answer, err := roundTrip(t, t.Context(), handler)
		if err == nil {
			_, err = io.ReadAll(answer.Body)
			_ = answer.Body.Close()
		}
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestTransportWithoutBody answers 204, and nothing at all.
func TestTransportWithoutBody(t *testing.T) {
	t.Parallel()
	for status, handler := range map[int]http.HandlerFunc{
		204: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
		200: func(http.ResponseWriter, *http.Request) {},
	} {
		answer, err := roundTrip(t, t.Context(), handler)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil || len(body) != 0 || answer.StatusCode != status || answer.ContentLength != 0 {
			t.Errorf("got %+v, %q, %v", answer, body, err)
		}
		_ = answer.Body.Close()
	}
}
