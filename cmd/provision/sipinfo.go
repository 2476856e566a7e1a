package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"provision/cmd/provision/sip"
	"provision/executor/report"
	"provision/plan"
)

type sipInfoOptions struct {
	source  string // a run, or a sheet
	service serviceFlags
	plan    planFlags // of which it has those that say which phone a row means
	out     string
	force   bool
}

func newSIPInfoCmd(a *app, run func(context.Context, *app, sipInfoOptions) error) *cobra.Command {
	var o sipInfoOptions
	cmd := &cobra.Command{
		Use:   "sip-info RUN|SHEET -o FILE",
		Short: "write the SIP settings of the phones of a run or a sheet",
		Long: `sip-info reads the SIP settings of each row's phone, password included, and writes
them into a file that only you can read: .xlsx or .csv. They go nowhere else. The rows
are those of the sheet, with its row_id, extension and cell. Phones that the run
removed are listed without settings.

A reading that was stopped is gone on with by the same command: what was read lies in
FILE.part (mode 0600) until the file is complete. If other phones are meant by then, it
says so; --force begins anew.` +
			exitHelp(exitOK, exitError, exitSheet, exitStale, exitPartial, exitInterrupted),
		Example: `  provision sip-info 20261124T160501Z -o sip.csv
  provision sip-info onboarding.xlsx -o sip.xlsx`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.source = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	o.service.register(cmd)
	o.plan.registerMatching(cmd)
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "the file to write (mode 0600): .xlsx or .csv")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over a file that is there, and begin anew if the phones have changed since a stopped reading")
	return cmd
}

func runSIPInfo(ctx context.Context, a *app, o sipInfoOptions) (err error) {
	if o.out == "" || o.out == "-" {
		return usagef("-o FILE is missing: SIP passwords go into a file of mode 0600 only")
	}
	if err := sip.CheckForm(o.out); err != nil {
		return usagef("-o %s: %s", o.out, sip.ErrForm)
	}
	if err := errors.Join(o.plan.sheets.check(), refuseExisting(o.force, o.out)); err != nil {
		return err
	}
	stops := catchSignals(a.log, a.say, leave)
	defer stops.end()
	reading, cancel := stops.context(ctx)
	defer cancel()
	var s *session
	var rows []sip.Row
	if isSheet(o.source) {
		s, rows, err = a.sipRowsOfSheet(reading, o)
	} else {
		s, rows, err = a.sipRowsOfRun(reading, o)
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if err != nil {
		return err
	}
	account, err := s.client.AccountInfo(reading)
	if err != nil {
		return explainService(fmt.Errorf("read account: %w", err))
	}
	return a.makeSIP(reading, s, sip.Job{Account: string(account.ID), Rows: rows, Path: o.out, Now: a.now()}, o.force)
}

// isSheet tells a sheet from a run: a run is a folder or an id.
func isSheet(arg string) bool {
	info, err := os.Stat(arg)
	return err == nil && !info.IsDir()
}

func (a *app) sipRowsOfRun(ctx context.Context, o sipInfoOptions) (*session, []sip.Row, error) {
	r, p, state, err := a.findRun(o.source)
	if err != nil {
		return nil, nil, err
	}
	with := connectOptions{command: "sip-info", run: r.id, readOnly: true}
	if state.Run != nil {
		with.fallback, with.scale = state.Run.Server, state.Run.Scale
	}
	s, err := a.connect(ctx, o.service, with)
	if err != nil {
		return s, nil, err
	}
	if err := sameAccount(ctx, s, p); err != nil {
		return s, nil, err
	}
	rep := report.Build(p, state, report.Options{Run: r.id})
	var rows []sip.Row
	for i := range rep.Lines {
		l := &rep.Lines[i]
		rows = append(rows, sip.Row{ID: p.Stated(&p.Rows[i], "row_id"), Source: l.Source, Extension: l.Extension, Number: l.Number, Device: l.DeviceID, Removed: removedBy(l)})
	}
	return s, rows, nil
}

// removedBy reports whether the run took the row's phone away: nobody is meant
// to sign in with it.
func removedBy(l *report.Line) bool {
	for _, c := range l.Changes {
		if c.Kind == plan.KindRemove && (c.Status == report.Applied || c.Status == report.NoOp) {
			return true
		}
	}
	return false
}

func (a *app) sipRowsOfSheet(ctx context.Context, o sipInfoOptions) (*session, []sip.Row, error) {
	d, err := a.readSheets(ctx, []string{o.source}, &o.plan.sheets)
	if err != nil {
		return nil, nil, err
	}
	s, err := a.connect(ctx, o.service, connectOptions{command: "sip-info", readOnly: true})
	if err != nil {
		return s, nil, err
	}
	p, _, err := a.makePlan(ctx, s, d, &o.plan)
	if err != nil {
		return s, nil, err
	}
	if err := refuseBadRows(p, false); err != nil {
		return s, nil, err
	}
	return s, rowsOfPlan(p), nil
}

func rowsOfPlan(p *plan.Plan) []sip.Row {
	rows := make([]sip.Row, 0, len(p.Rows))
	for i := range p.Rows {
		r := &p.Rows[i]
		rows = append(rows, sip.Row{ID: p.Stated(r, "row_id"), Source: r.At.String(), Extension: r.ExtensionNumber(), Number: r.Claimed().Number, Device: string(r.Claimed().Device)})
	}
	return rows
}

// makeSIP makes the file. Rows without a phone are in it too, without settings;
// a phone that the service refuses is told, and makes the result partial.
func (a *app) makeSIP(ctx context.Context, s *session, job sip.Job, force bool) error {
	res, err := job.Run(ctx, s.client)
	if errors.Is(err, sip.ErrListChanged) && force {
		job.Anew = true
		res, err = job.Run(ctx, s.client)
	}
	var stopped *sip.StoppedError
	switch {
	case errors.As(err, &stopped) && ctx.Err() != nil:
		return &failure{kind: kindInterrupted, hint: goOn(job.Path), err: fmt.Errorf("interrupted: the SIP settings of %d of %s are read", stopped.Done, count(stopped.All, "phone"))}
	case errors.As(err, &stopped):
		return withHint(explainService(err), goOn(job.Path))
	case errors.Is(err, sip.ErrListChanged):
		return withHint(err, "begin anew with --force; what was read so far is thrown away")
	case err != nil:
		return err
	}
	if res.TakenOver > 0 {
		a.say(fmt.Sprintf("%s were read by an attempt that began at %s", count(res.TakenOver, "phone"), res.Begun.UTC().Format(time.RFC3339)))
	}
	a.say(fmt.Sprintf("SIP settings of %s in %s", count(res.WithSettings, "row"), job.Path))
	if res.Removed > 0 {
		a.say("without settings, as this run removed the phone: " + count(res.Removed, "row"))
	}
	if res.Missing > 0 {
		return &failure{kind: kindPartial, err: fmt.Errorf("without SIP settings: %s; see the column message of %s", count(res.Missing, "row"), job.Path)}
	}
	return nil
}

// goOn says how to go on with a reading that stopped.
func goOn(path string) string {
	return "go on with the same command; what was read is kept in " + sip.PartOf(path) + ", delete it if you don't"
}
