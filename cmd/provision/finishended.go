package main

import (
	"context"
	"errors"

	"provision/executor/report"
)

// finishEnded does for runs of an account what their processes died before: all
// is settled, and the reports are not written, nobody is told, or the run is not
// closed. Only who holds the account's lock may call it. A run whose reports
// can't be written, as there is no room, is left to the next one; nothing of
// this keeps anybody from the work.
func (a *app) finishEnded(ctx context.Context, st stateFolder, server, account string) {
	all, err := st.index()
	if err != nil {
		return // whoever reads it next says so
	}
	ctx, cancel := telling(ctx, false)
	defer cancel()
	for _, e := range all {
		if e.Server != server || e.Account != account || !e.Closed.IsZero() {
			continue
		}
		r := runFolder{id: e.Run, dir: e.Folder}
		p, state, err := loadRun(r)
		if err != nil || len(unsettled(p, state)) > 0 {
			continue // it will be gone on with, or refused
		}
		rep := report.Build(p, state, report.Options{Run: r.id})
		err = a.writeReports(resultFiles{run: r, plan: p, state: state, report: rep})
		a.tellOf(ctx, ofRun{run: r, plan: p, told: a.memory(r.dir)}, a.endMessage(r, p, rep, reportVerdict(rep), 0), 0)
		if err == nil {
			a.sealLater(r, rep.Emergency.Pending)
			err = st.closeIfDone(e, 0, a.now())
		}
		if err != nil {
			a.log.Warn().Err(err).Str("run", r.id).Msg("the run has ended and can't be closed")
		}
	}
}

// finishEndedOf is finishEnded of whoever does not hold the account's lock.
// Where another process does, that one has done it, or is at it.
func (a *app) finishEndedOf(ctx context.Context, st stateFolder, server, account string) error {
	l, err := st.acquire(ctx, lockAccount+lockName(server, account), a.owner("run", ""), 0)
	if errors.Is(err, errLockHeld) {
		return nil
	}
	if err != nil {
		return err
	}
	a.finishEnded(ctx, st, server, account)
	return l.release()
}
