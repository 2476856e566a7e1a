package main

import (
	"provision/executor/report"
	"provision/executor/report/review"
	"provision/plan"
)

// readAgainst reads the plan that --against names; nil if it names none.
func readAgainst(path string) (*plan.Plan, error) {
	if path == "" {
		return nil, nil
	}
	return readPlan(path)
}

// onlyPlan reads the first argument where it is a saved plan and not a sheet;
// nil if it is none.
func onlyPlan(args []string) (*plan.Plan, error) {
	if len(args) != 1 {
		return nil, nil
	}
	f, err := openRegular(args[0])
	if err != nil {
		return nil, nil //nolint:nilerr // whoever reads it as a sheet says what is wrong
	}
	like := looksLikePlanFile(f)
	if err := f.Close(); err != nil || !like {
		return nil, err
	}
	return readPlan(args[0])
}

// compareSaved shows what differs between two saved plans.
func (a *app) compareSaved(was, is *plan.Plan, o *planOptions) error {
	if err := o.refuseIdle(); err != nil {
		return err
	}
	return a.showAgainst(was, is, is.CheckGuards(is.Options.Guards), o, o.sheets[0])
}

// refuseIdle refuses flags that do nothing where two saved plans are compared.
func (o *planOptions) refuseIdle() error {
	for _, name := range []string{"output", "snapshot", "only", "extensions", "rows", "site", "limit", "prune", "protect-extensions", "protect-devices", "html", "xlsx", "markdown"} {
		if o.flags.Changed(name) {
			return withHint(usagef("--%s does nothing where two saved plans are compared", name), "leave it away, or give the sheet in the place of the newer plan")
		}
	}
	return nil
}

// showAgainst writes what changed since an older plan, below what is wrong with
// the newer one; -v shows the whole plan too, JSON has both.
func (a *app) showAgainst(was, is *plan.Plan, breaches []plan.Breach, o *planOptions, path string) error {
	shown := o.view.masked(was, is)
	was, is = shown[0], shown[1]
	found, err := plan.Compare(was, is)
	if err != nil {
		return stalef("compare plans of one account", "%w", err)
	}
	c := &report.Compared{Was: was, Is: is, Path: o.against, Comparison: found}
	r := review.Of(is, review.Options{Breaches: breaches, Path: path, Redacted: o.view.redact != ""})
	if o.view.json {
		doc := report.PlanJSON(r)
		doc.Against, doc.FinishBy = c.JSON(), o.view.finish
		return writeJSON(a.stdout, doc)
	}
	color := a.color() && isTerminal(a.stdout)
	view := report.PlanView(r)
	if o.view.verbose {
		view.Unchanged, view.Limit = true, 0
		err = report.WritePlanText(a.stdout, view, widthOf(a.stdout), color)
	} else {
		err = report.WritePlanProblems(a.stdout, view, widthOf(a.stdout), color)
	}
	if err != nil {
		return err
	}
	return c.WriteText(a.stdout, widthOf(a.stdout), color)
}
