package plan

import "testing"

// Rule 1: keys by strength.
func TestMatchKeys(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "device_id finds it", rows: []string{"extension=101; device_id=d1; new_name=Desk"}, want: `
			update 101 d1 name="Desk"`},
		{name: "serial finds it", rows: []string{"extension=101; serial=000000000001; new_name=Desk"}, want: `
			update 101 d1 name="Desk"`},
		{name: "phone_number finds it", rows: []string{"extension=101; phone_number=+15550101; new_name=Desk"}, want: `
			update 101 d1 name="Desk"`},
		{name: "device_name finds it, without regard to case and spaces", rows: []string{"extension=106; device_name=phone  7; new_name=Desk"}, want: `
			update 106 d7 name="Desk"
			unmanaged 106 d6`},
		{name: "keys that agree", rows: []string{"extension=101; device_id=d1; serial=000000000001; phone_number=+15550101; device_name=Phone 1"}, want: `
			no_op 2 (device_id) is as the row says`},
		{name: "keys that disagree", rows: []string{"extension=106; device_id=d6; phone_number=+15550107"}, want: `
			error t.csv!G2 keys_disagree`},
		{name: "number of another line beside a device_id", rows: []string{"extension=106; device_id=d6; phone_number=+15550999"}, want: `
			error t.csv!G2 keys_disagree`},
		{name: "a weaker name that finds nothing is the new name", rows: []string{"extension=106; device_id=d6; device_name=Desk"}, want: `
			update 106 d6 name="Desk"
			unmanaged 106 d7`},
		{name: "a weaker serial that finds nothing would be written", rows: []string{"extension=106; device_id=d6; serial=0123456789ab"}, want: `
			error t.csv!H2 unlisted_operation
			unmanaged 106 d7`},
		{name: "new_name shown already", rows: []string{"extension=106; device_name=Was; new_name=Phone 7"}, want: `
			no_op 2 (new_name) is as the row says
			unmanaged 106 d6`},
		{name: "new_name shown by two", alter: func(s *Snapshot) { dev(s, "d6").Name = "Phone 7" }, rows: []string{"action=update; extension=106; device_name=Was; new_name=Phone 7"}, want: `
			error t.csv!I2 device_not_found`},
		{name: "new_serial shown already", rows: []string{"extension=106; serial=0000000000ff; new_serial=000000000006"}, want: `
			no_op 2 (new_serial) is as the row says
			unmanaged 106 d7`},
		{name: "a name that two phones have", alter: func(s *Snapshot) { dev(s, "d6").Name = "Phone 7" }, rows: []string{"extension=106; device_name=Phone 7; common_phone=no"}, want: `
			error t.csv!I2 device_name_ambiguous`},
		{name: "a name on another extension is not sought", rows: []string{"action=update; extension=101; device_name=Phone 2"}, want: `
			error t.csv!I2 device_not_found`},
		{name: "device type", rows: []string{"extension=101; device_id=d1; device_type=WebRTC"}, want: `
			error t.csv!N2 device_type_mismatch`},
		{name: "soft phones are left alone", alter: func(s *Snapshot) { dev(s, "d1").Type = "SoftPhone" }, rows: []string{"extension=101; device_id=d1", "extension=102; device_id=d2"}, want: `
			error t.csv!2 device_type_not_handled
			no_op 3 (device_id) is as the row says`},
		{name: "a soft phone is no phone of the extension", alter: func(s *Snapshot) { dev(s, "d7").Type = "SoftPhone" }, rows: []string{"extension=106; new_name=Desk"}, want: `
			update 106 d6 name="Desk"`},
	})
}

