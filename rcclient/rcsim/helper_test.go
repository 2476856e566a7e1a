package rcsim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

// sample is an account with two sites, five ERLs, eight extensions and a few
// phones; %s stands for more settings.
const sample = `{
  "account": {"id": 400131426, "mainNumber": "+16505550100"},
  "settings": {"erl_regime": true, "unlisted_operations": true %s},
  "sites": [{"id": "main-site", "name": "Main Site"}, {"id": "7001", "name": "West"}],
  "cost_centers": [{"id": 9001, "name": "Sales", "billingCode": "S1"}],
  "emergency_locations": [
    {"id": "5001", "name": "HQ", "address": {"street": "1 Main St", "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}},
    {"id": "5002", "name": "West", "site": {"id": "7001", "name": "West"}, "address": {"street": "2 West St", "city": "Reno", "state": "NV", "zip": "89501", "country": "US"}},
    {"id": "5003", "name": "Bad", "addressStatus": "Invalid", "address": {"street": "3 Bad St", "city": "Reno", "state": "NV", "zip": "89501", "country": "US"}},
    {"id": "5004", "name": "Fresh", "addressStatus": "Provisioning", "address": {"street": "4 New St", "city": "Reno", "state": "NV", "zip": "89501", "country": "US"}},
    {"id": "5005", "name": "Home", "visibility": "Private", "address": {"street": "5 Home St", "city": "Reno", "state": "NV", "zip": "89501", "country": "US"}}
  ],
  "extensions": [
    {"id": 101, "extensionNumber": "101", "name": "Ann", "type": "User", "contact": {"email": "ann@example.com"}, "site": {"id": "main-site", "name": "Main Site"}},
    {"id": 102, "extensionNumber": "102", "name": "Bob", "type": "User", "site": {"id": "7001", "name": "West"}},
    {"id": 103, "extensionNumber": "103", "name": "Lobby", "type": "Limited"},
    {"id": 104, "extensionNumber": "104", "name": "Gone", "type": "User", "status": "Disabled"},
    {"id": 105, "extensionNumber": "105", "name": "Queue", "type": "Department"},
    {"id": 106, "extensionNumber": "106", "name": "Cy", "type": "User"},
    {"id": 107, "extensionNumber": "107", "name": "Di", "type": "User"},
    {"id": 108, "extensionNumber": "108", "name": "Ed", "type": "User"}
  ],
  "devices": [
    {"id": "2001", "type": "HardPhone", "name": "Ann desk", "serial": "AABBCCDDEE01", "extension": {"id": 101}, "site": {"id": "main-site", "name": "Main Site"},
     "emergency": {"location": {"id": "5001", "name": "HQ"}, "address": {"street": "1 Main St", "city": "Belmont", "state": "CA", "zip": "94002", "country": "US"}, "addressStatus": "Valid"},
     "phoneLines": [{"id": "3001", "lineType": "Standalone", "phoneInfo": {"id": 6001, "phoneNumber": "+16505550101"}}]},
    {"id": "2002", "type": "OtherPhone", "name": "Bob desk", "extension": {"id": 102}, "site": {"id": "7001", "name": "West"},
     "emergency": {"location": {"id": "5002", "name": "West"}, "address": {"street": "2 West St", "city": "Reno", "state": "NV", "zip": "89501", "country": "US"}, "addressStatus": "Valid"},
     "phoneLines": [{"id": "3002", "phoneInfo": {"phoneNumber": "+16505550102"}}]},
    {"id": "2003", "type": "SoftPhone", "name": "Ann app", "extension": {"id": 101}},
    {"id": "2004", "type": "OtherPhone", "site": {"id": "main-site", "name": "Main Site"}},
    {"id": "2005", "type": "OtherPhone", "name": "Lobby", "extension": {"id": 103},
     "phoneLines": [{"phoneInfo": {"phoneNumber": "+16505550103"}}]}
  ],
  "numbers": [
    {"id": "6100", "phoneNumber": "+16505550150", "tollType": "Toll", "usageType": "Inventory", "status": "Normal"},
    {"id": "6101", "phoneNumber": "+16505550100", "usageType": "MainCompanyNumber"}
  ]
}`

// parse is the sample account with more settings, e.g. `"bulk_max": 3`.
func parse(t testing.TB, settings ...string) *rcsim.Account {
	t.Helper()
	more := ""
	for _, one := range settings {
		more += ", " + one
	}
	account, err := rcsim.ParseAccount(fmt.Appendf(nil, sample, more))
	if err != nil {
		t.Fatal(err)
	}
	return account
}

