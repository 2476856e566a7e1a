package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

// TestSplit has a row for each rule: what goes where, what goes along, what is made sure not to be read as if it were right.
func TestSplit(t *testing.T) {
	t.Parallel()
	head := []string{"Durchwahl", "Name", "provision says"}
	row := func(n int, ext string, raw ...string) plan.RowResult {
		return plan.RowResult{At: plan.RowCell("a.xlsx", "S", n), Raw: append(raw, "old reason"), On: &plan.Extension{Number: ext}, Status: plan.RowChanged}
	}
	change := func(id string, kind plan.Kind, rows ...int) plan.Change {
		return plan.Change{ID: id, Kind: kind, Rows: rows}
	}
	p := &plan.Plan{
		Sheets: []plan.SheetInfo{{File: "a.xlsx", Sheet: "S", Header: head, Mapping: []string{"extension", "device_name", ""}}},
		Rows: []plan.RowResult{
			row(2, "101", "101", "done"), row(3, "101", "101", "stale"), // of one extension
			row(4, "102", "102", "refused"), row(5, "103", "103", "busy"),
			row(6, "104", "104", "swap done"), row(7, "105", "105", "swap open"), row(8, "106", "106", "swap in doubt"), // one rotation
			row(9, "107", "107", "all done"), row(10, "108", "108", "2024-01-02"), row(11, "109", "109", "merged"), row(12, "110", "110", "near a bad one"), row(13, "111", "111", "not read"), row(14, "112", "112", "given up"),
		},
		Changes: []plan.Change{
			change("a", plan.KindUpdate, 0), change("b", plan.KindUpdate, 1), change("c", plan.KindUpdate, 2), change("d", plan.KindUpdate, 3),
			change("e", plan.KindSwap, 4), change("f", plan.KindSwap, 5), change("g", plan.KindSwap, 6), change("h", plan.KindUpdate, 7), change("i", plan.KindUpdate, 10), change("j", plan.KindUpdate, 11), change("k", plan.KindUpdate, 12),
			change("l", plan.KindCreateLocation, 0, 1, 2, 3, 4, 5, 6, 7),
		},
		Errors: []plan.Problem{{Cell: plan.RowCell("a.xlsx", "S", 10).In(2, "Name"), Code: "date_cell", Value: "2024-01-02", Message: "a date"}},
	}
	p.Rows[8].Status, p.Rows[9].Status = plan.RowInvalid, plan.RowInvalid
	p.Changes[5].Order, p.Changes[6].Order = &plan.Order{DependsOn: []string{"e"}}, &plan.Order{Follows: []string{"f"}}
	p.Changes[8].Tainted = true
	st := journal.State{Outcomes: map[string]journal.Outcome{
		"a": {Status: journal.Applied}, "b": {Status: journal.Stale}, "c": {Status: journal.Failed, Code: "CMN-101"}, "d": {Status: journal.Failed, Code: "CMN-201"},
		"e": {Status: journal.Applied}, "f": {Status: journal.Pending}, "g": {Status: journal.Ambiguous}, "h": {Status: journal.Applied}, "i": {Status: journal.Blocked}, "j": {Status: journal.Failed, Code: "not_readable"}, "k": {Status: journal.Failed, Code: "gave_up"}, "l": {Status: journal.Applied},
	}}
	parts := report.Split(p, report.Build(p, st, report.Options{}), func(h string) string { return map[string]string{"Name": "device_name"}[h] })
	got := map[string][]string{}
	for _, part := range parts {
		if diff := cmp.Diff([]string{"extension", "Name", "provision says"}, part.Header); diff != "" {
			t.Errorf("header of %s (-want +got):\n%s", part.Name, diff)
		}
		for _, r := range part.Rows {
			why, _, _ := strings.Cut(r[2], ":")
			got[part.Name] = append(got[part.Name], r[0]+" "+r[1]+" "+why)
		}
	}
	want := map[string][]string{
		"retry":   {"101 done applied", "101 stale stale", "103 busy failed (CMN-201)", "111 not read failed (not_readable)", "112 given up failed (gave_up)"},
		"fix-me":  {"102 refused failed (CMN-101)", "108 #VALUE! invalid (date_cell)", "#VALUE! merged invalid; Durchwahl held 109", "110 near a bad one blocked"},
		"unknown": {"104 swap done applied", "105 swap open pending", "106 swap in doubt ambiguous"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}
