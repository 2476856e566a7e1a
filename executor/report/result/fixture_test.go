package result_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/redact"
	"provision/executor/report/result"
	"provision/executor/report/timeline"
	"provision/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read golden file (run with -update to make it): %v", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

// run is a run as the forms are made of.
type run struct {
	plan  *plan.Plan
	state journal.State
}

func (r run) report() *report.Report {
	return report.Build(r.plan, r.state, report.Options{Run: "20260504T090000Z-ab12cd"})
}

func (r run) result(tokens *redact.Tokens) *result.Result {
	return result.Build(r.plan, r.state, r.report(), result.Options{Tokens: tokens})
}

var begun = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

func office(floor string) plan.Address {
	return plan.Address{Street: "100 Main St", Street2: floor, City: "Belmont", State: "CA", Zip: "94002", Country: "US"}
}

var home = plan.Address{Street: "12 Private Way", Street2: "Apt 3", City: "Belmont", State: "CA", Zip: "94002", Country: "US", CustomerName: "Ada at home"}

// sheetOf is the sheet that all fixtures are read from.
func sheetOf() plan.SheetInfo {
	return plan.SheetInfo{File: "staff-of-ada.xlsx", Sheet: "Secret team", Header: []string{"extension", "street", "notes"}, Mapping: []string{"extension", "street", "notes"}}
}

func at(row int) plan.Cell { return plan.RowCell("staff-of-ada.xlsx", "Secret team", row) }

func phone(id plan.DeviceID, ext, number, serial string, a plan.Address) plan.Phone {
	return plan.Phone{
		Device: id, Type: "HardPhone", Name: "Desk of " + ext, Serial: serial, Model: "Desk phone 250", Extension: ext, Number: number,
		Emergency: &plan.Emergency{LocationID: "7", LocationName: "Main " + ext, Address: a, AddressStatus: "Valid"},
	}
}

// sample is a run that went through and had every kind of trouble.
func sample() run {
	text := func(s string) *string { return &s }
	row := func(n int, ext, person, site string, device plan.DeviceID, number string, changes ...string) plan.RowResult {
		status := plan.RowChanged
		if len(changes) == 0 {
			status = plan.RowNoOp
		}
		return plan.RowResult{
			At: at(n), Raw: []string{ext, "12 Private Way", "keep=hunter2"}, Status: status, On: &plan.Extension{Number: ext, Name: person, SiteName: site},
			MatchedBy: "only phone on " + ext, Phone: &plan.RowPhone{Device: device, Number: number, Emergency: "Valid"}, Changes: changes,
		}
	}
	change := func(id string, kind plan.Kind, ext, person string, rows ...int) plan.Change {
		return plan.Change{ID: id, Kind: kind, Rows: rows, On: &plan.Extension{ID: plan.ExtensionID("id" + ext), Number: ext, Name: person}}
	}
	add := change("add", plan.KindAdd, "101", "Ada Wells", 0)
	add.Effect = &plan.AddLine{DeviceType: "OtherPhone", Number: plan.NumberSource{AreaCode: "650"}, Emergency: &plan.EmergencyTarget{Location: &plan.LocationRef{ID: "9", Name: "Home of Ada"}, Place: home}}
	emg := change("emg", plan.KindUpdateEmergency, "102", "Ben Ode", 1)
	emg.Effect = &plan.UpdateDevice{Device: plan.DeviceRef{ID: "8002"}, Emergency: &plan.EmergencyTarget{Location: &plan.LocationRef{ID: "8", Name: "Floor two"}, Place: office("Floor 2")}}
	swp := change("swp", plan.KindSwap, "103", "Cy Marsh", 2, 3)
	swp.Effect = &plan.SwapDevice{Source: plan.DeviceRef{ID: "8003"}, Target: plan.DeviceRef{ID: "8004"}, TargetOn: "id104"}
	rem := change("rem", plan.KindRemove, "105", "Ed Kane", 4)
	rem.Was, rem.Effect = &plan.Facts{Device: "8005", Number: "+16505550105"}, &plan.RemoveLine{Device: "8005", KeepAssets: true}
	gone := change("gone", plan.KindRemove, "106", "Flo Ng", 5)
	gone.Was, gone.Effect = &plan.Facts{Device: "8006", Number: "+16505550106"}, &plan.RemoveLine{Device: "8006"}
	upd := change("upd", plan.KindUpdate, "107", "Gus Roe", 6)
	upd.Effect = &plan.UpdateDevice{Device: plan.DeviceRef{ID: "8007"}, Name: text("Front desk")}
	fail := change("fail", plan.KindSwap, "108", "Hal Sim", 7)
	fail.Effect = &plan.SwapDevice{Source: plan.DeviceRef{ID: "8008"}, Target: plan.DeviceRef{ID: "8018"}}
	doubt := change("doubt", plan.KindSetSerial, "109", "Ivy Tan", 8)
	doubt.Effect = &plan.SetSerial{Device: plan.DeviceRef{ID: "8009"}, Serial: "00005e0053aa", Model: "m1"}
	doubt.Was = &plan.Facts{Device: "8009", Rare: &plan.RareFacts{Model: "m1"}}
	p := &plan.Plan{
		FormatVersion: 1, Program: "test", SnapshotAt: begun.Add(-time.Minute), Account: plan.Account{ID: "400100", Name: "Example Corp", MainNumber: "+16505550000"},
		Sheets: []plan.SheetInfo{sheetOf()},
		Rows: []plan.RowResult{
			row(2, "101", "Ada Wells", "Belmont", "", "", "add"),
			row(3, "102", "Ben Ode", "Belmont", "8002", "+16505550102", "emg"),
			row(4, "103", "Cy Marsh", "Belmont", "8003", "+16505550103", "swp"),
			row(5, "104", "Di Holt", "Oakland", "8004", "+16505550104", "swp"),
			row(6, "105", "Ed Kane", "Oakland", "8005", "+16505550105", "rem"),
			row(7, "106", "Flo Ng", "Oakland", "8006", "+16505550106", "gone"),
			row(8, "107", "Gus Roe", "", "8007", "+16505550107", "upd"),
			row(9, "108", "Hal Sim", "", "8008", "+16505550108", "fail"),
			row(10, "109", "Ivy Tan", "Oakland", "8009", "+16505550109", "doubt"),
			row(11, "110", "Jo Unger", "Oakland", "8010", "+16505550110"),
		},
		Changes: []plan.Change{add, emg, swp, rem, gone, upd, fail, doubt},
		Safety: []plan.SafetyItem{
			{Extension: "110", Person: "Jo Unger", Device: "8010", Number: "+16505550110", Status: "Invalid"},
			{Extension: "111", Person: "Kit Vale", Device: "8011", Number: "+16505550111", Status: "missing"},
		},
	}
	for i := range 10 {
		id, ext := plan.DeviceID(fmt.Sprintf("80%02d", i+2)), fmt.Sprint(102+i)
		where := office(fmt.Sprintf("Floor %d", i%3+1))
		if i == 5 {
			where = home
		}
		p.Phones = append(p.Phones, phone(id, ext, "+16505550"+ext, fmt.Sprintf("00005e0053%02x", i), where).Named())
	}
	p.Phones = append(p.Phones, phone("8018", "", "", "00005e005318", plan.Address{}).Named())
	return run{p, sampleState()}
}

