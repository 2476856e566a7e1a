package sheet_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"provision/plan"
	"provision/plan/sheet"
)

var exportTime = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// oddTexts are names as people and services have them, and worse.
var oddTexts = []string{
	"", "Lobby", "lobby", "Lobby ", "  Lobby  2", "Ada’s phone", "O'Neil", "=1+1", "+1 (650)", "-", "@home", "'quoted", `="7"`, "keep", "id:7",
	"a,b;c\td", "two\nlines", "x\r\ny", "\ufeffmark", "nul\x01", "#N/A", "#REF!", "007", "1.0", "1E5", "new", "inventory", "ſtraße", "İstanbul", "日本", "“so”",
	strings.Repeat("long ", 13), strings.Repeat("x", 300), "a\u00a0b", "e\u0301", "\xff", "User 1", "2024-01-02", "TRUE", "soft\u00adhyphen",
}

// oddAddresses are the same for places.
var oddAddresses = []plan.Address{
	{}, {Street: "1 Main St", City: "Oakland", State: "CA", Zip: "94607", Country: "US", CustomerName: "Ada"},
	{Street: "1 Main St", Street2: "Suite 5", City: "Oakland", State: "California", Zip: "946071234", Country: "USA"},
	{Street: "5 Elm", City: "Boston", State: "MA", Zip: "2134", Country: "US"}, {Street: "5 Elm", City: "Boston", Zip: "02134", Country: "US"},
	{Street: "P.O. Box 5", City: "Reno", State: "NV", Zip: "89501", Country: "US"}, {Street: "Torstraße 1", City: "Berlin", Zip: "10119", Country: "Germany"},
	{Street: "Torstr. 1", City: "Berlin", State: "BE", Zip: "10119", Country: "DE"}, {Street: "10 Downing St", City: "London", State: "ENG", Zip: "sw1a 2aa", Country: "GB"},
	{Street: "=1", City: "@x", State: "-", Zip: "+1", Country: "Nowhere"}, {Street: "1 “Q” St – A", City: "X", State: "CA", Zip: "94607", Country: "US", CustomerName: " =x"},
	{City: "Oakland"}, {Street: "\u200b", City: "Oakland", State: "CA", Zip: "94607", Country: "US"},
}

// drawAccount makes an account; everything that can clash does at times.
func drawAccount(t *rapid.T) plan.Snapshot {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	odd := rapid.SampledFrom(oddTexts)
	address := rapid.SampledFrom(oddAddresses)
	s := plan.Snapshot{
		Account: plan.Account{ID: "1", Country: pick("country", "", "US", "DE"), ERLRegime: rapid.Bool().Draw(t, "erl")}, TakenAt: exportTime,
		DevicesComplete: true, NumbersRead: true, LocationsRead: true, CostCentersRead: true,
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "sites") {
		id := plan.SiteID(fmt.Sprint(70 + i))
		if i == 0 {
			id = plan.MainSite
		}
		s.Sites = append(s.Sites, plan.Site{ID: id, Name: odd.Draw(t, "site"), Code: pick("code", "", "71", "X")})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "locations") {
		s.Locations = append(s.Locations, plan.Location{
			ID: plan.LocationID(fmt.Sprint(500 + i)), Name: odd.Draw(t, "erl name"), Address: address.Draw(t, "place"),
			AddressStatus: pick("status", "Valid", "Valid", "Invalid", "Provisioning"), UsageStatus: pick("usage", "Active", "Inactive"),
			Visibility: pick("visibility", "Public", "Public", "Private"), Site: plan.SiteID(pick("erl site", "", "71", "main-site")),
		})
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "extensions") {
		s.Extensions = append(s.Extensions, plan.Extension{
			ID: plan.ExtensionID(fmt.Sprint(1000 + i)), Number: pick("number", fmt.Sprint(100+i), fmt.Sprint(100+i), fmt.Sprint(100+i), "", "007", "100"),
			Name: odd.Draw(t, "person"), Email: pick("email", "a@example.com", "B@Example.com", "", "not an address", "=a@b.de"),
			Type: pick("type", "User", "User", "Limited", "Department"), Status: pick("enabled", "Enabled", "Enabled", "NotActivated", "Disabled", "Frozen"),
			Site: plan.SiteID(pick("ext site", "", "main-site", "71", "72", "99")), SiteName: odd.Draw(t, "site name"),
		})
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "devices") {
		s.Devices = append(s.Devices, drawDevice(t, i, pick, odd, address))
	}
	return s
}

