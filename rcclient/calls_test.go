package rcclient

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ptr[T any](v T) *T { return &v }

// TestRequests pins method, path, query, body and answer of every call.
func TestRequests(t *testing.T) {
	t.Parallel()
	update := DeviceUpdate{
		Name:      ptr("Desk"),
		Emergency: &EmergencyUpdate{Address: &AddressRequest{Street: "1 A", Street2: ptr(""), Extra: map[string]string{"floor": "3", "street": "ignored"}}},
	}
	for name, tc := range map[string]struct {
		call   func(context.Context, *Client) (any, error)
		want   call
		status int
		answer string
		result any
	}{
		"account": {
			func(ctx context.Context, c *Client) (any, error) { return c.AccountInfo(ctx) },
			call{Method: "GET", Path: "/restapi/v1.0/account/~"}, 200, `{"id":401,"mainNumber":"+1650","serviceInfo":{"brand":{"id":"1210"},"contractedCountry":{"isoCode":"US"}},"unknown":[]}`,
			&Account{ID: "401", MainNumber: "+1650", ServiceInfo: ServiceInfo{Brand: Ref{ID: "1210"}, ContractedCountry: Country{ISOCode: "US"}}},
		},
		"regime, one object": {
			func(ctx context.Context, c *Client) (any, error) { return c.NewEmergencyFramework(ctx) },
			call{Method: "GET", Path: "/restapi/v1.0/account/~/extension/~/features", Query: "featureId=NewEmergencyCallingFramework"}, 200,
			`{"id":"NewEmergencyCallingFramework","available":true,"params":[{"name":"maxNumberOfCompanyERLs","value":"10000"}]}`, true,
		},
		"regime, records": {
			func(ctx context.Context, c *Client) (any, error) { return c.NewEmergencyFramework(ctx) },
			call{Method: "GET", Path: "/restapi/v1.0/account/~/extension/~/features", Query: "featureId=NewEmergencyCallingFramework"}, 200,
			`{"records":[{"id":"Other","available":true},{"id":"NewEmergencyCallingFramework","available":false}]}`, false,
		},
		"location": {
			func(ctx context.Context, c *Client) (any, error) { return c.EmergencyLocation(ctx, "55", true) },
			call{Method: "GET", Path: "/restapi/v1.0/account/~/emergency-locations/55", Query: "syncEmergencyAddress=true"}, 200,
			`{"id":"55","name":"HQ","addressStatus":"Valid","address":{"street":"1 A","stateId":5,"floor":"2"}}`,
			&EmergencyLocation{ID: "55", Name: "HQ", AddressStatus: "Valid", Address: &EmergencyAddress{Street: "1 A", StateID: "5", Extra: map[string]string{"floor": "2"}}},
		},
		"create location": {
			func(ctx context.Context, c *Client) (any, error) {
				l, _, err := c.CreateEmergencyLocation(ctx, EmergencyLocationRequest{Name: "HQ", Address: &AddressRequest{City: "B"}, Site: &Ref{ID: MainSite}})
				return l, err
			},
			call{Method: "POST", Path: "/restapi/v1.0/account/~/emergency-locations", Body: `{"name":"HQ","address":{"city":"B"},"site":{"id":"main-site"}}`}, 200,
			`{"id":"9","addressStatus":"Provisioning"}`, &EmergencyLocation{ID: "9", AddressStatus: "Provisioning"},
		},
		"device": {
			func(ctx context.Context, c *Client) (any, error) { return c.Device(ctx, "7/8", false) },
			call{Method: "GET", Path: "/restapi/v1.0/account/~/device/7%2F8"}, 200,
			`{"id":"7/8","extension":{"id":101,"extensionNumber":"101"},"emergencyServiceAddress":{"street":"1 A","lineProvisioningStatus":"Valid","apartment":"x"},
			  "phoneLines":[{"id":"3","phoneInfo":{"id":12,"phoneNumber":"+1","extension":{"id":"101"}},"emergencyAddress":{"required":true,"localOnly":true}}]}`,
			&DeviceResource{
				ID: "7/8", Extension: &ExtensionRef{ID: "101", ExtensionNumber: "101"},
				EmergencyServiceAddress: &EmergencyServiceAddress{EmergencyAddress: EmergencyAddress{Street: "1 A", Extra: map[string]string{"apartment": "x"}}, LineProvisioningStatus: "Valid"},
				PhoneLines: []PhoneLine{{
					ID: "3", PhoneInfo: &LineNumber{ID: "12", PhoneNumber: "+1", Extension: &ExtensionRef{ID: "101"}},
					EmergencyAddress: &LineEmergencyAddress{Required: true, LocalOnly: true},
				}},
			},
		},
		"update device": {
			func(ctx context.Context, c *Client) (any, error) {
				d, _, err := c.UpdateDevice(ctx, "7", update)
				return d, err
			},
			call{Method: "PUT", Path: "/restapi/v1.0/account/~/device/7", Body: `{"name":"Desk","emergency":{"address":{"floor":"3","street":"1 A","street2":""}}}`}, 200,
			`{"id":7,"name":"Desk"}`, &DeviceResource{ID: "7", Name: "Desk"},
		},
		"update emergency": {
			func(ctx context.Context, c *Client) (any, error) {
				d, _, err := c.UpdateDeviceEmergency(ctx, "7", DeviceUpdate{Emergency: &EmergencyUpdate{Location: &IDRef{"5"}}})
				return d, err
			},
			call{Method: "PUT", Path: "/restapi/v1.0/account/~/device/7/emergency", Body: `{"emergency":{"location":{"id":"5"}}}`}, 200,
			`{"id":"7"}`, &DeviceResource{ID: "7"},
		},
		"sip info": {
			func(ctx context.Context, c *Client) (any, error) { return c.SIPInfo(ctx, "7") },
			call{Method: "GET", Path: "/restapi/v1.0/account/~/device/7/sip-info"}, 200,
			`{"domain":"sip","userName":"u","password":"p","authorizationId":"a","outboundProxies":[{"region":"NA","proxy":"x:1"}]}`,
			&SIPInfo{Domain: "sip", UserName: "u", Password: "p", AuthorizationID: "a", OutboundProxies: []OutboundProxy{{Region: "NA", Proxy: "x:1"}}},
		},
		"replace": {
			func(ctx context.Context, c *Client) (any, error) {
				m, err := c.ReplaceDevice(ctx, "101", "7", "8")
				m.Took = 0 // as long as this machine takes
				return m, err
			},
			call{Method: "POST", Path: "/restapi/v2/accounts/~/extensions/101/devices/7/replace", Body: `{"targetDeviceId":"8"}`}, 204, ``,
			Meta{RequestID: "req-1", Status: 204, Group: GroupMedium},
		},
		"remove, kept": {
			func(ctx context.Context, c *Client) (any, error) {
				l, _, err := c.RemoveLine(ctx, "7", true)
				return l, err
			},
			call{Method: "DELETE", Path: "/restapi/v2/accounts/~/devices/7", Body: `{"keepAssetsInInventory":true}`}, 200,
			`{"id":"7","type":"HardPhone","name":"n","serial":"s"}`, &RemovedLine{Kept: true, ID: "7", Type: "HardPhone", Name: "n", Serial: "s"},
		},
		"remove, gone": {
			func(ctx context.Context, c *Client) (any, error) {
				l, _, err := c.RemoveLine(ctx, "7", false)
				return l, err
			},
			call{Method: "DELETE", Path: "/restapi/v2/accounts/~/devices/7", Body: `{"keepAssetsInInventory":false}`}, 204, ``, &RemovedLine{},
		},
		"add inventory": {
			func(ctx context.Context, c *Client) (any, error) {
				i, _, err := c.AddInventory(ctx, 2, "5")
				return i, err
			},
			call{Method: "POST", Path: "/restapi/v2/accounts/~/device-inventory", Body: `{"type":"OtherPhone","quantity":2,"site":{"id":"5"}}`}, 201,
			`{"devices":[{"id":"1"},{"id":"2"}],"site":{"id":"5","name":"S"}}`, &InventoryAdded{Devices: []ID{"1", "2"}, Site: Ref{"5", "S"}},
		},
		"delete inventory, out of order": {
			func(ctx context.Context, c *Client) (any, error) {
				r, _, err := c.DeleteInventory(ctx, []ID{"1", "2"})
				return r, err
			},
			call{Method: "DELETE", Path: "/restapi/v2/accounts/~/device-inventory", Body: `{"records":[{"deviceId":"1"},{"deviceId":"2"}]}`}, 200,
			`{"records":[{"bulkItemSuccessful":false,"deviceId":"2","bulkItemErrors":[{"errorCode":"CMN-102","message":"m"}]},{"bulkItemSuccessful":true,"deviceId":"1"}]}`,
			[]InventoryDeleteResult{{DeviceID: "1", Successful: true}, {DeviceID: "2", Errors: []ItemError{{Code: "CMN-102", Message: "m"}}}},
		},
		"bulk add": {
			func(ctx context.Context, c *Client) (any, error) {
				r, _, err := c.BulkAdd(ctx, twoRecords())
				return r, err
			},
			call{Method: "POST", Path: "/restapi/v2/accounts/~/devices/bulk-add", Body: `{"records":[` +
				`{"extension":{"id":"101"},"type":"OtherPhone","emergency":{"location":{"id":"5"}},"phoneInfo":{"preferredAreaCode":"650","tollType":"Toll"},"costCenterId":"3"},` +
				`{"extension":{"id":"102"},"type":"WebRTC","emergency":{"address":{"street":"1 A","city":"B","state":"CA","zip":"9","country":"US"}},"phoneInfo":{"phoneNumber":"+16505550100"}}]}`}, 200,
			`{"results":[{"successful":true,"id":"7","extension":{"id":"101"},"phoneNumber":"+16505550199"},{"successful":false,"errors":[{"errorCode":"EME-384","message":"m"}]}]}`,
			[]BulkAddResult{{Successful: true, ID: "7", Extension: IDRef{"101"}, PhoneNumber: "+16505550199"}, {Errors: []ItemError{{Code: "EME-384", Message: "m"}}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, tc.status, tc.answer) })
			got, err := tc.call(t.Context(), s.client(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.result, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			seen := s.seen("")[0]
			if seen.Length != int64(len(tc.want.Body)) || seen.TransferEncoding != nil {
				t.Errorf("got Content-Length %d and Transfer-Encoding %v for %d bytes", seen.Length, seen.TransferEncoding, len(tc.want.Body))
			}
			seen.Header, seen.Length = nil, 0
			if diff := cmp.Diff(tc.want, seen); diff != "" {
				t.Errorf("call (-want +got):\n%s", diff)
			}
		})
	}
}

