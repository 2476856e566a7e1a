package rcsim_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

func TestParseAccountRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                                   "is empty",
		`[]`:                                 "array",
		`{} {}`:                              "more than one",
		`{"devics":[]}`:                      `"devics"`,
		`{"settings":{"erl_regim":1}}`:       `"erl_regim"`,
		`{"credentials":{"secret":1}}`:       `"secret"`,
		`{"settings":{"batch_cost":"half"}}`: "half",
		`{"settings":{"window":"round"}}`:    "round",
		`{"settings":{"latency":-1}}`:        "latency",
		`{"settings":{"limits":{"middle":{"limit":1}}}}`:                                  "middle",
		`{"settings":{"limits":{"light":{"limit":-1}}}}`:                                  "light",
		`{"settings":{"validation":{"seconds":-1}}}`:                                      "validation",
		`{"settings":{"bulk_max":-1}}`:                                                    "bulk_max",
		`{"settings":{"number_pool":{"area_codes":["65"]}}}`:                              "65",
		`{"extensions":[{"id":1},{"id":"1"}]}`:                                            "extension 1 stands twice",
		`{"extensions":[{"id":1,"extensionNumber":"1"},{"id":2,"extensionNumber":"1"}]}`:  "extension number 1",
		`{"extensions":[{}]}`:                                                             "no id",
		`{"devices":[{"id":"1"},{"id":1}]}`:                                               "device 1 stands twice",
		`{"devices":[{"id":"1","extension":{"id":5}}]}`:                                   "no extension has the id 5",
		`{"numbers":[{"id":"1","phoneNumber":"650"}]}`:                                    "650",
		`{"numbers":[{"id":"1","phoneNumber":"+1650"},{"id":"2","phoneNumber":"+1650"}]}`: "+1650",
		`{"sites":[{"id":""}]}`:                                                           "no id",
		`{"extensions":[{"id":"a"}]}`:                                                     "a",
		`{"extensions":[{"id":1.5}]}`:                                                     "1.5",
	} {
		_, err := rcsim.ParseAccount([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one that names %s", text, err, want)
		}
	}
	if _, err := rcsim.LoadAccount(filepath.Join(t.TempDir(), "none.json")); err == nil || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("got error %v", err)
	}
}

// TestParseAccountCompletes: a sparse account is enough.
func TestParseAccountCompletes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte(`{"extensions":[{"id":"7","extensionNumber":"101"}],"devices":[{"id":1,"extension":{"id":"7"},"phoneLines":[{"phoneInfo":{"phoneNumber":"+16505550101"}}]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	account, err := rcsim.LoadAccount(path)
	if err != nil {
		t.Fatal(err)
	}
	device, number := account.Devices[0], account.Numbers[0]
	if device.Type != "OtherPhone" || device.PhoneLines[0].PhoneInfo.ID.Text() != number.ID || number.Extension.ID != "7" || number.UsageType != "DirectNumber" {
		t.Errorf("got device %+v and number %+v", device, number)
	}
	if extension := account.Extensions[0]; extension.Type != "User" || extension.Status != "Enabled" {
		t.Errorf("got extension %+v", extension)
	}
}

func FuzzParseAccount(f *testing.F) {
	f.Add(fmt.Appendf(nil, sample, ""))
	f.Add([]byte(`{"extensions":[{"id":9223372036854775807}],"devices":[{"id":"x","phoneLines":[{}]}]}`))
	f.Add([]byte(`{"devices":[{"id":1,"emergency":{"address":{"street":{"a":[]}},"addressStatus":"Provisioning"}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		account, err := rcsim.ParseAccount(data)
		if err != nil {
			return
		}
		first, err := account.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := rcsim.ParseAccount(first)
		if err != nil {
			t.Fatalf("what was encoded cannot be parsed: %v\n%s", err, first)
		}
		if second, err := again.Encode(); err != nil || string(first) != string(second) {
			t.Fatalf("parsed and encoded again it differs (%v):\n%s\n%s", err, first, second)
		}
	})
}