func sampleState() journal.State {
	read, err := json.Marshal(office("Floor 2"))
	if err != nil {
		panic(err)
	}
	out := func(s journal.Status, change func(*journal.Outcome)) journal.Outcome {
		o := journal.Outcome{Attempt: 1, Status: s, RequestID: "rq-" + string(s), Started: begun, Ended: begun.Add(2 * time.Second)}
		if change != nil {
			change(&o)
		}
		return o
	}
	limits := map[string]int{"light": 50, "medium": 40, "heavy": 10}
	return journal.State{
		Run: &journal.Run{Event: "begin"}, Begun: begun, Ended: begun.Add(time.Hour), Exit: "done",
		Outcomes: map[string]journal.Outcome{
			"add": out(journal.AddressPending, func(o *journal.Outcome) {
				o.DeviceID, o.Number, o.Emergency = "9001", "+16505550190", "Provisioning"
			}),
			"emg":  out(journal.Applied, func(o *journal.Outcome) { o.Emergency, o.EmergencyAddress = "Valid", read }),
			"swp":  out(journal.Applied, nil),
			"rem":  out(journal.Applied, nil),
			"gone": out(journal.Applied, nil),
			"upd":  out(journal.Applied, nil),
			"fail": out(journal.Failed, func(o *journal.Outcome) {
				o.Code, o.Message = "CMN-101", "the phone of Hal Sim at 12 Private Way is not known"
			}),
			"doubt": out(journal.Ambiguous, nil),
		},
		Notes: []journal.Note{
			report.Approval{By: "Jo Unger", At: begun.Add(-time.Hour), Note: "after the talk with Ada", Verified: "not signed"}.Journal(),
			timeline.Note{Born: begun, Scale: 1, Limits: limits, Minutes: []timeline.Minute{
				{At: 0, Calls: map[string]int{"light": 12, "medium": 40, "heavy": 3}}, {At: 1, Calls: map[string]int{"medium": 38}}, {At: 4, Calls: map[string]int{"light": 50}},
			}}.Journal(),
			timeline.Note{Born: begun.Add(30 * time.Minute), Scale: 1, Limits: limits, Minutes: []timeline.Minute{{At: 0, Calls: map[string]int{"light": 2, "medium": 1}}}}.Journal(),
		},
	}
}
