package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"provision/cmd/provision/retain"
	"provision/executor/journal"
)

// idOf is the id of the run in a folder. The journal's first record names it,
// so that a copy under another name is known as the same run; without a journal
// it is the folder's name.
func idOf(dir string) string {
	name := filepath.Base(dir)
	f, err := os.Open(filepath.Join(dir, journal.FileName))
	if err != nil {
		if s, err := retain.ReadSummary(dir); err == nil && fitsPath(s.Run) {
			return s.Run
		}
		return name
	}
	defer func() { _ = f.Close() }()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	var first journal.Record
	if err != nil || json.Unmarshal(line, &first) != nil || first.Run == nil {
		return name
	}
	if fitsPath(first.Run.RunID) {
		return first.Run.RunID
	}
	return name
}

// fitsPath reports whether an id can become part of a path.
func fitsPath(id string) bool { return id != "" && id == filepath.Base(id) && id != ".." && id != "." }

// arg is how a person names the run to a command: by its id, or, where the
// folder has another name, by the folder.
func (r runFolder) arg() string {
	switch {
	case filepath.Base(r.dir) == r.id:
		return r.id
	case strings.ContainsAny(r.dir, " \t'\"\\$`"):
		return "'" + strings.ReplaceAll(r.dir, "'", `'\''`) + "'"
	}
	return r.dir
}

// resumeHint is the line that says how to go on.
func (r runFolder) resumeHint() string { return fmt.Sprintf("run \"provision resume %s\"", r.arg()) }

// refuseOlderCopy keeps a run from being gone on with in a folder that does not
// know all that was done: the one that the index names may know more, if it is
// still there. Two folders that went on without each other are refused both.
func (s stateFolder) refuseOlderCopy(e indexEntry, r runFolder) error {
	if _, err := os.Stat(e.Folder); e.Folder == r.dir || errors.Is(err, os.ErrNotExist) {
		return nil
	}
	other := runFolder{id: e.Run, dir: e.Folder}
	theirs, err := readRecords(other)
	if err != nil {
		return withHint(&failure{kind: kindRefused, err: fmt.Errorf("run %s lies in %s too, where it cannot be read: %w", r.id, other.dir, err)},
			"if this folder is the one that counts, move the other away")
	}
	ours, err := readRecords(r)
	switch {
	case err != nil:
		return err
	case continues(ours, theirs):
		return nil
	case continues(theirs, ours):
		return refusedf(other.resumeHint(),
			"run %s goes on in %s, which knows more than this copy", r.id, other.dir)
	}
	return refusedf("find out which one counts, and move the other away",
		"run %s was gone on with both in %s and in %s: neither knows what the other did", r.id, other.dir, r.dir)
}

// readRecords reads a run's journal; one that is not there is empty.
func readRecords(r runFolder) ([]journal.Record, error) {
	records, err := journal.Read(r.journal())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return records, err
}

// continues reports whether a journal begins with all of another: the chained
// checksum of a record stands for all records up to it.
func continues(whole, begin []journal.Record) bool {
	n := len(begin)
	return n == 0 || n <= len(whole) && whole[n-1].Sum == begin[n-1].Sum
}
