package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/rcclient/rcsim"
)

// undoBench is one simulated account with its own folders.
type undoBench struct {
	t       *testing.T
	dir     string
	account string
}

func newUndoBench(t *testing.T, sample string) *undoBench {
	t.Helper()
	b := &undoBench{t: t, dir: t.TempDir()}
	b.account = filepath.Join(b.dir, sample)
	data, err := os.ReadFile(filepath.Join("..", "..", "samples", sample))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.account, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

// provision runs the program and returns its stdout; it must exit with the
// status.
func (b *undoBench) provision(want exitCode, args ...string) string {
	b.t.Helper()
	var out, errs bytes.Buffer
	env := []string{
		"HOME=" + b.dir, "PROVISION_RUNS_DIR=" + filepath.Join(b.dir, "runs"), "NO_COLOR=1",
		"PROVISION_SERVER=sim:" + b.account + "?time-scale=600",
	}
	if code := Main(args, strings.NewReader(""), &out, &errs, env); code != int(want) {
		b.t.Fatalf("provision %s: exit status %d, want %d\n%s%s", strings.Join(args, " "), code, want, out.String(), errs.String())
	}
	return out.String()
}

// newestRun is the id of the run that began last.
func (b *undoBench) newestRun(known ...string) string {
	b.t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.dir, "runs"))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(known, e.Name()) {
			return e.Name()
		}
	}
	b.t.Fatal("there is no new run")
	return ""
}

// lines tells, extension by extension, which phones are there, with all that a
// run can change.
func (b *undoBench) lines() []string {
	b.t.Helper()
	var account *rcsim.Account
	if _, err := os.Stat(b.account + stateSuffix); err != nil {
		if account, err = rcsim.LoadAccount(b.account); err != nil {
			b.t.Fatal(err)
		}
	}
	sim, err := rcsim.New(rcsim.Options{Account: account, StateFile: b.account + stateSuffix})
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() {
		if err := sim.Close(); err != nil {
			b.t.Error(err)
		}
	}()
	if v := sim.Violations(); len(v) > 0 {
		b.t.Errorf("violations of the contract: %v", v)
	}
	data, err := json.Marshal(sim.Snapshot())
	if err != nil {
		b.t.Fatal(err)
	}
	return phoneLines(b.t, data)
}

