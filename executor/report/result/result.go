package result

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"provision/executor/journal"
	"provision/executor/report"
	"provision/executor/report/redact"
	"provision/executor/report/timeline"
	"provision/plan"
)

// Result is what became of a run, for people and for programs.
type Result struct {
	Run       string    `json:"run,omitempty"`
	Rehearsal bool      `json:"rehearsal,omitempty"` // nothing of it has happened
	Redacted  bool      `json:"redacted,omitempty"`
	Account   string    `json:"account"` // id
	Company   string    `json:"company,omitempty"`
	Program   string    `json:"program,omitempty"`
	Begun     time.Time `json:"begun,omitzero"`
	Ended     time.Time `json:"ended,omitzero"`
	Exit      string    `json:"exit,omitempty"` // how the last process ended; empty: killed, or at work
	UndoOf    string    `json:"undo_of,omitempty"`
	// Approval is who approved the plan; nil if the run was begun without.
	Approval *report.Approval `json:"approval,omitempty"`
	// Seconds is how long a rehearsal foretells that it takes, in service time.
	Seconds float64 `json:"seconds,omitempty"`
	// Left are changes that are still to be done.
	Left int `json:"left"`

	Unconfirmed []report.Concern       `json:"unconfirmed_addresses"`
	Emergency   report.EmergencyCounts `json:"emergency"`
	Causes      []Cause                `json:"causes"`
	Numbers     Numbers                `json:"numbers"`
	Counts      []Count                `json:"counts"`
	Timeline    *timeline.Timeline     `json:"timeline"`

	rows []Row
}

// Cause is why changes or rows were not done.
type Cause struct {
	Status    report.Status `json:"status"`
	Code      string        `json:"code,omitempty"`
	Message   string        `json:"message,omitempty"`
	Next      string        `json:"next"`
	Count     int           `json:"count"`
	Of        string        `json:"of"` // changes, rows
	Rows      []string      `json:"rows,omitempty"`
	RequestID string        `json:"request_id,omitempty"`
}

// Numbers are the numbers that the run assigned, kept and gave up.
type Numbers struct {
	Assigned []Number `json:"assigned"`
	Kept     []Number `json:"kept"`
	GivenUp  []Number `json:"given_up"`
}

// Number is a phone number and whose it is, or was.
type Number struct {
	Number    string `json:"number"`
	Extension string `json:"extension"`
	Person    string `json:"person"`
	Row       string `json:"row"`
}

// Count is how many rows and changes have a status.
type Count struct {
	Status  report.Status `json:"status"`
	Rows    int           `json:"rows"`
	Changes int           `json:"changes"`
}

// Row is what became of one row, or of what no row asks for.
type Row struct {
	Source, Extension, Person, Site, Number, Device string
	Status                                          report.Status
	Changes                                         []report.LineChange
	Emergency, Code, Message, RequestID             string
	Ended                                           time.Time
}

// Options are what a result is told beside plan, journal and report.
type Options struct {
	Tokens    *redact.Tokens // not nil: the redacted twin
	Rehearsal bool
}

// Build makes the result of a plan, of what its journal adds up to, and of the
// report of both (not redacted: it redacts by itself).
func Build(p *plan.Plan, st journal.State, full *report.Report, o Options) *Result {
	rep := full.Redacted(o.Tokens)
	r := &Result{
		Run: rep.Run, Rehearsal: o.Rehearsal, Redacted: o.Tokens.On(), Account: p.Account.ID, Company: p.Account.Name,
		Program: p.Program, Begun: st.Begun, Ended: st.Ended, Exit: st.Exit, UndoOf: p.UndoOf, Approval: rep.Approval,
		Left:      rep.Changes[report.Pending],
		Emergency: rep.Emergency, Timeline: timeline.Of(st),
	}
	if r.Redacted {
		r.Company = ""
	}
	r.Unconfirmed = append([]report.Concern{}, rep.Concerns()...)
	r.Causes = []Cause{}
	for _, c := range rep.Failures() {
		of := "changes"
		if c.Rows {
			of = "rows"
		}
		r.Causes = append(r.Causes, Cause{Status: c.Status, Code: c.Code, Message: c.Message, Next: c.Next, Count: c.Count, Of: of, Rows: c.Sources, RequestID: c.RequestID})
	}
	n := rep.Numbers()
	r.Numbers = Numbers{
		Assigned: numbers(n.Assigned, func(l *report.Line) string { return l.Number }),
		Kept:     numbers(n.Kept, func(l *report.Line) string { return l.NumberKept }),
		GivenUp:  numbers(n.GivenUp, func(l *report.Line) string { return l.NumberGivenUp }),
	}
	r.Counts = counts(rep)
	for i := range rep.Lines {
		r.rows = append(r.rows, rowOf(&rep.Lines[i]))
	}
	for i := range rep.Others {
		r.rows = append(r.rows, rowOf(&rep.Others[i]))
	}
	return r
}

func numbers(lines []*report.Line, number func(*report.Line) string) []Number {
	out := make([]Number, 0, len(lines))
	for _, l := range lines {
		out = append(out, Number{Number: number(l), Extension: l.Extension, Person: l.Person, Row: l.Source})
	}
	return out
}

// counts has the statuses that are there, worst first.
func counts(rep *report.Report) []Count {
	rows := map[report.Status]int{}
	for i := range rep.Lines {
		rows[rep.Lines[i].Status]++
	}
	out := []Count{}
	for _, s := range report.Statuses() {
		if rows[s] > 0 || rep.Changes[s] > 0 {
			out = append(out, Count{s, rows[s], rep.Changes[s]})
		}
	}
	return out
}

func rowOf(l *report.Line) Row {
	return Row{
		Source: l.Source, Extension: l.Extension, Person: l.Person, Site: l.Site, Device: l.DeviceID,
		Number: cmp.Or(l.Number, l.NumberKept, l.NumberGivenUp), Status: l.Status, Changes: l.Changes,
		Emergency: l.Emergency, Code: l.ErrorCode, Message: l.Message, RequestID: l.RequestID, Ended: l.Ended,
	}
}

// WriteJSON writes the result as one JSON document.
func (r *Result) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write result as JSON: %w", err)
	}
	return nil
}
