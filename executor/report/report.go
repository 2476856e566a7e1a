package report

import (
	"time"

	"provision/executor/journal"
	"provision/plan"
)

// Report is what became of a plan.
type Report struct {
	Run   string // how to name the run on the command line; empty: no run
	Lines []Line // one for each input row, in sheet order
	// Others are what no input row stands for: errors of the sheets as a whole,
	// and changes that no row asks for, as those of --prune. Their Source says
	// why they are there.
	Others []Line
	Causes []Cause
	// Changes counts the plan's changes by status. Rows that are ignored or
	// invalid have no changes and are not in it.
	Changes   map[Status]int
	Emergency EmergencyCounts
	// Safety are phones whose address could not be relied on when the plan was
	// made and that this run did not put right.
	Safety []plan.SafetyItem
	// Approval is who approved the plan; nil if the run was begun without.
	Approval *Approval
	// Closed: the run was closed with changes left, and is not gone on with.
	Closed bool
	// InWork: the report is of a moment at which a process worked on the run.
	InWork bool
	// Hidden are rows that were left out because they are hidden in their sheet
	// (--hidden=skip). They are in Others as one entry, and in no count of rows.
	Hidden int

	sheets  []plan.SheetInfo
	columns []string // the union of the sheets' headers
	place   [][]int  // per sheet: where its columns are in the union
}

// Line is what became of one input row.
type Line struct {
	Sheet int      // index of the sheet it was read from
	Raw   []string // the user's cells, in the order of that sheet's header

	At        plan.Cell // the row; zero where no row stands for the line
	Source    string    // "onboarding.xlsx!Users!12"
	MatchedBy string    // why the row meant its phone
	Status    Status    // the worst of its changes
	Changes   []LineChange
	DeviceID  string // the phone that is on the row's line now, as far as known
	Number    string // the line's number, also where it was there before
	Emergency string // the service's word for the state of the address; empty for a phone that is gone
	ErrorCode string // the service's errorCode, or one of ours
	Message   string
	Attempts  int       // the most calls that one of its changes took
	Started   time.Time // of the first call
	Ended     time.Time // of the last answer or reading
	RequestID string    // RCRequestId, for the service's support
	// NumberKept is the number of a line that this run took off, where it stays
	// in the account's inventory; NumberGivenUp, where it is gone.
	NumberKept, NumberGivenUp string
	// ApprovedBy is who approved the plan, on lines that it changes something of.
	ApprovedBy string

	// For texts; not columns.
	Extension string
	Person    string
	Site      string // of the extension, by name
	Assigned  bool   // Number was given by this run

	emergencyAt time.Time // when Emergency was read
	was         string    // the phone that the plan found on the line
}

// LineChange is one change of a line.
type LineChange struct {
	ID     string    `json:"id"`
	Kind   plan.Kind `json:"kind"`
	Status Status    `json:"status"`
}

// Options are what a report is told beside plan and journal.
type Options struct {
	// Run names the run for the person who reads the report: an id or a path
	// that "provision resume" takes. Empty where there is no run.
	Run string
	// InWork: a process works on the run now, so that nobody has to go on with it.
	InWork bool
}

// Build makes the report of a plan and of what the journal says became of it.
// The zero State means that nothing was done: every row is in the report all
// the same.
func Build(p *plan.Plan, st journal.State, opts Options) *Report {
	b := newBuilder(p, st)
	r := &Report{Run: opts.Run, InWork: opts.InWork, Changes: map[Status]int{}, sheets: p.Sheets}
	r.Hidden = p.HiddenSkipped
	r.columns, r.place = unite(p.Sheets)
	r.Lines = make([]Line, len(p.Rows))
	for i := range p.Rows {
		r.Lines[i] = b.line(i)
	}
	r.Others = b.others(r.Lines)
	for i := range p.Changes {
		c := &p.Changes[i]
		status := b.status(c)
		r.Changes[status]++
		r.Emergency.count(c, status, st.Outcomes[c.ID].Emergency)
	}
	r.Approval = ApprovalOf(st.Notes)
	r.approve(r.Lines)
	r.approve(r.Others)
	r.Closed = st.Exit == journal.ExitAbandoned
	r.Causes = b.causes(r)
	r.Safety = b.safety()
	return r
}

