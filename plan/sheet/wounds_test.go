package sheet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/plan"
)

// readText reads the text of a CSV file.
func readText(t *testing.T, text string, opts Options) plan.Desired {
	t.Helper()
	desired, _, err := Read(t.Context(), []string{save(t, "a.csv", []byte(text))}, opts)
	if err != nil {
		t.Fatalf("read %q: %v", text, err)
	}
	return desired
}

// TestWounds reads one value in one column and looks at what became of it.
func TestWounds(t *testing.T) {
	t.Parallel()
	extension := func(r plan.Row) string { return r.Extension.Text }
	serial := func(r plan.Row) string { return r.Serial.Text }
	phone := func(r plan.Row) string { return r.PhoneNumber.Text }
	name := func(r plan.Row) string { return r.DeviceName.Text }
	for _, tc := range []struct {
		column, value string
		get           func(plan.Row) string
		want          string
		problem       string // code of an error
		note          string // code of a warning
	}{
		{"extension", "101", extension, "101", "", ""},
		{"extension", "0101", extension, "0101", "", ""},
		{"extension", "101.0", extension, "101", "", "number_restored"},
		{"extension", "1.01E+02", extension, "101", "", "number_restored"},
		{"extension", "1.0E+02", extension, "", "scientific_notation", ""},
		{"extension", "101.5", extension, "", "extension_invalid", ""},
		{"extension", `"=""0101"""`, extension, "0101", "", "cleaned"},
		{"extension", "'0101", extension, "0101", "", "cleaned"},
		{"extension", "\u00a0101\u200b", extension, "101", "", "cleaned"},
		{"extension", "１０１", extension, "101", "", "cleaned"},
		{"extension", "x101", extension, "", "extension_invalid", ""},
		{"extension", "123456789", extension, "", "extension_invalid", ""},
		{"extension", "#N/A", extension, "", "error_cell", ""},
		{"extension", "1\ufffd1", extension, "", "text_damaged", ""},
		{"serial", "00:0B:82:12:34:56", serial, "000b82123456", "", ""},
		{"serial", "000b.8212.3456", serial, "000b82123456", "", ""},
		{"serial", "00–0B–82–12–34–56", serial, "000b82123456", "", "cleaned"},
		{"serial", "B82123456", serial, "", "serial_invalid", ""},
		{"serial", "0B8212345", serial, "", "serial_invalid", ""},
		{"serial", "5.57E+92", serial, "", "scientific_notation", ""},
		{"serial", "000000000000", serial, "", "serial_invalid", ""},
		{"serial", "ff:ff:ff:ff:ff:ff", serial, "", "serial_invalid", ""},
		{"serial", "N/A", serial, "", "stands_for_nothing", ""},
		{"serial", "SEP000B82123456", serial, "000b82123456", "", "serial_restored"},
		{"serial", "sep000b82123456", serial, "000b82123456", "", "serial_restored"},
		{"serial", "SEP000B8212345", serial, "", "serial_invalid", ""},
		{"extension", "'0101'", extension, "0101", "", "cleaned"},
		{"extension", "''0101", extension, "0101", "", "cleaned"},
		{"extension", "NULL", extension, "", "stands_for_nothing", ""},
		{"extension", "-", extension, "", "stands_for_nothing", ""},
		{"serial", "000B82-123456", serial, "000b82123456", "", ""},
		{"serial", "00 0B 82 12 34 56", serial, "000b82123456", "", ""},
		{"serial", "0:b:82:1:34:56", serial, "000b82013456", "", "serial_restored"},
		{"serial", "112233445566.0", serial, "112233445566", "", "number_restored"},
		{"serial", "1.12233445566E+11", serial, "112233445566", "", "number_restored"},
		{"serial", "11223344556.0", serial, "", "serial_invalid", ""},
		{"serial", "1.12E+10", serial, "", "scientific_notation", ""},
		{"serial", "12E345678901", serial, "12e345678901", "", ""},
		{"serial", "1.2.3.4.5.6", serial, "", "serial_invalid", ""},
		{"serial", "000b8:212:3456", serial, "", "serial_invalid", ""},
		{"phone_number", "+16505550100", phone, "+16505550100", "", ""},
		{"phone_number", "tel:+16505550100", phone, "+16505550100", "", "number_restored"},
		{"phone_number", "TEL:+44-20-7946-0958", phone, "+442079460958", "", "number_restored"},
		{"phone_number", "tel:+16505550100;ext=101", phone, "", "phone_invalid", ""},
		{"phone_number", "(650) 555-0100", phone, "+16505550100", "", ""},
		{"phone_number", "16505550100", phone, "+16505550100", "", ""},
		{"phone_number", "6505550100.0", phone, "+16505550100", "", "number_restored"},
		{"phone_number", "+44 20 7946 0958", phone, "+442079460958", "", ""},
		{"phone_number", "1.6502E+10", phone, "", "scientific_notation", ""},
		{"phone_number", "1.6502345678E+10", phone, "+16502345678", "", "number_restored"},
		{"phone_number", "650555010", phone, "", "phone_invalid", ""},
		{"phone_number", "4930123456", phone, "", "phone_invalid", ""},
		{"phone_number", "'+16505550100", phone, "+16505550100", "", "cleaned"},
		{"phone_number", "=\"+16505550100\"", phone, "+16505550100", "", "cleaned"},
		{"phone_number", "\"+16505550100, +16505550101\"", phone, "", "phone_invalid", ""},
		{"phone_number", "１６５０５５５０１００", phone, "+16505550100", "", "cleaned"},
		{"phone_number", "001 650 555 0100", phone, "", "phone_invalid", ""},
		{"phone_number", "011 49 30 123456", phone, "+4930123456", "", ""},
		{"phone_number", "1-800-FLOWERS", phone, "", "phone_invalid", ""},
		{"phone_number", "+16505550100 x12", phone, "", "phone_invalid", ""},
		{"device_name", "Ada’s phone", name, "Ada’s phone", "", ""},
		{"device_name", "\"Ada\nphone\"", name, "Ada phone", "", "cleaned"},
		{"device_name", strings.Repeat("n", 65), name, "", "too_long", ""},
		{"device_name", "#1 desk", name, "#1 desk", "", ""},
		{"email", "Ada@Example.COM ", func(r plan.Row) string { return r.Email.Text }, "ada@example.com", "", ""},
		{"email", "ada@example.com; bob@example.com", func(r plan.Row) string { return r.Email.Text }, "", "email_invalid", ""},
		{"action", "Remove", func(r plan.Row) string { return string(r.Action) }, "remove", "", ""},
		{"action", "delete", func(r plan.Row) string { return string(r.Action) }, "", "action_invalid", ""},
		{"common_phone", "TRUE", func(r plan.Row) string { return r.CommonPhone.Text }, "yes", "", ""},
		{"common_phone", "1.0", func(r plan.Row) string { return r.CommonPhone.Text }, "yes", "", ""},
		{"common_phone", "maybe", func(r plan.Row) string { return r.CommonPhone.Text }, "", "yes_no_invalid", ""},
		{"keep_assets", "Number", func(r plan.Row) string { return string(r.KeepAssets) }, "number", "", ""},
		{"keep_assets", "some", func(r plan.Row) string { return string(r.KeepAssets) }, "", "keep_assets_invalid", ""},
		{"toll_type", "toll-free", func(r plan.Row) string { return r.TollType.Text }, "TollFree", "", ""},
		{"toll_type", "free", func(r plan.Row) string { return r.TollType.Text }, "", "toll_type_invalid", ""},
		{"device_type", "other phone", func(r plan.Row) string { return r.DeviceType.Text }, "OtherPhone", "", ""},
		{"device_type", "SoftPhone", func(r plan.Row) string { return r.DeviceType.Text }, "", "device_type_invalid", ""},
		{"quantity", "5.0", func(r plan.Row) string { return fmt.Sprint(r.Quantity) }, "5", "", ""},
		{"quantity", "0", func(r plan.Row) string { return fmt.Sprint(r.Quantity) }, "0", "quantity_invalid", ""},
		{"quantity", "2.5", func(r plan.Row) string { return fmt.Sprint(r.Quantity) }, "0", "quantity_invalid", ""},
		{"area_code", "(650)", func(r plan.Row) string { return r.AreaCode.Text }, "650", "", ""},
		{"area_code", "065", func(r plan.Row) string { return r.AreaCode.Text }, "", "area_code_invalid", ""},
		{"device_id", "801234567", func(r plan.Row) string { return r.DeviceID.Text }, "801234567", "", ""},
		{"device_id", "8.01E+08", func(r plan.Row) string { return r.DeviceID.Text }, "", "scientific_notation", ""},
		{"device_id", "80 12", func(r plan.Row) string { return r.DeviceID.Text }, "", "id_invalid", ""},
		{"emergency_location", "Keep", func(r plan.Row) string { return r.Location.Text }, "keep", "", ""},
		{"emergency_location", "ID: 77", func(r plan.Row) string { return r.Location.Text }, "id:77", "", ""},
		{"emergency_location", "HQ: floor 2", func(r plan.Row) string { return r.Location.Text }, "HQ: floor 2", "", ""},
		{"emergency_location", "id: 7 7", func(r plan.Row) string { return r.Location.Text }, "", "id_invalid", ""},
	} {
		t.Run(tc.column+" "+tc.value, func(t *testing.T) {
			t.Parallel()
			d := readText(t, "row_id,"+tc.column+"\nr1,"+tc.value+"\n", Options{})
			if got := tc.get(d.Rows[0]); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			wantProblems(t, "error", d.Errors, tc.problem)
			wantProblems(t, "warning", d.Warnings, tc.note)
			if d.Rows[0].Invalid != (tc.problem != "") {
				t.Errorf("got invalid %v, want %v", d.Rows[0].Invalid, tc.problem != "")
			}
		})
	}
}

