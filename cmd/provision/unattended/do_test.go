package unattended_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"time"

	"provision/cmd/provision/exitcode"

	"github.com/google/go-cmp/cmp"

	"provision/cmd/provision/config"
	"provision/cmd/provision/unattended"
	"provision/rcclient"
)

// script plays steps from a list, one of which is taken at each call, and keeps what was asked.
type script struct {
	open    [][]string
	ends    []unattended.Ended
	renewed bool
	asked   []string
	slept   time.Duration
	stop    error // of the next sleep
}

func (s *script) next(what string) unattended.Ended {
	s.asked = append(s.asked, what)
	e := s.ends[0]
	s.ends = s.ends[1:]
	return e
}

func (s *script) OpenRuns(context.Context) ([]string, unattended.Ended) {
	if len(s.open) == 0 {
		return nil, unattended.Ended{}
	}
	runs := s.open[0]
	s.open = s.open[1:]
	return runs, unattended.Ended{}
}
func (s *script) GoOn(_ context.Context, run string) unattended.Ended { return s.next("go on " + run) }
func (s *script) Run(context.Context) unattended.Ended                { return s.next("run") }
func (s *script) Renewed(context.Context) bool                        { return s.renewed }

// What decides, what is tried again and how long, what is gone on with before.
func TestDo(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	down := unattended.Ended{Code: 1, Err: boom, Cause: unattended.CauseNetwork}
	refused := unattended.Ended{Code: 1, Err: boom, Cause: unattended.CauseRefused}
	done := unattended.Ended{Run: "mine", Changes: map[string]int{"applied": 2}}
	old := func(code exitcode.Code, open bool) unattended.Ended {
		e := unattended.Ended{Run: "old", Folder: "runs/old", Code: code, Open: open, Changes: map[string]int{"applied": 1}}
		if code != 0 {
			e.Err = boom
		}
		return e
	}
	broken := unattended.Ended{Code: 1, Err: boom, Run: "mine", Open: true, Cause: unattended.CauseService}
	for _, c := range []struct {
		name    string
		script  script
		outcome unattended.Outcome
		code    exitcode.Code
		run     string
		tries   int
		slept   time.Duration
		asked   []string
		resumed int
	}{
		{"done", script{ends: []unattended.Ended{done}}, unattended.Done, 0, "mine", 1, 0, []string{"run"}, 0},
		{"nothing to do", script{ends: []unattended.Ended{{Run: "mine"}}}, unattended.NoChanges, 0, "mine", 1, 0, []string{"run"}, 0},
		{"held", script{ends: []unattended.Ended{{Code: 4, Err: boom}}}, unattended.Held, 4, "", 1, 0, []string{"run"}, 0},
		{"unfinished", script{ends: []unattended.Ended{{Code: 6, Err: boom, Run: "mine", Open: true}}}, unattended.Unfinished, 6, "mine", 1, 0, []string{"run"}, 0},
		{"comes back", script{ends: []unattended.Ended{down, down, done}}, unattended.Done, 0, "mine", 3, 90 * time.Second, []string{"run", "run", "run"}, 0},
		{"stays away", script{ends: []unattended.Ended{down, down, down, down, down, down}}, unattended.NotStarted, 1, "", 5,
			450 * time.Second, []string{"run", "run", "run", "run", "run"}, 0},
		{"asks to wait", script{ends: []unattended.Ended{{Code: 1, Err: boom, Cause: unattended.CauseService, RetryAfter: 7 * time.Minute}, done}},
			unattended.Done, 0, "mine", 2, 7 * time.Minute, []string{"run", "run"}, 0},
		{"asks too much", script{ends: []unattended.Ended{{Code: 1, Err: boom, Cause: unattended.CauseService, RetryAfter: time.Hour}}},
			unattended.NotStarted, 1, "", 1, 0, []string{"run"}, 0},
		{"stopped", script{ends: []unattended.Ended{down}, stop: boom}, unattended.Interrupted, 130, "", 1, 30 * time.Second, []string{"run"}, 0},
		{"refused", script{ends: []unattended.Ended{refused}}, unattended.NotStarted, 1, "", 1, 0, []string{"run"}, 0},
		{"refused, renewed", script{ends: []unattended.Ended{refused, done}, renewed: true}, unattended.Done, 0, "mine", 2, 0, []string{"run", "run"}, 0},
		{"renewed once only", script{ends: []unattended.Ended{refused, refused}, renewed: true}, unattended.NotStarted, 1, "", 2, 0, []string{"run", "run"}, 0},
		{"setup", script{ends: []unattended.Ended{{Code: 1, Err: boom}}}, unattended.NotStarted, 1, "", 1, 0, []string{"run"}, 0},
		{"open first", script{open: [][]string{{"old"}}, ends: []unattended.Ended{old(0, false), done}}, unattended.Done, 0, "mine", 1, 0,
			[]string{"go on old", "run"}, 1},
		{"open left over", script{open: [][]string{{"old"}}, ends: []unattended.Ended{old(6, false), done}}, unattended.Partial, 6, "mine", 1, 0,
			[]string{"go on old", "run"}, 1},
		{"open stays open", script{open: [][]string{{"old"}}, ends: []unattended.Ended{old(6, true)}}, unattended.Unfinished, 6, "", 1, 0,
			[]string{"go on old"}, 1},
		{"open interrupted", script{open: [][]string{{"old"}}, ends: []unattended.Ended{old(130, true)}}, unattended.Interrupted, 130, "", 1, 0,
			[]string{"go on old"}, 1},
		{"open can't be opened", script{open: [][]string{{"old"}}, ends: []unattended.Ended{{Code: 4, Err: boom}}}, unattended.Held, 4, "", 1, 0,
			[]string{"go on old"}, 1},
		{"open, service down", script{open: [][]string{{"old"}, {"old"}}, ends: []unattended.Ended{down, old(0, false), done}}, unattended.Done, 0, "mine", 2,
			30 * time.Second, []string{"go on old", "go on old", "run"}, 1},
		// The sheets' own run is not planned again after it was gone on with.
		{"broken off", script{open: [][]string{{}, {"mine"}}, ends: []unattended.Ended{broken, done}}, unattended.Done, 0, "mine", 2,
			30 * time.Second, []string{"run", "go on mine"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, now := c.script, time.Unix(0, 0)
			r := unattended.Do(t.Context(), &s, unattended.Options{
				RetryFor: 10 * time.Minute,
				Now:      func() time.Time { return now },
				Sleep: func(_ context.Context, d time.Duration) error {
					now, s.slept = now.Add(d), s.slept+d
					return s.stop
				},
			})
			if r.Outcome != c.outcome || r.ExitCode != c.code || r.Run != c.run || r.Tries != c.tries || s.slept != c.slept || len(r.Resumed) != c.resumed {
				t.Errorf("got %+v after %s, want %s, %d, run %q, %d tries, %s, %d resumed", r, s.slept, c.outcome, c.code, c.run, c.tries, c.slept, c.resumed)
			}
			if diff := cmp.Diff(c.asked, s.asked); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
			if (r.ExitCode == 0) != (r.Reason == "") {
				t.Errorf("exit code %d with the reason %q", r.ExitCode, r.Reason)
			}
		})
	}
}

