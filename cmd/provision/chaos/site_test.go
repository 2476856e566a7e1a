package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// timeScale is how many service seconds pass in one: the program gives a call
// up after 90 of them, which is a second and a half.
const timeScale = 60

// patience is how long one process may take.
const patience = 90 * time.Second

// waits are the waits of a run, in service time. That of --settle, four seconds
// on the wall, is longer than the proxy keeps a request.
var waits = []string{"--settle", "4m", "--max-age", "30m", "--address-deadline", "30m"}

// The exit codes that count here.
const (
	exitOK      = 0
	exitError   = 1
	exitChanges = 2
	exitPartial = 6
	exitKilled  = -1
)

// site is a folder with an account, a saved plan, a simulator process and the
// proxy in front of it.
type site struct {
	dir    string
	binary string
	sim    *process
	url    string // the simulator's own
	proxy  *proxy
	moved  bool     // the proxy has another address than the run's
	codes  []int    // exit codes of the processes that worked on the run
	last   []string // the last lines that those wrote which were not done
}

func newSite(ctx context.Context, binary, dir string, sc *scene) (s *site, err error) {
	s = &site{dir: dir, binary: binary}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if err := errors.Join(s.write("account.json", sc.account), s.write("sheet.csv", sc.sheet)); err != nil {
		return nil, err
	}
	s.sim, err = s.start(ctx, "sim", "--account", s.path("account.json"), "--addr-file", s.path("addr"),
		"--time-scale", strconv.Itoa(timeScale), "--latency", "6s")
	if err != nil {
		return nil, err
	}
	for s.url == "" {
		select {
		case <-s.sim.done:
			return nil, fmt.Errorf("the simulator did not start: %s", s.sim.text())
		case <-time.After(5 * time.Millisecond):
		}
		if text, err := os.ReadFile(s.path("addr")); err == nil {
			s.url = strings.TrimSpace(string(text))
		}
	}
	s.proxy, err = newProxy(s.url)
	return s, err
}

func (s *site) path(name string) string { return filepath.Join(s.dir, name) }

func (s *site) write(name string, data []byte) error { return os.WriteFile(s.path(name), data, 0o600) }

func (s *site) close() {
	if s.proxy != nil {
		_ = within(stuckAfter, func() error { s.proxy.close(); return nil }) // one that is stuck stays
	}
	if s.sim != nil {
		s.sim.kill()
	}
}

func (s *site) start(ctx context.Context, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "HOME="+s.dir, "NO_COLOR=1",
		"PROVISION_STATE_DIR="+s.path("state"), "PROVISION_RUNS_DIR="+s.path("runs"),
		"RC_APP_CLIENT_ID=app", "RC_APP_CLIENT_SECRET=secret", "RC_USER_JWT=jwt")
	return startProcess(cmd)
}