func twoRecords() []BulkAddRecord {
	return []BulkAddRecord{
		{
			Extension: IDRef{"101"}, Type: OtherPhone, CostCenterID: "3", Emergency: BulkAddEmergency{Location: &IDRef{"5"}},
			PhoneInfo: BulkAddPhoneInfo{PreferredAreaCode: "650", TollType: "Toll"},
		},
		{
			Extension: IDRef{"102"}, Type: WebRTC, PhoneInfo: BulkAddPhoneInfo{PhoneNumber: "+16505550100"},
			Emergency: BulkAddEmergency{Address: &PostalAddress{Street: "1 A", City: "B", State: "CA", Zip: "9", Country: "US"}},
		},
	}
}

func TestAnswersThatDoNotFitAreInDoubt(t *testing.T) {
	t.Parallel()
	good := `{"successful":true,"id":"7","extension":{"id":"101"},"phoneNumber":"+16505550199"}`
	bulk := func(ctx context.Context, c *Client) error { _, _, err := c.BulkAdd(ctx, twoRecords()); return err }
	deletes := func(ctx context.Context, c *Client) error {
		_, _, err := c.DeleteInventory(ctx, []ID{"1", "2"})
		return err
	}
	for name, tc := range map[string]struct {
		call   func(context.Context, *Client) error
		answer string
	}{
		"too few":         {bulk, `{"results":[` + good + `]}`},
		"no results":      {bulk, `{}`},
		"other extension": {bulk, `{"results":[` + good + `,{"successful":true,"id":"8","extension":{"id":"999"},"phoneNumber":"+16505550100"}]}`},
		"other number":    {bulk, `{"results":[` + good + `,{"successful":true,"id":"8","extension":{"id":"102"},"phoneNumber":"+16505550101"}]}`},
		"no device":       {bulk, `{"results":[` + good + `,{"successful":true,"extension":{"id":"102"},"phoneNumber":"+16505550100"}]}`},
		"neither":         {bulk, `{"results":[` + good + `,{}]}`},
		"inventory short": {func(ctx context.Context, c *Client) error { _, _, err := c.AddInventory(ctx, 3, ""); return err }, `{"devices":[{"id":"1"}],"site":{"id":"m","name":"M"}}`},
		"one unanswered":  {deletes, `{"records":[{"deviceId":"1","bulkItemSuccessful":true}]}`},
		"deleted twice":   {deletes, `{"records":[{"deviceId":"1","bulkItemSuccessful":false},{"deviceId":"2","bulkItemSuccessful":true},{"deviceId":"1","bulkItemSuccessful":true}]}`},
		"deleted too":     {deletes, `{"records":[{"deviceId":"1","bulkItemSuccessful":true},{"deviceId":"2","bulkItemSuccessful":true},{"deviceId":"3","bulkItemSuccessful":true}]}`},
		"deleted other":   {deletes, `{"records":[{"deviceId":"1","bulkItemSuccessful":true},{"deviceId":"3","bulkItemSuccessful":true}]}`},
		"erl without id": {func(ctx context.Context, c *Client) error {
			_, _, err := c.CreateEmergencyLocation(ctx, EmergencyLocationRequest{})
			return err
		}, `{}`},
		"other line": {func(ctx context.Context, c *Client) error { _, _, err := c.RemoveLine(ctx, "7", true); return err }, `{"id":"8"}`},
	} {
		s := newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, tc.answer) })
		err := tc.call(t.Context(), s.client(t))
		var un *UnansweredError
		if !errors.As(err, &un) || Outcome(err) != InDoubt || un.RequestID != "req-1" || len(s.seen("")) != 1 {
			t.Errorf("%s: got %v (%s), want an unanswered call in doubt with its request id", name, err, Outcome(err))
		}
	}
}

