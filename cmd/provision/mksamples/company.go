package main

import (
	"fmt"
	"strconv"
	"strings"
)

// The company that all samples share: two sites with floors, 130 people with a
// phone, 25 without, four shared places.
const (
	mainNumber = "+16505550100"
	siteHQ     = "main-site"
	siteWorks  = "700001"

	firstHQ, lastHQ           = 101, 175 // have a phone
	firstNewHQ, lastNewHQ     = 176, 190 // have none yet
	firstWorks, lastWorks     = 201, 255
	firstNewWorks, lastNewWks = 256, 265
)

var (
	hq    = site{ID: siteHQ, Name: "Main Site"}
	works = site{ID: siteWorks, Name: "Oakland Works", Code: "OAK"}
)

// at is the address of a floor.
func at(s site, floor int) address {
	unit := fmt.Sprintf("Floor %d", floor)
	if s.ID == siteHQ {
		return address{"20 Alder Way", unit, "Belmont", "CA", "94002", "US"}
	}
	return address{"1450 Foundry St", unit, "Oakland", "CA", "94607", "US"}
}

// erlName is the name of a floor's ERL.
func erlName(s site, floor int) string {
	if s.ID == siteHQ {
		return fmt.Sprintf("Belmont Floor %d", floor)
	}
	return fmt.Sprintf("Oakland Floor %d", floor)
}

// floors of the company, in the order of their ERLs.
var floors = []struct {
	site  site
	floor int
}{{hq, 1}, {hq, 2}, {hq, 3}, {works, 1}, {works, 2}}

// newAccount makes the company's account before a sample changes it.
func newAccount(erls bool) *account {
	a := &account{
		erls:  erls,
		sites: []site{hq, works},
		costs: []costCenter{{501, "Sales", "1100"}, {502, "Service", "1200"}, {503, "Works", "2100"}},
		numbers: []number{
			{"71000100", mainNumber, "VoiceFax", "Toll", "MainCompanyNumber", "Normal"},
			{"71000199", "+16505550199", "FaxOnly", "Toll", "CompanyFaxNumber", "Normal"},
		},
	}
	if erls {
		for i, f := range floors {
			a.addLocation(strconv.Itoa(310001+i), erlName(f.site, f.floor), at(f.site, f.floor), f.site, "Valid")
		}
	}
	for i := range 10 {
		a.addNumber("650", 180+i, "Normal")
		a.addNumber("510", 180+i, "Normal")
	}
	a.addPeople(firstHQ, lastHQ, hq, 3, true)
	a.addPeople(firstNewHQ, lastNewHQ, hq, 3, false)
	a.addPeople(firstWorks, lastWorks, works, 2, true)
	a.addPeople(firstNewWorks, lastNewWks, works, 2, false)
	a.addShared(301, "Lobby Belmont", hq, true)
	a.addShared(302, "Kitchen Belmont", hq, false)
	a.addShared(303, "Dock Oakland", works, true)
	a.addShared(304, "Lobby Oakland", works, false)
	a.extensions = append(a.extensions, extension{
		ID: extensionID(400), Number: "400", Name: "Support Queue", Type: "Department", Status: "Enabled", Site: hq,
	})
	return a
}

// floorOf is the floor of the person with this extension number: people sit in
// the order of their numbers, floor by floor.
func floorOf(number int) int {
	if number >= firstWorks {
		return (number-firstWorks)%2 + 1
	}
	return (number-firstHQ)%3 + 1
}

// siteOf is the site of the person with this extension number.
func siteOf(number int) site {
	if number >= firstWorks && number <= lastNewWks {
		return works
	}
	return hq
}

// isBYOD tells who has a phone of his own making: every fourth.
func isBYOD(number int) bool { return number%4 == 0 }

func extensionID(number int) int { return 62_000_000 + number }

func deviceID(number int) string { return strconv.Itoa(80_100_000 + number) }

// serialOf is the serial of the n-th hard phone, in the range that is kept for
// documentation (RFC 7042).
func serialOf(n int) string { return fmt.Sprintf("00005E0053%02X", n) }

// phoneNumber is a number of the range that is kept for fiction.
func phoneNumber(area string, n int) string { return fmt.Sprintf("+1%s55501%02d", area, n%100) }

func numberID(area string, n int) int {
	if area == "650" {
		return 71_000_100 + n%100
	}
	return 72_000_100 + n%100
}

func (a *account) addNumber(area string, n int, status string) {
	a.numbers = append(a.numbers, number{
		strconv.Itoa(numberID(area, n)), phoneNumber(area, n), "VoiceFax", "Toll", "Inventory", status,
	})
}

