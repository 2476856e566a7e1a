//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// dies kills a process at an instant that nobody chose: after a line of its log, or after a while.
func (w *week) dies(p *process) (killed bool) {
	w.Helper()
	var err error
	if w.rnd.IntN(3) > 0 && slices.Contains(p.cmd.Args, "--once") {
		lines := 1 + w.rnd.IntN(60)
		err = p.until(func() bool { return strings.Count(p.stderr.String(), "\n") >= lines })
		if err == nil {
			err = p.after(time.Duration(w.rnd.IntN(20)) * time.Millisecond)
		}
	} else {
		err = p.after(time.Duration(w.rnd.IntN(1500)) * time.Millisecond)
	}
	if err != nil && !errors.Is(err, errEnded) {
		w.Fatal(err)
	}
	p.kill()
	if p.code() != -1 {
		w.ends(p, goodCodes...)
		return false
	}
	w.said.WriteString(p.text())
	w.kills++
	return true
}

// stopped tells a process to stop after a while. One that had not come so far that it hears of it is killed by that.
func (w *week) stopped(p *process, codes ...int) {
	w.Helper()
	if p.after(time.Duration(100+w.rnd.IntN(1200))*time.Millisecond) == nil {
		_ = p.signal(syscall.SIGTERM) // it may have ended by itself
	}
	w.must(p.wait())
	if p.code() == -1 && p.stderr.String() == "" {
		w.kills++
		return
	}
	w.ends(p, codes...)
}

// goodCodes are those of a night in which the program came to its end: all is done, or something is held or partial.
var goodCodes = []int{0, 3, 4, 6}

// disturb does what is special of a night.
func (w *week) disturb(kind nightKind) {
	w.Helper()
	switch kind {
	case nightKilled, nightRebooted:
		for range 4 {
			if w.dies(w.timer()) && kind == nightRebooted {
				w.reboot()
			}
		}
	case nightStopped:
		for range 2 {
			w.stopped(w.timer(), append([]int{int(exitInterrupted)}, goodCodes...)...)
		}
	case nightOverlap:
		first, second := w.timer(), w.timer()
		w.dies(first)
		w.ends(second, goodCodes...)
	case nightWatched:
		for range 3 {
			w.dies(w.watching())
		}
		w.stopped(w.watching(), int(exitOK), int(exitInterrupted))
	case nightOutage:
		w.outage()
	case nightCredentials:
		w.env = []string{"RC_USER_JWT=" + nightExpired}
		for range 2 {
			w.failed(w.ends(w.timer(), append([]int{int(exitError)}, goodCodes...)...), "credentials_expired")
		}
		w.env = nil
	case nightDisk:
		for range 3 {
			w.diskFull()
		}
	}
}

// failed notes that a process could not begin a sheet.
func (w *week) failed(code int, cause string) {
	if code == int(exitError) {
		w.failing = append(w.failing, cause)
	}
}

// reboot leaves what a machine leaves that lost its processes: a temporary folder that is empty, and locks whose pids are
// those of other processes by now.
func (w *week) reboot() {
	w.Helper()
	tmp := filepath.Join(w.host, "tmp")
	w.must(os.RemoveAll(tmp))
	w.must(os.Mkdir(tmp, 0o700))
	owners, err := filepath.Glob(filepath.Join(w.host, "state", "*", "*.owner"))
	w.must(err)
	for _, path := range append(owners, filepath.Join(w.box(), inboxLock+".owner")) {
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		w.must(err)
		_, rest, ok := strings.Cut(string(text), ",")
		if !ok {
			w.Fatalf("%s holds %q", path, text)
		}
		w.must(os.WriteFile(path, fmt.Appendf(nil, `{"pid":%d,%s`, os.Getpid(), rest), 0o600))
	}
}

// outage is an hour without the service, which may begin while a run is at work.
func (w *week) outage() {
	w.Helper()
	back := time.NewTimer(time.Hour / crashScale)
	p := w.timer()
	_ = p.after(time.Duration(w.rnd.IntN(1000)) * time.Millisecond) // it may have ended
	w.sim.kill()
	for {
		code := w.ends(p, append([]int{int(exitError)}, goodCodes...)...)
		w.failed(code, "network")
		select {
		case <-back.C:
			w.serve()
			return
		default:
			if code != int(exitError) { // all was done before, or nothing was there
				<-back.C
				w.serve()
				return
			}
		}
		p = w.timer()
	}
}

// serve starts the service again, where it was and as it was.
func (w *week) serve() {
	w.Helper()
	var err error
	w.must(os.Remove(w.path("addr")))
	w.sim, err = w.start(w.Context(), "sim", "--account", w.path("account.json"), "--state", w.path("account.state"), "--addr-file", w.path("addr"),
		"--time-scale", fmt.Sprint(crashScale), "--listen", strings.TrimPrefix(w.url, "http://"))
	w.must(err)
	w.must(w.sim.until(func() bool { return fileExists(w.path("addr")) }))
}

// diskFull is a process on a disk that has little room, or where no file may grow beyond a little.
func (w *week) diskFull() {
	w.Helper()
	w.doubtful++
	codes := append([]int{int(exitError)}, goodCodes...)
	if !w.mounted {
		script := fmt.Sprintf(`ulimit -f %d && exec "$@"`, w.rnd.IntN(96))
		p, err := startCaught(w.command(w.Context(), "sh", slices.Concat([]string{"-c", script, "sh", w.binary}, w.flags)...))
		w.must(err)
		w.processes++
		w.failed(w.ends(p, codes...), "disk")
		return
	}
	ballast := filepath.Join(w.host, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 17<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		w.Fatalf("filling the file system ended with %v", err)
	}
	info, err := os.Stat(ballast)
	w.must(err)
	w.must(os.Truncate(ballast, max(0, info.Size()-int64(w.rnd.IntN(100))<<12)))
	w.failed(w.ends(w.timer(), codes...), "disk")
	w.must(os.Remove(ballast))
}
