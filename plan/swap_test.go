package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// §4.2: swaps.
func TestSwap(t *testing.T) {
	t.Parallel()
	elsewhere := func(s *Snapshot) {
		dev(s, "d2").Emergency = Emergency{LocationID: "L2", LocationName: "Lab", Address: lab, AddressStatus: "Valid"}
	}
	runPlans(t, []planCase{
		{name: "with a phone of the inventory by id", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:s2"}, want: `
			swap 101 d1 <-> s2`},
		{name: "by serial on both sides", rows: []string{"action=swap; extension=101; serial=000000000001; replace_with=serial:aabbccddeeff"}, want: `
			swap 101 d1 <-> h1`},
		{name: "by name", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=name:spare"}, want: `
			swap 101 d1 <-> h1`},
		{name: "a name that several have", alter: func(s *Snapshot) { dev(s, "s1").Name = "Spare" }, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=name:Spare"}, want: `
			error t.csv!AA2 replacement_ambiguous`},
		{name: "inventory", rows: []string{"action=swap; extension=102; device_id=d2; replace_with=inventory", "action=swap; extension=101; device_id=d1; replace_with=inventory", "action=swap; extension=103; device_id=d3; replace_with=id:s1"}, want: `
			swap 101 d1 <-> s2
			swap 102 d2 <-> s3
			swap 103 d3 <-> s1`},
		{name: "inventory of another site", alter: func(s *Snapshot) { dev(s, "s3").Site = "7" }, rows: []string{"action=swap; extension=102; device_id=d2; replace_with=inventory@RN", "action=swap; extension=101; device_id=d1; replace_with=inventory@Nowhere"}, want: `
			swap 102 d2 <-> s3
			error t.csv!AA3 site_unknown`},
		{name: "inventory of the extension's site is empty", alter: func(s *Snapshot) { dev(s, "d1").Extension = "1023" }, rows: []string{"action=swap; extension=123; device_id=d1; replace_with=inventory"}, want: `
			error t.csv!AA2 inventory_empty`},
		{name: "inventory of the same type", alter: func(s *Snapshot) { dev(s, "d1").Type = TypeHardPhone }, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=inventory"}, want: `
			error t.csv!AA2 inventory_empty`},
		{name: "new", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=new", "action=swap; extension=102; device_id=d2; replace_with=new; new_name=B"}, want: `
			stock main-site x2
			swap 101 d1 <-> <stock main-site#0> needs[stock main-site]
			swap 102 d2 <-> <stock main-site#1> needs[stock main-site]
			update 102 <stock main-site#1> name="B" needs[swap 102]`},
		{name: "source without key", rows: []string{"action=swap; extension=101; replace_with=new", "action=swap; extension=102; phone_number=+15550102; replace_with=new", "action=swap; extension=103; device_id=d3"}, want: `
			error t.csv!A2 swap_needs_source
			error t.csv!A3 swap_needs_source
			error t.csv!A4 swap_needs_replacement`},
		{name: "two that trade places are one change", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d1"}, want: `
			swap 101 d1 <-> d2 of 1002`},
		{name: "ext: names the source of another row", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=ext:102", "action=swap; extension=102; device_id=d2; replace_with=ext:101"}, want: `
			swap 101 d1 <-> d2 of 1002`},
		{name: "a partner that no row covers", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=103; device_id=d3; replace_with=ext:104"}, want: `
			error t.csv!AA2 partner_missing
			error t.csv!AA3 partner_missing`},
		{name: "a partner in error", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:nothing", "action=swap; extension=103; device_id=d3; replace_with=id:d1"}, want: `
			error t.csv!AA2 partner_in_error
			error t.csv!AA3 replacement_unknown
			error t.csv!AA4 partner_in_error`},
		{name: "a ring of four and one of two: four calls", rows: []string{
			"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d3", "action=swap; extension=103; device_id=d3; replace_with=id:d4", "action=swap; extension=104; device_id=d4; replace_with=id:d1",
			"action=swap; extension=105; device_id=d5; replace_with=id:d6", "action=swap; extension=106; device_id=d6; replace_with=id:d5"}, want: `
			swap 101 d1 <-> d2 of 1002
			swap 102 d1 <-> d3 of 1003 needs[swap 101]
			swap 103 d1 <-> d4 of 1004 needs[swap 102]
			swap 105 d5 <-> d6 of 1006
			unmanaged 106 d7`},
		{name: "a ring half done", alter: func(s *Snapshot) {
			a, z := dev(s, "d1"), dev(s, "d2")
			a.Extension, z.Extension = z.Extension, a.Extension
			a.Lines, z.Lines = z.Lines, a.Lines
		}, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d3", "action=swap; extension=103; device_id=d3; replace_with=id:d1"}, want: `
			swap 102 d1 <-> d3 of 1003
			no_op 2 (replacement already on 101) is as the row says`},
		{name: "a chain into the inventory", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d3", "action=swap; extension=103; device_id=d3; replace_with=inventory"}, want: `
			swap 101 d1 <-> d2 needs[swap 102]
			swap 102 d2 <-> d3 needs[swap 103]
			swap 103 d3 <-> s1`},
		{name: "a phone wanted twice", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:s1", "action=swap; extension=102; device_id=d2; replace_with=id:s1", "action=unstock; device_id=s2", "action=swap; extension=103; device_id=d3; replace_with=id:s2"}, want: `
			swap 103 d3 <-> s2 tainted
			error t.csv!AA2 replacement_wanted_twice
			error t.csv!AA3 replacement_wanted_twice
			error t.csv!4 replacement_wanted_twice`},
		{name: "already there", rows: []string{"action=swap; extension=101; device_id=d9; replace_with=id:d1", "action=swap; extension=102; device_id=s1; replace_with=inventory", "action=swap; extension=103; device_id=s2; replace_with=new; emergency_location=Lab"}, want: `
			update_emergency 103 d3 erl=L2
			no_op 2 (replacement already on 101) is as the row says
			no_op 3 (source has left 102) the source is unassigned in the inventory`},
		{name: "two sources have left one phone: the row that states what it shows has it", alter: func(s *Snapshot) {
			a, z := dev(s, "d1"), dev(s, "s1")
			a.Extension, z.Extension = z.Extension, a.Extension
			a.Lines, z.Lines = z.Lines, a.Lines
			z.Emergency = a.Emergency
			z.Emergency.LocationID = "L2"
		}, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=inventory; emergency_location=Lab", "action=swap; extension=101; serial=aabbccddeeff; replace_with=inventory"}, want: `
			no_op 2 (source has left 101) the source is unassigned in the inventory
			no_op 3 (source has left 101) the source is unassigned in the inventory`},
		{name: "source gone and no rotation", rows: []string{"action=swap; extension=101; device_id=d2; replace_with=id:s1", "action=swap; extension=102; device_id=d9; replace_with=inventory", "action=swap; extension=103; serial=0123456789ab; replace_with=id:s2"}, want: `
			error t.csv!F2 device_elsewhere
			error t.csv!F3 device_not_found
			error t.csv!H4 device_not_found`},
		{name: "what can't be swapped", alter: func(s *Snapshot) { dev(s, "d1").Type = TypeWebRTC }, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:s1", "action=swap; extension=102; device_id=d2; replace_with=id:d1"}, want: `
			error t.csv!F2 not_swappable
			error t.csv!AA3 not_swappable`},
		{name: "both on one extension", rows: []string{"action=swap; extension=106; device_id=d6; replace_with=id:d7"}, want: `
			error t.csv!AA2 both_on_extension`},
		{name: "different places", alter: elsewhere, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2", "action=swap; extension=102; device_id=d2; replace_with=id:d1; emergency_location=keep"}, want: `
			swap 101 d1 <-> d2 of 1002 tainted
			error t.csv!AA2 swap_between_places`},
		{name: "different places that the rows state", alter: elsewhere, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2; emergency_location=Lab", "action=swap; extension=102; device_id=d2; replace_with=id:d1; emergency_location=HQ; new_name=X"}, want: `
			swap 101 d1 <-> d2 of 1002
			update_emergency 101 d2 erl=L2 on d1|d2 after[swap 101]
			update 102 d1 name="X" erl=L1 on d2|d1 after[swap 101]`},
		{name: "an empty action with replace_with and a source", rows: []string{"extension=101; device_id=d1; replace_with=id:s1; common_phone=no"}, want: `
			swap 101 d1 <-> s1`},
		{name: "the line of a shared phone, by the serial of the one that came", alter: func(s *Snapshot) { dev(s, "d1").Lines[0].Type = "BlaPrimary" }, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=serial:aabbccddeeff"}, want: `
			swap 101 d1 <-> h1`},
		{name: "what comes onto a line is removed by another row", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:s1", "action=remove; extension=102; device_id=s1"}, want: `
			swap 101 d1 <-> s1 tainted
			error t.csv!3 replacement_wanted_twice`},
		{name: "a removal without key beside a phone that comes from the inventory", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=inventory", "action=remove; extension=101"}, want: `
			swap 101 d1 <-> s1 tainted
			error t.csv!B3 phone_unclear`},
		{name: "the same where it means one of several phones, by their type", alter: func(s *Snapshot) {
			s.Devices = append(s.Devices, Device{ID: "d30", Type: TypeHardPhone, Extension: "1006", Name: "Hard", Site: MainSite})
		}, rows: []string{"action=swap; extension=106; device_id=d6; replace_with=inventory", "action=remove; extension=106; device_type=OtherPhone"}, want: `
			swap 106 d6 <-> s1 tainted
			error t.csv!B3 phone_unclear`},
		{name: "a row without key beside it, for a line of another number", alter: func(s *Snapshot) { dev(s, "d7").Emergency.LocationID = "L2" }, rows: []string{
			"action=swap; extension=106; device_id=d6; replace_with=inventory", "extension=106; phone_number_id=nx; new_name=Desk"}, want: `
			swap 106 d6 <-> s1 tainted
			error t.csv!O3 phone_unclear`},
		{name: "a row without key beside it, for the line that is left", rows: []string{
			"action=swap; extension=106; device_id=d6; replace_with=inventory", "extension=106; phone_number_id=nd7; new_name=Desk"}, want: `
			swap 106 d6 <-> s1
			update 106 d7 name="Desk"`},
		{name: "what comes is of another type than the row says", rows: []string{"action=swap; extension=101; device_id=d1; device_type=OtherPhone; replace_with=id:h1"}, want: `
			error t.csv!N2 device_type_mismatch`},
		{name: "what comes by another extension is of another type", alter: func(s *Snapshot) { dev(s, "d2").Type = TypeHardPhone }, rows: []string{
			"action=swap; extension=101; device_id=d1; device_type=OtherPhone; replace_with=ext:102", "action=swap; extension=102; device_id=d2; replace_with=ext:101"}, want: `
			error t.csv!N2 device_type_mismatch
			error t.csv!AA3 partner_in_error`},
		{name: "what comes is to be left alone", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:s1", "action=ignore; extension=101; device_id=s1"}, want: `
			error t.csv!AA2 device_ignored`},
		{name: "a new name that another phone has, where the old one was to find it", rows: []string{"action=swap; extension=106; device_id=d6; replace_with=name:Spare; new_name=Phone 7"}, want: `
			error t.csv!J2 name_not_unique
			unmanaged 106 d7`},
		{name: "a half-done rotation whose source nobody knows, and what comes gets a new name", alter: func(s *Snapshot) { dev(s, "d2").Extension, dev(s, "d3").Extension = "1003", "1002" }, rows: []string{
			"action=swap; extension=103; device_id=d3; replace_with=new; emergency_location=HQ", "action=swap; extension=102; device_id=zz; replace_with=name:Spare; new_name=Desk"}, want: `
			error t.csv!F3 device_not_found
			no_op 2 (source has left 103) the source is on extension 102`},
		{name: "a half-done rotation whose source nobody knows", alter: func(s *Snapshot) { dev(s, "d2").Extension, dev(s, "d3").Extension = "1003", "1002" }, rows: []string{
			"action=swap; extension=103; device_id=d3; replace_with=new; emergency_location=HQ", "action=swap; extension=102; device_id=zz; replace_with=name:Spare; new_name=spare"}, want: `
			swap 102 d3 <-> h1
			update 102 h1 name="spare" needs[swap 102]
			no_op 2 (source has left 103) the source is on extension 102`},
		{name: "a name that another row gives to another phone", rows: []string{
			"action=swap; extension=101; device_id=d1; replace_with=name:Spare", "extension=103; new_name=spare"}, want: `
			update 103 d3 name="spare"
			error t.csv!AA2 name_not_unique`},
		{name: "a new name that the phone beside an added line has", rows: []string{"action=add; extension=105; phone_number=+15550201; device_name=D; emergency_location=HQ; replace_with=name:Spare; new_name=Phone 5"}, want: `
			error t.csv!J2 name_not_unique`},
		{name: "by a name that the row changes", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=name:Spare; new_name=Desk"}, want: `
			swap 101 d1 <-> h1
			update 101 h1 name="Desk" needs[swap 101]`},
		{name: "replace_with where it does not belong", rows: []string{"action=update; extension=101; device_id=d1; replace_with=id:s1", "action=remove; extension=102; replace_with=new", "action=add; extension=110; area_code=650; emergency_location=HQ; replace_with=new", "extension=103; emergency_location=keep"}, want: `
			error t.csv!AA2 replace_with_not_here
			error t.csv!AA3 replace_with_not_here
			error t.csv!AA4 replace_with_new_on_add
			error t.csv!S5 keep_needs_swap`},
	})
}

// replace_with on an add: line, swap, unstock of the placeholder.
func TestAddWithReplacement(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "inventory", rows: []string{"action=add; extension=110; area_code=650; emergency_location=HQ; device_name=Desk; replace_with=inventory"}, want: `
			add 110 OtherPhone area=650 erl=L1
			swap 110 <add 110> <-> s1 needs[add 110]
			update 110 s1 name="Desk" needs[swap 110] needs[add 110]
			unstock <add 110> uncounted needs[swap 110]`},
		{name: "by id, with an empty action", rows: []string{"extension=110; area_code=650; emergency_location=HQ; replace_with=id:h1"}, want: `
			add 110 OtherPhone area=650 erl=L1
			swap 110 <add 110> <-> h1 needs[add 110]
			unstock <add 110> uncounted needs[swap 110]`},
		{name: "only the add was made", alter: func(s *Snapshot) { dev(s, "d1").Serial = "" }, rows: []string{"action=add; extension=101; area_code=650; emergency_location=HQ; replace_with=id:h1"}, want: `
			swap 101 d1 <-> h1
			unstock d1 uncounted needs[swap 101]`},
		{name: "only the add was made, inventory is met", alter: func(s *Snapshot) { dev(s, "d1").Serial = "" }, rows: []string{"action=add; extension=101; area_code=650; emergency_location=HQ; replace_with=inventory"}, want: `
			no_op 2 (only phone on 101) is as the row says`},
		{name: "only the unstock is missing", alter: func(s *Snapshot) { dev(s, "h1").Extension = "1010"; dev(s, "h1").Emergency = dev(s, "d1").Emergency }, rows: []string{"action=add; extension=110; area_code=650; emergency_location=HQ; replace_with=id:h1"}, want: `
			no_op 2 (only phone on 110) is as the row says`},
		{name: "only the add was made, and a swap knows the placeholder as its source", alter: func(s *Snapshot) { dev(s, "d1").Serial = "" }, rows: []string{
			"action=add; extension=101; area_code=650; emergency_location=HQ; replace_with=id:h1", "action=swap; extension=102; device_id=d1; replace_with=inventory"}, want: `
			error t.csv!AA2 source_of_swap
			no_op 3 (source has left 102) the source is on extension 101`},
		{name: "no placeholder", rows: []string{"action=add; extension=101; area_code=650; emergency_location=HQ; replace_with=id:h1"}, want: `
			error t.csv!AA2 replacement_not_met`},
		{name: "takes the phone of another person", rows: []string{"action=add; extension=110; area_code=650; emergency_location=HQ; replace_with=ext:101", "action=swap; extension=101; device_id=d1; replace_with=inventory"}, want: `
			add 110 OtherPhone area=650 erl=L1
			swap 101 d1 <-> s1
			swap 110 <add 110> <-> d1 needs[add 110] needs[swap 101]
			unstock <add 110> uncounted needs[swap 110]`},
		{name: "takes the phone that no row gives up", rows: []string{"action=add; extension=110; area_code=650; emergency_location=HQ; replace_with=id:d1"}, want: `
			error t.csv!AA2 partner_missing`},
		{name: "customer name and plain address", plain: true, rows: []string{"action=add; extension=110; area_code=650; " + labText + "; customer_name=ACME; device_name=Desk; replace_with=id:s1"}, want: `
			add 110 OtherPhone area=650 address="9 elm ave, RENO, NV 89501, US"
			swap 110 <add 110> <-> s1 needs[add 110]
			update 110 s1 name="Desk" address="9 elm ave, RENO, NV 89501, US" customer="ACME" on <add 110>|s1 needs[add 110] after[swap 110]
			unstock <add 110> uncounted needs[swap 110]`},
	})
}

// What is wrong with a swap is said at once, not in plan after plan.
func TestSwapErrorsAtOnce(t *testing.T) {
	t.Parallel()
	elsewhere := func(s *Snapshot) {
		dev(s, "d2").Emergency = Emergency{LocationID: "L2", LocationName: "Lab", Address: lab, AddressStatus: "Valid"}
	}
	twoPhones := func(s *Snapshot) { dev(s, "d3").Extension = "1002" }
	const (
		noSource = " swap_needs_source: a swap names its source, the phone that is on the line now, by device_id or serial"
		between  = " swap_between_places: phone "
		say      = ": say in emergency_location where the phone will be; keep means that it is carried to the person's place"
		d1, d2   = "d1 (Phone 1, +15550101)", "d2 (Phone 2, +15550102)"
		atHQ     = "1 Main St, Oakland, CA 94607, US"
		atLab    = "9 Elm Ave, Reno, NV 89501, US"
	)
	for _, c := range []struct {
		name  string
		alter func(*Snapshot)
		rows  []string
		want  []string
	}{
		{name: "no source, no partner, other places", alter: elsewhere, rows: []string{"action=swap; extension=101; replace_with=ext:102"}, want: []string{
			"t.csv!A2" + noSource + ": write device_id d1",
			"t.csv!AA2 partner_missing: no row swaps the phone of extension 102; the missing row: extension=\"102\" action=swap device_id=d2 replace_with=id:d1 emergency_location=...",
			"t.csv!AA2" + between + d2 + " is at " + atLab + ", the line of 101 at " + atHQ + say,
		}},
		{name: "a source, no partner, other places", alter: elsewhere, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=ext:102"}, want: []string{
			"t.csv!AA2 partner_missing: no row swaps the phone of extension 102; the missing row: extension=\"102\" action=swap device_id=d2 replace_with=id:d1 emergency_location=...",
			"t.csv!AA2" + between + d2 + " is at " + atLab + ", the line of 101 at " + atHQ + say,
		}},
		{name: "the phone named, no source, no partner, other places", alter: elsewhere, rows: []string{"action=swap; extension=101; replace_with=id:d2"}, want: []string{
			"t.csv!A2" + noSource + ": write device_id d1",
			"t.csv!AA2 partner_missing: phone " + d2 + " is on extension 102, and no row says which phone that gets instead; the missing row: extension=\"102\" action=swap device_id=d2 replace_with=id:d1 emergency_location=...",
			"t.csv!AA2" + between + d2 + " is at " + atLab + ", the line of 101 at " + atHQ + say,
		}},
		{name: "the phone named, a source, no partner, other places", alter: elsewhere, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2"}, want: []string{
			"t.csv!AA2 partner_missing: phone " + d2 + " is on extension 102, and no row says which phone that gets instead; the missing row: extension=\"102\" action=swap device_id=d2 replace_with=id:d1 emergency_location=...",
			"t.csv!AA2" + between + d2 + " is at " + atLab + ", the line of 101 at " + atHQ + say,
		}},
		{name: "two rows without source", alter: elsewhere, rows: []string{"action=swap; extension=101; replace_with=ext:102", "action=swap; extension=102; replace_with=ext:101; emergency_location=keep"}, want: []string{
			"t.csv!A2" + noSource + ": write device_id d1",
			"t.csv!AA2" + between + d2 + " is at " + atLab + ", the line of 101 at " + atHQ + say,
			"t.csv!A3" + noSource + ": write device_id d2",
		}},
		{name: "several phones can be the source, and the one that comes", alter: twoPhones, rows: []string{"action=swap; extension=102; replace_with=id:s1", "action=swap; extension=101; device_id=d1; replace_with=ext:106"}, want: []string{
			"t.csv!A2" + noSource + "; 102 has " + d2 + "; d3 (Phone 3, +15550103)",
			"t.csv!AA3 partner_missing: no row swaps the phone of extension 106; the missing row: extension=\"106\" action=swap device_id=... replace_with=id:d1",
		}},
		{name: "the source by its number", alter: twoPhones, rows: []string{"action=swap; extension=102; phone_number=+15550103; replace_with=id:s1"}, want: []string{
			"t.csv!A2" + noSource + ": write device_id d3",
		}},
		{name: "the phone that shall come is there already", rows: []string{"action=swap; extension=101; replace_with=id:d1"}, want: []string{
			"t.csv!A2" + noSource + "; 101 has " + d1 + ", which is what replace_with names",
		}},
		{name: "what comes is not known either", rows: []string{"action=swap; extension=101; replace_with=id:nothing", "action=swap; extension=999; replace_with=new"}, want: []string{
			"t.csv!A2" + noSource + ": write device_id d1",
			"t.csv!AA2 replacement_unknown: no phone matches id:nothing",
			"t.csv!A3" + noSource,
			"t.csv!B3 extension_unknown: extension 999 is not on the account",
		}},
		{name: "a partner without phone", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=ext:110"}, want: []string{
			"t.csv!AA2 partner_missing: extension 110 has no phone that could be swapped",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := testAccount(true)
			if c.alter != nil {
				c.alter(&s)
			}
			p, err := Build(sheetOf(t, c.rows...), s, Options{Now: testTime, Program: "test"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range p.Errors {
				got = append(got, e.Cell.String()+" "+e.Code+": "+e.Message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
