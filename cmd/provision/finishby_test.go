package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // also where the machine has no time zones

	"github.com/google/go-cmp/cmp"

	"provision/executor/report"
	"provision/plan"
)

// A time of day is the next such minute in the machine's zone, also over a
// change of the clocks; other forms name a day, and a zone if they like.
func TestParseFinishBy(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2026, 3, 7, 22, 0, 0, 0, zone) // clocks go forward at 02:00
	for _, c := range []struct{ in, want string }{
		{"06:00", "2026-03-08T06:00:00-04:00"},
		{"23:00", "2026-03-07T23:00:00-05:00"},
		{"22:00", "2026-03-08T22:00:00-04:00"},
		{"2026-03-09 06:00", "2026-03-09T06:00:00-04:00"},
		{"2026-03-08T06:00:00Z", "2026-03-08T06:00:00Z"},
		{"2026-03-07 21:00", ""},
		{"6am", ""},
	} {
		at, err := parseFinishBy(c.in, evening)
		if got := at.Format(time.RFC3339); (err != nil) != (c.want == "") || err == nil && got != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.in, got, err, c.want)
		}
	}
}

func TestCheckFinish(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 5, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		by     string
		least  int
		scale  float64
		note   string
		warned bool
		found  *report.FinishByJSON
	}{
		{"06:00", 3600, 1, "--finish-by 2026-03-01 06:00 UTC fits: the calls take at least 1 h; begin before 2026-03-01 05:00 UTC", false, &report.FinishByJSON{Time: "2026-03-01T06:00:00Z", Fits: true}},
		{"06:00", 3660, 1, "--finish-by 2026-03-01 06:00 UTC can't be kept: the calls take at least 1 h 1 min, until 2026-03-01 06:01 UTC if they begin now", true, &report.FinishByJSON{Time: "2026-03-01T06:00:00Z", SecondsShort: 60}},
		{"06:00", 36000, 10, "--finish-by 2026-03-01 06:00 UTC fits: the calls take at least 1 h; begin before 2026-03-01 05:00 UTC", false, &report.FinishByJSON{Time: "2026-03-01T06:00:00Z", Fits: true}},
		{"", 36000, 1, "", false, nil},
	} {
		var out bytes.Buffer
		a := &app{screen: newScreen(&out), now: func() time.Time { return now }}
		p := &plan.Plan{Estimate: plan.Estimate{LeastSeconds: c.least}}
		found := a.checkFinish(p, c.by, c.scale)
		if diff := cmp.Diff(c.found, found); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c, diff)
		}
		if got := strings.Join(p.Notes, "|"); got != c.note || (out.Len() > 0) != c.warned {
			t.Errorf("%+v: got %q and %q", c, got, out.String())
		}
	}
}
