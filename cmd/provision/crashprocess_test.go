package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"provision/executor/journal"
	"provision/rcclient/rcsim"
)

// crashScale is the time scale of the simulators of these tests: a service
// minute takes a tenth of a second.
const crashScale = 600

// crashWaits are the waits of a run, in service time, wide enough for a machine
// that stalls for a second: what is tested here is order, not tempo.
var crashWaits = []string{"--settle", "6m", "--max-age", "30m", "--address-deadline", "3h"}

// crashBinary is the program under test: PROVISION_BINARY, or this test's own
// binary, which TestMain makes the program under another name.
func crashBinary() (string, error) {
	if path := os.Getenv("PROVISION_BINARY"); path != "" {
		return filepath.Abs(path)
	}
	return exec.LookPath("provision")
}

// site is a folder with an account, a saved plan and one simulator process:
// where a plan is carried out by processes that may die.
type site struct {
	dir    string
	binary string
	url    string
	sim    *process
	plan   string // path of the saved plan
	rounds int    // processes that were started
}

// newSite serves the account in a process of its own, with these further flags.
func newSite(ctx context.Context, dir string, account []byte, simFlags ...string) (*site, error) {
	binary, err := crashBinary()
	if err != nil {
		return nil, err
	}
	s := &site{dir: dir, binary: binary, plan: filepath.Join(dir, "plan.json")}
	if err := os.WriteFile(s.path("account.json"), account, 0o600); err != nil {
		return nil, err
	}
	args := []string{"sim", "--account", s.path("account.json"), "--addr-file", s.path("addr"), "--time-scale", strconv.Itoa(crashScale)}
	s.sim, err = s.start(ctx, append(args, simFlags...)...)
	if err != nil {
		return nil, err
	}
	err = s.sim.until(func() bool {
		text, err := os.ReadFile(s.path("addr"))
		s.url = strings.TrimSpace(string(text))
		return err == nil
	})
	if err != nil {
		s.close()
		return nil, fmt.Errorf("the simulator did not start: %w", err)
	}
	return s, nil
}

func (s *site) path(name string) string { return filepath.Join(s.dir, name) }

// runs is the folder of the runs' folders.
func (s *site) runs() string { return s.path("runs") }

func (s *site) close() { s.sim.kill() }

// start starts the program. Flags of folders and credentials are given by
// the environment, so that args are those that a person would type.
func (s *site) start(ctx context.Context, args ...string) (*process, error) {
	return s.startCmd(exec.CommandContext(ctx, s.binary, args...))
}

func (s *site) startCmd(cmd *exec.Cmd) (*process, error) {
	s.environ(cmd)
	return startCaught(cmd)
}

// startCaught starts a process and catches what it writes.
func startCaught(cmd *exec.Cmd) (*process, error) {
	var stdout, stderr output
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	p, err := startProcess(cmd)
	if err != nil {
		return nil, err
	}
	p.stdout, p.stderr = &stdout, &stderr
	return p, nil
}

// environ gives a command the site's folders and credentials.
func (s *site) environ(cmd *exec.Cmd) {
	cmd.Dir = s.dir
	own := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PROVISION_") })
	cmd.Env = slices.Concat(own, []string{"HOME=" + s.dir, "NO_COLOR=1", "GORACE=exitcode=66",
		"PROVISION_STATE_DIR=" + s.path("state"), "PROVISION_RUNS_DIR=" + s.runs(),
		"RC_APP_CLIENT_ID=app", "RC_APP_CLIENT_SECRET=secret", "RC_USER_JWT=jwt"})
}

// served are the flags that name the simulator; "resume" needs none.
func (s *site) served(args ...string) []string {
	return append(args, "--server", s.url, "--time-scale", strconv.Itoa(crashScale))
}

// apply is the command that carries the saved plan out.
func (s *site) apply(more ...string) []string {
	args := append(s.served("apply", s.plan, "--guards=off"), crashWaits...)
	return append(args, more...)
}

// resume is the command that goes on with a run.
func (s *site) resume(folder string, more ...string) []string {
	return append(append([]string{"resume", folder}, crashWaits...), more...)
}

