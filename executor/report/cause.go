package report

import (
	"cmp"
	"slices"

	"provision/plan"
)

// maxSources is how many rows a [Cause] names; the others are in the report's
// lines.
const maxSources = 5

// Cause gathers the changes, or the rows in error, that ended badly for the
// same reason.
type Cause struct {
	Status  Status
	Code    string // the service's errorCode, or one of ours; may be empty
	Message string // of the first of them
	Next    string // what to do
	// RequestID is the RCRequestId of the first of them that has one, for the
	// service's support.
	RequestID string
	Count     int
	Rows      bool     // Count counts rows in error, not changes
	Sources   []string // the first few rows
}

type causeKey struct {
	status Status
	code   string
	text   string // tells causes without a code apart
}

// causes groups all that is left over, worst first and then by number.
func (b *builder) causes(r *Report) []Cause {
	l := causeList{index: map[causeKey]int{}}
	for i := range b.plan.Changes {
		c := &b.plan.Changes[i]
		status := b.status(c)
		if status.Good() {
			continue
		}
		code, message := b.state.Outcomes[c.ID].Code, b.message(c, status)
		if status == Blocked && code == "" {
			message = blockedBy(c, message)
		}
		cause := Cause{Status: status, Code: code, Message: message, Next: nextStep(status, code), RequestID: b.requestID(c)}
		if status == Pending {
			cause.Next = r.nextOfPending()
		}
		l.take(cause, b.sourceOf(c))
	}
	for i := range b.plan.Rows {
		row := &b.plan.Rows[i]
		if row.Status == plan.RowDeferred {
			l.takeRow(Deferred, "", deferredMessage, row.At)
		}
		if row.Status == plan.RowInvalid {
			code, message := b.rowErrors(row)
			l.takeRow(Invalid, code, message, row.At)
		}
	}
	for _, e := range b.plan.Errors {
		if e.Cell.Row() == 0 {
			l.takeRow(Invalid, e.Code, e.Message, e.Cell)
		}
	}
	return l.sorted()
}

// causeList gathers what is left over by its cause.
type causeList struct {
	causes []Cause
	differ []bool // causes whose changes have messages of their own
	index  map[causeKey]int
}

// takeRow counts a row that came to nothing.
func (l *causeList) takeRow(status Status, code, message string, at plan.Cell) {
	l.take(Cause{Status: status, Code: code, Message: message, Next: nextStep(status, code), Rows: true}, at.String())
}

// take counts one more of a cause, and where it is from.
func (l *causeList) take(c Cause, source string) {
	k := causeKey{status: c.Status, code: c.Code}
	if c.Code == "" {
		k.text = c.Message
	}
	i, ok := l.index[k]
	if !ok {
		i = len(l.causes)
		l.index[k] = i
		l.causes, l.differ = append(l.causes, c), append(l.differ, false)
	}
	known := &l.causes[i]
	l.differ[i] = l.differ[i] || known.Message != c.Message
	known.Count++
	if known.RequestID == "" {
		known.RequestID = c.RequestID
	}
	if source != "" && len(known.Sources) < maxSources && !slices.Contains(known.Sources, source) {
		known.Sources = append(known.Sources, source)
	}
}

// sorted is the causes, worst first and then by number; where messages differ,
// one stands as an example.
func (l *causeList) sorted() []Cause {
	for i, differ := range l.differ {
		if differ {
			l.causes[i].Message = general(l.causes[i].Status) + "for example: " + l.causes[i].Message
		}
	}
	order := Statuses()
	slices.SortStableFunc(l.causes, func(x, y Cause) int {
		return cmp.Or(cmp.Compare(slices.Index(order, x.Status), slices.Index(order, y.Status)), cmp.Compare(y.Count, x.Count))
	})
	return l.causes
}

// general is what all changes of a status have in common, where the messages
// differ.
func general(status Status) string {
	if status == Stale {
		return "the account no longer shows what the plan saw; "
	}
	return ""
}

// nextOfPending says how a run with changes left is gone on with.
func (r *Report) nextOfPending() string {
	switch {
	case r.Closed:
		return "the run is closed: plan the sheet anew"
	case r.Run == "":
		return nextStep(Pending, "")
	case r.InWork:
		return `it is in work: watch it with "provision runs ` + r.Run + ` --follow"`
	}
	return `go on with "provision resume ` + r.Run + `"`
}

// deferredMessage is the one cause of all rows that were deferred; their own
// messages name extensions.
const deferredMessage = "the extension is not on the account"

// blockedBy makes one cause of all changes that wait for changes of the same
// kind; their own messages name ids.
func blockedBy(c *plan.Change, message string) string {
	if c.Tainted {
		return message
	}
	return "what it needs did not happen"
}

// sourceOf names the first row that asks for a change.
func (b *builder) sourceOf(c *plan.Change) string {
	if len(c.Rows) > 0 && c.Rows[0] >= 0 && c.Rows[0] < len(b.plan.Rows) {
		return b.plan.Rows[c.Rows[0]].At.String()
	}
	if cells := c.Cells.List(); len(cells) > 0 {
		return cells[0].Whole().String()
	}
	return b.withoutRow()
}

// nextStep says what to do about a cause: by the service's errorCode where one
// tells more than the status does (API reference, errors).
func nextStep(status Status, code string) string {
	if status == Failed {
		if step := nextByCode(code); step != "" {
			return step
		}
	}
	switch status {
	case AddressInvalid:
		return "these phones have no address that help can be sent to: correct the address in the sheet and run it again now"
	case AddressDiffers:
		return "compare the address that the service shows with the one asked for; correct the sheet, or accept it in the portal"
	case AddressPending:
		return `wait, then read again with "provision verify"`
	case Ambiguous:
		return "look at these extensions in the portal, then plan the sheet again: it plans from what is there"
	case Failed:
		return "read the message, correct the row and run the sheet again; what is done already is not done twice"
	case Stale:
		return "someone changed these objects after the plan: plan the sheet again"
	case Blocked:
		return "put right what they wait for, then run the sheet again"
	case Pending:
		return `go on with "provision resume"`
	case Invalid:
		if code == "prune_refused" {
			return "put right what keeps the pruning from being done, then run the sheet again"
		}
		return "correct the cells that are named, then run the sheet again"
	case Deferred:
		return "run the sheet again once these extensions are there; what is done already is not done twice"
	case Applied, NoOp, Ignored, Deselected:
	}
	return ""
}

func nextByCode(code string) string {
	switch code {
	case "CMN-101":
		return "the service refuses a value: correct the cell and run the sheet again"
	case "CMN-102":
		return "an object is gone: plan the sheet again"
	case "CMN-120":
		return "this account's service does not have the operation: leave the columns that need it empty, or run the sheet again once it has it"
	case "CMN-109":
		return "the account lacks this feature: ask the service to switch it on"
	case "CMN-401", "CMN-402", "CMN-408":
		return "the app or its user lacks a permission: give it, then run the sheet again"
	case "CMN-403", "CMN-404", "CMN-419":
		return "this extension cannot be changed by the app's user: check its type and the user's rights"
	case "CMN-201", "CMN-203":
		return "the service had trouble: run the sheet again later"
	case "CMN-301", "CMN-302", "CMN-304", "CMN-310":
		return "the rate limit was used up, perhaps by another program: run the sheet again with a lower --quota-share"
	case "EME-201":
		return "the service cannot find this address: correct street, city, state and ZIP and run the sheet again"
	case "EME-384":
		return "this account takes emergency locations only: name one in emergency_location"
	}
	return ""
}
