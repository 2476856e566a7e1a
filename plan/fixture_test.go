package plan

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testTime is the time that tests plan at.
var testTime = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// sheetOf makes rows of lines like "extension=101; action=add". The first
// line is row 2 of "t.csv", and a column's cell is where its name stands in
// testColumns.
func sheetOf(t testing.TB, lines ...string) Desired {
	t.Helper()
	d := Desired{Sheets: []SheetInfo{{File: "t.csv", SHA256: "00", Header: testColumns, Mapping: testColumns}}}
	for i, line := range lines {
		d.Rows = append(d.Rows, rowOfLine(t, i+2, line))
	}
	return d
}

var testColumns = []string{
	"action", "extension", "email", "user_name", "site", "device_id", "phone_number", "serial", "device_name", "new_name", "new_serial",
	"model", "new_model", "device_type", "phone_number_id", "area_code", "toll_type", "cost_center", "emergency_location", "street", "street2", "city", "state",
	"zip", "country", "customer_name", "replace_with", "keep_assets", "common_phone", "quantity", "invalid", "address",
}

func rowOfLine(t testing.TB, n int, line string) Row {
	t.Helper()
	r := Row{At: RowCell("t.csv", "", n)}
	for part := range strings.SplitSeq(line, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, text, ok := strings.Cut(strings.TrimSpace(part), "=")
		col := 0
		for i, c := range testColumns {
			if c == name {
				col = i + 1
			}
		}
		if !ok || col == 0 {
			t.Fatalf("row %q: no such column in %q", line, part)
		}
		setColumn(t, &r, name, text, RowCell("t.csv", "", n).In(col, name))
	}
	return r
}

func setColumn(t testing.TB, r *Row, name, text string, cell Cell) {
	t.Helper()
	v := Value{Text: text, Cell: cell}
	values := map[string]*Value{
		"extension": &r.Extension, "email": &r.Email, "user_name": &r.UserName, "site": &r.Site, "device_id": &r.DeviceID,
		"phone_number": &r.PhoneNumber, "serial": &r.Serial, "device_name": &r.DeviceName, "new_name": &r.NewName, "new_serial": &r.NewSerial,
		"model": &r.Model, "new_model": &r.NewModel, "device_type": &r.DeviceType, "phone_number_id": &r.PhoneNumberID, "area_code": &r.AreaCode,
		"toll_type": &r.TollType, "cost_center": &r.CostCenter, "emergency_location": &r.Location, "customer_name": &r.CustomerName, "common_phone": &r.CommonPhone,
	}
	address := map[string]*string{
		"street": &r.Address.Street, "street2": &r.Address.Street2, "city": &r.Address.City, "state": &r.Address.State, "zip": &r.Address.Zip, "country": &r.Address.Country,
	}
	switch {
	case values[name] != nil:
		*values[name] = v
	case address[name] != nil:
		*address[name] = text
		r.AddressCell = cell
	case name == "address":
		p := strings.Split(text, "|")
		r.Address, r.AddressCell = Address{Street: p[0], Street2: p[1], City: p[2], State: p[3], Zip: p[4], Country: p[5]}, cell
	case name == "action":
		r.Action, r.ActionCell = Action(text), cell
	case name == "replace_with":
		r.ReplaceWith = replacementOf(text, cell)
	case name == "keep_assets":
		r.KeepAssets, r.KeepCell = Keep(text), cell
	case name == "invalid":
		r.Invalid = true
	case name == "quantity":
		q, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		r.Quantity, r.QtyCell = q, cell
	}
}

func replacementOf(text string, cell Cell) Replacement {
	for _, f := range []ReplaceForm{ReplaceID, ReplaceSerial, ReplaceName, ReplaceExtension} {
		if arg, ok := strings.CutPrefix(text, string(f)+":"); ok {
			return Replacement{Form: f, Arg: arg, Cell: cell}
		}
	}
	form, arg, _ := strings.Cut(text, "@")
	return Replacement{Form: ReplaceForm(form), Arg: arg, Cell: cell}
}

// hq and lab are two places of the test account.
var (
	hq  = Address{Street: "1 Main St", City: "Oakland", State: "CA", Zip: "94607", Country: "US"}
	lab = Address{Street: "9 Elm Ave", City: "Reno", State: "NV", Zip: "89501", Country: "US"}
)

const (
	hqText  = "address=1 Main St.||Oakland|California|94607|USA"
	labText = "address=9 elm ave||RENO|NV|89501|US"
	newText = "address=5 Oak Rd|Suite 2|Salem|OR|97301|US"
)