// Rule 2: a key that finds nothing.
func TestMatchNothingFound(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "remove by id", rows: []string{"action=remove; extension=101; device_id=x"}, want: `
			warning t.csv!2 already_gone
			no_op 2 (device_id) already gone
			unmanaged 101 d1`},
		{name: "remove by serial", rows: []string{"action=remove; extension=110; serial=0123456789ab"}, want: `
			no_op 2 (serial) already gone`},
		{name: "remove by name", rows: []string{"action=remove; extension=101; device_name=Was"}, want: `
			warning t.csv!2 already_gone
			no_op 2 (device_name) already gone
			unmanaged 101 d1`},
		{name: "unstock", rows: []string{"action=unstock; device_id=x", "action=unstock; serial=0123456789ab"}, want: `
			no_op 2 (device_id) already gone
			no_op 3 (serial) already gone`},
		{name: "update", rows: []string{"action=update; extension=101; device_name=Was", "action=update; extension=102; phone_number=+15550999", "action=update; extension=103; serial=0123456789ab"}, want: `
			error t.csv!I2 device_not_found
			error t.csv!G3 device_not_found
			error t.csv!H4 device_not_found`},
		{name: "device_id never falls through", rows: []string{"extension=110; device_id=x; area_code=650; emergency_location=HQ", "extension=101; device_id=x; device_name=Phone 1"}, want: `
			error t.csv!F2 device_id_unknown
			error t.csv!F3 device_id_unknown`},
		{name: "serial would be written", rows: []string{"extension=110; serial=0123456789ab; area_code=650; emergency_location=HQ"}, want: `
			error t.csv!H2 unlisted_operation`},
		{name: "number adds", rows: []string{"action=add; extension=101; phone_number=+15550201; emergency_location=HQ"}, want: `
			add 101 OtherPhone number_id=n1 number=+15550201 erl=L1 beside d1
			unmanaged 101 d1`},
		{name: "number on an empty action needs add", rows: []string{"extension=101; phone_number=+15550201; emergency_location=HQ"}, want: `
			error t.csv!G2 add_needs_action`},
		{name: "number never claims beside a name", rows: []string{"action=add; extension=101; phone_number=+15550201; device_name=Phone 1; emergency_location=HQ"}, want: `
			error t.csv!G2 keys_disagree`},
		{name: "name claims the only unnamed phone", alter: func(s *Snapshot) { dev(s, "d1").Name = "" }, rows: []string{"extension=101; device_name=Desk"}, want: `
			update 101 d1 name="Desk"`},
		{name: "the extension's name is no name", alter: func(s *Snapshot) { dev(s, "d1").Name = "user 1" }, rows: []string{"action=add; extension=101; device_name=Desk; emergency_location=Lab"}, want: `
			update 101 d1 name="Desk" erl=L2`},
		{name: "default names are no names", alter: func(s *Snapshot) { dev(s, "d1").Name = "New phone 12" }, opts: func(o *Options) { o.DefaultNames = `^New phone \d+$` }, rows: []string{"extension=101; device_name=Desk"}, want: `
			update 101 d1 name="Desk"`},
		{name: "name adds where the phone has a name", rows: []string{"action=add; extension=101; device_name=Desk; area_code=650; emergency_location=HQ"}, want: `
			add 101 OtherPhone area=650 erl=L1 beside d1
			update 101 <add 101> name="Desk" needs[add 101]
			unmanaged 101 d1`},
		{name: "name on an empty action needs add", rows: []string{"extension=101; device_name=Desk; area_code=650; emergency_location=HQ"}, want: `
			error t.csv!I2 add_needs_action`},
		{name: "two names and one unnamed phone", alter: func(s *Snapshot) { dev(s, "d1").Name = "" }, rows: []string{"action=add; extension=101; device_name=B; area_code=650; emergency_location=HQ", "action=add; extension=101; device_name=A; area_code=650; emergency_location=HQ"}, want: `
			add 101 OtherPhone area=650 erl=L1 beside d1
			update 101 d1 name="A"
			update 101 <add 101> name="B" needs[add 101]`},
		{name: "two names and two unnamed phones", alter: func(s *Snapshot) { dev(s, "d6").Name, dev(s, "d7").Name = "", "" }, rows: []string{"action=add; extension=106; device_name=B; area_code=650; emergency_location=HQ", "action=add; extension=106; device_name=A; area_code=650; emergency_location=HQ"}, want: `
			error t.csv!I2 unnamed_phones_unclear
			error t.csv!I3 unnamed_phones_unclear`},
	})
}