func drawDevice(t *rapid.T, i int, pick func(string, ...string) string, odd *rapid.Generator[string], address *rapid.Generator[plan.Address]) plan.Device {
	d := plan.Device{
		ID:   plan.DeviceID(pick("id", fmt.Sprint(80+i), fmt.Sprint(80+i), fmt.Sprintf("d-%d", i), fmt.Sprintf("0%d", i), fmt.Sprintf("a/%d", i))),
		Type: pick("device type", "HardPhone", "OtherPhone", "OtherPhone", "WebRTC", "SoftPhone", "BLA"),
		Name: odd.Draw(t, "device name"), Model: odd.Draw(t, "model"), Serial: pick("serial", "", "000b82123456", "000b82123456", "SN-1", "000000000000", "12E456789012"),
		Extension: plan.ExtensionID(pick("extension", "1000", "1000", "1001", "1002", "", "9999")), Site: plan.SiteID(pick("device site", "", "71")),
		LinePooling: pick("pooling", "", "None", "Host", "Guest"), CommonPhone: rapid.Bool().Draw(t, "common"), HotDesk: rapid.Bool().Draw(t, "hot desk"),
		Emergency: plan.Emergency{
			LocationID: plan.LocationID(pick("location", "", "500", "501", "502", "777")), LocationName: odd.Draw(t, "location name"), Address: address.Draw(t, "address"),
			AddressStatus: pick("address status", "", "Valid", "Invalid", "Provisioning", "Deprovisioned"), Visibility: pick("private", "", "Public", "Private"),
			Editable: pick("editable", "", "AnyDevice", "MainDevice"),
		},
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "lines") {
		d.Lines = append(d.Lines, plan.Line{
			ID: fmt.Sprint(n), Type: pick("line type", "Standalone", "BlaPrimary", "BlaSecondary"), LocalOnly: rapid.Bool().Draw(t, "local only"),
			Number: pick("line number", "", "+16505550101", "+16505550102", fmt.Sprintf("+1650555%04d", 10*i+n), "+49301234567", "911", "+1"),
		})
	}
	return d
}

// TestUneditedExportIsAnEmptyPlan holds for any account: what is exported, written as CSV or XLSX, read and planned
// against the same account is no change and no error, and each phone is in a row or named as left out.
func TestUneditedExportIsAnEmptyPlan(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		s := drawAccount(rt)
		format := rapid.SampledFrom([]string{sheet.FormatCSV, sheet.FormatCSV, sheet.FormatCSV, sheet.FormatXLSX}).Draw(rt, "format")
		out, err := sheet.Export(s, sheet.ExportOptions{Format: format})
		if err != nil {
			rt.Fatal(err)
		}
		accounted(rt, s, out)
		if len(out.Rows) == 0 {
			return
		}
		path := filepath.Join(dir, "live."+format)
		var buf bytes.Buffer
		if err := sheet.WriteSheet(&buf, format, out.Header, out.Rows); err != nil {
			rt.Fatal(err)
		}
		if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
			rt.Fatal(err)
		}
		for _, country := range []string{"", "US"} {
			d, _, err := sheet.Read(t.Context(), []string{path}, sheet.Options{Country: country})
			if err != nil {
				rt.Fatalf("%v\n%s", err, buf.String())
			}
			p, err := plan.Build(d, s, plan.Options{Now: exportTime, Country: country, DefaultNames: "^Lobby", UnlistedOperations: country != ""})
			if err != nil {
				rt.Fatal(err)
			}
			if len(p.Changes) > 0 || len(p.Errors) > 0 || len(p.Rows) != len(out.Rows) {
				rt.Fatalf("%d rows of %d, %s\nrows: %q", len(p.Rows), len(out.Rows), p, out.Rows)
			}
		}
	})
}

// accounted checks that each device is in one row or named as left out.
func accounted(t *rapid.T, s plan.Snapshot, out sheet.Exported) {
	seen := map[string]int{}
	at := slices.Index(out.Header, "device_id")
	for _, r := range out.Rows {
		seen[r[at]]++
		for i, cell := range r {
			if out.Header[i] != "notes" && strings.ContainsAny(cell, "\r\n\x00\x01") {
				t.Fatalf("%s of %s holds a character that no cell should: %q", out.Header[i], r[at], cell)
			}
		}
	}
	for _, l := range out.Left {
		if l.Reason == "" {
			t.Fatalf("device %s is left out without a reason", l.Device)
		}
		seen[string(l.Device)]++
	}
	for _, d := range s.Devices {
		if seen[string(d.ID)] != 1 {
			t.Fatalf("device %s is accounted for %d times", d.ID, seen[string(d.ID)])
		}
	}
}

