//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Secrets of the nights. None may be found in anything that is written.
const (
	nightJWT    = "planted-jwt"
	nightClient = "planted-client"
	// nightExpired is a JWT that says itself that it is of 2020.
	nightExpired = "eyJhbGciOiJub25lIn0.eyJleHAiOjE2MDAwMDAwMDAsIngiOiJwbGFudGVkIn0.c2ln"
)

// TestNights lives through weeks of nights in minutes: sheets arrive in an inbox half-written, two at once, with errors, over
// a guard, twice; the program is started by a timer, killed and rebooted at random instants, told to stop, started twice; the
// service is away for an hour, the credentials are refused, the disk is full. After each night each sheet lies in its folder,
// each row is accounted for, each change has had one effect, and people were told once of each event.
//
// "go test" plays a few nights of different kinds; PROVISION_WEEKS plays so many weeks, from PROVISION_SEED on.
func TestNights(t *testing.T) {
	t.Parallel()
	weeks, seed := 1, rand.Uint64N(1e9)
	short := os.Getenv("PROVISION_WEEKS") == ""
	if !short {
		weeks, seed = envNumber(t, "PROVISION_WEEKS", 1), uint64(envNumber(t, "PROVISION_SEED", 1))
	}
	for n := range uint64(weeks) {
		t.Run(fmt.Sprint("seed ", seed+n), func(t *testing.T) {
			if !short {
				t.Parallel()
			}
			for try := 1; !newWeek(t, seed+n).live(short); try++ {
				if try == 3 {
					t.Fatal("this machine stalls again and again: no night can be judged")
				}
			}
		})
	}
}

// live lives through the week. It is false where the machine stalled so long that a file that grew looked complete: what
// is right then nobody can tell.
func (w *week) live(short bool) bool {
	w.Helper()
	nights := slices.Clone(nightKinds)
	w.rnd.Shuffle(len(nights), func(i, j int) { nights[i], nights[j] = nights[j], nights[i] })
	switch {
	case raceEnabled:
		nights = nights[:2]
	case short:
		nights = nights[:4]
	}
	w.write(len(nights), short)
	w.begin()
	for i, kind := range nights {
		if !w.night(i, kind) {
			w.Logf("a file did not grow for %s: the week is played anew", w.stall)
			return false
		}
	}
	w.quiet()
	w.Logf("%d sheets, %d processes, %d kills, %d notifications", len(w.arrived), w.processes, w.kills, len(w.notices()))
	return true
}

// stableFor is how long a file must not have changed to count as complete.
const stableFor = 300 * time.Millisecond

// nightKind is what is special of a night.
type nightKind string

// The kinds of nights: a week has one of each.
const (
	nightKilled      nightKind = "killed"
	nightRebooted    nightKind = "killed and rebooted"
	nightStopped     nightKind = "stopped in good order"
	nightOverlap     nightKind = "started twice"
	nightWatched     nightKind = "watched, and killed"
	nightOutage      nightKind = "the service is down"
	nightCredentials nightKind = "credentials expired"
	nightDisk        nightKind = "disk full"
)

var nightKinds = []nightKind{nightKilled, nightRebooted, nightStopped, nightOverlap, nightWatched, nightOutage, nightCredentials, nightDisk}

// week is a host with an inbox, a simulated service in a process of its own, and one who is told.
type week struct {
	*testing.T
	*site
	rnd      *rand.Rand
	desk     *desk
	host     string // all that is the host's own: its disk
	mounted  bool
	receiver *process
	hook     string // the receiver's URL
	flags    []string
	// coming are the sheets of each night; arrived those that came.
	coming  [][]*arriving
	arrived []*arriving
	// kills are those so far: a notification may come twice for each.
	kills, processes int
	// doubtful: a disk was full, and who was told could not be kept.
	doubtful int
	// failing has the cause of each process that could not begin a sheet, or broke off.
	failing []string
	said    strings.Builder
	stall   time.Duration // the longest time that a growing file did not grow
	env     []string      // of this night
}

// newWeek is a week whose chances are the seed's. The instants of kills are drawn too, and depend on the machine.
func newWeek(t *testing.T, seed uint64) *week {
	t.Helper()
	w := &week{T: t, rnd: rand.New(rand.NewPCG(seed, 7))}
	w.desk = newDesk(w.rnd)
	return w
}

// write writes the sheets of all nights.
func (w *week) write(nights int, short bool) {
	var good []*arriving
	for n := range nights {
		kinds := []int{sheetGood, n % sheetKinds}
		if !short || n%2 == 0 {
			kinds = append(kinds, sheetGood, sheetBook, w.rnd.IntN(sheetKinds))
		}
		var tonight, now []*arriving
		for _, k := range kinds {
			a := w.desk.sheet(k)
			if tonight = append(tonight, a); k == sheetGood {
				now = append(now, a)
			}
		}
		if len(good) > 0 && n%2 == 1 {
			tonight = append(tonight, w.desk.repeat(good[w.rnd.IntN(len(good))]))
		}
		if len(good) > 0 && n%3 == 2 {
			tonight = append(tonight, w.desk.unchanged(good[w.rnd.IntN(len(good))]))
			good = nil // no other sheet of the same bytes
		}
		good = append(good, now...)
		w.rnd.Shuffle(len(tonight), func(i, j int) { tonight[i], tonight[j] = tonight[j], tonight[i] })
		w.coming = append(w.coming, tonight)
	}
}

// nightConfig is the host's configuration.
const nightConfig = `default-profile: nightly
profiles:
  nightly:
    max-adds: 6
    max-new-locations: 1
    missing-extensions: defer
    notifications:
      webhooks: [{name: operators, url: {env: NIGHT_URL}, secret: {env: NIGHT_SECRET}}]
`

