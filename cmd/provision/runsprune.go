package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"provision/cmd/provision/retain"
	"provision/executor/journal"
	"provision/plan"
)

type pruneOptions struct {
	policy retain.Policy
	dryRun bool
	json   bool
}

func newRunsPruneCmd(a *app, run func(context.Context, *app, pruneOptions) error) *cobra.Command {
	var o pruneOptions
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "remove or redact runs that are old",
		Long: `prune removes the folders of runs that ended longer ago than --keep, from the runs
folder, from wherever the index of the state folder knows them, and from that index. With
--redact-after, runs that ended longer ago than that lose plan, sheets, journal and reports;
a summary and reports with tokens for persons, numbers and places stay. Such a run can't be
undone, verified or reported anew.

The time is that of the run's end in its journal. A run is left alone if it is open, if
another process works on a run of its account, or if its journal can't be read; so is
whatever is no run's folder. Of a closed run whose folder is gone the index forgets what
it knows, if the run ended longer ago than --keep. What a kill cut short the next prune finishes.` + exitHelp(exitOK, exitError),
		Example: `  provision runs prune --keep 90d --dry-run
  provision runs prune --keep 90d --redact-after 30d
  provision runs prune --redact-after 4w --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), a, o) },
	}
	flags := cmd.Flags()
	flags.Var(&o.policy.Keep, "keep", "remove runs that ended longer ago, as 90d, 12w or 36h")
	flags.Var(&o.policy.RedactAfter, "redact-after", "take the personal data out of runs that ended longer ago, as 30d")
	flags.BoolVar(&o.dryRun, "dry-run", false, "say what would be done, and do nothing")
	flags.BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

// prunedRun is what became of one run.
type prunedRun struct {
	Run    string        `json:"run"`
	Folder string        `json:"folder"`
	Action retain.Action `json:"action"` // left, removed, redacted, failed
	Why    string        `json:"why"`
	Ended  time.Time     `json:"ended,omitzero"`
}

// actionFailed is the action of what could not be done.
const actionFailed retain.Action = "failed"

type pruneDocument struct {
	DryRun bool                  `json:"dry_run"`
	Counts map[retain.Action]int `json:"counts"`
	Runs   []prunedRun           `json:"runs"`
}

func runPrune(ctx context.Context, a *app, o pruneOptions) error {
	if err := o.policy.Check(); err != nil {
		return usagef("%w", err)
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return err
	}
	all, err := listRuns(a.runsDir, st)
	if err != nil {
		return err
	}
	doc := pruneDocument{DryRun: o.dryRun, Counts: map[retain.Action]int{}, Runs: []prunedRun{}}
	if !o.dryRun {
		if doc.Runs, err = a.finishTrash(st, all); err != nil {
			return err
		}
	}
	var errs []error
	for _, r := range all {
		one, gone, err := st.forgetGone(r, o.policy, o.dryRun, a.now())
		if !gone && err == nil {
			if _, err := os.Lstat(r.dir); err != nil && !r.place().Sealed() {
				continue // its removal was finished above, or it can't be looked at
			}
			one, err = a.pruneRun(ctx, st, r, o)
		}
		errs = append(errs, err)
		if one.Run == "" {
			continue // the index can't be read
		}
		doc.Runs = append(doc.Runs, one)
	}
	for _, r := range doc.Runs {
		doc.Counts[r.Action]++
	}
	if o.json {
		return errors.Join(append(errs, writeJSON(a.stdout, doc))...)
	}
	return errors.Join(append(errs, writePruned(a.stdout, doc))...)
}

// remover removes runs, and their entries in the index.
func (s stateFolder) remover() retain.Remover {
	return retain.Remover{FS: retain.OS{}, Forget: s.forgetClosed}
}

// forgetClosed drops a closed run whose folder is gone from the index.
func (s stateFolder) forgetClosed(id string) error {
	e, ok, err := s.entryOfID(id)
	if err != nil || !ok || fileExists(e.Folder) {
		return err
	}
	if e.Closed.IsZero() {
		return fmt.Errorf("its entry %s is not closed", s.entryPath(id))
	}
	if err := os.Remove(s.entryPath(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return journal.OS{}.SyncDir(filepath.Dir(s.entryPath(id)))
}

// finishTrash removes what removals that were cut short left, in all folders
// that hold runs.
func (a *app) finishTrash(st stateFolder, all []runFolder) ([]prunedRun, error) {
	abs, err := filepath.Abs(a.runsDir)
	if err != nil {
		return nil, fmt.Errorf("find runs folder: %w", err)
	}
	dirs := map[string]bool{abs: true}
	for _, r := range all {
		dirs[filepath.Dir(r.dir)] = true
	}
	done := []prunedRun{}
	var errs []error
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		ids, err := retain.Trash(dir)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, fmt.Errorf("look for what removals left: %w", err))
		}
		for _, id := range ids {
			if err := st.remover().Finish(dir, id); err != nil {
				errs = append(errs, err)
				continue
			}
			done = append(done, prunedRun{Run: id, Folder: filepath.Join(dir, id), Action: retain.Remove, Why: "begun before and not finished"})
		}
	}
	return done, errors.Join(errs...)
}

// pruneRun does to one run what the policy says. It is looked at again under
// the account's lock, as it may have changed until then.
func (a *app) pruneRun(ctx context.Context, st stateFolder, r runFolder, o pruneOptions) (prunedRun, error) {
	out := prunedRun{Run: r.id, Folder: r.dir}
	var info runInfo
	var p *plan.Plan
	var state journal.State
	decide := func() retain.Action {
		info, p, state = inspectRun(st, r)
		c := candidate(r, info, state)
		if path := undelivered(p); path != "" && c.Left == "" {
			c.Left = notDelivered(path)
		}
		d := o.policy.Decide(c, a.now())
		out.Action, out.Why, out.Ended = d.Action, d.Why, c.Ended
		return d.Action
	}
	action := decide()
	if !o.dryRun && retain.CutShort(r.place()) {
		err := a.holdRun(ctx, st, info, "runs prune", func() error { return retain.Sealer{FS: retain.OS{}}.Clean(r.place()) })
		if err != nil && !errors.Is(err, errLockHeld) {
			return out, err
		}
	}
	if action == retain.Leave {
		return out, nil
	}
	if o.dryRun {
		if who, ok := st.heldBy(lockAccount + lockName(info.Server, info.Account)); ok {
			out.Action, out.Why = retain.Leave, "another process works on a run of this account: "+who.String()
		}
		return out, nil
	}
	err := a.holdRun(ctx, st, info, "runs prune", func() error {
		switch decide() {
		case retain.Remove:
			if err := st.closeFor(r, a.now()); err != nil {
				return err
			}
			return st.remover().Remove(r.place())
		case retain.Redact:
			return a.redactRun(st, r, info, p, state)
		case retain.Leave:
		}
		return nil
	})
	switch {
	case errors.Is(err, errLockHeld):
		out.Action, out.Why = retain.Leave, oneLine(err.Error())
		return out, nil
	case err != nil:
		out.Action, out.Why = actionFailed, oneLine(err.Error())
	}
	return out, err
}

// candidate is a run as a policy looks at it.
func candidate(r runFolder, info runInfo, state journal.State) retain.Candidate {
	c := retain.Candidate{Run: r.place(), Ended: info.Ended, Sealed: info.Status == statusSealed, Redacted: info.Status == statusRedacted}
	c.Unclean = c.Redacted && retain.Unclean(r.dir)
	if c.Ended.IsZero() {
		c.Ended = state.Last // its last process was killed when all was done
	}
	link, err := os.Lstat(r.dir)
	switch {
	case err == nil && link.Mode()&os.ModeSymlink != 0:
		c.Left = "its folder is a link"
	case info.Status == statusOpen, info.Status == statusUnreadable:
		c.Left = info.status()
	case info.Server == "" || info.Account == "":
		c.Left = "nobody knows which account it is of"
	}
	return c
}

func writePruned(w io.Writer, doc pruneDocument) error {
	if len(doc.Runs) == 0 {
		_, err := fmt.Fprintln(w, "no runs")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var errs []error
	for _, r := range doc.Runs {
		action := string(r.Action)
		if doc.DryRun && r.Action != retain.Leave {
			action = "would be " + action
		}
		_, err := fmt.Fprintf(t, "%s\t%s\t%s\n", action, r.Run, r.Why)
		errs = append(errs, err)
	}
	return errors.Join(append(errs, t.Flush())...)
}
