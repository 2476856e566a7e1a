// Package exitcode has the statuses that the program ends with, and their order.
//
// They are part of the program's interface: a script may go by them. A command
// that works by several steps, as the sheets of an inbox, ends with the gravest.
package exitcode

import "slices"

// Code is a status that the process ends with. Unknown ones mean failure.
type Code int

// The exit codes.
const (
	OK          Code = 0
	Error       Code = 1
	Changes     Code = 2
	Sheet       Code = 3
	Refused     Code = 4
	Stale       Code = 5
	Partial     Code = 6
	Interrupted Code = 130
)

// byGravity are all codes, the gravest first.
var byGravity = [...]Code{Error, Sheet, Refused, Stale, Interrupted, Partial, Changes, OK}

// String says what the code means, as help shows it.
func (c Code) String() string {
	switch c {
	case OK:
		return "done, nothing left over"
	case Error:
		return "could not run: usage, files, credentials, network, lock"
	case Changes:
		return "changes are pending (only with --detailed-exitcode)"
	case Sheet:
		return "the sheet has errors"
	case Refused:
		return "refused: by a guard, for want of an approval, or by a run that is open, or closed"
	case Stale:
		return "the plan is stale, or of another account"
	case Partial:
		return "applied in part: anything failed, stale, blocked, ambiguous, skipped or deferred, or an address not confirmed"
	case Interrupted:
		return "interrupted with work left"
	}
	return "unknown"
}

// Graver reports whether c is graver than another code. An unknown one is as
// grave as Error.
func (c Code) Graver(than Code) bool { return c.rank() < than.rank() }

// Worse is the graver one of two codes.
func Worse(a, b Code) Code {
	if b.Graver(a) {
		return b
	}
	return a
}

func (c Code) rank() int { return max(0, slices.Index(byGravity[:], c)) }
