package main

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"provision/cmd/provision/retain"
)

// forgetGone takes a closed run whose folder is gone off the index when it ended
// long enough ago, as nothing else of it is left to be removed. One that was open
// is left: what it did to the account nobody can tell. False: the run is not
// gone, or the index does not know it.
func (st stateFolder) forgetGone(r runFolder, policy retain.Policy, dryRun bool, now time.Time) (one prunedRun, gone bool, err error) {
	if _, err := os.Lstat(r.dir); !errors.Is(err, fs.ErrNotExist) || r.place().Sealed() {
		return prunedRun{}, false, nil
	}
	e, known, err := st.entryOf(r)
	if err != nil || !known {
		return prunedRun{}, false, err
	}
	one = prunedRun{Run: r.id, Folder: r.dir, Action: retain.Leave, Ended: e.Closed}
	if e.Closed.IsZero() {
		one.Why = "its folder is gone, and " + goneOpen(st, r.id)
		return one, true, nil
	}
	d := policy.Decide(retain.Candidate{Run: r.place(), Ended: e.Closed, Redacted: true}, now)
	one.Why = "its folder is gone; " + d.Why
	if d.Action != retain.Remove {
		return one, true, nil
	}
	one.Action = d.Action
	if dryRun {
		return one, true, nil
	}
	if err := st.forgetClosed(r.id); err != nil {
		one.Action, one.Why = actionFailed, oneLine(err.Error())
		return one, true, err
	}
	return one, true, nil
}

// goneOpen says what to do about an open run whose folder is gone.
func goneOpen(st stateFolder, id string) string {
	return "it was open; if it is known to be finished, delete " + st.entryPath(id)
}

// goneHint is how runs whose folder is gone leave the list.
const goneHint = `hint: "provision runs prune --keep AGE" takes runs whose folder is gone off this list, if they ended longer ago, as 1h`
