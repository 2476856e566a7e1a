package plan

import (
	"testing"
)

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

// The rows of an undo name the phones that it finds on their lines, and not
// those that the run found there.
func TestUndoRowsNamePhonesOnLine(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		rows []string
		want []string // the phone of each row
	}{
		{"a swap of two", []string{"action=swap; extension=101; device_id=d1; replace_with=ext:102", "action=swap; extension=102; device_id=d2; replace_with=ext:101"}, []string{"d2", "d1"}},
		{"a ring", []string{
			"action=swap; extension=101; device_id=d1; replace_with=ext:102",
			"action=swap; extension=102; device_id=d2; replace_with=ext:103",
			"action=swap; extension=103; device_id=d3; replace_with=ext:101",
		}, []string{"d2", "d3", "d1"}},
		{"a phone of the inventory", []string{"action=swap; extension=101; device_id=d1; replace_with=id:h1"}, []string{"h1"}},
		{"a removed line has none", []string{"action=remove; extension=101; device_id=d1; keep_assets=yes"}, []string{""}},
		{"an added line has the one it got", []string{"action=add; extension=110; area_code=650; replace_with=id:h1; " + hqText}, []string{"h1"}},
		{"what stays", []string{"extension=101; new_name=Lobby"}, []string{"d1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := testAccount(true)
			withNumbers(&s)
			p := faultless(t, s, c.rows...)
			live, results := carryOut(t, s, p)
			u := undo(t, p, results, live, Options{})
			for i, want := range c.want {
				got := u.Rows[i].Claimed()
				if string(got.Device) != want {
					t.Errorf("row %d names phone %q, want %q:\n%s", i, got.Device, want, u)
				}
				status := ""
				if want != "" {
					status = dev(&live, DeviceID(want)).Emergency.AddressStatus
				}
				if got.Emergency != status {
					t.Errorf("row %d: its address is %q, want %q", i, got.Emergency, status)
				}
			}
		})
	}
}

// faultless plans rows that have no errors.
func faultless(t *testing.T, s Snapshot, rows ...string) *Plan {
	t.Helper()
	p := build(t, sheetOf(t, rows...), s)
	if len(p.Errors) > 0 {
		t.Fatalf("errors: %v", p.Errors)
	}
	return p
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
		if c.Kind == KindSwap && len(c.DependsOn()) > 0 {
			delete(results, c.ID)
			x, y := dev(s, c.Swap().Source.ID), dev(s, c.Swap().Target.ID)
			x.Extension, y.Extension = y.Extension, x.Extension
			x.Lines, y.Lines = y.Lines, x.Lines
			x.Emergency, y.Emergency = y.Emergency, x.Emergency
		}
	}
}
