package main

import (
	"testing"
	"time"
	"unicode/utf8"

	"provision/executor"
	"provision/rcclient"
)

// On a terminal of the usual 80 columns a line of the progress display has room for a bar, the counts, the wait and
// the whole time to go; a wider one says more.
func TestBarTexts(t *testing.T) {
	t.Parallel()
	now := executor.Progress{ETA: 4*time.Hour + 9*time.Minute, Groups: map[rcclient.Group]executor.GroupProgress{
		rcclient.GroupMedium: {Queued: 3, Next: 45 * time.Second},
	}}
	counts := groupTally{total: 12000, done: 3456, failed: 78}
	tests := []struct {
		width int
		want  string
	}{
		{160, " 3456 done, 78 failed, 8466 left, waiting 45s for the limit, about 4h9m0s to go"},
		{100, " 3456 done, 78 failed, 8466 left, waits 45s, ~4h9m0s"},
		{80, " 3456 done, 78 failed, 8466 left, waits 45s, ~4h9m0s"},
		{70, " 3534/12000, 78 failed, waits 45s, ~4h9m0s"},
		{52, " 3534/12000, 78 failed, ~4h9m0s"},
		{20, " 3534/12000, 78 failed"},
	}
	for _, tt := range tests {
		room := tt.width - barWidth(tt.width) - besideBar
		got := fitting(barTexts(counts, now, rcclient.GroupMedium), room)
		if got != tt.want {
			t.Errorf("%d columns show %q, want %q", tt.width, got, tt.want)
		}
		if tt.width >= 50 && utf8.RuneCountInString(got) > room {
			t.Errorf("%d columns show %q, which is too long", tt.width, got)
		}
	}
}
