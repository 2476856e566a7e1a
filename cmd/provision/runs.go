package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/watch"
	"provision/plan"
)

type runsOptions struct {
	run  string // empty: list all
	json bool

	follow   bool
	pause    bool
	goOn     bool
	stop     bool
	slower   float64
	slowerOn bool // --slower was given
}

// wish is what is wished of the process that works on the run; none if nothing
// is.
func (o *runsOptions) wish() (watch.Wish, error) {
	var all []watch.Wish
	for _, one := range []struct {
		on   bool
		wish watch.Wish
	}{
		{o.pause, watch.Wish{Kind: watch.Pause}}, {o.goOn, watch.Wish{Kind: watch.Continue}},
		{o.stop, watch.Wish{Kind: watch.Stop}}, {o.slowerOn, watch.Wish{Kind: watch.Slower, Share: o.slower}},
	} {
		if one.on {
			all = append(all, one.wish)
		}
	}
	switch {
	case len(all) > 1:
		return watch.Wish{}, usagef("--pause, --continue, --slower and --stop-after-current are given one at a time")
	case o.slowerOn && !(o.slower > 0 && o.slower <= 1):
		return watch.Wish{}, usagef("--slower %g is not between 0 and 1", o.slower)
	case (len(all) > 0 || o.follow) && o.run == "":
		return watch.Wish{}, usagef("name the run: provision runs RUN")
	case len(all) == 0:
		return watch.Wish{}, nil
	}
	return all[0], nil
}

