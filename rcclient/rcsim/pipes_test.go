package rcsim_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"provision/rcclient/rcsim"
)

// inTime is onBothWires for tests in which time passes: the real HTTP, too, runs in a synctest bubble, over connections
// in memory, so that no machine is too slow for it.
func inTime(t *testing.T, plan string, test func(*testing.T, *wired)) {
	t.Helper()
	t.Run("http", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := begin(t, plan, 1)
			w.client = overPipes(t, w.Server)
			test(t, w)
		})
	})
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) { test(t, begin(t, plan, 1)) })
	})
}

// overPipes is a client of an HTTP server whose connections lie in memory; both end with the test.
func overPipes(t *testing.T, handler http.Handler) *http.Client {
	t.Helper()
	l := rcsim.NewPipes()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Hour}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	transport := &http.Transport{DialContext: l.Dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-ended
	})
	return &http.Client{Transport: transport}
}
