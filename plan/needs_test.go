package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNeedsOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		rows []string
		want Needs
	}{
		{"removals need their own lists only", []string{"action=remove; extension=101; device_id=d1", "action=remove; extension=99; serial=000000000001"}, Needs{Extensions: []string{"99", "101"}}},
		{"an add", []string{"action=add; extension=110; phone_number=+15550201; cost_center=Sales; emergency_location=HQ"}, Needs{Extensions: []string{"110"}, Numbers: true, CostCenters: true, Locations: true}},
		{"an update", []string{"action=update; extension=101; device_id=d1; phone_number=+15550101; cost_center=Sales; " + hqText}, Needs{Extensions: []string{"101"}, Locations: true, UnassignedDevices: []DeviceID{"d1"}}},
		{"partners and phones of swaps", []string{"action=swap; extension=101; device_id=d1; replace_with=ext:102; emergency_location=keep", "action=swap; extension=103; device_id=d3; replace_with=id:s1"}, Needs{Extensions: []string{"101", "102", "103"}, UnassignedDevices: []DeviceID{"d1", "d3", "s1"}}},
		{"inventory", []string{"action=swap; extension=101; device_id=d1; replace_with=inventory@Reno"}, Needs{Extensions: []string{"101"}, Sites: true, AccountDevices: true, UnassignedDevices: []DeviceID{"d1"}}},
		{"stock", []string{"action=stock; site=Reno; quantity=1"}, Needs{Sites: true, AccountDevices: true}},
		{"unstock by id", []string{"action=unstock; device_id=s2", "action=unstock; device_id=s1"}, Needs{UnassignedDevices: []DeviceID{"s1", "s2"}}},
		{"unstock by serial", []string{"action=unstock; serial=000000000001"}, Needs{AccountDevices: true}},
		{"e-mail", []string{"email=a@example.com; new_name=X", "extension=101; email=b@example.com; site=Reno"}, Needs{Extensions: []string{"101"}, EmailList: []string{"a@example.com"}, Emails: true, Sites: true}},
	} {
		if diff := cmp.Diff(c.want, NeedsOf(sheetOf(t, c.rows...))); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}

func TestNumbersNeeded(t *testing.T) {
	t.Parallel()
	s := testAccount(true)
	for row, want := range map[string]bool{
		"extension=101; phone_number=+15550101":                true,
		"action=add; extension=101; phone_number=+15550101":    true,
		"action=update; extension=101; phone_number=+15559999": true,
		"extension=101; phone_number_id=nd1":                   true,
		"action=add; extension=110; phone_number=+15550201":    false,
		"extension=110; phone_number_id=n1":                    false,
	} {
		if got := !NumbersNeeded(sheetOf(t, row), s); got != want {
			t.Errorf("%s: answered without the numbers: got %v, want %v", row, got, want)
		}
	}
}