// Rules 3 to 5: rows without keys, adds, removals.
func TestMatchKeyless(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "only phone", rows: []string{"extension=101; emergency_location=Lab"}, want: `
			update_emergency 101 d1 erl=L2`},
		{name: "shows all, several do", rows: []string{"extension=106; emergency_location=HQ"}, want: `
			no_op 2 (shows all that the row states) is as the row says
			unmanaged 106 d7`},
		{name: "the one that shows all", rows: []string{"extension=106; new_name=Phone 7; emergency_location=HQ"}, want: `
			no_op 2 (shows all that the row states) is as the row says
			unmanaged 106 d6`},
		{name: "none shows all", rows: []string{"extension=106; emergency_location=Lab"}, want: `
			error t.csv!B2 phone_unclear`},
		{name: "the only one that no other row claims", rows: []string{"extension=106; emergency_location=Lab", "extension=106; device_id=d6"}, want: `
			update_emergency 106 d7 erl=L2
			no_op 3 (device_id) is as the row says`},
		{name: "one shows all, the other row gets the rest", rows: []string{"extension=106; emergency_location=Lab", "extension=106; emergency_location=HQ"}, alter: func(s *Snapshot) { dev(s, "d6").Emergency.AddressStatus = "Valid" }, want: `
			update_emergency 106 d7 erl=L2
			no_op 3 (shows all that the row states) is as the row says`},
		{name: "a number's id that the phone left over does not have", rows: []string{"extension=106; phone_number_id=n1; new_name=Phone 7; emergency_location=Lab", "extension=106; new_name=Phone 7"}, want: `
			error t.csv!O2 phone_unclear
			no_op 3 (shows all that the row states) is as the row says`},
		{name: "as many as possible show all", rows: []string{"extension=106", "extension=106; new_name=Phone 6"}, want: `
			no_op 2 (shows all that the row states) is as the row says
			no_op 3 (shows all that the row states) is as the row says`},
		{name: "two rows and one phone", rows: []string{"extension=101; emergency_location=Lab", "extension=101; new_name=X"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "two rows with the same key", rows: []string{"extension=101; device_id=d1; emergency_location=Lab", "extension=101; serial=000000000001; new_name=X"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "adds on an extension without phone", rows: []string{"extension=110; area_code=650; emergency_location=HQ"}, want: `
			add 110 OtherPhone area=650 erl=L1`},
		{name: "two keyless adds", rows: []string{"extension=110; area_code=650; emergency_location=HQ", "action=add; extension=110; area_code=415; emergency_location=HQ"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "two adds of one number", rows: []string{"action=add; extension=110; phone_number=+15550201; emergency_location=HQ", "extension=110; phone_number=+15550201; emergency_location=HQ"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "two adds of one name", rows: []string{"action=add; extension=110; device_name=A; area_code=650; emergency_location=HQ", "action=add; extension=110; device_name=a; area_code=650; emergency_location=HQ"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "two adds that keys tell apart", rows: []string{"action=add; extension=110; device_name=B; area_code=650; emergency_location=HQ", "action=add; extension=110; device_name=A; area_code=650; emergency_location=HQ", "action=add; extension=110; phone_number=+15550201; emergency_location=HQ"}, want: `
			add 110 OtherPhone area=650 erl=L1
			add 110 OtherPhone number_id=n1 number=+15550201 erl=L1 beside <add 110> beside <add 110> after[add 110]
			add 110 OtherPhone area=650 erl=L1 beside <add 110> after[add 110]
			update 110 <add 110> name="A" needs[add 110]
			update 110 <add 110> name="B" needs[add 110]`},
		{name: "a keyless add is met by the phone that is there", rows: []string{"action=add; extension=101; area_code=650; emergency_location=HQ"}, want: `
			no_op 2 (only phone on 101) is as the row says`},
		{name: "a keyless add whose phone differs", rows: []string{"action=add; extension=101; area_code=650; emergency_location=Lab"}, want: `
			error t.csv!A2 action_mismatch`},
		{name: "an add that was not finished", alter: func(s *Snapshot) { dev(s, "d1").Name = "" }, rows: []string{"action=add; extension=101; area_code=650; emergency_location=Lab; new_name=Desk"}, want: `
			update 101 d1 name="Desk" erl=L2`},
		{name: "update without phone", rows: []string{"action=update; extension=110; emergency_location=Lab"}, want: `
			error t.csv!B2 device_not_found`},
		{name: "remove the only phone", rows: []string{"action=remove; extension=101"}, want: `
			remove 101 d1
			left without phone 101`},
		{name: "remove where there is none", rows: []string{"action=remove; extension=110"}, want: `
			no_op 2 (no phone on 110) already gone`},
		{name: "remove where there are two", rows: []string{"action=remove; extension=106"}, want: `
			error t.csv!B2 phone_unclear`},
		{name: "remove and keep without keys", rows: []string{"action=remove; extension=101", "extension=101"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "remove without key beside an add", rows: []string{"action=remove; extension=101", "action=add; extension=101; phone_number=+15550201; emergency_location=HQ"}, want: `
			add 101 OtherPhone number_id=n1 number=+15550201 erl=L1 beside d1
			remove 101 d1 needs[add 101]`},
		{name: "types are told apart", alter: func(s *Snapshot) { dev(s, "d7").Type = "WebRTC" }, rows: []string{"extension=106; device_type=WebRTC; new_name=W", "extension=106; device_type=OtherPhone; new_name=O"}, want: `
			update 106 d7 name="W"
			update 106 d6 name="O"`},
		{name: "every phone is claimed", rows: []string{"extension=101; device_id=d1", "extension=101; area_code=650; emergency_location=HQ"}, want: `
			error t.csv!B3 add_needs_key
			no_op 2 (device_id) is as the row says`},
	})
}

// Rules 6 to 9: several lines, shared phones, phones elsewhere, unmanaged.
func TestMatchOthers(t *testing.T) {
	t.Parallel()
	twoLines := func(s *Snapshot) {
		dev(s, "d1").Lines = append(dev(s, "d1").Lines, Line{ID: "l1b", Type: "Standalone", Number: "+15550111"})
	}
	runPlans(t, []planCase{
		{name: "a row per line", alter: twoLines, rows: []string{"extension=101; phone_number=+15550101; new_name=X", "extension=101; phone_number=+15550111; emergency_location=Lab"}, want: `
			update 101 d1 name="X" erl=L2`},
		{name: "a row per line, each with the device's id too", alter: twoLines, rows: []string{"extension=101; device_id=d1; phone_number=+15550101; new_name=X", "extension=101; device_id=d1; serial=000000000001; phone_number=+15550111"}, want: `
			update 101 d1 name="X"
			no_op 3 (device_id) is as the row says`},
		{name: "a row per line, one is removed", alter: twoLines, rows: []string{"action=remove; extension=101; device_id=d1; phone_number=+15550101", "extension=101; device_id=d1; phone_number=+15550111"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "the address from one line, the customer from the other", plain: true, alter: twoLines, rows: []string{"extension=101; phone_number=+15550101; " + labText, "extension=101; phone_number=+15550111; customer_name=ACME"}, want: `
			update_emergency 101 d1 address="9 elm ave, RENO, NV 89501, US" customer="ACME"`},
		{name: "a name that only a phone of another type has is gone", rows: []string{"action=remove; extension=106; device_name=Phone 6; device_type=WebRTC"}, want: `
			warning t.csv!2 already_gone
			no_op 2 (device_name) already gone
			unmanaged 106 d6
			unmanaged 106 d7`},
		{name: "new_name says nothing of a removal", rows: []string{"action=remove; extension=106; device_name=old; new_name=Phone 6"}, want: `
			warning t.csv!2 already_gone
			warning t.csv!J2 column_not_used
			no_op 2 (device_name) already gone
			unmanaged 106 d6
			unmanaged 106 d7`},
		{name: "lines that disagree", alter: twoLines, rows: []string{"extension=101; phone_number=+15550101; emergency_location=HQ", "extension=101; phone_number=+15550111; emergency_location=Lab"}, want: `
			error t.csv!2 device_values_disagree
			error t.csv!3 device_values_disagree`},
		{name: "one line's row knows the phone by the name that the other's takes from it", alter: twoLines, rows: []string{"extension=101; phone_number=+15550101; device_name=Phone 1", "extension=101; phone_number=+15550111; new_name=N"}, want: `
			error t.csv!2 device_values_disagree
			error t.csv!3 device_values_disagree`},
		{name: "the device and a line of it", alter: twoLines, rows: []string{"extension=101; device_id=d1; new_name=X", "extension=101; phone_number=+15550111"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "removing several lines needs device_id", alter: twoLines, rows: []string{"action=remove; extension=101; phone_number=+15550101"}, want: `
			error t.csv!2 needs_device_id`},
		{name: "removing several lines", alter: twoLines, rows: []string{"action=remove; extension=101; device_id=d1"}, want: `
			remove 101 d1
			left without phone 101`},
		{name: "swapping several lines needs device_id", alter: twoLines, rows: []string{"action=swap; extension=101; serial=000000000001; replace_with=inventory"}, want: `
			error t.csv!H2 needs_device_id`},
		{name: "shared phones need device_id", alter: func(s *Snapshot) {
			dev(s, "d1").Lines[0].Type, dev(s, "d2").LinePooling, dev(s, "d3").HotDesk = "BlaPrimary", "Guest", true
		}, rows: []string{"action=remove; extension=101", "action=remove; extension=102; serial=000000000002", "action=swap; extension=103; serial=000000000003; replace_with=new", "action=swap; extension=104; device_id=d4; replace_with=serial:000000000003"}, want: `
			error t.csv!2 needs_device_id
			error t.csv!3 needs_device_id
			error t.csv!H4 needs_device_id
			error t.csv!AA5 needs_device_id`},
		{name: "on another extension", rows: []string{"extension=101; device_id=d2", "action=update; extension=102; phone_number=+15550101", "action=remove; extension=103; serial=000000000002"}, want: `
			error t.csv!F2 device_elsewhere
			error t.csv!G3 device_elsewhere
			error t.csv!H4 device_elsewhere`},
		{name: "unassigned", rows: []string{"extension=101; device_id=s1", "action=remove; extension=102; device_id=s1; keep_assets=number"}, want: `
			error t.csv!F2 device_unassigned
			warning t.csv!AB3 device_still_in_inventory
			no_op 3 (device_id) already gone: device s1 is unassigned
			unmanaged 102 d2`},
		{name: "unstock of a phone in use", rows: []string{"action=unstock; device_id=d1", "action=unstock; device_id=s1", "action=unstock; serial=aabbccddeeff"}, want: `
			unstock h1
			unstock s1
			error t.csv!F2 device_assigned`},
		{name: "unstock twice", rows: []string{"action=unstock; device_id=h1", "action=unstock; serial=aabbccddeeff"}, want: `
			error t.csv!2 same_phone
			error t.csv!3 same_phone`},
		{name: "unmanaged", rows: []string{"extension=106; device_id=d7"}, want: `
			no_op 2 (device_id) is as the row says
			unmanaged 106 d6`},
		{name: "ignore claims", rows: []string{"action=ignore; extension=106; device_id=d7", "extension=106; emergency_location=Lab"}, want: `
			update_emergency 106 d6 erl=L2`},
		{name: "ignore without key leaves all phones alone that no key names", rows: []string{"action=ignore; extension=106"}, want: ``},
		{name: "ignore without key beside a row with one", rows: []string{"action=ignore; extension=106", "extension=106; device_id=d6; new_name=Desk"}, want: `
			update 106 d6 name="Desk"`},
		{name: "ignore without key against a row without key", rows: []string{"action=remove; extension=101", "action=ignore; extension=101"}, want: `
			error t.csv!A2 phone_ignored`},
		{name: "ignore of what is not there", rows: []string{"action=ignore; extension=999"}, want: ``},
		{name: "an unreadable row claims and changes nothing", rows: []string{"invalid=x; extension=106; device_id=d7; new_name=X", "extension=101; new_name=Y"}, want: `
			update 101 d1 name="Y"
			unmanaged 106 d6`},
	})
}

// Rule 8: nothing found is only said where the snapshot can tell.
func TestMatchIncomplete(t *testing.T) {
	t.Parallel()
	own := func(ids ...ExtensionID) func(*Snapshot) {
		return func(s *Snapshot) {
			s.DevicesComplete, s.Listed = false, ids
			var left []Device
			for _, d := range s.Devices {
				for _, id := range ids {
					if d.Extension == id {
						left = append(left, d)
					}
				}
			}
			s.Devices = left
		}
	}
	runPlans(t, []planCase{
		{name: "removals need the own list only", alter: own("1001", "1002", "1003"), rows: []string{"action=remove; extension=101; device_id=d1", "action=remove; extension=102; serial=0123456789ab", "action=remove; extension=103; device_id=d9"}, want: `
			remove 101 d1
			warning t.csv!3 already_gone
			warning t.csv!4 already_gone
			no_op 3 (serial) already gone
			no_op 4 (device_id) already gone
			unmanaged 102 d2
			unmanaged 103 d3
			left without phone 101`},
		{name: "an extension that was not read", alter: own("1001"), rows: []string{"action=remove; extension=102"}, want: `
			error t.csv!B2 snapshot_incomplete`},
		{name: "an unassigned id that was not asked for", alter: own("1001"), rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:s1", "action=unstock; device_id=s2"}, want: `
			error t.csv!AA2 snapshot_incomplete
			error t.csv!F3 snapshot_incomplete`},
		{name: "an unassigned id that was asked for", alter: func(s *Snapshot) {
			own("1001")(s)
			s.Asked = []DeviceID{"s1", "s2"}
			s.Devices = append(s.Devices, Device{ID: "s1", Type: TypeOtherPhone})
		}, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:s1", "action=unstock; device_id=s2"}, want: `
			swap 101 d1 <-> s1
			no_op 3 (device_id) already gone`},
		{name: "questions about unassigned devices", alter: own("1001", "1002", "1003"), rows: []string{"action=stock; site=main-site; quantity=1", "action=swap; extension=101; device_id=d1; replace_with=inventory", "action=swap; extension=102; device_id=d2; replace_with=name:Spare",
			"action=swap; extension=103; device_id=d3; replace_with=serial:aabbccddeeff", "action=unstock; serial=aabbccddeeff"}, want: `
			error t.csv!E2 snapshot_incomplete
			error t.csv!AA3 snapshot_incomplete
			error t.csv!AA4 snapshot_incomplete
			error t.csv!AA5 snapshot_incomplete
			error t.csv!H6 snapshot_incomplete`},
		{name: "lists that were not read", alter: func(s *Snapshot) {
			s.NumbersRead, s.Numbers, s.CostCentersRead, s.CostCenters, s.LocationsRead, s.Locations = false, nil, false, nil, false, nil
		}, rows: []string{"extension=110; phone_number=+15550201; emergency_location=HQ; cost_center=Sales"}, want: `
			error t.csv!G2 snapshot_incomplete
			error t.csv!R2 snapshot_incomplete
			error t.csv!S2 snapshot_incomplete`},
	})
}

// A phone that was removed contradicts no phone that has got its name since.
func TestRemovedPhoneKeepsNoName(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{{name: "by id and name", rows: []string{"action=remove; extension=106; device_id=s1; device_name=Phone 6"}, want: `
			warning t.csv!I2 device_name_differs
			no_op 2 (device_id) already gone: device s1 is unassigned
			unmanaged 106 d6
			unmanaged 106 d7`}})
}
