package rcsim_test

import (
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

// counts wants the effects so far.
func (s *sim) counts(want rcsim.EffectCounts) {
	s.t.Helper()
	if got := s.Stats().Effects; got != want {
		s.t.Errorf("got effects %+v, want %+v", got, want)
	}
}

func TestUpdateDevice(t *testing.T) {
	t.Parallel()
	s := start(t)
	const path = v1 + "/device/2002"
	s.put(path, `{"name":"New name"}`).want(200).is("New name", "name")
	s.put(path, `{"name":"New name"}`).want(200) // changes nothing
	s.put(path, `{"name":"Both","emergency":{"location":{"id":"5001"}}}`).want(200).
		is("Both", "name").is("5001", "emergency", "location", "id").is("1 Main St", "emergency", "address", "street").
		is("Provisioning", "emergency", "addressStatus").is("Provisioning", "phoneLines", 0, "emergencyAddress", "lineProvisioningStatus").
		is("1 Main St", "emergencyServiceAddress", "street")
	s.put(path+"/emergency", `{"emergency":{"location":{"id":"5002"}},"name":"not looked at"}`).want(200).is("Both", "name")
	s.put(path, `{"emergency":{"location":{"id":"5002"}}}`).want(200) // changes nothing
	s.counts(rcsim.EffectCounts{Updated: 2, Emergency: 1})
	s.put(v1+"/device/2005", `{"useAsCommonPhone":true}`).want(200).is("true", "useAsCommonPhone")
	s.put(v1+"/device/2004", `{"extension":{"id":"106"}}`).want(200).is("106", "extension", "id").is("", "phoneLines", 0, "id")
	s.get(v1+"/extension/106/device").want(200).is("2004", "records", 0, "id")
	s.put(path, `{"phoneLines":{"phoneLines":[{"id":"6100"}]}}`).want(200).is("+16505550150", "phoneLines", 0, "phoneInfo", "phoneNumber")
	s.get(v2+"/phone-numbers?usageType=Inventory").want(200).is("+16505550102", "records", 0, "phoneNumber")
	s.counts(rcsim.EffectCounts{Updated: 5, Emergency: 1, NumbersTaken: 1})
}

func TestUpdateDeviceRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, test := range []struct {
		device, body string
		status       int
		code         string
	}{
		{"999", `{"name":"X"}`, 404, "CMN-102"},
		{"2002", `{"useAsCommonPhone":true}`, 400, "CMN-101"},
		{"2002", `{"extension":{"id":"101"}}`, 409, "CMN-101"},
		{"2004", `{"extension":{"id":"105"}}`, 403, "CMN-403"},
		{"2004", `{"extension":{"id":"999"}}`, 400, "CMN-102"},
		{"2004", `{"emergency":{"location":{"id":"5001"}}}`, 400, "CMN-101"},
		{"2002", `{"emergency":{"location":{"id":"999"}}}`, 400, "CMN-102"},
		{"2002", `{"emergency":{"location":{"id":"5003"}}}`, 400, "CMN-101"},
		{"2002", `{"emergency":{"location":{"id":"5004"}}}`, 400, "CMN-101"},
		{"2002", `{"name":"Y","emergency":{"address":{"street":"1 A St","city":"Reno","state":"NV","zip":"89501","country":"US"}}}`, 400, "EME-384"},
		{"2002", `{"name":"   "}`, 400, "CMN-101"},
		{"2002", `{"phoneLines":{"phoneLines":[{"id":"6101"}]}}`, 400, "CMN-101"},
	} {
		s.put(v1+"/device/"+test.device, test.body).fails(test.status, test.code)
	}
	s.counts(rcsim.EffectCounts{})
	s.device("2002").is("Bob desk", "name") // a refused PUT changed nothing
}