// testAccount is a small account: phones d1 of 101 to d5 of 105 at the place
// hq, d6 and d7 both of 106, nobody's slots s1 to s3 and HardPhone h1, an
// extension 110 without phone and a limited one, 120.
func testAccount(erl bool) Snapshot {
	s := Snapshot{
		Account: Account{ID: "1", Name: "Test", MainNumber: "+15550000", Country: "US", ERLRegime: erl}, TakenAt: testTime,
		DevicesComplete: true, NumbersRead: true, CostCentersRead: true, LocationsRead: true,
		Sites:       []Site{{ID: "main-site", Name: "Main Site"}, {ID: "7", Name: "Reno", Code: "RN"}},
		CostCenters: []CostCenter{{ID: "900", Name: "Sales", Code: "S-1"}, {ID: "901", Name: "Dup"}, {ID: "902", Name: "dup"}},
	}
	if erl {
		s.Locations = []Location{
			location("L1", "HQ", hq), location("L2", "Lab", lab),
			{ID: "L3", Name: "Old", Address: Address{Street: "3 Old Rd", City: "Reno", State: "NV", Zip: "89501", Country: "US"}, AddressStatus: "Invalid", UsageStatus: "Active"},
		}
	}
	for i := 1; i <= 10; i++ {
		s.Extensions = append(s.Extensions, Extension{
			ID: ExtensionID(strconv.Itoa(1000 + i)), Number: strconv.Itoa(100 + i), Name: fmt.Sprintf("User %d", i), Email: fmt.Sprintf("u%d@example.com", i),
			Type: "User", Status: "Enabled", Site: MainSite,
		})
	}
	s.Extensions = append(s.Extensions,
		Extension{ID: "1020", Number: "120", Name: "Lobby", Type: "Limited", Status: "Enabled", Site: MainSite},
		Extension{ID: "1021", Number: "121", Name: "Queue", Type: "Department", Status: "Enabled", Site: MainSite},
		Extension{ID: "1022", Number: "122", Name: "Gone", Type: "User", Status: "Disabled", Site: MainSite},
		Extension{ID: "1023", Number: "123", Name: "Reno One", Type: "User", Status: "Enabled", Site: "7", SiteName: "Reno"},
	)
	for i := 1; i <= 6; i++ {
		s.Devices = append(s.Devices, phone(fmt.Sprintf("d%d", i), strconv.Itoa(1000+i), fmt.Sprintf("Phone %d", i), fmt.Sprintf("+1555010%d", i), erl))
		s.Devices[i-1].Serial = fmt.Sprintf("0000000000%02d", i)
	}
	d7 := phone("d7", "1006", "Phone 7", "+15550107", erl)
	d20 := phone("d20", "1020", "Lobby phone", "+15550120", erl)
	s.Devices = append(s.Devices, d7, d20)
	for _, id := range []string{"s1", "s2", "s3"} {
		s.Devices = append(s.Devices, Device{ID: DeviceID(id), Type: TypeOtherPhone, Site: MainSite})
	}
	s.Devices = append(s.Devices, Device{ID: "h1", Type: TypeHardPhone, Serial: "aabbccddeeff", Name: "Spare", Site: MainSite})
	s.Numbers = []Number{
		{ID: "n1", Number: "+15550201", Usage: "Inventory", Status: "Normal"},
		{ID: "n2", Number: "+15550202", Usage: "Inventory", Status: "Pending"},
		{ID: "n3", Number: "+15550203", Usage: "MainCompanyNumber", Status: "Normal"},
		{ID: "n4", Number: "+15550204", Usage: "DirectNumber", Status: "Normal", Extension: "1009", HolderExt: "109"},
		{ID: "n5", Number: "+15550205", Usage: "Inventory", Status: "Normal", Type: "FaxOnly"},
	}
	return s
}

func location(id, name string, a Address) Location {
	return Location{ID: LocationID(id), Name: name, Address: a, AddressStatus: "Valid", UsageStatus: "Active", FormatStatus: "Actual", Visibility: "Public"}
}

// phone is an OtherPhone with one line at the place hq.
func phone(id, ext, name, number string, erl bool) Device {
	d := Device{
		ID: DeviceID(id), Type: TypeOtherPhone, Name: name, Extension: ExtensionID(ext), Site: MainSite,
		Lines:     []Line{{ID: "l" + id, Type: "Standalone", Number: number, NumberID: NumberID("n" + id)}},
		Emergency: Emergency{Address: hq, AddressStatus: "Valid", Visibility: "Public"},
	}
	if erl {
		d.Emergency.LocationID, d.Emergency.LocationName = "L1", "HQ"
	}
	return d
}

// dev finds a device of a snapshot that a test wants to alter.
func dev(s *Snapshot, id DeviceID) *Device {
	for i := range s.Devices {
		if s.Devices[i].ID == id {
			return &s.Devices[i]
		}
	}
	return nil
}

// planCase is one row of the golden tables: the account (altered), the rows,
// and the plan's text.
type planCase struct {
	name  string
	plain bool // the regime without ERLs
	alter func(*Snapshot)
	opts  func(*Options)
	rows  []string
	want  string
}

func runPlans(t *testing.T, cases []planCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := testAccount(!c.plain)
			if c.alter != nil {
				c.alter(&s)
			}
			o := Options{Now: testTime, Program: "test"}
			if c.opts != nil {
				c.opts(&o)
			}
			p, err := Build(sheetOf(t, c.rows...), s, o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(trimLines(c.want), trimLines(p.String())); diff != "" {
				t.Errorf("rows %q (-want +got):\n%s", c.rows, diff)
			}
			if len(p.Errors) == 0 {
				againIsEmpty(t, sheetOf(t, c.rows...), s, p, o)
			}
		})
	}
}

func trimLines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
