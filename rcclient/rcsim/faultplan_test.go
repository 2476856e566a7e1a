package rcsim_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"provision/rcclient/rcsim"
)

func TestParseFaultsRefuses(t *testing.T) {
	t.Parallel()
	rule := func(text string) string { return `{"rules":[{"on":"updateDevice",` + text + `}]}` }
	for plan, want := range map[string]string{
		``:                               "the file is empty",
		`[]`:                             "of type array, want an object",
		`{"rules":[]} {}`:                "more than one JSON document",
		`{"rulez":[]}`:                   `unknown key "rulez"`,
		`{"max_late":-1}`:                "max_late is -1",
		`{"rules":[{"kind":"drop"}]}`:    "rules[0]: kind drop needs when",
		rule(`"kind":"drop","wen":"x"`):  `rules[0]: json: unknown field "wen"`,
		rule(`"kind":"bang"`):            `unknown kind "bang", want one of admin, bulk_fail`,
		rule(`"when":"after"`):           `unknown kind ""`,
		rule(`"kind":"drop","when":"x"`): `when is "x"`,
		rule(`"kind":"drop","when":"after","seconds":1`):            "kind drop takes no seconds",
		rule(`"kind":"status","when":"after"`):                      "kind status needs status",
		rule(`"kind":"status","when":"after","status":200`):         "status is 200, want 400 to 599",
		rule(`"kind":"slow"`):                                       "kind slow needs seconds",
		rule(`"kind":"slow","seconds":-1`):                          "seconds is -1",
		rule(`"kind":"late","drop":true,"status":504`):              "drop and status",
		rule(`"kind":"cut_body","probability":1.5`):                 "probability is 1.5",
		rule(`"kind":"cut_body","calls":[0]`):                       "count from 1",
		rule(`"kind":"cut_body","every":-1`):                        "must not be negative",
		rule(`"kind":"admin","when":"after"`):                       "kind admin needs edit",
		rule(`"kind":"admin","when":"after","edit":"paint"`):        `unknown edit "paint", want one of rename`,
		rule(`"kind":"bulk_fail"`):                                  "kind bulk_fail cannot happen to updateDevice",
		rule(`"kind":"lag"`):                                        "kind lag cannot happen to updateDevice",
		`{"rules":[{"kind":"cut_body"}]}`:                           "on is missing",
		`{"rules":[{"on":7,"kind":"cut_body"}]}`:                    "on is 7",
		`{"rules":[{"on":["*","addDevice"],"kind":"cut_body"}]}`:    `unknown operation "addDevice"`,
		`{"rules":[{"on":"auth","kind":"late"}]}`:                   "kind late cannot happen to auth",
		`{"rules":[{"on":"getToken","kind":"unauthorized"}]}`:       "kind unauthorized cannot happen to getToken",
		`{"rules":[{"on":"*","kind":"cut_body"},{"on":"*","x":1}]}`: "rules[1]",
	} {
		_, err := rcsim.ParseFaults([]byte(plan))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "parse faults: ") {
			t.Errorf("%s: got %v, want %s", plan, err, want)
		}
	}
}

func TestNewRefusesFaults(t *testing.T) {
	t.Parallel()
	faults := &rcsim.Faults{Rules: []rcsim.FaultRule{{On: rcsim.FaultScope{"*"}, Kind: "bang"}}}
	if _, err := rcsim.New(rcsim.Options{Account: parse(t), Faults: faults}); err == nil || !strings.Contains(err.Error(), "bang") {
		t.Errorf("got %v", err)
	}
	if _, err := rcsim.New(rcsim.Options{Account: parse(t), MaxLate: -1}); err == nil {
		t.Error("a negative MaxLate is taken")
	}
}

