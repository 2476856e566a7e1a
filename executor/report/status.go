package report

import (
	"slices"
	"strings"

	"provision/executor/journal"
)

// Status is what became of a row or of a change.
type Status string

// The statuses of a report.
const (
	Applied        Status = "applied"         // done and read back as asked for
	NoOp           Status = "no_op"           // the goal already held
	Ignored        Status = "ignored"         // the row says action=ignore
	Invalid        Status = "invalid"         // the row is in error
	Deselected     Status = "deselected"      // the row was left out by --only, --rows and the like, as was asked for
	Deferred       Status = "deferred"        // the row's extension is not on the account yet
	Failed         Status = "failed"          // the service refused it
	Stale          Status = "stale"           // the account changed since the plan
	Blocked        Status = "blocked"         // something that it needs did not happen
	Ambiguous      Status = "ambiguous"       // it may or may not have happened
	Pending        Status = "pending"         // not begun, or not settled yet
	AddressPending Status = "address_pending" // done, the address is not confirmed yet
	AddressInvalid Status = "address_invalid" // done, the address was refused afterwards
	AddressDiffers Status = "address_differs" // done, the address became another place
)

// Words is the status of one row or change for people; the word itself is for
// programs.
func (s Status) Words() string {
	if s == NoOp {
		return "needs nothing"
	}
	return strings.ReplaceAll(string(s), "_", " ")
}

// Statuses lists all statuses from the worst to the best. A row whose changes
// ended differently has the one that comes first here. Addresses that are wrong
// stand before everything, as the phone is in use by then; what nobody knows
// stands before what is known to have failed.
func Statuses() []Status {
	return []Status{
		AddressInvalid, AddressDiffers, Ambiguous, Failed, Stale, Blocked,
		Pending, AddressPending, Invalid, Deferred, Applied, NoOp, Ignored, Deselected,
	}
}

// worse returns the worse of two statuses; the empty status is the best.
func worse(a, b Status) Status {
	if a == "" || b == "" {
		return a + b
	}
	all := Statuses()
	if slices.Index(all, b) < slices.Index(all, a) {
		return b
	}
	return a
}

// Good reports whether nothing is left over: the status needs nobody's
// attention.
func (s Status) Good() bool { return s == Applied || s == NoOp || s == Ignored || s == Deselected }

// Unconfirmed reports whether the change took effect but its emergency address
// is not confirmed.
func (s Status) Unconfirmed() bool {
	return s == AddressPending || s == AddressInvalid || s == AddressDiffers
}

// fromJournal turns the status of an outcome into the report's word. What was
// answered but not read back, is in doubt, or is to be sent again is pending;
// an address that was not looked at is not confirmed.
func fromJournal(s journal.Status) Status {
	switch s {
	case journal.Applied:
		return Applied
	case journal.NoOp:
		return NoOp
	case journal.Failed:
		return Failed
	case journal.Stale:
		return Stale
	case journal.Blocked:
		return Blocked
	case journal.Ambiguous:
		return Ambiguous
	case journal.Pending, journal.Sent, journal.InDoubt, journal.NotSent:
		return Pending
	case journal.AddressPending, journal.AddressUnchecked:
		return AddressPending
	case journal.AddressInvalid:
		return AddressInvalid
	case journal.AddressDiffers:
		return AddressDiffers
	}
	// A word of a newer journal: nothing is claimed of it.
	return Ambiguous
}
