package rcclient

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestMinutes counts each call in the minute of service time in which it left,
// in the group that the answer names, and adds up to what Stats says.
func TestMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, `{"id":1}`) })
		c, end := s.virtual(t, WithScale(2))
		defer end()
		born := time.Now()
		for range 3 {
			if _, err := c.AccountInfo(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(61 * time.Second) // two minutes of service time and a bit
		if _, err := c.AccountInfo(t.Context()); err != nil {
			t.Fatal(err)
		}
		at, use := c.Minutes(0)
		got, sum := map[minuteKey]int{}, map[Group]int{}
		for _, u := range use {
			got[minuteKey{u.Minute, u.Group}] = u.Calls
			sum[u.Group] += u.Calls
		}
		if !at.Equal(born) || got[minuteKey{0, GroupLight}] != 3 || got[minuteKey{2, GroupLight}] != 1 {
			t.Errorf("got %v from %s, want 3 light calls in minute 0 and 1 in minute 2 from %s", got, at, born)
		}
		for group, n := range c.Stats().Calls {
			if sum[group] != n {
				t.Errorf("group %s: minutes add up to %d, Stats says %d", group, sum[group], n)
			}
		}
		if _, use := c.Minutes(2); len(use) != 1 {
			t.Errorf("from minute 2: got %v, want one entry", use)
		}
	})
}
