package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// carryOut applies a plan to the model account, and says of each change what a
// run's journal would.
func carryOut(t testing.TB, s Snapshot, p *Plan) (Snapshot, map[string]Result) {
	t.Helper()
	return carryThese(t, s, inOrder(p.Changes))
}

// anyOrder draws an order of a plan's changes that their dependencies allow.
func anyOrder(r *rapid.T, p *Plan) []*Change {
	listed := make([]Change, len(p.Changes))
	for i, at := range rapid.Permutation(indexes(len(listed))).Draw(r, "order of changes") {
		listed[i] = p.Changes[at]
	}
	return inOrder(listed)
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

func TestUndoLines(t *testing.T) {
	t.Parallel()
	runUndos(t, []undoCase{
		{
			name: "an added line goes, its number stays",
			rows: []string{"extension=110; area_code=650; device_name=Desk; " + hqText},
			want: `remove 110 na1 uncounted
				unstock na1 uncounted needs[remove 110]`,
		},
		{
			name: "an added line goes with the number that was ordered",
			opts: Options{Guards: Guards{ReleaseNumbers: true}},
			rows: []string{"extension=110; area_code=650; " + hqText},
			want: `remove 110 na1 and give up its number uncounted
				number given up +19990002`,
		},
		{
			name: "a number that came from the inventory goes back there",
			opts: Options{Guards: Guards{ReleaseNumbers: true}},
			rows: []string{"extension=110; phone_number=+15550201; " + hqText},
			want: `remove 110 na1 uncounted
				unstock na1 uncounted needs[remove 110]`,
		},
		{
			name: "a line that somebody removed since is left alone, its slot goes",
			rows: []string{"extension=110; area_code=650; " + hqText},
			after: func(s *Snapshot, results map[string]Result, _ *Plan) {
				for _, r := range results {
					d := dev(s, r.Device)
					d.Extension, d.Lines = "", nil
				}
			},
			want: `unstock na1 uncounted`,
		},
		{
			name: "a line whose number is another by now stays",
			rows: []string{"extension=110; area_code=650; " + hqText},
			after: func(s *Snapshot, results map[string]Result, _ *Plan) {
				for _, r := range results {
					dev(s, r.Device).Lines[0].Number = "+15559999"
				}
			},
			want: `left add 110: phone na1 (+15559999) no longer has the number +19990002`,
		},
		{
			name: "a removed line comes back in three calls",
			rows: []string{"action=remove; extension=101"},
			want: `add 101 OtherPhone number_id=nd1 number=+15550101 erl=L1
				swap 101 <add 101> <-> d1 needs[add 101]
				unstock <add 101> uncounted needs[swap 101]`,
		},
		{
			name:  "a removed common phone gets its flag back",
			alter: func(s *Snapshot) { dev(s, "d20").CommonPhone = true },
			rows:  []string{"action=remove; extension=120"},
			want: `add 120 OtherPhone number_id=nd20 number=+15550120 erl=L1
				swap 120 <add 120> <-> d20 needs[add 120]
				update 120 d20 common=true needs[add 120] needs[swap 120]
				unstock <add 120> uncounted needs[swap 120]`,
		},
		{
			name: "customer name of a removed line", plain: true,
			alter: func(s *Snapshot) { dev(s, "d1").Emergency.Address.CustomerName = "ACME" },
			rows:  []string{"action=remove; extension=101"},
			want: `add 101 OtherPhone number_id=nd1 number=+15550101 address="1 Main St, Oakland, CA 94607, US"
				swap 101 <add 101> <-> d1 needs[add 101]
				update_emergency 101 d1 address="1 Main St, Oakland, CA 94607, US" customer="ACME" needs[add 101] needs[swap 101]
				unstock <add 101> uncounted needs[swap 101]`,
		},
		{
			name: "keep_assets=number: the number only",
			rows: []string{"action=remove; extension=101; keep_assets=number"},
			want: `add 101 OtherPhone number_id=nd1 number=+15550101 erl=L1
				update 101 <add 101> name="Phone 1" needs[add 101]
				left unstock : a deleted device can't be brought back: a new slot would be another device`,
		},
		{
			name:  "a removed WebRTC phone",
			alter: func(s *Snapshot) { dev(s, "d1").Type = TypeWebRTC },
			rows:  []string{"action=remove; extension=101"},
			want: `add 101 WebRTC number_id=nd1 number=+15550101 erl=L1
				update 101 <add 101> name="Phone 1" needs[add 101]`,
		},
		{
			name: "keep_assets=no can't be undone",
			rows: []string{"action=remove; extension=101; keep_assets=no"},
			want: `left remove 101: number and device were given up for good`,
		},
		{
			name:  "a removed line whose address was refused",
			alter: func(s *Snapshot) { dev(s, "d1").Emergency.AddressStatus = "Invalid" },
			rows:  []string{"action=remove; extension=101"},
			want:  `left remove 101: its old emergency address was Invalid and is not set again`,
		},
		{
			name: "a removed line whose number is in use by now",
			rows: []string{"action=remove; extension=101"},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) {
				dev(s, "d2").Lines[0].Number = "+15550101"
			},
			want: `left remove 101: number +15550101 is held by device d2 (Phone 2, +15550101) on extension 102 now`,
		},
		{
			name:  "a removed line whose number left the account",
			rows:  []string{"action=remove; extension=101"},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) { s.Numbers = nil },
			want:  `left remove 101: number +15550101 is not on the account any more`,
		},
		{
			name:  "a removed phone that is on another extension by now",
			rows:  []string{"action=remove; extension=101"},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) { dev(s, "d1").Extension = "1010" },
			want:  `left remove 101: phone d1 (Phone 1, 000000000001) is on extension 110 now`,
		},
		{
			name: "a removed phone of several lines",
			alter: func(s *Snapshot) {
				d := dev(s, "d1")
				d.Lines = append(d.Lines, Line{ID: "l", Number: "+15550199", NumberID: "n99"})
			},
			rows: []string{"action=remove; extension=101; device_id=d1"},
			want: `left remove 101: the phone had several lines, was shared or a hot-desk phone: such a phone can't be made again`,
		},
		{
			name:  "the extension was disabled since",
			rows:  []string{"action=remove; extension=101"},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) { s.Extensions[0].Status = "Disabled" },
			want:  `left remove 101: extension 101 is Disabled now`,
		},
		{
			name: "slots that nobody took are deleted",
			rows: []string{"action=stock; site=main-site; quantity=5"},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) {
				for i := range s.Devices {
					if d := &s.Devices[i]; strings.HasPrefix(string(d.ID), "ns") {
						d.Extension = "1010"
						return
					}
				}
			},
			want: `unstock ns2 uncounted
				left stock : phone ns1 is on extension 110 now`,
		},
		{
			name: "a deleted device stays deleted",
			rows: []string{"action=unstock; device_id=s1"},
			want: `left unstock : a deleted device can't be brought back: a new slot would be another device`,
		},
		{
			name: "two removed lines of one extension come back one after the other",
			rows: []string{"action=remove; extension=106; device_id=d6", "action=remove; extension=106; device_id=d7"},
			want: `add 106 OtherPhone number_id=nd7 number=+15550107 erl=L1 beside <add 106> after[add 106]
				add 106 OtherPhone number_id=nd6 number=+15550106 erl=L1
				swap 106 <add 106> <-> d7 needs[add 106] after[add 106]
				swap 106 <add 106> <-> d6 needs[add 106] after[add 106]
				unstock <add 106> uncounted needs[swap 106]
				unstock <add 106> uncounted needs[swap 106]`,
		},
	})
}

