package plan

import "testing"

// §4.3 in accounts with emergency response locations.
func TestEmergencyLocations(t *testing.T) {
	t.Parallel()
	floors := func(s *Snapshot) { s.Locations = append(s.Locations, location("L4", "Lab floor 2", lab)) }
	runPlans(t, []planCase{
		{name: "met by name, id and address", rows: []string{"extension=101; emergency_location=hq", "extension=102; emergency_location=id:L1", "extension=103; " + hqText, "extension=104; emergency_location=HQ; " + hqText}, want: `
			no_op 2 (only phone on 101) is as the row says
			no_op 3 (only phone on 102) is as the row says
			no_op 4 (only phone on 103) is as the row says
			no_op 5 (only phone on 104) is as the row says`},
		{name: "by name, id and address", rows: []string{"extension=101; emergency_location=lab", "extension=102; emergency_location=id:L2", "extension=103; " + labText, "extension=104; emergency_location=Lab; " + labText}, want: `
			update_emergency 101 d1 erl=L2
			update_emergency 102 d2 erl=L2
			update_emergency 103 d3 erl=L2
			update_emergency 104 d4 erl=L2`},
		{name: "unknown", rows: []string{"extension=101; emergency_location=Nowhere", "extension=102; emergency_location=id:L9"}, want: `
			error t.csv!S2 location_unknown
			error t.csv!S3 location_unknown`},
		{name: "floors", alter: floors, rows: []string{"extension=101; " + labText, "extension=102; emergency_location=Lab floor 2", "extension=103; emergency_location=Lab floor 2; " + labText}, want: `
			update_emergency 102 d2 erl=L4
			update_emergency 103 d3 erl=L4
			error t.csv!AF2 location_ambiguous`},
		{name: "floors do not matter where the phone is at the place", alter: func(s *Snapshot) {
			floors(s)
			dev(s, "d1").Emergency.LocationID = "L4"
			dev(s, "d1").Emergency.Address = lab
		}, rows: []string{"extension=101; " + labText}, want: `
			no_op 2 (only phone on 101) is as the row says`},
		{name: "locations of one name", alter: func(s *Snapshot) {
			s.Locations = append(s.Locations, location("L5", "lab", Address{Street: "2 Bay St", City: "Reno", State: "NV", Zip: "89501", Country: "US"}))
		},
			rows: []string{"extension=101; emergency_location=Lab", "extension=102; emergency_location=Lab; " + labText}, want: `
			update_emergency 102 d2 erl=L2
			error t.csv!S2 location_ambiguous`},
		{name: "a location of another site", alter: func(s *Snapshot) {
			s.Locations[1].Site = "7"
			s.Locations[1].SiteName = "Reno"
			dev(s, "d2").Extension = "1023"
		}, rows: []string{"extension=101; emergency_location=Lab", "extension=123; " + labText, "extension=103; " + labText}, want: `
			create_location "9 elm ave, RENO" at 9 elm ave, RENO, NV 89501, US
			update_emergency 101 d1 erl=L2
			update_emergency 103 d3 erl=<create_location "9 elm ave, RENO"> needs[create_location "9 elm ave, RENO"]
			update_emergency 123 d2 erl=L2
			warning t.csv!S2 location_other_site`},
		{name: "invalid, inactive, outdated and private ones are never assigned", alter: func(s *Snapshot) {
			s.Locations[1].UsageStatus = "Inactive"
			s.Locations = append(s.Locations, location("L6", "Out", Address{Street: "6 X", City: "Reno", State: "NV", Zip: "89501", Country: "US"}))
			s.Locations[3].FormatStatus = "Outdated"
		},
			rows: []string{"extension=101; emergency_location=Old", "extension=102; emergency_location=Lab", "extension=103; emergency_location=id:L6", "extension=104; " + labText}, want: `
			create_location "9 elm ave, RENO" at 9 elm ave, RENO, NV 89501, US
			update_emergency 104 d4 erl=<create_location "9 elm ave, RENO"> needs[create_location "9 elm ave, RENO"]
			error t.csv!S2 location_unusable
			error t.csv!S3 location_unusable
			error t.csv!S4 location_unusable`},
		{name: "one that is still being validated", alter: func(s *Snapshot) { s.Locations[1].AddressStatus = "Provisioning" }, rows: []string{"extension=101; " + labText}, want: `
			error t.csv!AF2 location_pending`},
		{name: "a new one, shared, named after the place", rows: []string{"extension=101; " + newText, "extension=102; address=5 oak rd.|suite 2|SALEM|Oregon|97301|US", "action=add; extension=110; area_code=503; " + newText}, want: `
			create_location "5 Oak Rd, Suite 2, Salem" at 5 Oak Rd, Suite 2, Salem, OR 97301, US
			add 110 OtherPhone area=503 erl=<create_location "5 Oak Rd, Suite 2, Salem"> needs[create_location "5 Oak Rd, Suite 2, Salem"]
			update_emergency 101 d1 erl=<create_location "5 Oak Rd, Suite 2, Salem"> needs[create_location "5 Oak Rd, Suite 2, Salem"]
			update_emergency 102 d2 erl=<create_location "5 Oak Rd, Suite 2, Salem"> needs[create_location "5 Oak Rd, Suite 2, Salem"]`},
		{name: "a new one that a row names", rows: []string{"extension=101; " + newText, "extension=102; emergency_location=Salem; " + newText}, want: `
			create_location "Salem" at 5 Oak Rd, Suite 2, Salem, OR 97301, US
			update_emergency 101 d1 erl=<create_location "Salem"> needs[create_location "Salem"]
			update_emergency 102 d2 erl=<create_location "Salem"> needs[create_location "Salem"]`},
		{name: "a new one whose name is taken", alter: func(s *Snapshot) { s.Locations = append(s.Locations, location("L7", "5 Oak Rd, Suite 2, Salem", lab)) }, rows: []string{"extension=101; " + newText}, want: `
			create_location "5 Oak Rd, Suite 2, Salem (2)" at 5 Oak Rd, Suite 2, Salem, OR 97301, US
			update_emergency 101 d1 erl=<create_location "5 Oak Rd, Suite 2, Salem (2)"> needs[create_location "5 Oak Rd, Suite 2, Salem (2)"]`},
		{name: "one new name for two places", rows: []string{"extension=101; emergency_location=X; " + newText, "extension=102; emergency_location=X; address=6 Oak Rd||Salem|OR|97301|US"}, want: `
			error t.csv!S2 location_name_twice
			error t.csv!S3 location_name_twice`},
		{name: "two new names for one place", rows: []string{"extension=101; emergency_location=X; " + newText, "extension=102; emergency_location=Y; " + newText, "extension=103; " + newText}, want: `
			create_location "Y" at 5 Oak Rd, Suite 2, Salem, OR 97301, US
			create_location "X" at 5 Oak Rd, Suite 2, Salem, OR 97301, US
			update_emergency 101 d1 erl=<create_location "X"> needs[create_location "X"]
			update_emergency 102 d2 erl=<create_location "Y"> needs[create_location "Y"]
			error t.csv!AF4 location_ambiguous`},
		{name: "a name that is elsewhere", rows: []string{"extension=101; emergency_location=HQ; " + labText, "extension=102; emergency_location=id:L1; " + labText}, want: `
			error t.csv!S2 location_elsewhere
			error t.csv!S3 location_elsewhere`},
		{name: "an address that lacks parts", rows: []string{"extension=101; street=1 Main St; city=Oakland", "extension=102; address=P.O. Box 7||Reno|NV|89501|US", "extension=103; address=1 Main St||Oakland|CA|94607|Atlantis"}, want: `
			error t.csv!V2 address_incomplete
			error t.csv!AF3 address_po_box
			error t.csv!AF4 country_unknown`},
		{name: "the country of the options", opts: func(o *Options) { o.Country = "United States" }, rows: []string{"extension=101; address=1 Main St||Oakland|CA|94607|"}, want: `
			no_op 2 (only phone on 101) is as the row says`},
		{name: "a private location", alter: func(s *Snapshot) {
			for _, id := range []DeviceID{"d1", "d2", "d3"} {
				dev(s, id).Emergency = Emergency{LocationID: "P1", LocationName: "Home", Address: lab, AddressStatus: "Valid", Visibility: "Private"}
			}
		}, rows: []string{"extension=101; emergency_location=HQ", "action=update; extension=102; emergency_location=HQ", "extension=103; " + labText}, want: `
			update_emergency 102 d2 erl=L1
			error t.csv!S2 private_location
			no_op 4 (only phone on 103) is as the row says`},
		{name: "local lines", alter: func(s *Snapshot) {
			dev(s, "d1").Lines[0].LocalOnly = true
			s.Locations = append(s.Locations, location("L8", "Berlin", Address{Street: "1 Allee", City: "Berlin", Zip: "10115", Country: "DE"}))
		},
			rows: []string{"extension=101; emergency_location=Berlin", "extension=102; emergency_location=Berlin"}, want: `
			update_emergency 102 d2 erl=L8
			error t.csv!S2 address_not_local`},
		{name: "the main device only", alter: func(s *Snapshot) {
			for _, id := range []DeviceID{"d1", "d2"} {
				dev(s, id).Emergency.Editable = "MainDevice"
			}
			dev(s, "d1").Lines[0].Type = "BlaSecondary"
		}, rows: []string{"extension=101; emergency_location=Lab", "extension=102; emergency_location=Lab"}, want: `
			update_emergency 102 d2 erl=L2
			error t.csv!S2 main_device_only`},
		{name: "an invalid address gives way to a good one of the place", alter: func(s *Snapshot) {
			dev(s, "d1").Emergency.LocationID, dev(s, "d1").Emergency.AddressStatus = "L0", "Invalid"
		}, rows: []string{"extension=101; " + hqText}, want: `
			update_emergency 101 d1 erl=L1`},
		{name: "an add without", rows: []string{"extension=110; area_code=650"}, want: `
			error t.csv!2 emergency_missing`},
	})
}

