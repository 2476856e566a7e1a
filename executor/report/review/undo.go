package review

import (
	"provision/executor/report/wording"
	"provision/plan"
)

// Undo is what a plan says that takes a run back.
type Undo struct {
	Run  string
	Back []AddressBack
	Not  []NotUndone
	// Source is Not as the plan has it.
	Source []plan.NotUndone
}

// AddressBack is an emergency address that goes back, also one that is one
// call with a name.
type AddressBack struct{ Extension, Person, Device, From, To, Cell string }

// NotUndone is what stays as the run left it.
type NotUndone struct{ Extension, Person, What, Device, Why string }

func (m *maker) undo() {
	if m.p.UndoOf == "" {
		return
	}
	u := &Undo{Run: wording.Clean(m.p.UndoOf), Source: m.p.NotUndone}
	for i := range m.p.Changes {
		c := &m.p.Changes[i]
		if c.Update() == nil || c.Update().Emergency == nil || c.Before() == nil {
			continue
		}
		u.Back = append(u.Back, AddressBack{
			wording.Clean(c.ExtensionNumber()), wording.Clean(c.Person()), wording.Clean(m.names.Ref(c.Update().Device)),
			wording.Clean(PresentAddress(c.Before())), wording.Clean(Target(c.Update().Emergency)), m.cellOf(c),
		})
	}
	for _, n := range m.p.NotUndone {
		what := n.Kind.String()
		if n.Emergency {
			what = "emergency address"
		}
		u.Not = append(u.Not, NotUndone{
			wording.Clean(n.Extension), wording.Clean(n.Person), wording.Clean(what), wording.Clean(string(n.Device)), wording.Clean(n.Reason),
		})
	}
	m.r.Undo = u
}
