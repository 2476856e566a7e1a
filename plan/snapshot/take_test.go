package snapshot_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

// account has two sites, a person with a phone at each, a phone in the
// inventory and one ERL; REGIME and LIST are settings.
const account = `{
  "account": {"id": 400131426, "mainNumber": "+16505550100"},
  "settings": {"erl_regime": REGIME, "device_list": LIST},
  "sites": [{"id": "main-site", "name": "Main Site"}, {"id": "7001", "name": "West", "code": "W"}],
  "cost_centers": [{"id": 9001, "name": "Sales", "billingCode": "S1"}],
  "emergency_locations": [
    {"id": "5001", "name": "HQ", "address": {"street": "1 Main St", "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}}
  ],
  "extensions": [
    {"id": 102, "extensionNumber": "1002", "name": "Bob", "type": "User", "site": {"id": "7001", "name": "West"}},
    {"id": 101, "extensionNumber": "1001", "name": "Ann", "type": "User", "contact": {"email": "Ann@example.com"}}
  ],
  "devices": [
    {"id": "2002", "type": "OtherPhone", "name": "Bob desk", "extension": {"id": 102},
     "phoneLines": [{"phoneInfo": {"id": 6002, "phoneNumber": "+16505550102"}}]},
    {"id": "2001", "type": "HardPhone", "name": "Ann desk", "serial": "AA:BB:CC:DD:EE:01", "extension": {"id": 101},
     "emergency": {"address": {"street": "1 Main St", "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}, "addressStatus": "Valid"},
     "phoneLines": [{"id": "3001", "lineType": "Standalone", "phoneInfo": {"id": 6001, "phoneNumber": "+16505550101"}}]},
    {"id": "2004", "type": "OtherPhone", "site": {"id": "7001", "name": "West"}}
  ],
  "numbers": [{"id": "6100", "phoneNumber": "+16505550150", "tollType": "Toll", "usageType": "Inventory", "status": "Normal"}]
}`

// connect serves the account over HTTP and returns a client and the server.
func connect(t *testing.T, regime, list string) (*rcclient.Client, *rcsim.Server) {
	t.Helper()
	parsed, err := rcsim.ParseAccount([]byte(strings.NewReplacer("REGIME", regime, "LIST", list).Replace(account)))
	if err != nil {
		t.Fatal(err)
	}
	sim, err := rcsim.New(rcsim.Options{Account: parsed})
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(sim)
	c, err := rcclient.New(served.URL, rcclient.Credentials{ClientID: "a", ClientSecret: "b", JWT: "c"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
		served.Close()
		if v := sim.Violations(); len(v) > 0 {
			t.Errorf("contract violations: %q", v)
		}
	})
	return c, sim
}

var now = time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC)

