package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"provision/executor/report"
	"provision/plan"
	"provision/rcclient"
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
them as CSV into a file that only you can read. They go nowhere else. Phones that
the run removed are listed without settings.` +
			exitHelp(exitOK, exitError, exitSheet, exitStale, exitPartial, exitInterrupted),
		Example: `  provision sip-info 20261124T160501Z -o sip.csv
  provision sip-info onboarding.xlsx -o sip.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.source = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	o.service.register(cmd)
	o.plan.registerMatching(cmd)
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "the file to write (mode 0600)")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over a file that is there")
	return cmd
}

// sipRow is a row of a sheet and the phone that it means.
type sipRow struct {
	source, extension, number string
	device                    string
	removed                   bool
}

func runSIPInfo(ctx context.Context, a *app, o sipInfoOptions) (err error) {
	if o.out == "" || o.out == "-" {
		return usagef("-o FILE is missing: SIP passwords go into a file of mode 0600 only")
	}
	if err := errors.Join(o.plan.sheets.check(), refuseExisting(o.force, o.out)); err != nil {
		return err
	}
	stops := catchSignals(a.log, a.say, leave)
	defer stops.end()
	reading, cancel := stops.context(ctx)
	defer cancel()
	var s *session
	var rows []sipRow
	if isSheet(o.source) {
		s, rows, err = a.sipRowsOfSheet(reading, o)
	} else {
		s, rows, err = a.sipRowsOfRun(reading, o)
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if err != nil {
		return err
	}
	return a.writeSIP(reading, s, rows, o.out)
}

// isSheet tells a sheet from a run: a run is a folder or an id.
func isSheet(arg string) bool {
	info, err := os.Stat(arg)
	return err == nil && !info.IsDir()
}

func (a *app) sipRowsOfRun(ctx context.Context, o sipInfoOptions) (*session, []sipRow, error) {
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
	var rows []sipRow
	for i := range rep.Lines {
		l := &rep.Lines[i]
		rows = append(rows, sipRow{source: l.Source, extension: l.Extension, number: l.Number, device: l.DeviceID, removed: removedBy(l)})
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

func (a *app) sipRowsOfSheet(ctx context.Context, o sipInfoOptions) (*session, []sipRow, error) {
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

func rowsOfPlan(p *plan.Plan) []sipRow {
	var rows []sipRow
	for i := range p.Rows {
		r := &p.Rows[i]
		rows = append(rows, sipRow{source: r.At.String(), extension: r.ExtensionNumber(), number: r.Number, device: string(r.Device)})
	}
	return rows
}

// writeSIP reads the settings of each row's phone. Rows without a phone are in
// the file too, without settings; a reading that the service refuses is told,
// and makes the result partial.
func (a *app) writeSIP(ctx context.Context, s *session, rows []sipRow, path string) error {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	// Nothing is guarded against spreadsheet programs: a password has to arrive
	// as it is.
	write := func(fields ...string) error { return w.Write(fields) }
	if err := write("source", "extension", "device_id", "phone_number", "domain", "outbound_proxies",
		"user_name", "password", "authorization_id", "message"); err != nil {
		return fmt.Errorf("write SIP settings: %w", err)
	}
	missing, removed := 0, 0
	for _, r := range rows {
		info, message, err := sipOf(ctx, s, r)
		if err != nil {
			return err
		}
		switch {
		case r.removed:
			removed++
		case message != "":
			missing++
		}
		if err := write(r.source, r.extension, r.device, r.number, info.Domain, proxies(info),
			info.UserName, info.Password, info.AuthorizationID, message); err != nil {
			return fmt.Errorf("write SIP settings: %w", err)
		}
	}
	w.Flush()
	if err := errors.Join(w.Error(), writePrivate(path, buf.Bytes())); err != nil {
		return fmt.Errorf("write SIP settings: %w", err)
	}
	a.say(fmt.Sprintf("SIP settings of %s in %s", count(len(rows)-missing-removed, "row"), path))
	if removed > 0 {
		a.say("without settings, as this run removed the phone: " + count(removed, "row"))
	}
	if missing > 0 {
		return &failure{kind: kindPartial, err: fmt.Errorf("without SIP settings: %s; see the column message of %s", count(missing, "row"), path)}
	}
	return nil
}

// sipOf reads one row's settings; message says why there are none.
func sipOf(ctx context.Context, s *session, r sipRow) (info rcclient.SIPInfo, message string, err error) {
	if r.removed {
		return info, "removed by this run", nil
	}
	if r.device == "" {
		return info, "the row has no phone", nil
	}
	got, err := s.client.SIPInfo(ctx, rcclient.ID(r.device))
	var api *rcclient.APIError
	switch {
	case errors.As(err, &api) && api.Class != rcclient.ClassAbortRun && api.Class != rcclient.ClassServer:
		return info, api.Code + " " + api.Message, nil
	case err != nil:
		return info, "", explainService(fmt.Errorf("read SIP settings of device %s: %w", r.device, err))
	}
	return *got, "", nil
}

func proxies(info rcclient.SIPInfo) string {
	var all []string
	for _, p := range info.OutboundProxies {
		all = append(all, strings.TrimSpace(p.Region+" "+p.Proxy+" "+p.ProxyTLS))
	}
	return strings.Join(all, "; ")
}
