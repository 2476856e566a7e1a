package review

import (
	"provision/executor/report/wording"
	"provision/plan"
)

// maker makes one review.
type maker struct {
	p     *plan.Plan
	o     Options
	names *Names
	r     *Review

	interrupted map[plan.DeviceID]bool
}

func newMaker(p *plan.Plan, o Options) *maker {
	return &maker{p: p, o: o, names: NewNames(p), r: &Review{}, interrupted: map[plan.DeviceID]bool{}}
}

func (m *maker) head() {
	p := m.p
	m.r.Head = Head{
		Account: wording.Clean(p.Account.Name), AccountID: wording.Clean(p.Account.ID), Path: wording.Clean(m.o.Path),
		Digest: wording.Clean(p.Digest), Program: wording.Clean(p.Program), Made: p.CreatedAt, Read: p.SnapshotAt,
		Offline: p.Options.Offline, Redacted: m.o.Redacted,
	}
	for i := range p.Sheets {
		at := p.Sheets[i].Cell()
		m.r.Sheets = append(m.r.Sheets, Sheet{Name: wording.Clean(at.String()), SHA256: p.Sheets[i].SHA256})
	}
	for _, n := range p.Notes {
		m.r.Notes = append(m.r.Notes, wording.Clean(n))
	}
	e := p.Estimate
	m.r.Calls = Calls{Light: e.Light, Medium: e.Medium, Heavy: e.Heavy, LeastSeconds: e.LeastSeconds}
}

// guards lists all guards. Which of them refuse the plan was decided by who
// checked it: the limits that held then may be others than the plan's own.
func (m *maker) guards() {
	g := m.p.Options.Guards
	if m.o.Guards != nil {
		g = *m.o.Guards
	}
	m.r.GuardsOff = g.Off
	broken, normal := map[string]plan.Breach{}, map[string]string{}
	states := m.p.GuardStates(g)
	for _, s := range states {
		normal[s.Guard] = s.Default
	}
	for _, b := range m.o.Breaches {
		broken[b.Guard] = b
		m.r.Broken = append(m.r.Broken, guardOf(b, true, normal[b.Guard]))
	}
	for _, s := range states {
		if b, ok := broken[s.Guard]; ok {
			m.r.Guards = append(m.r.Guards, guardOf(b, true, s.Default))
			continue
		}
		m.r.Guards = append(m.r.Guards, guardOf(s.Breach, s.Broken && g.Off, s.Default))
	}
}

func guardOf(b plan.Breach, broken bool, normal string) Guard {
	return Guard{Name: b.Guard, Limit: b.Limit, Count: b.Count, Flag: b.Flag, Broken: broken, Message: wording.Clean(b.Message), Default: normal}
}

func (m *maker) safety() {
	byID := m.names.changes
	for _, i := range m.p.Safety {
		repair, done := m.repair(i, byID)
		m.r.Safety = append(m.r.Safety, Unsafe{
			Extension: wording.Clean(i.Extension), Person: wording.Clean(i.Person), Device: wording.Clean(string(i.Device)),
			Number: wording.Clean(i.Number), Status: wording.Clean(i.Status), Repair: repair, Repaired: done, Changes: i.Changes,
		})
	}
}

// repair says what the plan does about an address that can't be relied on.
func (m *maker) repair(i plan.SafetyItem, changes map[string]*plan.Change) (string, bool) {
	removed := false
	for _, id := range i.Changes {
		c := changes[id]
		switch {
		case c == nil: // the plan contradicts itself; nothing is claimed
		case c.Update() != nil && c.Update().Emergency != nil:
			return "this plan sets it", true
		case c.Remove() != nil:
			removed = true
		}
	}
	if removed {
		return "this plan removes the phone", true
	}
	return "no row changes it", false
}

