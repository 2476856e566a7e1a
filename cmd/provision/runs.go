package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

type runsOptions struct {
	run  string // empty: list all
	json bool
}

func newRunsCmd(a *app, run func(context.Context, *app, runsOptions) error) *cobra.Command {
	var o runsOptions
	cmd := &cobra.Command{
		Use:   "runs [RUN]",
		Short: "list runs, or show one",
		Long: `runs lists the runs of the runs folder and of the index in the state folder, with
how they stand; with RUN it shows one in detail.` + exitHelp(exitOK, exitError, exitRefused),
		Example: `  provision runs
  provision runs 20261124T160501Z --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.run = args[0]
			}
			return run(cmd.Context(), a, o)
		},
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

// runInfo is how a run stands.
type runInfo struct {
	Run     string    `json:"run"`
	Folder  string    `json:"folder"`
	Status  string    `json:"status"` // open, done, closed (with changes left), gone, unreadable
	Why     string    `json:"why,omitempty"`
	Server  string    `json:"server,omitempty"`
	Account string    `json:"account,omitempty"`
	Begun   time.Time `json:"begun,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	Exit    string    `json:"exit,omitempty"`
	Changes int       `json:"changes"`
	Left    int       `json:"left"`
}

func runRuns(_ context.Context, a *app, o runsOptions) error {
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return err
	}
	if o.run != "" {
		r, err := a.openRunFolder(a.runsDir, st, o.run)
		if err != nil {
			return err
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
	return writeRuns(a.stdout, infos)
}

func writeRuns(w io.Writer, infos []runInfo) error {
	if len(infos) == 0 {
		_, err := fmt.Fprintln(w, "no runs")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(t, "RUN\tACCOUNT\tCHANGES\tLEFT\tSTATUS\t")
	for _, i := range infos {
		status := i.Status
		if i.Why != "" {
			status += ": " + i.Why
		}
		_, e := fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%s\t\n", i.Run, i.Account, i.Changes, i.Left, status)
		err = errors.Join(err, e)
	}
	return errors.Join(err, t.Flush())
}

// inspectRun tells how a run stands; what cannot be read is part of the answer.
func inspectRun(st stateFolder, r runFolder) (runInfo, *plan.Plan, journal.State) {
	info := runInfo{Run: r.id, Folder: r.dir}
	entry, indexed, err := st.entryOf(r)
	if err == nil && indexed {
		info.Server, info.Account, info.Begun = entry.Server, entry.Account, entry.Begun
	}
	if _, err := os.Stat(r.dir); errors.Is(err, os.ErrNotExist) {
		info.Status = "gone"
		if indexed && entry.Closed.IsZero() {
			info.Why = "it was open; if it is known to be finished, delete " + st.entryPath(r.id)
		}
		return info, nil, journal.State{}
	}
	p, state, err := loadRun(r)
	if err != nil {
		info.Status, info.Why = "unreadable", oneLine(err.Error())
		return info, nil, journal.State{}
	}
	info.Account, info.Changes, info.Left = p.Account.ID, len(p.Changes), len(unsettled(p, state))
	info.Ended, info.Exit = state.Ended, state.Exit
	if state.Run != nil {
		info.Server, info.Begun = state.Run.Server, state.Begun
	}
	switch {
	case info.Left == 0:
		info.Status = "done"
	case indexed && !entry.Closed.IsZero():
		info.Status, info.Why = "closed", state.Exit
	case state.Exit == "":
		info.Status, info.Why = "open", "a process works on it, or was killed"
	default:
		info.Status, info.Why = "open", state.Exit
	}
	return info, p, state
}

func (a *app) showRun(st stateFolder, r runFolder, asJSON bool) error {
	info, p, state := inspectRun(st, r)
	if asJSON {
		return writeJSON(a.stdout, info)
	}
	w := a.stdout
	_, err := fmt.Fprintf(w, "run      %s\nfolder   %s\nserver   %s\naccount  %s\nbegun    %s\nstatus   %s\n",
		info.Run, info.Folder, info.Server, info.Account, info.Begun.Format(time.RFC3339), info.Status+colonIf(info.Why))
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
	return a.writeReportText(w, report.Build(p, state, report.Options{Run: r.id}))
}

func colonIf(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}
