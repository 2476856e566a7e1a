package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// carryOut applies a plan to the model account, and says of each change what a
// run's journal would.
func carryOut(t testing.TB, s Snapshot, p *Plan) (Snapshot, map[string]Result) {
	t.Helper()
	return carryThese(t, s, inOrder(p.Changes))
}

// carryThese carries out some of a plan's changes, in this order.
func carryThese(t testing.TB, s Snapshot, changes []*Change) (Snapshot, map[string]Result) {
	t.Helper()
	m := &model{t: t, s: cloneSnapshot(s), made: map[string][]DeviceID{}, erls: map[string]LocationID{}, seq: 1000 * int(s.TakenAt.Sub(testTime)/time.Minute)}
	m.s.TakenAt = s.TakenAt.Add(time.Minute) // no two plans make the same id
	results := map[string]Result{}
	for _, c := range changes {
		m.change(c)
		r := Result{Done: true, Location: m.erls[c.ID]}
		switch {
		case c.Stock() != nil:
			r.Devices = m.made[c.ID]
		case c.Add() != nil:
			r.Device = m.made[c.ID][0]
			r.Number = firstNumber(dev(&m.s, r.Device))
		case c.Swap() != nil:
			r.Device = m.id(c.Swap().Target)
		case c.Update() != nil:
			r.Device = m.id(c.Update().Device)
		case c.Remove() != nil:
			r.Device = c.Remove().Device
		case c.Unstock() != nil:
			r.Device = m.id(c.Unstock().Device)
		}
		results[c.ID] = r
	}
	slices.SortFunc(m.s.Devices, func(a, b Device) int { return CompareNumeric(a.ID, b.ID) })
	return m.s, results
}

// withNumbers lists the numbers of the account's lines among its numbers.
func withNumbers(s *Snapshot) {
	for i := range s.Devices {
		for _, l := range s.Devices[i].Lines {
			s.Numbers = append(s.Numbers, Number{ID: l.NumberID, Number: l.Number, Usage: "DirectNumber", Status: "Normal", Extension: s.Devices[i].Extension})
		}
	}
}

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
			withNumbers(&s)
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
