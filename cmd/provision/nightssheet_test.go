//go:build unix

package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"provision/rcclient/rcsim"
)

// Guards of the nights: a sheet that adds more lines is held.
const nightMaxAdds = 6

// arriving is a sheet of the nights, and what must become of it.
type arriving struct {
	name string
	data []byte
	// place and outcome are those of its end, rows its data rows.
	place, outcome string
	rows           int
	// effects are those on the account, as effectText writes them.
	effects []string
	// events are those that people are told of it, without how often a night broke it off.
	events []string
}

// desk writes sheets, and makes the people and phones that they need: an extension stands in one sheet only, so
// that an effect tells its sheet.
type desk struct {
	rnd     *rand.Rand
	account *rcsim.Account
	people  int
	sheets  int
}

// Who may be told of a sheet.
var (
	toldDone    = []string{"start/started", "done/done"}
	toldPartial = []string{"start/started", "partial/partial"}
	toldHeld    = []string{"held/held"}
)

var nightHeader = []string{"extension", "action", "area_code", "device_id", "device_name", "new_name", "emergency_location", "street", "city", "state", "zip", "country", "replace_with", "notes"}

// row fills a row: name, value, and so on.
func (d *desk) row(fields ...string) []string {
	row := make([]string, len(nightHeader))
	row[len(row)-1] = fmt.Sprintf("sheet %d", d.sheets) // no two sheets have the same bytes by chance
	for i := 0; i < len(fields); i += 2 {
		row[slices.Index(nightHeader, fields[i])] = fields[i+1]
	}
	return row
}

