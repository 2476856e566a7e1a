package report

import (
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"by device_id", 10, "by\ndevice_id"},
		{"calls   6 medium, 3 heavy", 20, "calls   6 medium,\n3 heavy"},
		{"one 17 stale", 8, "one\n17 stale"},
		{"Floor 1, Belmont", 9, "Floor 1,\nBelmont"},
		{"abcdefghij", 4, "abcd\nefgh\nij"},
		{"fits", 10, "fits"},
		{"not wrapped at all", 0, "not wrapped at all"},
		{"a line\nand a longer line", 9, "a line\nand a\nlonger\nline"},
	} {
		if got := wrap(c.in, c.width); got != c.want {
			t.Errorf("wrap(%q, %d): got %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestWrapKeepsTheWidthAndTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.StringMatching(`[a-z0-9, →é]{0,60}`).Draw(rt, "text")
		width := rapid.IntRange(4, 30).Draw(rt, "width")
		got := wrap(in, width)
		for line := range strings.SplitSeq(got, "\n") {
			if text.StringWidthWithoutEscSequences(line) > width {
				rt.Fatalf("line %q is wider than %d", line, width)
			}
		}
		bare := strings.NewReplacer(" ", "", "\n", "").Replace
		if bare(got) != bare(in) {
			rt.Fatalf("got %q out of %q", got, in)
		}
	})
}
