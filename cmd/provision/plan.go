package main

import (
	"context"
	"errors"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/plan"
)

type planOptions struct {
	sheets   []string
	service  serviceFlags
	plan     planFlags
	view     viewFlags
	out      string
	detailed bool
	snapshot string
	against  string
	reviews  reviewFlags
	flags    *pflag.FlagSet
}

func newPlanCmd(a *app, run func(context.Context, *app, planOptions) error) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan SHEET...",
		Short: "compare sheets with the account and show what would change",
		Long: `plan reads sheets (CSV or XLSX) and the live account, and shows what would have to
change; it changes nothing. With -o the plan is saved for "apply". Guards that
the plan breaks are shown with the flag that allows it.` + exitHelp(exitOK, exitError, exitChanges, exitSheet, exitStale, exitInterrupted),
		Example: `  provision plan onboarding.xlsx
  provision plan onboarding.xlsx moves.csv -o plan.json --detailed-exitcode
  provision plan onboarding.xlsx -o plan.json --html plan.html --redact homes
  provision plan onboarding.xlsx --against plan.json
  provision plan q3.xlsx --sheet Users --map "Their Header=extension" --json`,
		Args: atLeastOneSheet,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.sheets = args
			return run(cmd.Context(), a, o)
		},
	}
	o.service.register(cmd)
	o.plan.register(cmd)
	o.view.register(cmd)
	flags := cmd.Flags()
	o.flags = flags
	flags.StringVarP(&o.out, "output", "o", "", "save the plan to this file (mode 0600)")
	flags.StringVar(&o.against, "against", "", "show what changed since this saved plan; SHEET may be a saved plan too, and no account is asked then")
	flags.StringVar(&o.snapshot, "snapshot", "", "plan from this file, which \"provision snapshot\" saved, and ask the service nothing")
	flags.BoolVar(&o.detailed, "detailed-exitcode", false, "exit with 2 if there are changes")
	o.reviews.register(flags)
	return cmd
}

func atLeastOneSheet(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return withHint(usagef("no sheet was named"), `name a CSV or XLSX file, or make one with "provision template -o sheet.xlsx"`)
	}
	return nil
}

// noSheetTwice refuses a sheet that is named twice: its rows would contradict
// themselves.
func noSheetTwice(args []string) error {
	seen := make([]os.FileInfo, 0, len(args))
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			continue // whoever reads it says what is wrong
		}
		if slices.ContainsFunc(seen, func(other os.FileInfo) bool { return os.SameFile(info, other) }) {
			return usagef("%s was named twice", arg)
		}
		seen = append(seen, info)
	}
	return nil
}

func runPlan(ctx context.Context, a *app, o planOptions) (err error) {
	if err := o.plan.check(); err != nil {
		return err
	}
	was, err := readAgainst(o.against)
	if err != nil {
		return err
	}
	if was != nil {
		is, err := onlyPlan(o.sheets)
		if err != nil {
			return err
		}
		if is != nil {
			return a.compareSaved(was, is, &o)
		}
	}
	d, err := a.readSheets(ctx, o.sheets, &o.plan.sheets)
	if err != nil {
		return err
	}
	files, err := o.open()
	if err != nil {
		return err
	}
	defer files.discard()
	stops := catchSignals(a.log, a.say, leave)
	defer stops.end()
	reading, cancel := stops.context(ctx)
	defer cancel()
	p, breaches, err := a.planOf(reading, d, &o)
	if err != nil {
		return err
	}
	if err := files.saved.commitPlan(p); err != nil {
		return err
	}
	o.view.finish = o.plan.finish
	if err := files.reviews.commit(o.view.review(p, breaches, o.out)); err != nil { // which shows the digest of what was saved
		return err
	}
	if was != nil {
		err = a.showAgainst(was, p, breaches, &o, o.out)
	} else {
		err = a.showPlan(p, breaches, o.out, o.view)
	}
	if err != nil {
		return err
	}
	return planVerdict(p, o.detailed)
}

// planFiles are the files that "plan" writes, open and not yet complete.
type planFiles struct {
	saved   *savedFile // -o
	reviews reviewFiles
}

// open opens them before the account is read.
func (o *planOptions) open() (planFiles, error) {
	saved, err := newSavedPlan(o.out)
	if err != nil {
		return planFiles{}, err
	}
	reviews, err := o.reviews.open(append(o.sheets, o.out, o.against, o.snapshot, o.service.traceHTTP)...)
	if err != nil {
		saved.discard()
		return planFiles{}, err
	}
	return planFiles{saved, reviews}, nil
}

func (f planFiles) discard() {
	f.saved.discard()
	f.reviews.discard()
}

// planOf compares the rows with the account, or with a saved snapshot of it.
func (a *app) planOf(ctx context.Context, d plan.Desired, o *planOptions) (p *plan.Plan, breaches []plan.Breach, err error) {
	if o.snapshot != "" {
		return a.planOffline(d, &o.plan, o.snapshot)
	}
	s, err := a.connect(ctx, o.service, connectOptions{command: "plan", readOnly: true})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if p, breaches, err = a.makePlan(ctx, s, d, &o.plan); err == nil {
		a.tellOpenRun(s, p.Account.ID)
	}
	return p, breaches, err
}

// tellOpenRun warns of a run of the account that has changes left: what it
// will still do is in no plan, and no plan is applied before it is over.
func (a *app) tellOpenRun(s *session, account string) {
	if err := s.state.refuseOpenRun(s.server.key(), account, ""); err != nil {
		a.warn("warning: " + oneLine(errorText(err)))
		for _, hint := range hintsOf(err) {
			a.warn("hint: " + hint)
		}
	}
}

// planVerdict is how "plan" ends: what it found was shown already.
func planVerdict(p *plan.Plan, detailed bool) error {
	switch {
	case len(p.Errors) > 0:
		return silent(kindSheet, "rows have errors")
	case detailed && len(p.Changes) > 0:
		return silent(kindChanges, "changes are pending")
	}
	return nil
}
