package homes_test

import (
	"encoding/json"
	"strings"
	"testing"

	"provision/executor/report/homes"
	"provision/plan"
)

var (
	office = plan.Address{Street: "100 Main St", City: "Belmont", State: "CA", Zip: "94002", Country: "US"}
	cottag = plan.Address{Street: "12 Hawthorn Lane", Street2: "Apt 4", City: "Palermo", State: "CA", Zip: "95968", Country: "US"}
	farm   = plan.Address{Street: "77 Orchard Rd", City: "Weaverville", State: "CA", Zip: "96093", Country: "US"}
	cabin  = plan.Address{Street: "3 Creek Trail", City: "Trona", State: "CA", Zip: "93562", Country: "US"}
)

// planted are words of the homes that must not be left anywhere.
var planted = []string{"Hawthorn", "HAWTHORN", "Apt 4", "Palermo", "95968", "Orchard", "Weaverville", "96093", "Creek", "Trona", "93562"}

func samplePlan() *plan.Plan {
	at := func(row int) plan.Cell { return plan.RowCell("s.csv", "", row) }
	raw := func(ext, erl string, a plan.Address) []string {
		return []string{ext, erl, a.Street, a.Street2, a.City, a.State, a.Zip, "call " + a.Street}
	}
	name := "Phone at 77 Orchard Rd"
	return &plan.Plan{
		Account: plan.Account{ID: "1"},
		Options: plan.Options{Country: "US", KnownPlaces: []plan.KnownPlace{{Asked: cottag, Stored: cottag}}},
		Sheets: []plan.SheetInfo{{
			File: "s.csv", Header: []string{"Ext", "ERL", "Street", "Unit", "City", "ST", "ZIP", "Note"},
			Mapping: []string{"extension", "emergency_location", "street", "street2", "city", "state", "zip", ""},
		}},
		Rows: []plan.RowResult{
			{At: at(2), Raw: raw("101", "", cottag), Status: plan.RowChanged, On: &plan.Extension{Number: "101"}},
			{At: at(3), Raw: raw("102", "HQ", office), Status: plan.RowChanged, On: &plan.Extension{Number: "102"}},
			{At: at(4), Raw: raw("103", "", cabin), Status: plan.RowInvalid, On: &plan.Extension{Number: "103"}, Message: "Trona, CA 93562 is no place"},
			{At: at(5), Raw: raw("104", "", farm), Status: plan.RowChanged, On: &plan.Extension{Number: "104"}},
		},
		Changes: []plan.Change{
			{
				ID: "a", Kind: plan.KindUpdateEmergency, Rows: []int{0}, Reason: "at 12 Hawthorn Lane, Apt 4, Palermo",
				Was:          &plan.Facts{Emergency: &plan.Emergency{Address: plan.Address{Street: "12 HAWTHORN LN", Street2: "Apt 4", City: "Palermo", State: "CA", Zip: "95968", Country: "US"}}},
				Precondition: &plan.Precondition{Emergency: &plan.Emergency{Address: cottag}},
				Effect:       &plan.UpdateDevice{Device: plan.DeviceRef{ID: "1"}, Emergency: &plan.EmergencyTarget{Address: &cottag, Place: cottag}},
			},
			{
				ID: "b", Kind: plan.KindUpdate, Rows: []int{1},
				Was:    &plan.Facts{Emergency: &plan.Emergency{LocationID: "9", LocationName: "Ann at 77 Orchard Rd", Visibility: "Private", Address: farm}},
				Effect: &plan.UpdateDevice{Device: plan.DeviceRef{ID: "2"}, Name: &name, Emergency: &plan.EmergencyTarget{Location: &plan.LocationRef{ID: "5", Name: "HQ"}, Place: office}},
			},
			{
				ID: "c", Kind: plan.KindCreateLocation, Rows: []int{3},
				Effect:  &plan.NewLocation{Name: "77 Orchard Rd, Weaverville", Address: farm, Nearest: &plan.NearLocation{Name: "HQ", Address: office}},
				Becomes: &plan.Facts{Name: "77 Orchard Rd, Weaverville", Emergency: &plan.Emergency{LocationName: "77 Orchard Rd, Weaverville", Address: farm}},
			},
		},
		Errors: []plan.Problem{
			{Cell: at(4).In(5, "City"), Value: "Trona", Code: "x", Message: "no city Trona with postcode 93562"},
			{Cell: at(4), Code: "x", Message: cabin.Line() + " can't be used"},
		},
		Warnings: []plan.Problem{{Cell: at(2), Message: "all go to " + cottag.Line()}},
		Notes:    []string{"see " + farm.Line()},
		Phones:   []plan.NamedPhone{plan.Phone{Device: "1", Emergency: &plan.Emergency{Address: cottag}}.Named()},
	}
}

