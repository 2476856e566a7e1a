package main

import (
	"testing"
	"time"

	"provision/rcclient"
)

// Whoever starts knows what processes before it used, with the whole quota or with shares of it.
func TestSlotsOfShares(t *testing.T) {
	t.Parallel()
	st := testState(t)
	put := func(share int) {
		t.Helper()
		s, err := st.openSlots(t.Context(), "s", "id", share, owner{})
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		if err := s.Put(rcclient.SlotRecord{ID: 1, Group: rcclient.GroupHeavy, Booked: now, GiveUp: now, Answered: now, Window: time.Hour}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	count := func(share int) int {
		t.Helper()
		s, err := st.openSlots(t.Context(), "s", "id", share, owner{})
		if err != nil {
			t.Fatal(err)
		}
		n := len(s.Slots())
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return n
	}
	put(0)
	put(1)
	put(2)
	if got := count(0); got != 3 {
		t.Errorf("the whole knows of %d calls, want all 3", got)
	}
	if got := count(1); got != 2 {
		t.Errorf("share 1 knows of %d calls, want its own and the whole's", got)
	}
}
