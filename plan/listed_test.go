package plan

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		entries string
		word    string
		want    bool
	}{
		{"101", "101", true},
		{"101", "1010", false},
		{"0101", "101", false},
		{"100-199", "100", true},
		{"100-199", "199", true},
		{"100-199", "200", false},
		{"100-199", "1150", false},
		{"100-199", "0150", false},
		{"100-0199", "0150", true},
		{"98-102", "99", true},
		{"98-102", "101", true},
		{"100-199", "Lobby", false},
		{"1?0", "150", true},
		{"1?0", "15", false},
		{"9*", "9", true},
		{"9*", "909", true},
		{"*lobby*", "Main Lobby 2", true},
		{"ann  LEE", "Ann Lee", true},
		{"00:0E:08:AB-cd-ef", "000e08abcdef", true},
		{"lobby-2", "Lobby-2", true},
		{"*", "", false},
	} {
		l, err := NewList([]string{c.entries})
		if err != nil {
			t.Fatalf("%q: %v", c.entries, err)
		}
		if _, got := l.Find(c.word); got != c.want {
			t.Errorf("%q for %q: got %v, want %v", c.entries, c.word, got, c.want)
		}
	}
	for _, bad := range []string{"", " ", "199-100", "1000-99"} {
		if err := CheckList([]string{bad}); err == nil {
			t.Errorf("CheckList(%q): got no error", bad)
		}
	}
}

// A pattern that was made of a text by putting * over a part of it, or ? over
// a letter, fits the text.
func TestGlobFitsWhatItWasMadeOf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]rune("ab*? é")), 0, 12).Draw(r, "text")
		pattern := slices.Clone(text)
		for range rapid.IntRange(0, 3).Draw(r, "holes") {
			i := rapid.IntRange(0, len(pattern)).Draw(r, "from")
			j := rapid.IntRange(i, len(pattern)).Draw(r, "to")
			pattern = slices.Concat(pattern[:i], []rune("*"), pattern[j:])
		}
		for i := range pattern {
			if pattern[i] == '*' || rapid.IntRange(0, 3).Draw(r, "one") == 0 && pattern[i] != '*' {
				if pattern[i] != '*' {
					pattern[i] = '?'
				}
			}
		}
		if !globs(string(pattern), string(text)) {
			r.Fatalf("pattern %q does not fit %q", string(pattern), string(text))
		}
		if globs("x"+string(pattern), string(text)) {
			r.Fatalf("pattern %q fits %q", "x"+string(pattern), string(text))
		}
	})
}