func TestUndoSwaps(t *testing.T) {
	t.Parallel()
	ring := []string{
		"action=swap; extension=101; device_id=d1; replace_with=ext:102",
		"action=swap; extension=102; device_id=d2; replace_with=ext:103",
		"action=swap; extension=103; device_id=d3; replace_with=ext:101",
	}
	runUndos(t, []undoCase{
		{
			name: "a ring goes back in two calls",
			rows: ring,
			want: `swap 101 d2 <-> d1 of 1003
				swap 103 d2 <-> d3 of 1002 needs[swap 101]`,
		},
		{
			name: "a ring of which one phone was moved since stays",
			rows: ring,
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) {
				d := dev(s, "d1")
				d.Extension = "1010"
			},
			want: `left swap 101: phone d1 (Phone 1, +15550103) is on extension 110 now
				left swap 102: phone d1 (Phone 1, +15550103) is on extension 110 now`,
		},
		{
			name:  "a ring that was left half done goes back in one call",
			rows:  ring,
			after: halfDone,
			want:  `swap 101 d2 <-> d1 of 1002`,
		},
		{
			name: "a chain goes back from the inventory's end",
			rows: []string{
				"action=swap; extension=101; device_id=d1; replace_with=ext:102",
				"action=swap; extension=102; device_id=d2; replace_with=ext:103",
				"action=swap; extension=103; device_id=d3; replace_with=inventory",
			},
			want: `swap 101 d2 <-> d1
				swap 102 d3 <-> d2 needs[swap 101]
				swap 103 s1 <-> d3 needs[swap 102]`,
		},
		{
			name: "where the swap stays, so does the address",
			rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:h1; " + labText},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) {
				dev(s, "d1").Extension = "1010"
			},
			want: `left swap 101: phone d1 (Phone 1, 000000000001) is on extension 110 now
				left update_emergency's address 101: the phones that the run swapped stay, and so does their address`,
		},
		{
			name: "a phone of the inventory goes back there",
			rows: []string{"action=swap; extension=101; device_id=d1; replace_with=inventory"},
			want: `swap 101 s1 <-> d1`,
		},
		{
			name: "a stocked slot is deleted again",
			rows: []string{"action=swap; extension=101; device_id=d1; replace_with=new"},
			want: `swap 101 ns1 <-> d1
				unstock ns1 uncounted needs[swap 101]`,
		},
		{
			name: "the old phone is in use elsewhere by now",
			rows: []string{"action=swap; extension=101; device_id=d1; replace_with=new"},
			after: func(s *Snapshot, _ map[string]Result, _ *Plan) {
				dev(s, "d1").Extension = "1010"
			},
			want: `left stock : device ns1 stays on its line
				left swap 101: phone d1 (Phone 1, 000000000001) is on extension 110 now`,
		},
		{
			name: "the address goes back after the swap, on whoever carries the line",
			rows: []string{
				"action=swap; extension=101; device_id=d1; replace_with=ext:102; " + labText,
				"action=swap; extension=102; device_id=d2; replace_with=ext:101; new_name=Two; emergency_location=keep",
			},
			want: `swap 101 d2 <-> d1 of 1002 after[update 102]
				update_emergency 101 d1 erl=L1 on d2|d1 after[swap 101]
				update 102 d1 name="Phone 1"`,
		},
		{
			name: "a chain into an added line comes apart from its end",
			rows: []string{
				"action=add; extension=110; area_code=650; replace_with=ext:101; " + hqText,
				"action=swap; extension=101; device_id=d1; replace_with=inventory",
			},
			want: `swap 101 s1 <-> d1 needs[remove 110]
				remove 110 d1 uncounted`,
		},
		{
			name: "an added line that took a phone of the inventory gives it back",
			opts: Options{Guards: Guards{ReleaseNumbers: true}},
			rows: []string{"action=add; extension=110; area_code=650; replace_with=id:h1; device_name=Desk; " + hqText},
			want: `update 110 h1 name="Spare"
				remove 110 h1 uncounted after[update 110]`,
		},
		{
			name:  "whether a swap was made is not known",
			rows:  []string{"action=swap; extension=101; device_id=d1; replace_with=id:h1"},
			after: unknownKind(KindSwap),
			want:  `left swap 101: whether the run made it could not be told: look at the account`,
		},
	})
}