// wantProblems wants one problem of that code at B2, or none.
func wantProblems(t *testing.T, what string, got []plan.Problem, code string) {
	t.Helper()
	want := []string{}
	if code != "" {
		want = []string{"a.csv!B2 " + code}
	}
	if diff := cmp.Diff(want, codes(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
	for _, p := range got {
		if p.Message == "" || p.Value == "" {
			t.Errorf("%s %+v: want a message and the value", what, p)
		}
	}
}

func TestAddressIsOneValue(t *testing.T) {
	t.Parallel()
	const header = "row_id,street,street2,city,state,zip,country\n"
	for name, tc := range map[string]struct {
		row      string
		country  string
		want     plan.Address
		problems []string
		notes    []string
	}{
		"whole":              {row: "1 Main St,,Boston,Massachusetts,02134,usa", want: plan.Address{Street: "1 Main St", City: "Boston", State: "MA", Zip: "02134", Country: "US"}},
		"default country":    {row: "1 Main St,,Boston,MA,02134,", country: " us", want: plan.Address{Street: "1 Main St", City: "Boston", State: "MA", Zip: "02134", Country: "US"}},
		"zip restored":       {row: "1 Main St,,Boston,MA,2134,US", want: plan.Address{Street: "1 Main St", City: "Boston", State: "MA", Zip: "02134", Country: "US"}, notes: []string{"a.csv!F2 zip_restored"}},
		"zip of nine":        {row: "1 Main St,,Boston,MA,021341234,US", want: plan.Address{Street: "1 Main St", City: "Boston", State: "MA", Zip: "02134-1234", Country: "US"}},
		"zip as number":      {row: "1 Main St,,Boston,MA,2134.0,US", want: plan.Address{Street: "1 Main St", City: "Boston", State: "MA", Zip: "02134", Country: "US"}, notes: []string{"a.csv!F2 number_restored", "a.csv!F2 zip_restored"}},
		"zip not restorable": {row: "1 Main St,,San Jose,CA,9513,US", want: plan.Address{Street: "1 Main St", City: "San Jose", State: "CA", Country: "US"}, problems: []string{"a.csv!F2 zip_invalid"}},
		"zip abroad":         {row: "1 Rue X,,Paris,,0123,France", want: plan.Address{Street: "1 Rue X", City: "Paris", Zip: "0123", Country: "FR"}},
		"country's own name": {row: "Calle 1,,Madrid,,28001,Espana", want: plan.Address{Street: "Calle 1", City: "Madrid", Zip: "28001", Country: "ES"}},
		"another's name":     {row: "1 Str. Y,,Dresden,,01067,Allemagne", want: plan.Address{Street: "1 Str. Y", City: "Dresden", Zip: "01067", Country: "DE"}},
		"zip abroad, lost":   {row: "1 Str. Y,,Dresden,,1067,Germany", want: plan.Address{Street: "1 Str. Y", City: "Dresden", Zip: "01067", Country: "DE"}, notes: []string{"a.csv!F2 zip_restored"}},
		"canada":             {row: "1 King St,,Toronto,ontario,m5h 2n2,CA", want: plan.Address{Street: "1 King St", City: "Toronto", State: "ON", Zip: "M5H 2N2", Country: "CA"}},
		"uk":                 {row: "1 High St,,London,Greater London,sw1a 1aa,U.K.", want: plan.Address{Street: "1 High St", City: "London", State: "Greater London", Zip: "SW1A 1AA", Country: "GB"}},
		"quotes":             {row: "1 O’Farrell St,,Boston,MA,02134,US", want: plan.Address{Street: "1 O'Farrell St", City: "Boston", State: "MA", Zip: "02134", Country: "US"}},
		"no street":          {row: ",,Boston,MA,02134,US", want: plan.Address{City: "Boston", State: "MA", Zip: "02134", Country: "US"}, problems: []string{"a.csv!B2 address_incomplete"}},
		"only street2":       {row: ",Floor 2,,,,", want: plan.Address{Street2: "Floor 2"}, problems: []string{"a.csv!B2 address_incomplete", "a.csv!D2 address_incomplete", "a.csv!F2 address_incomplete", "a.csv!G2 address_incomplete"}},
		"no state":           {row: "1 Main St,,Boston,,02134,US", want: plan.Address{Street: "1 Main St", City: "Boston", Zip: "02134", Country: "US"}, problems: []string{"a.csv!E2 address_incomplete"}},
		"no country":         {row: "1 Main St,,Boston,MA,02134,", want: plan.Address{Street: "1 Main St", City: "Boston", State: "MA", Zip: "02134"}, problems: []string{"a.csv!G2 address_incomplete"}},
		"unknown country":    {row: "1 Main St,,Boston,MA,02134,Narnia", want: plan.Address{Street: "1 Main St", City: "Boston", State: "MA", Zip: "02134", Country: "Narnia"}, problems: []string{"a.csv!G2 country_unknown"}},
		"box":                {row: "P.O. Box 12,,Boston,MA,02134,US", want: plan.Address{Street: "P.O. Box 12", City: "Boston", State: "MA", Zip: "02134", Country: "US"}, problems: []string{"a.csv!B2 po_box"}},
		"box in street2":     {row: "1 Main St,PO BOX 9,Boston,MA,02134,US", want: plan.Address{Street: "1 Main St", Street2: "PO BOX 9", City: "Boston", State: "MA", Zip: "02134", Country: "US"}, problems: []string{"a.csv!C2 po_box"}},
		"box in a name":      {row: "1 Boxwood Ln,,Boston,MA,02134,US", want: plan.Address{Street: "1 Boxwood Ln", City: "Boston", State: "MA", Zip: "02134", Country: "US"}},
		"none":               {row: ",,,,,"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := readText(t, header+"r1,"+tc.row+"\n", Options{Country: tc.country})
			if diff := cmp.Diff(tc.want, d.Rows[0].Address); diff != "" {
				t.Errorf("address (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tc.problems...), codes(d.Errors)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tc.notes...), codes(d.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if got, want := d.Rows[0].HasAddress(), tc.want != (plan.Address{}); got != want {
				t.Errorf("got HasAddress %v, want %v", got, want)
			}
		})
	}
}

func TestReplaceWith(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]plan.Replacement{
		"id:123":               {Form: plan.ReplaceID, Arg: "123"},
		"Serial: 000B82123456": {Form: plan.ReplaceSerial, Arg: "000b82123456"},
		"name:Desk: 1":         {Form: plan.ReplaceName, Arg: "Desk: 1"},
		"EXT:105":              {Form: plan.ReplaceExtension, Arg: "105"},
		"Inventory":            {Form: plan.ReplaceInventory},
		"inventory@Main Site":  {Form: plan.ReplaceInventory, Arg: "Main Site"},
		"new":                  {Form: plan.ReplaceNew},
	} {
		got, _, problem := parseReplacement(text)
		if problem != "" || got != want {
			t.Errorf("%q: got %+v (%s), want %+v", text, got, problem, want)
		}
	}
	for _, text := range []string{"", "id:", "id:1 2", "serial:12", "ext:abc", "inventory@", "inventory:5", "new:1", "none:1", "105", ":x"} {
		if got, code, problem := parseReplacement(text); problem == "" || code == "" {
			t.Errorf("%q: got %+v, want an error", text, got)
		}
	}
}

// TestEveryCellIsKnown looks at cells in a CSV whose values span lines.
func TestEveryCellIsKnown(t *testing.T) {
	t.Parallel()
	d := readText(t, "Devices of June\n\nExt,Notes,Device Name,Oddity\n101,\"two\nlines\",Desk,x\n\n,,,\n102,one,Hall,\n", Options{})
	var got []string
	for _, r := range d.Rows {
		got = append(got, r.At.String(), r.Extension.Cell.String(), r.DeviceName.Cell.String()+" "+r.DeviceName.Cell.Header())
	}
	want := []string{"a.csv!4", "a.csv!A4", "a.csv!C5 Device Name", "a.csv!8", "a.csv!A8", "a.csv!C8 Device Name"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"101", "two\nlines", "Desk", "x"}, d.Rows[0].Raw); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"extension", "notes", "device_name", ""}, d.Sheets[0].Mapping); diff != "" {
		t.Errorf("mapping (-want +got):\n%s", diff)
	}
}

