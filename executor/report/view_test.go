package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/review"
	"provision/plan"
)

// planView is the view of a plan and the guards that it breaks.
func planView(p *plan.Plan, breaches []plan.Breach) *report.View {
	return report.PlanView(review.Of(p, review.Options{Breaches: breaches}))
}

func planText(t *testing.T, v *report.View, width int, color bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WritePlanText(&b, v, width, color); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWritePlanText(t *testing.T) {
	t.Parallel()
	v := planView(samplePlan(), sampleBreaches())
	v.Review.Head.Path, v.Unchanged = "plan.json", true
	golden(t, "plan.txt", []byte(planText(t, v, 0, false)))
	golden(t, "plan-110.txt", []byte(planText(t, v, 110, false)))
	golden(t, "plan-80.txt", []byte(planText(t, v, 80, false)))
	golden(t, "plan-200.txt", []byte(planText(t, v, 200, false)))
}

// Colours are all that colours change.
func TestColoursMoveNothing(t *testing.T) {
	t.Parallel()
	v, r := planView(samplePlan(), sampleBreaches()), sampleReport()
	for _, width := range []int{0, 80, 110, 200} {
		if plain, coloured := planText(t, v, width, false), planText(t, v, width, true); text.StripEscape(coloured) != plain || coloured == plain {
			t.Errorf("width %d: the plan without its colours: %s", width, cmp.Diff(plain, text.StripEscape(coloured)))
		}
		in := func(color bool) string {
			return string(written(t, func(w io.Writer) error { return r.WriteText(w, width, color) }))
		}
		if plain, coloured := in(false), in(true); text.StripEscape(coloured) != plain || coloured == plain {
			t.Errorf("width %d: the result without its colours: %s", width, cmp.Diff(plain, text.StripEscape(coloured)))
		}
	}
}

func TestWritePlanTextOpensWithTheHarm(t *testing.T) {
	t.Parallel()
	got := planText(t, planView(samplePlan(), sampleBreaches()), 120, false)
	last := -1
	for _, want := range []string{
		"GUARDS REFUSE", "--leave-without-phone 1", "EMERGENCY ADDRESS NOT RELIABLE", "LEFT WITHOUT A PHONE",
		"GIVEN UP FOR GOOD", "New lines that are billed: 2", "New emergency locations", "Plan for",
	} {
		i := strings.Index(got, want)
		if i < 0 || i < last {
			t.Errorf("%q is at %d, want it after %d in:\n%s", want, i, last, got)
		}
		last = i
	}
}

func TestWritePlanTextNeverSteersTheTerminal(t *testing.T) {
	t.Parallel()
	got := planText(t, planView(samplePlan(), nil), 100, false)
	if strings.ContainsRune(got, '\x1b') {
		t.Error("a name's escape sequence reached the text")
	}
	if coloured := planText(t, planView(samplePlan(), nil), 100, true); !strings.Contains(coloured, "\x1b[") {
		t.Error("colours are on, yet there are none")
	} else if text.StripEscape(coloured) == coloured {
		t.Error("colours cannot be stripped")
	}
}

// A text of ten thousand characters is cut, and told to be: it would push all others aside.
func TestWritePlanTextCutsLongTexts(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	long := strings.Repeat("very long ", 1000)
	p.Errors[0].Value = long
	c := slices.IndexFunc(p.Changes, func(c plan.Change) bool { return c.Update() != nil && c.Update().Name != nil })
	p.Changes[c].Update().Name = &long
	got := planText(t, planView(p, nil), 0, false)
	for l := range strings.SplitSeq(got, "\n") {
		if n := len([]rune(l)); n > 700 {
			t.Errorf("a line of %d characters: %.80q", n, l)
		}
	}
	if !strings.Contains(got, "… (10,000 characters)") {
		t.Errorf("nothing says that the value was cut:\n%s", got)
	}
}

// The report's table gives the user's cells back, but for what steers a terminal.
func TestReportSteersNoTerminal(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	p.Rows[0].Raw[0] = "a\x1b[2J\x00\u0085\tb\nc \U0001F468\u200d\U0001F469"
	got := string(written(t, report.Build(p, journal.State{}, report.Options{}).WriteCSV))
	if want := "a\ufffd[2J\ufffd\ufffd\tb\nc \U0001F468\u200d\U0001F469"; !strings.Contains(got, want) {
		t.Errorf("got no %q in:\n%q", want, got)
	}
}

func TestWritePlanTextKeepsToTheWidth(t *testing.T) {
	t.Parallel()
	for _, width := range []int{80, 100, 120, 160, 200} {
		got := planText(t, planView(samplePlan(), nil), width, false)
		for l := range strings.SplitSeq(got, "\n") {
			if n := text.StringWidthWithoutEscSequences(l); n > width {
				t.Errorf("width %d: line of %d: %q", width, n, l)
			}
		}
	}
}

func TestWritePlanTextCutsLongLists(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	p.Changes = nil
	for i := range 2341 {
		p.Changes = append(p.Changes, plan.Change{ID: fmt.Sprint(i), Kind: plan.KindUnstock, Effect: &plan.DeleteDevice{Device: plan.DeviceRef{ID: "1"}}})
	}
	v := planView(p, nil)
	v.Review.Head.Path = "plan.json"
	if got, want := planText(t, v, 0, false), "… and 2,316 more (-v shows all)"; !strings.Contains(got, want) {
		t.Errorf("got no %q in:\n%s", want, got)
	}
	unlimited, verbose := planView(p, nil), planView(p, nil)
	unlimited.Limit, verbose.Unchanged = 0, true
	for what, v := range map[string]*report.View{"Limit 0": unlimited, "Unchanged": verbose} {
		if got := planText(t, v, 0, false); strings.Contains(got, "… and") || strings.Count(got, "→ deleted") != 2341 {
			t.Error(what + " does not show all changes")
		}
	}
}

// All that is wrong is shown in one pass, whatever is cut elsewhere.
func TestWritePlanTextShowsAllErrors(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{}
	for i := range 68 {
		p.Errors = append(p.Errors, plan.Problem{Cell: at(i + 2), Message: fmt.Sprint("wrong no. ", i)})
		p.Warnings = append(p.Warnings, plan.Problem{Cell: at(i + 2), Message: fmt.Sprint("odd no. ", i)})
	}
	got := planText(t, planView(p, nil), 0, false)
	if n := strings.Count(got, "wrong no."); n != 68 {
		t.Errorf("got %d errors, want all 68", n)
	}
	if n := strings.Count(got, "odd no."); n != 25 || !strings.Contains(got, "… and 43 more (-v shows all)") {
		t.Errorf("got %d warnings, want 25 and a word on the others:\n%s", n, got)
	}
}

// A rotation, a chain through the inventory and an add that takes a stocked
// phone, in the words of people.
func TestWritePlanTextNamesPhonesAndExtensions(t *testing.T) {
	t.Parallel()
	swap := func(id, ext, number string, source, target plan.DeviceRef, on plan.ExtensionID, rows []int, needs ...string) plan.Change {
		return plan.Change{
			ID: id, Kind: plan.KindSwap, On: &plan.Extension{ID: plan.ExtensionID(ext), Number: number}, Rows: rows, Order: &plan.Order{DependsOn: needs},
			Effect: &plan.SwapDevice{Source: source, Target: target, TargetOn: on},
		}
	}
	name := "Desk"
	dev := func(id plan.DeviceID) plan.DeviceRef { return plan.DeviceRef{ID: id} }
	p := &plan.Plan{
		Sheets: []plan.SheetInfo{{File: "s.csv", Header: []string{"Place"}, Mapping: []string{"site"}}},
		Rows: []plan.RowResult{
			{On: &plan.Extension{Number: "110"}}, {On: &plan.Extension{Number: "113"}}, {On: &plan.Extension{Number: "119"}}, {On: &plan.Extension{Number: "121"}}, {On: &plan.Extension{Number: "122"}}, {On: &plan.Extension{Number: "176"}}, {On: &plan.Extension{Number: "204"}, Raw: []string{"Oakland"}},
		},
		Changes: []plan.Change{
			{ID: "stock", Kind: plan.KindStock, Rows: []int{6}, Effect: &plan.StockSlots{Quantity: 2, Site: "7002"}},
			{ID: "add", Kind: plan.KindAdd, On: &plan.Extension{ID: "62176", Number: "176"}, Rows: []int{5}, Effect: &plan.AddLine{DeviceType: "OtherPhone"}},
			swap("r1", "62110", "110", dev("d10"), dev("d13"), "62113", []int{0, 1}),
			swap("r2", "62113", "113", dev("d10"), dev("d19"), "62119", []int{1, 2}, "r1"),
			swap("c1", "62121", "121", dev("d21"), dev("h1"), "", []int{3}),
			swap("c2", "62122", "122", dev("d22"), dev("d21"), "", []int{4}, "c1"),
			swap("a1", "62176", "176", plan.DeviceRef{Change: "add"}, dev("h2"), "", []int{5}, "add"),
			swap("n1", "62204", "204", dev("d04"), plan.DeviceRef{Change: "stock"}, "", []int{6}, "stock"),
			swap("x1", "62205", "205", dev("d05"), dev("d99"), "62299", nil),
			{ID: "upd", Kind: plan.KindUpdate, Order: &plan.Order{DependsOn: []string{"add"}}, Effect: &plan.UpdateDevice{Device: plan.DeviceRef{Change: "add"}, Name: &name}},
			{ID: "uns", Kind: plan.KindUnstock, Effect: &plan.DeleteDevice{Device: plan.DeviceRef{Change: "add"}}},
		},
	}
	got := planText(t, planView(p, nil), 0, false)
	for _, want := range []string{
		`2 free slots at "Oakland"`,
		"d10 → d13, trades places with extension 113",
		"then d10 (after the swap on 110) → d19, trades places with extension 119",
		"d21 → h1, from the inventory",
		"d22 → d21, freed by the swap on 121",
		"placeholder of the add → h2, from the inventory",
		"d04 → the new slot  ",
		"d05 → d99, trades places with extension id 62299",
		"placeholder of the add → deleted",
		"1 update (1 names an added phone)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got no %q in:\n%s", want, got)
		}
	}
}

