package plan

import (
	"testing"

	"pgregory.net/rapid"
)

// A finder finds what a map from texts to the last entry's place would find.
func TestFinderFindsAsAMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("01é")), 0, 4, -1)
		list := rapid.SliceOf(text).Draw(r, "list")
		last := map[string]int{}
		for i, s := range list {
			last[s] = i
		}
		f := newFinder(len(list), func(i int) string { return list[i] })
		for _, s := range append(list, rapid.SliceOf(text).Draw(r, "others")...) {
			want, ok := last[s]
			if !ok {
				want = -1
			}
			if got := f.find(s); got != want {
				r.Fatalf("find(%q) in %q = %d, want %d", s, list, got, want)
			}
		}
	})
}

// An entry is a pointer into the list, and a list without entries has none.
func TestEntryPointsIntoTheList(t *testing.T) {
	t.Parallel()
	list := []Site{{ID: "1"}, {ID: "2"}}
	id := func(s *Site) string { return string(s.ID) }
	var some, none *finder
	if got := entry(&some, list, id, "2"); got != &list[1] {
		t.Errorf("got %p, want the second entry", got)
	}
	if got := entry(&some, list, id, "3"); got != nil {
		t.Errorf("got %v, want nil", got)
	}
	if got := entry(&none, nil, id, ""); got != nil {
		t.Errorf("got %v of an empty list", got)
	}
}
