package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"provision/executor/report"
	"provision/plan"
)

// viewFlags say how a plan is shown.
type viewFlags struct {
	json    bool
	verbose bool
	finish  *report.FinishByJSON // for JSON; text has it among the plan's notes
}

func (v *viewFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&v.json, "json", false, "write one JSON document to stdout instead of text")
	cmd.Flags().BoolVarP(&v.verbose, "verbose", "v", false, "list everything, also rows that need nothing")
}

// showPlan writes a plan to stdout, as text or as JSON.
func (a *app) showPlan(p *plan.Plan, breaches []plan.Breach, path string, v viewFlags) error {
	if v.json {
		doc := report.PlanJSON(p, breaches, path)
		doc.FinishBy = v.finish
		return writeJSON(a.stdout, doc)
	}
	return a.writePlanText(a.stdout, p, breaches, path, v.verbose)
}

func (a *app) writePlanText(w io.Writer, p *plan.Plan, breaches []plan.Breach, path string, all bool) error {
	view := report.PlanView(p, breaches)
	view.Path, view.Unchanged = path, all
	if all {
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