func text(t *testing.T, p *plan.Plan) string {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestMaskLeavesNoWordOfAHome(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	before := text(t, p)
	masked := homes.Mask(p)[0]
	got := text(t, masked)
	for _, word := range planted {
		if !strings.Contains(before, word) {
			t.Fatalf("%q is not in the plan: the test shows nothing", word)
		}
		if i := strings.Index(got, word); i >= 0 {
			t.Errorf("%q is left in …%s…", word, got[max(0, i-80):min(len(got), i+40)])
		}
	}
	for _, kept := range []string{"100 Main St", "Belmont", `"HQ"`} {
		if !strings.Contains(got, kept) {
			t.Errorf("%q of the company is gone", kept)
		}
	}
	if text(t, p) != before {
		t.Error("the plan itself was changed")
	}
}

func TestMaskGivesOnePlaceOneToken(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	alone, pair := homes.Mask(p)[0], homes.Mask(&plan.Plan{Account: p.Account, Phones: []plan.NamedPhone{plan.Phone{Device: "8", Emergency: &plan.Emergency{Address: cabin}}.Named()}}, p)
	u := alone.Changes[0].Update()
	was, is := alone.Changes[0].Before().Emergency.Address, *u.Emergency.Address
	if was != is || was.Street != "home-1" {
		t.Errorf("two spellings of a place became %v and %v, want home-1 of both", was, is)
	}
	if text(t, pair[1]) != text(t, alone) {
		t.Error("beside another plan the tokens are others")
	}
	if got := pair[0].Phones[0].Emergency().Address.Street; got != "home-2" {
		t.Errorf("a home of both plans is %q in the older one, want home-2", got)
	}
}

// A place that is named, or that several people ask for, is the company's.
func TestMaskShowsNewCompanyLocations(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	p.Rows[3].Raw[1] = "Orchard site"
	if got := homes.Mask(p)[0].Changes[2].Location(); got.Address != farm || got.Nearest == nil {
		t.Errorf("a named location became %+v", got)
	}
	p = samplePlan()
	p.Rows[0].Raw = p.Rows[3].Raw
	p.Changes[2].Rows = []int{0, 3}
	if got := homes.Mask(p)[0].Changes[2].Location(); got.Address != farm {
		t.Errorf("a location of two extensions became %+v", got)
	}
}

// The id of a new location at a home is a hash of where it is: it is not shown, and what refers to it finds it all the same.
func TestMaskShowsNoHashOfAHome(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	const id = "create_location-0a1b2c3d4e5f"
	p.Changes[2].ID = id
	p.Rows[3].Changes = []string{id, "b"}
	p.Changes[1].Order = &plan.Order{DependsOn: []string{id}, Follows: []string{id}}
	p.Changes[1].Update().Emergency = &plan.EmergencyTarget{Location: &plan.LocationRef{Change: id, Name: "77 Orchard Rd, Weaverville"}, Place: farm}
	p.NotUndone = []plan.NotUndone{{Change: id}}
	twin := p.Changes[2]
	twin.ID = "create_location-ffffffffffff"
	p.Changes = append(p.Changes, twin)
	before := text(t, p)
	masked := homes.Mask(p)[0]
	if got := text(t, masked); strings.Contains(got, "0a1b2c3d4e5f") || strings.Contains(got, "ffffffffffff") {
		t.Errorf("a hash is left in %s", got)
	}
	now := masked.Changes[2].ID
	c := masked.Changes[1]
	if !strings.HasPrefix(now, "create_location-home-") || masked.Changes[3].ID == now || c.DependsOn()[0] != now || c.Follows()[0] != now ||
		c.Update().Emergency.Location.Change != now || masked.NotUndone[0].Change != now || masked.Rows[3].Changes[0] != now || masked.Rows[3].Changes[1] != "b" {
		t.Errorf("the change is %s, its twin %s, and what refers to it %+v %+v %v", now, masked.Changes[3].ID, c.Order, masked.NotUndone, masked.Rows[3].Changes)
	}
	if text(t, p) != before {
		t.Error("the plan itself was changed")
	}
}