// TestPlainAddresses is the emergency regime without ERLs.
func TestPlainAddresses(t *testing.T) {
	t.Parallel()
	s := start(t, `"erl_regime": false`, `"validation": {"respell": {"Street": "St", "Suite": "Ste"}}`)
	const path = v1 + "/device/2002"
	address := func(fields string) string { return `{"emergency":{"address":{` + fields + `}}}` }
	s.put(path, address(`"street":"7 Oak Street","street2":"Suite 4","city":"Reno","state":"NV","zip":"89501","country":"US","customerName":"Bob"`)).want(200).
		is("7 Oak St", "emergency", "address", "street").is("Ste 4", "emergency", "address", "street2").
		is("Bob", "emergency", "address", "customerName").is("", "emergency", "location", "id").is("7 Oak St", "emergencyServiceAddress", "street")
	for fields, code := range map[string]string{
		`"street":"7 Oak St","city":"Reno","zip":"89501","country":"US"`:                      "CMN-101",
		`"street":"7 Oak St","city":"York","zip":"Y1","country":"GB"`:                         "CMN-101",
		`"street":"7 Oak St","city":"Reno","state":"NV","country":"US"`:                       "CMN-101",
		`"street":"7 Oak St","state":"NV","zip":"89501","country":"US"`:                       "CMN-101",
		`"street":"7 Oak St","city":"Reno","state":"NV","zip":"89501"`:                        "CMN-101",
		`"street":"P.O. Box 12","city":"Reno","state":"NV","zip":"89501","country":"US"`:      "EME-201",
		`"street":"PO BOX 12","city":"Reno","state":"NV","zip":"89501","country":"US"`:        "EME-201",
		`"street":"1 A","street2":"post office box 3","city":"Bonn","zip":"5","country":"DE"`: "EME-201",
	} {
		s.put(path, address(fields)).fails(400, code)
	}
	s.put(path, `{"emergency":{"location":{"id":"5001"}}}`).fails(403, "CMN-109")
	// Names like "Boxwood" and "Po Street" are no boxes; no state is needed elsewhere.
	s.put(path, address(`"street":"3 Po Boxwood","city":"Bonn","zip":"53111","country":"DE"`)).want(200)
	s.counts(rcsim.EffectCounts{Emergency: 2})
}

func TestEmergencyFlagsOfLines(t *testing.T) {
	t.Parallel()
	account := parse(t, `"erl_regime": false`)
	yes := true
	account.Devices[1].PhoneLines[0].EmergencyAddress = &rcsim.LineEmergency{LocalOnly: &yes}
	account.Devices[0].PhoneLines[0].LineType = "BlaSecondary"
	account.Devices[0].Emergency.AddressEditableStatus = "MainDevice"
	s := open(t, optionsFor(account))
	const abroad = `{"emergency":{"address":{"street":"1 Weg","city":"Bonn","zip":"53111","country":"DE"}}}`
	s.put(v1+"/device/2002", abroad).fails(400, "CMN-101")
	s.put(v1+"/device/2001", abroad).fails(400, "CMN-101")
	s.put(v1+"/device/2005", abroad).want(200)
}

func TestSwap(t *testing.T) {
	t.Parallel()
	s := start(t)
	swap := func(extension, source, target string) *reply {
		return s.post(v2+"/extensions/"+extension+"/devices/"+source+"/replace", `{"targetDeviceId":"`+target+`"}`)
	}
	// Two people trade phones: hardware and name move, number, line and address stay.
	swap("101", "2001", "2002").want(204)
	s.device("2002").is("101", "extension", "id").is("+16505550101", "phoneLines", 0, "phoneInfo", "phoneNumber").is("3001", "phoneLines", 0, "id").
		is("5001", "emergency", "location", "id").is("Bob desk", "name").is("main-site", "site", "id")
	s.device("2001").is("102", "extension", "id").is("+16505550102", "phoneLines", 0, "phoneInfo", "phoneNumber").is("AABBCCDDEE01", "serial").
		is("5002", "emergency", "location", "id").is("7001", "site", "id").is("HardPhone", "type")
	// A second time the source is no longer there.
	swap("101", "2001", "2002").fails(400, "CMN-102")
	// With the inventory: the source goes there, bare.
	swap("101", "2002", "2004").want(204)
	s.device("2004").is("101", "extension", "id").is("+16505550101", "phoneLines", 0, "phoneInfo", "phoneNumber")
	s.device("2002").is("", "extension", "id").is("", "phoneLines", 0, "id").is("", "emergency", "addressStatus").is("Bob desk", "name")
	for _, bad := range [][3]string{{"101", "2004", "2003"}, {"101", "2003", "2002"}, {"101", "2004", "2004"}, {"101", "2004", "999"}, {"999", "2004", "2002"}, {"102", "2004", "2002"}} {
		swap(bad[0], bad[1], bad[2]).want(400)
	}
	s.counts(rcsim.EffectCounts{Swapped: 2})
	effects := s.Effects()
	if len(effects) != 2 || effects[0].Device != "2001" || effects[0].Target != "2002" || effects[0].Extension != "101" || effects[1].N != 2 {
		t.Errorf("got effects %+v", effects)
	}
	s.get(v1+"/extension/102/device").want(200).is("2001", "records", 0, "id")
}

