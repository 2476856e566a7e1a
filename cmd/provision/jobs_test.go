//go:build !race

// What runs here is other processes, in which a race detector of this one would see nothing.

package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"provision/executor/journal"
	"provision/plan"
	"provision/plan/jobs"
)

// jobRows is how many rows of a job's sheet are taken, about: the planner's own
// tests have all of them.
const jobRows = 16

// jobWaits are the waits of a run whose service has five and a half hours in a second: a machine stalls for as long.
var jobWaits = []string{"--max-age", "100h", "--settle", "6h", "--address-deadline", "100h"}

// The ten jobs through the built program against the simulator, in both
// regimes: what is planned is done, and then the same sheets plan to nothing.
func TestJobsThroughTheProgram(t *testing.T) {
	t.Parallel()
	binary, err := crashBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs.All() {
		for _, erl := range []bool{true, false} {
			name := job.Name + map[bool]string{true: "/locations", false: "/addresses"}[erl]
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				j := jobProgram{t: t, dir: t.TempDir(), binary: binary, erl: erl}
				j.write(&job)
				j.through(&job)
			})
		}
	}
}

// jobProgram is a folder with a job's account and sheets, and the program.
type jobProgram struct {
	t      *testing.T
	dir    string
	binary string
	erl    bool
	sheets []string
}

func (j *jobProgram) through(job *jobs.Job) {
	j.t.Helper()
	before, out := j.plan()
	if before.Errors > 0 && job.Errors == 0 || sumOf(before.Changes) == 0 {
		j.t.Fatalf("the plan has errors or is empty:\n%s", out)
	}
	want := "0"
	if before.Errors > 0 {
		want = "6" // the rows in error are left over
	}
	run := append([]string{"run", "--auto-approve", "--skip-bad-rows", "--guards=off", "--max-new-locations=9", "--json"}, jobWaits...)
	if out, code := j.run(append(run, j.sheets...)...); code != want {
		j.t.Fatalf("run: exit status %s, want %s\n%s\n%s", code, want, out, j.troubles())
	}
	// With rows in error, what shares something with them is left too.
	after, out := j.plan()
	if n := sumOf(after.Changes); after.Errors != before.Errors || n > 0 && before.Errors == 0 || n >= sumOf(before.Changes) {
		j.t.Errorf("what was done does not plan to nothing: %d changes, %d errors\n%s", n, after.Errors, out)
	}
}

// troubles are the records of the run's journal that say what went wrong.
func (j *jobProgram) troubles() string {
	j.t.Helper()
	names, err := filepath.Glob(filepath.Join(j.dir, "provision-runs", "*", journal.FileName))
	if err != nil {
		j.t.Fatal(err)
	}
	var all []string
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			j.t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, `"failed"`) || strings.Contains(line, `"error"`) {
				all = append(all, line)
			}
		}
	}
	return strings.Join(all, "")
}

// planned is what these tests read of the document of "plan --json".
type planned struct {
	Changes map[string]int `json:"changes"`
	Errors  int            `json:"errors"`
}

func sumOf(n map[string]int) int {
	sum := 0
	for _, k := range n {
		sum += k
	}
	return sum
}

func (j *jobProgram) plan() (planned, string) {
	j.t.Helper()
	out, _ := j.run(append([]string{"plan", "--json", "--max-new-locations=9"}, j.sheets...)...)
	var p planned
	if err := json.Unmarshal([]byte(out), &p); err != nil {
		j.t.Fatalf("plan: %v\n%s", err, out)
	}
	return p, out
}

// run runs the program and returns its output, with what it says of an error,
// and its exit status.
func (j *jobProgram) run(args ...string) (out, code string) {
	j.t.Helper()
	cmd := exec.CommandContext(j.t.Context(), j.binary, args...)
	cmd.Dir = j.dir
	cmd.Env = append(os.Environ(), "HOME="+j.dir, "XDG_STATE_HOME="+filepath.Join(j.dir, "state"), "PROVISION_SERVER=sim:account.json?time-scale=20000")
	stdout, err := cmd.Output()
	exit, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case failed && json.Valid(stdout):
		return string(stdout), strconv.Itoa(exit.ExitCode())
	case failed:
		return string(stdout) + string(exit.Stderr), strconv.Itoa(exit.ExitCode())
	case err != nil:
		j.t.Fatal(err)
	}
	return string(stdout), "0"
}

// write makes the sheets, and the account file with whom they name.
func (j *jobProgram) write(job *jobs.Job) {
	j.t.Helper()
	named := map[string]bool{}
	for _, sh := range job.Sheets {
		header := slices.Clone(sh.Header)
		for i, c := range header {
			if c == "address" {
				header[i] = "as it was written"
			}
		}
		rows := [][]string{append(header, "street", "street2", "city", "state", "zip", "country")}
		for i := 0; i < len(sh.Rows); i += max(1, len(sh.Rows)/jobRows) {
			rows = append(rows, j.row(job, &sh, sh.Rows[i]))
			for _, cell := range sh.Rows[i] {
				named[cell] = true
			}
		}
		var b strings.Builder
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			j.t.Fatal(err)
		}
		j.file(sh.File, []byte(b.String()))
		j.sheets = append(j.sheets, sh.File)
	}
	s := job.Account
	people := map[plan.ExtensionID]bool{"": true}
	s.Extensions = slices.DeleteFunc(slices.Clone(s.Extensions), func(e plan.Extension) bool {
		people[e.ID] = named[e.Number] || named[e.Email]
		return !people[e.ID]
	})
	s.Devices = slices.DeleteFunc(slices.Clone(s.Devices), func(d plan.Device) bool { return !people[d.Extension] })
	data, err := json.Marshal(simAccount(&s, j.erl))
	if err != nil {
		j.t.Fatal(err)
	}
	j.file("account.json", data)
}

func (j *jobProgram) file(name string, data []byte) {
	j.t.Helper()
	if err := os.WriteFile(filepath.Join(j.dir, name), data, 0o600); err != nil {
		j.t.Fatal(err)
	}
}

// row is a row with its address in columns. Without ERLs one that names an ERL
// gets its address instead.
func (j *jobProgram) row(job *jobs.Job, sh *jobs.Sheet, cells []string) []string {
	cells = append(slices.Clone(cells), make([]string, len(sh.Header)-len(cells))...)
	parts := make([]string, 6)
	for i, c := range sh.Header {
		switch {
		case c == "address" && cells[i] != "":
			parts = strings.Split(cells[i], "|")
		case c == "emergency_location" && !j.erl:
			for _, l := range job.Account.Locations {
				if a := l.Address; l.Name == cells[i] {
					parts = []string{a.Street, a.Street2, a.City, a.State, a.Zip, a.Country}
				}
			}
			cells[i] = ""
		}
	}
	return append(cells, parts...)
}