// losses are people left without a phone and numbers given up.
func (m *maker) losses() {
	for _, p := range m.p.LeftWithout {
		m.r.LeftWithout = append(m.r.LeftWithout, Person{wording.Clean(p.Extension), wording.Clean(p.Person)})
	}
	for _, n := range m.p.NumbersGivenUp {
		m.r.NumbersGivenUp = append(m.r.NumbersGivenUp, wording.Clean(n))
	}
}

func (m *maker) locations() {
	uses := map[string]int{}
	count := func(t *plan.EmergencyTarget) {
		if t != nil && t.Location != nil && t.Location.Change != "" {
			uses[t.Location.Change]++
		}
	}
	for i := range m.p.Changes {
		c := &m.p.Changes[i]
		if c.Add() != nil {
			count(c.Add().Emergency)
		}
		if c.Update() != nil {
			count(c.Update().Emergency)
		}
	}
	for i := range m.p.Changes {
		c := &m.p.Changes[i]
		if c.Location() == nil {
			continue
		}
		n := NewLocation{
			Change: c.ID, Name: wording.Clean(c.Location().Name), Address: wording.Clean(wording.OneLine(c.Location().Address)),
			Site: wording.Clean(c.Site()), Rows: len(c.Rows), Phones: uses[c.ID],
		}
		switch near := c.Location().Nearest; {
		case near == nil && m.o.Redacted:
			n.NearestNote = "not shown"
		case near == nil:
			n.NearestNote = "none known in that city"
		default:
			n.NearestName, n.NearestAddress = wording.Clean(near.Name), wording.Clean(wording.OneLine(near.Address))
		}
		m.r.NewLocations = append(m.r.NewLocations, n)
	}
}

func (m *maker) problems() {
	list := func(ps []plan.Problem) []Problem {
		var out []Problem
		for _, p := range ps {
			full := wording.Clean(p.Cell.String())
			out = append(out, Problem{
				Cell: wording.Clean(m.names.Short(p.Cell.String())), Full: full, Value: wording.Clean(p.Value),
				Code: p.Code, Message: wording.Clean(p.Message), Source: p,
			})
		}
		return out
	}
	m.r.Errors, m.r.Warnings = list(m.p.Errors), list(m.p.Warnings)
}

func (m *maker) rows() {
	m.r.Rows = countRows(m.p.Rows)
	m.r.HiddenRows = m.p.HiddenSkipped
	for i := range m.p.Rows {
		r := &m.p.Rows[i]
		row := Row{
			Cell: wording.Clean(m.names.Short(r.At.String())), Extension: wording.Clean(r.ExtensionNumber()), Person: wording.Clean(r.Person()),
			Status: r.Status, MatchedBy: wording.Clean(r.MatchedBy), Message: wording.Clean(r.Message),
		}
		switch r.Status {
		case plan.RowNoOp, plan.RowIgnored:
			m.r.Unchanged = append(m.r.Unchanged, row)
		case plan.RowDeferred, plan.RowDeselected:
			m.r.Left = append(m.r.Left, row)
		case plan.RowChanged, plan.RowInvalid: // listed as changes and as errors
		}
	}
	for _, u := range m.p.Unmanaged {
		m.r.Unmanaged = append(m.r.Unmanaged, Unmanaged{
			Extension: wording.Clean(u.Extension), Person: wording.Clean(u.Person), Device: wording.Clean(string(u.Device)),
			Type: wording.Clean(u.Type), Name: wording.Clean(u.Name), Number: wording.Clean(u.Number),
		})
	}
}

func countRows(rows []plan.RowResult) RowCounts {
	n := RowCounts{Total: len(rows)}
	for i := range rows {
		switch rows[i].Status {
		case plan.RowChanged:
			n.Changed++
		case plan.RowNoOp:
			n.NoOp++
		case plan.RowIgnored:
			n.Ignored++
		case plan.RowInvalid:
			n.Invalid++
		case plan.RowDeselected:
			n.Deselected++
		case plan.RowDeferred:
			n.Deferred++
		}
	}
	return n
}