func take(t *testing.T, api snapshot.API, needs plan.Needs, opts snapshot.Options) plan.Snapshot {
	t.Helper()
	opts.Now = now
	s, err := snapshot.Take(t.Context(), api, needs, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func deviceIDs(s plan.Snapshot) string {
	var ids []string
	for _, d := range s.Devices {
		ids = append(ids, string(d.ID))
	}
	return strings.Join(ids, " ")
}

func TestTakeWithAccountList(t *testing.T) {
	t.Parallel()
	c, sim := connect(t, "true", "true")
	s := take(t, c, plan.Needs{Extensions: []string{"1001"}, Locations: true, Sites: true, CostCenters: true, Numbers: true}, snapshot.Options{})

	if s.Account.ID != "400131426" || !s.Account.ERLRegime || s.Account.MainNumber != "+16505550100" || !s.TakenAt.Equal(now) {
		t.Errorf("account %+v taken at %v", s.Account, s.TakenAt)
	}
	if !s.DevicesComplete || len(s.Listed) != 0 || deviceIDs(s) != "2001 2002 2004" {
		t.Errorf("devices %q, complete %v, listed %q; want all three, sorted", deviceIDs(s), s.DevicesComplete, s.Listed)
	}
	want := plan.Device{
		ID: "2001", Type: "HardPhone", Name: "Ann desk", Serial: "aabbccddee01", Extension: "101",
		Lines: []plan.Line{{ID: "3001", Type: "Standalone", Number: "+16505550101", NumberID: "6001"}},
	}
	got := s.Devices[0]
	if got.Emergency.Address.City != "Belmont" || got.Emergency.Address.Country != "US" || got.Emergency.Address.State != "CA" || got.Emergency.AddressStatus != "Valid" {
		t.Errorf("emergency %+v", got.Emergency)
	}
	got.Emergency, got.Site, got.Model, got.LinePooling = plan.Emergency{}, "", "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s.Extensions[0].Number != "1001" || s.Extensions[0].Email != "Ann@example.com" || s.Extensions[1].SiteName != "West" {
		t.Errorf("extensions %+v", s.Extensions)
	}
	if !s.LocationsRead || s.Locations[0].Name != "HQ" || s.Locations[0].AddressStatus != "Valid" {
		t.Errorf("locations %+v", s.Locations)
	}
	if !s.CostCentersRead || s.CostCenters[0] != (plan.CostCenter{ID: "9001", Name: "Sales", Code: "S1"}) {
		t.Errorf("cost centers %+v", s.CostCenters)
	}
	if len(s.Sites) != 2 || s.Sites[0] != (plan.Site{ID: "7001", Name: "West", Code: "W"}) {
		t.Errorf("sites %+v", s.Sites)
	}
	free := false
	for _, n := range s.Numbers {
		free = free || n == (plan.Number{ID: "6100", Number: "+16505550150", Usage: "Inventory", Status: "Normal", Type: n.Type, TollType: "Toll"})
	}
	if !s.NumbersRead || !free {
		t.Errorf("numbers %+v", s.Numbers)
	}
	if s.Limits.Heavy != (plan.GroupLimit{Calls: 10, WindowSeconds: 60}) {
		t.Errorf("limits %+v", s.Limits)
	}
	if n := sim.Stats().Calls.ByOperation["listExtensionDevices"]; n != 0 {
		t.Errorf("%d extensions' lists were read beside the account's", n)
	}
}

// Without the account-wide list the named extensions' lists are read, and
// single devices asked for; the snapshot says what it does not know.
func TestTakeWithoutAccountList(t *testing.T) {
	t.Parallel()
	c, sim := connect(t, "true", "false")
	s := take(t, c, plan.Needs{
		EmailList: []string{"ann@EXAMPLE.com"}, UnassignedDevices: []plan.DeviceID{"2001", "2004", "9999"},
	}, snapshot.Options{})
	if s.DevicesComplete || deviceIDs(s) != "2001 2004" {
		t.Errorf("devices %q, complete %v; want Ann's and the asked one", deviceIDs(s), s.DevicesComplete)
	}
	if diff := cmp.Diff([]plan.ExtensionID{"101"}, s.Listed); diff != "" {
		t.Error(diff)
	}
	// 2001 is on a list that was read: it was not asked for again.
	if diff := cmp.Diff([]plan.DeviceID{"2004", "9999"}, s.Asked); diff != "" {
		t.Error(diff)
	}
	if n := sim.Stats().Calls.ByOperation["readDevice"]; n != 2 {
		t.Errorf("%d devices were asked for, want 2", n)
	}
	if s.NumbersRead || s.LocationsRead || s.CostCentersRead {
		t.Errorf("read what nobody needs: %+v", s)
	}
}

// The Heavy list of numbers is read only if a row needs it after all; ERLs are
// not asked for where the account has none.
func TestTakeReadsOnlyWhatIsNeeded(t *testing.T) {
	t.Parallel()
	c, sim := connect(t, "false", "true")
	asked := false
	s := take(t, c, plan.Needs{Numbers: true, Locations: true}, snapshot.Options{
		NumbersNeeded: func(s plan.Snapshot) bool {
			asked = len(s.Devices) == 3
			return false
		},
	})
	if !asked || s.NumbersRead || s.LocationsRead || s.Account.ERLRegime {
		t.Errorf("asked %v, snapshot %+v", asked, s)
	}
	by := sim.Stats().Calls.ByOperation
	if by["listAccountPhoneNumbersV2"]+by["listEmergencyLocations"]+by["listSites"]+by["listCostCenters"] != 0 {
		t.Errorf("calls %v: lists that nobody needs", by)
	}
}

// A list that cannot be read whole is an error, never a shorter snapshot.
func TestTakeFails(t *testing.T) {
	t.Parallel()
	c, _ := connect(t, "true", "true")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := snapshot.Take(ctx, c, plan.Needs{}, snapshot.Options{Now: now}); !errors.Is(err, context.Canceled) || len(s.Extensions) != 0 {
		t.Errorf("Take gave %+v, %v, want a cancellation and nothing else", s, err)
	}
}
