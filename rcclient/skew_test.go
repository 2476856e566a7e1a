package rcclient

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// The service's clock is compared by the answers' Date; what the token allows is what its answer says.
func TestSkewAndScopes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
			accountHandler(w, r)
		})
		c, end := s.virtual(t)
		defer end()
		if _, ok := c.Skew(); ok {
			t.Error("a skew is known before any answer")
		}
		if scopes, ok := c.Scopes(); ok {
			t.Errorf("scopes %q are known before there is a token", scopes)
		}
		if _, err := c.AccountInfo(t.Context()); err != nil {
			t.Fatal(err)
		}
		if ahead, ok := c.Skew(); !ok || (ahead-time.Hour).Abs() > time.Second {
			t.Errorf("the service is %s ahead (%v), want an hour", ahead, ok)
		}
		if scopes, ok := c.Scopes(); !ok || !slices.Equal(scopes, []string{"EditAccounts"}) {
			t.Errorf("scopes %q, %v", scopes, ok)
		}
		if u := c.Usage()[GroupLight]; u.Told {
			t.Errorf("%+v says that the limit was told, and no header named one", u)
		}
	})
}
