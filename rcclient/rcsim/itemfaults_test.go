package rcsim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// adds is a bulk-add of three records.
var adds = `{"records":[` + add("106", "5001", anyNumber) + "," + add("107", "5001", anyNumber) + "," + add("108", "5001", anyNumber) + `]}`

// TestBulkFaults spoils bulk answers: which extensions they name, and what is
// really there.
func TestBulkFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rule string
		want string // extensions of the answer, - for a failed one
		made int
	}{
		"failed":        {`"kind":"bulk_fail","items":[2,9],"code":"XYZ-7"`, "106 - 108", 2},
		"all failed":    {`"kind":"bulk_fail","items":[1,2,3]`, "- - -", 0},
		"first missing": {`"kind":"bulk_short","items":[1]`, "107 108", 3},
		"last twice":    {`"kind":"bulk_long","items":[3]`, "106 107 108 108", 3},
		"no numbers":    {`"kind":"no_numbers"`, "- - -", 0},
		"no inventory":  {`"kind":"no_inventory","code":"XYZ-8"`, "- - -", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBothWires(t, `{"rules":[{"on":"bulkAddDevicesV2","times":1,`+test.rule+`}]}`, func(t *testing.T, w *wired) {
				got := w.do("POST", v2+"/devices/bulk-add", adds).want(200)
				if shown := extensionsOf(got); shown != test.want {
					t.Errorf("got %s, want %s", shown, test.want)
				}
				if n := w.Stats().Effects.Added; n != test.made {
					t.Errorf("got %d devices, want %d", n, test.made)
				}
				if code := strings.Index(test.rule, "XYZ"); code > 0 && !strings.Contains(got.Body.String(), test.rule[code:code+5]) {
					t.Errorf("the code is not there: %s", got.Body)
				}
				w.do("POST", v2+"/devices/bulk-add", adds).want(200).is("true", "results", 2, "successful")
			})
		})
	}
}

func extensionsOf(answer *reply) string {
	var shown []string
	for i := range answer.length("results") {
		id := answer.text("results", i, "extension", "id")
		if id == "" {
			id = "-"
		}
		shown = append(shown, id)
	}
	return strings.Join(shown, " ")
}

// TestBulkReorder never leaves the order, and loses nothing.
func TestBulkReorder(t *testing.T) {
	t.Parallel()
	onBothWires(t, `{"rules":[{"on":"bulkAddDevicesV2","kind":"bulk_reorder"}]}`, func(t *testing.T, w *wired) {
		orders := map[string]bool{}
		for range 8 {
			order := extensionsOf(w.do("POST", v2+"/devices/bulk-add", adds).want(200))
			ids := strings.Fields(order)
			slices.Sort(ids)
			if order == "106 107 108" || !slices.Equal(ids, []string{"106", "107", "108"}) {
				t.Errorf("got %s", order)
			}
			orders[order] = true
		}
		if len(orders) < 2 {
			t.Error("the order is always the same")
		}
	})
}

// TestBulkFaultsElsewhere spoils the other bulk calls.
func TestBulkFaultsElsewhere(t *testing.T) {
	t.Parallel()
	s := start(t)
	slots := s.post(v2+"/device-inventory", `{"type":"OtherPhone","quantity":3}`).want(201)
	var ids []string
	for i := range 3 {
		ids = append(ids, slots.text("devices", i, "id"))
	}
	s.plan(`{"rules":[{"on":"deleteDeviceFromInventory","kind":"bulk_fail","items":[1]},{"on":"deleteDeviceFromInventory","kind":"bulk_short","items":[3]},
		{"on":"bulkUpdateDevices","kind":"bulk_fail","items":[1]},{"on":"addDeviceToInventory","kind":"bulk_short","calls":[1]},
		{"on":"addDeviceToInventory","kind":"no_inventory","calls":[2]}]}`)
	got := s.remove(v2+"/device-inventory", fmt.Sprintf(`{"records":[{"deviceId":%q},{"deviceId":%q},{"deviceId":%q}]}`, ids[0], ids[1], ids[2])).want(200)
	got.is("false", "records", 0, "bulkItemSuccessful").is("true", "records", 1, "bulkItemSuccessful").is("", "records", 2, "deviceId")
	if n := s.Stats().Effects.Unstocked; n != 2 {
		t.Errorf("got %d deleted, want 2", n)
	}
	s.post(v1+"/device/bulk-update", `{"records":[{"deviceId":"2002","name":"Q"},{"deviceId":"2005","name":"R"}]}`).want(200).
		is("false", "records", 0, "successful").is("true", "records", 1, "successful")
	s.device("2002").is("Bob desk", "name")
	if n := s.post(v2+"/device-inventory", `{"type":"OtherPhone","quantity":3}`).want(201).length("devices"); n != 2 {
		t.Errorf("got %d slots named, want 2", n)
	}
	stocked := s.Stats().Effects.Stocked
	s.post(v2+"/device-inventory", `{"type":"OtherPhone","quantity":3}`).want(400)
	if n := s.Stats().Effects.Stocked; n != stocked || n != 6 {
		t.Errorf("got %d slots, then %d", stocked, n)
	}
}
