package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyOrder draws an order of a plan's changes that their dependencies allow.
func anyOrder(r *rapid.T, p *Plan) []*Change {
	listed := make([]Change, len(p.Changes))
	for i, at := range rapid.Permutation(indexes(len(listed))).Draw(r, "order of changes") {
		listed[i] = p.Changes[at]
	}
	return inOrder(listed)
}

// What the run left comes back to what the run found, but for what the undo
// names; undoing twice does nothing the second time, and an undo can be undone.
func TestUndoProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		withNumbers(&sc.s)
		rows, p := good(t, sc.rows, sc.s)
		n := len(p.Changes)
		if rapid.Bool().Draw(r, "in part") {
			n = rapid.IntRange(0, n).Draw(r, "changes")
		}
		after, results := carryThese(t, sc.s, anyOrder(r, p)[:n])
		o := Options{Guards: Guards{ReleaseNumbers: rapid.Bool().Draw(r, "release numbers")}}
		u := undo(t, p, results, after, o)
		if wrong := wrongPhones(u, after); wrong != "" {
			r.Fatalf("rows:\n%s\nrun, the first %d changes:\n%s\nundo:\n%s\n%s", strings.Join(rows, "\n"), n, p, u, wrong)
		}
		back, undone := carryThese(t, after, anyOrder(r, u))
		show := func() string {
			return fmt.Sprintf("rows:\n%s\nrun, the first %d changes:\n%s\nundo:\n%s%s", strings.Join(rows, "\n"), n, p, u, leftLines(u))
		}
		if diff := accountsDiffer(sc.s, back, p, u); diff != "" {
			r.Fatalf("%s\nnot as before:\n%s", show(), diff)
		}
		for _, left := range u.NotUndone { // nobody interfered: what moved or was added always goes back
			if left.Kind == KindAdd || left.Kind == KindStock || left.Kind == KindSwap && !strings.Contains(left.Reason, "was deleted by the run") {
				r.Fatalf("%s\nwithout a cause: %+v", show(), left)
			}
		}
		if again := undo(t, p, results, back, o); len(again.Changes) > 0 {
			r.Fatalf("%s\nsecond undo:\n%s", show(), again)
		}
		redo := undo(t, u, undone, back, o)
		forth, _ := carryThese(t, back, anyOrder(r, redo))
		if diff := accountsDiffer(after, forth, u, redo); diff != "" {
			r.Fatalf("%s\nundo of the undo:\n%s%s\nnot as after the run:\n%s", show(), redo, leftLines(redo), diff)
		}
	})
}

// wrongPhones says which rows of an undo name a phone that is not on the row's
// extension as the undo finds it, or with another address status than it has
// there, or that another row names too.
func wrongPhones(u *Plan, live Snapshot) string {
	var b strings.Builder
	named := map[DeviceID]bool{}
	for i := range u.Rows {
		row := &u.Rows[i]
		claimed := row.Claimed()
		if claimed.Device == "" || row.ExtensionNumber() == "" { // a row of the inventory has no line
			continue
		}
		d := dev(&live, claimed.Device)
		e := slices.IndexFunc(live.Extensions, func(e Extension) bool { return e.ID == d.Extension })
		switch {
		case e < 0 || live.Extensions[e].Number != row.ExtensionNumber():
			fmt.Fprintf(&b, "row %d names %s, which is on %q and not on extension %s\n", i, d.ID, d.Extension, row.ExtensionNumber())
		case claimed.Emergency == "" && d.Emergency.AddressStatus != "":
			fmt.Fprintf(&b, "row %d does not say that the address of %s is %s\n", i, d.ID, d.Emergency.AddressStatus)
		case named[d.ID]:
			fmt.Fprintf(&b, "row %d names %s, as another row does\n", i, d.ID)
		}
		named[d.ID] = true
	}
	return b.String()
}

// accountsDiffer compares an account before a run with that after its undo;
// extensions and devices of what the undo leaves are left out.
func accountsDiffer(before, back Snapshot, p, u *Plan) string {
	left, remade := map[string]bool{}, map[DeviceID]bool{}
	byID := map[string]*Change{}
	for i := range p.Changes {
		c := &p.Changes[i]
		byID[c.ID] = c
		if c.Remove() != nil && !swappable(c.Before().Type) {
			remade[c.Remove().Device] = true
		}
	}
	for _, n := range u.NotUndone {
		c := byID[n.Change]
		left["x"+string(c.ExtensionID())] = c.ExtensionID() != ""
		switch {
		case n.Kind == KindUnstock:
			remade[n.Device] = true
			continue
		case n.Emergency:
			left["p"+string(c.ExtensionID())] = true
			continue
		case c.Update() != nil:
			left["n"+string(n.Device)] = true
			continue
		}
		left["d"+string(n.Device)] = n.Device != ""
		if c.Swap() != nil {
			left["x"+string(c.Swap().TargetOn)] = c.Swap().TargetOn != ""
			left["d"+string(c.Swap().Target.ID)] = c.Swap().Target.ID != ""
		}
	}
	lines := func(s *Snapshot) []string {
		var out []string
		for i := range s.Devices {
			d := &s.Devices[i]
			id, typ, serial := string(d.ID), d.Type, d.Serial
			if id[0] == 'n' || remade[d.ID] { // what a plan makes has another id
				id, typ, serial = "new", "", ""
			}
			if left["x"+string(d.Extension)] || left["d"+string(d.ID)] || id == "new" && d.Extension == "" {
				continue
			}
			place := string(d.Emergency.LocationID)
			if place == "" {
				place = d.Emergency.Address.Line()
			}
			name := d.Name
			if left["n"+string(d.ID)] {
				name = "?"
			}
			if left["p"+string(d.Extension)] {
				place = "?"
			}
			out = append(out, fmt.Sprintf("%s on %q %s %q serial %q common %t number %q at %s", id, d.Extension, typ, name, serial, d.CommonPhone, firstNumber(d), place))
		}
		slices.Sort(out)
		return out
	}
	return cmp.Diff(lines(&before), lines(&back))
}
