package wording

import "testing"

func TestAbout(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]string{
		0: "1 s", 0.4: "1 s", 1.6: "2 s", 37.4: "37 s", 53.1: "54 s", 84.6: "1 min 24 s", 131: "2 min 10 s",
		1077: "18 min 0 s", 4433: "1 h 14 min", 45031: "12 h 30 min",
	} {
		if got := About(seconds); got != want {
			t.Errorf("%g: got %q, want %q", seconds, got, want)
		}
	}
}
