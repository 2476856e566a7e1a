package sheet

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// userDataHeader are columns of the professional services' user export, some of
// which stand twice there.
const userDataHeader = "Initial Upon Completion of number/device swap;User Type;Extension;First Name;Last Name;Email Address;Department;Site;Phone Number;Phone Model;Phone S/N;Phone Nickname;Default Area Code;" +
	"E911 Customer Name;E911  Street Address - Line 1;E911  Street Address - Line 2;E911  Town/City/Locality/Municipality;E911  State/Province/County;Postal Code;E911  Country;User Greeting;Screening;User Greeting;Screening;Cost Center"

func TestForeignLayouts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		header, row string
		layout      string
		mapping     string // our columns, a dash for none
		errors      []string
		warnings    []string
	}{
		"device upload": {
			header: "Extension;Device Type;MAC Address;Device Name", row: "101;Yealink T46S;00:0b:82:12:34:56;Ada desk",
			layout: "device upload (professional services)", mapping: "extension model serial device_name",
		},
		"device upload, our types": {
			header: "Extension;Device Type;MAC Address;Device Name", row: "101;WebRTC;;Ada desk",
			layout: "device upload (professional services)", mapping: "extension model serial device_name",
		},
		"devices to ERLs": {
			header: "Device Name;Device ID;Extension Name;Extension;Site;Model;Phone number(s);ERL", row: "Ada desk;801;Ada;101;HQ;T46S;+16505550100, +16505550101;HQ floor 2",
			layout: "devices and their emergency locations (professional services)", mapping: "device_name device_id user_name extension site model - emergency_location",
		},
		"user data": {
			header: userDataHeader, row: "x;User;101;Ada;Lovelace;ada@example.com;Sales;HQ;+16505550100;T46S;000b82123456;Ada desk;;Ada;1 Main St;;Boston;MA;02134;United States;a;b;c;d;CC",
			layout:  "user data for a migration (professional services)",
			mapping: "- - extension - - email - site phone_number model serial device_name area_code customer_name street street2 city state zip country - - - - cost_center",
		},
		"admin portal": {
			header: "License Billing ID;Phone Number;Extension Number;First Name;Last Name;Email;Site;Cost Center;Emergency Response Location (ERL)", row: "DL_1;+16505550100;101;Ada;L;a@b.com;HQ;;HQ floor 2",
			layout: "users to set up (admin portal)", mapping: "- phone_number extension - - email site cost_center emergency_location",
		},
		"another system's users": {
			header: "First Name;Last Name;Primary Email;Extension;Direct Number (DID);Device MAC Address;License", row: "Ada;L;a@b.com;101;+16505550100;000b82123456;X4",
			mapping: "- - email extension phone_number serial -", warnings: []string{"a.csv!A1 unknown_column", "a.csv!B1 unknown_column", "a.csv!G1 unknown_column"},
		},
		"admin portal, a near name": {
			header: "License ID;First Name;Last Name;Extension;Email;Telephone Number (direct)", row: "DL_1;Ada;L;101;a@b.com;+16505550100",
			layout: "users to set up (admin portal)", mapping: "- - - extension email -", errors: []string{"a.csv!F1 misspelled_column"},
		},
		"ours": {
			header: "extension;device_type;serial;device_name", row: "101;WebRTC;000b82123456;Ada desk",
			mapping: "extension device_type serial device_name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := readText(t, tc.header+"\n"+tc.row+"\n", Options{})
			got := make([]string, len(d.Sheets[0].Mapping))
			for i, m := range d.Sheets[0].Mapping {
				if got[i] = m; m == "" {
					got[i] = "-"
				}
			}
			if diff := cmp.Diff(strings.Fields(tc.mapping), got); diff != "" {
				t.Errorf("mapping (-want +got):\n%s", diff)
			}
			if d.Sheets[0].Layout != tc.layout {
				t.Errorf("got layout %q, want %q", d.Sheets[0].Layout, tc.layout)
			}
			if diff := cmp.Diff(append([]string{}, tc.errors...), codes(d.Errors)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tc.warnings...), codes(d.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if r := d.Rows[0]; name == "device upload, our types" && (r.DeviceType.Text != "WebRTC" || r.Model.IsSet()) {
				t.Errorf("got type %q and model %q", r.DeviceType.Text, r.Model.Text)
			}
		})
	}
}
