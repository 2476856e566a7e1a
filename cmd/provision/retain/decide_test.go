package retain_test

import (
	"strings"
	"testing"
	"time"

	"provision/cmd/provision/retain"
)

func TestParseAge(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"90d": 90 * 24 * time.Hour, "2w": 14 * 24 * time.Hour, "36h": 36 * time.Hour, "1ns": 1} {
		if got, err := retain.ParseAge(text); err != nil || time.Duration(got) != want {
			t.Errorf("%q: got %v, %v", text, time.Duration(got), err)
		}
	}
	for _, text := range []string{"", "d", "0d", "-1d", "+1d", "1.5d", "90", "0s", "-1h", "10001w", "99999999999d", "90 d", "3m2d"} {
		if got, err := retain.ParseAge(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, got.String())
		}
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	policy := retain.Policy{Keep: mustAge(t, "90d"), RedactAfter: mustAge(t, "30d")}
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	for _, c := range []struct {
		name string
		run  retain.Candidate
		want retain.Action
		why  string
	}{
		{"young", retain.Candidate{Ended: ago(30)}, retain.Leave, "young"},
		{"of tomorrow", retain.Candidate{Ended: ago(-1)}, retain.Leave, "young"},
		{"to be redacted", retain.Candidate{Ended: ago(31)}, retain.Redact, "2026-10-24"},
		{"redacted", retain.Candidate{Ended: ago(31), Redacted: true}, retain.Leave, "already"},
		{"half redacted", retain.Candidate{Ended: ago(31), Redacted: true, Unclean: true}, retain.Redact, "not finished"},
		{"half redacted and young", retain.Candidate{Ended: ago(1), Redacted: true, Unclean: true}, retain.Redact, "not finished"},
		{"sealed", retain.Candidate{Ended: ago(31), Sealed: true}, retain.Leave, "sealed"},
		{"just kept", retain.Candidate{Ended: ago(90), Redacted: true}, retain.Leave, "already"},
		{"old", retain.Candidate{Ended: ago(91)}, retain.Remove, "2026-08-25"},
		{"old and redacted", retain.Candidate{Ended: ago(91), Redacted: true}, retain.Remove, ""},
		{"old and sealed", retain.Candidate{Ended: ago(91), Sealed: true}, retain.Remove, ""},
		{"old and open", retain.Candidate{Ended: ago(91), Left: "open"}, retain.Leave, "open"},
		{"of no time", retain.Candidate{}, retain.Leave, "nobody knows"},
	} {
		if got := policy.Decide(c.run, now); got.Action != c.want || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: got %+v, want %s because of %q", c.name, got, c.want, c.why)
		}
	}
	if got := (retain.Policy{RedactAfter: policy.RedactAfter}).Decide(retain.Candidate{Ended: ago(999)}, now); got.Action != retain.Redact {
		t.Errorf("without --keep: %+v", got)
	}
	if got := (retain.Policy{Keep: policy.Keep}).Decide(retain.Candidate{Ended: ago(40)}, now); got.Action != retain.Leave {
		t.Errorf("without --redact-after: %+v", got)
	}
}

func mustAge(t *testing.T, text string) retain.Age {
	t.Helper()
	a, err := retain.ParseAge(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
