package snapshot_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
)

func TestDevice(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, wire string
		want       plan.Device
	}{
		{"empty", `{"id": 7}`, plan.Device{ID: "7"}},
		{"all", `{"id":"7","type":"HardPhone","name":"Desk","serial":"AA-BB-CC-DD-EE-FF","model":{"id":"m","name":"Poly"},
			"extension":{"id":101},"site":{"id":"main-site"},"linePooling":"Host","useAsCommonPhone":true,"hotDeskDevice":true,
			"phoneLines":[{"id":"1","lineType":"BlaPrimary","phoneInfo":{"id":5,"phoneNumber":"+1650"},"emergencyAddress":{"localOnly":true}},{"id":"2"}],
			"emergency":{"location":{"id":"5001","name":"HQ"},"addressStatus":"Valid","syncStatus":"Verified","visibility":"Private","addressEditableStatus":"MainDevice",
			"address":{"street":"1 Main St","street2":"F2","city":"B","state":"California","stateIsoCode":"CA","zip":"9","country":"United States","countryIsoCode":"US","customerName":"Acme"}}}`,
			plan.Device{
				ID: "7", Type: "HardPhone", Name: "Desk", Serial: "aabbccddeeff", Model: "Poly", ModelID: "m", Extension: "101", Site: "main-site",
				LinePooling: "Host", CommonPhone: true, HotDesk: true,
				Lines: []plan.Line{{ID: "1", Type: "BlaPrimary", Number: "+1650", NumberID: "5", LocalOnly: true}, {ID: "2"}},
				Emergency: plan.Emergency{
					LocationID: "5001", LocationName: "HQ", AddressStatus: "Valid", SyncStatus: "Verified", Visibility: "Private", Editable: "MainDevice",
					Address: plan.Address{Street: "1 Main St", Street2: "F2", City: "B", State: "CA", Zip: "9", Country: "US", CustomerName: "Acme"},
				},
			}},
		{"older view of the address", `{"id":"7","serial":"not-a-mac","emergencyServiceAddress":{"street":"1 Main St","state":"US-CA","country":"US","lineProvisioningStatus":"Invalid","syncStatus":"Failed"}}`,
			plan.Device{ID: "7", Serial: "not-a-mac", Emergency: plan.Emergency{
				AddressStatus: "Invalid", SyncStatus: "Failed", Address: plan.Address{Street: "1 Main St", State: "CA", Country: "US"},
			}}},
	}
	for _, tt := range tests {
		var d rcclient.DeviceResource
		if err := json.Unmarshal([]byte(tt.wire), &d); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, snapshot.Device(d)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestLocationAndNumber(t *testing.T) {
	t.Parallel()
	l := snapshot.Location(rcclient.EmergencyLocation{
		ID: "5001", Name: "HQ", Site: &rcclient.Ref{ID: "7001", Name: "West"}, AddressStatus: "Invalid", UsageStatus: "Inactive",
		AddressFormatStatus: "Outdated", Visibility: "Public", Address: &rcclient.EmergencyAddress{City: "Reno", CountryName: "Portugal"},
	})
	want := plan.Location{
		ID: "5001", Name: "HQ", Site: "7001", SiteName: "West", AddressStatus: "Invalid", UsageStatus: "Inactive",
		FormatStatus: "Outdated", Visibility: "Public", Address: plan.Address{City: "Reno", Country: "Portugal"},
	}
	if diff := cmp.Diff(want, l); diff != "" {
		t.Error(diff)
	}
	n := snapshot.Number(rcclient.PhoneNumber{ID: "1", PhoneNumber: "+1650", UsageType: "DirectNumber", Status: "Normal", Extension: &rcclient.ExtensionRef{ID: "101", ExtensionNumber: "1001"}})
	if n.Extension != "101" || n.HolderExt != "1001" || n.Usage != "DirectNumber" {
		t.Errorf("number %+v", n)
	}
	e := snapshot.Extension(rcclient.Extension{ID: "1", Contact: &rcclient.ExtensionContact{FirstName: "Ann", LastName: "Lee"}})
	if e.Name != "Ann Lee" {
		t.Errorf("extension without a name is called %q, want its contact's", e.Name)
	}
}
