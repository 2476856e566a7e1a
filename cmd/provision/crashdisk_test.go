//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"

	"provision/executor/journal"
)

// A file that can't grow is a full disk: nothing is sent that is not journaled,
// whether it is full from the start, at the begin of a resume or in its middle.
func endDiskFull(e ending) {
	e.limited(0, e.apply()...)
	e.check(e.nothingDone())
	folder := e.killedLate()
	p := e.limited(e.journalBlocks(folder), e.resume(folder)...)
	e.ends(p, 1, `journal.*file too large`)
	e.ends(p, 1, resumeLine(folder))
	p = e.limited(e.journalBlocks(folder)+4, e.resume(folder)...)
	e.ends(p, 1, `journal.*file too large`)
	e.ends(p, 1, resumeLine(folder))
	e.journaledOnly(folder)
	e.resumes(folder)
}

// killedLate is a run that was killed when its journal was larger by room than all else that a resume writes, which is the
// slots of its calls most of all: seventy bytes for a call, so for thirty more. A journal that may grow by four blocks is full
// long before. So it is the journal that meets a limit of about its size.
func (e ending) killedLate() (folder string) {
	e.Helper()
	const blocks, room = 16, 2 << 10
	p, err := e.start(e.Context(), e.apply()...)
	e.check(err)
	e.check(p.until(func() bool { return len(e.journalText()) >= blocks*512 }))
	p.kill()
	folder = e.folder()
	for _, name := range e.written() {
		if info, err := os.Stat(name); err == nil && info.Size()+room > e.journalBlocks(folder)*512 {
			e.Fatalf("%s has %d bytes, which is much beside a journal of %d blocks", name, info.Size(), e.journalBlocks(folder))
		}
	}
	return folder
}

// written are the files that a run appends to or writes anew while it goes on, but its journal.
func (e ending) written() []string {
	e.Helper()
	var all []string
	for _, pattern := range []string{"state/locks/*", "state/runs/*", "runs/*/status.json"} {
		names, err := filepath.Glob(e.path(pattern))
		e.check(err)
		all = append(all, names...)
	}
	return all
}

// limited runs the program with files of at most so many blocks of 512 bytes,
// to its end, which must be exit code 1.
func (e ending) limited(blocks int64, args ...string) *process {
	e.Helper()
	script := fmt.Sprintf(`ulimit -f %d && exec "$@"`, blocks)
	p, err := e.startCmd(exec.CommandContext(e.Context(), "sh", slices.Concat([]string{"-c", script, "sh", e.binary}, args)...))
	e.check(err)
	e.ends(p, 1, "")
	return p
}

// journalBlocks is the size of a run's journal in whole blocks.
func (e ending) journalBlocks(folder string) int64 {
	e.Helper()
	info, err := os.Stat(filepath.Join(folder, journal.FileName))
	e.check(err)
	return info.Size() / 512
}

func (e ending) nothingDone() error {
	effects, err := e.effects(e.Context())
	if err == nil && len(effects) > 0 {
		err = fmt.Errorf("%d effects where nothing was to be done", len(effects))
	}
	return err
}

// A real full disk: a small file system that fills while the run goes on. It
// takes root to mount one, so it is for "make soak".
func endTmpfsFull(e ending) {
	if os.Getenv("PROVISION_TMPFS") == "" || os.Getuid() != 0 {
		e.Skip("PROVISION_TMPFS is not set, or this is not root")
	}
	e.check(os.Mkdir(e.runs(), 0o700))
	if out, err := exec.CommandContext(e.Context(), "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", e.runs()).CombinedOutput(); err != nil {
		e.Skipf("no file system can be mounted here: %s", out)
	}
	e.Cleanup(func() { e.check(syscall.Unmount(e.runs(), 0)) })
	p := e.begin(bulkText)
	ballast := filepath.Join(e.runs(), "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		e.Fatalf("filling the file system ended with %v", err)
	}
	e.ends(p, 1, `no space left on device`)
	folder := e.folder()
	e.ends(p, 1, resumeLine(folder))
	e.journaledOnly(folder)
	e.check(os.Remove(ballast))
	e.resumes(folder)
}

// journaledOnly checks that there is no effect whose intent is not in the
// journal.
func (e ending) journaledOnly(folder string) {
	e.Helper()
	p, err := readPlan(filepath.Join(folder, planFile))
	e.check(err)
	intended := map[string]int{}
	attempts := e.state(folder).Attempts
	for i := range p.Changes {
		if c := &p.Changes[i]; attempts[c.ID] > 0 {
			intended[e.judge.keyOf(c)] = e.judge.want[e.judge.keyOf(c)]
		}
	}
	effects, err := e.effects(e.Context())
	e.check(err)
	for _, effect := range effects {
		if key := e.judge.keyOfEffect(effect); intended[key] == 0 {
			e.Errorf("the effect %q has no intent in the journal", key)
		}
		intended[e.judge.keyOfEffect(effect)]--
	}
}
