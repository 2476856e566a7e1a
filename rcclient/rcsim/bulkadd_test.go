package rcsim_test

import (
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

func TestBulkAdd(t *testing.T) {
	t.Parallel()
	s := start(t, `"default_device_name": "BYOD Phone"`)
	got := s.bulkAdd(
		add("106", "5001", anyNumber),
		add("107", "5002", `{"preferredAreaCode":"303"}`),
		add("103", "5001", `{"phoneNumberId":"6100"}`),
		add("108", "5001", `{"tollType":"TollFree","type":"VoiceOnly"}`),
	).want(200)
	for i, extension := range []string{"106", "107", "103", "108"} {
		got.is("true", "results", i, "successful").is(extension, "results", i, "extension", "id")
		number := got.text("results", i, "phoneNumber")
		s.device(got.text("results", i, "id")).want(200).is(extension, "extension", "id").is("BYOD Phone", "name").is("OtherPhone", "type").
			is(number, "phoneLines", 0, "phoneInfo", "phoneNumber").is("Provisioning", "emergency", "addressStatus").is("", "serial")
		s.get(v2+"/phone-numbers?phoneNumber="+strings.ReplaceAll(number, "+", "%2B")).want(200).
			is("DirectNumber", "records", 0, "usageType").is(extension, "records", 0, "extension", "id")
	}
	got.is("+16505550150", "results", 2, "phoneNumber")
	if n := got.text("results", 1, "phoneNumber"); !strings.HasPrefix(n, "+1303") {
		t.Errorf("area code 303 gave %s", n)
	}
	if n := got.text("results", 3, "phoneNumber"); !strings.HasPrefix(n, "+1833") {
		t.Errorf("toll-free gave %s", n)
	}
	s.counts(rcsim.EffectCounts{Added: 4, NumbersTaken: 4})
	for i, effect := range s.Effects() {
		if effect.N != i+1 || effect.Operation != "bulkAddDevicesV2" || string(effect.Device) != got.text("results", i, "id") ||
			effect.Number != got.text("results", i, "phoneNumber") || effect.RequestID != got.Header().Get("RCRequestId") {
			t.Errorf("effect %d is %+v", i+1, effect)
		}
	}
}

// TestBulkAddFailsItemByItem: the call is 200, and a failed record uses up
// neither a number nor its neighbours.
func TestBulkAddFailsItemByItem(t *testing.T) {
	t.Parallel()
	s := start(t, `"number_pool": {"size": 1, "area_codes": ["415"]}`)
	withCenter := strings.Replace(add("106", "5001", anyNumber), `"type"`, `"costCenterId":"1","type"`, 1)
	plain := `{"extension":{"id":"106"},"type":"OtherPhone","emergency":{"address":{"street":"1 A","city":"Reno","state":"NV","zip":"89501","country":"US"}},"phoneInfo":{"tollType":"Toll"}}`
	codes := []string{"CMN-102", "CMN-403", "CMN-101", "CMN-102", "CMN-101", "CMN-101", "CMN-102", "CMN-102", "CMN-102", "CMN-101", "EME-384"}
	got := s.bulkAdd(
		add("999", "5001", anyNumber),
		add("105", "5001", anyNumber),
		add("104", "5001", anyNumber),
		add("106", "999", anyNumber),
		add("106", "5003", anyNumber),
		add("106", "5004", anyNumber),
		withCenter,
		add("106", "5001", `{"phoneNumberId":"1"}`),
		add("106", "5001", `{"phoneNumber":"+14155550199"}`),
		add("106", "5001", `{"phoneNumber":"+16505550101"}`),
		plain,
		add("106", "5001", `{"preferredAreaCode":"212"}`), // the pool has 415 only, and one number
		add("107", "5001", anyNumber),
		add("107", "5001", `{"phoneNumber":"+16505550150"}`),
		add("108", "5001", `{"phoneNumber":"+16505550150"}`),
	).want(200)
	for i, code := range codes {
		got.is("false", "results", i, "successful").is(code, "results", i, "errors", 0, "errorCode").is("", "results", i, "extension", "id")
	}
	n := len(codes)
	got.is("true", "results", n, "successful").is("false", "results", n+1, "successful").is("phoneInfo", "results", n+1, "errors", 0, "parameterName").
		is("true", "results", n+2, "successful").is("false", "results", n+3, "successful")
	if number := got.text("results", n, "phoneNumber"); !strings.HasPrefix(number, "+1415") {
		t.Errorf("the pool has only 415, and gave %s", number)
	}
	s.counts(rcsim.EffectCounts{Added: 2, NumbersTaken: 2})
}

func TestBulkAddLimit(t *testing.T) {
	t.Parallel()
	s := start(t, `"bulk_max": 2`)
	record := add("106", "5001", anyNumber)
	got := s.bulkAdd(record, record, record)
	got.fails(400, "CMN-106")
	if !strings.Contains(got.Body.String(), "at most 2") {
		t.Errorf("the limit is not named: %s", got.Body)
	}
	s.counts(rcsim.EffectCounts{})
	s.bulkAdd(record, record).want(200).is("true", "results", 1, "successful")
}

func TestBulkAddPlainAddress(t *testing.T) {
	t.Parallel()
	s := start(t, `"erl_regime": false`, `"order_numbers": true`)
	record := func(address, phone string) string {
		return `{"extension":{"id":"106"},"type":"WebRTC","emergency":{"address":{` + address + `}},"phoneInfo":` + phone + `}`
	}
	got := s.bulkAdd(
		record(`"street":"1 A","city":"Reno","state":"NV","zip":"89501","country":"US"`, `{"phoneNumber":"+14155550199","reservationId":"r1"}`),
		record(`"street":"1 A","city":"Reno","zip":"89501","country":"US"`, anyNumber),
		record(`"street":"PO Box 1","city":"Reno","state":"NV","zip":"89501","country":"US"`, anyNumber),
		add("107", "5001", anyNumber),
	).want(200).is("+14155550199", "results", 0, "phoneNumber").is("CMN-101", "results", 1, "errors", 0, "errorCode").
		is("emergency.address.state", "results", 1, "errors", 0, "parameterName").
		is("EME-201", "results", 2, "errors", 0, "errorCode").is("CMN-109", "results", 3, "errors", 0, "errorCode")
	s.device(got.text("results", 0, "id")).is("WebRTC", "type").is("1 A", "emergency", "address", "street")
}
