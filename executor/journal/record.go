package journal

import (
	"encoding/json"
	"time"
)

// FormatVersion is the version of the journal's format. A journal of a newer
// version than this program knows is refused.
const FormatVersion = 1

// Type is the type of a [Record].
type Type string

// The types of record.
const (
	TypeRun     Type = "run"     // a process begins or ends work on the run
	TypeIntent  Type = "intent"  // a mutating call is about to leave
	TypeOutcome Type = "outcome" // what came of one change
	TypeNote    Type = "note"    // anything else worth keeping: flags, approvals, waits
)

// Record is one line of the journal. Exactly one of Run, Intent, Outcome and
// Note is set, by Type.
type Record struct {
	Seq     uint64    `json:"seq"`    // from 1, without gaps
	Synced  uint64    `json:"synced"` // the last record that was durable when this one was written
	Type    Type      `json:"type"`
	Time    time.Time `json:"time"` // UTC
	Changes []string  `json:"change,omitempty"`

	Run     *Run     `json:"run,omitempty"`
	Intent  *Intent  `json:"intent,omitempty"`
	Outcome *Outcome `json:"outcome,omitempty"`
	Note    *Note    `json:"note,omitempty"`

	Sum string `json:"sum"` // checksum of the line without it, chained to the line before
}

// The events of a [Run] record.
const (
	EventBegin = "begin"
	EventEnd   = "end"
)

// Run marks the begin or the end of a process's work on the run.
type Run struct {
	Event         string  `json:"event"` // begin, end
	RunID         string  `json:"run_id,omitempty"`
	FormatVersion int     `json:"format_version"`
	Program       string  `json:"program,omitempty"`
	PlanDigest    string  `json:"plan_digest,omitempty"`
	Account       string  `json:"account,omitempty"`
	Server        string  `json:"server,omitempty"`
	PID           int     `json:"pid,omitempty"`
	Host          string  `json:"host,omitempty"`
	Scale         float64 `json:"time_scale,omitempty"`
	Exit          string  `json:"exit,omitempty"` // end: how it went, as the words below say
}

// How a process's work on a run ended.
const (
	ExitDone        = "done"        // it came to its end
	ExitInterrupted = "interrupted" // by a signal or by the clock
	ExitFailed      = "failed"      // it could not go on
	ExitAbandoned   = "abandoned"   // the run was closed, whatever is left: it is not gone on with
)

// Intent is written before a mutating request leaves. It holds what is needed
// to tell from the account whether the request took effect.
type Intent struct {
	Attempt   int             `json:"attempt"` // from 1, per change
	Operation string          `json:"operation"`
	Extension string          `json:"extension,omitempty"`
	Request   json.RawMessage `json:"request,omitempty"` // without secrets
	// Known are, by change id, the ids of the devices (or inventory slots, or
	// ERLs) that were there before the call; of a swap, the numbers of the
	// source's lines, which the target has after it.
	Known map[string][]string `json:"known,omitempty"`
	// Devices are, by change id, the device that the call names: the one that
	// is updated, removed or deleted, and a swap's source.
	Devices map[string]string `json:"devices,omitempty"`
}

// Status is what became of a change. The words are those of the report.
type Status string

// The statuses of a change.
const (
	Applied          Status = "applied"
	NoOp             Status = "no_op"
	Failed           Status = "failed"
	Stale            Status = "stale"
	Blocked          Status = "blocked"
	Ambiguous        Status = "ambiguous"
	Pending          Status = "pending" // not begun, or in doubt and not yet settled
	AddressPending   Status = "address_pending"
	AddressInvalid   Status = "address_invalid"
	AddressDiffers   Status = "address_differs"
	Sent             Status = "sent" // definite success answered, not yet read back
	InDoubt          Status = "in_doubt"
	NotSent          Status = "not_sent" // an intent whose call certainly had no effect
	AddressUnchecked Status = "address_unchecked"
)

// Final reports whether nothing is left to do for a change of this status.
// An address that is not yet valid does not keep a change from being final:
// "verify" settles it later.
func (s Status) Final() bool {
	switch s {
	case Applied, NoOp, Failed, Stale, Blocked, Ambiguous,
		AddressPending, AddressInvalid, AddressDiffers, AddressUnchecked:
		return true
	case Pending, Sent, InDoubt, NotSent:
		return false
	}
	return false
}

// Succeeded reports whether the change took effect, or had no need to. What
// depends on a change may go on then.
func (s Status) Succeeded() bool {
	switch s {
	case Applied, NoOp, Sent, AddressPending, AddressInvalid, AddressDiffers, AddressUnchecked:
		return true
	case Failed, Stale, Blocked, Ambiguous, Pending, InDoubt, NotSent:
		return false
	}
	return false
}

// Outcome is what came of one attempt of one change, or of reading it back.
type Outcome struct {
	Attempt    int      `json:"attempt"`
	Status     Status   `json:"status"`
	DeviceID   string   `json:"device_id,omitempty"`
	DeviceIDs  []string `json:"device_ids,omitempty"` // stock: the new slots
	Number     string   `json:"number,omitempty"`
	LocationID string   `json:"location_id,omitempty"`
	Emergency  string   `json:"emergency_status,omitempty"` // Valid, Provisioning, Invalid, …
	// EmergencyAddress is the address as read back, where it was.
	EmergencyAddress json.RawMessage `json:"emergency_address,omitempty"`
	Code             string          `json:"code,omitempty"` // the service's errorCode, or one of ours
	Message          string          `json:"message,omitempty"`
	RequestID        string          `json:"request_id,omitempty"` // RCRequestId
	Started          time.Time       `json:"started,omitzero"`
	Ended            time.Time       `json:"ended,omitzero"`
	Rule             string          `json:"rule,omitempty"` // reconciliation: which rule settled it
}

// Note is free text with a code, for people and audits.
type Note struct {
	Code string            `json:"code"`
	Text string            `json:"text,omitempty"`
	Data map[string]string `json:"data,omitempty"`
}
