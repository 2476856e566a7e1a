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
			"A phone of which no serial is known is told by its device id.",
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

// byod is the service's name for a phone that the customer brings.
const byod = "OtherPhone"

// hands are the line's changes that somebody has to lay hands on a phone for. A
// new line for a browser (WebRTC) has none.
func (it item) hands() []*plan.Change {
	swaps, _ := it.moves()
	var out []*plan.Change
	for _, c := range it.changes {
		switch c.Kind {
		case plan.KindAdd:
			if c.Add().DeviceType != "WebRTC" {
				out = append(out, c)
			}
		case plan.KindRemove, plan.KindSetSerial:
			out = append(out, c)
		case plan.KindSwap:
			if slices.Contains(swaps, c) {
				out = append(out, c)
			}
		case plan.KindCreateLocation, plan.KindStock, plan.KindUpdate, plan.KindUpdateEmergency, plan.KindUnstock:
		}
	}
	return out
}

// visit makes the row of a line, if anybody has to go there.
func (m *maker) visit(it item) (visit, bool) {
	hands := it.hands()
	if len(hands) == 0 {
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
		cells = append(cells, m.told(f)...)
	}
	cells = append(cells, m.todo(it, fresh, hands), m.source(it), "☐")
	v.cells = cells
	return v, true
}

// told tells a phone: its serial, by its device id where it has none, and its
// model. Its name is not told, as it may be a person's.
func (m *maker) told(f *plan.Phone) []string {
	switch {
	case f == nil:
		return []string{"", ""}
	case f.Serial == "" && f.Device != "" && f.Type == byod:
		return []string{"BYOD device " + string(f.Device), f.Model}
	case f.Serial == "" && f.Device != "":
		return []string{"device " + string(f.Device), f.Model}
	}
	return []string{m.tokens.Serial(f.Serial), f.Model}
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
	swaps, leave := it.moves()
	var f plan.Phone
	if p := m.Plan.PhoneOf(leave); p != nil {
		f = *p
	}
	if len(swaps) > 0 || it.of(plan.KindAdd) != nil {
		f.Device = cmp.Or(leave, plan.DeviceID(m.made(it)))
		f.Type = cmp.Or(f.Type, byod) // a new line's, but for what hands has left out, and a new slot's
	}
	if c := it.of(plan.KindSetSerial); c != nil {
		f.Serial = cmp.Or(c.SetSerial().Serial, f.Serial)
		if c.SetSerial().Model != "" {
			f.Model = m.model(c.SetSerial().Model)
		}
	}
	return &f
}

// made is the device that the run made for the line; empty as long as it has
// not.
func (m *maker) made(it item) string {
	for _, c := range it.hands() {
		if s := it.status(c.ID); s != report.Applied && s != report.NoOp && !s.Unconfirmed() {
			return ""
		}
	}
	return it.DeviceID
}

// model is a model's name where a phone of the plan tells it, else its id.
func (m *maker) model(id plan.ModelID) string {
	for _, c := range m.Plan.Changes {
		if c.SetSerial() == nil || c.Before() == nil || c.Before().More().Model != id {
			continue
		}
		if f := m.Plan.PhoneOf(c.Before().Device); f != nil && f.Model != "" {
			return f.Model
		}
	}
	return string(id)
}

// todo says what to do, and what not to do yet.
func (m *maker) todo(it item, fresh *plan.Phone, hands []*plan.Change) string {
	what := m.task(it, fresh)
	for _, c := range hands {
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
	if it.of(plan.KindRemove) != nil {
		return "collect the phone: its line is gone"
	}
	known := fresh != nil && fresh.Serial != ""
	swaps, _ := it.moves()
	from, moves := m.from(it)
	added := it.of(plan.KindAdd) != nil
	switch {
	case added && moves:
		return "set up the phone that comes from another extension" + from
	case added && known && len(swaps) > 0:
		return "set up the phone of this serial"
	case added && known:
		return "set up the new phone of this serial"
	case added && len(swaps) > 0:
		return "set up the phone of this device id with the SIP settings of this line"
	case added:
		return "set up a new phone with the SIP settings of this line"
	case moves:
		return "exchange the phone: the new one comes from another extension" + from
	case len(swaps) > 0 && known:
		return "exchange the phone for the one of this serial"
	case len(swaps) > 0:
		return "exchange the phone; the new one gets the SIP settings of this line"
	case it.of(plan.KindSetSerial) != nil:
		return "connect the phone of the new serial"
	}
	return ""
}

// from names the extension that the phone is on before it comes here; moves:
// it is on one, also where the plan does not say on which.
func (m *maker) from(it item) (name string, moves bool) {
	swaps, leave := it.moves()
	if len(swaps) == 0 {
		return "", false
	}
	if f := m.Plan.PhoneOf(leave); f != nil {
		if f.Extension == "" {
			return "", false
		}
		return ", " + m.tokens.Extension(f.Extension), true
	}
	return "", swaps[len(swaps)-1].Swap().TargetOn != ""
}
