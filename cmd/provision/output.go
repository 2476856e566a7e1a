package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"provision/executor/report"
	"provision/executor/report/homes"
	"provision/executor/report/review"
	"provision/plan"
)

// viewFlags say how a plan is shown.
type viewFlags struct {
	json    bool
	verbose bool
	finish  *report.FinishByJSON // for JSON; text has it among the plan's notes
	redact  redactFlag
}

func (v *viewFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&v.json, "json", false, "write one JSON document to stdout instead of text")
	flags.BoolVarP(&v.verbose, "verbose", "v", false, "list everything, also rows that need nothing")
	flags.Var(&v.redact, "redact", "mask the addresses where people live in all that is shown of the plan")
}

// redactFlag says what of a plan is masked.
type redactFlag string

const redactHomes redactFlag = "homes"

// Set takes the one word that is known.
func (f *redactFlag) Set(text string) error {
	if text != "" && text != string(redactHomes) {
		return errors.New("want homes")
	}
	*f = redactFlag(text)
	return nil
}

// String is the word.
func (f *redactFlag) String() string { return string(*f) }

// Type names the value in help texts.
func (f *redactFlag) Type() string { return "homes" }

// masked is the plan as it may be shown.
func (v *viewFlags) masked(plans ...*plan.Plan) []*plan.Plan {
	if v.redact == "" {
		return plans
	}
	return homes.Mask(plans...)
}

// review is the plan as a person reads it.
func (v *viewFlags) review(p *plan.Plan, breaches []plan.Breach, path string) *review.Review {
	return review.Of(v.masked(p)[0], review.Options{Breaches: breaches, Path: path, Redacted: v.redact != ""})
}

// showPlan writes a plan to stdout, as text or as JSON.
func (a *app) showPlan(p *plan.Plan, breaches []plan.Breach, path string, v viewFlags) error {
	if v.json {
		doc := report.PlanJSON(v.review(p, breaches, path))
		doc.FinishBy = v.finish
		return writeJSON(a.stdout, doc)
	}
	return a.writePlanText(a.stdout, p, breaches, path, v)
}

func (a *app) writePlanText(w io.Writer, p *plan.Plan, breaches []plan.Breach, path string, v viewFlags) error {
	view := report.PlanView(v.review(p, breaches, path))
	view.Unchanged = v.verbose
	if v.verbose {
		view.Limit = 0
	}
	return report.WritePlanText(w, view, widthOf(w), a.color() && isTerminal(w))
}

// widthOf is a terminal's width; 0 where there is none.
func widthOf(w any) int {
	if s, ok := w.(*screen); ok {
		w = s.out
	}
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// writeJSON writes one document.
func writeJSON(w io.Writer, doc any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
