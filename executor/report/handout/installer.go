package handout

import (
	"cmp"
	"slices"
	"strings"

	"provision/executor/report"
	"provision/executor/report/table"
	"provision/plan"
)

// visit is one phone that somebody has to go to.
type visit struct {
	site, floor string // in clear, for the order
	cells       []string
	extension   string
}

// installer makes the installer sheet: a part for each site, in it by floor.
func (m *maker) installer() *table.Table {
	t := &table.Table{
		Title: "Installer sheet",
		Notes: []string{
			"Per site and floor: the phone that is there, the phone that comes, and what to do. Tick the last column when it is done.",
			"A row that says NOT YET is not ready: leave that phone as it is.",
		},
		Header: []string{
			"site", "floor", "person", "extension", "number", "old MAC or serial", "old model", "new MAC or serial", "new model", "what to do", "row", "done",
		},
	}
	var visits []visit
	for _, it := range m.items() {
		if v, ok := m.visit(it); ok {
			visits = append(visits, v)
		}
	}
	slices.SortStableFunc(visits, func(x, y visit) int {
		return cmp.Or(strings.Compare(x.site, y.site), natural(x.floor, y.floor), natural(x.extension, y.extension))
	})
	for i, v := range visits {
		if i == 0 || visits[i-1].site != v.site {
			t.Parts = append(t.Parts, table.Part{Name: cmp.Or(m.tokens.Site(v.site), "no site")})
		}
		p := &t.Parts[len(t.Parts)-1]
		p.Rows = append(p.Rows, v.cells)
	}
	return t
}

// natural compares numbers by value, and before names.
func natural(x, y string) int {
	return cmp.Or(cmp.Compare(len(strings.TrimLeft(digits(x), "0")), len(strings.TrimLeft(digits(y), "0"))), strings.Compare(x, y))
}

func digits(s string) string {
	n := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if n < 0 {
		return s
	}
	return s[:n]
}

// hands are the kinds of change that somebody has to lay hands on a phone for.
func hands() []plan.Kind {
	return []plan.Kind{plan.KindAdd, plan.KindSwap, plan.KindRemove, plan.KindSetSerial}
}

// visit makes the row of a line, if anybody has to go there.
func (m *maker) visit(it item) (visit, bool) {
	if !slices.ContainsFunc(hands(), func(k plan.Kind) bool { return it.of(k) != nil }) {
		return visit{}, false
	}
	old, fresh := m.before(it), m.coming(it)
	if it.of(plan.KindAdd) != nil {
		old = nil
	}
	v := visit{site: it.Site, floor: m.floor(it), extension: it.Extension}
	number := cmp.Or(it.Number, it.NumberKept, it.NumberGivenUp)
	cells := []string{m.tokens.Site(it.Site), v.floor, m.tokens.Person(it.Person), m.tokens.Extension(it.Extension), m.tokens.Number(number)}
	for _, f := range []*plan.Phone{old, fresh} {
		if f == nil {
			f = &plan.Phone{}
		}
		cells = append(cells, m.tokens.Serial(f.Serial), f.Model)
	}
	cells = append(cells, m.todo(it, fresh), m.source(it), "☐")
	v.cells = cells
	return v, true
}

// floor is the floor that the line's address names: the new one where the run
// sets one. Nothing else of an address is on an installer sheet.
func (m *maker) floor(it item) string {
	for _, c := range it.changes {
		switch {
		case c.Add() != nil && c.Add().Emergency != nil:
			return c.Add().Emergency.Place.Floor()
		case c.Update() != nil && c.Update().Emergency != nil:
			return c.Update().Emergency.Place.Floor()
		}
	}
	if f := m.before(it); f != nil && f.Emergency != nil {
		return f.Emergency.Address.Floor()
	}
	return ""
}

// coming is the phone that shall be on the line: nil, if none.
func (m *maker) coming(it item) *plan.Phone {
	if it.of(plan.KindRemove) != nil {
		return nil
	}
	var f plan.Phone
	if old := m.before(it); old != nil {
		f = *old
	}
	if it.of(plan.KindSwap) != nil {
		f = plan.Phone{}
		if p := m.Plan.PhoneOf(m.arrives(it)); p != nil {
			f = *p
		}
	}
	if c := it.of(plan.KindSetSerial); c != nil {
		f.Serial = cmp.Or(c.SetSerial().Serial, f.Serial)
		if c.SetSerial().Model != "" {
			f.Model = m.model(c.SetSerial().Model)
		}
	}
	return &f
}

// arrives is the phone that the line's swaps leave there.
func (m *maker) arrives(it item) plan.DeviceID {
	holds := plan.DeviceID("")
	if it.row != nil {
		holds = it.row.Claimed().Device
	}
	for _, c := range it.changes {
		if c.Swap() == nil {
			continue
		}
		if c.ExtensionNumber() == it.Extension {
			holds = c.Swap().Target.ID
		} else {
			holds = c.Swap().Source.ID
		}
	}
	return holds
}

// model is a model's name where a phone of the plan tells it, else its id.
func (m *maker) model(id plan.ModelID) string {
	for _, c := range m.Plan.Changes {
		if c.SetSerial() == nil || c.Before == nil || c.Before.More().Model != id {
			continue
		}
		if f := m.Plan.PhoneOf(c.Before.Device); f != nil && f.Model != "" {
			return f.Model
		}
	}
	return string(id)
}

// todo says what to do, and what not to do yet.
func (m *maker) todo(it item, fresh *plan.Phone) string {
	what := m.task(it, fresh)
	for _, k := range hands() {
		c := it.of(k)
		if c == nil {
			continue
		}
		switch s := it.status(c.ID); {
		case s == report.Ambiguous:
			return "NOT YET: ask first, it is not known whether the account has changed"
		case !s.Good() && !s.Unconfirmed():
			return "NOT YET (" + string(s) + "): leave the phone as it is"
		}
	}
	if it.Status == report.AddressInvalid || it.Status == report.AddressDiffers || it.Status == report.AddressPending {
		what += "; its emergency address is NOT CONFIRMED, tell the helpdesk before the phone is handed over"
	}
	return what
}

func (m *maker) task(it item, fresh *plan.Phone) string {
	known := fresh != nil && fresh.Serial != ""
	swap := it.of(plan.KindSwap)
	switch {
	case it.of(plan.KindRemove) != nil:
		return "collect the phone: its line is gone"
	case swap != nil && swap.Swap() != nil && swap.Swap().TargetOn != "":
		return "exchange the phone: the new one comes from another extension" + m.from(it)
	case swap != nil && known:
		return "exchange the phone for the one of this serial"
	case swap != nil:
		return "exchange the phone; the new one gets the SIP settings of this line"
	case it.of(plan.KindAdd) != nil && known:
		return "set up the new phone of this serial"
	case it.of(plan.KindAdd) != nil:
		return "set up a new phone with the SIP settings of this line"
	case it.of(plan.KindSetSerial) != nil:
		return "connect the phone of the new serial"
	}
	return ""
}

// from names the extension that the phone is on before it comes here.
func (m *maker) from(it item) string {
	f := m.Plan.PhoneOf(m.arrives(it))
	if f == nil || f.Extension == "" {
		return ""
	}
	return ", " + m.tokens.Extension(f.Extension)
}
