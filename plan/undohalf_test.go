package plan

import (
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// placesOf tells where each phone is.
func placesOf(s *Snapshot) map[DeviceID]ExtensionID {
	on := map[DeviceID]ExtensionID{}
	for _, d := range s.Devices {
		on[d.ID] = d.Extension
	}
	return on
}

// An undo whose swaps failed half way is finished by the next one, however
// often that is cut short too.
func TestUndoFinishesAHalfMadeUndo(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]string{
		"a ring of three": {
			"action=swap; extension=101; device_id=d1; replace_with=ext:102",
			"action=swap; extension=102; device_id=d2; replace_with=ext:103",
			"action=swap; extension=103; device_id=d3; replace_with=ext:101",
		},
		"a ring of five, crosswise": {
			"action=swap; extension=101; device_id=d1; replace_with=ext:103",
			"action=swap; extension=103; device_id=d3; replace_with=ext:105",
			"action=swap; extension=105; device_id=d5; replace_with=ext:102",
			"action=swap; extension=102; device_id=d2; replace_with=ext:104",
			"action=swap; extension=104; device_id=d4; replace_with=ext:101",
		},
		"a chain": {
			"action=swap; extension=101; device_id=d1; replace_with=ext:102",
			"action=swap; extension=102; device_id=d2; replace_with=ext:103",
			"action=swap; extension=103; device_id=d3; replace_with=inventory",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testAccount(true)
			withNumbers(&s)
			p := build(t, sheetOf(t, rows...), s)
			if len(p.Errors) > 0 {
				t.Fatalf("errors: %v", p.Errors)
			}
			after, results := carryOut(t, s, p)
			// Each undo makes as many of its swaps as step says, and fails then.
			for step := 1; step < len(rows); step++ {
				live, undos := after, 0
				for {
					u := undo(t, p, results, live, Options{})
					if len(u.Changes) == 0 {
						break
					}
					if undos++; undos > len(rows) {
						t.Fatalf("no end after %d undos: %s", undos, u)
					}
					changes := make([]*Change, 0, step)
					for _, c := range inOrder(u.Changes) {
						if len(changes) < step {
							changes = append(changes, c)
						}
					}
					live, _ = carryThese(t, live, changes)
				}
				u := undo(t, p, results, live, Options{})
				if diff := cmp.Diff(placesOf(&s), placesOf(&live)); diff != "" || len(u.NotUndone) > 0 {
					t.Errorf("%s a time (-before +now):\n%s%s", fmt.Sprint(step, " swaps"), diff, leftLines(u))
				}
			}
		})
	}
}

// Phones of a ring that someone put elsewhere among themselves are left alone.
func TestUndoLeavesARingThatSomeoneTurned(t *testing.T) {
	t.Parallel()
	s := testAccount(true)
	withNumbers(&s)
	p := build(t, sheetOf(t,
		"action=swap; extension=101; device_id=d1; replace_with=ext:102",
		"action=swap; extension=102; device_id=d2; replace_with=ext:103",
		"action=swap; extension=103; device_id=d3; replace_with=ext:104",
		"action=swap; extension=104; device_id=d4; replace_with=ext:101",
	), s)
	live, results := carryOut(t, s, p)
	d2, d4 := dev(&live, "d2"), dev(&live, "d4")
	d2.Extension, d4.Extension = d4.Extension, d2.Extension
	before := maps.Clone(placesOf(&live))
	if u := undo(t, p, results, live, Options{}); len(u.Changes) > 0 || len(u.NotUndone) == 0 {
		t.Errorf("phones are at %v, planned is %s", before, u)
	}
}
