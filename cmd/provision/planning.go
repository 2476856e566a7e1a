package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/executor/report"
	"provision/plan"
	"provision/plan/snapshot"
	"provision/rcclient"
)

// planFlags are the flags of every command that makes a plan.
type planFlags struct {
	sheets       sheetFlags
	guards       guardFlags
	defaultNames string
	orderNumbers bool
	unlisted     bool   // set_serial changes are allowed
	missing      string // "error" or "defer"
	bulkSize     int
	prune        string
	knownPlaces  string
	selects      selectFlags
	finishBy     string
	finish       *report.FinishByJSON // what came of it
}

func (f *planFlags) register(cmd *cobra.Command) {
	f.sheets.register(cmd)
	f.guards.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.defaultNames, "default-names", "", "regular expression of the names that the service gives to new phones: such a phone counts as unnamed")
	registerUnlisted(flags, &f.unlisted)
	flags.BoolVar(&f.orderNumbers, "order-numbers", false, "a phone number that is not on the account may be ordered")
	registerMissing(flags, &f.missing)
	flags.IntVar(&f.bulkSize, "bulk-size", plan.DefaultBulkSize, "records of a bulk-add call")
	flags.StringVar(&f.prune, "prune", "", "take off phones that no row mentions: of "+plan.PruneListed+", those that rows name, or of "+plan.PruneSite+"NAME, all of a site")
	registerKnownPlaces(flags, &f.knownPlaces)
	f.selects.register(cmd)
	flags.StringVar(&f.finishBy, "finish-by", "", "warn if the calls can't all be made by the next time that it is, as 06:00 in local time, or \"2006-01-02 06:00\"")
}

// registerMatching registers those that say which phone a row means, for
// commands that make a plan only to learn that.
func (f *planFlags) registerMatching(cmd *cobra.Command) {
	f.sheets.register(cmd)
	f.guards.guards, f.bulkSize = plan.DefaultGuards(), plan.DefaultBulkSize
	cmd.Flags().StringVar(&f.defaultNames, "default-names", "", "regular expression of the names that the service gives to new phones: such a phone counts as unnamed")
	registerUnlisted(cmd.Flags(), &f.unlisted)
	cmd.Flags().BoolVar(&f.orderNumbers, "order-numbers", false, "a phone number that is not on the account may be ordered")
	registerMissing(cmd.Flags(), &f.missing)
}

func registerUnlisted(flags *pflag.FlagSet, to *bool) {
	flags.BoolVar(to, "enable-unlisted-operations", false, "write serial and model of phones, by an operation that the service's public contract does not have")
}

// What --missing-extensions may say.
const (
	missingError = "error"
	missingDefer = "defer"
)

func registerMissing(flags *pflag.FlagSet, to *string) {
	flags.StringVar(to, "missing-extensions", missingError, "what a row is whose extension is not on the account: error, or defer, which leaves it over for a later run")
}

func (f *planFlags) check() error {
	if f.bulkSize < 1 {
		return usagef("--bulk-size %d is not positive", f.bulkSize)
	}
	if f.missing != missingError && f.missing != missingDefer {
		return usagef("--missing-extensions %q is neither error nor defer", f.missing)
	}
	if err := plan.CheckPrune(f.prune); err != nil {
		return usagef("--%w", err)
	}
	if f.finishBy != "" {
		if _, err := parseFinishBy(f.finishBy, time.Now()); err != nil {
			return err
		}
	}
	if _, err := regexp.Compile(f.defaultNames); err != nil {
		return usagef("--default-names %q is no regular expression: %s", f.defaultNames, regexpFault(err))
	}
	return errors.Join(f.guards.check(), f.selects.check(), f.sheets.check())
}

// regexpFault is what is wrong with a regular expression, without the words
// that name Go's parser.
func regexpFault(err error) string {
	if fault, ok := errors.AsType[*syntax.Error](err); ok {
		return fault.Code.String()
	}
	return err.Error()
}

// planGCPercent lets the heap grow to five times of what is alive while a plan
// is made; rows and account are most of it, and they stay.
const planGCPercent = 400