func TestRemoveLine(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.remove(v2+"/devices/2001", `{"keepAssetsInInventory":true}`).want(200).is("2001", "id").is("HardPhone", "type").is("AABBCCDDEE01", "serial").is("Ann desk", "name")
	s.device("2001").is("", "extension", "id").is("", "phoneLines", 0, "id").is("Ann desk", "name")
	s.get(v2+"/phone-numbers?phoneNumber=%2B16505550101").want(200).is("Inventory", "records", 0, "usageType").is("", "records", 0, "extension", "id")
	s.remove(v2+"/devices/2002", "").want(200).is("", "serial") // no body is as true
	s.remove(v2+"/devices/2005", `{"keepAssetsInInventory":false}`).want(204)
	s.device("2005").fails(404, "CMN-102")
	if n := s.get(v2 + "/phone-numbers?phoneNumber=%2B16505550103").want(200).length("records"); n != 0 {
		t.Error("a number given up is still on the account")
	}
	s.remove(v2+"/devices/2005", `{"keepAssetsInInventory":true}`).fails(404, "CMN-102")
	s.remove(v2+"/devices/2001", `{"keepAssetsInInventory":true}`).fails(400, "CMN-101")
	s.counts(rcsim.EffectCounts{Removed: 3, NumbersReleased: 1})

	s = start(t)
	s.remove(v2+"/devices/2001", `{}`).want(200).is("2001", "id") // nor is a body without the property
	s.device("2001").want(200)
	s.counts(rcsim.EffectCounts{Removed: 1})
}

func TestInventory(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.post(v2+"/device-inventory", `{"type":"OtherPhone","quantity":11,"site":{"id":"7001"}}`).want(201).is("West", "site", "name")
	if got.length("devices") != 11 {
		t.Fatalf("want 11 devices: %s", got.Body)
	}
	s.device(got.text("devices", 0, "id")).want(200).is("OtherPhone", "type").is("7001", "site", "id").is("", "name").is("", "serial")
	s.post(v2+"/device-inventory", `{"type":"OtherPhone","quantity":1}`).want(201).is("main-site", "site", "id")
	s.post(v2+"/device-inventory", `{"type":"OtherPhone","quantity":1,"site":{"id":"77"}}`).fails(404, "CMN-102")

	records := func(ids ...string) string {
		return `{"records":[{"deviceId":"` + strings.Join(ids, `"},{"deviceId":"`) + `"}]}`
	}
	all := make([]string, 11)
	for i := range all {
		all[i] = got.text("devices", i, "id")
	}
	s.remove(v2+"/device-inventory", records(all...)).fails(400, "CMN-106")
	s.remove(v2+"/device-inventory", records(all[0], "2002", "999", all[0])).want(200).
		is("true", "records", 0, "bulkItemSuccessful").is("false", "records", 1, "bulkItemSuccessful").is("CMN-101", "records", 1, "bulkItemErrors", 0, "errorCode").
		is("CMN-102", "records", 2, "bulkItemErrors", 0, "errorCode").is("false", "records", 3, "bulkItemSuccessful").is(all[0], "records", 3, "deviceId")
	s.counts(rcsim.EffectCounts{Stocked: 12, Unstocked: 1})
}

func TestBulkUpdate(t *testing.T) {
	t.Parallel()
	for makes, kind := range map[string]string{"false": "OtherPhone", "true": "HardPhone"} {
		s := start(t, `"serial_makes_hardphone": `+makes, `"bulk_max": 4`)
		const path = v1 + "/device/bulk-update"
		s.post(path, `{"records":[{"deviceId":"2002","serial":"00:11:22:33:44:55","model":{"id":"56"}},{"deviceId":"2005","serial":"aabbccddee01"},{"deviceId":"2004","serial":"x"},{"id":"999"}]}`).want(200).
			is("true", "records", 0, "successful").is("CMN-101", "records", 1, "error", "errorCode").
			is("CMN-101", "records", 2, "error", "errorCode").is("CMN-102", "records", 3, "error", "errorCode")
		s.device("2002").is("001122334455", "serial").is(kind, "type").is("56", "model", "id")
		s.post(path, `{"records":[{"deviceId":"1"},{"deviceId":"1"},{"deviceId":"1"},{"deviceId":"1"},{"deviceId":"1"}]}`).fails(400, "CMN-106")
		s.counts(rcsim.EffectCounts{Updated: 1})
	}
}
