package handout

import (
	"fmt"
	"slices"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/redact"
	"provision/executor/report/table"
	"provision/plan"
)

// Kind is a kind of hand-out.
type Kind string

// The kinds of hand-out.
const (
	Installer Kind = "installer"
	Auditor   Kind = "auditor"
	Helpdesk  Kind = "helpdesk"
)

// Kinds lists all kinds.
func Kinds() []Kind { return []Kind{Installer, Auditor, Helpdesk} }

// Run is what a hand-out is made of.
type Run struct {
	Plan   *plan.Plan
	State  journal.State
	Report *report.Report // of that plan and state
}

// Make makes a hand-out; tokens, if not nil, make its redacted twin.
func Make(k Kind, r Run, tokens *redact.Tokens) (*table.Table, error) {
	m := newMaker(r, tokens)
	var t *table.Table
	switch k {
	case Installer:
		t = m.installer()
	case Auditor:
		t = m.auditor()
	case Helpdesk:
		t = m.helpdesk()
	default:
		return nil, fmt.Errorf("no hand-out %q: there are %v", k, Kinds())
	}
	t.Notes = append(t.Notes, m.notes()...)
	return t, nil
}

// maker holds what the rows of one hand-out share.
type maker struct {
	Run
	tokens  *redact.Tokens
	changes map[string]*plan.Change
}

func newMaker(r Run, tokens *redact.Tokens) *maker {
	m := &maker{Run: r, tokens: tokens, changes: make(map[string]*plan.Change, len(r.Plan.Changes))}
	for i := range r.Plan.Changes {
		m.changes[r.Plan.Changes[i].ID] = &r.Plan.Changes[i]
	}
	return m
}

// notes say where the hand-out comes from and what it can't show.
func (m *maker) notes() []string {
	var out []string
	if m.Report.Run != "" {
		out = append(out, "Made from run "+m.Report.Run+".")
	}
	if m.tokens.On() {
		out = append(out, "Redacted: a token stands for a person, number, place or serial, and is the same in all documents of this run.")
	}
	if m.Plan.Phones == nil && slices.ContainsFunc(m.Plan.Rows, func(r plan.RowResult) bool { return r.Claimed().Device != "" }) {
		out = append(out, "The plan was made by an older version: what the phones were before is not in it.")
	}
	return out
}

// item is a line of the report with what the plan knows of it.
type item struct {
	*report.Line
	row     *plan.RowResult // nil: no row stands for it
	at      plan.Cell
	changes []*plan.Change
}

// items are the report's lines and what no row stands for, but errors of the
// sheets as a whole.
func (m *maker) items() []item {
	out := make([]item, 0, len(m.Report.Lines)+len(m.Report.Others))
	for i := range m.Report.Lines {
		it := item{Line: &m.Report.Lines[i]}
		if i < len(m.Plan.Rows) {
			it.row, it.at = &m.Plan.Rows[i], m.Plan.Rows[i].At
		}
		out = append(out, m.with(it))
	}
	for i := range m.Report.Others {
		if l := &m.Report.Others[i]; len(l.Changes) > 0 {
			out = append(out, m.with(item{Line: l}))
		}
	}
	return out
}

func (m *maker) with(it item) item {
	for _, c := range it.Changes {
		if p := m.changes[c.ID]; p != nil {
			it.changes = append(it.changes, p)
		}
	}
	return it
}

// source names the row; what no row asks for says so.
func (m *maker) source(it item) string {
	if it.row == nil {
		return "(no row)"
	}
	return m.tokens.Source(it.at)
}

// before is the phone that was on the line; nil: none, or the plan does not say.
func (m *maker) before(it item) *plan.Phone {
	if it.row != nil {
		return m.Plan.PhoneOf(it.was())
	}
	for _, c := range it.changes {
		if f := c.Before(); f != nil {
			return m.Plan.PhoneOf(f.Device)
		}
	}
	return nil
}

// was is the phone that the plan found on the line; empty: none, or not known.
func (it item) was() plan.DeviceID {
	if it.row != nil {
		return it.row.Claimed().Device
	}
	return ""
}

// moves are the swaps that touch the line, and the phone that they leave there
// once all of them are made; its id is empty where the run makes it. A line
// that goes has none: what comes to it meanwhile is nobody's errand.
func (it item) moves() (swaps []*plan.Change, leave plan.DeviceID) {
	leave = it.was()
	if it.of(plan.KindRemove) != nil {
		return nil, leave
	}
	for _, c := range report.InOrder(it.changes) {
		if c.Swap() == nil {
			continue
		}
		after := report.AfterSwap(c, it.Extension, leave, c.Swap().Source.ID, c.Swap().Target.ID)
		if after != leave {
			swaps, leave = append(swaps, c), after
		}
	}
	return swaps, leave
}

// of finds the line's change of a kind; nil: it has none.
func (it item) of(k plan.Kind) *plan.Change {
	for _, c := range it.changes {
		if c.Kind == k {
			return c
		}
	}
	return nil
}

// status is what became of one of the line's changes.
func (it item) status(id string) report.Status {
	for _, c := range it.Changes {
		if c.ID == id {
			return c.Status
		}
	}
	return ""
}

// did reports whether the change of a kind took effect in this run.
func (it item) did(k plan.Kind) bool {
	c := it.of(k)
	if c == nil {
		return false
	}
	s := it.status(c.ID)
	return s == report.Applied || s.Unconfirmed()
}
