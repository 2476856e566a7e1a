package review

import (
	"time"

	"provision/executor/report/wording"
	"provision/plan"
)

// Review is a plan as a person reads it before saying yes or no.
type Review struct {
	Head   Head
	Sheets []Sheet
	Notes  []string

	// What needs a yes.
	GuardsOff      bool
	Guards         []Guard // all, in the order of the documentation
	Broken         []Guard // those that refuse the plan
	Safety         []Unsafe
	LeftWithout    []Person
	NumbersGivenUp []string
	NewLines       []*Change
	Interrupted    []Interrupted
	NewLocations   []NewLocation
	People         []Affected // whoever has a change

	Errors   []Problem
	Warnings []Problem

	Changes   []Change
	Unmanaged []Unmanaged
	Unchanged []Row // rows that need nothing or are ignored
	Left      []Row // rows that are left over or not selected

	// Undo is set for a plan that takes a run back.
	Undo *Undo

	Kinds map[plan.Kind]int // every kind has an entry
	Rows  RowCounts
	Calls Calls
	// Finishing is how many updates finish a phone that the plan adds, and
	// whether all of them name it.
	Finishing  int
	AllNameIt  bool
	HiddenRows int // left out by --hidden=skip
}

// Head says which plan it is.
type Head struct {
	Account, AccountID string
	Path               string // where the plan is saved; empty: nowhere
	Digest             string // of the saved plan, in hex; empty: not saved
	Program            string
	Made, Read         time.Time // when it was made, when the account was read
	Offline            bool      // the account was a saved snapshot
	Redacted           bool      // home addresses are masked
}

// Title names the plan.
func (h *Head) Title() string {
	return "Plan for " + wording.Words(" ", h.Account, "account", h.AccountID)
}

// Sheet is a sheet that the plan was made from.
type Sheet struct{ Name, SHA256 string }

// Unsafe is a phone whose emergency address can't be relied on.
type Unsafe struct {
	Extension, Person, Device, Number string
	Status                            string // missing, Invalid, Deprovisioned
	Repair                            string // what the plan does about it
	Repaired                          bool   // it sets the address, or the phone goes
	Changes                           []string
}

// Person names a person by extension.
type Person struct{ Extension, Person string }

// Interrupted is a phone that can't be used for some time while the plan is
// carried out.
type Interrupted struct {
	Extension, Person, Site string
	Device, Why             string
	Change                  string // id
}

// NewLocation is a new ERL beside the nearest one that exists.
type NewLocation struct {
	Change, Name, Address, Site string
	Rows                        int
	NearestName, NearestAddress string
	NearestNote                 string // why there is none; empty where there is one
	Phones                      int    // changes of the plan that use it
}

// Affected is a person whose phones the plan changes.
type Affected struct {
	Extension, Person, Site string
	Kinds                   []plan.Kind // each once, in listing order
	Changes                 int
}

// Problem is an error or a warning of the sheets.
type Problem struct {
	Cell, Value, Code, Message string
	Full                       string       // the cell with file and sheet
	Source                     plan.Problem `json:"-"`
}

// Unmanaged is a phone that no row mentions.
type Unmanaged struct{ Extension, Person, Device, Type, Name, Number string }

// Row is a row of the sheets that leads to no change.
type Row struct {
	Cell, Extension, Person string
	Status                  plan.RowStatus
	MatchedBy, Message      string
}

// RowCounts counts rows by what planning made of them.
type RowCounts struct{ Total, Changed, NoOp, Ignored, Invalid, Deselected, Deferred int }

// Calls are the mutating calls per throttling group and the least service time
// that the limits allow for them.
type Calls struct{ Light, Medium, Heavy, LeastSeconds int }

// Options are what a review says of a plan beside what stands in it.
type Options struct {
	Path     string // where the plan is saved
	Breaches []plan.Breach
	// Guards are those that the plan was checked against; the zero value is
	// the plan's own.
	Guards   *plan.Guards
	Redacted bool
}

// Of makes the review of a plan.
func Of(p *plan.Plan, o Options) *Review {
	m := newMaker(p, o)
	m.head()
	m.guards()
	m.changes()
	m.safety()
	m.losses()
	m.locations()
	m.people()
	m.problems()
	m.rows()
	m.undo()
	return m.r
}
