package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// indexEntry is one run in the state folder's index, a file of its own.
type indexEntry struct {
	Run     string `json:"run"`
	Server  string `json:"server"` // server.key
	Account string `json:"account"`
	Folder  string `json:"folder"` // absolute
	Command string `json:"command"`
	// Scale is the time scale of a simulator.
	Scale float64   `json:"time_scale,omitempty"`
	Begun time.Time `json:"begun"`
	// Closed is when the run had nothing left to do; zero while it is open.
	Closed time.Time `json:"closed,omitzero"`
}

// newEntry is the entry of a run that this session works on.
func (s *session) newEntry(r runFolder, p *plan.Plan, command string, now time.Time) indexEntry {
	return indexEntry{
		Run: r.id, Server: s.server.key(), Account: p.Account.ID, Folder: r.dir, Command: command,
		Begun: now.UTC(), Scale: s.server.scale,
	}
}

func (s stateFolder) entryPath(run string) string {
	return filepath.Join(string(s), "runs", run+".json")
}

// putEntry writes an entry, durable before it returns.
func (s stateFolder) putEntry(e indexEntry) error {
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return fmt.Errorf("write index of runs: %w", err)
	}
	if err := writePrivate(s.entryPath(e.Run), append(data, '\n')); err != nil {
		return fmt.Errorf("write index of runs: %w", err)
	}
	return nil
}

// index reads all entries, by run.
func (s stateFolder) index() ([]indexEntry, error) {
	files, err := os.ReadDir(filepath.Join(string(s), "runs"))
	if err != nil {
		return nil, fmt.Errorf("read index of runs: %w", err)
	}
	var all []indexEntry
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".json") {
			continue
		}
		path := filepath.Join(string(s), "runs", f.Name())
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read index of runs: %w", err)
		}
		var e indexEntry
		if err := json.Unmarshal(data, &e); err != nil {
			return nil, withHint(fmt.Errorf("read index of runs: %s: %w", path, err), "delete that file if its run is known to be finished")
		}
		all = append(all, e)
	}
	return all, nil
}

// entryOf finds the entry of a run by its folder; a run that was made on another
// machine has none.
func (s stateFolder) entryOf(r runFolder) (indexEntry, bool, error) {
	return s.findEntry(func(e indexEntry) bool { return e.Folder == r.dir })
}

// entryOfID finds the entry of a run wherever its folder lies.
func (s stateFolder) entryOfID(id string) (indexEntry, bool, error) {
	return s.findEntry(func(e indexEntry) bool { return e.Run == id })
}

// findEntry finds the first entry that fits; false if none does.
func (s stateFolder) findEntry(fits func(indexEntry) bool) (indexEntry, bool, error) {
	all, err := s.index()
	if err != nil {
		return indexEntry{}, false, err
	}
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i], true, nil
	}
	return indexEntry{}, false, nil
}

// closeIfDone marks a run as closed if nothing is left to do.
func (s stateFolder) closeIfDone(e indexEntry, left int, now time.Time) error {
	if left > 0 || !e.Closed.IsZero() {
		return nil
	}
	e.Closed = now.UTC()
	return s.putEntry(e)
}

// refuseOpenRun is the rule of one open run per account: an error of kind
// refused if some run of it, other than the one of the id except, has changes
// left.
func (s stateFolder) refuseOpenRun(serverKey, account, except string) error {
	all, err := s.index()
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Server != serverKey || e.Account != account || e.Run == except || !e.Closed.IsZero() {
			continue
		}
		r := runFolder{id: e.Run, dir: e.Folder}
		if _, err := os.Stat(r.dir); errors.Is(err, os.ErrNotExist) {
			return goneError(s, r)
		}
		left, err := leftOf(r)
		if err != nil {
			return withHint(&failure{kind: kindRefused, err: fmt.Errorf("run %s is open and cannot be read: %w", e.Run, err)},
				fmt.Sprintf("look into %s; if the run is known to be finished, delete %s", r.dir, s.entryPath(e.Run)))
		}
		if left > 0 {
			return refusedf(r.resumeHint(),
				"run %s of this account is open: %s pending or in doubt", e.Run, changesAre(left))
		}
	}
	return nil
}

// missing is the error for a run that the index knows and that is not there.
func (s stateFolder) missing(r runFolder) error {
	e, ok, err := s.entryOf(r)
	switch {
	case err != nil:
		return err
	case ok && e.Closed.IsZero():
		return goneError(s, r)
	}
	return usagef("the folder of run %s is gone: %s", r.id, r.dir)
}

// goneError names an open run whose folder is gone: nobody knows any more what
// it did, so a person has to say that it does not matter.
func goneError(s stateFolder, r runFolder) error {
	return refusedf(fmt.Sprintf("bring the folder back, or, if the run is known to be finished, delete %s", s.entryPath(r.id)),
		"run %s is open and its folder %s is gone", r.id, r.dir)
}

// leftOf counts a run's changes that are still to be done or found out about.
func leftOf(r runFolder) (int, error) {
	p, state, err := loadRun(r)
	if err != nil {
		return 0, err
	}
	return len(unsettled(p, state)), nil
}

// unsettled are the ids of a plan's changes that keep its run open; those that
// --skip-bad-rows left out do not.
func unsettled(p *plan.Plan, state journal.State) []string {
	ids := make([]string, 0, len(p.Changes))
	skipped := termsOf(p, state).skipBadRows
	for i := range p.Changes {
		if !skipped || !p.Changes[i].Tainted {
			ids = append(ids, p.Changes[i].ID)
		}
	}
	return state.Unsettled(ids)
}

func sortedRuns(byDir map[string]runFolder) []runFolder {
	return slices.SortedFunc(maps.Values(byDir), func(x, y runFolder) int {
		return strings.Compare(x.id+x.dir, y.id+y.dir)
	})
}
