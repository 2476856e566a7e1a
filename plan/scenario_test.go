package plan_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/plan"
	"provision/plan/jobs"
)

// scenario is one of the jobs, with its plan among the test's files.
type scenario struct{ jobs.Job }

func (sc *scenario) desired() plan.Desired {
	d := plan.Desired{}
	for _, sh := range sc.Sheets {
		d.Sheets = append(d.Sheets, plan.SheetInfo{File: sh.File, SHA256: "00", Header: sh.Header, Mapping: sh.Header})
		for i, cells := range sh.Rows {
			r := plan.Row{Sheet: len(d.Sheets) - 1, At: plan.RowCell(sh.File, "", i+2), Raw: cells}
			for j, text := range cells {
				if text != "" {
					setCell(&r, sh.Header[j], text, r.At.In(j+1, sh.Header[j]))
				}
			}
			d.Rows = append(d.Rows, r)
		}
	}
	return d
}

// Ten jobs with their exact plans; what was applied plans to nothing, row by
// row, but for the rows in error.
func TestScenarios(t *testing.T) {
	t.Parallel()
	for _, job := range jobs.All() {
		sc := &scenario{job}
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			sc.Options.Now, sc.Options.Program = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), "test"
			d := sc.desired()
			p, err := plan.Build(d, sc.Account, sc.Options)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range plan.Kinds() {
				if got := p.Counts()[k]; got != sc.Counts[k] {
					t.Errorf("got %d %s, want %d", got, k, sc.Counts[k])
				}
			}
			if got := len(invalidRows(p)); got != sc.Errors {
				t.Errorf("got %d rows in error, want %d: %v", got, sc.Errors, p.Errors)
			}
			sc.golden(t, p)
			after := plan.Applied(t, sc.Account, withoutTainted(p))
			again, err := plan.Build(d, after, sc.Options)
			if err != nil {
				t.Fatal(err)
			}
			if len(again.Changes) != len(p.Changes)-len(withoutTainted(p).Changes) || len(invalidRows(again)) != sc.Errors {
				t.Errorf("the applied sheet plans to something:\n%.2000s", again)
			}
		})
	}
}

// withoutTainted is what --skip-bad-rows would apply.
func withoutTainted(p *plan.Plan) *plan.Plan {
	q := *p
	q.Changes = slices.DeleteFunc(slices.Clone(p.Changes), func(c plan.Change) bool { return c.Tainted })
	return &q
}

// golden compares the scenario's files with those in testdata: of a small one
// the account, the sheets and the whole plan, of a large one a summary.
func (sc *scenario) golden(t *testing.T, p *plan.Plan) {
	t.Helper()
	files := map[string]string{"plan.txt": "# " + sc.About + "\n" + sc.planText(p)}
	if !sc.Large {
		account, err := json.MarshalIndent(sc.Account, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		files["account.json"] = string(account) + "\n"
		for _, sh := range sc.Sheets {
			var b strings.Builder
			w := csv.NewWriter(&b)
			if err := w.WriteAll(append([][]string{sh.Header}, sh.Rows...)); err != nil {
				t.Fatal(err)
			}
			files[sh.File] = b.String()
		}
	}
	for name, got := range files {
		path := filepath.Join("testdata", "scenarios", sc.Name, name)
		if *plan.UpdateGolden {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func (sc *scenario) planText(p *plan.Plan) string {
	var b strings.Builder
	all := strings.SplitAfter(p.String(), "\n")
	shown := all
	if sc.Large {
		shown = firstOfEach(all)
	}
	b.WriteString(strings.Join(shown, ""))
	if len(shown) < len(all) {
		fmt.Fprintf(&b, "… %d lines, the first two of each kind are shown\n", len(all)-1)
	}
	e := p.Estimate
	fmt.Fprintf(&b, "changes %d, calls: light %d, medium %d, heavy %d\n", len(p.Changes), e.Light, e.Medium, e.Heavy)
	for _, g := range p.CheckGuards(sc.Options.Guards) {
		fmt.Fprintf(&b, "guard %s: %d\n", g.Guard, g.Count)
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "note %s\n", n)
	}
	return b.String()
}

// firstOfEach keeps two lines of each first word.
func firstOfEach(lines []string) []string {
	seen := map[string]int{}
	var out []string
	for _, l := range lines {
		word, rest, _ := strings.Cut(l, " ")
		if word == "error" || word == "warning" {
			_, code, _ := strings.Cut(rest, " ")
			word += code
		}
		if seen[word]++; seen[word] <= 2 {
			out = append(out, l)
		}
	}
	return out
}
