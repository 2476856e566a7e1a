package main

import (
	"fmt"
	"strings"

	"provision/rcclient/rcsim"
)

// scene is an account and a sheet for it that together need every kind of
// change that the regime of the account knows.
type scene struct {
	name    string
	account []byte
	sheet   string
}

// crashScenes are the scenes of the crash sweep: both emergency regimes.
func crashScenes() ([]scene, error) {
	var all []scene
	for _, erl := range []bool{true, false} {
		data, err := crashAccount(erl).Encode()
		if err != nil {
			return nil, err
		}
		s := scene{name: "addresses", account: data, sheet: addressSheet}
		if erl {
			s.name, s.sheet = "erl", erlSheet
		}
		all = append(all, s)
	}
	return all, nil
}

// erlSheet makes, in this order: an add that is named after it; an add of a
// number out of the inventory; an update; an address alone; a two-way swap; a
// removal; a removal and the deletion of what it left; a deletion; slots; an
// add whose placeholder gives way to a stored phone and is deleted; an ERL and
// the address that needs it; a swap with a stored phone and its address; a serial.
const erlSheet = `extension,action,area_code,phone_number,device_id,device_name,new_name,emergency_location,street,city,state,zip,country,replace_with,keep_assets,site,quantity,new_serial
1001,,650,,,Desk 1,,HQ,,,,,,,,,,
1002,add,,+16505550190,,,,HQ,,,,,,,,,,
1003,,,,2003,,Desk 3,,,,,,,,,,,
1004,,,,2004,,,West,,,,,,,,,,
1005,swap,,,2005,,,keep,,,,,,ext:1006,,,,
1006,swap,,,2006,,,keep,,,,,,ext:1005,,,,
1007,remove,,,2007,,,,,,,,,,yes,,,
1008,remove,,,2008,,,,,,,,,,number,,,
,unstock,,,2020,,,,,,,,,,,,,
,stock,,,,,,,,,,,,,,Main Site,3,
1009,add,650,,,,,HQ,,,,,,id:2022,,,,
1010,,,,2010,,,,9 New Street,Belmont,CA,94002,US,,,,,
1011,swap,,,2011,,,West,,,,,,id:2023,,,,
1012,,,,2012,,,,,,,,,,,,,0004f2001012
`

// addressSheet is shorter, for an account without ERLs: what needs an address
// there, and a removal.
const addressSheet = `extension,action,area_code,device_id,device_name,street,city,state,zip,country,replace_with,keep_assets
1001,,650,,Desk 1,1 Main St,Belmont,CA,94002,US,,
1004,,,2004,,2 West St,Reno,NV,89501,US,,
1008,remove,,2008,,,,,,,,number
1011,swap,,2011,,2 West St,Reno,NV,89501,US,id:2023,
`

// crashAccount has extensions 1001 to 1012, some with a phone, and phones in
// the inventory. A call takes six service seconds, so that kills find calls
// under way.
func crashAccount(erl bool) *rcsim.Account {
	verdict := 5.0
	a := &rcsim.Account{Settings: rcsim.Settings{ERLRegime: &erl, Latency: 6, UnlistedOperations: true, Validation: rcsim.Validation{Seconds: &verdict}}}
	a.Account.ID, a.Account.MainNumber = 400131500, "+16505550100"
	a.Sites = []rcsim.Site{{ID: "main-site", Name: "Main Site"}}
	hq := rcsim.Address{"street": "1 Main St", "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}
	west := rcsim.Address{"street": "2 West St", "city": "Reno", "state": "NV", "zip": "89501", "country": "US"}
	a.EmergencyLocations = []rcsim.EmergencyLocation{{ID: "5001", Name: "HQ", Address: hq}, {ID: "5002", Name: "West", Address: west}}
	if !erl {
		a.EmergencyLocations = nil
	}
	for n := 1; n <= 12; n++ {
		a.Extensions = append(a.Extensions, rcsim.Extension{ID: rcsim.IntID(100 + n), ExtensionNumber: fmt.Sprint(1000 + n), Name: fmt.Sprint("Person ", n), Type: "User"})
	}
	emergency := &rcsim.Emergency{Address: hq, AddressStatus: "Valid"}
	if erl {
		emergency.Location = &rcsim.LocationRef{ID: "5001", Name: "HQ"}
	}
	for _, n := range []int{3, 4, 5, 6, 7, 8, 10, 11, 12} {
		a.Devices = append(a.Devices, rcsim.Device{
			ID: rcsim.ID(fmt.Sprint(2000 + n)), Type: "OtherPhone", Name: fmt.Sprint("Phone ", n), Serial: strings.Repeat(fmt.Sprintf("%02d", n), 6),
			Extension:  &rcsim.ExtensionRef{ID: rcsim.IntID(100 + n)},
			PhoneLines: []rcsim.PhoneLine{{PhoneInfo: &rcsim.PhoneInfo{PhoneNumber: fmt.Sprintf("+165055501%02d", n)}}},
			Emergency:  emergency,
		})
	}
	for _, n := range []int{20, 22, 23} {
		a.Devices = append(a.Devices, rcsim.Device{ID: rcsim.ID(fmt.Sprint(2000 + n)), Type: "OtherPhone", Name: fmt.Sprint("Phone ", n), Serial: strings.Repeat(fmt.Sprint(n), 6), Site: &rcsim.SiteRef{ID: "main-site", Name: "Main Site"}})
	}
	a.Numbers = []rcsim.Number{{ID: "6100", PhoneNumber: "+16505550100", UsageType: "MainCompanyNumber", Status: "Normal", TollType: "Toll"}, {ID: "6190", PhoneNumber: "+16505550190", UsageType: "Inventory", Status: "Normal", TollType: "Toll"}}
	return a
}