// §4.3 in accounts with plain addresses.
func TestEmergencyAddresses(t *testing.T) {
	t.Parallel()
	runPlans(t, []planCase{
		{name: "met", plain: true, rows: []string{"extension=101; " + hqText, "extension=102; emergency_location=Whatever; " + hqText}, want: `
			no_op 2 (only phone on 101) is as the row says
			no_op 3 (only phone on 102) is as the row says`},
		{name: "other address", plain: true, rows: []string{"extension=101; " + labText, "extension=102; new_name=X; " + labText, "extension=103; address=1 Main St|Unit 2|Oakland|CA|94607|US"}, want: `
			update_emergency 101 d1 address="9 elm ave, RENO, NV 89501, US"
			update_emergency 103 d3 address="1 Main St, Unit 2, Oakland, CA 94607, US"
			update 102 d2 name="X" address="9 elm ave, RENO, NV 89501, US"`},
		{name: "a name alone", plain: true, rows: []string{"extension=101; emergency_location=HQ", "extension=110; area_code=650; emergency_location=HQ"}, want: `
			error t.csv!S2 location_without_address
			error t.csv!S3 location_without_address`},
		{name: "customer name", plain: true, alter: func(s *Snapshot) {
			dev(s, "d2").Emergency.Address.CustomerName = "ACME"
			dev(s, "d3").Emergency = Emergency{}
		}, rows: []string{"extension=101; customer_name=ACME", "extension=102; customer_name=ACME", "extension=103; customer_name=ACME", "extension=110; area_code=650; customer_name=ACME; " + labText}, want: `
			add 110 OtherPhone area=650 address="9 elm ave, RENO, NV 89501, US"
			update_emergency 101 d1 address="1 Main St, Oakland, CA 94607, US" customer="ACME"
			update_emergency 110 <add 110> address="9 elm ave, RENO, NV 89501, US" customer="ACME" needs[add 110]
			error t.csv!Z4 customer_name_without_address
			no_op 3 (only phone on 102) is as the row says`},
		{name: "an add without", plain: true, rows: []string{"extension=110; area_code=650"}, want: `
			error t.csv!2 emergency_missing`},
		{name: "swaps that trade places", plain: true, rows: []string{"action=swap; extension=101; device_id=d1; replace_with=id:d2; " + labText, "action=swap; extension=102; device_id=d2; replace_with=id:d1"}, want: `
			swap 101 d1 <-> d2 of 1002
			update_emergency 101 d2 address="9 elm ave, RENO, NV 89501, US" on d1|d2 after[swap 101]`},
	})
}
