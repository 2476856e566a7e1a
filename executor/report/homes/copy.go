package homes

import (
	"slices"
	"strconv"

	"provision/plan"
)

// plan is a copy of a plan without home addresses.
func (m *masker) plan(p *plan.Plan) *plan.Plan {
	out := *p
	m.ids = m.maskedIDs(p)
	out.Options.KnownPlaces = nil
	out.Rows = slices.Clone(p.Rows)
	for i := range out.Rows {
		m.row(p, &out.Rows[i])
	}
	out.Changes = slices.Clone(p.Changes)
	for i := range out.Changes {
		m.change(&out.Changes[i])
	}
	byRow := map[plan.Cell]*plan.RowResult{}
	for i := range p.Rows {
		byRow[p.Rows[i].At.Whole()] = &p.Rows[i]
	}
	out.Errors, out.Warnings = m.problems(p, p.Errors, byRow), m.problems(p, p.Warnings, byRow)
	out.Notes = slices.Clone(p.Notes)
	for i := range out.Notes {
		out.Notes[i] = m.all.Replace(out.Notes[i])
	}
	out.NotUndone = slices.Clone(p.NotUndone)
	for i := range out.NotUndone {
		out.NotUndone[i].Change = m.id(out.NotUndone[i].Change)
		out.NotUndone[i].Reason = m.all.Replace(out.NotUndone[i].Reason)
	}
	out.Phones = slices.Clone(p.Phones)
	for i := range out.Phones {
		f := out.Phones[i].Phone()
		f.Name, f.Emergency = m.all.Replace(f.Name), m.emergency(f.Emergency)
		out.Phones[i] = f.Named()
	}
	out.Unmanaged = slices.Clone(p.Unmanaged)
	for i := range out.Unmanaged {
		out.Unmanaged[i].Name = m.all.Replace(out.Unmanaged[i].Name)
	}
	return &out
}

// addressColumn reports whether one of our columns is a part of an address.
func addressColumn(ours string) bool {
	switch ours {
	case "street", "street2", "city", "state", "zip", "country":
		return true
	}
	return false
}

func (m *masker) row(p *plan.Plan, r *plan.RowResult) {
	home := m.isHome(rowAddress(p, r))
	r.Changes = m.idList(r.Changes)
	r.MatchedBy, r.Message = m.all.Replace(r.MatchedBy), m.all.Replace(r.Message)
	r.Raw = slices.Clone(r.Raw)
	for i, t := range r.Raw {
		if home && addressColumn(columnOf(p, r, i)) {
			r.Raw[i] = ""
			continue
		}
		r.Raw[i] = m.all.Replace(t)
	}
}

// columnOf is our name of a row's column, from 0; empty: none of ours.
func columnOf(p *plan.Plan, r *plan.RowResult, i int) string {
	if r.Sheet < 0 || int(r.Sheet) >= len(p.Sheets) || i < 0 || i >= len(p.Sheets[r.Sheet].Mapping) {
		return ""
	}
	return p.Sheets[r.Sheet].Mapping[i]
}

// maskedIDs are the ids to be shown instead of those of new ERLs at homes: an id
// is a hash of what the change makes, and who knows some addresses could try
// which of them has it.
func (m *masker) maskedIDs(p *plan.Plan) map[string]string {
	out, of := map[string]string{}, map[string]int{}
	for i := range p.Changes {
		l := p.Changes[i].Location()
		if l == nil || !m.isHome(l.Address) {
			continue
		}
		id := p.Changes[i].Kind.String() + "-" + m.tokens[l.Address.PlaceKey()]
		if of[id]++; of[id] > 1 {
			id += "-" + strconv.Itoa(of[id])
		}
		out[p.Changes[i].ID] = id
	}
	return out
}

func (m *masker) id(id string) string {
	if masked := m.ids[id]; masked != "" {
		return masked
	}
	return id
}

func (m *masker) idList(ids []string) []string {
	out := slices.Clone(ids)
	for i := range out {
		out[i] = m.id(out[i])
	}
	return out
}

func (m *masker) change(c *plan.Change) {
	c.ID = m.id(c.ID)
	if c.Order != nil {
		order := *c.Order
		order.DependsOn, order.Follows = m.idList(order.DependsOn), m.idList(order.Follows)
		c.Order = &order
	}
	c.Reason = m.all.Replace(c.Reason)
	c.Was, c.Becomes = m.facts(c.Before()), m.facts(c.After())
	if c.Precondition != nil {
		must := *c.Precondition
		must.Emergency = m.emergency(must.Emergency)
		if must.Name != nil {
			name := m.all.Replace(*must.Name)
			must.Name = &name
		}
		c.Precondition = &must
	}
	switch e := c.Effect.(type) {
	case *plan.NewLocation:
		l := *e
		l.Name = m.all.Replace(l.Name)
		if m.isHome(l.Address) {
			l.Address, l.Nearest = m.address(l.Address), nil
		}
		c.Effect = &l
	case *plan.AddLine:
		a := *e
		a.Emergency = m.target(a.Emergency)
		c.Effect = &a
	case *plan.UpdateDevice:
		u := *e
		u.Emergency = m.target(u.Emergency)
		if u.Name != nil {
			name := m.all.Replace(*u.Name)
			u.Name = &name
		}
		c.Effect = &u
	}
}

func (m *masker) facts(f *plan.Facts) *plan.Facts {
	if f == nil {
		return nil
	}
	out := *f
	out.Name = m.all.Replace(out.Name)
	out.Emergency = m.emergency(out.Emergency)
	return &out
}

func (m *masker) emergency(e *plan.Emergency) *plan.Emergency {
	if e == nil {
		return nil
	}
	out := *e
	out.LocationName = m.all.Replace(out.LocationName)
	if m.isHome(out.Address) {
		token := m.address(out.Address)
		out.Address = token
		if out.LocationName != "" {
			out.LocationName, out.Address = token.Street, plan.Address{}
		}
	}
	return &out
}

func (m *masker) target(t *plan.EmergencyTarget) *plan.EmergencyTarget {
	if t == nil {
		return nil
	}
	out := *t
	out.Place = m.address(out.Place)
	if t.Address != nil {
		a := m.address(*t.Address)
		out.Address = &a
	}
	if t.Location != nil {
		l := *t.Location
		l.Name, l.Change = m.all.Replace(l.Name), m.id(l.Change)
		out.Location = &l
	}
	return &out
}

// problems masks what is said about rows; of a row that states a home no word
// of its address is left, also not a short one.
func (m *masker) problems(p *plan.Plan, list []plan.Problem, byRow map[plan.Cell]*plan.RowResult) []plan.Problem {
	out := slices.Clone(list)
	for i := range out {
		q := &out[i]
		q.Value, q.Message = m.all.Replace(q.Value), m.all.Replace(q.Message)
		r := byRow[q.Cell.Whole()]
		if r == nil || !m.isHome(rowAddress(p, r)) {
			continue
		}
		token := m.tokens[rowAddress(p, r).PlaceKey()]
		if addressColumn(columnOf(p, r, q.Cell.Column()-1)) && q.Value != "" {
			q.Value = token
		}
		q.Message = withoutWords(q.Message, token, rowAddress(p, r))
	}
	return out
}
