package review_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"provision/executor/report/review"
)

// marked shows spans with their changed parts in brackets.
func marked(spans []review.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Changed {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestMarked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after, was, is string }{
		{"100 Main St, Floor 1", "100 Main St, Floor 2", "100 Main St, Floor [1]", "100 Main St, Floor [2]"},
		{"Front desk", "Front desk north", "Front desk", "Front desk[ north]"},
		{"Old", "Front desk", "Old", "Front desk"},
		{"", "new", "", "new"},
		{"goes", "", "goes", ""},
		{"home-1, x", "home-2, x", "[home-1], x", "[home-2], x"},
		{"1 Oak St", "1 Elm Tree St", "1 [Oak] St", "1 [Elm Tree] St"},
	} {
		was, is := review.Field{Before: c.before, After: c.after}.Marked()
		if marked(was) != c.was || marked(is) != c.is {
			t.Errorf("%q → %q: got %q → %q, want %q → %q", c.before, c.after, marked(was), marked(is), c.was, c.is)
		}
	}
}

// Whatever is marked, no letter of the texts is lost, and equal texts have nothing marked.
func TestMarkedLosesNothing(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.StringMatching(`([a-c1-3]{1,2}[ ,-]){0,12}`), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "before"), text.Draw(t, "after")
		was, is := review.Field{Before: a, After: b}.Marked()
		join := func(spans []review.Span) string {
			var out strings.Builder
			for _, s := range spans {
				out.WriteString(s.Text)
			}
			return out.String()
		}
		if join(was) != a || join(is) != b {
			t.Fatalf("got %q and %q, want %q and %q", join(was), join(is), a, b)
		}
		if same, _ := (review.Field{Before: a, After: a}).Marked(); strings.Contains(marked(same), "[") && !strings.Contains(a, "[") {
			t.Fatalf("equal texts are marked: %q", marked(same))
		}
	})
}
