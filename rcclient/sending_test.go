package rcclient

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
)

// Each sending is told, with its end: also token calls, refusals, and those that
// are made again.
func TestCallObserver(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	tries := 0
	s := newService(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if tries++; tries == 1 {
			reply(w, 503, `{"errorCode":"CMN-211"}`)
			return
		}
		reply(w, 200, `{"id":1}`)
	})
	type key struct{}
	var got []string
	c := s.client(t, WithCallObserver(func(ctx context.Context, s Sending) func(Meta, error) {
		from, _ := ctx.Value(key{}).(string)
		return func(m Meta, err error) {
			mu.Lock()
			defer mu.Unlock()
			text := s.Method + " " + s.Operation + " " + string(s.Group) + " " + from + " " + http.StatusText(m.Status) + " " + m.RequestID
			if err != nil {
				text += " failed"
			}
			got = append(got, text)
		}
	}))
	if _, err := c.AccountInfo(context.WithValue(t.Context(), key{}, "caller")); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"POST getToken auth  OK req-1", "GET readAccountInfo light caller Service Unavailable req-1 failed", "GET readAccountInfo light caller OK req-1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
