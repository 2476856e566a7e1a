package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"provision/cmd/provision/notify"
	"provision/executor"
	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/review"
	"provision/plan"
)

// carry is one process's work on a run: "run", "apply", "resume" and "verify"
// end here.
type carry struct {
	app     *app
	session *session
	run     runFolder
	plan    *plan.Plan
	prior   journal.State
	journal *journal.Journal
	stops   *interrupts
	json    bool
	abandon bool // close the run, whatever is left
	// unconfirmed counts the emergency addresses that are yet to be confirmed.
	unconfirmed int
	seconds     float64 // of service time, from the first call to the executor's end
	places      string  // --known-places
	ended       *ended  // gets how it ended; may be nil
	command     string
	told        *notify.Memory // who was told of the run; nil: not read yet
}

// ended is how the work on a run ended, for a command that works by several.
type ended struct {
	run      runFolder
	report   *report.Report
	left     int // changes that keep the run open
	document any // what --json would have written
	// refused is the plan that was refused, and page what a person needs to see why;
	// nil where none was.
	refused *plan.Plan
	page    *review.Review
	// byGuards: it was refused by guards, which flags can allow.
	byGuards bool
	// unread: the sheets could not be read.
	unread bool
}

// accountLock keeps other processes of this machine from working on a run of
// the account, also with another client id.
func (s *session) accountLock(ctx context.Context, account string, who owner, timeout time.Duration) error {
	l, err := s.state.acquire(ctx, lockAccount+lockName(s.server.key(), account), who, timeout)
	if err != nil {
		return err
	}
	s.account = l
	s.onClose(func(context.Context) error { return l.release() })
	return nil
}

// tell names the run that is worked on to whoever finds the locks held.
func (s *session) tell(who owner) error {
	return errors.Join(s.lock.tell(who), s.account.tell(who))
}

// sameAccount checks that the service's account is the plan's.
func sameAccount(ctx context.Context, s *session, p *plan.Plan) error {
	info, err := s.client.AccountInfo(ctx)
	if err != nil {
		return explainService(fmt.Errorf("read account: %w", err))
	}
	if got := string(info.ID); got != p.Account.ID {
		return stalef("use the server and the credentials of the account that the plan was made for, or plan anew",
			"the plan was made for account %s (%s), this is account %s (%s)", p.Account.ID, p.Account.MainNumber, got, info.MainNumber)
	}
	return nil
}

// begin makes the run's folder, its journal, its plan and its entry in the
// index: from here on the account has an open run. The plan comes after the
// journal, as it is what makes the folder a run: one that can be resumed knows
// its server and its terms.
func (a *app) begin(s *session, p *plan.Plan, command string, note journal.Note) (runFolder, *journal.Journal, error) {
	if err := plan.EncodeTo(io.Discard, p); err != nil { // for its digest
		return runFolder{}, nil, err
	}
	r, err := createRun(a.runsDir, a.now())
	if err != nil {
		return runFolder{}, nil, err
	}
	j, err := journal.Create(r.journal(), journal.Options{Run: a.runRecord(s, r, p)})
	if err != nil {
		return runFolder{}, nil, err
	}
	err = j.Append(journal.Record{Type: journal.TypeNote, Note: &note})
	if err == nil {
		err = r.keepPlan(p)
	}
	if err != nil {
		return runFolder{}, nil, errors.Join(err, j.Close())
	}
	a.keepSources(r, p)
	if err := s.state.putEntry(s.newEntry(r, p, command, a.now())); err != nil {
		return runFolder{}, nil, withHint(errors.Join(err, j.Close()), r.resumeHint())
	}
	return r, j, nil
}

// runRecord is what the journal keeps of this process.
func (a *app) runRecord(s *session, r runFolder, p *plan.Plan) *journal.Run {
	who := a.owner("", "")
	return &journal.Run{
		RunID: r.id, Program: version, PlanDigest: p.Digest, Account: p.Account.ID, Server: s.server.key(),
		PID: who.PID, Host: who.Host, Scale: s.server.scale,
	}
}

// act is what a carry does with the executor.
type act func(*executor.Executor, context.Context, *plan.Plan, journal.State) (executor.Summary, error)

// do carries the plan out, writes the reports and says what is left.
func (c *carry) do(ctx context.Context, opts executor.Options, what act) error {
	if c.ended != nil {
		c.ended.run = c.run
	}
	c.app.phase(c.begins())
	c.stops.onLeaving(func() {
		c.app.screen.last("provision: left at once; go on with \"provision resume " + c.run.arg() + "\"")
	})
	show := c.app.startProgress(c.plan, c.prior)
	e := executor.New(c.session.client, c.journal, c.app.observing().over(show), opts)
	show.follow(e)
	c.app.span.Begun(c.run.id, len(c.plan.Changes))
	begun := c.notifyStart(ctx)
	told, steered := c.watchTraffic(ctx), c.steer(show, e)
	_, runErr := what(e, ctx, c.plan, c.prior)
	c.seconds = c.session.serviceSeconds(c.app.now()) // what comes now is this machine's time, not the service's
	told()
	steered()
	show.end()
	end := journal.Record{Type: journal.TypeRun, Run: &journal.Run{Event: journal.EventEnd, Exit: c.exitWord(runErr)}}
	endErr := errors.Join(c.journal.Append(end), c.journal.Close())
	begun()
	err := errors.Join(c.explain(runErr), endErr, c.conclude(ctx, runErr))
	c.tellEnd(show, end.Run.Exit)
	return err
}

