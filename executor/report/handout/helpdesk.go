package handout

import (
	"cmp"
	"slices"
	"strings"

	"provision/executor/report"
	"provision/executor/report/table"
	"provision/executor/report/wording"
	"provision/plan"
)

// helpdesk makes the helpdesk list: the lines that this run changed, or may
// have changed, by number.
func (m *maker) helpdesk() *table.Table {
	t := &table.Table{
		Title: "Helpdesk list",
		Notes: []string{
			"Number → person, for the lines that this run changed, or may have changed. People will call about these.",
			"\"perhaps\" stands before what is not known to have happened.",
		},
		Header: []string{"number", "person", "extension", "site", "what changed", "emergency address", "changed at (UTC)"},
	}
	type entry struct {
		number string
		cells  []string
	}
	var list []entry
	for _, it := range m.items() {
		what := m.changed(it)
		if what == "" {
			continue
		}
		number := cmp.Or(it.Number, it.NumberKept, it.NumberGivenUp)
		list = append(list, entry{number, []string{
			m.tokens.Number(number), m.tokens.Person(it.Person), m.tokens.Extension(it.Extension), m.tokens.Site(it.Site),
			what, confirmed(it), wording.Stamp(it.Ended),
		}})
	}
	slices.SortStableFunc(list, func(x, y entry) int { return strings.Compare(x.number, y.number) })
	part := table.Part{Name: "Changed lines"}
	for _, e := range list {
		part.Rows = append(part.Rows, e.cells)
	}
	t.Parts = []table.Part{part}
	return t
}

// changed says what happened to a line, in the words of who uses it.
func (m *maker) changed(it item) string {
	var done []string
	swaps, _ := it.moves()
	added := it.of(plan.KindAdd) != nil // its first phone is no other one
	for _, c := range it.changes {
		word := inWords(c)
		elsewhere := c.Swap() != nil && !slices.Contains(swaps, c) || c.Update() != nil && c.ExtensionNumber() != "" && c.ExtensionNumber() != it.Extension
		if word == "" || elsewhere || added && c.Swap() != nil {
			continue
		}
		switch s := it.status(c.ID); {
		case s == report.Applied || s.Unconfirmed():
		case s == report.Ambiguous || s == report.Pending && m.mayHaveLeft(c.ID):
			word = "perhaps: " + word
		default:
			continue
		}
		if !slices.Contains(done, word) {
			done = append(done, word)
		}
	}
	return strings.Join(done, ", ")
}

// mayHaveLeft reports whether a call for a change was begun and not settled.
func (m *maker) mayHaveLeft(id string) bool {
	_, open := m.State.Open[id]
	_, had := m.State.Outcomes[id]
	return open || had
}

func inWords(c *plan.Change) string {
	switch c.Kind {
	case plan.KindAdd:
		return "new line"
	case plan.KindSwap:
		return "other phone"
	case plan.KindRemove:
		if c.Remove() != nil && !c.Remove().KeepAssets {
			return "line removed, number given up"
		}
		return "line removed, number kept"
	case plan.KindUpdate:
		switch u := c.Update(); {
		case u == nil || u.Name == nil && u.CommonPhone == nil:
			return "phone updated"
		case u.Name == nil:
			return "common phone setting"
		}
		return "phone renamed"
	case plan.KindUpdateEmergency:
		return "emergency address"
	case plan.KindSetSerial:
		return "other hardware"
	case plan.KindCreateLocation, plan.KindStock, plan.KindUnstock:
	}
	return ""
}

// confirmed says whether help finds the phone; without an address in it.
func confirmed(it item) string {
	switch {
	case it.did(plan.KindRemove):
		return ""
	case it.Emergency == "Valid":
		return "confirmed"
	}
	return "NOT CONFIRMED"
}
