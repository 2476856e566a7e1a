package plan

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The listing is the same whether room was made for the changes, early, late,
// enough of it or not.
func TestChangeSetSorted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(t, "changes")
		asked := rapid.IntRange(-1, n).Draw(t, "room asked for after") // -1: never
		room := rapid.IntRange(0, n+5).Draw(t, "room")
		kinds := rapid.SliceOfN(rapid.SampledFrom(Kinds()), n, n).Draw(t, "kinds")
		ranks := rapid.SliceOfN(rapid.Int32Range(0, 9), n, n).Draw(t, "ranks")
		var s changeSet
		var want []string
		for i := range n {
			if i == asked {
				s.expect(room)
			}
			c := s.add(kinds[i], fmt.Sprint(i))
			s.rank[i] = ranks[i]
			want = append(want, fmt.Sprintf("%d %d %s", int(c.Kind), ranks[i], c.ID))
		}
		if asked == n {
			s.expect(room)
		}
		slices.Sort(want)
		at := map[string]int32{}
		for i, c := range s.all {
			at[c.ID] = ranks[i]
		}
		var got []string
		for _, c := range s.sorted() {
			got = append(got, fmt.Sprintf("%d %d %s", int(c.Kind), at[c.ID], c.ID))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v\nwant %v", got, want)
		}
	})
}