// begin starts the service and the receiver, and makes the host.
func (w *week) begin() {
	w.Helper()
	account, err := w.desk.account.Encode()
	w.must(err)
	dir := w.TempDir()
	w.site, err = newSite(w.Context(), dir, account, "--state", filepath.Join(dir, "account.state"))
	w.must(err)
	w.Cleanup(func() { w.close() })
	receiver, err := exec.LookPath(receiverProgram)
	w.must(err)
	w.receiver, err = startCaught(exec.CommandContext(w.Context(), receiver, w.path("told.jsonl"), w.path("hook")))
	w.must(err)
	w.Cleanup(w.receiver.kill)
	w.must(w.receiver.until(func() bool {
		text, err := os.ReadFile(w.path("hook"))
		w.hook = strings.TrimSpace(string(text))
		return err == nil
	}))
	w.host = w.path("host")
	w.must(os.Mkdir(w.host, 0o700))
	w.mount()
	for _, name := range []string{"inbox", "tmp"} {
		w.must(os.Mkdir(filepath.Join(w.host, name), 0o700))
	}
	w.must(os.WriteFile(w.path("config.yaml"), []byte(nightConfig), 0o600))
	w.flags = append(w.served("inbox", w.box(), "--once", "--stable-for", stableFor.String(), "--bulk-size", "2", "--log-level", "debug",
		"--lock-timeout", "20s", "--retry-for", "20m"), crashWaits...)
}

// mount makes the host's disk a small file system, where that is wished for and allowed.
func (w *week) mount() {
	if os.Getenv("PROVISION_TMPFS") == "" || os.Getuid() != 0 {
		return
	}
	out, err := exec.CommandContext(w.Context(), "mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", w.host).CombinedOutput()
	if err != nil {
		w.Logf("no file system can be mounted here: %s", out)
		return
	}
	w.mounted = true
	// Detached, as a process that is just being started may hold a file of this one's.
	const detach = 2
	w.Cleanup(func() { w.must(syscall.Unmount(w.host, detach)) })
}

func (w *week) box() string { return filepath.Join(w.host, "inbox") }

func (w *week) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// command is the timer's command, with the host's folders.
func (w *week) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	w.environ(cmd)
	cmd.Env = append(cmd.Env, "PROVISION_STATE_DIR="+filepath.Join(w.host, "state"), "PROVISION_RUNS_DIR="+filepath.Join(w.host, "runs"),
		"PROVISION_CONFIG="+w.path("config.yaml"), "TMPDIR="+filepath.Join(w.host, "tmp"), "RC_APP_CLIENT_SECRET="+nightClient, "RC_USER_JWT="+nightJWT,
		"NIGHT_URL="+w.hook, "NIGHT_SECRET="+receiverSecret)
	cmd.Env = append(cmd.Env, w.env...)
	return cmd
}

// timer starts the program as a timer does.
func (w *week) timer() *process {
	w.Helper()
	return w.program(w.flags)
}

// watching starts the program as one that goes on until it is told to stop.
func (w *week) watching() *process {
	w.Helper()
	flags := slices.Clone(w.flags)
	flags[slices.Index(flags, "--once")] = "--watch"
	return w.program(append(flags, "--interval", "100ms"))
}

func (w *week) program(flags []string) *process {
	w.Helper()
	p, err := startCaught(w.command(w.Context(), w.binary, flags...))
	w.must(err)
	w.processes++
	return p
}

// ends waits for a process's end and looks at its code and its last line.
func (w *week) ends(p *process, codes ...int) (code int) {
	w.Helper()
	w.must(p.wait())
	w.said.WriteString(p.text())
	code = p.code()
	if !slices.Contains(codes, code) {
		w.Fatalf("exit code %d, want one of %v: %s", code, codes, p.text())
	}
	lines := strings.Split(strings.TrimSpace(p.stderr.String()), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, fmt.Sprintf(`"exit_code":%d`, code)) || !strings.Contains(last, `"inbox ended"`) {
		w.Errorf("exit code %d, and the last line is %s", code, last)
	}
	return code
}

// night lives through one; false: it can't be judged.
func (w *week) night(n int, kind nightKind) bool {
	w.Helper()
	sheets := w.coming[n]
	w.arrived = append(w.arrived, sheets...)
	early := w.rnd.IntN(len(sheets) + 1)
	if kind == nightDisk {
		early = len(sheets) // nobody can deliver to a full disk
	}
	w.deliver(sheets[:early])
	late := make(chan error, 1)
	courier := rand.New(rand.NewPCG(w.rnd.Uint64(), 1))
	go func() { late <- w.deliverBeside(courier, sheets[early:]) }()
	w.disturb(kind)
	w.must(<-late)
	if w.stall >= stableFor {
		return false
	}
	w.finish()
	w.judge(fmt.Sprintf("night %d, %s", n, kind))
	return true
}

// finish starts the program, undisturbed, until nothing is left: the nights after.
func (w *week) finish() {
	w.Helper()
	for range 4 {
		w.ends(w.timer(), goodCodes...)
		entries, err := os.ReadDir(w.box())
		w.must(err)
		if !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !e.IsDir() }) {
			return
		}
	}
}

// quiet: where nothing arrives, nothing is done.
func (w *week) quiet() {
	w.Helper()
	before := len(w.notices())
	w.ends(w.timer(), 0)
	if n := len(w.notices()) - before; n > 0 {
		w.Errorf("people were told of %d events of an empty inbox", n)
	}
	w.judge("after the week")
	w.secrets()
}
