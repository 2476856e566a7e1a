package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"provision/cmd/provision/retain"
)

// The statuses of runs that are kept in another form than their folder.
const (
	statusSealed   = "sealed"
	statusRedacted = "redacted"
)

// place is the run for those who remove, redact, seal and pack.
func (r runFolder) place() retain.Run { return retain.Run{ID: r.id, Dir: r.dir} }

// resting tells how a run stands that is sealed or redacted; false if it is
// neither.
func (i *runInfo) resting(r runFolder, entry indexEntry) bool {
	if r.place().Sealed() {
		i.Status, i.Ended = statusSealed, entry.Closed
		i.Why = fmt.Sprintf("open it with \"provision runs unseal %s --identity FILE\"", r.arg())
		return true
	}
	s, err := retain.ReadSummary(r.dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return false
	case err != nil:
		i.Status, i.Why = statusUnreadable, oneLine(err.Error())
		return true
	}
	i.Status, i.Why = statusRedacted, "its plan and journal are gone since "+s.Redacted.Format(time.DateOnly)
	if retain.Unclean(r.dir) {
		i.Why = "not finished, old files are left: run \"provision runs prune\" again"
	}
	i.Server, i.Account, i.Begun, i.Ended, i.Exit = s.Server, s.Account, s.Begun, s.Ended, s.Exit
	for _, n := range s.Changes {
		i.Changes += n
	}
	return true
}

// sealedError says that a run is sealed, and how to open it.
func sealedError(r runFolder) error {
	return refusedf(fmt.Sprintf("open it with \"provision runs unseal %s --identity FILE\"", r.arg()),
		"run %s is sealed: it stands encrypted in %s", r.id, r.place().Archive())
}

// refuseRedacted is the error for what needs a run's plan or journal, if they
// are gone because it was redacted.
func refuseRedacted(r runFolder) error {
	s, err := retain.ReadSummary(r.dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return refusedf("what became of its rows stands in "+r.file(retain.ReportsDir),
		"run %s was redacted on %s: its plan and journal are gone, so it can't be undone, verified, resumed or reported anew", r.id, s.Redacted.Format(time.DateOnly))
}

// present refuses a run whose folder is not there: it is sealed, or gone.
func (s stateFolder) present(r runFolder) error {
	if r.place().Sealed() {
		return sealedError(r)
	}
	if _, err := os.Stat(r.dir); err != nil {
		return s.missing(r)
	}
	return nil
}

// runAt is the run that a path names: its folder, or its archive, or the folder
// that its archive was made of; false if the path names none of them.
func runAt(arg string) (runFolder, bool, error) {
	abs, err := filepath.Abs(arg)
	if err != nil {
		return runFolder{}, false, fmt.Errorf("find run: %w", err)
	}
	if info, err := os.Stat(abs); err == nil && info.IsDir() {
		r := runFolder{id: idOf(abs), dir: abs}
		if !r.isRun() {
			return r, true, withHint(usagef("%s is not a run's folder: it holds no %s", arg, planFile), `list runs with "provision runs"`)
		}
		return r, true, nil
	}
	dir := abs
	if filepath.Ext(abs) == filepath.Ext(retain.Suffix) {
		dir = abs[:len(abs)-min(len(abs), len(retain.Suffix))]
	}
	r := runFolder{id: filepath.Base(dir), dir: dir}
	return r, r.place().Sealed(), nil
}

// isRun reports whether the folder is a run's: with its plan, or redacted.
func (r runFolder) isRun() bool {
	return fileExists(r.plan()) || fileExists(r.file(retain.SummaryFile))
}

// sealedRuns are the sealed runs of a folder.
func sealedRuns(dir string) ([]runFolder, error) {
	found, err := retain.SealedIn(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	all := make([]runFolder, 0, len(found))
	for _, r := range found {
		all = append(all, runFolder{id: r.ID, dir: r.Dir})
	}
	return all, nil
}
