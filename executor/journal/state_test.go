package journal

import (
	"slices"
	"testing"
	"time"
)

func TestFold(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Date(2026, 1, 1, 0, 0, s, 0, time.UTC) }
	recs := []Record{
		{Type: TypeRun, Time: at(0), Run: &Run{Event: EventBegin, PlanDigest: "p"}},
		{Type: TypeIntent, Time: at(1), Changes: []string{"a", "b", "c"},
			Intent: &Intent{Attempt: 1, Operation: "bulk", Known: map[string][]string{"a": {"1"}, "b": {"2"}}}},
		{Type: TypeOutcome, Time: at(2), Changes: []string{"a"}, Outcome: &Outcome{Attempt: 1, Status: Sent, RequestID: "r"}},
		{Type: TypeOutcome, Time: at(3), Changes: []string{"b"}, Outcome: &Outcome{Attempt: 1, Status: InDoubt, Ended: at(9)}},
		{Type: TypeOutcome, Time: at(4), Changes: []string{"c"}, Outcome: &Outcome{Attempt: 1, Status: NotSent}},
		{Type: TypeIntent, Time: at(5), Changes: []string{"c"}, Intent: &Intent{Attempt: 2, Operation: "bulk"}},
		{Type: TypeRun, Time: at(6), Run: &Run{Event: EventEnd, Exit: "stopped"}},
		{Type: TypeOutcome, Time: at(7), Changes: []string{"a"}, Outcome: &Outcome{Attempt: 1, Status: Applied}},
	}
	s := Fold(recs)
	if s.Run.PlanDigest != "p" || s.Exit != "stopped" || !s.Ended.Equal(at(6)) || !s.Begun.Equal(at(0)) {
		t.Errorf("run: got %+v", s)
	}
	if len(s.Open) != 2 || !slices.Equal(s.Open["b"].Known["b"], []string{"2"}) || len(s.Open["b"].Known) != 1 {
		t.Errorf("open: got %+v, want b and c, b with its own known ids", s.Open)
	}
	if got := s.Open["c"].At; !got.Equal(at(5)) || s.Attempts["c"] != 2 {
		t.Errorf("c: intent at %v, %d attempts; want that of the second, 2", got, s.Attempts["c"])
	}
	if s.Requests["a"] != "r" {
		t.Errorf("request id of a: got %q, want the one of the call", s.Requests["a"])
	}
	if got := s.Unsettled([]string{"a", "b", "c", "d"}); !slices.Equal(got, []string{"b", "c", "d"}) {
		t.Errorf("unsettled: got %v", got)
	}
	s = Fold(append(recs, Record{Type: TypeRun, Time: at(8), Run: &Run{Event: EventBegin}}))
	if s.Exit != "" || !s.Ended.IsZero() {
		t.Errorf("a run that was begun anew counts as ended: %+v", s)
	}
}

func FuzzScan(f *testing.F) {
	var buf []byte
	sum := ""
	for i, rec := range []Record{
		{Type: TypeRun, Run: &Run{Event: EventBegin, FormatVersion: 1}}, intent("a", 1), outcome("a", 1, Applied),
	} {
		rec.Seq, rec.Synced = uint64(i)+1, uint64(i)
		buf, sum, _ = appendLine(buf, rec, sum)
	}
	f.Add(buf)
	f.Add(buf[:len(buf)-7])
	f.Add([]byte("{}\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := scan("x", data)
		if err != nil {
			return
		}
		_ = Fold(s.records)
		// What was kept reads the same again, and is all that is kept.
		again, err := scan("x", data[:s.size])
		if err != nil || len(again.records) != len(s.records) || again.size != s.size {
			t.Errorf("reading what was kept: %d of %d records, %v", len(again.records), len(s.records), err)
		}
	})
}