// Where the account's device list can't be read, the extensions' own lists and
// the devices asked for one by one are enough.
func TestUndoWithoutAccountList(t *testing.T) {
	t.Parallel()
	s := testAccount(true)
	withNumbers(&s)
	p := build(t, sheetOf(t, "action=remove; extension=101", "extension=110; area_code=650; "+hqText, "action=swap; extension=102; device_id=d2; replace_with=id:h1"), s)
	live, results := carryOut(t, s, p)
	needs := UndoNeeds(p, results)
	if diff := cmp.Diff(Needs{Extensions: []string{"101", "102", "110"}, Numbers: true, Locations: true, UnassignedDevices: []DeviceID{"d1", "d2", "h1", "na1"}}, needs); diff != "" {
		t.Errorf("needs (-want +got):\n%s", diff)
	}
	full := undo(t, p, results, live, Options{})
	live.DevicesComplete, live.Listed = false, []ExtensionID{"1001", "1002", "1010"}
	unread := undo(t, p, results, live, Options{})
	live.Asked = needs.UnassignedDevices
	live.Devices = slices.DeleteFunc(live.Devices, func(d Device) bool {
		return !slices.Contains(live.Listed, d.Extension) && !slices.Contains(live.Asked, d.ID)
	})
	asked := undo(t, p, results, live, Options{})
	if diff := cmp.Diff(full.String(), asked.String()); diff != "" {
		t.Errorf("with what it asked for it plans otherwise (-full +asked):\n%s", diff)
	}
	if len(unread.Notes) == len(full.Notes) {
		t.Error("nothing says that percentages count the phones of the named extensions only")
	}
	live.Devices = slices.DeleteFunc(live.Devices, func(d Device) bool { return d.Extension == "" })
	live.Asked = nil
	want := []string{"left swap 102: where device d2 is now could not be read", "left remove 101: where device d1 is now could not be read"}
	if diff := cmp.Diff(want, trimLines(leftLines(undo(t, p, results, live, Options{})))); diff != "" {
		t.Errorf("without its devices (-want +got):\n%s", diff)
	}
}

// unknownKind lets the run not know what became of its changes of a kind.
func unknownKind(k Kind) func(*Snapshot, map[string]Result, *Plan) {
	return func(_ *Snapshot, results map[string]Result, p *Plan) {
		for i := range p.Changes {
			if c := &p.Changes[i]; c.Kind == k {
				results[c.ID] = Result{Unknown: true}
			}
		}
	}
}

// halfDone takes the last swap of a ring back, as if the run had not made it.
func halfDone(s *Snapshot, results map[string]Result, p *Plan) {
	for _, c := range inOrder(p.Changes) {
		if c.Kind == KindSwap && len(c.DependsOn) > 0 {
			delete(results, c.ID)
			x, y := dev(s, c.Swap.Source.ID), dev(s, c.Swap.Target.ID)
			x.Extension, y.Extension = y.Extension, x.Extension
			x.Lines, y.Lines = y.Lines, x.Lines
			x.Emergency, y.Emergency = y.Emergency, x.Emergency
		}
	}
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
