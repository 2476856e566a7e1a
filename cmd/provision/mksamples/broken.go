package main

import (
	"strconv"
	"time"
)

// broken has one row for each thing that a sheet can get wrong; the notes say
// what. Each row has an extension of its own, so that no error hides another.
func broken() table {
	header := []string{
		"row_id", "action", "extension", "user_name", "email", "site", "device_id", "serial", "phone_number", "device_name",
		"new_name", "new_serial", "device_type", "area_code", "toll_type", "cost_center", "common_phone", "emergency_location",
		"street", "street2", "city", "state", "zip", "country", "replace_with", "keep_assets", "quantity", "notes",
	}
	var rows []row
	for _, part := range [][]row{brokenValues(), brokenKeys(), brokenNumbers(), brokenPlaces(), brokenSwaps(), brokenInventory()} {
		rows = append(rows, part...)
	}
	t := newTable("BR", header, rows...)
	t.titles = []string{"Everything that can be wrong in a sheet", "Each row is wrong in one way; the last column says how."}
	return t
}

// ext begins a row: the extension and what is wrong with it.
func ext(n int, notes string, more ...row) row {
	return row{"extension": strconv.Itoa(n), "notes": notes}.with(more...)
}

// newLineRow is what a good row for a new line states.
func newLineRow(n int) row {
	return row{"area_code": "650"}.with(floor(siteOf(n), floorOf(n)))
}

// brokenValues cannot be read as what they should be.
func brokenValues() []row {
	return []row{
		ext(101, "no such action", row{"action": "change"}),
		{"extension": time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), "new_name": "x", "notes": "a date where an extension should be"},
		{"extension": 102.5, "new_name": "x", "notes": "a broken number where an extension should be"},
		ext(103, "a number that lost its digits", row{"phone_number": "1.65056E+10"}),
		{"extension": formula("100+3"), "new_name": "x", "notes": "a formula whose result the file does not hold"},
		{"extension": "#N/A", "new_name": "x", "notes": "an error of the spreadsheet where an extension should be"},
		ext(104, "a serial that was made a number", row{"serial": 112233445560}),
		ext(104, "an id of which a number keeps 15 digits only", row{"device_id": 8020010480200104802.0}),
		ext(104, "no e-mail address", row{"email": "ada at example"}),
		ext(104, "a P.O. box, where no ambulance finds anybody", place(address{"P.O. Box 7", "", "Belmont", "CA", "94002", "US"})),
		ext(104, "too short for a phone number", row{"phone_number": "55501"}),
		ext(105, "no serial: 12 hex digits are wanted", row{"serial": "00:00:5E:00:53"}),
		ext(106, "this kind of device is never touched", row{"device_type": "SoftPhone"}),
		ext(107, "yes, number or no is wanted", row{"action": "remove", "keep_assets": "maybe"}),
		ext(302, "yes or no is wanted", row{"common_phone": "perhaps"}.with(newLineRow(101))),
		ext(176, "no area code", row{"area_code": "65O"}.with(floor(hq, 1))),
		ext(177, "Toll or TollFree is wanted", row{"toll_type": "free"}.with(floor(hq, 1))),
		ext(108, "the city is missing: an address is one value", row{"street": "20 Alder Way", "state": "CA", "zip": "94002", "country": "US"}),
		ext(109, "the state is missing, which addresses in the US must have", row{"street": "20 Alder Way", "city": "Belmont", "zip": "94002", "country": "US"}),
		ext(110, "no ZIP", place(at(hq, 2)).with(row{"zip": "9400"})),
		ext(111, "no such country", place(at(hq, 2)).with(row{"country": "Atlantis"})),
		ext(112, "no form of replace_with", row{"action": "swap", "device_id": deviceID(112), "replace_with": "another one"}),
		{"action": "stock", "site": hq.Name, "quantity": "some", "notes": "a number is wanted"},
		{"action": "stock", "quantity": "2", "notes": "a stock row must name the site"},
		{"new_name": "Nobody", "notes": "no extension and no e-mail"},
	}
}

// brokenKeys do not find what they should, or find too much.
func brokenKeys() []row {
	return []row{
		ext(999, "no such extension", row{"new_name": "x"}),
		ext(400, "a queue has no phones", newLineRow(101)),
		ext(401, "the extension is disabled", newLineRow(101)),
		ext(113, "the person's name is another one", row{"user_name": "Zoe Zimmer", "new_name": "x"}),
		ext(114, "e-mail and extension are different people", row{"email": personOf(115).email(), "new_name": "x"}),
		{"email": "nobody@ridgeway.example", "new_name": "x", "notes": "no extension has this e-mail"},
		ext(115, "the site is another one", row{"site": works.Name, "new_name": "x"}),
		ext(116, "no such site", row{"site": "Fresno", "new_name": "x"}),
		ext(117, "the keys find two different phones", row{"device_id": "80200117", "serial": macOf(serialOf(16)), "new_name": "x"}),
		ext(118, "no device has this id", row{"device_id": "80999999", "new_name": "x"}),
		ext(119, "the phone is on extension 120", row{"device_id": deviceID(120), "new_name": "x"}),
		ext(121, "the phone is unassigned: replace_with would take it", row{"device_id": "80300001", "new_name": "x"}),
		ext(122, "nothing has this serial to update", row{"action": "update", "serial": macOf(serialOf(0xEE)), "new_name": "x"}),
		ext(123, "two phones and no key", row{"new_name": "x"}),
		ext(125, "which of two phones is to be removed?", row{"action": "remove"}),
		ext(126, "two rows want one phone", row{"new_name": "One"}),
		ext(126, "two rows want one phone: see the row above", row{"new_name": "Two"}),
		ext(127, "the phone is there: nothing is added", row{"action": "add", "device_id": deviceID(127), "new_name": "x"}),
		ext(178, "there is no phone to update", row{"action": "update", "new_name": "x"}),
		ext(128, "a serial can be set only with --enable-unlisted-operations", row{"new_serial": macOf(serialOf(0xED))}),
		ext(129, "a common phone is for limited extensions", row{"common_phone": "yes"}),
	}
}

