package report_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file of testdata.
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

func cell(row, column int, header string) plan.Cell {
	return plan.RowCell("office.xlsx", "Phones", row).In(column, header)
}

func at(row int) plan.Cell { return cell(row, 0, "") }

var (
	hq     = plan.Address{Street: "100 Main St", Street2: "Floor 2", City: "Belmont", State: "CA", Zip: "94002", Country: "US"}
	annex  = plan.Address{Street: "7 Quay Rd", City: "Belmont", State: "CA", Zip: "94002", Country: "US"}
	header = []string{"Ext", "device_id", "Comment", "Comment", ""}
)

// samplePlan has a change of every kind, rows of every status, and all that a
// plan can warn of.
func samplePlan() *plan.Plan {
	name, common := "Front desk", true
	return &plan.Plan{
		FormatVersion: 1, Program: "test",
		Account: plan.Account{ID: "400100", Name: "Example Corp", ERLRegime: true},
		Sheets:  []plan.SheetInfo{{File: "office.xlsx", Sheet: "Phones", Header: header, Mapping: []string{"extension", "device_id", "", "", ""}}},
		Rows: []plan.RowResult{
			row(2, "101", "Ada Wells", plan.RowChanged, "", "loc", "add"),
			row(3, "102", "Ben Ode", plan.RowChanged, "8002", "emg"),
			row(4, "103", "Cy Marsh\x1b[31m", plan.RowChanged, "8003", "upd"),
			row(5, "104", "Di Holt", plan.RowChanged, "8004", "stk", "swp"),
			row(6, "105", "Ed Kane", plan.RowChanged, "8005", "rem"),
			row(7, "", "", plan.RowChanged, "8006", "uns"),
			{At: at(8), Raw: []string{"107", "", "=1+1", "two", ""}, Status: plan.RowNoOp, On: &plan.Extension{Number: "107", Name: "Flo Ng"}, MatchedBy: "only phone on 107", Phone: &plan.RowPhone{Device: "8007", Number: "+16505550107", Emergency: "Valid"}, Message: "all holds"},
			{At: at(9), Raw: []string{"108"}, Status: plan.RowIgnored, On: &plan.Extension{Number: "108"}, Message: "action is ignore"},
			{At: at(10), Raw: []string{"9999", "", "", "", "x"}, Status: plan.RowInvalid, Message: "no extension 9999"},
			row(11, "109", "Gus Roe", plan.RowChanged, "", "tnt"),
		},
		Changes: []plan.Change{
			{ID: "loc", Kind: plan.KindCreateLocation, Rows: []int{0}, Cells: plan.CellsOf(cell(2, 4, "street")), Reason: "no ERL at this place", Effect: &plan.NewLocation{Name: "HQ 2", Address: hq}},
			{ID: "stk", Kind: plan.KindStock, Rows: []int{3}, Reason: "replace_with new", Effect: &plan.StockSlots{Quantity: 1, Site: "main-site"}},
			{
				ID: "add", Kind: plan.KindAdd, Rows: []int{0}, Cells: plan.CellsOf(cell(2, 1, "Ext")), On: &plan.Extension{ID: "1", Number: "101", Name: "Ada Wells"}, Reason: "no phone on 101", Order: &plan.Order{DependsOn: []string{"loc"}},
				Effect: &plan.AddLine{
					DeviceType: "OtherPhone", Number: plan.NumberSource{AreaCode: "650"}, CostCenter: "77",
					Emergency: &plan.EmergencyTarget{Location: &plan.LocationRef{Change: "loc", Name: "HQ 2"}, Place: hq},
				},
			},
			{
				ID: "swp", Kind: plan.KindSwap, Rows: []int{3}, Cells: plan.CellsOf(cell(5, 2, "device_id")), On: &plan.Extension{ID: "4", Number: "104", Name: "Di Holt"}, Reason: "by device_id", Order: &plan.Order{DependsOn: []string{"stk"}},
				Was: &plan.Facts{Device: "8004", Name: "Di's phone"}, Effect: &plan.SwapDevice{Source: plan.DeviceRef{ID: "8004"}, Target: plan.DeviceRef{Change: "stk"}},
			},
			{
				ID: "emg", Kind: plan.KindUpdateEmergency, Rows: []int{1}, Cells: plan.CellsOf(cell(3, 4, "street")), On: &plan.Extension{ID: "2", Number: "102", Name: "Ben Ode"}, Reason: "only phone on 102",
				Was:    &plan.Facts{Device: "8002", Emergency: &plan.Emergency{Address: annex, AddressStatus: "Invalid"}},
				Effect: &plan.UpdateDevice{Device: plan.DeviceRef{ID: "8002"}, Emergency: &plan.EmergencyTarget{Location: &plan.LocationRef{ID: "55", Name: "HQ 1"}, Place: hq}},
			},
			{
				ID: "upd", Kind: plan.KindUpdate, Rows: []int{2}, Cells: plan.CellsOf(cell(4, 3, "name")), On: &plan.Extension{ID: "3", Number: "103", Name: "Cy Marsh\x1b[31m"}, Reason: "by serial",
				Was: &plan.Facts{Device: "8003", Name: "Old"}, Effect: &plan.UpdateDevice{Device: plan.DeviceRef{ID: "8003"}, Name: &name, CommonPhone: &common},
			},
			{
				ID: "rem", Kind: plan.KindRemove, Rows: []int{4}, On: &plan.Extension{ID: "5", Number: "105", Name: "Ed Kane"}, Reason: "only phone on 105",
				Was: &plan.Facts{Device: "8005", Type: "HardPhone", Number: "+16505550105"}, Effect: &plan.RemoveLine{Device: "8005"},
			},
			{ID: "uns", Kind: plan.KindUnstock, Rows: []int{5}, Reason: "by device_id", Effect: &plan.DeleteDevice{Device: plan.DeviceRef{ID: "8006"}}},
			{
				ID: "tnt", Kind: plan.KindAdd, Rows: []int{9}, On: &plan.Extension{Number: "109", Name: "Gus Roe"}, Tainted: true, Reason: "no phone on 109",
				Effect: &plan.AddLine{DeviceType: "WebRTC", Number: plan.NumberSource{NumberID: "31", Number: "+16505550131"}, Emergency: &plan.EmergencyTarget{Address: &annex, Place: annex}},
			},
		},
		Errors: []plan.Problem{
			{Cell: cell(10, 1, "Ext"), Value: "9999", Code: "unknown_extension", Message: "no extension 9999 on the account; correct the number"},
			{Cell: cell(10, 5, ""), Value: "x", Code: "unknown_value", Message: "x is no value; use yes or no"},
		},
		Warnings:       []plan.Problem{{Cell: at(8), Code: "other_phone", Message: "107 has a further phone 8017"}},
		Notes:          []string{"cost centers of existing lines cannot be read and were not compared"},
		AssignedPhones: 120,
		LeftWithout:    []plan.PersonRef{{Extension: "105", Person: "Ed Kane"}},
		NumbersGivenUp: []string{"+16505550105"},
		Safety: []plan.SafetyItem{
			{Extension: "102", Person: "Ben Ode", Device: "8002", Number: "+16505550102", Status: "Invalid", Changes: []string{"emg"}},
			{Extension: "107", Person: "Flo Ng", Device: "8017", Status: "missing"},
		},
		Unmanaged: []plan.Unmanaged{{Extension: "107", Person: "Flo Ng", Device: "8017", Type: "HardPhone", Name: "Lab"}},
		Estimate:  plan.Estimate{Medium: 5, Heavy: 3, LeastSeconds: 130},
	}
}

