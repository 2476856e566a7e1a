package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"provision/cmd/provision/retain"
	"provision/executor/journal"
	"provision/executor/report"
	"provision/plan"
)

// holdRun keeps everybody else from working on runs of an account meanwhile. It
// waits for nobody.
func (a *app) holdRun(ctx context.Context, st stateFolder, info runInfo, command string, do func() error) (err error) {
	l, err := st.acquire(ctx, lockAccount+lockName(info.Server, info.Account), a.owner(command, info.Run), 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.release()) }()
	return do()
}

// closeFor closes a run's entry in the index: without plan and journal nobody
// could tell any more that nothing is left to do.
func (s stateFolder) closeFor(r runFolder, now time.Time) error {
	e, ok, err := s.entryOf(r)
	if err != nil || !ok {
		return err
	}
	return s.closeIfDone(e, 0, now)
}

// redactRun takes the personal data out of a closed run, or finishes that.
func (a *app) redactRun(st stateFolder, r runFolder, info runInfo, p *plan.Plan, state journal.State) error {
	d := retain.Redaction{FS: retain.OS{}}
	if info.Status == statusRedacted {
		return d.Finish(r.place())
	}
	if err := st.closeFor(r, a.now()); err != nil {
		return err
	}
	s, docs, err := a.redactedDocs(r, info, p, state)
	if err != nil {
		return err
	}
	return d.Redact(r.place(), s, docs)
}

// redactedDocs are a run's reports with tokens, and its summary.
func (a *app) redactedDocs(r runFolder, info runInfo, p *plan.Plan, state journal.State) (retain.Summary, map[string][]byte, error) {
	tokens, err := tokensOf(r)
	if err != nil {
		return retain.Summary{}, nil, err
	}
	f := resultFiles{run: r, plan: p, state: state, report: report.Build(p, state, report.Options{Run: r.id}), tokens: tokens}
	forms := f.forms("") // the workbook is left out, and nothing else needs a folder
	docs := map[string][]byte{}
	for name, write := range map[string]func(io.Writer) error{
		reportCSV: forms[".csv"], reportJSON: forms[".json"], reportHTML: forms[".html"], resultJSON: f.result().WriteJSON,
	} {
		var buf bytes.Buffer
		if err := write(&buf); err != nil {
			return retain.Summary{}, nil, fmt.Errorf("write %s: %w", name, err)
		}
		docs[name] = buf.Bytes()
	}
	s := retain.Summary{
		Run: r.id, Server: info.Server, Account: info.Account, PlanDigest: p.Digest,
		Begun: info.Begun, Ended: info.Ended, Exit: info.Exit, Redacted: a.now().UTC().Truncate(time.Second),
	}
	if s.Ended.IsZero() {
		s.Ended = state.Last
	}
	if state.Run != nil {
		s.Program = state.Run.Program
	}
	s.Changes, s.Rows = countsOf(f.report)
	return s, docs, nil
}