func phoneLines(t *testing.T, account []byte) []string {
	t.Helper()
	var doc struct {
		Devices []struct {
			ID        string `json:"id"`
			Type      string `json:"type"`
			Name      string `json:"name"`
			Serial    string `json:"serial"`
			Common    bool   `json:"useAsCommonPhone"`
			Extension *struct {
				ID json.Number `json:"id"`
			} `json:"extension"`
			Lines []struct {
				Info *struct {
					Number string `json:"phoneNumber"`
				} `json:"phoneInfo"`
			} `json:"phoneLines"`
			Emergency *struct {
				Location *struct {
					ID string `json:"id"`
				} `json:"location"`
				Address map[string]any `json:"address"`
			} `json:"emergency"`
		} `json:"devices"`
	}
	if err := json.Unmarshal(account, &doc); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range doc.Devices {
		ext, place := "", ""
		if d.Extension != nil {
			ext = d.Extension.ID.String()
		}
		if e := d.Emergency; e != nil && e.Location != nil {
			place = e.Location.ID
		} else if e != nil {
			place = fmt.Sprint(e.Address["street"], "|", e.Address["street2"], "|", e.Address["city"])
		}
		line := fmt.Sprintf("on %q: %s %s %q %s common %t at %s", ext, d.ID, d.Type, d.Name, d.Serial, d.Common, place)
		for _, l := range d.Lines {
			if l.Info != nil {
				line += " " + l.Info.Number
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// Each sample is run, undone and undone again, in both regimes: the account is
// as before, but for what the undo's plan names, and no call breaks the
// contract.
func TestUndoOfSamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		account, sheet string
		flags          []string
		undoFlags      []string
		changes        map[string]float64
		left           int
		differs        []string // words in the lines that are not as before
	}{
		{"onboarding.json", "onboarding.xlsx", nil, nil, map[string]float64{"remove": 20, "unstock": 20}, 1, []string{"80100102 "}},
		{"onboarding-addresses.json", "onboarding.xlsx", nil, []string{"--release-numbers"}, map[string]float64{"remove": 20, "unstock": 3}, 1, []string{"80100102 "}},
		{"moves.json", "moves.csv", []string{"--max-new-locations", "1"}, nil, map[string]float64{"update_emergency": 10}, 3, []string{"80100134 ", "80100137 "}},
		{"moves-addresses.json", "moves.csv", nil, nil, map[string]float64{"update_emergency": 11}, 1, []string{"80100137 "}},
		{"refresh.json", "refresh.xlsx", nil, nil, map[string]float64{"swap": 5, "remove": 1, "unstock": 1}, 0, nil},
		{"refresh-addresses.json", "refresh.xlsx", nil, nil, map[string]float64{"swap": 5, "remove": 1, "unstock": 1}, 0, nil},
		{
			"offboarding.json", "offboarding.csv", []string{"--release-numbers", "--leave-without-phone", "2"}, nil,
			map[string]float64{"add": 2, "swap": 1, "update": 1, "unstock": 1}, 2, []string{"80200145 ", "Elena Calder"},
		},
		{"stock.json", "stock.csv", nil, nil, map[string]float64{"unstock": 7}, 2, []string{"80300011 ", "80300012 "}},
	} {
		t.Run(c.account, func(t *testing.T) {
			t.Parallel()
			b := newUndoBench(t, c.account)
			before := b.lines()
			b.provision(exitOK, append([]string{"run", filepath.Join("..", "..", "samples", c.sheet), "--auto-approve", "--json"}, c.flags...)...)
			run := b.newestRun()
			saved := filepath.Join(b.dir, "undo.json")
			text := b.provision(exitChanges, append([]string{"undo", run, "--json", "-o", saved, "--detailed-exitcode"}, c.undoFlags...)...)
			var doc struct {
				Changes   map[string]float64 `json:"changes"`
				UndoOf    string             `json:"undo_of"`
				NotUndone []map[string]any   `json:"not_undone"`
			}
			if err := json.Unmarshal([]byte(text), &doc); err != nil {
				t.Fatal(err)
			}
			for kind, n := range doc.Changes {
				if n != c.changes[kind] {
					t.Errorf("%v %s, want %v", n, kind, c.changes[kind])
				}
			}
			if doc.UndoOf != run || len(doc.NotUndone) != c.left {
				t.Errorf("undo of %q leaves %v, want %d", doc.UndoOf, doc.NotUndone, c.left)
			}
			b.provision(exitOK, "apply", saved, "--json")
			apart := func(lines []string) []string {
				return slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
					return slices.ContainsFunc(c.differs, func(word string) bool { return strings.Contains(line, word) })
				})
			}
			if diff := cmp.Diff(apart(before), apart(b.lines())); diff != "" {
				t.Errorf("not as before the run:\n%s", diff)
			}
			b.provision(exitOK, "undo", run, "--json", "--detailed-exitcode")
			// What was deleted can't be brought back by any undo.
			b.undoTheUndo(run, saved, c.account != "stock.json")
		})
	}
}

// undoTheUndo takes the undo back, and that again: an undo is a run like any
// other.
func (b *undoBench) undoTheUndo(run, saved string, does bool) {
	b.t.Helper()
	known := []string{run}
	state := [][]string{b.lines()}
	for range 2 {
		next := b.newestRun(known...)
		known = append(known, next)
		b.provision(exitOK, "undo", next, "--json", "-o", saved)
		b.provision(exitOK, "apply", saved, "--json", "--max-adds", "none", "--max-address-changes", "none", "--max-swaps", "none")
		state = append(state, b.lines())
	}
	for _, lines := range state {
		for i := range lines { // what the runs made has new ids each time
			lines[i] = regexp.MustCompile(`\b8000\d{5}\b`).ReplaceAllString(lines[i], "new")
		}
	}
	if diff := cmp.Diff(state[0], state[2]); diff != "" {
		b.t.Errorf("an undo that was undone and made again is another:\n%s", diff)
	}
	if does == cmp.Equal(state[0], state[1]) {
		b.t.Errorf("the undo of the undo did something: %t, want %t", !does, does)
	}
}
