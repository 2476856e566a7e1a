package plan

import (
	"strings"
	"testing"
)

// What rows say of people.
func TestPerson(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "by e-mail", rows: []string{"email=U1@example.com; new_name=X", "email=nobody@example.com", "new_name=Y"}, want: `
			update 101 d1 name="X"
			error t.csv!C3 email_unknown
			error t.csv!4 extension_missing`},
		{name: "an e-mail that two have", alter: func(s *Snapshot) { s.Extensions[1].Email = "u1@example.com" }, rows: []string{"email=u1@example.com", "extension=101; email=u1@example.com"}, want: `
			error t.csv!C2 email_ambiguous
			no_op 3 (only phone on 101) is as the row says`},
		{name: "assertions", rows: []string{"extension=101; email=u2@example.com", "extension=102; user_name=User 1", "extension=103; site=Reno", "extension=104; site=Nowhere", "extension=105; email=U5@EXAMPLE.com; user_name=user 5; site=main-site", "extension=123; site=RN; area_code=1"}, want: `
			error t.csv!C2 email_mismatch
			error t.csv!D3 user_name_mismatch
			error t.csv!E4 site_mismatch
			error t.csv!E5 site_unknown
			error t.csv!7 emergency_missing
			error t.csv!P7 area_code_unknown
			no_op 6 (only phone on 105) is as the row says`},
		{name: "type, status, number", rows: []string{"extension=121", "extension=122", "extension=0101"}, want: `
			error t.csv!B2 extension_type
			error t.csv!B3 extension_status
			error t.csv!B4 extension_unknown`},
		{name: "a lost zero", alter: func(s *Snapshot) { s.Extensions[0].Number = "0101" }, rows: []string{"extension=101; new_name=X", "extension=102; new_name=Y"}, want: `
			update 0101 d1 name="X"
			update 102 d2 name="Y"
			warning t.csv!B2 extension_restored`},
		{name: "a zero that may be lost", alter: func(s *Snapshot) { s.Extensions[0].Number, s.Extensions[1].Number = "0101", "101" }, rows: []string{"extension=101; new_name=X"}, want: `
			update 101 d2 name="X"`},
		{name: "zeros that nobody can tell", alter: func(s *Snapshot) { s.Extensions[0].Number, s.Extensions[1].Number = "0101", "00101" }, rows: []string{"extension=101; new_name=X"}, want: `
			error t.csv!B2 extension_ambiguous`},
	})
}

