package wording

import (
	"testing"
	"time"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ann\r\nLee\tdesk\u2028": "Ann  Lee desk\ufffd", "\x1b[31mred\x07": "\ufffd[31mred\ufffd", "\u202egnp.exe": "\ufffdgnp.exe",
		"a\u200bb\xff": "a\ufffdb\ufffd", "\U0001F468\u200d\U0001F469": "\U0001F468\ufffd\U0001F469", "שלום": "שלום",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestStamp(t *testing.T) {
	t.Parallel()
	if got := Stamp(time.Time{}); got != "" {
		t.Errorf("no time: got %q", got)
	}
	if got, want := Stamp(time.Date(2026, 11, 2, 9, 0, 0, 5, time.FixedZone("", 3600))), "2026-11-02T08:00:00Z"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

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