func row(n int, ext, person string, status plan.RowStatus, device plan.DeviceID, changes ...string) plan.RowResult {
	return plan.RowResult{
		At: at(n), Raw: []string{ext, string(device), "+16505550100", "a,\"b\"", ""}, Status: status, On: &plan.Extension{Number: ext, Name: person},
		MatchedBy: "extension", Phone: &plan.RowPhone{Device: device, Emergency: "Valid"}, Changes: changes,
	}
}

func sampleBreaches() []plan.Breach {
	return []plan.Breach{{Guard: "leave-without-phone", Limit: "0", Count: 1, Flag: "--leave-without-phone 1", Message: "1 person would be left without a phone"}}
}

// sampleState is a run that went through and had every kind of trouble.
func sampleState() journal.State {
	begun := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	done := func(status journal.Status, change func(*journal.Outcome)) journal.Outcome {
		o := journal.Outcome{Attempt: 1, Status: status, RequestID: "rq-1", Started: begun, Ended: begun.Add(2 * time.Second)}
		if change != nil {
			change(&o)
		}
		return o
	}
	return journal.State{
		Run:      &journal.Run{Event: "begin"},
		Attempts: map[string]int{"add": 2},
		Requests: map[string]string{"uns": "rq-9"},
		Open:     map[string]journal.OpenIntent{"uns": {}},
		Outcomes: map[string]journal.Outcome{
			"loc": done(journal.Applied, func(o *journal.Outcome) { o.LocationID = "56" }),
			"add": done(journal.AddressPending, func(o *journal.Outcome) {
				o.DeviceID, o.Number, o.Emergency, o.Attempt = "9001", "+14155550190", "Provisioning", 2
			}),
			"emg": done(journal.AddressInvalid, func(o *journal.Outcome) {
				o.Emergency, o.Message = "Invalid", "the address turned Invalid"
			}),
			"upd": done(journal.Failed, func(o *journal.Outcome) {
				o.Code, o.Message = "CMN-101", "Parameter [name] value is invalid"
			}),
			"stk": done(journal.Applied, func(o *journal.Outcome) { o.DeviceIDs = []string{"9101"} }),
			"swp": done(journal.Applied, nil),
			"rem": done(journal.Stale, func(o *journal.Outcome) { o.Code, o.Message = "moved", "8005 is on 110 now" }),
		},
	}
}

func sampleReport() *report.Report {
	return report.Build(samplePlan(), sampleState(), report.Options{Run: "20260504T090000Z-ab12"})
}
