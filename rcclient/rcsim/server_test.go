package rcsim_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestReads reads every list and object once; the contract, fully checked,
// judges the shapes.
func TestReads(t *testing.T) {
	t.Parallel()
	s := start(t)
	for path, want := range map[string]struct {
		status  int
		records int
	}{
		v1:                                {200, 0},
		"/restapi/v1.0/account/400131426": {200, 0},
		v1 + "/extension":                 {200, 8},
		v1 + "/extension?type=User&type=Limited&status=Enabled":          {200, 6},
		v1 + "/extension?email=ANN%40example.com":                        {200, 1},
		v1 + "/extension?extensionNumber=103":                            {200, 1},
		v1 + "/sites":                                                    {200, 2},
		v2 + "/cost-centers":                                             {200, 1},
		v1 + "/emergency-locations?perPage=Max":                          {200, 4},
		v1 + "/emergency-locations?addressStatus=Valid&siteId=7001":      {200, 1},
		v1 + "/emergency-locations?searchString=main%20st&orderBy=-name": {200, 1},
		v1 + "/emergency-locations/5001":                                 {200, 0},
		v1 + "/emergency-locations/5005":                                 {200, 0},
		v1 + "/emergency-locations/77":                                   {404, 0},
		v2 + "/phone-numbers":                                            {200, 5},
		v2 + "/phone-numbers?usageType=Inventory":                        {200, 1},
		v2 + "/phone-numbers?phoneNumber=%2B1650555010*":                 {200, 4},
		v2 + "/phone-numbers?phoneNumber=%2B16505550101&tollType=Toll":   {200, 1},
		v1 + "/device":                              {200, 5},
		v1 + "/device?type=OtherPhone":              {200, 3},
		v1 + "/device?serial=aabbccddee01":          {200, 1},
		v1 + "/device/2001":                         {200, 0},
		v1 + "/device/2004":                         {200, 0},
		v1 + "/device/nothing":                      {404, 0},
		v1 + "/device/2001,2002":                    {404, 0},
		v1 + "/device/2001/sip-info":                {200, 0},
		v1 + "/device/2004/sip-info":                {404, 0},
		v1 + "/extension/101/device":                {200, 2},
		v1 + "/extension/~/device":                  {200, 2},
		v1 + "/extension/101/device?type=SoftPhone": {200, 1},
		v1 + "/extension/106/device":                {200, 0},
		v1 + "/extension/999/device":                {404, 0},
		"/restapi/v1.0/account/1/sites":             {404, 0},
	} {
		got := s.get(path).want(want.status)
		if n := got.length("records"); n != want.records {
			t.Errorf("%s: got %d records, want %d: %s", path, n, want.records, got.Body)
		}
		if want.status == 404 {
			got.fails(404, "CMN-102")
		}
		if got.Header().Get("RCRequestId") == "" {
			t.Errorf("%s: no RCRequestId", path)
		}
	}
}

// TestIDs guards which ids are numbers and which are strings.
func TestIDs(t *testing.T) {
	t.Parallel()
	s := start(t)
	for path, fragments := range map[string][]string{
		v1:                          {`"id":400131426`},
		v1 + "/extension":           {`"id":101`, `"site":{"id":"main-site"`},
		v1 + "/device/2001":         {`"id":"2001"`, `"extension":{"id":101,`, `"phoneInfo":{"id":6001,`, `"extension":{"id":"101"`},
		v2 + "/cost-centers":        {`"id":9001`},
		v2 + "/phone-numbers":       {`"id":"6100"`, `"extension":{"id":"101"`},
		v1 + "/emergency-locations": {`"id":"5001"`},
	} {
		body := s.get(path).want(200).Body.String()
		for _, fragment := range fragments {
			if !strings.Contains(body, fragment) {
				t.Errorf("%s: want %s in %s", path, fragment, body)
			}
		}
		if strings.Contains(body, "null") {
			t.Errorf("%s: a null in %s", path, body)
		}
	}
}

func TestFeatureTellsTheRegime(t *testing.T) {
	t.Parallel()
	const path = v1 + "/extension/~/features?featureId=NewEmergencyCallingFramework"
	start(t).get(path).want(200).is("true", "records", 0, "available")
	other := start(t, `"erl_regime": false`)
	other.get(path).want(200).is("false", "records", 0, "available").is("AccountLimitation", "records", 0, "reason", "code")
	other.get(path + "&availableOnly=true").want(200)
	other.get(v1+"/emergency-locations").fails(403, "CMN-109")
	other.get(v1+"/emergency-locations/5001").fails(403, "CMN-109")
	other.post(v1+"/emergency-locations", `{"name":"X"}`).fails(403, "CMN-109")
}

// TestPaging walks every paged list by its links, or by totalPages where there
// are none, and wants each record once.
func TestPaging(t *testing.T) {
	t.Parallel()
	s := start(t)
	for path, want := range map[string]int{
		v1 + "/extension": 8, v1 + "/device": 5, v1 + "/extension/101/device": 2, v1 + "/emergency-locations": 4, v2 + "/phone-numbers": 5,
	} {
		seen := map[string]bool{}
		next := path + "?perPage=2"
		for pages := 1; next != ""; pages++ {
			got := s.get(next).want(200)
			for i := range got.length("records") {
				seen[got.text("records", i, "id")] = true
			}
			next = got.text("navigation", "nextPage", "uri")
			if path == v2+"/phone-numbers" {
				if got.value("navigation") != nil {
					t.Errorf("%s has navigation", path)
				}
				if got.text("paging", "totalPages") != got.text("paging", "page") {
					next = path + "?perPage=2&page=" + string(rune('1'+pages))
				}
			}
			got.is("2", "paging", "perPage")
		}
		if len(seen) != want {
			t.Errorf("%s: got %d records, want %d", path, len(seen), want)
		}
	}
	beyond := s.get(v1 + "/device?page=9&perPage=2").want(200)
	if beyond.length("records") != 0 || beyond.value("navigation", "nextPage") != nil {
		t.Errorf("a page behind the last: %s", beyond.Body)
	}
	s.get(v1+"/extension/101/device?perPage=5000").want(200).is("1000", "paging", "perPage")
}

func TestMethodTunnelling(t *testing.T) {
	t.Parallel()
	s := start(t)
	r := s.request(http.MethodPost, v2+"/devices/2001", `{"keepAssetsInInventory":true}`)
	r.Header.Set("X-HTTP-Method-Override", "DELETE")
	s.send(r).want(200)
	s.post(v2+"/device-inventory?_method=DELETE", `{"records":[{"deviceId":"2001"}]}`).want(200).is("true", "records", 0, "bulkItemSuccessful")
}

func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	s := start(t, `"device_list": false`)
	s.get(v1+"/device").fails(403, "CMN-109")
	account := parse(t)
	account.Settings.UnlistedOperations = false
	off := open(t, optionsFor(account))
	off.post(v1+"/device/bulk-update", `{"records":[{"deviceId":"2002","serial":"001122334455"}]}`).fails(404, "CMN-120")
}