func newRunsCmd(a *app, run func(context.Context, *app, runsOptions) error) *cobra.Command {
	var o runsOptions
	cmd := &cobra.Command{
		Use:   "runs [RUN]",
		Short: "list runs, or show one",
		Long: `runs lists the runs of the runs folder and of the index in the state folder, with
how they stand; with RUN it shows one in detail.

With --follow it shows how a run goes that another process works on, until it ends, and
then its result; with --json as a JSON line every second. Ctrl-C ends the showing, not
the run. The run's owner can steer it from there: --pause begins nothing new but the
emergency half of swaps already made, --continue ends that, --slower 0.5 uses that
share of the rate limits from now on (never more than the run's own --quota-share), and
--stop-after-current is the same as one Ctrl-C there.` + exitHelp(exitOK, exitError, exitRefused, exitPartial),
		Example: `  provision runs
  provision runs 20261124T160501Z --follow
  provision runs 20261124T160501Z --pause
  provision runs 20261124T160501Z --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.run = args[0]
			}
			o.slowerOn = cmd.Flags().Changed("slower")
			return run(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	flags.BoolVar(&o.follow, "follow", false, "show how a run goes until it ends")
	flags.BoolVar(&o.pause, "pause", false, "let the run begin nothing new")
	flags.BoolVar(&o.goOn, "continue", false, "let a paused run go on")
	flags.Float64Var(&o.slower, "slower", 1, "let the run use this share of the rate limits, as 0.5; 1 is as fast as it began")
	flags.BoolVar(&o.stop, "stop-after-current", false, "let the run land what is in flight, and end")
	cmd.AddCommand(newRunsPruneCmd(a, runPrune), newRunsExportCmd(a, runRunsExport), newRunsSealCmd(a, runSeal), newRunsUnsealCmd(a, runUnseal))
	return cmd
}

// runInfo is how a run stands.
type runInfo struct {
	Run     string    `json:"run"`
	Folder  string    `json:"folder"`
	Status  string    `json:"status"` // open, done, closed (with changes left), sealed, redacted, gone, unreadable
	Why     string    `json:"why,omitempty"`
	Server  string    `json:"server,omitempty"`
	Account string    `json:"account,omitempty"`
	Begun   time.Time `json:"begun,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	Exit    string    `json:"exit,omitempty"`
	Changes int       `json:"changes"`
	Left    int       `json:"left"`
	// Approval is who approved the plan; left out where nobody did.
	Approval *report.Approval `json:"approval,omitempty"`
}

func runRuns(ctx context.Context, a *app, o runsOptions) error {
	wish, err := o.wish()
	if err != nil {
		return err
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return err
	}
	if o.run != "" {
		r, err := a.lookForRun(a.runsDir, st, o.run)
		if err == nil && (wish.Kind != "" || o.follow || !r.place().Sealed()) {
			err = st.present(r)
		}
		if err != nil {
			return err
		}
		if wish.Kind != "" {
			if err := a.wish(ctx, st, r, wish); err != nil || !o.follow {
				return err
			}
		}
		if o.follow {
			return a.follow(ctx, st, r, o.json)
		}
		return a.showRun(st, r, o.json)
	}
	all, err := listRuns(a.runsDir, st)
	if err != nil {
		return err
	}
	infos := make([]runInfo, 0, len(all))
	for _, r := range all {
		info, _, _ := inspectRun(st, r)
		infos = append(infos, info)
	}
	if o.json {
		return writeJSON(a.stdout, infos)
	}
	if err := writeRuns(a.stdout, infos); err != nil {
		return err
	}
	if slices.ContainsFunc(infos, func(i runInfo) bool { return i.Status == statusGone && i.Why == "" }) {
		a.say(goneHint)
	}
	return nil
}

func writeRuns(w io.Writer, infos []runInfo) error {
	if len(infos) == 0 {
		_, err := fmt.Fprintln(w, "no runs")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(t, "RUN\tACCOUNT\tCHANGES\tLEFT\tSTATUS\t")
	for _, i := range infos {
		changes, left := strconv.Itoa(i.Changes), strconv.Itoa(i.Left)
		if i.Status == statusGone || i.Status == statusUnreadable || i.Status == statusSealed {
			changes, left = "-", "-"
		}
		_, e := fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t\n", i.Run, i.Account, changes, left, i.status())
		err = errors.Join(err, e)
	}
	return errors.Join(err, t.Flush())
}

// The statuses of runs.
const (
	statusOpen       = "open"
	statusDone       = "done"
	statusClosed     = "closed"
	statusGone       = "gone"
	statusUnreadable = "unreadable"
)

// status is how the run stands, for people.
func (i runInfo) status() string {
	switch {
	case i.Why == "":
		return i.Status
	case i.Status == statusDone:
		return i.Status + ", " + i.Why
	}
	return i.Status + ": " + i.Why
}

// inspectRun tells how a run stands; what cannot be read is part of the answer.
func inspectRun(st stateFolder, r runFolder) (runInfo, *plan.Plan, journal.State) {
	info := runInfo{Run: r.id, Folder: r.dir}
	entry, indexed, err := st.entryOf(r)
	if err == nil && indexed {
		info.Server, info.Account, info.Begun = entry.Server, entry.Account, entry.Begun
	}
	if info.resting(r, entry) {
		return info, nil, journal.State{}
	}
	if _, err := os.Stat(r.dir); errors.Is(err, os.ErrNotExist) {
		info.Status = statusGone
		if indexed && entry.Closed.IsZero() {
			info.Why = goneOpen(st, r.id)
		}
		return info, nil, journal.State{}
	}
	p, state, err := loadRun(r)
	if err != nil {
		info.Status, info.Why = statusUnreadable, oneLine(err.Error())
		return info, nil, journal.State{}
	}
	info.Account, info.Changes, info.Left = p.Account.ID, len(p.Changes), len(unsettled(p, state))
	info.Ended, info.Exit = state.Ended, state.Exit
	info.Approval = report.ApprovalOf(state.Notes)
	if state.Run != nil {
		info.Server, info.Begun = state.Run.Server, state.Begun
	}
	switch {
	case info.Left == 0:
		info.Status, info.Why = statusDone, partWords(report.Build(p, state, report.Options{Run: r.id}))
	case indexed && !entry.Closed.IsZero():
		info.Status, info.Why = statusClosed, state.Exit
	default:
		info.Status, info.Why = statusOpen, st.whyOpen(info, state)
	}
	return info, p, state
}

// whyOpen says whether a process works on an open run, which the account's lock
// tells, or how the last one ended.
func (s stateFolder) whyOpen(info runInfo, state journal.State) string {
	if who, ok := s.worksOn(info.Server, info.Account, info.Run); ok {
		return "in work: " + who.String()
	}
	host, err := os.Hostname()
	switch {
	case state.Exit != "":
		return state.Exit
	case state.Run == nil:
		return "killed before it began"
	case err == nil && state.Run.Host == host:
		return fmt.Sprintf("killed: its process, pid %d, is gone", state.Run.PID)
	}
	return fmt.Sprintf("pid %d on %s works on it, or was killed", state.Run.PID, state.Run.Host)
}

// worksOn is the process that works on a run, which the account's lock tells.
func (s stateFolder) worksOn(server, account, run string) (owner, bool) {
	who, ok := s.heldBy(lockAccount + lockName(server, account))
	return who, ok && who.Run == run
}

// partWords says what a finished run left over; empty if nothing.
func partWords(rep *report.Report) string {
	n := map[report.Status]int{}
	for status, changes := range rep.Changes {
		n[status] += changes
	}
	for i := range rep.Lines {
		if s := rep.Lines[i].Status; s == report.Invalid || s == report.Deferred {
			n[s]++ // such a row has no change
		}
	}
	var parts []string
	for _, status := range report.Statuses() {
		if n[status] > 0 && !status.Good() {
			parts = append(parts, fmt.Sprintf("%d %s", n[status], status))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "in part: " + strings.Join(parts, ", ")
}

func (a *app) showRun(st stateFolder, r runFolder, asJSON bool) error {
	info, p, state := inspectRun(st, r)
	if asJSON {
		return writeJSON(a.stdout, info)
	}
	w := a.stdout
	begun := "not known"
	if !info.Begun.IsZero() {
		begun = info.Begun.Format(time.RFC3339)
	}
	_, err := fmt.Fprintf(w, "run      %s\nfolder   %s\nserver   %s\naccount  %s\nbegun    %s\nstatus   %s\n",
		info.Run, info.Folder, cmp.Or(info.Server, "not known"), cmp.Or(info.Account, "not known"), begun, info.status())
	if err != nil || p == nil {
		return err
	}
	for _, n := range state.Notes {
		if n.Text != "" {
			if _, err := fmt.Fprintf(w, "note     %s: %s\n", n.Code, n.Text); err != nil {
				return err
			}
		}
	}
	_, inWork := st.worksOn(info.Server, info.Account, info.Run)
	return a.writeReportText(w, report.Build(p, state, report.Options{Run: r.id, InWork: inWork}))
}
