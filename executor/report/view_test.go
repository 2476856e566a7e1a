package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"

	"provision/executor/report"
	"provision/plan"
)

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
	v := report.PlanView(samplePlan(), sampleBreaches())
	v.Path, v.Unchanged = "plan.json", true
	golden(t, "plan.txt", []byte(planText(t, v, 0, false)))
	golden(t, "plan-110.txt", []byte(planText(t, v, 110, false)))
}

func TestWritePlanTextOpensWithTheHarm(t *testing.T) {
	t.Parallel()
	got := planText(t, report.PlanView(samplePlan(), sampleBreaches()), 120, false)
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
	got := planText(t, report.PlanView(samplePlan(), nil), 100, false)
	if strings.ContainsRune(got, '\x1b') {
		t.Error("a name's escape sequence reached the text")
	}
	if coloured := planText(t, report.PlanView(samplePlan(), nil), 100, true); !strings.Contains(coloured, "\x1b[") {
		t.Error("colours are on, yet there are none")
	} else if text.StripEscape(coloured) == coloured {
		t.Error("colours cannot be stripped")
	}
}

func TestWritePlanTextKeepsToTheWidth(t *testing.T) {
	t.Parallel()
	for _, width := range []int{100, 120, 160} {
		got := planText(t, report.PlanView(samplePlan(), nil), width, false)
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
		p.Changes = append(p.Changes, plan.Change{ID: fmt.Sprint(i), Kind: plan.KindUnstock, Unstock: &plan.DeleteDevice{Device: plan.DeviceRef{ID: "1"}}})
	}
	v := report.PlanView(p, nil)
	v.Path = "plan.json"
	if got, want := planText(t, v, 0, false), "… and 2,316 more (see plan.json)"; !strings.Contains(got, want) {
		t.Errorf("got no %q in:\n%s", want, got)
	}
	v.Limit = 0
	if got := planText(t, v, 0, false); strings.Contains(got, "more (see") || strings.Count(got, "→ deleted") != 2341 {
		t.Error("Limit 0 does not show all changes")
	}
}

func TestPlanJSON(t *testing.T) {
	t.Parallel()
	got, err := json.MarshalIndent(report.PlanJSON(samplePlan(), sampleBreaches(), "out/plan.json"), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.json", append(got, '\n'))

	empty, err := json.Marshal(report.PlanJSON(&plan.Plan{}, nil, ""))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"changes":{"add":0,"create_location":0,"remove":0,"stock":0,"swap":0,"unstock":0,"update":0,"update_emergency":0},` +
		`"rows":{"total":0,"changed":0,"no_op":0,"ignored":0,"invalid":0},"row_errors":[],"row_warnings":[],"errors":0,"warnings":0,` +
		`"guards":[],"calls":{"light":0,"medium":0,"heavy":0},"least_seconds":0,"plan":null}`
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
		Errors: []plan.Problem{{Cell: plan.Cell{File: "b.xlsx", Sheet: "S", Row: 12, Column: 6, Header: "ZIP"}, Value: "1", Code: "bad_zip", Message: "no ZIP"}},
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
	text := string(written(t, func(w io.Writer) error { return report.WritePlanText(w, report.PlanView(p, nil), 0, false) }))
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
