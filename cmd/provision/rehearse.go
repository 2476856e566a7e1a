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
	"provision/cmd/provision/scratch"
	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/result"
	"provision/executor/report/table"
	"provision/executor/report/wording"
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
	freeNumbers int // below 0: nobody knows
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
sell, nobody can read: the simulator's defaults, or --free-numbers, stand for them.` +
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
	flags.IntVar(&o.freeNumbers, "free-numbers", -1, "how many numbers the service has to sell, where you know; adds beyond them are foretold to fail (default: enough)")
	flags.BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	flags.StringVar(&o.html, "html", "", "write the predicted result as one HTML page that needs nothing else")
	flags.StringVarP(&o.out, "output", "o", "", "write the predicted result into this file: .html, .xlsx, .csv or .json")
	flags.BoolVar(&o.force, "force", false, "write over files that are there")
	return cmd
}

func runRehearse(ctx context.Context, a *app, o rehearseOptions) (err error) {
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
	account, err := a.copyAccount(working, o, p)
	if err != nil {
		return err
	}
	speed := account.speed(p, o.speed)
	scratch.Sweep()
	tmp, err := scratch.New()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tmp.Remove()) }()
	a.phase(fmt.Sprintf("rehearsing %s at %.0f times the service's time", count(len(p.Changes), "change"), speed))
	g := p.Options.Guards
	t := terms{skipBadRows: o.skipBadRows, bulkSize: p.Options.BulkSize, maxStale: g.MaxStale, guardsOff: g.Off}
	out, err := account.rehearse(working, p, tmp.Path, rehearsal.Options{Executor: o.exec.options(t, speed, nil), Speed: speed, Latency: account.latency, Limits: account.limits})
	if err != nil {
		return explainService(err)
	}
	return a.showRehearsal(p, out, speed, tmp.Path, o)
}

// copiedAccount is the account in memory, and how the service is.
type copiedAccount struct {
	copied  *rcsim.Account
	latency time.Duration // of a call, in service time
	limits  map[rcclient.Group]rcclient.Limit
	scale   float64 // of the service's time, where it is a simulator's
}

// speed is how fast to rehearse: as was asked for; as fast as the simulator's
// time runs that the plan is for, so that what the machine needs weighs the
// same; else by the plan's size.
func (c copiedAccount) speed(p *plan.Plan, asked float64) float64 {
	switch {
	case asked > 0:
		return asked
	case c.scale > 1:
		return c.scale
	}
	return rehearsal.Speed(p)
}

// rehearse carries the plan out. Where it is foretold what a simulator of the
// same speed will do, journal and state are kept on disk too, as the run's will
// be: at that speed their syncs are seconds.
func (c copiedAccount) rehearse(ctx context.Context, p *plan.Plan, tmp string, o rehearsal.Options) (out rehearsal.Outcome, err error) {
	if c.scale <= 1 || o.Speed != c.scale {
		return rehearsal.Run(ctx, c.copied, p, o)
	}
	j, err := journal.Create(filepath.Join(tmp, journal.FileName), journal.Options{})
	if err != nil {
		return out, fmt.Errorf("rehearse: %w", err)
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	o.Also, o.StateFile = j, filepath.Join(tmp, "account"+stateSuffix)
	return rehearsal.Run(ctx, c.copied, p, o)
}

// copyAccount reads the account, and how long the service takes for a call. The
// locks are given back before the rehearsal begins: it needs the service no more.
func (a *app) copyAccount(ctx context.Context, o rehearseOptions, p *plan.Plan) (c copiedAccount, err error) {
	s, err := a.connect(ctx, o.service, connectOptions{command: "rehearse", readOnly: true})
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if err := sameAccount(ctx, s, p); err != nil {
		return c, err
	}
	c.scale = s.server.scale
	if c.latency, err = rehearsal.Latency(ctx, s.client, c.scale); err != nil {
		return c, explainService(err)
	}
	a.phase("reading the account")
	c.copied, err = rehearsal.Copy(ctx, s.client, p)
	if err != nil {
		return c, explainService(err)
	}
	if o.freeNumbers >= 0 {
		c.copied.Settings.NumberPool.Size = &o.freeNumbers
	}
	c.limits = s.client.Limits()
	return c, nil
}

// showRehearsal writes what was foretold in all forms that were asked for.
func (a *app) showRehearsal(p *plan.Plan, out rehearsal.Outcome, speed float64, tmp string, o rehearseOptions) error {
	t := &traffic{client: out.Client, scale: rcclient.Scale(speed), note: func(r journal.Record) error {
		out.State.Notes = append(out.State.Notes, *r.Note)
		return nil
	}}
	t.tell()
	rep := report.Build(p, out.State, report.Options{})
	res := result.Build(p, out.State, rep, result.Options{Rehearsal: true})
	res.Seconds = out.Seconds
	rows := rehearsalTable(rep)
	forms := tableForms(rows, tmp)
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
		_, e := fmt.Fprintf(a.stdout, "  applying it would take about %s\n%s\n", wording.About(out.Seconds), rehearsed)
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
