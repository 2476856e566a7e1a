package exitcode_test

import (
	"testing"

	"provision/cmd/provision/exitcode"
)

// The order is that of the manual: 1, 3, 4, 5, 130, 6, 2, 0. What is unknown is a failure.
func TestOrder(t *testing.T) {
	t.Parallel()
	order := []exitcode.Code{1, 3, 4, 5, 130, 6, 2, 0}
	for i, graver := range order {
		for j, other := range order {
			if got, want := graver.Graver(other), i < j; got != want {
				t.Errorf("%d is graver than %d: got %t, want %t", graver, other, got, want)
			}
			if got, want := exitcode.Worse(graver, other), order[min(i, j)]; got != want {
				t.Errorf("the worse of %d and %d: got %d, want %d", graver, other, got, want)
			}
		}
	}
	if got := exitcode.Worse(exitcode.Partial, 77); got != 77 {
		t.Errorf("an unknown code beside 6: got %d, want the unknown one", got)
	}
}

// Each code has a meaning of its own.
func TestMeanings(t *testing.T) {
	t.Parallel()
	seen := map[string]exitcode.Code{}
	for _, c := range []exitcode.Code{0, 1, 2, 3, 4, 5, 6, 130, 77} {
		if before, twice := seen[c.String()]; twice {
			t.Errorf("%d and %d both mean %q", before, c, c)
		}
		seen[c.String()] = c
	}
}
