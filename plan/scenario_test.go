package plan_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/plan"
)

// scenario is one of the jobs that the program is for: an account, sheets, and
// what the plan shall be.
type scenario struct {
	name   string
	about  string
	s      plan.Snapshot
	o      plan.Options
	sheets []jobSheet
	// counts are the changes by kind, written down by hand; errors are the rows
	// in error.
	counts map[plan.Kind]int
	errors int
	large  bool // only a summary of the plan is kept, and no account and sheet
}

// jobSheet is a CSV file.
type jobSheet struct {
	file   string
	header []string
	rows   [][]string
}

func (sc *scenario) desired() plan.Desired {
	d := plan.Desired{}
	for _, sh := range sc.sheets {
		d.Sheets = append(d.Sheets, plan.SheetInfo{File: sh.file, SHA256: "00", Header: sh.header, Mapping: sh.header})
		for i, cells := range sh.rows {
			r := plan.Row{Sheet: len(d.Sheets) - 1, At: plan.RowCell(sh.file, "", i+2), Raw: cells}
			for j, text := range cells {
				if text != "" {
					setCell(&r, sh.header[j], text, r.At.In(j+1, sh.header[j]))
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
	for _, sc := range scenarios() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			sc.o.Now, sc.o.Program = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), "test"
			d := sc.desired()
			p, err := plan.Build(d, sc.s, sc.o)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range plan.Kinds() {
				if got := p.Counts()[k]; got != sc.counts[k] {
					t.Errorf("got %d %s, want %d", got, k, sc.counts[k])
				}
			}
			if got := len(invalidRows(p)); got != sc.errors {
				t.Errorf("got %d rows in error, want %d: %v", got, sc.errors, p.Errors)
			}
			sc.golden(t, p)
			after := plan.Applied(t, sc.s, withoutTainted(p))
			again, err := plan.Build(d, after, sc.o)
			if err != nil {
				t.Fatal(err)
			}
			if len(again.Changes) != len(p.Changes)-len(withoutTainted(p).Changes) || len(invalidRows(again)) != sc.errors {
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
	files := map[string]string{"plan.txt": "# " + sc.about + "\n" + sc.planText(p)}
	if !sc.large {
		account, err := json.MarshalIndent(sc.s, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		files["account.json"] = string(account) + "\n"
		for _, sh := range sc.sheets {
			var b strings.Builder
			w := csv.NewWriter(&b)
			if err := w.WriteAll(append([][]string{sh.header}, sh.rows...)); err != nil {
				t.Fatal(err)
			}
			files[sh.file] = b.String()
		}
	}
	for name, got := range files {
		path := filepath.Join("testdata", "scenarios", sc.name, name)
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
	if sc.large {
		shown = firstOfEach(all)
	}
	b.WriteString(strings.Join(shown, ""))
	if len(shown) < len(all) {
		fmt.Fprintf(&b, "… %d lines, the first two of each kind are shown\n", len(all)-1)
	}
	e := p.Estimate
	fmt.Fprintf(&b, "changes %d, calls: light %d, medium %d, heavy %d\n", len(p.Changes), e.Light, e.Medium, e.Heavy)
	for _, g := range p.CheckGuards(sc.o.Guards) {
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

// job helps to make a scenario's account.
type job struct{ s plan.Snapshot }

func newJob(erl bool) *job {
	return &job{s: plan.Snapshot{
		Account:         plan.Account{ID: "1", Name: "Example", MainNumber: "+16505550000", Country: "US", ERLRegime: erl},
		DevicesComplete: true, NumbersRead: true, CostCentersRead: true, LocationsRead: true,
		Sites: []plan.Site{{ID: plan.MainSite, Name: "Main Site"}, {ID: "7", Name: "Reno"}},
	}}
}

func (j *job) location(id, name string, a plan.Address, site plan.SiteID) {
	j.s.Locations = append(j.s.Locations, plan.Location{
		ID: plan.LocationID(id), Name: name, Address: a, Site: site, AddressStatus: "Valid", UsageStatus: "Active", FormatStatus: "Actual", Visibility: "Public",
	})
}

// person adds an extension; its id is its number with a one before it.
func (j *job) person(number int, name string, site plan.SiteID) {
	n := strconv.Itoa(number)
	j.s.Extensions = append(j.s.Extensions, plan.Extension{
		ID: plan.ExtensionID("1" + n), Number: n, Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com", Type: "User", Status: "Enabled", Site: site,
	})
}

// phone adds a phone with a line to a person.
func (j *job) phone(id string, number int, name string, em plan.Emergency) *plan.Device {
	i := len(j.s.Devices)
	j.s.Devices = append(j.s.Devices, plan.Device{
		ID: plan.DeviceID(id), Type: plan.TypeOtherPhone, Name: name, Extension: plan.ExtensionID("1" + strconv.Itoa(number)), Site: plan.MainSite,
		Lines:     []plan.Line{{ID: "l" + id, Type: "Standalone", Number: fmt.Sprintf("+1650555%04d", i), NumberID: plan.NumberID("n" + id)}},
		Emergency: em,
	})
	return &j.s.Devices[i]
}

// stock adds an unassigned device.
func (j *job) stock(id, typ, serial string) {
	j.s.Devices = append(j.s.Devices, plan.Device{ID: plan.DeviceID(id), Type: typ, Serial: serial, Site: plan.MainSite})
}

func at(id, name string, a plan.Address) plan.Emergency {
	return plan.Emergency{LocationID: plan.LocationID(id), LocationName: name, Address: a, AddressStatus: "Valid", Visibility: "Public"}
}
