package report

import (
	"provision/executor/report/review"
	"provision/plan"
)

// PlanDocument is the JSON document of "provision plan" and "provision show".
type PlanDocument struct {
	Changes     map[plan.Kind]int `json:"changes"` // every kind, also those of which there are none
	Rows        PlanRows          `json:"rows"`
	RowErrors   []ProblemJSON     `json:"row_errors"`
	RowWarnings []ProblemJSON     `json:"row_warnings"`
	Errors      int               `json:"errors"`
	Warnings    int               `json:"warnings"`
	Guards      []GuardJSON       `json:"guards"` // the breached ones
	// AllGuards are all guards, GuardsOff is whether none of them counts.
	AllGuards    []GuardStateJSON `json:"all_guards"`
	GuardsOff    bool             `json:"guards_off,omitempty"`
	Calls        Calls            `json:"calls"`
	LeastSeconds int              `json:"least_seconds"` // of service time
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
	// Asked counts what needs a yes, by topic.
	Asked map[review.Topic]int `json:"asked"`
	// Listed has what is asked about, by topic, and what no row mentions.
	Listed ListedJSON `json:"listed"`
	// CreatedAt is when the plan was made, SnapshotAt when the account was read
	// (RFC 3339, UTC; empty: unknown).
	CreatedAt  string `json:"created_at"`
	SnapshotAt string `json:"snapshot_at"`
	// Digest is the saved plan's, which an approval names.
	Digest string `json:"digest,omitempty"`
	// Redacted: home addresses are masked.
	Redacted bool `json:"redacted,omitempty"`
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

// GuardJSON is a guard and the flag that allows what the plan has of it.
type GuardJSON struct {
	Guard string `json:"guard"`
	Limit string `json:"limit"`
	Count int    `json:"count"`
	Flag  string `json:"flag"`
}

// GuardStateJSON is a guard and what the plan has of what it limits; one that is
// not broken has no flag.
type GuardStateJSON struct {
	GuardJSON
	// Default is what the guard is where nobody sets it; empty: it is that.
	Default string `json:"default,omitempty"`
	Broken  bool   `json:"broken"` // it refuses the plan, or would, were guards not off
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

// PlanJSON makes the JSON document of a plan.
func PlanJSON(r *review.Review) PlanDocument {
	doc := PlanDocument{
		Changes: r.Kinds, Rows: planRows(r),
		RowErrors: problemsJSON(sources(r.Errors)), RowWarnings: problemsJSON(sources(r.Warnings)),
		Errors: len(r.Errors), Warnings: len(r.Warnings),
		Guards:       make([]GuardJSON, 0, len(r.Broken)),
		Calls:        Calls{Light: r.Calls.Light, Medium: r.Calls.Medium, Heavy: r.Calls.Heavy},
		LeastSeconds: r.Calls.LeastSeconds, Notes: append([]string{}, r.Notes...),
		AllGuards: make([]GuardStateJSON, 0, len(r.Guards)), GuardsOff: r.GuardsOff,
		Asked: r.Asked(), Listed: listedJSON(r),
		CreatedAt: stamp(r.Head.Made), SnapshotAt: stamp(r.Head.Read),
		Digest:   r.Head.Digest,
		Redacted: r.Head.Redacted,
	}
	for _, b := range r.Broken {
		doc.Guards = append(doc.Guards, guardJSON(b))
	}
	for _, g := range r.Guards {
		state := GuardStateJSON{guardJSON(g), g.Default, g.Broken}
		if !g.Broken {
			state.Flag = ""
		}
		doc.AllGuards = append(doc.AllGuards, state)
	}
	if r.Undo != nil {
		doc.UndoOf, doc.NotUndone = r.Undo.Run, append([]plan.NotUndone{}, r.Undo.Source...)
	}
	if r.Head.Path != "" {
		doc.Plan = &r.Head.Path
	}
	return doc
}

func guardJSON(g review.Guard) GuardJSON {
	return GuardJSON{Guard: g.Name, Limit: g.Limit, Count: g.Count, Flag: g.Flag}
}

func planRows(r *review.Review) PlanRows {
	n := r.Rows
	return PlanRows{
		Total: n.Total, Changed: n.Changed, NoOp: n.NoOp, Ignored: n.Ignored, Invalid: n.Invalid,
		Deselected: n.Deselected, Deferred: n.Deferred, Hidden: r.HiddenRows,
	}
}

// sources are the problems as the plan has them: JSON escapes by itself, and
// programs compare what stands in the cells.
func sources(list []review.Problem) []plan.Problem {
	out := make([]plan.Problem, 0, len(list))
	for _, p := range list {
		out = append(out, p.Source)
	}
	return out
}