// A swap of a rotation that goes back stands for all of its rows: who is at the
// other end is told by the phone, and everybody is counted.
func TestWritePlanTextNamesPartnersOfRotationBack(t *testing.T) {
	t.Parallel()
	swap := func(id, number string, source, target plan.DeviceID, on plan.ExtensionID, needs ...string) plan.Change {
		return plan.Change{
			ID: id, Kind: plan.KindSwap, On: &plan.Extension{ID: plan.ExtensionID("62" + number), Number: number}, Rows: []int{0, 1, 2}, Order: &plan.Order{DependsOn: needs},
			Effect: &plan.SwapDevice{Source: plan.DeviceRef{ID: source}, Target: plan.DeviceRef{ID: target}, TargetOn: on},
		}
	}
	p := &plan.Plan{
		Rows:    []plan.RowResult{{On: &plan.Extension{Number: "101"}}, {On: &plan.Extension{Number: "102", Name: "Bob"}}, {On: &plan.Extension{Number: "103"}}},
		Changes: []plan.Change{swap("r1", "101", "2", "1", "62103"), swap("r2", "103", "2", "3", "62102", "r1")},
	}
	for _, f := range []plan.Phone{{Device: "1", Extension: "103"}, {Device: "2", Extension: "101"}, {Device: "3", Extension: "102"}} {
		p.Phones = append(p.Phones, f.Named())
	}
	v := planView(p, nil)
	got := planText(t, v, 0, false)
	for _, want := range []string{"2 → 1, trades places with extension 103", "then 2 (after the swap on 101) → 3, trades places with extension 102", "3 affected"} {
		if !strings.Contains(got, want) {
			t.Errorf("got no %q in:\n%s", want, got)
		}
	}
	if n := len(v.Review.Interrupted); n != 3 {
		t.Errorf("got %d interrupted phones, want 3: %+v", n, v.Review.Interrupted)
	}
}

