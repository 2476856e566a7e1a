package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"

	"provision/cmd/provision/inbox"
	"provision/cmd/provision/unattended"
	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
	"provision/plan/sheet"
)

// inboxCarrier carries out the sheets of an inbox as "run --unattended" does.
type inboxCarrier struct {
	app *app
	o   runOptions
}

var _ inbox.Carrier = (*inboxCarrier)(nil)

// newInboxCarrier makes one that writes no plans and reports to stdout: they
// stand in the run's folder and beside the sheet.
func newInboxCarrier(a *app, o runOptions) *inboxCarrier {
	silent := *a
	silent.stdout = io.Discard
	return &inboxCarrier{app: &silent, o: o}
}

// Begun looks for the run whose plan names the sheet's path, the newest first.
func (c *inboxCarrier) Begun(_ context.Context, s inbox.Sheet) (string, error) {
	st, err := openState(c.app.stateDir, c.app.env)
	if err != nil {
		return "", err
	}
	runs, err := listRuns(c.app.runsDir, st)
	if err != nil {
		return "", err
	}
	for _, r := range slices.Backward(runs) {
		data, err := os.ReadFile(r.plan())
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("look for the sheet's run: %w", err)
		}
		if bytes.Contains(data, []byte(s.ID)) {
			return r.dir, nil
		}
	}
	return "", nil
}

// Carry plans the sheet and applies it, after what is open before.
func (c *inboxCarrier) Carry(ctx context.Context, s inbox.Sheet) inbox.End {
	return c.conduct(ctx, s, func(n *night) unattended.Steps { return n })
}

// GoOn goes on with the run if it is open, and then looks how it ended.
func (c *inboxCarrier) GoOn(ctx context.Context, s inbox.Sheet, run string) inbox.End {
	return c.conduct(ctx, s, func(n *night) unattended.Steps { return &rejoined{night: n, run: run} })
}

// rejoined are the steps of a sheet whose run was begun before: the run is gone
// on with as what is open, and in the place of a new one its end is read.
type rejoined struct {
	*night
	run string
}

// OpenRuns lists the run also where its process died before the index knew it:
// nothing was sent then, and it is begun by going on. That holds for one that
// needs no change, too: nobody was told of it.
func (r *rejoined) OpenRuns(ctx context.Context) ([]string, unattended.Ended) {
	runs, e := r.night.OpenRuns(ctx)
	if e.Code != exitOK {
		return runs, e
	}
	run, _, state, err := r.app.findRun(r.run)
	if err != nil {
		return nil, r.app.endedOf(err, &ended{})
	}
	st, err := openState(r.app.stateDir, r.app.env)
	if err != nil {
		return nil, r.app.endedOf(err, &ended{})
	}
	_, known, err := st.entryOf(run)
	if err != nil {
		return nil, r.app.endedOf(err, &ended{})
	}
	if !known && state.Exit != journal.ExitAbandoned {
		runs = append(runs, run.dir)
	}
	return runs, e
}

// Run reads how the run ended.
func (r *rejoined) Run(context.Context) unattended.Ended {
	e := &ended{}
	r.last = e
	run, p, state, err := r.app.findRun(r.run)
	if err != nil {
		return r.app.endedOf(err, e)
	}
	e.run, e.report = run, report.Build(p, state, report.Options{Run: run.id})
	if err = reportVerdict(e.report); !e.report.Closed {
		e.left = len(unsettled(p, state))
	}
	if e.left == 0 {
		r.app.sealLater(run, e.report.Emergency.Pending) // its process may have died before
	}
	return r.app.endedOf(err, e)
}