// must runs the program to its end and wants this exit code.
func (s *site) must(ctx context.Context, code int, args ...string) (*process, error) {
	s.rounds++
	p, err := s.start(ctx, args...)
	if err != nil {
		return nil, err
	}
	if err := p.wait(); err != nil {
		return nil, err
	}
	return p, p.want(code)
}

// run is the folder of the only run; "" while there is none.
func (s *site) run() (string, error) {
	plans, err := filepath.Glob(filepath.Join(s.runs(), "*", planFile))
	if err != nil || len(plans) == 0 {
		return "", err
	}
	if len(plans) > 1 {
		return "", fmt.Errorf("there are %d runs: %q", len(plans), plans)
	}
	return filepath.Dir(plans[0]), nil
}

// get asks the simulator's own pages.
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

// effects are all effects on the account, in order.
func (s *site) effects(ctx context.Context) ([]rcsim.Effect, error) {
	data, err := s.get(ctx, "effects")
	if err != nil {
		return nil, err
	}
	return decodeLines[rcsim.Effect](data)
}

// journalLines is the number of whole lines of the run's journal.
func (s *site) journalLines() int {
	w := s.watchKilled()
	defer w.close()
	return w.lines()
}

// watchKilled looks at the journal of a site's run again and again, and reads only
// what is new: it shall not take the time of those who write.
func (s *site) watchKilled() *killer { return &killer{site: s} }

// killer watches a journal to kill its process in time.
type killer struct {
	site *site
	file *os.File
	buf  [1 << 14]byte
	n    int
}

// lines is the number of whole lines by now.
func (w *killer) lines() int {
	if w.file == nil {
		folder, err := w.site.run()
		if err != nil || folder == "" {
			return 0
		}
		if w.file, err = os.Open(filepath.Join(folder, journal.FileName)); err != nil {
			w.file = nil
			return 0
		}
	}
	for {
		n, err := w.file.Read(w.buf[:])
		w.n += bytes.Count(w.buf[:n], []byte("\n"))
		if n == 0 || err != nil {
			return w.n
		}
	}
}

func (w *killer) close() {
	if w.file != nil {
		_ = w.file.Close()
	}
}

// output is what a process wrote; it may be read meanwhile.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	if o == nil {
		return ""
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// process is a running program.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr *output // nil where they go elsewhere
	done           chan struct{}
}

func startProcess(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.done)
		_ = cmd.Wait() // how it ended is read from ProcessState
	}()
	return p, nil
}

// errEnded says that the process ended before what was waited for.
var errEnded = errors.New("the process ended")

// until waits until something holds, looking often: it is how a process that is
// watched from outside is caught at a certain point.
func (p *process) until(holds func() bool) error {
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		if holds() {
			return nil
		}
		select {
		case <-p.done:
			if holds() {
				return nil
			}
			return errEnded
		case <-deadline.C:
			return fmt.Errorf("nothing came within %s: %s", patience, p.text())
		case <-look.C:
		}
	}
}

// after waits so long, or until the process ends.
func (p *process) after(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.done:
		return errEnded
	case <-timer.C:
		return nil
	}
}

// kill ends the process as a crash would, and waits for its death.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be dead already
	<-p.done
}

func (p *process) signal(s syscall.Signal) error { return p.cmd.Process.Signal(s) }

// wait waits for the end of a process that nothing disturbs.
func (p *process) wait() error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
		p.kill()
		return fmt.Errorf("the process did not end within %s: %s", patience, p.text())
	}
}

// code is the exit code of a process that has ended; -1 if a signal ended it.
func (p *process) code() int { return p.cmd.ProcessState.ExitCode() }

func (p *process) want(code int) error {
	if got := p.code(); got != code {
		return fmt.Errorf("%s: exit code %d, want %d: %s", strings.Join(p.cmd.Args[1:], " "), got, code, p.text())
	}
	return nil
}

// said reports whether the process wrote this to stderr by now.
func (p *process) said(text string) bool { return strings.Contains(p.stderr.String(), text) }

// text is what the process wrote.
func (p *process) text() string {
	return fmt.Sprintf("stderr:\n%s\nstdout:\n%s", p.stderr.String(), p.stdout.String())
}