// What may pass by itself is told from what a person has to mend.
func TestCauseOf(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	for _, c := range []struct {
		err     error
		expires time.Time
		want    unattended.Cause
		passing bool
	}{
		{&rcclient.AuthError{}, time.Time{}, unattended.CauseRefused, false},
		{&rcclient.AuthError{}, time.Unix(2000, 0), unattended.CauseRefused, false},
		{&rcclient.AuthError{}, now, unattended.CauseExpired, false},
		{&rcclient.APIError{Status: 503, Class: rcclient.ClassServer}, time.Time{}, unattended.CauseService, true},
		{&rcclient.APIError{Status: 429, Class: rcclient.ClassRateLimited}, time.Time{}, unattended.CauseService, true},
		{&rcclient.APIError{Status: 403, Code: "CMN-401", Class: rcclient.ClassAbortRun}, time.Time{}, unattended.CausePermission, false},
		{&rcclient.UnansweredError{Err: errors.New("connection refused")}, time.Time{}, unattended.CauseNetwork, true},
		{&config.SecretError{Err: errors.New("x")}, time.Time{}, unattended.CauseUnavailable, true},
		{errors.New("x"), time.Time{}, unattended.CauseSetup, false},
	} {
		if got := unattended.CauseOf(fmt.Errorf("read account: %w", c.err), c.expires, now); got != c.want || got.Passing() != c.passing {
			t.Errorf("%v is %s, passing %v; want %s, %v", c.err, got, got.Passing(), c.want, c.passing)
		}
	}
}

// A JWT says itself when it ends; what is none says nothing.
func TestExpiry(t *testing.T) {
	t.Parallel()
	of := func(claims string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	}
	if at, ok := unattended.Expiry(of(`{"exp":1600000000}`)); !ok || at.Unix() != 1600000000 {
		t.Errorf("got %v %v", at, ok)
	}
	for _, text := range []string{"", "a.b", "a.b.c", of(`{}`), of(`{"exp":"soon"}`), of(`{"exp":-1}`), of(`{"exp":1e300}`)} {
		if at, ok := unattended.Expiry(text); ok {
			t.Errorf("%q ends %v", text, at)
		}
	}
}
