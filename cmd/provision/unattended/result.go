package unattended

import (
	"time"

	"provision/cmd/provision/exitcode"
)

// Outcome is how an unattended run ended, in one word.
type Outcome string

// The outcomes.
const (
	// Done: all rows are as they should be; something was changed.
	Done Outcome = "done"
	// NoChanges: all rows were as they should be.
	NoChanges Outcome = "no_changes"
	// Partial: applied, and something is left over for people.
	Partial Outcome = "partial"
	// Unfinished: the run is open, and the next one goes on with it.
	Unfinished Outcome = "unfinished"
	// Interrupted: stopped by a signal or by --stop-at; an open run goes on next
	// time.
	Interrupted Outcome = "interrupted"
	// Held: a guard, an open run or --expect-changes refused it; nothing was sent
	// of these sheets.
	Held Outcome = "held"
	// SheetErrors: the sheets have errors; nothing was sent of them.
	SheetErrors Outcome = "sheet_errors"
	// Stale: the account changed too much, or is another one.
	Stale Outcome = "stale"
	// NotStarted: it could not begin; Cause says why.
	NotStarted Outcome = "could_not_start"
	// Failed: it began, and broke off for a trouble of its own (a full disk).
	Failed Outcome = "failed"
)

// Cause is why nothing could be started.
type Cause string

// The causes.
const (
	CauseNone Cause = ""
	// CauseNetwork: the service did not answer.
	CauseNetwork Cause = "network"
	// CauseService: it answered that it can't now (5xx, a rate limit).
	CauseService Cause = "service"
	// CauseExpired: the JWT was refused, and says itself that its time is over.
	CauseExpired Cause = "credentials_expired"
	// CauseRefused: the service does not accept the credentials.
	CauseRefused Cause = "credentials_refused"
	// CauseUnavailable: the credentials could not be had from where they are kept.
	CauseUnavailable Cause = "credentials_unavailable"
	// CausePermission: a scope or a permission is missing.
	CausePermission Cause = "permission"
	// CauseLock: another process worked with the same service and client id.
	CauseLock Cause = "lock"
	// CauseSetup: anything else that a person has to mend: flags, files, the
	// configuration, the certificate.
	CauseSetup Cause = "setup"
)

// Passing tells whether the trouble may be over by itself.
func (c Cause) Passing() bool {
	return c == CauseNetwork || c == CauseService || c == CauseUnavailable
}

// Ended is how one step ended.
type Ended struct {
	// Code is the exit code that the step would end the program with.
	Code exitcode.Code
	// Err is its error; nil if Code is 0. Its text holds no secret and no address.
	Err error
	// Run and Folder are its run; empty if none was begun.
	Run, Folder string
	// Open: the run has changes left to do or to find out about.
	Open bool
	// Changes and Rows count by status; nil if no run was begun.
	Changes, Rows map[string]int
	// Cause is why it could not start.
	Cause Cause
	// RetryAfter is what the service asked to wait; service time.
	RetryAfter time.Duration
	// Next is the next step, for people.
	Next string
	// Document is what the step's --json would have written; may be nil.
	Document any
}

// Result is how an unattended run ended.
type Result struct {
	Outcome  Outcome       `json:"outcome"`
	ExitCode exitcode.Code `json:"exit_code"`
	// Run and Folder are the run of the sheets; empty if none was begun.
	Run    string `json:"run,omitempty"`
	Folder string `json:"folder,omitempty"`
	Cause  Cause  `json:"cause,omitempty"`
	// Reason is the error's text in one line; empty if all is well.
	Reason string `json:"reason,omitempty"`
	// Next is what a person should do; empty if nothing.
	Next    string         `json:"next_step,omitempty"`
	Changes map[string]int `json:"changes,omitempty"`
	Rows    map[string]int `json:"rows,omitempty"`
	// Resumed are the open runs that were gone on with before.
	Resumed []Resumed `json:"resumed,omitempty"`
	// Tries is how often it was begun.
	Tries int `json:"tries"`
	// Document is what the last step's --json would have written.
	Document any `json:"result,omitempty"`
	// Err is the error of the step that decided; for who prints it.
	Err error `json:"-"`
	// Stuck: what was open before could not be finished or looked at, so that the
	// sheets were not come to; Err says nothing of them.
	Stuck bool `json:"-"`
}

// Resumed is an open run that was gone on with.
type Resumed struct {
	Run      string         `json:"run"`
	Folder   string         `json:"folder"`
	Outcome  Outcome        `json:"outcome"`
	ExitCode exitcode.Code  `json:"exit_code"`
	Reason   string         `json:"reason,omitempty"`
	Changes  map[string]int `json:"changes,omitempty"`
	Rows     map[string]int `json:"rows,omitempty"`
}

// outcomeOf says an ended step in one word.
func outcomeOf(e Ended) Outcome {
	switch {
	case e.Code == exitcode.Interrupted:
		return Interrupted
	case e.Open && e.Code == exitcode.Partial:
		return Unfinished
	case e.Code == exitcode.OK && total(e.Changes) == 0:
		return NoChanges
	}
	switch e.Code {
	case exitcode.OK:
		return Done
	case exitcode.Partial:
		return Partial
	case exitcode.Sheet:
		return SheetErrors
	case exitcode.Refused:
		return Held
	case exitcode.Stale:
		return Stale
	case exitcode.Error, exitcode.Changes, exitcode.Interrupted:
	}
	if e.Run == "" {
		return NotStarted
	}
	return Failed
}

func total(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
