package report_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

// phone_number_assigned is what this run assigned, and a phone that is gone has
// no emergency status.
func TestRecordOfRenameAddAndRemoval(t *testing.T) {
	t.Parallel()
	rowOf := func(change string) plan.RowResult {
		return plan.RowResult{Status: plan.RowChanged, Phone: &plan.RowPhone{Device: "8", Number: "+16505550101", Emergency: "Valid"}, Changes: []string{change}}
	}
	p := &plan.Plan{
		Rows: []plan.RowResult{rowOf("upd"), rowOf("add"), rowOf("rem"), rowOf("gone"), rowOf("left")},
		Changes: []plan.Change{
			{ID: "upd", Kind: plan.KindUpdate, Effect: &plan.UpdateDevice{}},
			{ID: "add", Kind: plan.KindAdd, Effect: &plan.AddLine{}},
			{ID: "rem", Kind: plan.KindRemove, Effect: &plan.RemoveLine{}},
			{ID: "gone", Kind: plan.KindRemove, Effect: &plan.RemoveLine{}},
			{ID: "left", Kind: plan.KindRemove, Effect: &plan.RemoveLine{}},
		},
	}
	st := journal.State{Outcomes: map[string]journal.Outcome{
		"upd": {Status: journal.Applied}, "add": {Status: journal.Applied, Number: "+16505550190", Emergency: "Valid"},
		"rem": {Status: journal.Applied}, "gone": {Status: journal.NoOp}, "left": {Status: journal.Failed},
	}}
	r := report.Build(p, st, report.Options{})
	number, emergency := slices.Index(r.Header(), "phone_number_assigned"), slices.Index(r.Header(), "emergency_status")
	for i, want := range [][2]string{{"", "Valid"}, {"+16505550190", "Valid"}, {"", ""}, {"", ""}, {"", "Valid"}} {
		record := r.Record(&r.Lines[i])
		if got := [2]string{record[number], record[emergency]}; got != want {
			t.Errorf("%s: got number and emergency status %q, want %q", p.Changes[i].ID, got, want)
		}
	}
}

func TestWriteTextSaysEachThingOnce(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{}
	st := journal.State{Run: &journal.Run{}, Outcomes: map[string]journal.Outcome{}, Open: map[string]journal.OpenIntent{}}
	for _, id := range []string{"stale", "new", "sent", "doubt", "open"} {
		p.Changes = append(p.Changes, plan.Change{ID: id, Kind: plan.KindUpdate, Effect: &plan.UpdateDevice{}})
	}
	st.Outcomes["stale"] = journal.Outcome{Status: journal.Stale, Code: "stale", Message: "the phone moved"}
	st.Outcomes["sent"] = journal.Outcome{Status: journal.Sent}
	st.Outcomes["doubt"] = journal.Outcome{Status: journal.InDoubt}
	st.Open["open"] = journal.OpenIntent{}
	text := func(run string) string {
		r := report.Build(p, st, report.Options{Run: run})
		return string(written(t, func(w io.Writer) error { return r.WriteText(w, 0, false) }))
	}
	got := text("20260504")
	if !strings.Contains(got, "1 change stale: the phone moved\n") {
		t.Errorf("the status is not said once:\n%s", got)
	}
	if n := strings.Count(got, "provision resume"); n != 1 {
		t.Errorf("got %d words on how to go on, want 1:\n%s", n, got)
	}
	if strings.Contains(got, "  at \n") {
		t.Errorf("a place that is none is named:\n%s", got)
	}
	live := report.Build(p, st, report.Options{Run: "20260504", InWork: true})
	got = string(written(t, func(w io.Writer) error { return live.WriteText(w, 0, false) }))
	if strings.Contains(got, "provision resume") || !strings.Contains(got, `watch it with "provision runs 20260504 --follow"`) {
		t.Errorf("a run in work is not to be watched but resumed:\n%s", got)
	}
	if got := text(""); !strings.Contains(got, `go on with "provision resume"`) {
		t.Errorf("a report without a run does not say how to go on:\n%s", got)
	}
}

// Every column of the Attention sheet has a header that says what it is.
func TestAttentionHasNoBareHeader(t *testing.T) {
	t.Parallel()
	rows, err := openReport(t, sampleReport()).GetRows("Attention")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 0 && r[0] == "Not done, by cause" })
	if at < 0 || at+2 >= len(rows) {
		t.Fatalf("no causes in %q", rows)
	}
	want := []string{"rows (the first)", "count", "counted are", "status", "error code", "request id (the first)", "message", "what to do next"}
	if got := rows[at+1]; !slices.Equal(got, want) {
		t.Errorf("got header %q, want %q", got, want)
	}
	if got := rows[at+2]; got[2] != "changes" || got[5] != "rq-1" {
		t.Errorf("got %q, want the request of the first change", got)
	}
}
