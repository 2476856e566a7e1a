package rcsim_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

// TestContractViolations: each is answered with 400 and what is wrong, is
// counted, and changes nothing.
func TestContractViolations(t *testing.T) {
	t.Parallel()
	s := start(t, `"limits": {"heavy": {"limit": 1000}, "medium": {"limit": 1000}, "light": {"limit": 1000}}`)
	for _, test := range []struct{ method, path, body, code, parameter string }{
		{"PUT", v1 + "/device/2002", `{"label":"X"}`, "CMN-101", ""},
		{"PUT", v1 + "/device/2002", `{"name":""}`, "CMN-101", "name"},
		{"PUT", v1 + "/device/2002", `{"name":7}`, "CMN-101", "name"},
		{"PUT", v1 + "/device/2002", `{"name":null}`, "CMN-101", "name"},
		{"PUT", v1 + "/device/2002", `{"name":"` + strings.Repeat("x", 65) + `"}`, "CMN-101", "name"},
		{"PUT", v1 + "/device/2002", `{}`, "CMN-101", ""},
		{"PUT", v1 + "/device/2002", `{"name":`, "CMN-103", ""},
		{"PUT", v1 + "/device/2002", ``, "CMN-101", ""},
		{"POST", v2 + "/device-inventory", `{"type":"HardPhone","quantity":1}`, "CMN-101", "type"},
		{"POST", v2 + "/device-inventory", `{"type":"OtherPhone","quantity":51}`, "CMN-101", "quantity"},
		{"POST", v2 + "/device-inventory", `{"type":"OtherPhone"}`, "CMN-101", "quantity"},
		{"POST", v2 + "/devices/bulk-add", `{"records":[]}`, "CMN-101", "records"},
		{"POST", v2 + "/devices/bulk-add", `{"records":[{"extension":{"id":101}}]}`, "CMN-101", "records.0.extension.id"},
		{"POST", v2 + "/devices/bulk-add", `{"records":[` + add("106", "5001", `{"preferredAreaCode":"0650"}`) + `]}`, "CMN-101", ""},
		{"POST", v2 + "/devices/bulk-add", `{"records":[` + add("106", "5001", `{}`) + `]}`, "CMN-101", ""},
		{"POST", v2 + "/extensions/101/devices/2001/replace", `{}`, "CMN-101", "targetDeviceId"},
		{"DELETE", v2 + "/devices/2001", `{"keepAssets":true}`, "CMN-101", ""},
		{"GET", v1 + "/device?perpage=5", ``, "CMN-101", "perpage"},
		{"GET", v1 + "/device?page=0", ``, "CMN-101", "page"},
		{"GET", v1 + "/device?page=x", ``, "CMN-101", "page"},
		{"GET", v1 + "/extension?type=Usr", ``, "CMN-101", "type"},
		{"GET", v2 + "/phone-numbers?usageType=Inventory&usageType=Free", ``, "CMN-101", "usageType"},
		{"GET", "/restapi/v1.0/account/~,1/sites", ``, "CMN-101", "accountId"},
	} {
		got := s.call(test.method, test.path, test.body).fails(400, test.code)
		if parameter := got.text("errors", 0, "parameterName"); test.parameter != "" && parameter != test.parameter {
			t.Errorf("%s %s %s: got parameter %q, want %q: %s", test.method, test.path, test.body, parameter, test.parameter, got.Body)
		}
		s.violations++
	}
	s.get("/restapi/v1.0/account/~/devices").fails(404, "CMN-120")
	s.call("PATCH", v1+"/device/2001", `{"name":"X"}`).fails(404, "CMN-120")
	s.violations += 2
	s.counts(rcsim.EffectCounts{})
	if n := s.Stats().ContractViolations; n != s.violations || len(s.Violations()) != n {
		t.Errorf("got %d violations and %d texts, want %d", n, len(s.Violations()), s.violations)
	}
}

func TestBodiesNeedContentLength(t *testing.T) {
	t.Parallel()
	s := start(t)
	r := s.request(http.MethodPut, v1+"/device/2002", `{"name":"X"}`)
	r.ContentLength = -1
	r.TransferEncoding = []string{"chunked"}
	s.send(r).fails(400, "CMN-104")
	r = s.request(http.MethodPut, v1+"/device/2002", `{"name":"X"}`)
	r.Header.Set("Content-Type", "text/plain")
	s.send(r).want(400)
	s.violations = 2
	s.counts(rcsim.EffectCounts{})
}

// TestEveryOperationIsServed compares the contract's operations with the ones
// that answer: none is left without a handler.
func TestEveryOperationIsServed(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("contract/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`operationId: (\w+)`).FindAllStringSubmatch(string(document), -1)
	if len(found) != 23 {
		t.Errorf("the contract has %d operations, want 23", len(found))
	}
	for _, match := range found {
		if !rcsim.Serves(match[1]) {
			t.Errorf("no handler for %s", match[1])
		}
	}
}

// TestOverHTTP: chunked bodies and links as a real server sees them.
func TestOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t)
	server := httptest.NewServer(s)
	defer server.Close()
	send := func(method, path, body string, chunked bool) (status int, length int64) {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if chunked {
			r.ContentLength = -1
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+s.token)
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, answer.ContentLength
	}
	if status, _ := send("PUT", v1+"/device/2002", `{"name":"X"}`, true); status != 400 {
		t.Errorf("chunked: got status %d", status)
	}
	if status, length := send("PUT", v1+"/device/2002", `{"name":"X"}`, false); status != 200 || length <= 0 {
		t.Errorf("got status %d, length %d", status, length)
	}
	if status, _ := send("DELETE", v2+"/devices/2002", `{"keepAssetsInInventory":false}`, false); status != 204 {
		t.Errorf("got status %d", status)
	}
	s.violations = 1
}