func TestArgumentsAreCheckedBeforeSending(t *testing.T) {
	t.Parallel()
	s := newService(accountHandler)
	c := s.client(t)
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"no device":       func() error { _, err := c.Device(ctx, "", false); return err },
		"dots":            func() error { _, _, err := c.UpdateDevice(ctx, "..", DeviceUpdate{}); return err },
		"no target":       func() error { _, err := c.ReplaceDevice(ctx, "1", "2", ""); return err },
		"no records":      func() error { _, _, err := c.BulkAdd(ctx, nil); return err },
		"extension twice": func() error { _, _, err := c.BulkAdd(ctx, append(twoRecords(), twoRecords()...)); return err },
		"51 slots":        func() error { _, _, err := c.AddInventory(ctx, 51, ""); return err },
		"0 slots":         func() error { _, _, err := c.AddInventory(ctx, 0, ""); return err },
		"11 devices":      func() error { _, _, err := c.DeleteInventory(ctx, make([]ID, 11)); return err },
		"device twice":    func() error { _, _, err := c.DeleteInventory(ctx, []ID{"1", "1"}); return err },
		"ids in one":      func() error { _, err := c.ExtensionDevices(ctx, []ID{"1,2"}); return err },
		"no location":     func() error { _, err := c.EmergencyLocation(ctx, "", false); return err },
	} {
		err := call()
		var arg *ArgumentError
		if !errors.As(err, &arg) || Outcome(err) != NotDone {
			t.Errorf("%s: got %v, want an ArgumentError", name, err)
		}
	}
	if n := len(s.seen("")); n != 0 {
		t.Errorf("%d calls were sent", n)
	}
}