// do runs the program to its end, which has to be one of these exit codes.
func (s *site) do(ctx context.Context, codes []int, args ...string) (*process, error) {
	p, err := s.start(ctx, args...)
	if err != nil {
		return nil, err
	}
	if err := p.wait(); err != nil {
		return nil, err
	}
	for _, code := range codes {
		if p.code() == code {
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s: exit code %d, want one of %v: %s", strings.Join(args, " "), p.code(), codes, p.text())
}

// makePlan plans the sheet through the proxy. "plan" ends with code 2 if there
// is something to do.
func (s *site) makePlan(ctx context.Context, name string) (*planFile, error) {
	_, err := s.do(ctx, []int{exitOK, exitChanges}, "plan", s.path("sheet.csv"), "-o", s.path(name), "--detailed-exitcode",
		"--server", s.proxy.url, "--time-scale", strconv.Itoa(timeScale), "--guards=off", "--max-new-locations", "2")
	if err != nil {
		return nil, err
	}
	return readPlan(s.path(name))
}

// goOn works on the run with one more process: "apply" while there is no run
// yet, "verify" if only addresses are open, else "resume". The process is killed
// after some time unless that is 0.
func (s *site) goOn(ctx context.Context, rep *runReport, kill time.Duration) error {
	args := []string{"apply", s.path("plan.json"), "--guards=off", "--server", s.proxy.url, "--time-scale", strconv.Itoa(timeScale)}
	folder, err := s.run()
	if err != nil {
		return err
	}
	if folder != "" {
		args = []string{"resume", folder}
		if rep != nil && rep.done() {
			args[0] = "verify"
		}
		if s.moved {
			args = append(args, "--server", s.proxy.url, "--time-scale", strconv.Itoa(timeScale))
		}
	}
	p, err := s.start(ctx, append(args, waits...)...)
	if err != nil {
		return err
	}
	if kill > 0 {
		timer := time.AfterFunc(kill, func() { _ = p.cmd.Process.Kill() }) // it may have ended
		defer timer.Stop()
	}
	if err := p.wait(); err != nil {
		return err
	}
	s.codes = append(s.codes, p.code())
	if p.code() > 0 {
		lines := strings.Split(strings.TrimSpace(p.stderr.String()), "\n")
		s.last = append(s.last, fmt.Sprintf("%s: %d: %s", args[0], p.code(), strings.Join(lines[max(0, len(lines)-2):], " | ")))
	}
	switch code := p.code(); {
	case code == exitOK || code == exitPartial || code == exitError || (code == exitKilled && kill > 0):
		return p.sane()
	default:
		return fmt.Errorf("%s: exit code %d: %s", args[0], code, p.text())
	}
}

// run is the folder of the only run; "" while there is none.
func (s *site) run() (string, error) {
	plans, err := filepath.Glob(s.path("runs/*/plan.json"))
	if err != nil || len(plans) == 0 {
		return "", err
	}
	if len(plans) > 1 {
		return "", fmt.Errorf("there are %d runs: %q", len(plans), plans)
	}
	return filepath.Dir(plans[0]), nil
}

// report is what the run's report says; nil while there is none.
func (s *site) report() (*runReport, error) {
	folder, err := s.run()
	if err != nil || folder == "" {
		return nil, err
	}
	return readReport(filepath.Join(folder, "report.json"))
}

// doubts is how many answers were lost: the journal's outcomes in doubt.
func (s *site) doubts() (int, error) {
	folder, err := s.run()
	if err != nil || folder == "" {
		return 0, err
	}
	data, err := os.ReadFile(filepath.Join(folder, "journal.jsonl"))
	return bytes.Count(data, []byte(`"status":"in_doubt"`)), err
}

// get asks the simulator's own pages, past the proxy.
func (s *site) get(ctx context.Context, page string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/_sim/"+page, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(resp.Body)
	return data, errors.Join(err, resp.Body.Close())
}

// getJSON reads one JSON document of the simulator.
func getJSON[T any](ctx context.Context, s *site, page string) (T, error) {
	var into T
	data, err := s.get(ctx, page)
	if err != nil {
		return into, err
	}
	return into, json.Unmarshal(data, &into)
}

// process is a running program.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
	done           chan struct{}
}

func startProcess(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.stdout, &p.stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.done)
		_ = cmd.Wait() // how it ended is read from ProcessState
	}()
	return p, nil
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be dead already
	<-p.done
}

func (p *process) wait() error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
		return fmt.Errorf("%s: no end within %s: %s", strings.Join(p.cmd.Args[1:], " "), patience, p.text())
	}
}

func (p *process) code() int { return p.cmd.ProcessState.ExitCode() }

// sane says whether the process ended in a way that a person can go on from.
func (p *process) sane() error {
	if text := p.stderr.String(); strings.Contains(text, "panic:") || strings.Contains(text, "fatal error:") {
		return fmt.Errorf("the program broke: %s", p.text())
	}
	return nil
}

// text is what the process said; it ends the process.
func (p *process) text() string {
	p.kill()
	return fmt.Sprintf("stderr:\n%s\nstdout:\n%s", p.stderr.String(), p.stdout.String())
}