// TestRaggedRows reads rows that are longer or shorter than the header.
func TestRaggedRows(t *testing.T) {
	t.Parallel()
	d := readText(t, "ext,street,city,state,zip,country\n101,1 Main St, Suite 2,Boston,MA,02134,US\n102\n103,,,,,,,,,\n104,1 \"A\" St,Boston,MA,02134,US\n105,,", Options{})
	if diff := cmp.Diff([]string{"a.csv!G2 extra_value", "a.csv!6 row_cut"}, codes(withCode(d.Errors, "extra_value", "row_cut"))); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if got := d.Rows[3].Address.Street; got != `1 "A" St` {
		t.Errorf("got street %q, want the quotation marks in it", got)
	}
	if got := len(d.Rows); got != 5 {
		t.Errorf("got %d rows, want 5", got)
	}
	if d.Rows[1].Invalid || d.Rows[2].Invalid || !d.Rows[0].Invalid || !d.Rows[4].Invalid {
		t.Error("want the shifted and the cut row invalid, the short and the long but empty ones not")
	}
}

func withCode(problems []plan.Problem, wanted ...string) []plan.Problem {
	var out []plan.Problem
	for _, p := range problems {
		for _, code := range wanted {
			if p.Code == code {
				out = append(out, p)
			}
		}
	}
	return out
}

// TestManyProblems bounds what one sheet reports.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	d := readText(t, "ext,email\n"+strings.Repeat("1,x\n", maxProblems+5), Options{})
	if len(d.Errors) != maxProblems+1 || d.Errors[maxProblems].Code != "too_many_problems" {
		t.Errorf("got %d errors, the last %+v", len(d.Errors), d.Errors[len(d.Errors)-1])
	}
	if !d.Rows[len(d.Rows)-1].Invalid {
		t.Error("got the last row valid, want each row with an error invalid")
	}
}
