package report

import "provision/plan"

// PlanDocument is the JSON document of "provision plan" and "provision show".
type PlanDocument struct {
	Changes      map[plan.Kind]int `json:"changes"` // every kind, also those of which there are none
	Rows         PlanRows          `json:"rows"`
	RowErrors    []ProblemJSON     `json:"row_errors"`
	RowWarnings  []ProblemJSON     `json:"row_warnings"`
	Errors       int               `json:"errors"`
	Warnings     int               `json:"warnings"`
	Guards       []GuardJSON       `json:"guards"` // the breached ones
	Calls        Calls             `json:"calls"`
	LeastSeconds int               `json:"least_seconds"` // of service time
	// FinishBy is whether the calls fit before a time that was asked for; there
	// is none if nobody asked.
	FinishBy *FinishByJSON `json:"finish_by,omitempty"`
	Notes    []string      `json:"notes"` // about the plan as a whole, a line each
	Plan     *string       `json:"plan"`  // where it was saved; null: nowhere
	// Against is what changed since an older plan, where one was named.
	Against *ComparisonJSON `json:"against,omitempty"`
	// UndoOf is the run that the plan takes back, NotUndone what it leaves of
	// it; a plan of sheets has neither.
	UndoOf    string           `json:"undo_of,omitempty"`
	NotUndone []plan.NotUndone `json:"not_undone,omitzero"`
}

// PlanRows counts rows by what planning made of them.
type PlanRows struct {
	Total      int `json:"total"`
	Changed    int `json:"changed"`
	NoOp       int `json:"no_op"`
	Ignored    int `json:"ignored"`
	Invalid    int `json:"invalid"`
	Deselected int `json:"deselected"` // left out by --only, --rows and the like
	Deferred   int `json:"deferred"`   // their extension is not on the account yet
	Hidden     int `json:"hidden"`     // left out by --hidden=skip; not of the total
}

// GuardJSON is a breached guard.
type GuardJSON struct {
	Guard string `json:"guard"`
	Limit string `json:"limit"`
	Count int    `json:"count"`
	Flag  string `json:"flag"`
}

// FinishByJSON says whether the calls can all be made by a time.
type FinishByJSON struct {
	Time string `json:"time"` // RFC 3339, in the zone that it was given in
	Fits bool   `json:"fits"`
	// SecondsShort is how long after that time the calls end at the earliest, if
	// they begin at once; 0 where they fit. Seconds of the wall, rounded up.
	SecondsShort int `json:"seconds_short"`
}

// Calls counts calls per throttling group.
type Calls struct {
	Light  int `json:"light"`
	Medium int `json:"medium"`
	Heavy  int `json:"heavy"`
}

// PlanJSON makes the JSON document of a plan. The path is where the plan was
// saved, empty for nowhere.
func PlanJSON(p *plan.Plan, breaches []plan.Breach, path string) PlanDocument {
	doc := PlanDocument{
		Changes: countKinds(p.Changes), Rows: countRows(p.Rows),
		RowErrors: problemsJSON(p.Errors), RowWarnings: problemsJSON(p.Warnings),
		Errors: len(p.Errors), Warnings: len(p.Warnings),
		Guards:       make([]GuardJSON, 0, len(breaches)),
		Calls:        Calls{Light: p.Estimate.Light, Medium: p.Estimate.Medium, Heavy: p.Estimate.Heavy},
		LeastSeconds: p.Estimate.LeastSeconds, Notes: append([]string{}, p.Notes...),
	}
	for _, b := range breaches {
		doc.Guards = append(doc.Guards, GuardJSON{Guard: b.Guard, Limit: b.Limit, Count: b.Count, Flag: b.Flag})
	}
	doc.Rows.Hidden = p.HiddenSkipped
	if p.UndoOf != "" {
		doc.UndoOf, doc.NotUndone = p.UndoOf, append([]plan.NotUndone{}, p.NotUndone...)
	}
	if path != "" {
		doc.Plan = &path
	}
	return doc
}

// countKinds counts changes; every kind has an entry.
func countKinds(changes []plan.Change) map[plan.Kind]int {
	n := map[plan.Kind]int{}
	for _, k := range plan.Kinds() {
		n[k] = 0
	}
	for i := range changes {
		n[changes[i].Kind]++
	}
	return n
}

func countRows(rows []plan.RowResult) PlanRows {
	n := PlanRows{Total: len(rows)}
	for i := range rows {
		switch rows[i].Status {
		case plan.RowChanged:
			n.Changed++
		case plan.RowNoOp:
			n.NoOp++
		case plan.RowIgnored:
			n.Ignored++
		case plan.RowInvalid:
			n.Invalid++
		case plan.RowDeselected:
			n.Deselected++
		case plan.RowDeferred:
			n.Deferred++
		}
	}
	return n
}
