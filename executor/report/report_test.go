package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

func written(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReportGolden(t *testing.T) {
	t.Parallel()
	r := sampleReport()
	golden(t, "report.csv", written(t, r.WriteCSV))
	golden(t, "report.json", written(t, r.WriteJSON))
	golden(t, "report.txt", written(t, func(w io.Writer) error { return r.WriteText(w, 110, false) }))
	golden(t, "report-80.txt", written(t, func(w io.Writer) error { return r.WriteText(w, 80, false) }))
	golden(t, "report-200.txt", written(t, func(w io.Writer) error { return r.WriteText(w, 200, false) }))
	run, err := json.MarshalIndent(report.RunJSON(r, report.Traffic{Calls: report.Calls{Light: 4, Medium: 3, Heavy: 2}, Seconds: 61.5}), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "run.json", append(run, '\n'))
}

func TestBuildWithoutARun(t *testing.T) {
	t.Parallel()
	r := report.Build(samplePlan(), journal.State{}, report.Options{})
	var got []report.Status
	for _, l := range r.Lines {
		got = append(got, l.Status)
	}
	p := report.Pending
	want := []report.Status{p, p, p, p, p, p, report.NoOp, report.Ignored, report.Invalid, p}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestBuildFoldsChangesIntoTheirRow(t *testing.T) {
	t.Parallel()
	r := sampleReport()
	line := func(i int) report.Line { return r.Lines[i] }
	for _, c := range []struct {
		what, got, want string
	}{
		{"add's device", line(0).DeviceID, "9001"},
		{"add's number", line(0).Number, "+14155550190"},
		{"attempts", fmt.Sprint(line(0).Attempts), "2"},
		{"status of the invalid address", string(line(1).Status), "address_invalid"},
		{"code of the failure", line(2).ErrorCode, "CMN-101"},
		{"device after the swap", line(3).DeviceID, "9101"},
		{"status with an open intent", string(line(5).Status), "pending"},
		{"request of the open intent", line(5).RequestID, "rq-9"},
		{"code of the row in error", line(8).ErrorCode, "unknown_extension"},
		{"row that shares with one in error", string(line(9).Status), "blocked"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
	if m := line(0).Message; !strings.Contains(m, "asked for area code 650, got +14155550190") {
		t.Errorf("got message %q, want one that flags the area code", m)
	}
	if len(r.Safety) != 2 {
		t.Errorf("got %d phones on the safety list, want 2: neither was put right", len(r.Safety))
	}
}

// The partner's row of a mirrored swap ends with the phone that came to it.
// A rotation goes back in two swaps, and a row can stand for one that does not
// touch its line; the name of a phone goes back before it moves away, but is
// listed after the swaps.
func TestBuildRotationBack(t *testing.T) {
	t.Parallel()
	swap := func(id, ext string, source, target plan.DeviceID, on plan.ExtensionID, needs ...string) plan.Change {
		return plan.Change{
			ID: id, Kind: plan.KindSwap, Rows: []int{0, 1, 2}, On: &plan.Extension{ID: plan.ExtensionID("x" + ext), Number: ext}, Order: &plan.Order{Follows: needs},
			Effect: &plan.SwapDevice{Source: plan.DeviceRef{ID: source}, Target: plan.DeviceRef{ID: target}, TargetOn: on},
		}
	}
	name := "Desk"
	p := &plan.Plan{
		UndoOf: "run-1",
		Rows:   []plan.RowResult{row(2, "101", "", plan.RowChanged, "2"), row(3, "102", "", plan.RowChanged, "3"), row(4, "103", "", plan.RowChanged, "1")},
		Changes: []plan.Change{
			swap("s", "101", "2", "1", "x103", "n"), swap("t", "103", "2", "3", "x102", "s"),
			{ID: "n", Kind: plan.KindUpdate, Rows: []int{2}, On: &plan.Extension{Number: "103"}, Effect: &plan.UpdateDevice{Device: plan.DeviceRef{ID: "1"}, Name: &name}},
		},
		Safety: []plan.SafetyItem{{Extension: "103", Device: "1", Status: "missing"}},
	}
	done := journal.Outcome{Status: journal.Applied}
	st := journal.State{Outcomes: map[string]journal.Outcome{"s": done, "t": done, "n": {Status: journal.Applied, DeviceID: "1"}}}
	r := report.Build(p, st, report.Options{})
	for i, want := range []string{"1", "2", "3"} {
		if got := r.Lines[i].DeviceID; got != want {
			t.Errorf("extension %s has phone %s, want %s", r.Lines[i].Extension, got, want)
		}
	}
	if c := r.Concerns(); len(c) != 1 || c[0].Extension != "103" || c[0].Device != "3" {
		t.Errorf("got concerns %+v, want one about the phone that is on 103 now", c)
	}
	st.Outcomes["t"] = journal.Outcome{Status: journal.Failed}
	r = report.Build(p, st, report.Options{})
	for i, want := range []string{"1", "3", "2"} {
		if got := r.Lines[i].DeviceID; got != want {
			t.Errorf("half done: extension %s has phone %s, want %s", r.Lines[i].Extension, got, want)
		}
	}
}

// A row that named the phone which came to its line stands for its old name,
// too, which an undo gives it back on another extension: that tells nothing of
// the row's line.
func TestBuildUpdateElsewhere(t *testing.T) {
	t.Parallel()
	name := "Desk"
	p := &plan.Plan{
		UndoOf:  "run-1",
		Rows:    []plan.RowResult{row(2, "101", "", plan.RowChanged, "1")},
		Changes: []plan.Change{{ID: "n", Kind: plan.KindUpdate, Rows: []int{0}, On: &plan.Extension{Number: "102"}, Effect: &plan.UpdateDevice{Device: plan.DeviceRef{ID: "2"}, Name: &name}}},
	}
	st := journal.State{Outcomes: map[string]journal.Outcome{"n": {Status: journal.Applied, DeviceID: "2", Emergency: "Invalid"}}}
	if l := report.Build(p, st, report.Options{}).Lines[0]; l.DeviceID != "1" || l.Emergency != "Valid" {
		t.Errorf("got phone %s, address %s, want those of the row's line: 1, Valid", l.DeviceID, l.Emergency)
	}
}

// A phone whose address is not confirmed yet is told once, also where a swap
// brought another phone to the line.
func TestConcernsAfterSwap(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{
		Rows: []plan.RowResult{row(2, "101", "", plan.RowChanged, "1")},
		Changes: []plan.Change{
			{ID: "s", Kind: plan.KindSwap, Rows: []int{0}, On: &plan.Extension{Number: "101"}, Effect: &plan.SwapDevice{Source: plan.DeviceRef{ID: "1"}, Target: plan.DeviceRef{ID: "2"}}},
			{ID: "e", Kind: plan.KindUpdateEmergency, Rows: []int{0}, On: &plan.Extension{Number: "101"}, Order: &plan.Order{Follows: []string{"s"}}, Effect: &plan.UpdateDevice{Device: plan.DeviceRef{ID: "2"}, Emergency: &plan.EmergencyTarget{Place: hq}}},
		},
		Safety: []plan.SafetyItem{{Extension: "101", Device: "1", Status: "missing", Changes: []string{"e"}}},
	}
	st := journal.State{Outcomes: map[string]journal.Outcome{
		"s": {Status: journal.Applied}, "e": {Status: journal.AddressPending, DeviceID: "2", Emergency: "Provisioning"},
	}}
	c := report.Build(p, st, report.Options{}).Concerns()
	if len(c) != 1 || c[0].Device != "2" || c[0].Status != string(report.AddressPending) {
		t.Errorf("got concerns %+v, want one: that of phone 2", c)
	}
}

func TestBuildMirroredSwap(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{
		Rows: []plan.RowResult{
			{Status: plan.RowChanged, On: &plan.Extension{Number: "101"}, Phone: &plan.RowPhone{Device: "1"}, Changes: []string{"s"}},
			{Status: plan.RowChanged, On: &plan.Extension{Number: "102"}, Phone: &plan.RowPhone{Device: "2"}, Changes: []string{"s"}},
		},
		Changes: []plan.Change{{ID: "s", Kind: plan.KindSwap, Rows: []int{0, 1}, On: &plan.Extension{Number: "101"}, Effect: &plan.SwapDevice{Source: plan.DeviceRef{ID: "1"}, Target: plan.DeviceRef{ID: "2"}}}},
	}
	// Also where the swap held already when its turn came.
	for _, status := range []journal.Status{journal.Applied, journal.NoOp} {
		st := journal.State{Outcomes: map[string]journal.Outcome{"s": {Status: status}}}
		r := report.Build(p, st, report.Options{})
		if a, b := r.Lines[0].DeviceID, r.Lines[1].DeviceID; a != "2" || b != "1" {
			t.Errorf("%s: got %s on 101 and %s on 102, want 2 and 1", status, a, b)
		}
	}
}

func TestWriteTextOpensWithAddressesAndNamesTheNextStep(t *testing.T) {
	t.Parallel()
	got := string(written(t, func(w io.Writer) error { return sampleReport().WriteText(w, 120, false) }))
	last := -1
	for _, want := range []string{"EMERGENCY ADDRESS NOT CONFIRMED: 3 phones", "NOT DONE, BY CAUSE", "CMN-101", "next:", "Numbers assigned: 1", "changes: 9", "go on with \"provision resume 20260504T090000Z-ab12\""} {
		i := strings.Index(got, want)
		if i < 0 || i < last {
			t.Errorf("%q is at %d, want it after %d in:\n%s", want, i, last, got)
		}
		last = i
	}
}

func TestSeveralSheetsShareColumns(t *testing.T) {
	t.Parallel()
	p := &plan.Plan{
		Sheets: []plan.SheetInfo{{File: "a.csv", Header: []string{"ext", "status"}}, {File: "b.csv", Header: []string{"note", "ext", "ext"}}},
		Rows: []plan.RowResult{
			{Sheet: 0, Raw: []string{"1", "hot"}, Status: plan.RowNoOp},
			{Sheet: 1, Raw: []string{"n", "2", "3"}, Status: plan.RowNoOp},
		},
	}
	r := report.Build(p, journal.State{}, report.Options{})
	if got, want := r.Header()[:5], []string{"ext", "status", "note", "ext", "source"}; !slices.Equal(got, want) {
		t.Errorf("got header %q, want %q", got, want)
	}
	if got, want := r.Record(&r.Lines[1])[:4], []string{"2", "", "n", "3"}; !slices.Equal(got, want) {
		t.Errorf("got record %q, want %q", got, want)
	}
	var rows []map[string]any
	if err := json.Unmarshal(written(t, r.WriteJSON), &rows); err != nil {
		t.Fatal(err)
	}
	if rows[0]["status"] != "no_op" || rows[0]["status (sheet)"] != "hot" || rows[1]["ext (column C)"] != "3" {
		t.Errorf("got %v", rows)
	}
}

// anyPlan draws a plan whose rows and changes name each other at random, and a
// journal that knows some of the changes.
func anyPlan(t *rapid.T) (*plan.Plan, journal.State) {
	p := &plan.Plan{Sheets: []plan.SheetInfo{{File: "s.csv", Header: []string{"ext", "note"}}}}
	kinds := plan.Kinds()
	statuses := []journal.Status{
		journal.Applied, journal.NoOp, journal.Failed, journal.Stale, journal.Blocked, journal.Ambiguous, journal.Pending,
		journal.AddressPending, journal.AddressInvalid, journal.AddressDiffers, journal.Sent, journal.InDoubt, journal.NotSent,
		journal.AddressUnchecked, "of a newer journal",
	}
	st := journal.State{Outcomes: map[string]journal.Outcome{}, Open: map[string]journal.OpenIntent{}}
	n := rapid.IntRange(0, 30).Draw(t, "rows")
	for i := range rapid.IntRange(0, 30).Draw(t, "changes") {
		c := plan.Change{ID: fmt.Sprint("c", i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Tainted: rapid.Bool().Draw(t, "tainted")}
		c.Rows = rapid.SliceOfN(rapid.IntRange(-1, n), 0, 3).Draw(t, "of rows")
		c.Order = &plan.Order{DependsOn: rapid.SliceOfN(rapid.SampledFrom([]string{"c0", "c1", "gone"}), 0, 2).Draw(t, "depends on")}
		p.Changes = append(p.Changes, c)
		if rapid.Bool().Draw(t, "has outcome") {
			st.Outcomes[c.ID] = journal.Outcome{Status: rapid.SampledFrom(statuses).Draw(t, "status"), Code: rapid.StringN(0, 2, 4).Draw(t, "code"), Message: rapid.String().Draw(t, "message")}
		}
		if rapid.Bool().Draw(t, "open") {
			st.Open[c.ID] = journal.OpenIntent{}
		}
	}
	for i := range n {
		p.Rows = append(p.Rows, plan.RowResult{
			At: plan.RowCell("s.csv", "", i+2), Raw: rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "raw"),
			Status:  rapid.SampledFrom([]plan.RowStatus{plan.RowChanged, plan.RowNoOp, plan.RowIgnored, plan.RowInvalid}).Draw(t, "row status"),
			Changes: rapid.SliceOfN(rapid.SampledFrom([]string{"c0", "c1", "c2", "gone"}), 0, 3).Draw(t, "row changes"),
		})
	}
	return p, st
}

func TestEveryRowExactlyOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p, st := anyPlan(rt)
		r := report.Build(p, st, report.Options{Run: "r"})
		checkLines(rt, p, r)
		total := 0
		for _, n := range r.Changes {
			total += n
		}
		if total != len(p.Changes) {
			rt.Fatalf("got %d changes counted, want %d", total, len(p.Changes))
		}
		var b bytes.Buffer
		if err := errors.Join(r.WriteCSV(&b), r.WriteText(io.Discard, 80, true)); err != nil {
			rt.Fatal(err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		entries := len(p.Rows) + len(r.Others)
		if err != nil || len(records) != entries+1 {
			rt.Fatalf("got %d CSV records and error %v, want %d", len(records), err, entries+1)
		}
		b.Reset()
		if err := r.WriteJSON(&b); err != nil {
			rt.Fatal(err)
		}
		var objects []map[string]any
		if err := json.Unmarshal(b.Bytes(), &objects); err != nil || len(objects) != entries {
			rt.Fatalf("got %d JSON objects and error %v, want %d", len(objects), err, entries)
		}
		for i, o := range objects[:len(p.Rows)] {
			if o["source"] != p.Rows[i].At.String() {
				rt.Fatalf("object %d: got source %v, want %s", i, o["source"], p.Rows[i].At)
			}
		}
	})
}

func checkLines(rt *rapid.T, p *plan.Plan, r *report.Report) {
	if len(r.Lines) != len(p.Rows) {
		rt.Fatalf("got %d lines, want %d", len(r.Lines), len(p.Rows))
	}
	told := map[string]bool{}
	for _, l := range r.Lines {
		for _, c := range l.Changes {
			told[c.ID] = true
		}
	}
	for _, l := range r.Others {
		for _, c := range l.Changes {
			if told[c.ID] {
				rt.Fatalf("change %s is told of in a row and among the others", c.ID)
			}
			told[c.ID] = true
		}
	}
	if len(told) != len(p.Changes) {
		rt.Fatalf("got %d changes in the lines, want %d", len(told), len(p.Changes))
	}
	order := report.Statuses()
	for i, l := range r.Lines {
		if l.Source != p.Rows[i].At.String() {
			rt.Fatalf("line %d: got source %s, want %s", i, l.Source, p.Rows[i].At)
		}
		if !slices.Contains(order, l.Status) {
			rt.Fatalf("line %d: got status %q", i, l.Status)
		}
		for _, c := range l.Changes {
			if slices.Index(order, c.Status) < slices.Index(order, l.Status) {
				rt.Fatalf("line %d is %s, though its change %s is %s", i, l.Status, c.ID, c.Status)
			}
		}
	}
}

// bigReport has n rows of sixteen columns.
func bigReport(n int) *report.Report {
	p := &plan.Plan{Sheets: []plan.SheetInfo{{File: "big.csv"}}}
	st := journal.State{Run: &journal.Run{}, Outcomes: map[string]journal.Outcome{}}
	for i := range 16 {
		p.Sheets[0].Header = append(p.Sheets[0].Header, fmt.Sprint("column ", i))
	}
	for i := range n {
		id := fmt.Sprint("change", i)
		raw := make([]string, 16)
		for j := range raw {
			raw[j] = fmt.Sprint("value ", j)
		}
		p.Rows = append(p.Rows, plan.RowResult{At: plan.RowCell("big.csv", "", i+2), Raw: raw, Status: plan.RowChanged, Changes: []string{id}, On: &plan.Extension{Number: fmt.Sprint(i)}})
		p.Changes = append(p.Changes, plan.Change{ID: id, Kind: plan.KindAdd, Rows: []int{i}, Effect: &plan.AddLine{}})
		st.Outcomes[id] = journal.Outcome{Status: journal.Applied, DeviceID: fmt.Sprint(i), Number: fmt.Sprint("+1650555", i)}
	}
	return report.Build(p, st, report.Options{Run: "r"})
}

func BenchmarkWrite10000Rows(b *testing.B) {
	r := bigReport(10_000)
	for name, write := range map[string]func(io.Writer) error{
		"csv": r.WriteCSV, "json": r.WriteJSON,
		"xlsx": func(w io.Writer) error { return r.WriteXLSX(w, b.TempDir()) },
		"text": func(w io.Writer) error { return r.WriteText(w, 100, false) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBuild10000Rows(b *testing.B) {
	for b.Loop() {
		bigReport(10_000)
	}
}

// An add was confirmed Valid after its name was; what was read last counts.
func TestBuildShowsTheNewestEmergencyStatus(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	p := &plan.Plan{
		Rows: []plan.RowResult{{Status: plan.RowChanged, On: &plan.Extension{Number: "101"}, Changes: []string{"a", "u"}}},
		Changes: []plan.Change{
			{ID: "a", Kind: plan.KindAdd, Rows: []int{0}, Effect: &plan.AddLine{}},
			{ID: "u", Kind: plan.KindUpdate, Rows: []int{0}, Effect: &plan.UpdateDevice{}},
		},
	}
	st := journal.State{Outcomes: map[string]journal.Outcome{
		"a": {Status: journal.Applied, Emergency: "Valid", Ended: early.Add(time.Minute)},
		"u": {Status: journal.Applied, Emergency: "Provisioning", Ended: early},
	}}
	if got := report.Build(p, st, report.Options{}).Lines[0].Emergency; got != "Valid" {
		t.Errorf("got emergency status %q, want Valid", got)
	}
}