func (c *inboxCarrier) conduct(ctx context.Context, s inbox.Sheet, steps func(*night) unattended.Steps) inbox.End {
	o, last := c.o, (*night)(nil)
	if p := c.app.page(); p != nil {
		p.Working(true)
		defer p.Working(false)
	}
	o.sheets = []string{s.Path}
	r, err := c.app.conductBy(ctx, o, func(n *night) unattended.Steps {
		last = n
		return steps(n)
	})
	if err != nil {
		return inbox.End{Place: inbox.Stay, Outcome: string(unattended.NotStarted), ExitCode: codeOf(err), Reason: oneLine(err.Error()), Next: strings.Join(hintsOf(err), "; ")}
	}
	e := &ended{}
	if last.last != nil {
		e = last.last
	}
	end := inbox.End{
		Place: placeOf(r, e), Outcome: string(r.Outcome), ExitCode: r.ExitCode, Run: r.Run, Folder: r.Folder,
		Reason: r.Reason, Next: r.Next, Changes: r.Changes, Rows: r.Rows,
	}
	if r.Err != nil && codeOf(r.Err) == r.ExitCode {
		end.Reason = errorText(r.Err)
	}
	if e.report != nil {
		end.Unconfirmed = len(e.report.Concerns())
	}
	if end.Place == inbox.Held && e.unread {
		end.Outcome, end.ExitCode = string(unattended.SheetErrors), exitSheet
	}
	// The path is only for now.
	end.Reason, end.Next = strings.ReplaceAll(end.Reason, s.Path, s.Name), strings.ReplaceAll(end.Next, s.Path, s.Name)
	switch {
	case end.Place == inbox.Held && e.byGuards:
		end.Next += ` to "provision run" of this sheet, by hand; or mend it and put it into the inbox again`
	case end.Place == inbox.Held:
		end.Next = cmp.Or(end.Next, "mend the sheet") + "; then put it into the inbox again"
	}
	c.addPapers(ctx, s, e, &end)
	return end
}

// placeOf is where a sheet goes. What is wrong with the account, the service or
// an earlier run is no fault of the sheet: it stays.
func placeOf(r nightResult, e *ended) inbox.Place {
	code := codeOf(r.Err)
	switch {
	case r.Stuck, r.Run != "" && e.left > 0:
		return inbox.Stay
	case code == exitOK && r.Run != "":
		return inbox.Done
	case r.Run != "" && (code == exitPartial || code == exitStale):
		return inbox.Partial
	case r.Run == "" && (code == exitSheet || e.refused != nil):
		return inbox.Held
	case e.unread && code == exitError && !ofMachine(r.Err):
		return inbox.Held
	}
	return inbox.Stay
}

// ofMachine reports whether a file could not be read for want of room or memory;
// a limit on the size of files (EFBIG) is met where a workbook is unpacked.
func ofMachine(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.EROFS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// addPapers makes what is put beside the sheet. That a paper can't be made keeps
// no sheet from its place.
func (c *inboxCarrier) addPapers(ctx context.Context, s inbox.Sheet, e *ended, end *inbox.End) {
	var errs []error
	add := func(suffix string, write func(io.Writer) error) {
		var buf bytes.Buffer
		if err := write(&buf); err != nil {
			errs = append(errs, fmt.Errorf("make %s: %w", suffix, err))
			return
		}
		end.Papers = append(end.Papers, inbox.Paper{Suffix: suffix, Data: buf.Bytes()})
	}
	switch {
	case end.Place == inbox.Held && e.refused != nil:
		add("plan.html", func(w io.Writer) error { return report.WritePlanHTML(w, e.page) })
		if len(e.refused.Errors) > 0 {
			add("marked"+bookEnding(s.Name), func(w io.Writer) error { return c.mark(ctx, w, s, e.refused) })
		}
	case end.Place == inbox.Partial && e.report != nil:
		p, state, err := loadRun(e.run)
		if err != nil {
			errs = append(errs, err)
			break
		}
		add("report.html", resultFiles{run: e.run, plan: p, state: state, report: e.report}.result().WriteHTML)
		format := splitFormat(p)
		for _, part := range report.Split(p, e.report, sheet.ColumnOf) {
			add(part.Name+"."+format, func(w io.Writer) error { return sheet.WriteSheet(w, format, part.Header, part.Rows) })
		}
	}
	if err := errors.Join(errs...); err != nil {
		c.app.log.Warn().Err(err).Str("sheet", s.Name).Msg("a paper is missing beside the sheet")
	}
}

// mark writes the sheet as a workbook with its errors marked.
func (c *inboxCarrier) mark(ctx context.Context, w io.Writer, s inbox.Sheet, p *plan.Plan) error {
	_, err := sheet.Annotate(ctx, w, s.Path, c.o.plan.sheets.options(), &plan.Desired{Errors: p.Errors, Warnings: p.Warnings})
	return err
}
