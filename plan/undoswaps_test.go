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
