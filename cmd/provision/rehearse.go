package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"provision/cmd/provision/rehearsal"
	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/result"
	"provision/executor/report/table"
	"provision/plan"
	"provision/rcclient"
	"provision/rcclient/rcsim"
)

type rehearseOptions struct {
	plan        string
	service     serviceFlags
	exec        execFlags
	skipBadRows bool
	speed       float64
	json        bool
	html        string
	out         string
	force       bool
}

// rehearsed is what stands over everything that a rehearsal shows.
const rehearsed = "REHEARSAL: nothing of this has happened"

func newRehearseCmd(a *app, run func(context.Context, *app, rehearseOptions) error) *cobra.Command {
	var o rehearseOptions
	cmd := &cobra.Command{
		Use:   "rehearse PLAN",
		Short: "carry a saved plan out on a copy of the account",
		Long: `rehearse reads the account as far as the plan is about it, puts it into a simulator in
memory, and carries the plan out there: what each row would come to, what would go
wrong, and how long it would take. The account itself is only read. How long the
service takes to judge addresses, which ones it refuses, and which numbers it has to
sell, nobody can read: the simulator's defaults stand for them.` +
			exitHelp(exitOK, exitError, exitSheet, exitStale, exitPartial, exitInterrupted),
		Example: `  provision rehearse plan.json
  provision rehearse plan.json --html rehearsal.html --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.plan = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	o.service.register(cmd)
	o.exec.register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&o.skipBadRows, "skip-bad-rows", false, "rehearse the good rows of a plan that has rows in error")
	flags.Float64Var(&o.speed, "speed", 0, "service seconds per second of the rehearsal (default: by the plan's size)")
	flags.BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	flags.StringVar(&o.html, "html", "", "write the predicted result as one HTML page that needs nothing else")
	flags.StringVarP(&o.out, "output", "o", "", "write the predicted result into this file: .html, .xlsx, .csv or .json")
	flags.BoolVar(&o.force, "force", false, "write over files that are there")
	return cmd
}

func runRehearse(ctx context.Context, a *app, o rehearseOptions) error {
	if err := errors.Join(o.exec.check(a.now()), refuseExisting(o.force, o.html, o.out)); err != nil {
		return err
	}
	if o.speed < 0 {
		return usagef("--speed %g is negative", o.speed)
	}
	p, err := readPlan(o.plan)
	if err != nil {
		return err
	}
	if err := refuseBadRows(p, o.skipBadRows); err != nil {
		return err
	}
	stops, end := a.catchSignals()
	defer end()
	working, cancel := stops.context(ctx)
	defer cancel()
	account, latency, limits, err := a.copyAccount(working, o, p)
	if err != nil {
		return err
	}
	speed := o.speed
	if speed == 0 {
		speed = rehearsal.Speed(p)
	}
	a.phase(fmt.Sprintf("rehearsing %s at %.0f times the service's time", count(len(p.Changes), "change"), speed))
	g := p.Options.Guards
	t := terms{skipBadRows: o.skipBadRows, bulkSize: p.Options.BulkSize, maxStale: g.MaxStale, guardsOff: g.Off}
	out, err := rehearsal.Run(working, account, p, rehearsal.Options{Executor: o.exec.options(t, speed, nil), Speed: speed, Latency: latency, Limits: limits})
	if err != nil {
		return explainService(err)
	}
	return a.showRehearsal(p, out, speed, o)
}

// leastLatency is the shortest time of a call that a rehearsal imitates.
const leastLatency = 50 * time.Millisecond

// copyAccount reads the account, and how long the service takes for a call. The
// locks are given back before the rehearsal begins: it needs the service no more.
func (a *app) copyAccount(ctx context.Context, o rehearseOptions, p *plan.Plan) (account *rcsim.Account, latency time.Duration, limits map[rcclient.Group]rcclient.Limit, err error) {
	s, err := a.connect(ctx, o.service, connectOptions{command: "rehearse", readOnly: true})
	if err != nil {
		return nil, 0, nil, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if err := sameAccount(ctx, s, p); err != nil {
		return nil, 0, nil, err
	}
	begun := a.now()
	if _, err := s.client.AccountInfo(ctx); err != nil {
		return nil, 0, nil, explainService(fmt.Errorf("read account: %w", err))
	}
	if latency = rcclient.Scale(s.server.scale).Service(a.now().Sub(begun)); latency < leastLatency {
		latency = 0
	}
	a.phase("reading the account")
	account, err = rehearsal.Copy(ctx, s.client, p)
	if err != nil {
		return nil, 0, nil, explainService(err)
	}
	return account, latency, s.client.Limits(), nil
}

// showRehearsal writes what was foretold in all forms that were asked for.
func (a *app) showRehearsal(p *plan.Plan, out rehearsal.Outcome, speed float64, o rehearseOptions) error {
	t := &traffic{client: out.Client, scale: rcclient.Scale(speed), note: func(r journal.Record) error {
		out.State.Notes = append(out.State.Notes, *r.Note)
		return nil
	}}
	t.tell()
	rep := report.Build(p, out.State, report.Options{})
	res := result.Build(p, out.State, rep, result.Options{Rehearsal: true})
	res.Seconds = out.Seconds
	rows := rehearsalTable(rep)
	forms := tableForms(rows, "")
	forms[".html"], forms[".json"] = res.WriteHTML, res.WriteJSON
	if o.html != "" {
		if err := a.writeAs(o.html, "rehearsal", o.force, map[string]func(io.Writer) error{strings.ToLower(filepath.Ext(o.html)): res.WriteHTML}); err != nil {
			return err
		}
	}
	if o.out != "" {
		if err := a.writeAs(o.out, "rehearsal", o.force, forms); err != nil {
			return err
		}
	}
	var err error
	if o.json {
		doc := report.RunJSON(rep, report.Traffic{Calls: callsOf(out.Stats), RateLimited: out.Stats.RateLimited, Seconds: out.Seconds})
		err = writeJSON(a.stdout, struct {
			Rehearsal bool `json:"rehearsal"`
			report.RunDocument
		}{true, doc})
	} else {
		_, err = fmt.Fprintf(a.stdout, "%s\n\n", rehearsed)
		err = errors.Join(err, a.writeReportText(a.stdout, rep))
		_, e := fmt.Fprintf(a.stdout, "  applying it would take about %s\n%s\n", rough(out.Seconds), rehearsed)
		err = errors.Join(err, e)
	}
	return errors.Join(err, reportVerdict(rep))
}

// rehearsalTable is the report's table; each row says that it is foretold.
func rehearsalTable(rep *report.Report) *table.Table {
	t := &table.Table{Title: rehearsed, Header: append([]string{"rehearsal"}, rep.Header()...)}
	part := table.Part{Name: "REHEARSAL"}
	for i := range rep.Lines {
		part.Rows = append(part.Rows, append([]string{"REHEARSAL"}, rep.Record(&rep.Lines[i])...))
	}
	for i := range rep.Others {
		part.Rows = append(part.Rows, append([]string{"REHEARSAL"}, rep.Record(&rep.Others[i])...))
	}
	t.Parts = []table.Part{part}
	return t
}

func callsOf(s rcclient.Stats) report.Calls {
	return report.Calls{Light: s.Calls[rcclient.GroupLight], Medium: s.Calls[rcclient.GroupMedium], Heavy: s.Calls[rcclient.GroupHeavy]}
}

// rough is a duration for people.
func rough(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	if d > time.Hour {
		return d.Round(time.Minute).String()
	}
	return d.Round(time.Second).String()
}