// TestFaultsOverHTTP sets, adds to, shows and clears the plan.
func TestFaultsOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.faults("GET", "", "").want(200).is("[]", "plan", "rules").is("0", "late")
	s.faults("POST", "", `{"seed":3,"rules":[{"on":"readDevice","kind":"status","when":"before","status":503,"calls":[2]}]}`).want(200).is("3", "plan", "seed")
	s.device("2001").want(200)
	s.faults("POST", "?append=true", `{"rules":[{"on":"listSites","kind":"rate_limit"}]}`).want(200).is("rate_limit", "plan", "rules", 1, "kind")
	s.device("2001").want(503) // the count went on
	s.get(v1 + "/sites").want(429)
	s.faults("GET", "", "").is("2", "calls", "readDevice").is("1", "fired", "0/readDevice").is("1", "fired", "1/listSites")
	s.faults("POST", "?append=true", `{"seed":4,"rules":[]}`).want(400)
	s.faults("POST", "", `{"rules":[{"on":"readDevice"}]}`).want(400)
	s.faults("PUT", "", "").want(405)
	s.faults("POST", "", `{"rules":[{"on":"readDevice","kind":"status","when":"before","status":503,"calls":[1]}]}`).want(200)
	s.device("2001").want(503) // it counts anew
	s.get(v1 + "/sites").want(200)
	s.faults("DELETE", "", "").want(200).is("[]", "plan", "rules")
	s.device("2001").want(200)
	if err := s.AddFaults(nil); err == nil {
		t.Error("no plan is taken for one")
	}
}

// TestFaultPositionSurvives: counts, hits and storms go on after a restart, with
// the same plan given or none; another plan starts anew.
func TestFaultPositionSurvives(t *testing.T) {
	t.Parallel()
	faults, err := rcsim.ParseFaults([]byte(`{"seed":9,"rules":[
		{"on":"readDevice","kind":"status","when":"before","status":503,"times":2,"every":2},
		{"on":"listSites","kind":"rate_limit","seconds":100}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, compact := range []bool{false, true} {
		for _, given := range []*rcsim.Faults{faults, nil} {
			wall := newClock()
			options := rcsim.Options{Account: parse(t), StateFile: filepath.Join(t.TempDir(), "s.state"), Clock: wall.Now, Faults: faults}
			one := open(t, options)
			for _, want := range []int{200, 503, 200} {
				one.device("2001").want(want)
			}
			one.get(v2 + "/phone-numbers").want(200)
			one.shut()
			options.Faults = given
			if compact {
				appendTo(t, options.StateFile, `{"at":12`)
				bareSimNoSignIn(t, options).shut()
			}
			two := bareSimNoSignIn(t, options)
			two.token = one.token
			for _, want := range []int{503, 200, 200} {
				two.device("2001").want(want)
			}
			two.get(v1 + "/sites").want(429)
			two.shut()
			three := bareSimNoSignIn(t, options)
			three.token = one.token
			three.device("2001").want(429) // the storm goes on
			if got, _ := json.Marshal(three.Stats().Faults); string(got) != `{"rate_limit":2,"status":2}` {
				t.Errorf("got %s", got)
			}
			three.shut()
			options.Faults = &rcsim.Faults{}
			four := bareSimNoSignIn(t, options)
			four.token = one.token
			four.device("2001").want(200)
			four.shut()
		}
	}
}

func FuzzParseFaults(f *testing.F) {
	f.Add([]byte(`{"seed":1,"max_late":5,"rules":[{"on":"*","kind":"late","probability":0.5}]}`))
	f.Add([]byte(`{"rules":[{"on":["light","writes"],"kind":"admin","when":"after","edit":"move","calls":[1,2]}]}`))
	f.Add([]byte(`{"rules":[{"on":"bulkAddDevicesV2","kind":"bulk_short","items":[3]},{"on":"heavy","kind":"cut_body","bytes":0}]}`))
	account := parse(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		faults, err := rcsim.ParseFaults(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(faults)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rcsim.ParseFaults(again); err != nil {
			t.Errorf("%s is refused: %v", again, err)
		}
		if _, err := rcsim.New(rcsim.Options{Account: account, Faults: faults}); err != nil {
			t.Error(err)
		}
	})
}