// brokenNumbers ask for a number that cannot be had, or for none.
func brokenNumbers() []row {
	return []row{
		ext(179, "where should the number come from?", floor(hq, floorOf(179))),
		ext(180, "two sources for one number", newLineRow(180).with(row{"phone_number": phoneNumber("650", 181)})),
		ext(181, "the number is on another line", floor(hq, floorOf(181)).with(row{"phone_number": phoneNumber("650", 130)})),
		ext(182, "the number is not on the account: it would have to be ordered", floor(hq, floorOf(182)).with(row{"phone_number": "+12125550123"})),
		ext(183, "the number is still being ported", floor(hq, floorOf(183)).with(row{"phone_number": phoneNumber("650", 195)})),
		ext(184, "the fax number", floor(hq, floorOf(184)).with(row{"phone_number": "+16505550199"})),
		ext(185, "the main number", floor(hq, floorOf(185)).with(row{"phone_number": mainNumber})),
		ext(131, "a further line needs action=add", newLineRow(131).with(row{"area_code": nil, "phone_number": phoneNumber("650", 182)})),
		ext(186, "no such cost center", newLineRow(186).with(row{"cost_center": "Research"})),
		ext(187, "no emergency address", row{"area_code": "650"}),
	}
}

// brokenPlaces name a place that help cannot be sent to.
func brokenPlaces() []row {
	return []row{
		ext(132, "no ERL has this name", row{"emergency_location": "Belmont Roof"}),
		ext(133, "the ERL of this name is somewhere else", row{"emergency_location": erlName(hq, 1)}.with(place(at(hq, 2)))),
		ext(134, "two ERLs are at this place", place(address{"20 Alder Way", "Annex", "Belmont", "CA", "94002", "US"})),
		ext(135, "the ERL's address was refused", row{"emergency_location": "Belmont Shed"}),
		ext(136, "a private location is replaced only with action=update", floor(hq, 3)),
		ext(137, "its line takes no address abroad", row{"street": "1 King St", "city": "Toronto", "state": "ON", "zip": "M5H 1A1", "country": "CA"}),
	}
}

// brokenSwaps do not add up.
func brokenSwaps() []row {
	swap := func(n int, with, notes string) row {
		return ext(n, notes, row{"action": "swap", "device_id": deviceID(n), "replace_with": with})
	}
	return []row{
		ext(138, "a swap must name the phone that goes, by device_id or serial", row{"action": "swap", "replace_with": "inventory"}),
		swap(139, "", "replaced with what?"),
		swap(141, "ext:142", "the partner's row is missing"),
		swap(145, "id:"+deviceID(146), "the partner's phone is at another place, and no row says which counts"),
		swap(146, "id:"+deviceID(145), "the mirrored row of the one above"),
		swap(149, "serial:"+serialOf(0xEC), "no phone has this serial"),
		swap(150, "name:Spare", "two phones have this name"),
		swap(202, "inventory", "the site has no free slot of this type"),
		ext(153, "the difference is an update, not a swap", row{"action": "swap", "device_id": deviceID(153), "new_name": "x"}),
	}
}

// brokenInventory are wrong stock and unstock rows.
func brokenInventory() []row {
	return []row{
		{"action": "stock", "site": "Fresno", "quantity": "1", "notes": "no such site"},
		{"action": "unstock", "device_id": deviceID(154), "notes": "the phone is in use"},
		{"action": "unstock", "notes": "which one?"},
	}
}

func brokenAccount(a *account) {
	a.extensions = append(a.extensions, extension{
		ID: extensionID(401), Number: "401", Name: "Former Person", Type: "User", Status: "Disabled", Site: hq,
	})
	for i, n := range []int{117, 123, 125} {
		second := *a.phone(n)
		second.ID, second.Name, second.Serial = "80200"+strconv.Itoa(n), personOf(n).name()+" lab", serialOf(0xF0+i)
		second.Lines = []line{newLine("650", 190+2*i)}
		a.devices = append(a.devices, second)
	}
	a.addSpare("80300001", "Spare", serialOf(0xFA), hq)
	a.addSpare("80300002", "Spare", serialOf(0xFB), hq)
	a.addNumber("650", 195, "Pending")
	annex := address{"20 Alder Way", "Annex", "Belmont", "CA", "94002", "US"}
	a.addLocation("310011", "Belmont Annex", annex, hq, "Valid")
	a.addLocation("310012", "Belmont Annex (old)", annex, hq, "Valid")
	a.addLocation("310013", "Belmont Shed", address{"22 Alder Way", "", "Belmont", "CA", "94002", "US"}, hq, "Invalid")
	private := a.phone(136).Emergency
	private.Address, private.Visibility = address{"7 Juniper Ct", "", "San Carlos", "CA", "94070", "US"}, "Private"
	private.Location = &locationRef{"390001", "Home"}
	a.phone(137).Lines[0].E911.Local = true
}