// TestExportStatesWhatIsThere keeps the export from being empty to be right.
func TestExportStatesWhatIsThere(t *testing.T) {
	t.Parallel()
	home := plan.Address{Street: "1 Main St", City: "Boston", State: "MA", Zip: "02134", Country: "US", CustomerName: "Ada"}
	account := func(erl bool) plan.Snapshot {
		s := plan.Snapshot{
			Account: plan.Account{ID: "1", ERLRegime: erl}, TakenAt: exportTime, DevicesComplete: true, LocationsRead: true,
			Sites:     []plan.Site{{ID: "71", Name: "Berlin"}},
			Locations: []plan.Location{{ID: "500", Name: "HQ", Address: home, AddressStatus: "Valid"}, {ID: "501", Name: "Dup"}, {ID: "502", Name: "dup"}},
			Extensions: []plan.Extension{
				{ID: "1", Number: "0101", Name: "Ada Wells", Email: "Ada@example.com", Type: "User", Status: "Enabled", Site: "71"},
				{ID: "2", Number: "102", Name: "Lobby", Type: "Limited", Status: "Enabled"},
				{ID: "3", Number: "103", Name: "Gone", Type: "User", Status: "Frozen"},
			},
			Devices: []plan.Device{
				{ID: "81", Type: "OtherPhone", Name: "=desk", Serial: "000b82123456", Model: "T54", Extension: "1", Emergency: plan.Emergency{LocationID: "500", Address: home, AddressStatus: "Valid"},
					Lines: []plan.Line{{Number: "+16505550101"}, {Number: "+16505550102"}}},
				{ID: "82", Type: "HardPhone", Name: "Front", CommonPhone: true, Extension: "2", Emergency: plan.Emergency{LocationID: "501", AddressStatus: "Invalid"}},
				{ID: "83", Type: "SoftPhone", Extension: "1"}, {ID: "84", Type: "OtherPhone"}, {ID: "85", Type: "OtherPhone", Extension: "3"},
			},
		}
		return s
	}
	cases := map[string]struct {
		erl  bool
		opts sheet.ExportOptions
		want []string
		left []plan.DeviceID
	}{
		"with ERLs": {true, sheet.ExportOptions{Format: sheet.FormatXLSX}, []string{
			"extension=0101 email=Ada@example.com user_name=Ada Wells site=Berlin device_id=81 phone_number=+16505550101 serial=000b82123456 device_name==desk model=T54 device_type=OtherPhone emergency_location=HQ notes=also +16505550102",
			"extension=102 user_name=Lobby device_id=82 device_name=Front emergency_location=id:501 common_phone=yes notes=emergency address: Invalid",
		}, []plan.DeviceID{"83", "84", "85"}},
		"with addresses, as CSV": {false, sheet.ExportOptions{Format: sheet.FormatCSV}, []string{
			"extension=0101 email=Ada@example.com user_name=Ada Wells site=Berlin device_id=81 phone_number=+16505550101 serial=000b82123456 model=T54 device_type=OtherPhone street=1 Main St city=Boston state=MA zip=02134 country=US customer_name=Ada notes=also +16505550102; device_name not stated: =desk",
			"extension=102 user_name=Lobby device_id=82 device_name=Front common_phone=yes notes=emergency address: Invalid",
		}, []plan.DeviceID{"83", "84", "85"}},
		"one extension": {true, sheet.ExportOptions{Extension: func(n string) bool { return n == "102" }}, []string{
			"extension=102 user_name=Lobby device_id=82 device_name=Front emergency_location=id:501 common_phone=yes notes=emergency address: Invalid",
		}, nil},
		"one site": {true, sheet.ExportOptions{Site: "71"}, []string{
			"extension=0101 email=Ada@example.com user_name=Ada Wells site=Berlin device_id=81 phone_number=+16505550101 serial=000b82123456 device_name==desk model=T54 device_type=OtherPhone emergency_location=HQ notes=also +16505550102",
		}, []plan.DeviceID{"83"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := sheet.Export(account(c.erl), c.opts)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, row := range out.Rows {
				var parts []string
				for i, cell := range row {
					if cell != "" {
						parts = append(parts, out.Header[i]+"="+cell)
					}
				}
				got = append(got, strings.Join(parts, " "))
			}
			var left []plan.DeviceID
			for _, l := range out.Left {
				left = append(left, l.Device)
			}
			if diff := cmp.Diff(c.want, got) + cmp.Diff(c.left, left); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
