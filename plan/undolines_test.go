package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