func TestFeatureIsNotInvented(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{}`, `{"records":[]}`, `{"records":[{"id":"Other","available":true}]}`} {
		s := newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, answer) })
		if got, err := s.client(t).NewEmergencyFramework(t.Context()); err == nil {
			t.Errorf("%s: got %v, want an error", answer, got)
		}
	}
}

func TestAccountDevicesNotAvailable(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{403: true, 404: true, 500: false, 400: false} {
		s := newService(func(w http.ResponseWriter, _ *http.Request) { reply(w, status, `{}`) })
		_, err := s.client(t).AccountDevices(t.Context())
		if errors.Is(err, ErrNotAvailable) != want {
			t.Errorf("%d: got %v, want not available: %v", status, err, want)
		}
	}
}

func TestGroupIsLearned(t *testing.T) {
	t.Parallel()
	s := newService(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Rate-Limit-Group", "LIGHT")
		w.Header().Set("X-Rate-Limit-Limit", "100")
		w.Header().Set("X-Rate-Limit-Remaining", "99")
		w.Header().Set("X-Rate-Limit-Window", "30")
		reply(w, 200, `{"records":[],"paging":{"perPage":1000}}`)
	})
	c := s.client(t)
	for range 3 {
		if _, err := c.AccountDevices(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	got := c.Stats()
	if got.Calls[GroupLight] != 3 || got.Calls[GroupHeavy] != 0 {
		t.Errorf("got calls %v, want 3 light ones", got.Calls)
	}
	if l := c.Limits()[GroupLight]; l.Calls != 100 || l.Window.Seconds() != 30 {
		t.Errorf("got limit %v, want 100 in 30 s", l)
	}
}

func TestID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]ID{`"12"`: "12", `12`: "12", `0012345678901234567890`: "", `null`: "", `9007199254740993`: "9007199254740993", `"~"`: "~", `-1`: "-1"} {
		var id ID
		err := json.Unmarshal([]byte(text), &id)
		if (err != nil) != (text[0] == '0') || id != want {
			t.Errorf("%s: got %q, %v, want %q", text, id, err, want)
		}
	}
	for _, text := range []string{`1.5`, `1e3`, `true`, `{}`, `[]`, `-`} {
		var id ID
		if err := json.Unmarshal([]byte(text), &id); err == nil {
			t.Errorf("%s: got %q, want an error", text, id)
		}
	}
	b, err := json.Marshal(IDRef{ID: "12"})
	if err != nil || string(b) != `{"id":"12"}` {
		t.Errorf("got %s, %v, want a string", b, err)
	}
}
