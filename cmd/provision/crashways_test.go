//go:build unix

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"provision/executor/journal"
)

// A copy of the folder is gone on with where it lies, the original being there
// still; which is refused from then on, as it does not know what the copy did.
func endCopied(e ending) {
	folder := e.killed(bulkText)
	elsewhere := filepath.Join(e.TempDir(), "copy of it")
	e.check(os.CopyFS(elsewhere, os.DirFS(folder)))
	e.resumes(elsewhere)
	e.exits(4, `goes on in .*copy of it`, e.resume(folder)...)
	e.check(e.judge.look(e.Context(), e.site))
}

func endMoved(e ending) {
	folder := e.killed(bulkText)
	elsewhere := filepath.Join(e.TempDir(), "moved")
	e.check(os.Rename(folder, elsewhere))
	e.resumes(elsewhere)
	p := e.exits(0, "", "runs")
	if out := p.stdout.String(); !strings.Contains(out, "done") || strings.Contains(out, "gone") || strings.Contains(out, "open") {
		e.Errorf("after a moved run was done, \"runs\" says:\n%s", out)
	}
}

// A minute of sleep is not a crash: the run goes on by itself.
func endSuspended(e ending) {
	p := e.begin(bulkText)
	e.check(p.signal(syscall.SIGSTOP))
	if err := p.after(100 * time.Millisecond); err != nil { // a minute of service time
		e.Fatal("a suspended process ended")
	}
	e.check(p.signal(syscall.SIGCONT))
	e.ends(p, 0, "")
	e.check(e.judge.look(e.Context(), e.site))
}

// Told to stop in the middle of a bulk call: what is in flight lands.
func endSignal(e ending, s syscall.Signal) {
	p := e.begin(bulkText)
	e.check(p.signal(s))
	e.ends(p, int(exitInterrupted), `interrupted \(signal `+regexp.QuoteMeta(s.String())+`\): \d+ changes are left`)
	folder := e.folder()
	e.ends(p, int(exitInterrupted), resumeLine(folder))
	if open := e.state(folder).Open; len(open) > 0 {
		e.Errorf("an orderly stop left intents open: %v", open)
	}
	e.resumes(folder)
}

func endTwoSignals(e ending) {
	p := e.begin(bulkText)
	e.check(p.signal(syscall.SIGTERM))
	e.check(p.until(func() bool { return p.said("stopping") }))
	e.check(p.signal(syscall.SIGTERM))
	e.ends(p, int(exitInterrupted), "left at once")
	e.resumes(e.folder())
}

// The terminal goes: SIGHUP, and nobody reads what the program writes.
func endTerminalClosed(e ending) {
	read, write, err := os.Pipe()
	e.check(err)
	cmd := exec.CommandContext(e.Context(), e.binary, e.apply("--log-level", "debug")...)
	e.environ(cmd)
	cmd.Stdout, cmd.Stderr = write, write
	p, err := startProcess(cmd)
	e.check(err)
	e.check(write.Close())
	e.awaits(p, bulkText)
	e.check(read.Close())
	e.check(p.signal(syscall.SIGHUP))
	e.check(p.wait())
	e.check(p.want(int(exitInterrupted)))
	folder := e.folder()
	if state := e.state(folder); state.Exit != "interrupted" || len(state.Open) > 0 {
		e.Errorf("the run ended %q with open intents %v", state.Exit, state.Open)
	}
	if _, err := os.Stat(filepath.Join(folder, reportCSV)); err != nil {
		e.Error(err)
	}
	e.resumes(folder)
}

// A second process is refused and told who works: by the lock of the client id,
// and with another client id by that of the account.
func endTwoProcesses(e ending) {
	first := e.begin(intentText)
	goOn := e.holds(first)
	named := regexp.QuoteMeta(fmt.Sprintf("provision apply, pid %d on ", first.cmd.Process.Pid)) + `.*, run ` + regexp.QuoteMeta(filepath.Base(e.folder()))
	e.exits(1, `another process works with this service and client id: `+named, e.resume(e.folder())...)
	cmd := exec.CommandContext(e.Context(), e.binary, e.resume(e.folder())...)
	e.environ(cmd)
	cmd.Env = append(cmd.Env, "RC_APP_CLIENT_ID=another")
	second, err := startCaught(cmd)
	e.check(err)
	e.ends(second, 1, `another process works on a run of this account: `+named)
	goOn()
	e.ends(first, 0, "")
	e.check(e.judge.look(e.Context(), e.site))
}

// Planning waits for its turn where it is told to.
func endPlanBeside(e ending) {
	e.check(os.WriteFile(e.path("sheet.csv"), []byte(e.sheet), 0o600))
	plan := e.served("plan", e.path("sheet.csv"), "--guards=off", "--enable-unlisted-operations", "--max-new-locations", "1")
	first := e.begin(intentText)
	goOn := e.holds(first)
	e.exits(1, `another process works with .*: provision apply, pid \d+`, plan...)
	beside, err := e.start(e.Context(), append(plan, "--lock-timeout", "60s")...)
	e.check(err)
	goOn()
	e.ends(first, 0, "")
	e.ends(beside, 0, "")
	e.check(e.judge.look(e.Context(), e.site))
}

