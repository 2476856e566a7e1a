package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

// Text, workbook and JSON say who approved what, when, and how surely that is known.
func TestApprovalIsInEveryForm(t *testing.T) {
	t.Parallel()
	want := report.Approval{By: "ann@example.com", At: time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC), Expires: time.Date(2026, 5, 7, 8, 0, 0, 0, time.UTC),
		Note: "CHG-1042", Key: "SHA256:abc", Verified: "signed with SHA256:abc, which the list of approvers has"}
	st := journal.State{Notes: []journal.Note{{Code: "terms"}, want.Journal()}}
	r := report.Build(samplePlan(), st, report.Options{Run: "20260504"})
	if diff := cmp.Diff(&want, r.Approval); diff != "" {
		t.Fatalf("the journal's note does not give the approval back (-want +got):\n%s", diff)
	}
	text := string(written(t, func(w io.Writer) error { return r.WriteText(w, 0, false) }))
	doc, err := json.Marshal(report.RunJSON(r, report.Traffic{}))
	if err != nil {
		t.Fatal(err)
	}
	book := written(t, func(w io.Writer) error { return r.WriteXLSX(w, t.TempDir()) })
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("Attention")
	if err != nil {
		t.Fatal(err)
	}
	var cells strings.Builder
	for _, row := range rows {
		cells.WriteString(strings.Join(row, "\t") + "\n")
	}
	for name, got := range map[string]string{"text": text, "JSON": string(doc), "workbook": cells.String()} {
		for _, part := range []string{want.By, "2026-05-04T08:00:00Z", want.Note, want.Verified} {
			if !strings.Contains(got, part) {
				t.Errorf("%s lacks %q:\n%s", name, part, got)
			}
		}
	}
	lines := rowsOf(t, r)
	changed := 0
	for i, l := range r.Lines {
		by := ""
		if len(l.Changes) > 0 {
			by, changed = want.By, changed+1
		}
		if lines[i]["approved_by"] != by {
			t.Errorf("row %d with %d changes is approved by %q, want %q", i, len(l.Changes), lines[i]["approved_by"], by)
		}
	}
	if changed == 0 || changed == len(r.Lines) {
		t.Errorf("%d of %d rows have changes: the test shows nothing", changed, len(r.Lines))
	}
	if r := report.Build(samplePlan(), journal.State{}, report.Options{}); r.Approval != nil {
		t.Errorf("nobody approved, and the report says %+v", r.Approval)
	}
}

// rowsOf are the lines of a report as its JSON and its CSV have them, which have to be the same.
func rowsOf(t *testing.T, r *report.Report) []map[string]any {
	t.Helper()
	var out []map[string]any
	if err := json.Unmarshal(written(t, r.WriteJSON), &out); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(written(t, r.WriteCSV), []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(table[0], "approved_by")
	for i, l := range out {
		if table[i+1][at] != l["approved_by"] {
			t.Errorf("line %d is approved by %q in the CSV, by %q in the JSON", i, table[i+1][at], l["approved_by"])
		}
	}
	return out
}

// A closed run is not gone on with: its report never says so.
func TestClosedRunIsNotResumed(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Changes: []plan.Change{{ID: "a", Kind: plan.KindRemove}, {ID: "b", Kind: plan.KindRemove}}}
	for exit, want := range map[string]string{"abandoned": "plan the sheet anew", "": "resume"} {
		r := report.Build(p, journal.State{Run: &journal.Run{}, Exit: exit}, report.Options{Run: "20260504"})
		text := string(written(t, func(w io.Writer) error { return r.WriteText(w, 0, false) }))
		if !strings.Contains(text, want) || (exit != "") == strings.Contains(text, "resume") || strings.Count(text, "next: ") != 1 {
			t.Errorf("exit %q: want %q in\n%s", exit, want, text)
		}
	}
}

// One cause of many changes has one text for all, and one of theirs as an example.
func TestCauseOfManyMessages(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{Changes: []plan.Change{{ID: "a", Kind: plan.KindRemove}, {ID: "b", Kind: plan.KindRemove}, {ID: "c", Kind: plan.KindRemove}}}
	st := journal.State{Outcomes: map[string]journal.Outcome{
		"a": {Status: journal.Stale, Code: "stale", Message: "phone 1 is gone"},
		"b": {Status: journal.Stale, Code: "stale", Message: "phone 2 is gone"},
		"c": {Status: journal.Failed, Code: "CMN-102", Message: "not found"},
	}}
	var got []string
	for _, c := range report.Build(p, st, report.Options{}).Causes {
		got = append(got, c.Message)
	}
	want := []string{"not found", "the account no longer shows what the plan saw; for example: phone 1 is gone"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
