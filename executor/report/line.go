package report

import (
	"slices"
	"strings"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// line makes the report line of one row.
func (b *builder) line(i int) Line {
	row := &b.plan.Rows[i]
	l := Line{
		Sheet: int(row.Sheet), Raw: row.Raw,
		At: row.At, Source: row.At.String(), MatchedBy: row.MatchedBy,
		DeviceID: string(row.Claimed().Device), Number: row.Claimed().Number, Emergency: row.Claimed().Emergency,
		Extension: row.ExtensionNumber(), Person: row.Person(), Site: row.Site(), was: string(row.Claimed().Device),
	}
	changes := b.rowOf[i]
	switch {
	case row.Status == plan.RowInvalid:
		l.Status = Invalid
		l.ErrorCode, l.Message = b.rowErrors(row)
		return l
	case row.Status == plan.RowDeselected:
		l.Status, l.Message = Deselected, row.Message
		return l
	case row.Status == plan.RowDeferred:
		l.Status, l.Message = Deferred, row.Message
		return l
	case row.Status == plan.RowIgnored:
		l.Status, l.Message = Ignored, row.Message
		return l
	case len(changes) == 0 && row.Status == plan.RowChanged:
		// A plan that says so contradicts itself; nothing is claimed.
		l.Status, l.Message = Pending, "the plan names no change for this row"
		return l
	case len(changes) == 0:
		l.Status, l.Message = NoOp, row.Message
	default:
		for _, id := range changes {
			b.fold(&l, b.changes[id])
		}
		for _, c := range InOrder(b.all(changes)) {
			b.foldEffect(&l, c)
		}
		b.explain(&l, changes)
		if b.plan.UndoOf != "" {
			l.Message = join(l.Message, row.Message) // what else of the row is not undone
		}
	}
	for _, w := range b.warnings[row.At.Whole()] {
		l.Message = join(l.Message, w.Message)
	}
	return l
}

// rowErrors says what is wrong with a row: the first code, all messages.
func (b *builder) rowErrors(row *plan.RowResult) (code, message string) {
	for i, p := range b.problems[row.At.Whole()] {
		if i == 0 {
			code = p.Code
		}
		text := p.Message
		if p.Cell.Column() > 0 {
			text = plan.ColumnName(p.Cell.Column()) + ": " + text
		}
		message = join(message, text)
	}
	if message == "" {
		message = row.Message
	}
	return code, message
}

// fold takes what became of one change into its row's line.
func (b *builder) fold(l *Line, c *plan.Change) {
	status := b.status(c)
	out := b.state.Outcomes[c.ID]
	l.Changes = append(l.Changes, LineChange{ID: c.ID, Kind: c.Kind, Status: status})
	l.Status = worse(l.Status, status)
	l.Attempts = max(l.Attempts, b.state.Attempts[c.ID], out.Attempt)
	l.Started = earliest(l.Started, out.Started)
	if open, ok := b.state.Open[c.ID]; ok {
		l.Attempts = max(l.Attempts, open.Attempt)
		l.Started = earliest(l.Started, open.At)
	}
	if out.Ended.After(l.Ended) {
		l.Ended = out.Ended
	}
	if id := b.requestID(c); id != "" {
		l.RequestID = id
	}
}

// foldEffect notes what a change, if it took effect, made of the row's line.
func (b *builder) foldEffect(l *Line, c *plan.Change) {
	status, out := b.status(c), b.state.Outcomes[c.ID]
	// A swap that held already has moved the phones just as well.
	if status == Applied || status.Unconfirmed() || status == NoOp && c.Kind == plan.KindSwap {
		b.foldMade(l, c, out)
	}
	if status.Good() && c.Remove() != nil {
		l.Emergency = "" // a phone that is off its line has no address
	}
}

func (b *builder) foldMade(l *Line, c *plan.Change, out journal.Outcome) {
	switch c.Kind {
	case plan.KindAdd:
		l.DeviceID = out.DeviceID
		l.Number, l.Assigned = out.Number, out.Number != ""
	case plan.KindSwap:
		l.DeviceID = b.carrier(l, c, out)
	case plan.KindRemove:
		b.foldRemoval(l, c)
	case plan.KindUpdate, plan.KindUpdateEmergency, plan.KindSetSerial:
		if ext := c.ExtensionNumber(); c.Update() != nil && l.Extension != "" && ext != "" && ext != l.Extension {
			return // of the phone that the row named, which is on another line
		}
		if out.DeviceID != "" {
			l.DeviceID = out.DeviceID
		}
	case plan.KindCreateLocation, plan.KindStock, plan.KindUnstock:
		return
	}
	// What was read last counts, whichever change it was read for: a name that
	// was confirmed first may have seen the address before it was valid.
	if out.Emergency != "" && !out.Ended.Before(l.emergencyAt) {
		l.Emergency, l.emergencyAt = out.Emergency, out.Ended
	}
}

// foldRemoval notes where the number of a line went that is gone.
func (b *builder) foldRemoval(l *Line, c *plan.Change) {
	number := l.Number
	if f := c.Before(); f != nil && f.Number != "" {
		number = f.Number
	}
	l.Number = ""
	if c.Remove() == nil {
		return
	}
	if c.Remove().KeepAssets {
		l.NumberKept = number
	} else {
		l.NumberGivenUp = number
	}
}

// carrier is the phone that carries the row's line after a swap.
func (b *builder) carrier(l *Line, c *plan.Change, out journal.Outcome) string {
	goes := slices.ContainsFunc(l.Changes, func(c LineChange) bool { return c.Kind == plan.KindRemove })
	if c.Swap() == nil || goes { // a line that goes keeps its phone until then
		return l.DeviceID
	}
	return AfterSwap(c, l.Extension, l.DeviceID, b.resolve(c.Swap().Source, ""), b.resolve(c.Swap().Target, out.DeviceID))
}

// AfterSwap is the phone on a line of an extension (by number) after a swap of
// source and target; holds is the one on it before. A row of a rotation also
// stands for swaps that do not touch its line: they leave it what it holds.
func AfterSwap[ID ~string](c *plan.Change, extension string, holds, source, target ID) ID {
	own := extension == "" || extension == c.ExtensionNumber()
	switch {
	case own && (holds == source || holds == ""):
		return target
	case holds == target && (!own || c.Swap().TargetOn == c.ExtensionID()):
		return source
	}
	return holds
}

// all are the changes of these ids.
func (b *builder) all(ids []string) []*plan.Change {
	out := make([]*plan.Change, len(ids))
	for i, id := range ids {
		out[i] = b.changes[id]
	}
	return out
}

// InOrder lists a line's changes so that each comes after those of them that it
// waits for: the order in which they are made.
func InOrder(changes []*plan.Change) []*plan.Change {
	if len(changes) < 2 {
		return changes
	}
	out := make([]*plan.Change, 0, len(changes))
	seen := make(map[*plan.Change]bool, len(changes))
	var visit func(c *plan.Change)
	visit = func(c *plan.Change) {
		if seen[c] {
			return
		}
		seen[c] = true
		for _, before := range changes {
			if slices.Contains(c.DependsOn(), before.ID) || slices.Contains(c.Follows(), before.ID) {
				visit(before)
			}
		}
		out = append(out, c)
	}
	for _, c := range changes {
		visit(c)
	}
	return out
}

// resolve is the id of a device that another change may have made.
func (b *builder) resolve(ref plan.DeviceRef, otherwise string) string {
	if ref.ID != "" {
		return string(ref.ID)
	}
	out := b.state.Outcomes[ref.Change]
	if ref.Slot >= 0 && ref.Slot < len(out.DeviceIDs) {
		return out.DeviceIDs[ref.Slot]
	}
	if out.DeviceID != "" {
		return out.DeviceID
	}
	return otherwise
}

func (b *builder) requestID(c *plan.Change) string {
	if id := b.state.Outcomes[c.ID].RequestID; id != "" {
		return id
	}
	return b.state.Requests[c.ID]
}

// explain gives the line the code, message and request of the change that
// decides its status.
func (b *builder) explain(l *Line, ids []string) {
	for i, id := range ids {
		if l.Changes[i].Status != l.Status {
			continue
		}
		c := b.changes[id]
		out := b.state.Outcomes[id]
		if !l.Status.Good() {
			l.ErrorCode = out.Code
			if rid := b.requestID(c); rid != "" {
				l.RequestID = rid
			}
		}
		l.Message = b.message(c, l.Status)
		if l.Message != "" && len(ids) > 1 && !l.Status.Good() {
			l.Message = c.Kind.String() + ": " + l.Message
		}
		break
	}
	for _, id := range ids {
		if note := b.otherAreaCode(b.changes[id]); note != "" {
			l.Message = join(l.Message, note)
		}
	}
}

// message says what became of a change, in words where the journal has none.
func (b *builder) message(c *plan.Change, status Status) string {
	if out := b.state.Outcomes[c.ID]; out.Message != "" {
		return out.Message
	}
	switch status {
	case Blocked:
		for _, id := range c.DependsOn() {
			before := b.changes[id]
			if before == nil || b.status(before).Good() {
				continue
			}
			return "needs " + before.Kind.String() + " " + id + ", which is " + string(b.status(before))
		}
		if c.Tainted {
			return "left out: it shares an extension, device, number or swap with a row in error"
		}
	case Pending:
		if _, open := b.state.Open[c.ID]; open || b.state.Outcomes[c.ID].Status == journal.InDoubt {
			return "the call was sent and its answer is not known"
		}
		if b.state.Outcomes[c.ID].Status == journal.Sent {
			return "accepted by the service, not read back yet"
		}
		return "not begun"
	case AddressPending:
		return "the emergency address is not confirmed yet"
	case AddressInvalid:
		return "the service refused the emergency address afterwards"
	case AddressDiffers:
		return "the service made another place of the emergency address"
	case Applied, NoOp, Ignored, Invalid, Deselected, Deferred, Failed, Stale, Ambiguous:
	}
	return ""
}

// otherAreaCode flags an added line that got a number of another area code
// than the row wished for.
func (b *builder) otherAreaCode(c *plan.Change) string {
	if c.Add() == nil || c.Add().Number.AreaCode == "" || c.Add().Number.NumberID != "" || c.Add().Number.Number != "" {
		return ""
	}
	got := b.state.Outcomes[c.ID].Number
	if got == "" || hasAreaCode(got, c.Add().Number.AreaCode) {
		return ""
	}
	return "asked for area code " + c.Add().Number.AreaCode + ", got " + got
}

// hasAreaCode looks behind the country code: one digit in North America and
// for +7, two or three elsewhere.
func hasAreaCode(number, area string) bool {
	digits := strings.TrimPrefix(number, "+")
	shortest, longest := 2, 3
	if strings.HasPrefix(digits, "1") || strings.HasPrefix(digits, "7") {
		shortest, longest = 1, 1
	}
	for n := shortest; n <= longest && n <= len(digits); n++ {
		if strings.HasPrefix(digits[n:], area) {
			return true
		}
	}
	return false
}

// earliest is the earlier of two times; the zero time is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
