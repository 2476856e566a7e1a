package rcsim_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

func find(t *testing.T, account *rcsim.Account, id string) *rcsim.Device {
	t.Helper()
	i := slices.IndexFunc(account.Devices, func(d rcsim.Device) bool { return string(d.ID) == id })
	if i < 0 {
		return nil
	}
	return &account.Devices[i]
}

// TestAdminEdits has another administrator at work beside calls on extension
// 102 and its phone.
func TestAdminEdits(t *testing.T) {
	t.Parallel()
	type world struct {
		*wired
		account *rcsim.Account
		effect  rcsim.Effect
	}
	put := func(w *wired) { w.do("PUT", v1+"/device/2002", rename).want(200) }
	list := func(w *wired) { w.do("GET", v1+"/extension/102/device", "").want(200) }
	bulk := func(w *wired) {
		w.do("POST", v2+"/devices/bulk-add", `{"records":[`+add("102", "5001", anyNumber)+`]}`).want(200)
	}
	for name, test := range map[string]struct {
		rule string
		call func(*wired)
		kind rcsim.EffectKind
		ok   func(*testing.T, world) bool
	}{
		"rename before": {`"when":"before","edit":"rename","name":"Z"`, put, rcsim.EffectUpdated, func(t *testing.T, w world) bool { return find(t, w.account, "2002").Name == "X" }},
		"rename after":  {`"when":"after","edit":"rename","name":"Z"`, put, rcsim.EffectUpdated, func(t *testing.T, w world) bool { return find(t, w.account, "2002").Name == "Z" }},
		"rename beside a read": {`"when":"before","edit":"rename","name":"Z"`, list, rcsim.EffectUpdated, func(t *testing.T, w world) bool {
			return find(t, w.account, "2002").Name == "Z" && w.effect.Extension == "102"
		}},
		"rename another": {`"when":"before","edit":"rename","name":"Z","device":"2001"`, put, rcsim.EffectUpdated, func(t *testing.T, w world) bool { return find(t, w.account, "2001").Name == "Z" }},
		"move": {`"when":"after","edit":"move"`, put, rcsim.EffectUpdated, func(t *testing.T, w world) bool {
			moved := find(t, w.account, "2002")
			to := moved.Extension.ID.Text()
			i := slices.IndexFunc(w.account.Numbers, func(n rcsim.Number) bool { return n.PhoneNumber == "+16505550102" })
			return to != "102" && to == w.effect.Extension && w.account.Numbers[i].Extension.ID == to && moved.PhoneLines[0].PhoneInfo.Extension.ID == to
		}},
		"remove": {`"when":"after","edit":"remove"`, put, rcsim.EffectRemoved, func(t *testing.T, w world) bool { return find(t, w.account, "2002").Extension == nil }},
		"remove for good": {`"when":"after","edit":"remove","keep_assets":false`, put, rcsim.EffectRemoved, func(t *testing.T, w world) bool {
			return find(t, w.account, "2002") == nil && w.Stats().Effects.NumbersReleased == 0
		}},
		"remove from the inventory": {`"when":"before","edit":"remove"`, func(w *wired) { w.do("GET", v1+"/device/2004", "").want(404) }, rcsim.EffectUnstocked, func(t *testing.T, w world) bool { return find(t, w.account, "2004") == nil }},
		"add": {`"when":"before","edit":"add"`, bulk, rcsim.EffectAdded, func(t *testing.T, w world) bool {
			on := 0
			for _, device := range w.account.Devices {
				if device.Extension != nil && device.Extension.ID == 102 {
					on++
				}
			}
			return on == 3 && w.effect.Extension == "102" && w.effect.Number != "" && w.Stats().Effects.NumbersTaken == 1
		}},
		"add elsewhere": {`"when":"after","edit":"add","extension":"107"`, bulk, rcsim.EffectAdded, func(_ *testing.T, w world) bool { return w.effect.Extension == "107" }},
		"address": {`"when":"after","edit":"address"`, put, rcsim.EffectEmergency, func(t *testing.T, w world) bool {
			return find(t, w.account, "2002").Emergency.Location.ID == "5001" && w.effect.Location == "5001"
		}},
		"stock": {`"when":"before","edit":"stock"`, bulk, rcsim.EffectStocked, func(t *testing.T, w world) bool {
			return find(t, w.account, string(w.effect.Device)).Extension == nil
		}},
		"location": {`"when":"after","edit":"location"`, func(w *wired) {
			w.do("POST", v1+"/emergency-locations", `{"name":"Twin","address":{"street":"9 Fine St","city":"Reno","state":"NV","zip":"89501","country":"US"}}`).want(200)
		}, rcsim.EffectLocation, func(_ *testing.T, w world) bool {
			n := 0
			for _, erl := range w.account.EmergencyLocations {
				if erl.Name == "Twin" {
					n++
				}
			}
			return n == 2
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBothWires(t, `{"rules":[{"on":["reads","writes"],"kind":"admin",`+test.rule+`}]}`, func(t *testing.T, w *wired) {
				test.call(w)
				var edits []rcsim.Effect
				for _, effect := range w.Effects() {
					if effect.Operation == "admin" {
						edits = append(edits, effect)
					}
				}
				if len(edits) != 1 || edits[0].Kind != test.kind || edits[0].RequestID != "" || w.Stats().AdminEffects != 1 {
					t.Fatalf("got edits %+v, %d counted", edits, w.Stats().AdminEffects)
				}
				if !test.ok(t, world{w, w.Snapshot(), edits[0]}) {
					data, _ := json.Marshal(w.Effects())
					t.Errorf("not as it should be: %s", data)
				}
			})
		})
	}
}