// sim is a server under test with a signed-in client. Every test ends with the
// question whether there were contract violations.
type sim struct {
	*rcsim.Server
	t     testing.TB
	token string
	// violations is how many contract violations the test means to make.
	violations int
}

// start serves the sample account, the contract fully checked.
func start(t testing.TB, settings ...string) *sim {
	t.Helper()
	return open(t, rcsim.Options{Account: parse(t, settings...)})
}

func open(t testing.TB, options rcsim.Options) *sim {
	t.Helper()
	options.FullContract = true
	server, err := rcsim.New(options)
	if err != nil {
		t.Fatal(err)
	}
	s := &sim{Server: server, t: t}
	t.Cleanup(func() {
		if n := server.Stats().ContractViolations; n != s.violations {
			t.Errorf("got %d contract violations, want %d: %q", n, s.violations, server.Violations())
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	s.signIn()
	return s
}

func (s *sim) signIn() {
	s.t.Helper()
	got := s.form("/restapi/oauth/token", url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {"jwt"}})
	got.want(200)
	s.token = got.text("access_token")
}

func (s *sim) form(path string, form url.Values) *reply { return s.send(s.formRequest(path, form)) }

func (s *sim) formRequest(path string, form url.Values) *http.Request {
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("app", "secret")
	return r
}

// call sends a request with the client's token; body "" is none.
func (s *sim) call(method, path, body string) *reply {
	return s.send(s.request(method, path, body))
}

func (s *sim) request(method, path, body string) *http.Request {
	var reader io.Reader = http.NoBody
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, reader)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	return r
}

func (s *sim) send(r *http.Request) *reply {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return &reply{ResponseRecorder: w, t: s.t, what: r.Method + " " + r.URL.String()}
}

const (
	v1 = "/restapi/v1.0/account/~"
	v2 = "/restapi/v2/accounts/~"
)

func (s *sim) get(path string) *reply          { return s.call(http.MethodGet, path, "") }
func (s *sim) put(path, body string) *reply    { return s.call(http.MethodPut, path, body) }
func (s *sim) post(path, body string) *reply   { return s.call(http.MethodPost, path, body) }
func (s *sim) remove(path, body string) *reply { return s.call(http.MethodDelete, path, body) }
func (s *sim) device(id string) *reply         { return s.get(v1 + "/device/" + id) }
func (s *sim) bulkAdd(records ...string) *reply {
	return s.post(v2+"/devices/bulk-add", `{"records":[`+strings.Join(records, ",")+`]}`)
}

// add is a bulk-add record: %s is the extension, the ERL and phoneInfo.
func add(extension, erl, phoneInfo string) string {
	return fmt.Sprintf(`{"extension":{"id":%q},"type":"OtherPhone","emergency":{"location":{"id":%q}},"phoneInfo":%s}`, extension, erl, phoneInfo)
}

const anyNumber = `{"tollType":"Toll"}`

// reply is an answer that can be asked about.
type reply struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
}

func (r *reply) want(status int) *reply {
	r.t.Helper()
	if r.Code != status {
		r.t.Fatalf("%s: got status %d, want %d: %s", r.what, r.Code, status, r.Body)
	}
	return r
}

// fails wants an error answer with a code.
func (r *reply) fails(status int, code string) *reply {
	r.t.Helper()
	r.want(status)
	if got := r.text("errors", 0, "errorCode"); got != code {
		r.t.Fatalf("%s: got error %s, want %s: %s", r.what, got, code, r.Body)
	}
	return r
}

// value finds a value of the JSON body by keys and indexes; nil if there is none.
func (r *reply) value(path ...any) any {
	r.t.Helper()
	var value any
	decoder := json.NewDecoder(strings.NewReader(r.Body.String()))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		r.t.Fatalf("%s: answer is not JSON: %v: %q", r.what, err, r.Body)
	}
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[step]
		case int:
			array, _ := value.([]any)
			if step >= len(array) {
				return nil
			}
			value = array[step]
		}
	}
	return value
}

// text is a value as text, "" if there is none.
func (r *reply) text(path ...any) string {
	r.t.Helper()
	value := r.value(path...)
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// is wants a value to have a text.
func (r *reply) is(want string, path ...any) *reply {
	r.t.Helper()
	if got := r.text(path...); got != want {
		r.t.Errorf("%s: %v: got %q, want %q: %s", r.what, path, got, want, r.Body)
	}
	return r
}

// length is how long an array of the body is.
func (r *reply) length(path ...any) int {
	r.t.Helper()
	array, _ := r.value(path...).([]any)
	return len(array)
}

func optionsFor(account *rcsim.Account) rcsim.Options { return rcsim.Options{Account: account} }