// Rows whose extension is not on the account yet, where they are left over.
func TestDeferred(t *testing.T) {
	t.Parallel()
	later := func(o *Options) { o.DeferMissing = true }
	runPlans(t, []planCase{
		{name: "by number and by e-mail", opts: later, rows: []string{"extension=999; area_code=650; emergency_location=HQ", "email=nobody@example.com", "extension=101; new_name=X"}, want: `
			update 101 d1 name="X"
			warning t.csv!B2 extension_deferred
			warning t.csv!C3 extension_deferred
			deferred 2
			deferred 3`},
		{name: "what is wrong anyway stays an error, as does naming nobody", opts: later, rows: []string{"extension=999; action=swap", "new_name=Y", "action=ignore; extension=998", "invalid=x; extension=997"}, want: `
			error t.csv!A2 swap_needs_replacement
			error t.csv!A2 swap_needs_source
			error t.csv!3 extension_missing`},
		{name: "a number that another row takes meanwhile", opts: later, rows: []string{"extension=999; phone_number=+15550201", "extension=110; phone_number=+15550201; emergency_location=HQ"}, want: `
			error t.csv!G2 number_on_two_extensions
			error t.csv!G3 number_on_two_extensions
			warning t.csv!B2 extension_deferred`},
		{name: "a free phone that it will take is left for it", opts: later, rows: []string{"extension=999; area_code=650; emergency_location=HQ; replace_with=id:s1", "action=swap; extension=101; device_id=d1; replace_with=inventory"}, want: `
			swap 101 d1 <-> s2
			warning t.csv!B2 extension_deferred
			deferred 2`},
		{name: "an exchange with it can't be planned", opts: later, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=ext:999"}, want: `
			error t.csv!AA2 extension_unknown`},
	})
}

// What an added line needs.
func TestAdd(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "where the number comes from", rows: []string{"extension=107; toll_type=TollFree; emergency_location=HQ", "extension=108; area_code=650; toll_type=Toll; emergency_location=HQ", "extension=109; phone_number_id=n1; emergency_location=HQ", "extension=110; emergency_location=HQ", "extension=120; device_id=d20", "extension=123; phone_number=+15550201; area_code=650; emergency_location=HQ"}, want: `
			add 107 OtherPhone toll=TollFree erl=L1
			add 108 OtherPhone area=650 toll=Toll erl=L1
			add 109 OtherPhone number_id=n1 number=+15550201 erl=L1 tainted
			error t.csv!5 number_missing
			error t.csv!7 number_twice
			no_op 6 (device_id) is as the row says`},
		{name: "numbers that can't be had", rows: []string{"extension=107; phone_number=+15550202; emergency_location=HQ", "extension=108; phone_number=+15550203; emergency_location=HQ", "extension=109; phone_number=+15550204; emergency_location=HQ", "extension=110; phone_number=+15550205; emergency_location=HQ", "extension=123; phone_number=+15550101; emergency_location=HQ"}, want: `
			error t.csv!G2 number_not_ready
			error t.csv!G3 number_held
			error t.csv!G4 number_held
			error t.csv!G5 number_held
			error t.csv!G6 number_held`},
		{name: "a number that is not on the account", rows: []string{"extension=110; phone_number=+15550999; emergency_location=HQ", "extension=109; phone_number_id=zz; emergency_location=HQ"}, want: `
			error t.csv!G2 number_unknown
			error t.csv!O3 number_unknown`},
		{name: "a number to be ordered", opts: func(o *Options) { o.OrderNumbers = true }, rows: []string{"extension=110; phone_number=+15550999; emergency_location=HQ"}, want: `
			add 110 OtherPhone number=+15550999 erl=L1`},
		{name: "a number that two rows ask for", rows: []string{"extension=109; phone_number=+15550201; emergency_location=HQ", "extension=110; phone_number_id=n1; emergency_location=HQ"}, want: `
			error t.csv!G2 number_wanted_twice
			error t.csv!O3 number_wanted_twice`},
		{name: "cost centers", rows: []string{"extension=108; area_code=650; cost_center=sales; emergency_location=HQ", "extension=109; area_code=650; cost_center=Dup; emergency_location=HQ", "extension=110; area_code=650; cost_center=None; emergency_location=HQ", "extension=101; cost_center=None"}, want: `
			add 108 OtherPhone area=650 cost=900 erl=L1
			error t.csv!R3 cost_center_ambiguous
			error t.csv!R4 cost_center_unknown
			no_op 5 (only phone on 101) is as the row says`},
		{name: "cost center by code and id", rows: []string{"extension=108; area_code=650; cost_center=s-1; emergency_location=HQ", "extension=109; area_code=650; cost_center=902; emergency_location=HQ"}, want: `
			add 108 OtherPhone area=650 cost=900 erl=L1
			add 109 OtherPhone area=650 cost=902 erl=L1`},
		{name: "a web phone", rows: []string{"extension=110; area_code=650; device_type=WebRTC; emergency_location=HQ; device_name=Web"}, want: `
			add 110 WebRTC area=650 erl=L1
			update 110 <add 110> name="Web" needs[add 110]`},
		{name: "common phone", rows: []string{"extension=120; device_id=d20; common_phone=yes; new_name=Hall; emergency_location=Lab", "extension=110; area_code=650; common_phone=yes; emergency_location=HQ", "extension=101; common_phone=no"}, want: `
			update 120 d20 name="Hall" common=true erl=L2
			error t.csv!AC3 common_phone_not_limited
			no_op 4 (only phone on 101) is as the row says`},
		{name: "common phone of an added line", alter: func(s *Snapshot) { dev(s, "d20").Extension = "" }, rows: []string{"extension=120; area_code=650; common_phone=yes; device_name=Hall; emergency_location=HQ"}, want: `
			add 120 OtherPhone area=650 erl=L1
			update 120 <add 120> name="Hall" common=true needs[add 120]`},
		{name: "serial and model", rows: []string{"extension=110; area_code=650; model=M1; emergency_location=HQ", "extension=101; device_id=d1; new_serial=0123456789ab", "extension=102; device_id=d2; new_serial=000000000002; new_model=M1", "extension=103; device_id=d3; new_serial=000000000003"}, want: `
			error t.csv!L2 unlisted_operation
			error t.csv!K3 unlisted_operation
			error t.csv!M4 unlisted_operation
			no_op 5 (device_id) is as the row says`},
		{name: "an area code that is none", rows: []string{"extension=110; area_code=0650; emergency_location=HQ"}, want: `
			error t.csv!P2 area_code_unknown`},
	})
}

// Removals, stock, and what guards look at.
func TestInventory(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "what a removal leaves", rows: []string{"action=remove; extension=101; device_id=d1", "action=remove; extension=102; keep_assets=number", "action=remove; extension=103; keep_assets=no", "action=remove; extension=106; device_name=Phone 7; keep_assets=yes"}, want: `
			remove 101 d1
			remove 102 d2
			remove 103 d3 and give up its number
			remove 106 d7
			unstock d2 uncounted needs[remove 102]
			unmanaged 106 d6
			left without phone 101
			left without phone 102
			left without phone 103
			number given up +15550103`},
		{name: "a removal that waits for the new phone", rows: []string{"action=remove; extension=101; device_id=d1", "action=add; extension=101; device_name=New; area_code=650; emergency_location=HQ"}, want: `
			add 101 OtherPhone area=650 erl=L1 beside d1
			update 101 <add 101> name="New" needs[add 101]
			remove 101 d1 needs[add 101]`},
		{name: "stock is a level", rows: []string{"action=stock; site=Main Site; quantity=3", "action=stock; site=Reno; quantity=2"}, want: `
			stock 7 x2
			no_op 2 (site) the site will have 3 free slots`},
		{name: "stock counts what the run leaves", alter: func(s *Snapshot) { dev(s, "d1").Serial, dev(s, "d4").Serial = "", "" }, rows: []string{
			"action=stock; site=main-site; quantity=5", "action=remove; extension=101; device_id=d1", "action=unstock; device_id=s3", "action=swap; extension=102; device_id=d2; replace_with=inventory", "action=swap; extension=103; device_id=d3; replace_with=new", "action=swap; extension=104; device_id=d4; replace_with=id:h1"}, want: `
			stock main-site x3
			swap 102 d2 <-> s1
			swap 103 d3 <-> <stock main-site#0> needs[stock main-site]
			swap 104 d4 <-> h1
			remove 101 d1
			unstock s3
			left without phone 101`},
		{name: "fifty slots a call", rows: []string{"action=stock; site=Reno; quantity=120"}, want: `
			stock 7 x50
			stock 7 x50
			stock 7 x20`},
		{name: "stock rows that lack something", rows: []string{"action=stock; quantity=1", "action=stock; site=Reno", "action=stock; site=Nowhere; quantity=1", "action=stock; site=RN; quantity=-1"}, want: `
			error t.csv!A2 stock_needs_site
			error t.csv!A3 stock_needs_quantity
			error t.csv!E4 site_unknown
			error t.csv!AD5 quantity_negative`},
		{name: "two levels for a site", rows: []string{"action=stock; site=RN; quantity=1", "action=stock; site=Reno; quantity=2"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "unstock of the source of a swap that was done", alter: func(s *Snapshot) { dev(s, "d1").Extension = "" }, rows: []string{"action=swap; extension=101; device_id=s1; replace_with=inventory", "action=unstock; device_id=s1"}, want: `
			error t.csv!3 source_of_swap
			no_op 2 (source has left 101) the source is unassigned in the inventory`},
		{name: "unstock without key", rows: []string{"action=unstock"}, want: `
			error t.csv!A2 unstock_needs_key`},
	})
}

// Rows in error taint what shares an object with them.
func TestTaint(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "extension", rows: []string{"extension=106; device_id=d6; new_name=X", "extension=106; device_id=zz", "extension=101; new_name=Y"}, want: `
			update 101 d1 name="Y"
			update 106 d6 name="X" tainted
			error t.csv!F3 device_id_unknown`},
		{name: "device", rows: []string{"invalid=x; action=swap; extension=102; device_id=d2; replace_with=id:d1", "extension=101; new_name=Y", "extension=103; new_name=Z"}, want: `
			update 101 d1 name="Y" tainted
			update 103 d3 name="Z"`},
		{name: "number", rows: []string{"extension=110; phone_number=+15550201; emergency_location=HQ", "invalid=x; extension=109; phone_number=+15550201"}, want: `
			add 110 OtherPhone number_id=n1 number=+15550201 erl=L1 tainted`},
		{name: "swap cycle, and all that its rows do", rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2; emergency_location=Nowhere", "action=swap; extension=102; device_id=d2; replace_with=id:d3; new_name=Y", "action=swap; extension=103; device_id=d3; replace_with=id:d1", "extension=104; new_name=Z"}, want: `
			swap 101 d1 <-> d2 of 1002 tainted
			swap 102 d1 <-> d3 of 1003 tainted needs[swap 101]
			update 102 d3 name="Y" tainted needs[swap 101] needs[swap 102]
			update 104 d4 name="Z"
			error t.csv!S2 location_unknown`},
		{name: "an add in error leaves its chain", rows: []string{"action=add; extension=110; replace_with=ext:101; emergency_location=HQ", "action=swap; extension=101; device_id=d1; replace_with=inventory; new_name=X"}, want: `
			swap 101 d1 <-> s1 tainted
			update 101 s1 name="X" tainted needs[swap 101]
			error t.csv!2 number_missing`},
		{name: "a new location only with all its rows", rows: []string{newText + "; extension=106; device_id=d6", "extension=106; device_id=zz", newText + "; extension=101", "extension=106; device_id=d7; address=7 Pine St||Salem|OR|97301|US"}, want: `
			create_location "7 Pine St, Salem" at 7 Pine St, Salem, OR 97301, US tainted
			create_location "5 Oak Rd, Suite 2, Salem" at 5 Oak Rd, Suite 2, Salem, OR 97301, US
			update_emergency 101 d1 erl=<create_location "5 Oak Rd, Suite 2, Salem"> needs[create_location "5 Oak Rd, Suite 2, Salem"]
			update_emergency 106 d7 erl=<create_location "7 Pine St, Salem"> tainted needs[create_location "7 Pine St, Salem"]
			update_emergency 106 d6 erl=<create_location "5 Oak Rd, Suite 2, Salem"> tainted needs[create_location "5 Oak Rd, Suite 2, Salem"]
			error t.csv!F3 device_id_unknown`},
	})
}

// TestColumnsOfNewLines: what only a new line can take is told where the line exists, once a sheet, and changes nothing.
func TestColumnsOfNewLines(t *testing.T) {
	t.Parallel()
	const note = "area_code and toll_type choose the number of a new line and are not compared on lines that exist"
	for cells, told := range map[string]int{
		"area_code=212": 1, "toll_type=Toll": 1, "area_code=212; toll_type=Toll": 1, "new_name=Desk": 0,
	} {
		p := buildWith(t, testAccount(true), Options{}, "extension=106; device_id=d6; "+cells, "extension=106; device_id=d7; "+cells)
		got := 0
		for _, n := range p.Notes {
			if strings.HasSuffix(n, ": "+note) {
				got++
			}
		}
		if got != told || len(p.Errors) > 0 || told > 0 && len(p.Changes) > 0 {
			t.Errorf("%s: %d notes, want %d\n%s", cells, got, told, p)
		}
	}
}
