package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// settings are what an example of docs/matching.md may be planned with.
func settings() map[string]func(*Snapshot, *Options) {
	return map[string]func(*Snapshot, *Options){
		"--missing-extensions=defer":   func(_ *Snapshot, o *Options) { o.DeferMissing = true },
		"--enable-unlisted-operations": func(_ *Snapshot, o *Options) { o.UnlistedOperations = true },
		"--order-numbers":              func(_ *Snapshot, o *Options) { o.OrderNumbers = true },
		"101's number is 0101":         func(s *Snapshot, _ *Options) { s.Extensions[0].Number = "0101" },
		"101's phone has no name":      func(s *Snapshot, _ *Options) { dev(s, "d1").Name = "" },
		"106's phones have no names":   func(s *Snapshot, _ *Options) { dev(s, "d6").Name, dev(s, "d7").Name = "", "" },
		"101's phone has a second line, +15550111": func(s *Snapshot, _ *Options) {
			dev(s, "d1").Lines = append(dev(s, "d1").Lines, Line{ID: "l1b", Type: "Standalone", Number: "+15550111"})
		},
		"101's phone is a hot-desk phone": func(s *Snapshot, _ *Options) { dev(s, "d1").HotDesk = true },
		"101's phone is a SoftPhone":      func(s *Snapshot, _ *Options) { dev(s, "d1").Type = "SoftPhone" },
		"the account-wide device list does not answer": func(s *Snapshot, _ *Options) {
			s.DevicesComplete = false
			for i := range s.Extensions {
				s.Listed = append(s.Listed, s.Extensions[i].ID)
			}
		},
		"the phones of 101 and 102 were exchanged": func(s *Snapshot, _ *Options) {
			a, b := dev(s, "d1"), dev(s, "d2")
			a.Extension, b.Extension, a.Lines, b.Lines = b.Extension, a.Extension, b.Lines, a.Lines
		},
		"102's phone is at the place Lab": func(s *Snapshot, _ *Options) {
			em := &dev(s, "d2").Emergency
			em.Address, em.LocationID, em.LocationName = lab, "L2", "Lab"
		},
	}
}

// The examples of docs/matching.md are what the planner says; -update writes
// them.
func TestMatchingDocument(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "docs", "matching.md")
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	var example []string
	inside, n := false, 0
	for line := range strings.Lines(string(want)) {
		switch {
		case strings.HasPrefix(line, "```example"):
			inside, example = true, nil
		case inside && strings.HasPrefix(line, "```"):
			inside = false
			n++
			out.WriteString(planExample(t, example))
		case inside && strings.HasPrefix(line, "="):
			continue
		case inside:
			example = append(example, strings.TrimSpace(line))
		}
		out.WriteString(line)
	}
	if n < 30 {
		t.Errorf("found %d examples only", n)
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("docs/matching.md (-written +planned; -update writes it):\n%s", diff)
	}
}

// planExample plans the rows of an example, and that they plan to nothing
// once they were applied.
func planExample(t *testing.T, lines []string) string {
	t.Helper()
	s := testAccount(true)
	o := Options{Now: testTime}
	if with, ok := strings.CutPrefix(lines[0], "with: "); ok {
		alter := settings()[with]
		if alter == nil {
			t.Fatalf("there is no setting %q", with)
		}
		alter(&s, &o)
		lines = lines[1:]
	}
	d := sheetOf(t, lines...)
	p, err := Build(d, s, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Errors) == 0 {
		againIsEmpty(t, d, s, p, o)
	}
	var b strings.Builder
	text := strings.Split(strings.TrimSpace(p.String()), "\n")
	for i := range p.Changes {
		fmt.Fprintf(&b, "= %s   (%s)\n", text[i], p.Changes[i].Reason)
	}
	for _, e := range p.Errors {
		fmt.Fprintf(&b, "= error %s\n", e)
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "= warning %s\n", w)
	}
	for _, r := range p.Rows {
		if r.Status == RowNoOp {
			by := r.MatchedBy
			if by != "" {
				by = " (" + by + ")"
			}
			fmt.Fprintf(&b, "= row %d needs nothing%s: %s\n", r.At.Row(), by, r.Message)
		}
	}
	return strings.ReplaceAll(b.String(), "t.csv!", "sheet.csv!")
}