// The lock of a process that died is taken over, which is said with its name;
// whoever took it is named from then on.
func endDeadOwner(e ending) {
	first := e.begin(bulkText)
	first.kill()
	folder := e.folder()
	lines := e.journalLines()
	second, err := e.start(e.Context(), e.resume(folder)...)
	e.check(err)
	e.check(second.until(func() bool { return e.journalLines() > lines }))
	goOn := e.holds(second)
	third := regexp.QuoteMeta(fmt.Sprintf("provision resume, pid %d on ", second.cmd.Process.Pid))
	e.exits(1, third+`.*, run `+regexp.QuoteMeta(filepath.Base(folder)), e.resume(folder)...)
	goOn()
	e.ends(second, 0, fmt.Sprintf(`took over from provision apply, pid %d on .*, run %s`, first.cmd.Process.Pid, regexp.QuoteMeta(filepath.Base(folder))))
	e.check(e.judge.look(e.Context(), e.site))
}

// An open run keeps others from the account.
func endOpenRun(e ending) {
	e.check(os.WriteFile(e.path("sheet.csv"), []byte(e.sheet), 0o600))
	folder := e.killed(bulkText)
	e.exits(4, resumeLine(folder), e.apply()...)
	e.exits(4, resumeLine(folder), e.served("run", e.path("sheet.csv"), "--auto-approve", "--guards=off", "--enable-unlisted-operations")...)
	e.resumes(folder)
}

// A run that is done stays as it is.
func endFinished(e ending) {
	p, err := e.start(e.Context(), e.apply()...)
	e.check(err)
	e.ends(p, 0, "")
	before, err := e.effects(e.Context())
	e.check(err)
	for range 2 {
		e.resumes(e.folder())
	}
	after, err := e.effects(e.Context())
	e.check(err)
	if len(after) != len(before) {
		e.Errorf("%d effects before, %d after resuming a finished run", len(before), len(after))
	}
	if state := e.state(e.folder()); len(state.Open) > 0 || state.Exit != "done" {
		e.Errorf("the run ended %q with open intents %v", state.Exit, state.Open)
	}
}

// The sheet is not needed: neither where it lay nor the copy in the folder.
func endSheetGone(e ending) {
	e.check(os.WriteFile(e.path("sheet.csv"), []byte(e.sheet), 0o600))
	args := append(e.served("run", e.path("sheet.csv"), "--auto-approve", "--guards=off", "--enable-unlisted-operations", "--max-new-locations", "1"), crashWaits...)
	p, err := e.start(e.Context(), args...)
	e.check(err)
	e.awaits(p, bulkText)
	p.kill()
	e.check(os.Remove(e.path("sheet.csv")))
	e.check(os.RemoveAll(filepath.Join(e.folder(), sourcesDir)))
	e.resumes(e.folder())
}

// What a newer program wrote may mean anything: it is refused, and nothing is
// sent.
func endNewerJournal(e ending) {
	folder := e.killed(bulkText)
	begun := e.state(folder).Attempts
	path := filepath.Join(folder, journal.FileName)
	records, err := journal.Read(path)
	e.check(err)
	e.check(appendNewer(path, records[len(records)-1]))
	e.exits(1, `has format version 2, this program knows up to 1`, e.resume(folder)...)
	e.exits(4, regexp.QuoteMeta(filepath.Base(folder)), e.apply()...)
	after, err := e.effects(e.Context())
	e.check(err)
	e.check(e.judge.begun(after, begun))
}

// Without its journal nobody knows what a run did: it is not gone on with, and
// keeps others away until a person has looked.
func endNoJournal(e ending) {
	folder := e.killed(bulkText)
	begun := e.state(folder).Attempts
	e.check(os.Remove(filepath.Join(folder, journal.FileName)))
	e.exits(1, `journal of run .* is gone`, e.resume(folder)...)
	e.exits(4, `(?m)^hint: .*delete .*`+regexp.QuoteMeta(filepath.Base(folder)), e.apply()...)
	after, err := e.effects(e.Context())
	e.check(err)
	e.check(e.judge.begun(after, begun))
}

// appendNewer appends the begin record of a program that knows format 2.
func appendNewer(path string, last journal.Record) error {
	rec := journal.Record{Seq: last.Seq + 1, Synced: last.Seq, Type: journal.TypeRun, Time: last.Time,
		Run: &journal.Run{Event: journal.EventBegin, FormatVersion: journal.FormatVersion + 1}}
	text, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	body := bytes.TrimSuffix(text, []byte(`,"sum":""}`))
	sum := sha256.Sum256(append([]byte(last.Sum), body...))
	line := fmt.Sprintf("%s,\"sum\":\"%x\"}\n", body, sum[:8])
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	return errors.Join(err, f.Close())
}

// An abandoned run lets another begin; the sheet, planned anew, finishes what
// was left, and nothing is done twice.
func endAbandoned(e ending) {
	e.check(os.WriteFile(e.path("sheet.csv"), []byte(e.sheet), 0o600))
	folder := e.killed(`"operation":"replaceDevicesJWSPublic"`)
	args := append([]string{"abandon", folder}, crashWaits...)
	p, err := e.start(e.Context(), args...)
	e.check(err)
	e.ends(p, 6, "")
	if open := e.state(folder).Open; len(open) > 0 {
		e.Errorf("an abandoned run has intents open: %v", open)
	}
	e.exits(4, "was abandoned", e.resume(folder)...)
	again := append(e.served("run", e.path("sheet.csv"), "--auto-approve", "--guards=off", "--enable-unlisted-operations", "--max-new-locations", "1"), crashWaits...)
	p, err = e.start(e.Context(), again...)
	e.check(err)
	e.ends(p, 0, "")
	e.check(e.judge.look(e.Context(), e.site))
}