// begins says what there is to do.
func (c *carry) begins() string {
	all, left := len(c.plan.Changes), len(unsettled(c.plan, c.prior))
	switch {
	case all == 0:
		return fmt.Sprintf("run %s: nothing to do", c.run.id)
	case left == 0:
		return fmt.Sprintf("run %s: nothing to do, %s finished already", c.run.id, changesAre(all))
	case len(c.prior.Outcomes) == 0 && len(c.prior.Open) == 0:
		return fmt.Sprintf("run %s: %s", c.run.id, count(all, "change"))
	}
	return fmt.Sprintf("run %s: %d of %s left", c.run.id, left, count(all, "change"))
}

func (c *carry) exitWord(err error) string {
	switch {
	case errors.Is(err, executor.ErrTooStale):
		return journal.ExitAbandoned
	case c.stops.stopped():
		return journal.ExitInterrupted
	case err != nil:
		return journal.ExitFailed
	case c.abandon:
		return journal.ExitAbandoned
	}
	return journal.ExitDone
}

// explain says what an error of the run as a whole means.
func (c *carry) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, executor.ErrTooStale):
		return &failure{kind: kindStale, err: err, hint: "the account changed since the plan was made: plan anew, or allow more with --max-stale"}
	case c.stops.stopped() && errors.Is(err, context.Canceled):
		return nil // the verdict says so
	}
	return explainService(err)
}

// conclude reads the journal again, writes the reports, prints the result, tells
// people and gives the verdict. The run is closed after they were told and the
// reports were written: a process that is killed in between, or has no room,
// leaves that to the next one ([app.finishEnded]).
func (c *carry) conclude(ctx context.Context, runErr error) error {
	p, state, err := loadRun(c.run)
	if err != nil {
		return err
	}
	c.rememberPlaces(p, state)
	rep := report.Build(p, state, report.Options{Run: c.run.id})
	writeErr := c.app.writeReports(resultFiles{run: c.run, plan: p, state: state, report: rep})
	showErr := c.unlessGone(c.show(rep))
	c.unconfirmed = rep.Emergency.Pending
	left := len(unsettled(p, state))
	if c.ended != nil {
		c.ended.report, c.ended.left = rep, left
	}
	shut, verdict := func() error { return c.closeEntry(left) }, c.verdict(rep, left)
	switch {
	case state.Exit == journal.ExitAbandoned && c.abandon:
		shut, verdict, left = c.close, reportVerdict(rep), 0
	case errors.Is(runErr, executor.ErrTooStale) && len(state.Attempts) == 0:
		// Nothing was sent and nothing will be: the way on is a new plan, which an
		// open run would refuse.
		shut, verdict, left = c.close, nil, 0
	}
	c.app.measure(rep, left)
	c.notifyEnd(ctx, rep, errors.Join(c.explain(runErr), writeErr, verdict), left)
	if writeErr != nil {
		return errors.Join(writeErr, showErr, verdict)
	}
	return errors.Join(showErr, shut(), verdict)
}

func (c *carry) show(rep *report.Report) error {
	if !c.json {
		return c.app.writeReportText(c.app.stdout, rep)
	}
	stats := c.session.client.Stats()
	doc := report.RunJSON(rep, report.Traffic{
		Calls: callsOf(stats), RateLimited: stats.RateLimited, Seconds: c.seconds,
	})
	if c.ended != nil {
		c.ended.document = doc
		return nil
	}
	return writeJSON(c.app.stdout, doc)
}

// unlessGone leaves out the error of a reader that went away, as a closed
// terminal: what there was to read stands in the run's folder, and how the run
// ended says more.
func (c *carry) unlessGone(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.EIO) {
		c.app.log.Warn().Err(err).Msg("the result was not read; it stands in the run's folder")
		return nil
	}
	return err
}

// close closes the run with what is left.
func (c *carry) close() error {
	if c.ended != nil {
		c.ended.left = 0
	}
	return c.closeEntry(0)
}

func (c *carry) closeEntry(left int) error {
	if left == 0 {
		c.app.sealLater(c.run, c.unconfirmed)
	}
	entry, ok, err := c.session.state.entryOf(c.run)
	if err != nil || !ok {
		return err
	}
	return c.session.state.closeIfDone(entry, left, c.app.now())
}

// verdict is how the command ends.
func (c *carry) verdict(rep *report.Report, left int) error {
	if left == 0 {
		return reportVerdict(rep)
	}
	hint := c.run.resumeHint()
	if c.stops.stopped() {
		return &failure{kind: kindInterrupted, hint: hint, err: fmt.Errorf("interrupted (%s): %s left", c.stops.why(), changesAre(left))}
	}
	return &failure{kind: kindPartial, hint: hint, err: fmt.Errorf("run %s is not finished: %s left", c.run.id, changesAre(left))}
}

// reportVerdict is nil if every row is as it should be.
func reportVerdict(rep *report.Report) error {
	for i := range rep.Lines {
		if !rep.Lines[i].Status.Good() {
			return silent(kindPartial, "applied in part")
		}
	}
	for i := range rep.Others {
		if !rep.Others[i].Status.Good() {
			return silent(kindPartial, "applied in part")
		}
	}
	for status, n := range rep.Changes {
		if n > 0 && !status.Good() {
			return silent(kindPartial, "applied in part")
		}
	}
	return nil
}

// keepSources copies the sheets into the run's folder, if they still are what
// the plan was made from. A copy is for people; that one is missing is no
// reason not to go on.
func (a *app) keepSources(r runFolder, p *plan.Plan) {
	dir := r.file(sourcesDir)
	if err := os.Mkdir(dir, 0o700); err != nil {
		a.log.Warn().Err(err).Msg("the sheets are not kept with the run")
		return
	}
	for _, s := range keptSheets(p) {
		if err := copySheet(s, dir); err != nil {
			a.log.Warn().Err(err).Str("sheet", s.File).Msg("the sheet is not kept with the run")
		}
	}
}