// approve names who approved the plan on the lines that have changes.
func (r *Report) approve(lines []Line) {
	if r.Approval == nil {
		return
	}
	for i := range lines {
		if len(lines[i].Changes) > 0 {
			lines[i].ApprovedBy = r.Approval.By
		}
	}
}

// count takes one change in, if it sets an emergency address.
func (n *EmergencyCounts) count(c *plan.Change, status Status, shown string) {
	if c.Add() == nil && (c.Update() == nil || c.Update().Emergency == nil) {
		return
	}
	switch status {
	case AddressPending:
		n.Pending++
	case AddressInvalid:
		n.Invalid++
	case AddressDiffers:
		n.Differs++
	case Applied:
		switch shown {
		case "", "Valid":
			n.Valid++ // applied means read back as asked for
		case "Provisioning":
			n.Pending++
		default:
			n.Invalid++
		}
	case NoOp, Ignored, Invalid, Deselected, Deferred, Failed, Stale, Blocked, Ambiguous, Pending:
	}
}

// builder holds what the lines of one report share.
type builder struct {
	plan     *plan.Plan
	state    journal.State
	changes  map[string]*plan.Change
	rowOf    [][]string // per row: ids of its changes, in order
	problems map[plan.Cell][]plan.Problem
	warnings map[plan.Cell][]plan.Problem
}

func newBuilder(p *plan.Plan, st journal.State) *builder {
	b := &builder{
		plan: p, state: st,
		changes:  make(map[string]*plan.Change, len(p.Changes)),
		rowOf:    make([][]string, len(p.Rows)),
		problems: byRow(p.Errors),
		warnings: byRow(p.Warnings),
	}
	for i := range p.Changes {
		b.changes[p.Changes[i].ID] = &p.Changes[i]
	}
	for i := range p.Rows {
		for _, id := range p.Rows[i].Changes {
			b.addChange(i, id)
		}
	}
	for i := range p.Changes {
		for _, row := range p.Changes[i].Rows {
			b.addChange(row, p.Changes[i].ID)
		}
	}
	return b
}

// addChange notes a change as one of a row's, once. Both the plan's rows and
// its changes name each other; where one of them does not, the other counts.
func (b *builder) addChange(row int, id string) {
	if row < 0 || row >= len(b.rowOf) || b.changes[id] == nil {
		return
	}
	for _, have := range b.rowOf[row] {
		if have == id {
			return
		}
	}
	b.rowOf[row] = append(b.rowOf[row], id)
}

// byRow groups problems by the row that they are about.
func byRow(ps []plan.Problem) map[plan.Cell][]plan.Problem {
	m := make(map[plan.Cell][]plan.Problem, len(ps))
	for _, p := range ps {
		at := p.Cell.Whole()
		m[at] = append(m[at], p)
	}
	return m
}

// status is what became of one change.
func (b *builder) status(c *plan.Change) Status {
	out, ok := b.state.Outcomes[c.ID]
	if _, open := b.state.Open[c.ID]; open && out.Status != journal.Ambiguous {
		return Pending // a newer call than the outcome is unanswered
	}
	if ok {
		return fromJournal(out.Status)
	}
	if c.Tainted && b.state.Run != nil {
		return Blocked // a run that has begun leaves it out
	}
	return Pending
}

// safety leaves out what the run has put right.
func (b *builder) safety() []plan.SafetyItem {
	var left []plan.SafetyItem
	for _, item := range b.plan.Safety {
		fixed := len(item.Changes) > 0
		for _, id := range item.Changes {
			c := b.changes[id]
			fixed = fixed && c != nil && (b.status(c) == Applied || b.status(c) == NoOp)
		}
		if !fixed {
			left = append(left, item)
		}
	}
	return left
}

// unite makes one header of several: columns of the same name become one, the
// n-th of a name with the n-th. It also tells for each sheet where its columns
// went.
func unite(sheets []plan.SheetInfo) (columns []string, place [][]int) {
	type key struct {
		header string
		nth    int
	}
	at := map[key]int{}
	place = make([][]int, len(sheets))
	for i, s := range sheets {
		seen := map[string]int{}
		for _, header := range s.Header {
			k := key{header, seen[header]}
			seen[header]++
			if _, ok := at[k]; !ok {
				at[k] = len(columns)
				columns = append(columns, header)
			}
			place[i] = append(place[i], at[k])
		}
	}
	return columns, place
}