func (a *account) addLocation(id, name string, where address, s site, status string) {
	a.locations = append(a.locations, location{
		ID: id, Name: name, Address: where, Site: &site{ID: s.ID, Name: s.Name},
		AddressStatus: status, UsageStatus: "Active", Visibility: "Public", FormatStatus: "Actual",
	})
}

func (a *account) addPeople(first, last int, s site, floors int, phones bool) {
	for n := first; n <= last; n++ {
		p := personOf(n)
		a.extensions = append(a.extensions, extension{
			ID: extensionID(n), Number: strconv.Itoa(n), Name: p.name(), Type: "User", Status: "Enabled",
			Contact: contact{p.first, p.last, p.email()}, Site: site{ID: s.ID, Name: s.Name},
		})
		if phones {
			a.addPhone(n, p.name()+" desk", isBYOD(n), s, (n-first)%floors+1)
		}
	}
}

// addPhone gives an extension a phone with a line.
func (a *account) addPhone(n int, name string, byod bool, s site, floor int) {
	d := device{
		ID: deviceID(n), Type: "HardPhone", Name: name, Serial: serialOf(len(a.devices)), Status: "Online",
		Model: &model{"HP-250", "Desk phone 250"}, Extension: &extensionRef{extensionID(n), strconv.Itoa(n)},
		Site: &site{ID: s.ID, Name: s.Name}, Pooling: "None",
	}
	if byod {
		d.Type, d.Serial, d.Model = "OtherPhone", "", nil
	}
	area := "650"
	if s.ID == siteWorks {
		area = "510"
	}
	if n > 300 {
		n -= 110 // shared places have the last numbers of the range
	}
	d.Lines = []line{newLine(area, n)}
	d.Emergency = a.emergencyAt(s, floor)
	a.devices = append(a.devices, d)
}

func newLine(area string, n int) line {
	return line{
		ID: strconv.Itoa(numberID(area, n) + 2_000_000), Type: "Standalone",
		Info: phoneInfo{numberID(area, n), phoneNumber(area, n), "VoiceFax"}, E911: lineE911{Required: true},
	}
}

// emergencyAt is the emergency address of a floor in the account's regime.
func (a *account) emergencyAt(s site, floor int) *emergency {
	e := &emergency{Address: at(s, floor), Status: "Valid", Editable: "AnyDevice"}
	if a.erls {
		for _, l := range a.locations {
			if l.Name == erlName(s, floor) {
				e.Location = &locationRef{l.ID, l.Name}
			}
		}
		e.Visibility = "Public"
	}
	return e
}

func (a *account) addShared(n int, name string, s site, phone bool) {
	a.extensions = append(a.extensions, extension{
		ID: extensionID(n), Number: strconv.Itoa(n), Name: name, Type: "Limited", Status: "Enabled", Site: site{ID: s.ID, Name: s.Name},
	})
	if phone {
		a.addPhone(n, name+" wall", false, s, 1)
	}
}

// addSpare puts an unassigned phone into the inventory; without a serial it is
// a BYOD slot.
func (a *account) addSpare(id, name, serial string, s site) {
	d := device{ID: id, Type: "OtherPhone", Name: name, Status: "Offline", Site: &site{ID: s.ID, Name: s.Name}, Pooling: "None"}
	if serial != "" {
		d.Type, d.Serial, d.Model = "HardPhone", serial, &model{"HP-250", "Desk phone 250"}
	}
	a.devices = append(a.devices, d)
}

// phone finds the first phone of an extension, to change it.
func (a *account) phone(n int) *device {
	for i := range a.devices {
		if e := a.devices[i].Extension; e != nil && e.ID == extensionID(n) {
			return &a.devices[i]
		}
	}
	return &device{}
}

// person is one of the company's people.
type person struct{ first, last string }

func (p person) name() string { return p.first + " " + p.last }

func (p person) email() string {
	return strings.ToLower(p.first+"."+p.last) + "@ridgeway.example"
}

// personOf names the person with an extension number. The lists' lengths have
// no common factor, so that no two of 580 people share a name.
func personOf(number int) person {
	first := []string{
		"Ada", "Ben", "Carla", "Dev", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Luis", "Maya", "Noor",
		"Omar", "Petra", "Quinn", "Rosa", "Sami", "Tessa",
	}
	last := []string{
		"Abbott", "Becker", "Castro", "Dunne", "Eriksen", "Foley", "Garner", "Holt", "Ibarra", "Jensen", "Kowal", "Lindqvist",
		"Mercer", "Novak", "Okafor", "Prentice", "Quiroga", "Reyes", "Sandoval", "Tanaka", "Underhill", "Vance", "Whitlock",
		"Xu", "Yates", "Zeman", "Ashby", "Bright", "Calder",
	}
	return person{first[number%len(first)], last[number%len(last)]}
}
