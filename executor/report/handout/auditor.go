package handout

import (
	"cmp"
	"encoding/json"
	"time"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/table"
	"provision/executor/report/wording"
	"provision/plan"
)

// shown is an emergency address as a cell shows it.
type shown struct {
	location string
	address  plan.Address
}

// auditor makes the auditor sheet: one row for each line, in the sheets' order,
// and then the phones without a reliable address that no row is about.
func (m *maker) auditor() *table.Table {
	t := &table.Table{
		Title: "Auditor sheet: emergency addresses",
		Notes: []string{
			"One row for each line: its emergency response location (ERL) and address before and after this run.",
			"The column \"after is\" says how much the address after is worth: \"read back\" was seen in the account after the change, \"unchanged\" was read when the plan was made, \"asked for\" was sent and not seen yet, \"not done\" stands for a change that did not happen or of which that is not known: the address before is shown.",
			"Times are UTC. The approver is who approved the plan, if it was approved before it was applied.",
		},
		Header: []string{
			"row", "site", "extension", "person", "number", "device id", "ERL before", "address before", "ERL after", "address after", "after is",
			"address status", "time read", "result", "approver", "RCRequestId",
		},
	}
	part := table.Part{Name: "Emergency addresses"}
	seen := map[string]bool{}
	for _, it := range m.items() {
		if it.Status == report.Invalid && it.DeviceID == "" {
			continue // nobody knows which line is meant
		}
		seen[cmp.Or(string(it.was()), it.DeviceID)] = true // the safety list has the phones that the plan found
		part.Rows = append(part.Rows, m.audit(it))
	}
	for _, s := range m.Plan.Safety {
		if !seen[string(s.Device)] {
			part.Rows = append(part.Rows, m.unlisted(s))
		}
	}
	t.Parts = []table.Part{part}
	return t
}

func (m *maker) audit(it item) []string {
	var was shown
	if f := m.before(it); f != nil && f.Emergency != nil && it.of(plan.KindAdd) == nil {
		was = shown{f.Emergency.LocationName, f.Emergency.Address}
	}
	now, is, read := m.after(it, was)
	status := it.Emergency
	if is == "unchanged" {
		if f := m.before(it); f != nil && f.Emergency != nil {
			status = cmp.Or(status, f.Emergency.AddressStatus)
		}
	}
	number := cmp.Or(it.Number, it.NumberKept, it.NumberGivenUp)
	k := m.tokens
	return []string{
		m.source(it), k.Site(it.Site), k.Extension(it.Extension), k.Person(it.Person), k.Number(number), it.DeviceID,
		k.Location(was.location), k.Address(was.address), k.Location(now.location), k.Address(now.address), is,
		status, wording.Stamp(read), string(it.Status), m.approver(it), it.RequestID,
	}
}

// approver is who approved what the line's changes do; empty where nothing was
// to be done, and where the run was begun without approval.
func (m *maker) approver(it item) string {
	if a := m.Report.Approval; a != nil && len(it.changes) > 0 {
		return m.tokens.Person(a.By)
	}
	return ""
}

// after is the line's address after the run, how much that is worth, and when
// it was read.
func (m *maker) after(it item, was shown) (now shown, is string, read time.Time) {
	if it.did(plan.KindRemove) {
		return shown{}, "line removed", it.Ended
	}
	for _, c := range it.changes {
		target := c.Emergency()
		if target == nil {
			continue
		}
		switch s := it.status(c.ID); {
		case s == report.NoOp:
			return was, "unchanged", m.Plan.SnapshotAt
		case s != report.Applied && !s.Unconfirmed():
			return was, "not done", m.Plan.SnapshotAt
		}
		return readBack(target, m.State.Outcomes[c.ID])
	}
	if it.DeviceID == "" && was == (shown{}) {
		return was, "no line", m.Plan.SnapshotAt
	}
	return was, "unchanged", m.Plan.SnapshotAt
}

// readBack is what the account showed after a change; where nothing was read,
// what was asked for.
func readBack(target *plan.EmergencyTarget, out journal.Outcome) (now shown, is string, read time.Time) {
	now.address = target.Place
	if target.Location != nil {
		now.location = cmp.Or(target.Location.Name, string(target.Location.ID))
	}
	var seen plan.Address
	switch {
	case len(out.EmergencyAddress) > 0 && json.Unmarshal(out.EmergencyAddress, &seen) == nil:
		now.address = seen
		return now, "read back", out.Ended
	case out.Status == journal.Applied: // which means read back as asked for
		return now, "read back", out.Ended
	case out.Emergency != "":
		return now, "asked for", out.Ended // its status was read
	}
	return now, "asked for", time.Time{}
}

// unlisted is the row of a phone without a reliable address that no row of the
// sheets is about.
func (m *maker) unlisted(s plan.SafetyItem) []string {
	var was shown
	if f := m.Plan.PhoneOf(s.Device); f != nil && f.Emergency != nil {
		was = shown{f.Emergency.LocationName, f.Emergency.Address}
	}
	k := m.tokens
	return []string{
		"(no row)", "", k.Extension(s.Extension), k.Person(s.Person), k.Number(s.Number), string(s.Device),
		k.Location(was.location), k.Address(was.address), k.Location(was.location), k.Address(was.address), "unchanged",
		s.Status, wording.Stamp(m.Plan.SnapshotAt), "", "", "",
	}
}
