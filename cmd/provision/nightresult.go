package main

import (
	"errors"

	"github.com/rs/zerolog"

	"provision/cmd/provision/unattended"
)

// nightResult is a result with how it ends the program.
type nightResult struct{ unattended.Result }

// asError is the error that ends the program with the result's exit code: the
// deciding step's own where there is one.
func (r nightResult) asError() error {
	if codeOf(r.Err) == r.ExitCode {
		return r.Err
	}
	if k, ok := kindOfCode(r.ExitCode); ok {
		return &failure{kind: k, err: errors.Join(errors.New(r.Reason), r.Err), hint: r.Next}
	}
	return r.Err
}

// kindOfCode is the kind of failure that ends the program with a code.
func kindOfCode(code exitCode) (kind, bool) {
	for _, k := range []kind{kindUsage, kindSheet, kindRefused, kindStale, kindPartial, kindInterrupted} {
		if codeOfKind(k) == code {
			return k, true
		}
	}
	return 0, false
}

// logResult writes the one line that says how an unattended run ended, whatever
// the log's level is.
func (a *app) logResult(r nightResult) {
	line := a.log.Log().Str("outcome", string(r.Outcome)).Int("exit_code", int(r.ExitCode))
	str := func(key, value string) {
		if value != "" {
			line = line.Str(key, value)
		}
	}
	str("run", r.Run)
	str("folder", r.Folder)
	str("cause", string(r.Cause))
	str("reason", oneLine(r.Reason))
	str("next_step", r.Next)
	if len(r.Changes) > 0 {
		line = line.Interface("changes", r.Changes)
	}
	if len(r.Rows) > 0 {
		line = line.Interface("rows", r.Rows)
	}
	if len(r.Resumed) > 0 {
		line = line.Interface("resumed", r.Resumed)
	}
	line.Int("tries", r.Tries).Msg("unattended run ended")
}

// lastLine makes sure that an unattended run that did not come to its beginning
// has its last line too.
func (a *app) lastLine() {
	a.last = func(err error) {
		if a.log.GetLevel() == zerolog.Disabled {
			a.log, _, _ = newLogger(logOptions{}, a.screen, a.color()) // the default options have no error
		}
		e := a.endedOf(err, &ended{})
		r := unattended.Result{Outcome: unattended.NotStarted, ExitCode: e.Code, Cause: e.Cause, Next: e.Next}
		if err != nil {
			r.Reason = err.Error()
		}
		if e.Code == exitInterrupted {
			r.Outcome = unattended.Interrupted
		}
		a.logResult(nightResult{r})
	}
}
