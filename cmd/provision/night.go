package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"provision/cmd/provision/unattended"
	"provision/executor"
	"provision/executor/report"
	"provision/rcclient"
)

// credentialsMark tells credentials from others and shows nothing of them.
type credentialsMark struct {
	mark    string
	expires time.Time // of the JWT; zero if it does not say
}

func markOf(c rcclient.Credentials) credentialsMark {
	sum := sha256.Sum256([]byte(c.ClientID + "\x00" + c.ClientSecret + "\x00" + c.JWT))
	expires, _ := unattended.Expiry(c.JWT)
	return credentialsMark{mark: hex.EncodeToString(sum[:]), expires: expires}
}

// night is a run as the steps of package unattended.
type night struct {
	app   *app
	o     runOptions
	scale rcclient.Scale
	// last is how the last step ended that worked on a run; nil before any.
	last *ended
}

var _ unattended.Steps = (*night)(nil)

// Run plans the sheets and applies them.
func (n *night) Run(ctx context.Context) unattended.Ended {
	o := n.o
	o.ended = &ended{}
	n.last = o.ended
	err := runRun(ctx, n.app, o)
	return n.app.endedOf(err, o.ended)
}

// GoOn resumes or settles an open run.
func (n *night) GoOn(ctx context.Context, run string) unattended.Ended {
	n.app.say("an open run comes first: " + run)
	o := resumeOptions{run: run, service: n.o.service, exec: n.o.exec, approval: n.o.approval, json: n.o.view.json, places: n.o.plan.knownPlaces, ended: &ended{}}
	n.last = o.ended
	command, what := "resume", act((*executor.Executor).Run)
	if n.o.unattended.openRun == openRunSettle {
		command, what = "abandon", (*executor.Executor).Settle
	}
	err := n.app.goOn(ctx, o, command, what)
	return n.app.endedOf(err, o.ended)
}

// OpenRuns lists the account's open runs, oldest first. The account is asked
// for only if this server has an open run at all.
func (n *night) OpenRuns(ctx context.Context) ([]string, unattended.Ended) {
	runs, err := n.app.openRuns(ctx, n.o.service)
	return runs, n.app.endedOf(err, &ended{})
}

// Renewed reports whether the credentials are others than those last used.
func (n *night) Renewed(ctx context.Context) bool {
	before := n.app.used.mark
	_, _, err := n.app.resolve(ctx, &n.o.service, "")
	return err == nil && n.app.used.mark != before
}

// openRuns are the folders of the open runs of the server's account.
func (a *app) openRuns(ctx context.Context, f serviceFlags) ([]string, error) {
	srv, _, err := f.resolveServer(a.env, "")
	if err != nil {
		return nil, err
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return nil, err
	}
	all, err := st.index()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e indexEntry) bool { return e.Server != srv.key() || !e.Closed.IsZero() })
	if len(all) == 0 {
		return nil, nil
	}
	account, err := a.askAccount(ctx, f)
	if err != nil {
		return nil, err
	}
	if err := a.finishEndedOf(ctx, st, srv.key(), account); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(x, y indexEntry) int { return strings.Compare(x.Run, y.Run) })
	var runs []string
	for _, e := range all {
		if e.Account != account {
			continue
		}
		r := runFolder{id: e.Run, dir: e.Folder}
		if !fileExists(r.dir) {
			return nil, goneError(st, r)
		}
		if left, err := leftOf(r); err != nil || left > 0 {
			runs = append(runs, r.dir) // what can't be read is told by going on with it
		}
	}
	return runs, nil
}

// askAccount reads which account the credentials are of.
func (a *app) askAccount(ctx context.Context, f serviceFlags) (id string, err error) {
	reading, cancel := a.stops.context(ctx)
	defer cancel()
	s, err := a.connect(reading, f, connectOptions{command: "run", readOnly: a.tokens == nil})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	info, err := s.client.AccountInfo(reading)
	if err != nil {
		return "", explainService(fmt.Errorf("read account: %w", err))
	}
	return string(info.ID), nil
}

// endedOf puts how a step ended in the words of package unattended.
func (a *app) endedOf(err error, e *ended) unattended.Ended {
	out := unattended.Ended{Code: codeOf(err), Err: err, Run: e.run.id, Folder: e.run.dir, Open: e.left > 0, Document: e.document}
	if err != nil {
		out.Next = strings.Join(hintsOf(err), "; ")
		out.RetryAfter = unattended.RetryAfterOf(err)
	}
	if out.Code == exitError {
		out.Cause = unattended.CauseOf(err, a.used.expires, a.now())
		if errors.Is(err, errLockHeld) {
			out.Cause = unattended.CauseLock
		}
	}
	if e.report != nil {
		out.Changes, out.Rows = countsOf(e.report)
	}
	return out
}

// countsOf counts a report's changes and rows by status.
func countsOf(rep *report.Report) (changes, rows map[string]int) {
	changes, rows = map[string]int{}, map[string]int{}
	for status, n := range rep.Changes {
		if n > 0 {
			changes[string(status)] = n
		}
	}
	for i := range rep.Lines {
		rows[string(rep.Lines[i].Status)]++
	}
	return changes, rows
}