func TestWritePlanTextNamesAddressesAlike(t *testing.T) {
	t.Parallel()
	name := func(n, visibility string) *plan.Facts {
		return &plan.Facts{Emergency: &plan.Emergency{LocationName: n, Address: annex, Visibility: visibility}}
	}
	update := func(before *plan.Facts, to plan.EmergencyTarget) plan.Change {
		return plan.Change{Kind: plan.KindUpdateEmergency, Was: before, Effect: &plan.UpdateDevice{Device: plan.DeviceRef{ID: "8"}, Emergency: &to}}
	}
	hall := plan.EmergencyTarget{Location: &plan.LocationRef{ID: "5", Name: "Hall"}, Place: hq}
	p := &plan.Plan{Changes: []plan.Change{
		update(name("Quay", ""), hall), update(name("Home", "Private"), hall), update(nil, hall),
		update(&plan.Facts{Emergency: &plan.Emergency{Address: annex}}, plan.EmergencyTarget{Address: &hq}),
	}}
	got := planText(t, planView(p, nil), 0, false)
	for _, want := range []string{
		`8: ERL "Quay" 7 Quay Rd, Belmont, CA 94002, US → ERL "Hall" 100 Main`, `8: private ERL "Home" 7 Quay`, `8: no address → ERL "Hall"`,
		"8: address 7 Quay Rd, Belmont, CA 94002, US → address 100 Main St",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got no %q in:\n%s", want, got)
		}
	}
}

