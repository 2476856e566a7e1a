//go:build unix

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"provision/executor/journal"
)

// slowCalls make a call take a twentieth of a second, so that a signal finds it
// under way.
var slowCalls = []string{"--latency", "30s"}

// raceEndings are those that the race detector looks at: where signals, locks
// and a failing journal meet a run at work.
var raceEndings = []string{"SIGTERM in bulk", "two signals", "terminal closed", "disk full", "two processes", "abandoned"}

// ending is a test of one way in which a run is disturbed: a fresh account and
// what a person would do.
type ending struct {
	*testing.T
	*stage
	*site
}

// TestEndings disturbs a run in the ways that happen in operation, and wants
// the right exit code, the line that says how to go on, and, when the run is
// done, one effect for each change.
func TestEndings(t *testing.T) {
	t.Parallel()
	scenes, err := crashScenes()
	if err != nil {
		t.Fatal(err)
	}
	st, err := rehearse(t.Context(), t.TempDir(), scenes[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(ending){
		"folder copied":     endCopied,
		"folder moved":      endMoved,
		"suspended":         endSuspended,
		"SIGTERM in bulk":   func(e ending) { endSignal(e, syscall.SIGTERM) },
		"SIGHUP":            func(e ending) { endSignal(e, syscall.SIGHUP) },
		"two signals":       endTwoSignals,
		"terminal closed":   endTerminalClosed,
		"disk full":         endDiskFull,
		"tmpfs full":        endTmpfsFull,
		"abandoned":         endAbandoned,
		"two processes":     endTwoProcesses,
		"plan beside apply": endPlanBeside,
		"dead owner":        endDeadOwner,
		"open run":          endOpenRun,
		"finished":          endFinished,
		"sheet gone":        endSheetGone,
		"newer journal":     endNewerJournal,
		"journal lost":      endNoJournal,
	} {
		if raceEnabled && !slices.Contains(raceEndings, name) {
			continue // the race detector slows it and has nothing to find here that other endings lack
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := st.open(t.Context(), t.TempDir(), slowCalls...)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.close)
			test(ending{t, st, s})
		})
	}
}

func (e ending) check(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

// begin starts "apply" and waits until its journal holds this text.
func (e ending) begin(text string) *process {
	e.Helper()
	p, err := e.start(e.Context(), e.apply()...)
	e.check(err)
	e.awaits(p, text)
	return p
}

// awaits waits until the journal holds this text.
func (e ending) awaits(p *process, text string) {
	e.Helper()
	e.check(p.until(func() bool { return strings.Contains(e.journalText(), text) }))
}

// holds suspends a process, so that it keeps its locks until the returned
// function lets it go on.
func (e ending) holds(p *process) (goOn func()) {
	e.Helper()
	e.check(p.signal(syscall.SIGSTOP))
	return func() {
		e.Helper()
		e.check(p.signal(syscall.SIGCONT))
	}
}

// killed is a run whose process was killed after its journal held this text.
func (e ending) killed(text string) (folder string) {
	e.Helper()
	e.begin(text).kill()
	return e.folder()
}

func (e ending) folder() string {
	e.Helper()
	folder, err := e.run()
	e.check(err)
	if folder == "" {
		e.Fatal("there is no run")
	}
	return folder
}

func (e ending) journalText() string {
	folder, err := e.run()
	if err != nil || folder == "" {
		return ""
	}
	text, err := os.ReadFile(filepath.Join(folder, journal.FileName))
	if err != nil {
		return ""
	}
	return string(text)
}

// ends waits for a process and wants its exit code and, on stderr, a match.
func (e ending) ends(p *process, code int, stderr string) {
	e.Helper()
	e.check(p.wait())
	e.check(p.want(code))
	if !regexp.MustCompile(stderr).MatchString(p.stderr.String()) {
		e.Fatalf("nothing matches %q in\n%s", stderr, p.text())
	}
}

// exits runs the program and wants exit code and text.
func (e ending) exits(code int, stderr string, args ...string) *process {
	e.Helper()
	p, err := e.start(e.Context(), args...)
	e.check(err)
	e.ends(p, code, stderr)
	return p
}

// resumes goes on with a run to its end and judges the account.
func (e ending) resumes(folder string) {
	e.Helper()
	e.exits(0, "", e.resume(folder)...)
	e.check(e.judge.look(e.Context(), e.site))
}

const (
	intentText = `"type":"intent"`
	bulkText   = `"operation":"bulkAddDevicesV2"`
)

// resumeLine is the hint that an open run ends with.
func resumeLine(folder string) string {
	return `(?m)^hint: run "provision resume ` + regexp.QuoteMeta(filepath.Base(folder)) + `"$`
}

func (e ending) state(folder string) journal.State {
	e.Helper()
	records, err := journal.Read(filepath.Join(folder, journal.FileName))
	e.check(err)
	return journal.Fold(records)
}
