package main

import (
	"fmt"
	"strconv"
)

// who fills the columns that name a person.
func who(number int) row {
	p := personOf(number)
	return row{"extension": strconv.Itoa(number), "user_name": p.name(), "site": siteOf(number).Name}
}

// floor fills an ERL's name and its address, so that accounts of both emergency
// regimes can take the row.
func floor(s site, n int) row { return row{"emergency_location": erlName(s, n)}.with(place(at(s, n))) }

// place fills the address alone.
func place(a address) row {
	return row{"street": a.Street, "street2": a.Street2, "city": a.City, "state": a.State, "zip": a.Zip, "country": a.Country}
}

// onboarding: lines for new people, and names for phones that are there.
func onboarding() table {
	header := []string{
		"row_id", "action", "extension", "user_name", "email", "site", "device_type", "device_name", "phone_number", "area_code", "toll_type",
		"cost_center", "common_phone", "emergency_location", "street", "street2", "city", "state", "zip", "country", "notes",
	}
	var rows []row
	starter := func(n int, more ...row) {
		s := siteOf(n)
		area, cost := "650", "Sales"
		if s.ID == siteWorks {
			area, cost = "510", "2100"
		}
		base := who(n).with(floor(s, floorOf(n)), row{"area_code": area, "cost_center": cost, "device_name": personOf(n).name() + " desk"})
		rows = append(rows, base.with(more...))
	}
	for n := 176; n <= 181; n++ {
		starter(n)
	}
	for n := 256; n <= 260; n++ {
		starter(n)
	}
	starter(182, row{"device_name": nil, "notes": "no name: one call is enough"})
	starter(183, row{"device_name": nil, "cost_center": nil})
	starter(184, row{"area_code": nil, "phone_number": phoneNumber("650", 180), "notes": "a number of the inventory"})
	starter(185, row{"area_code": nil, "phone_number": "(650) 555-0181", "cost_center": "Service", "notes": "a number of the inventory, as people write it"})
	starter(261, row{"area_code": nil, "phone_number": phoneNumber("510", 180)})
	starter(186, row{"area_code": nil, "toll_type": "TollFree", "notes": "a toll-free number"})
	starter(187, row{"extension": nil, "email": personOf(187).email(), "notes": "found by e-mail"})
	starter(188, row{"device_type": "WebRTC", "device_name": nil, "notes": "a line for the browser"})
	rows = append(rows, row{
		"action": "add", "extension": "302", "user_name": "Kitchen Belmont", "site": hq.Name, "area_code": "650", "common_phone": "yes",
		"device_name": "Kitchen Belmont wall", "notes": "a shared phone on a limited extension",
	}.with(floor(hq, 2)))
	// Phones that are there already: nothing to do, and a name to give.
	rows = append(rows,
		who(101).with(floor(hq, floorOf(101)), row{"device_name": personOf(101).name() + " desk", "notes": "was onboarded last week: nothing to do"}),
		who(102).with(floor(hq, floorOf(102)), row{"device_name": personOf(102).name() + " desk", "notes": "the phone has no name yet"}),
	)
	return newTable("ON", header, rows...)
}

func onboardingAccount(a *account) { a.phone(102).Name = "" }

// moves: people change places.
func moves() table {
	header := []string{
		"row_id", "action", "extension", "user_name", "device_id", "serial", "phone_number", "emergency_location",
		"street", "street2", "city", "state", "zip", "country", "notes",
	}
	person := func(n int) row { return row{"extension": strconv.Itoa(n), "user_name": personOf(n).name()} }
	shouted := row{"street": "20 ALDER WAY", "street2": "floor 3", "city": "belmont", "state": "California", "zip": "94002", "country": "United States"}
	newFloor := row{"emergency_location": erlName(works, 3)}.with(place(at(works, 3)))
	return newTable("MV", header,
		person(110).with(floor(hq, 2), row{"notes": "by ERL; its address is filled too, for accounts without ERLs"}),
		person(116).with(floor(hq, 3)),
		person(212).with(floor(works, 1)),
		person(119).with(place(at(hq, 2)), row{"notes": "by address: the ERL of that place is found"}),
		person(122).with(shouted, row{"notes": "the same place in other letters"}),
		person(125).with(floor(hq, 2), row{"device_id": "80200125", "notes": "two phones: device_id says which"}),
		person(128).with(floor(hq, 2), row{"phone_number": phoneNumber("650", 128), "notes": "by number"}),
		person(131).with(floor(hq, 3), row{"serial": macOf(serialOf(30)), "notes": "by serial, as printed on the phone"}),
		person(134).with(floor(hq, 3), row{"action": "update", "notes": "has a private location of one's own: replacing it needs action=update"}),
		person(137).with(floor(hq, 2), row{"notes": "its address was refused: it is on the safety list until this row is applied"}),
		person(210).with(newFloor, row{"notes": "a floor that is new: with ERLs it needs --max-new-locations 1"}),
		person(211).with(newFloor, row{"notes": "goes there too: one new ERL serves both"}),
		person(140).with(floor(hq, floorOf(140)), row{"notes": "is there already: nothing to do"}),
	)
}