// A flag is asked for only where its guard refuses; the end of the text says
// again that guards do.
func TestWritePlanTextSaysWhichGuardsRefuse(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	if got := planText(t, planView(p, nil), 0, false); strings.Contains(got, "needs --release-numbers") || strings.Contains(got, "guards  ") {
		t.Errorf("guards that refuse nothing are named:\n%s", got)
	}
	got := planText(t, planView(p, p.CheckGuards(plan.Guards{})), 0, false)
	for _, want := range []string{"(needs --release-numbers)", "guards  3 guards refuse this plan (see the top)"} {
		if !strings.Contains(got, want) {
			t.Errorf("got no %q in:\n%s", want, got)
		}
	}
}

func TestWritePlanTextWithoutCalls(t *testing.T) {
	t.Parallel()
	if got := planText(t, planView(&plan.Plan{}, nil), 0, false); !strings.Contains(got, "calls   none\n") {
		t.Errorf("no calls are not none:\n%s", got)
	}
}

func TestPlanJSON(t *testing.T) {
	t.Parallel()
	got, err := json.MarshalIndent(report.PlanJSON(review.Of(samplePlan(), review.Options{Breaches: sampleBreaches(), Path: "out/plan.json"})), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.json", append(got, '\n'))

	nothing := report.PlanJSON(review.Of(&plan.Plan{}, review.Options{}))
	if len(nothing.AllGuards) != 8 {
		t.Errorf("got %d guards", len(nothing.AllGuards))
	}
	nothing.AllGuards = nothing.AllGuards[:0]
	empty, err := json.Marshal(nothing)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"changes":{"add":0,"create_location":0,"remove":0,"set_serial":0,"stock":0,"swap":0,"unstock":0,"update":0,"update_emergency":0},` +
		`"rows":{"total":0,"changed":0,"no_op":0,"ignored":0,"invalid":0,"deselected":0,"deferred":0,"hidden":0},"row_errors":[],"row_warnings":[],"errors":0,"warnings":0,` +
		`"guards":[],"all_guards":[],"calls":{"light":0,"medium":0,"heavy":0},"least_seconds":0,"notes":[],"plan":null,` +
		`"asked":{"errors":0,"guards":0,"left_without_phone":0,"new_lines":0,"new_locations":0,"numbers_given_up":0,"people_affected":0,"phones_interrupted":0,"unreliable_addresses":0},` +
		`"listed":{"unreliable_addresses":[],"left_without_phone":[],"numbers_given_up":[],"new_lines":[],"phones_interrupted":[],"new_locations":[],"people_affected":[],"left_alone":[]},` +
		`"created_at":"","snapshot_at":""}`
	if string(empty) != want {
		t.Errorf("got  %s\nwant %s", empty, want)
	}
}

func TestValidateJSON(t *testing.T) {
	t.Parallel()
	d := &plan.Desired{
		Sheets: []plan.SheetInfo{
			{File: "a.csv", Header: []string{"Ext", "Note"}, Mapping: []string{"extension", ""}},
			{File: "b.xlsx", Sheet: "S", Header: []string{"Ext", "Note"}, Mapping: []string{"extension", "notes"}},
		},
		Rows:   make([]plan.Row, 3),
		Errors: []plan.Problem{{Cell: plan.RowCell("b.xlsx", "S", 12).In(6, "ZIP"), Value: "1", Code: "bad_zip", Message: "no ZIP"}},
	}
	got, err := json.Marshal(report.ValidateJSON(d))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"rows":3,"errors":[{"cell":"b.xlsx!S!F12","file":"b.xlsx","sheet":"S","row":12,"column":"ZIP","value":"1","code":"bad_zip","message":"no ZIP"}],` +
		`"warnings":[],"mapping":{"Ext":"extension","Note":null,"b.xlsx!S!Note":"notes"}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWritePlanTextSaysWhatBecomesOfAnUnsafePhone(t *testing.T) {
	t.Parallel()
	p := samplePlan()
	p.Safety = []plan.SafetyItem{
		{Extension: "102", Device: "8002", Status: "Invalid", Changes: []string{"emg"}},
		{Extension: "105", Device: "8005", Status: "Invalid", Changes: []string{"rem"}},
		{Extension: "107", Device: "8017", Status: "missing"},
	}
	text := string(written(t, func(w io.Writer) error { return report.WritePlanText(w, planView(p, nil), 0, false) }))
	for ext, want := range map[string]string{"102": "this plan sets it", "105": "this plan removes the phone", "107": "no row changes it"} {
		found := false
		for line := range strings.Lines(text) {
			found = found || strings.Contains(line, ext) && strings.Contains(line, want)
		}
		if !found {
			t.Errorf("no line says of %s that %s:\n%s", ext, want, text)
		}
	}
}
