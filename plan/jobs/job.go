package jobs

import (
	"fmt"
	"strconv"
	"strings"

	"provision/plan"
)

// Job is one of the jobs that the program is for: an account, sheets, and what
// the plan shall be.
type Job struct {
	Name, About string
	Account     plan.Snapshot
	Options     plan.Options
	Sheets      []Sheet
	// Counts are the changes by kind, written down by hand; Errors are the rows
	// in error.
	Counts map[plan.Kind]int
	Errors int
	Large  bool // only a summary of its plan is kept, and no account and sheet
}

// Sheet is a CSV file. Its column "address" holds the parts of an address, from
// street to country, with a | between them.
type Sheet struct {
	File   string
	Header []string
	Rows   [][]string
}

// Builder makes an account.
type Builder struct{ Account plan.Snapshot }

// New begins an account of two sites and nothing else, with ERLs or without.
func New(erl bool) *Builder {
	return &Builder{Account: plan.Snapshot{
		Account:         plan.Account{ID: "1", Name: "Example", MainNumber: "+16505550000", Country: "US", ERLRegime: erl},
		DevicesComplete: true, NumbersRead: true, CostCentersRead: true, LocationsRead: true,
		Sites: []plan.Site{{ID: plan.MainSite, Name: "Main Site"}, {ID: "7", Name: "Reno"}},
	}}
}

// Location adds an ERL; no site ties it to none.
func (b *Builder) Location(id, name string, a plan.Address, site plan.SiteID) {
	b.Account.Locations = append(b.Account.Locations, plan.Location{
		ID: plan.LocationID(id), Name: name, Address: a, Site: site, AddressStatus: "Valid", UsageStatus: "Active", FormatStatus: "Actual", Visibility: "Public",
	})
}

// Person adds an extension; its id is its number with a one before it.
func (b *Builder) Person(number int, name string, site plan.SiteID) {
	n := strconv.Itoa(number)
	b.Account.Extensions = append(b.Account.Extensions, plan.Extension{
		ID: plan.ExtensionID("1" + n), Number: n, Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com", Type: "User", Status: "Enabled", Site: site,
	})
}

// Phone adds a phone with a line to a person.
func (b *Builder) Phone(id string, number int, name string, em plan.Emergency) *plan.Device {
	i := len(b.Account.Devices)
	b.Account.Devices = append(b.Account.Devices, plan.Device{
		ID: plan.DeviceID(id), Type: plan.TypeOtherPhone, Name: name, Extension: plan.ExtensionID("1" + strconv.Itoa(number)), Site: plan.MainSite,
		Lines:     []plan.Line{{ID: "l" + id, Type: "Standalone", Number: fmt.Sprintf("+1650555%04d", i), NumberID: plan.NumberID("n" + id)}},
		Emergency: em,
	})
	return &b.Account.Devices[i]
}

// Stock adds an unassigned device.
func (b *Builder) Stock(id, typ, serial string) {
	b.Account.Devices = append(b.Account.Devices, plan.Device{ID: plan.DeviceID(id), Type: typ, Serial: serial, Site: plan.MainSite})
}

// At is the emergency address of a phone at an ERL.
func At(id, name string, a plan.Address) plan.Emergency {
	return plan.Emergency{LocationID: plan.LocationID(id), LocationName: name, Address: a, AddressStatus: "Valid", Visibility: "Public"}
}