// options are those of planning.
func (f *planFlags) options(now time.Time) plan.Options {
	return plan.Options{
		Now: now.UTC(), Program: version, Country: f.sheets.country, DefaultNames: f.defaultNames,
		OrderNumbers: f.orderNumbers, DeferMissing: f.missing == missingDefer, BulkSize: f.bulkSize, Guards: f.guards.guards,
		UnlistedOperations: f.unlisted,
		ProtectExtensions:  f.guards.protectExtensions, ProtectDevices: f.guards.protectDevices, Prune: f.prune,
		Select: f.selects.selection,
	}
}

// makePlan reads the account and compares it with the rows.
func (a *app) makePlan(ctx context.Context, s *session, d plan.Desired, f *planFlags) (*plan.Plan, []plan.Breach, error) {
	opts := f.options(a.now())
	live, err := a.takeSnapshot(ctx, s, d, opts)
	if err != nil {
		return nil, nil, explainService(err)
	}
	return a.compare(d, live, s, f, opts)
}

// compare makes the plan of rows and an account that was read.
func (a *app) compare(d plan.Desired, live plan.Snapshot, s *session, f *planFlags, opts plan.Options) (*plan.Plan, []plan.Breach, error) {
	var err error
	if opts.KnownPlaces, err = s.knownPlaces(f.knownPlaces, live.Account.ID); err != nil {
		return nil, nil, err
	}
	// Planning keeps nearly all that it makes: a collection meanwhile would go
	// over every row again to find next to nothing.
	defer debug.SetGCPercent(debug.SetGCPercent(planGCPercent))
	p, err := plan.Build(d, live, opts)
	if err != nil {
		return nil, nil, usagef("%w", err)
	}
	f.finish = a.checkFinish(p, f.finishBy, s.server.scale)
	return p, p.CheckGuards(f.guards.guards), nil
}

func (a *app) takeSnapshot(ctx context.Context, s *session, d plan.Desired, o plan.Options) (plan.Snapshot, error) {
	s.waits.listen(a.tellLongWait)
	defer s.waits.listen(nil)
	return snapshot.Take(ctx, s.client, o.Widen(plan.NeedsOf(d)), snapshot.Options{
		Now:           a.now(),
		NumbersNeeded: func(live plan.Snapshot) bool { return plan.NumbersNeeded(d, live) },
		Progress:      func(what string) { a.phase("reading: " + what) },
		Unread: func(ext plan.ExtensionID, err error) {
			a.log.Warn().Str("extension", string(ext)).Err(err).Msg("the extension's devices could not be read")
		},
	})
}

// phase tells what the program is at: a line on a terminal, a log line
// elsewhere.
func (a *app) phase(what string) {
	if a.screen.tty {
		a.say(what)
		return
	}
	a.log.Info().Msg(what)
}

// longWait is the shortest wait, in service time, that people are told of.
const longWait = 5 * time.Second

func (a *app) tellLongWait(w rcclient.Wait) {
	if w.For >= longWait && a.screen.tty {
		a.say(fmt.Sprintf("waiting %s: the limit of %s calls is used up", w.For.Round(time.Second), w.Group))
	}
}

// explainService adds the next step to errors of the service that people can
// do something about.
func explainService(err error) error {
	var auth *rcclient.AuthError
	var api *rcclient.APIError
	var unanswered *rcclient.UnansweredError
	var cert *tls.CertificateVerificationError
	answered := errors.As(err, &api)
	missed := errors.As(err, &unanswered)
	switch {
	case errors.Is(err, context.Canceled):
		return &failure{kind: kindInterrupted, err: errors.New("interrupted while reading; nothing was changed")}
	case errors.As(err, &auth):
		return withHint(err, "check client id, client secret and JWT, and that the app may use them on this server")
	case answered && api.Class == rcclient.ClassAbortRun:
		return withHint(err, "the app's scopes or the user's permissions do not allow this call; see the README on permissions")
	case answered && api.Status/100 == 3:
		return withHint(err, "the call was sent on to elsewhere, which the service does not do: check --server and RC_SERVER_URL, and the network's proxy")
	case answered && api.Class == rcclient.ClassServer:
		return withHint(err, "the service failed: try again later")
	case missed && unanswered.Status != 0:
		return withHint(err, "the service does not answer so: check --server and RC_SERVER_URL, and whether a proxy or a login page of the network answers in its place")
	case missed && errors.As(err, &cert):
		return withHint(err, "check --server and RC_SERVER_URL; where a proxy of the network replaces certificates, this machine has to trust the authority that it uses")
	case missed:
		return withHint(err, "the service did not answer: check --server and the network")
	}
	return err
}
