package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// carryOut applies a plan to the model account, and says of each change what a
// run's journal would.
func carryOut(t testing.TB, s Snapshot, p *Plan) (Snapshot, map[string]Result) {
	t.Helper()
	m := &model{t: t, s: cloneSnapshot(s), made: map[string][]DeviceID{}, erls: map[string]LocationID{}, seq: modelSeq(&s)}
	results := map[string]Result{}
	for _, c := range inOrder(p.Changes) {
		m.change(c)
		r := Result{Done: true, Location: m.erls[c.ID]}
		switch {
		case c.Stock != nil:
			r.Devices = m.made[c.ID]
		case c.Add != nil:
			r.Device = m.made[c.ID][0]
			r.Number = firstNumber(dev(&m.s, r.Device))
		case c.Swap != nil:
			r.Device = m.id(c.Swap.Target)
		case c.Update != nil:
			r.Device = m.id(c.Update.Device)
		case c.Remove != nil:
			r.Device = c.Remove.Device
		case c.Unstock != nil:
			r.Device = m.id(c.Unstock.Device)
		}
		results[c.ID] = r
	}
	slices.SortFunc(m.s.Devices, func(a, b Device) int { return compareNumeric(a.ID, b.ID) })
	return m.s, results
}

// modelSeq keeps the ids of a second plan's devices apart from the first's.
func modelSeq(s *Snapshot) int { return 1000 * (len(s.Devices) + len(s.Numbers) + len(s.Locations)) }

func undo(t testing.TB, p *Plan, results map[string]Result, live Snapshot, o Options) *Plan {
	t.Helper()
	o.Now, o.Program = testTime, "test"
	u, err := Undo(p, "run-1", results, live, o)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// leftLines renders what is not undone.
func leftLines(p *Plan) string {
	var b strings.Builder
	for _, n := range p.NotUndone {
		what := ""
		if n.Emergency {
			what = "'s address"
		}
		fmt.Fprintf(&b, "left %s%s %s: %s\n", n.Kind, what, n.Extension, n.Reason)
	}
	return b.String()
}

type undoCase struct {
	name  string
	plain bool
	alter func(*Snapshot) // the account before the run
	rows  []string
	after func(*Snapshot, map[string]Result, *Plan) // what others did after the run
	opts  Options
	want  string
}

func runUndos(t *testing.T, cases []undoCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := testAccount(!c.plain)
			if c.alter != nil {
				c.alter(&s)
			}
			p := build(t, sheetOf(t, c.rows...), s)
			if len(p.Errors) > 0 {
				t.Fatalf("errors: %v", p.Errors)
			}
			live, results := carryOut(t, s, p)
			if c.after != nil {
				c.after(&live, results, p)
			}
			u := undo(t, p, results, live, c.opts)
			got := []string{}
			for _, line := range trimLines(u.String()) {
				if !strings.HasPrefix(line, "no_op") {
					got = append(got, line)
				}
			}
			got = append(got, trimLines(leftLines(u))...)
			if diff := cmp.Diff(append([]string{}, trimLines(c.want)...), got); diff != "" {
				t.Errorf("rows %q (-want +got):\n%s\nthe run:\n%s", c.rows, diff, p)
			}
			back, _ := carryOut(t, live, u)
			if again := undo(t, p, results, back, c.opts); len(again.Changes) > 0 {
				t.Errorf("a second undo is not empty:\n%s", again)
			}
		})
	}
}

func TestUndo(t *testing.T) {
	t.Parallel()
	runUndos(t, []undoCase{
		{
			name: "name and address go back in one call",
			rows: []string{"extension=101; new_name=Lobby; " + labText},
			want: `update 101 d1 name="Phone 1" erl=L1`,
		},
		{
			name: "an address alone", plain: true,
			rows: []string{"extension=101; " + labText},
			want: `update_emergency 101 d1 address="1 Main St, Oakland, CA 94607, US"`,
		},
		{
			name: "a name that somebody changed since stays, the address goes back",
			rows: []string{"extension=101; new_name=Lobby; " + labText},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) {
				dev(s, "d1").Name = "Hall"
			},
			want: `update_emergency 101 d1 erl=L1
				left update 101: phone d1 (Hall, +15550101) no longer has the name that the run gave it, Lobby`,
		},
		{
			name: "an address that somebody changed since stays, the name goes back",
			rows: []string{"extension=101; new_name=Lobby; " + labText},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) {
				dev(s, "d1").Emergency = Emergency{LocationID: "L9", LocationName: "Else", AddressStatus: "Valid"}
			},
			want: `update 101 d1 name="Phone 1"
				left update's address 101: phone d1 (Lobby, +15550101) no longer shows the emergency address that the run set, but Else`,
		},
		{
			name:  "an address that was refused is not set again",
			alter: func(s *Snapshot) { dev(s, "d1").Emergency.AddressStatus = "Invalid" },
			rows:  []string{"extension=101; " + labText},
			want:  "left update_emergency's address 101: its old emergency address was Invalid and is not set again",
		},
		{
			name:  "a plain address that was refused is not set again",
			plain: true,
			alter: func(s *Snapshot) { dev(s, "d1").Emergency.AddressStatus = "Deprovisioned" },
			rows:  []string{"extension=101; " + labText},
			want:  "left update_emergency's address 101: its old emergency address was Deprovisioned and is not set again",
		},
		{
			name:  "no address can't come back",
			alter: func(s *Snapshot) { dev(s, "d1").Emergency = Emergency{} },
			rows:  []string{"extension=101; " + labText},
			want:  "left update_emergency's address 101: it had no emergency address, and one can't be taken away",
		},
		{
			name:  "an ERL that can't be used any more",
			rows:  []string{"extension=101; " + labText},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) { s.Locations[0].UsageStatus = "Inactive" },
			want:  "left update_emergency's address 101: its old emergency response location HQ is Inactive and can't be assigned",
		},
		{
			name:  "an ERL that is gone",
			rows:  []string{"extension=101; " + labText},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) { s.Locations = s.Locations[1:] },
			want:  "left update_emergency's address 101: its old emergency response location HQ is not on the account any more",
		},
		{
			name: "a private location",
			alter: func(s *Snapshot) {
				dev(s, "d1").Emergency = Emergency{LocationID: "P1", LocationName: "Home", Visibility: "Private", AddressStatus: "Valid"}
			},
			rows: []string{"extension=101; action=update; " + labText},
			want: "left update_emergency's address 101: it had a private location of the user's, which only the user can set",
		},
		{
			name: "a new location stays",
			rows: []string{"extension=101; " + newText},
			want: `update_emergency 101 d1 erl=L1
				left create_location : the emergency response location stays: no call of this program deletes one`,
		},
		{
			name:  "a phone without name keeps the one that it got",
			alter: func(s *Snapshot) { dev(s, "d1").Name = "" },
			rows:  []string{"extension=101; new_name=Lobby"},
			want:  "left update 101: phone d1 (Lobby, +15550101) had no name, and a name can't be emptied",
		},
		{
			name: "the common phone flag",
			rows: []string{"extension=120; common_phone=yes"},
			want: "update 120 d20 common=false",
		},
	})
}