var (
	nightHQ   = rcsim.Address{"street": "1 Main St", "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}
	nightWest = rcsim.Address{"street": "2 West St", "city": "Reno", "state": "NV", "zip": "89501", "country": "US"}
)

// newDesk begins an account with two places and nobody.
func newDesk(rnd *rand.Rand) *desk {
	verdict := 5.0
	a := &rcsim.Account{Settings: rcsim.Settings{Latency: 6, Validation: rcsim.Validation{Seconds: &verdict}}, Credentials: &rcsim.Credentials{JWT: nightJWT}}
	a.Account.ID, a.Account.MainNumber = 400131500, "+16505550100"
	a.Sites = []rcsim.Site{{ID: "main-site", Name: "Main Site"}}
	a.EmergencyLocations = []rcsim.EmergencyLocation{{ID: "5001", Name: "HQ", Address: nightHQ}, {ID: "5002", Name: "West", Address: nightWest}}
	a.Numbers = []rcsim.Number{{ID: "6100", PhoneNumber: "+16505550100", UsageType: "MainCompanyNumber", Status: "Normal", TollType: "Toll"}}
	return &desk{rnd: rnd, account: a}
}

// person hires somebody; the extension's id and number are the same.
func (d *desk) person() (ext string) {
	d.people++
	n := 1000 + d.people
	d.account.Extensions = append(d.account.Extensions, rcsim.Extension{ID: rcsim.IntID(n), ExtensionNumber: fmt.Sprint(n), Name: fmt.Sprint("Person ", n), Type: "User"})
	return fmt.Sprint(n)
}

// phone hires somebody who has a phone at HQ.
func (d *desk) phone() (ext, device string) {
	ext = d.person()
	n := 1000 + d.people
	device = fmt.Sprint(20000 + d.people)
	d.account.Devices = append(d.account.Devices, rcsim.Device{
		ID: rcsim.ID(device), Type: "OtherPhone", Name: "Phone " + ext, Serial: fmt.Sprintf("00aa00%06d", n),
		Extension:  &rcsim.ExtensionRef{ID: rcsim.IntID(n)},
		PhoneLines: []rcsim.PhoneLine{{PhoneInfo: &rcsim.PhoneInfo{PhoneNumber: fmt.Sprintf("+1650556%04d", n)}}},
		Emergency:  &rcsim.Emergency{Location: &rcsim.LocationRef{ID: "5001", Name: "HQ"}, Address: nightHQ, AddressStatus: "Valid"},
	})
	return ext, device
}

// job adds one piece of work: its rows and effects.
func (d *desk) job() (rows [][]string, effects []string) {
	switch d.rnd.IntN(6) {
	case 0, 1:
		ext := d.person()
		return [][]string{d.row("extension", ext, "area_code", "650", "emergency_location", "HQ")}, []string{"added " + ext}
	case 2:
		ext := d.person()
		return [][]string{d.row("extension", ext, "area_code", "650", "device_name", "Desk "+ext, "emergency_location", "HQ")}, []string{"added " + ext, "updated " + ext}
	case 3:
		ext, device := d.phone()
		return [][]string{d.row("extension", ext, "device_id", device, "new_name", "Desk "+ext)}, []string{"updated " + ext}
	case 4:
		ext, device := d.phone()
		return [][]string{d.row("extension", ext, "device_id", device, "emergency_location", "West")}, []string{"emergency " + ext}
	}
	one, device := d.phone()
	two, other := d.phone()
	return [][]string{
		d.row("extension", one, "action", "swap", "device_id", device, "emergency_location", "keep", "replace_with", "ext:"+two),
		d.row("extension", two, "action", "swap", "device_id", other, "emergency_location", "keep", "replace_with", "ext:"+one),
	}, []string{"swapped " + device + " " + other}
}

// jobs are several.
func (d *desk) jobs(n int) (rows [][]string, effects []string) {
	for range n {
		more, done := d.job()
		rows, effects = append(rows, more...), append(effects, done...)
	}
	return rows, effects
}

// Kinds of sheets.
const (
	sheetGood = iota
	sheetBook
	sheetErrors
	sheetGuarded
	sheetDeferred
	sheetRefused // by who looks after emergency addresses
	sheetText
	sheetKinds
)

// sheet writes one of a kind.
func (d *desk) sheet(kind int) *arriving {
	d.sheets++
	a := &arriving{name: fmt.Sprintf("sheet-%03d.csv", d.sheets), place: "done", outcome: "done", events: toldDone}
	rows, effects := d.jobs(1 + d.rnd.IntN(3))
	a.effects = effects
	switch kind {
	case sheetErrors:
		rows = append(rows, d.row("extension", d.person(), "area_code", "650", "emergency_location", "Nowhere"))
		a.held("sheet_errors", "held/sheet_errors")
	case sheetGuarded:
		for range nightMaxAdds + 1 {
			rows = append(rows, d.row("extension", d.person(), "area_code", "650", "emergency_location", "HQ"))
		}
		a.held("held", toldHeld...)
	case sheetDeferred:
		rows = append(rows, d.row("extension", fmt.Sprint(8000+d.sheets), "area_code", "650", "emergency_location", "HQ"))
		a.place, a.outcome, a.events = "partial", "partial", toldPartial
	case sheetRefused:
		ext, device := d.phone()
		rows = append(rows, d.row("extension", ext, "device_id", device, "street", fmt.Sprintf("%d Invalid Way", d.sheets), "city", "Belmont", "state", "CA", "zip", "94002", "country", "US"))
		a.effects = append(a.effects, "location ")
		a.place, a.outcome = "partial", "partial"
		a.events = append(slices.Clone(toldPartial), "address-not-confirmed/address-not-confirmed")
	case sheetText:
		a.name = strings.TrimSuffix(a.name, ".csv") + ".txt"
		a.held("held", toldHeld...)
	}
	a.rows = len(rows)
	a.data = csvOf(rows)
	if kind == sheetBook {
		a.name = strings.TrimSuffix(a.name, ".csv") + ".xlsx"
		a.data = bookOf(rows)
	}
	return a
}

func (a *arriving) held(outcome string, events ...string) {
	a.place, a.outcome, a.events, a.effects = "held", outcome, events, nil
}

// repeat is a sheet that comes once more under another name.
func (d *desk) repeat(of *arriving) *arriving {
	d.sheets++
	a := &arriving{name: fmt.Sprintf("sheet-%03d-again-%s", d.sheets, of.name), data: of.data, rows: of.rows}
	a.held("held", toldHeld...)
	return a
}

// unchanged is a sheet of whose rows all is done; it has the name of one of before.
func (d *desk) unchanged(of *arriving) *arriving {
	data := append(slices.Clone(of.data), strings.Repeat(",", len(nightHeader)-1)+"\n"...)
	return &arriving{name: of.name, data: data, place: "done", outcome: "no_changes", rows: of.rows, events: []string{"done/no_changes"}}
}

func csvOf(rows [][]string) []byte {
	var buf bytes.Buffer
	_ = csv.NewWriter(&buf).WriteAll(append([][]string{nightHeader}, rows...)) // a buffer takes all
	return buf.Bytes()
}

func bookOf(rows [][]string) []byte {
	f := excelize.NewFile()
	for i, row := range append([][]string{nightHeader}, rows...) {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			panic(err)
		}
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		panic(err)
	}
	return buf.Bytes()
}