// macOf writes a serial as it is printed on phones.
func macOf(serial string) string {
	return fmt.Sprintf("%s:%s:%s:%s:%s:%s", serial[0:2], serial[2:4], serial[4:6], serial[6:8], serial[8:10], serial[10:12])
}

func movesAccount(a *account) {
	second := *a.phone(125)
	second.ID, second.Name, second.Serial = "80200125", personOf(125).name()+" lab", serialOf(0xF0)
	second.Lines = []line{newLine("650", 190)}
	a.devices = append(a.devices, second)
	private := a.phone(134).Emergency
	private.Address = address{"7 Juniper Ct", "", "San Carlos", "CA", "94070", "US"}
	if a.erls {
		private.Visibility, private.Location = "Private", &locationRef{"390001", "Home"}
	}
	a.phone(137).Emergency.Status = "Invalid"
}

// refresh: phones trade places and old ones are replaced.
func refresh() table {
	header := []string{
		"row_id", "action", "extension", "user_name", "device_id", "replace_with", "area_code", "emergency_location",
		"street", "street2", "city", "state", "zip", "country", "notes",
	}
	swap := func(n int, with string, notes string) row {
		return row{"action": "swap", "extension": strconv.Itoa(n), "user_name": personOf(n).name(), "device_id": deviceID(n), "replace_with": with, "notes": notes}
	}
	keep := row{"emergency_location": "keep"}
	added := row{
		"action": "add", "extension": "176", "user_name": personOf(176).name(), "replace_with": "serial:" + serialOf(0xF1), "area_code": "650",
		"notes": "a new line that takes a phone from the stock",
	}
	return newTable("RF", header,
		swap(110, "ext:113", "three phones of one floor go round: two calls"),
		swap(113, "ext:119", ""),
		swap(119, "ext:110", ""),
		swap(121, "ext:122", "two people of different floors change phones and carry them along").with(keep),
		swap(122, "ext:121", "the mirrored row: the same one swap").with(keep),
		swap(124, "inventory", "any free slot of the site"),
		swap(204, "new", "a new slot is stocked first"),
		added.with(floor(hq, floorOf(176))),
	)
}

func refreshAccount(a *account) {
	a.addSpare("80300001", "", "", hq)
	a.addSpare("80300002", "Spare 12", serialOf(0xF1), hq)
	a.addSpare("80300003", "Spare 13", serialOf(0xF2), works)
}

// offboarding: people leave.
func offboarding() table {
	header := []string{"row_id", "action", "extension", "user_name", "device_id", "keep_assets", "notes"}
	leave := func(n int, keep, notes string) row {
		return row{"action": "remove", "extension": strconv.Itoa(n), "user_name": personOf(n).name(), "keep_assets": keep, "notes": notes}
	}
	return newTable("OFF", header,
		leave(141, "yes", "device and number stay in the inventory"),
		leave(144, "number", "the number stays, the BYOD slot is deleted"),
		leave(145, "no", "one of two phones goes with its number, for good").with(row{"device_id": "80200145"}),
		leave(189, "", "has no phone: already gone"),
		row{"action": "ignore", "extension": "150", "user_name": personOf(150).name(), "notes": "leaves next month"},
	)
}

func offboardingAccount(a *account) {
	second := *a.phone(145)
	second.ID, second.Name, second.Serial = "80200145", personOf(145).name()+" lab", serialOf(0xF0)
	second.Lines = []line{newLine("650", 190)}
	a.devices = append(a.devices, second)
}

// stock: the inventory of each site.
func stock() table {
	header := []string{"row_id", "action", "site", "quantity", "device_id", "serial", "notes"}
	return newTable("ST", header,
		row{"action": "stock", "site": hq.Name, "quantity": "6", "notes": "two are there: four more"},
		row{"action": "stock", "site": works.Name, "quantity": "3", "notes": "none is there"},
		row{"action": "unstock", "device_id": "80300011", "notes": "out of order"},
		row{"action": "unstock", "serial": macOf(serialOf(0xF2)), "notes": "out of order, by serial"},
		row{"action": "unstock", "device_id": "80300099", "notes": "already gone"},
	)
}

func stockAccount(a *account) {
	a.addSpare("80300001", "", "", hq)
	a.addSpare("80300002", "", "", hq)
	a.addSpare("80300011", "Old 1", serialOf(0xF1), hq)
	a.addSpare("80300012", "Old 2", serialOf(0xF2), works)
}