// TestAdminBesideACallThatFails edits all the same: the account is another one,
// whatever the client learns.
func TestAdminBesideACallThatFails(t *testing.T) {
	t.Parallel()
	for _, course := range []string{
		`"kind":"status","when":"before","status":503`, `"kind":"rate_limit"`, `"kind":"unauthorized"`, `"kind":"late","seconds":9,"status":504`,
		`"kind":"status","when":"after","status":500`,
	} {
		for _, when := range []string{"before", "after"} {
			s := start(t)
			s.plan(`{"rules":[{"on":"updateDevice",` + course + `},{"on":"updateDevice","kind":"admin","when":"` + when + `","edit":"rename","device":"2001","name":"Z"}]}`)
			if s.put(v1+"/device/2002", rename).Code < 400 {
				t.Errorf("%s did not happen", course)
			}
			want := "Z"
			if when == "after" && strings.Contains(course, "late") {
				want = "Ann desk" // its effect is still to come
			}
			if got := find(t, s.Snapshot(), "2001").Name; got != want {
				t.Errorf("%s, %s: got %s, want %s", course, when, got, want)
			}
		}
	}
}

// TestAdminInTheOtherRegime gives plain addresses.
func TestAdminInTheOtherRegime(t *testing.T) {
	t.Parallel()
	account := parse(t)
	regime := false
	account.Settings.ERLRegime = &regime
	s := open(t, rcsim.Options{Account: account})
	s.plan(`{"rules":[{"on":"updateDevice","kind":"admin","when":"after","edit":"address"},{"on":"updateDevice","kind":"admin","when":"after","edit":"add"}]}`)
	s.put(v1+"/device/2002", rename).want(200)
	if got := s.Effects(); len(got) != 3 || got[1].Kind != rcsim.EffectEmergency || got[2].Kind != rcsim.EffectAdded {
		t.Errorf("got %+v", got)
	}
	if place := find(t, s.Snapshot(), "2002").Emergency; place.Location != nil || place.Address["street"] == "2 West St" {
		t.Errorf("got %+v", place)
	}
}

// TestAdminWithNothingToEdit does nothing.
func TestAdminWithNothingToEdit(t *testing.T) {
	t.Parallel()
	s := start(t)
	var rules string
	for _, edit := range []string{"rename", "move", "remove", "add", "address", "location"} {
		rules += `,{"on":["listSites","readDevice"],"kind":"admin","when":"before","edit":"` + edit + `"}`
	}
	s.plan(`{"rules":[` + rules[1:] + `]}`)
	s.get(v1 + "/sites").want(200)
	s.get(v1 + "/device/nothing").want(404)
	if got := s.Effects(); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}
