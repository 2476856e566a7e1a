package rcclient

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// Class is what the caller of a refused call must do.
type Class int

// The classes of an APIError.
const (
	// ClassRowError: the data of this call are refused; a repeat is refused too.
	ClassRowError Class = iota + 1
	// ClassAbortRun: scope, permission or plan is missing; no call can succeed.
	ClassAbortRun
	// ClassFeatureOff: this kind of call is not to be had on this account.
	ClassFeatureOff
	// ClassNotFound: the object does not exist (any more).
	ClassNotFound
	// ClassConflict: the object changed or the value is taken; plan the row anew.
	ClassConflict
	// ClassBatchTooLarge: the same with fewer records or ids may succeed.
	ClassBatchTooLarge
	// ClassRateLimited: a limiter refused the call, nothing was done.
	ClassRateLimited
	// ClassServer: the service failed; whether a write took effect is unknown.
	ClassServer
)

// String names the class for logs.
func (c Class) String() string {
	switch c {
	case ClassRowError:
		return "row error"
	case ClassAbortRun:
		return "abort run"
	case ClassFeatureOff:
		return "feature off"
	case ClassNotFound:
		return "not found"
	case ClassConflict:
		return "conflict"
	case ClassBatchTooLarge:
		return "batch too large"
	case ClassRateLimited:
		return "rate limited"
	case ClassServer:
		return "server error"
	}
	return fmt.Sprintf("class %d", int(c))
}

// ItemError is one entry of an error body, as of a failed item of a bulk call.
// Codes and messages are verbatim; act on the code, messages are localised.
type ItemError struct {
	Code           string `json:"errorCode"`
	Message        string `json:"message"`
	ParameterName  string `json:"parameterName"`
	ParameterValue string `json:"parameterValue"`
}

// Class is what the caller must do about a failed item of an HTTP 200 answer.
func (e ItemError) Class() Class { return classOf(0, e.Code) }

// APIError is an answer of the service that refuses a call.
type APIError struct {
	Operation string // operationId
	Status    int    // HTTP status
	Code      string // errorCode, verbatim, may be empty
	Parameter string // parameterName
	Message   string
	RequestID string // RCRequestId, for RingCentral's support
	// RetryAfter is what the answer asks to wait, in service time; 0 if nothing.
	RetryAfter time.Duration
	// Group is the throttling group that counted the call.
	Group Group
	// Write tells whether the call was a mutating one.
	Write bool
	// Class is what the caller must do.
	Class Class
	// Errors are all entries of the body; the fields above are of the first.
	Errors []ItemError
}

func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: HTTP %d", e.Operation, e.Status)
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.Parameter != "" {
		b.WriteString(" (" + e.Parameter + ")")
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.RequestID != "" {
		b.WriteString(" [request " + e.RequestID + "]")
	}
	return b.String()
}

// InDoubt tells whether the call may have taken effect in spite of the answer:
// a mutating call answered 408, 5xx or by a redirect.
func (e *APIError) InDoubt() bool { return e.Write && statusInDoubt(e.Status) }

// Retryable tells whether the same call may succeed later. For a call in doubt
// that is so only after the account was read.
func (e *APIError) Retryable() bool { return retryable(e.Status, e.Code) }

// AuthError says that the service does not accept the credentials, or the
// token that they gave. A repeat is pointless, and may lock the account.
type AuthError struct {
	Operation string
	Status    int
	// Code is the errorCode, or the OAuth error (invalid_grant, …).
	Code      string
	Message   string
	RequestID string
}

func (e *AuthError) Error() string {
	s := fmt.Sprintf("%s: the service refuses the credentials: HTTP %d %s", e.Operation, e.Status, e.Code)
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.RequestID != "" {
		s += " [request " + e.RequestID + "]"
	}
	return s
}

// UnansweredError says that a call has no readable answer: it was given up, the
// connection failed, or what came can't be an answer to it.
type UnansweredError struct {
	Operation string
	// Sent is false only if it is certain that no byte of the call left.
	Sent bool
	// Write tells whether the call was a mutating one.
	Write bool
	// Status is the HTTP status, if one came.
	Status    int
	RequestID string
	Err       error
}

func (e *UnansweredError) Error() string {
	what := "not sent"
	switch {
	case e.Status != 0:
		what = fmt.Sprintf("unreadable answer (HTTP %d)", e.Status)
	case e.Sent:
		what = "no answer"
	}
	s := fmt.Sprintf("%s: %s: %v", e.Operation, what, e.Err)
	if e.RequestID != "" {
		s += " [request " + e.RequestID + "]"
	}
	return s
}

func (e *UnansweredError) Unwrap() error { return e.Err }

// Passing tells whether the trouble may be over by itself: not that of a
// certificate. A name that is not found may be, as of a machine whose network is
// not up yet.
func (e *UnansweredError) Passing() bool {
	var dns *net.DNSError
	return errors.As(e.Err, &dns) || !hopeless(e.Err)
}

// InDoubt tells whether the call may have taken effect.
func (e *UnansweredError) InDoubt() bool { return e.Write && e.Sent }

// ArgumentError says that a call was refused by this package, before sending.
type ArgumentError struct {
	Operation string
	Reason    string
}

func (e *ArgumentError) Error() string { return e.Operation + ": " + e.Reason }

// Disposition is what is known of a call's effect.
type Disposition int

// The dispositions. For a read, InDoubt never occurs.
const (
	// Done: the service confirmed it.
	Done Disposition = iota
	// NotDone: it is certain that the call had no effect.
	NotDone
	// InDoubt: it may have had; only reading the account tells.
	InDoubt
)

// String names the disposition.
func (d Disposition) String() string {
	switch d {
	case Done:
		return "done"
	case NotDone:
		return "not done"
	case InDoubt:
		return "in doubt"
	}
	return fmt.Sprintf("disposition %d", int(d))
}

// Outcome tells what is known of the effect of a call that returned err. An
// error that is not of this package is in doubt.
func Outcome(err error) Disposition {
	if err == nil {
		return Done
	}
	var doubtful interface{ InDoubt() bool }
	if errors.As(err, &doubtful) {
		if doubtful.InDoubt() {
			return InDoubt
		}
		return NotDone
	}
	var auth *AuthError
	var arg *ArgumentError
	if errors.As(err, &auth) || errors.As(err, &arg) {
		return NotDone
	}
	return InDoubt
}
