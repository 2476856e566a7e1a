package unattended

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"provision/cmd/provision/exitcode"
)

// Steps are what the command line can do.
type Steps interface {
	// OpenRuns lists the account's runs that have changes left, oldest first.
	OpenRuns(ctx context.Context) ([]string, Ended)
	// GoOn goes on with an open run.
	GoOn(ctx context.Context, run string) Ended
	// Run plans the sheets and applies them under guards.
	Run(ctx context.Context) Ended
	// Renewed reports whether the credentials have changed since a step used them.
	Renewed(ctx context.Context) bool
}

// Options say how patient a run is.
type Options struct {
	// RetryFor is how long what could not start is tried again; service time.
	RetryFor time.Duration
	// Now tells service time, Sleep waits in it; an error of Sleep ends the
	// waiting and the run.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	// Waiting is told of each wait before it begins; may be nil.
	Waiting func(after Ended, wait time.Duration)
}

// Waits between tries, in service time.
const (
	firstWait = 30 * time.Second
	mostWait  = 5 * time.Minute
)

// conductor is one unattended run.
type conductor struct {
	steps   Steps
	resumed []Resumed
	// mine is the run that was begun of the sheets.
	mine string
	// reached: the sheets' own step was come to.
	reached bool
}

// Do conducts a run and says how it ended.
//
// Its exit code is that of the gravest step, in the program's own order: an open
// run of before that left something over makes it 6 at best.
func Do(ctx context.Context, steps Steps, o Options) Result {
	c := &conductor{steps: steps}
	until := o.Now().Add(o.RetryFor)
	renewed := false
	for try, wait := 1, firstWait; ; try++ {
		ended := c.once(ctx)
		switch {
		case ended.Code != exitcode.Error || ctx.Err() != nil:
			return c.result(ended, try)
		case (ended.Cause == CauseRefused || ended.Cause == CauseExpired) && !renewed && steps.Renewed(ctx):
			renewed = true // somebody has changed them; these are not known to be refused
			continue
		case !ended.Cause.Passing():
			return c.result(ended, try)
		}
		pause := max(wait, ended.RetryAfter)
		if o.Now().Add(pause).After(until) {
			return c.result(ended, try)
		}
		if o.Waiting != nil {
			o.Waiting(ended, pause)
		}
		if err := o.Sleep(ctx, pause); err != nil {
			ended.Code, ended.Err = exitcode.Interrupted, errors.Join(err, ended.Err)
			return c.result(ended, try)
		}
		wait = min(2*wait, mostWait)
	}
}

// once goes on with what is open and then does the sheets. What it returns is
// the step that decides.
func (c *conductor) once(ctx context.Context) Ended {
	c.reached = c.mine != ""
	open, ended := c.steps.OpenRuns(ctx)
	if ended.Code != exitcode.OK {
		return ended
	}
	for _, run := range open {
		ended := c.steps.GoOn(ctx, run)
		if ended.Run != "" && ended.Run == c.mine {
			return ended
		}
		if ended.Run == "" || ended.Open || ended.Code == exitcode.Error || ended.Code == exitcode.Refused || ended.Code == exitcode.Interrupted {
			ended.Code = cmp.Or(ended.Code, exitcode.Partial)
			return c.stuck(ended, run)
		}
		c.note(ended)
	}
	c.reached = true
	ended = c.steps.Run(ctx)
	c.mine = cmp.Or(ended.Run, c.mine)
	return ended
}

// stuck is an open run of before that could not be finished: the sheets are not
// begun.
func (c *conductor) stuck(e Ended, run string) Ended {
	if e.Run == "" {
		e.Run = run
	}
	c.note(e)
	e.Run, e.Folder, e.Changes, e.Rows, e.Document = "", "", nil, nil, nil
	return e
}

// note keeps how an open run of before ended, once a run.
func (c *conductor) note(e Ended) {
	c.resumed = slices.DeleteFunc(c.resumed, func(r Resumed) bool { return r.Run == e.Run })
	c.resumed = append(c.resumed, Resumed{
		Run: e.Run, Folder: e.Folder, Outcome: outcomeOf(e), ExitCode: e.Code, Reason: reason(e.Err), Changes: e.Changes, Rows: e.Rows,
	})
}

// result is the last step's, and the runs' before it.
func (c *conductor) result(e Ended, tries int) Result {
	r := Result{
		Outcome: outcomeOf(e), ExitCode: e.Code, Run: e.Run, Folder: e.Folder, Reason: reason(e.Err), Next: e.Next,
		Changes: e.Changes, Rows: e.Rows, Resumed: c.resumed, Tries: tries, Document: e.Document, Err: e.Err, Stuck: !c.reached,
	}
	if e.Code == exitcode.Error {
		r.Cause = cmp.Or(e.Cause, CauseSetup)
	}
	for _, before := range c.resumed {
		if before.ExitCode.Graver(r.ExitCode) {
			r.ExitCode = before.ExitCode
			r.Outcome = before.Outcome
			r.Reason = "run " + before.Run + ", which was open before: " + cmp.Or(before.Reason, string(before.Outcome))
			r.Next = cmp.Or(r.Next, "look at its report in "+before.Folder)
		}
	}
	return r
}

// reason is an error in one line.
func reason(err error) string {
	if err == nil {
		return ""
	}
	return strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
}
