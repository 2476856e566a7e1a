package main

import (
	"path/filepath"
	"testing"
	"time"
)

func TestParseServer(t *testing.T) {
	t.Parallel()
	abs, err := filepath.Abs("a.json")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text  string
		scale float64
		want  server
		bad   bool
	}{
		{text: "https://Platform.RingCentral.com/", want: server{url: "https://platform.ringcentral.com", scale: 1}},
		{text: "http://127.0.0.1:8080", scale: 30, want: server{url: "http://127.0.0.1:8080", scale: 30}},
		{text: "sim:a.json", want: server{sim: abs, scale: 1}},
		{text: "sim:a.json?time-scale=20", want: server{sim: abs, scale: 20}},
		{text: "sim:a.json", scale: 20, want: server{sim: abs, scale: 20}},
		{text: "sim:a.json?time-scale=20", scale: 20, want: server{sim: abs, scale: 20}},
		{text: "sim:a.json?time-scale=20", scale: 10, bad: true},
		{text: "sim:a.json?time-scale=fast", bad: true},
		{text: "sim:a.json?speed=2", bad: true},
		{text: "sim:", bad: true},
		// A real service would be asked too fast.
		{text: "https://platform.ringcentral.com", scale: 2, bad: true},
		{text: "https://platform.ringcentral.com", scale: 1, want: server{url: "https://platform.ringcentral.com", scale: 1}},
		{text: "https://user:pass@host", bad: true},
		{text: "platform", bad: true},
		{text: "https://h", scale: -1, bad: true},
	}
	for _, tt := range tests {
		got, err := parseServer(tt.text, tt.scale)
		if (err != nil) != tt.bad || got != tt.want {
			t.Errorf("parseServer(%q, %g) = %+v, %v, want %+v", tt.text, tt.scale, got, err, tt.want)
		}
	}
}

// --stop-at is the next such minute, also past midnight.
func TestParseStopAt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 22, 30, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"23:00": time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC),
		"06:00": time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC),
		"22:30": time.Date(2026, 11, 25, 22, 30, 0, 0, time.UTC),
	} {
		if got, err := parseStopAt(text, now); err != nil || !got.Equal(want) {
			t.Errorf("parseStopAt(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	if _, err := parseStopAt("6am", now); codeOf(err) != exitError {
		t.Errorf("parseStopAt(6am) gave %v, want an error", err)
	}
}