func TestUndoLines(t *testing.T) {
	t.Parallel()
	runUndos(t, []undoCase{
		{
			name: "an added line goes, its number stays",
			rows: []string{"extension=110; area_code=650; device_name=Desk; " + hqText},
			want: `remove 110 na20001 uncounted
				unstock na20001 uncounted needs[remove 110]`,
		},
		{
			name: "an added line goes with the number that was ordered",
			opts: Options{Guards: Guards{ReleaseNumbers: true}},
			rows: []string{"extension=110; area_code=650; " + hqText},
			want: `remove 110 na20001 and give up its number uncounted
				number given up +199900020002`,
		},
		{
			name: "a number that came from the inventory goes back there",
			opts: Options{Guards: Guards{ReleaseNumbers: true}},
			rows: []string{"extension=110; phone_number=+15550201; " + hqText},
			want: `remove 110 na20001 uncounted
				unstock na20001 uncounted needs[remove 110]`,
		},
	})
}

// What the run left comes back to what the run found, but for what the undo
// names; undoing twice does nothing the second time, and an undo can be undone.
func TestUndoProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sc := drawScene(r)
		rows, p := good(t, sc.rows, sc.s)
		after, results := carryOut(t, sc.s, p)
		o := Options{Guards: Guards{ReleaseNumbers: rapid.Bool().Draw(r, "release numbers")}}
		u := undo(t, p, results, after, o)
		back, undone := carryOut(t, after, u)
		show := func() string {
			return fmt.Sprintf("rows:\n%s\nrun:\n%s\nundo:\n%s%s", strings.Join(rows, "\n"), p, u, leftLines(u))
		}
		if diff := accountsDiffer(sc.s, back, p, u); diff != "" {
			r.Fatalf("%s\nnot as before:\n%s", show(), diff)
		}
		if again := undo(t, p, results, back, o); len(again.Changes) > 0 {
			r.Fatalf("%s\nsecond undo:\n%s", show(), again)
		}
		redo := undo(t, u, undone, back, o)
		forth, _ := carryOut(t, back, redo)
		if diff := accountsDiffer(after, forth, u, redo); diff != "" {
			r.Fatalf("%s\nundo of the undo:\n%s%s\nnot as after the run:\n%s", show(), redo, leftLines(redo), diff)
		}
	})
}

// accountsDiffer compares an account before a run with that after its undo;
// extensions and devices of what the undo leaves are left out.
func accountsDiffer(before, back Snapshot, p, u *Plan) string {
	left, remade := map[string]bool{}, map[DeviceID]bool{}
	byID := map[string]*Change{}
	for i := range p.Changes {
		c := &p.Changes[i]
		byID[c.ID] = c
		if c.Remove != nil && !swappable(c.Before.Type) {
			remade[c.Remove.Device] = true
		}
	}
	for _, n := range u.NotUndone {
		c := byID[n.Change]
		left["x"+string(c.Extension)] = c.Extension != ""
		switch {
		case n.Kind == KindUnstock:
			remade[n.Device] = true
			continue
		case n.Emergency:
			left["p"+string(c.Extension)] = true
			continue
		case c.Update != nil:
			left["n"+string(n.Device)] = true
			continue
		}
		left["d"+string(n.Device)] = n.Device != ""
		if c.Swap != nil {
			left["x"+string(c.Swap.TargetOn)] = c.Swap.TargetOn != ""
			left["d"+string(c.Swap.Target.ID)] = c.Swap.Target.ID != ""
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
