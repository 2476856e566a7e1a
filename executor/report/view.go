package report

import (
	"fmt"
	"io"
	"slices"

	"provision/plan"
)

// View is a plan as a person reads it who has to say yes or no.
type View struct {
	Plan     *plan.Plan
	Breaches []plan.Breach
	// Path is where the plan was saved; empty: nowhere.
	Path string
	// Limit is how many entries of each list are shown, errors excepted, which
	// are always shown all; 0 or less: all.
	Limit int
	// Unchanged lists everything: all entries of every list, whatever Limit
	// says, and the rows that need nothing, which are only counted otherwise.
	Unchanged bool

	names *names // while it is written
}

// defaultLimit is [View.Limit] as [PlanView] sets it.
const defaultLimit = 25

// PlanView makes the view of a plan and the guards that it breaks. The caller
// may change its exported fields before it is written.
func PlanView(p *plan.Plan, breaches []plan.Breach) *View {
	return &View{Plan: p, Breaches: breaches, Limit: defaultLimit}
}

// WritePlanText writes the view for a terminal of the given width (0: nothing
// is wrapped). It opens with what could do harm: breached guards, phones without
// a reliable emergency address, people left without a phone, numbers given up,
// lines to be billed, new ERLs. Colours are the caller's decision.
func WritePlanText(w io.Writer, v *View, width int, color bool) error {
	s := &screen{width: width, color: color}
	named := *v
	v = &named
	v.names = newNames(v.Plan)
	v.guards(s)
	v.safety(s)
	v.losses(s)
	v.costs(s)
	v.problems(s)
	v.undo(s)
	v.changes(s)
	v.others(s)
	v.summary(s)
	if _, err := io.WriteString(w, s.b.String()); err != nil {
		return fmt.Errorf("write plan as text: %w", err)
	}
	return nil
}

// WritePlanProblems writes the part of [WritePlanText] that says what is wrong
// with a plan: the guards that it breaks, errors and warnings.
func WritePlanProblems(w io.Writer, v *View, width int, color bool) error {
	s := &screen{width: width, color: color}
	v.guards(s)
	v.problems(s)
	if _, err := io.WriteString(w, s.b.String()); err != nil {
		return fmt.Errorf("write problems as text: %w", err)
	}
	return nil
}

func (v *View) guards(s *screen) {
	if v.Plan.Options.Guards.Off {
		s.heading(colorBad, "ALL GUARDS ARE OFF (--guards=off): nothing limits what this plan does")
	}
	if len(v.Breaches) == 0 {
		return
	}
	s.heading(colorBad, "GUARDS REFUSE THIS PLAN: nothing will be sent unless each is allowed by its flag")
	var rows [][]string
	for _, b := range v.Breaches {
		rows = append(rows, []string{b.Guard, b.Limit, thousands(b.Count), b.Flag})
	}
	s.table(columns{header: []string{"guard", "limit", "count", "flag"}, flex: []int{1}}, rows)
}

func (v *View) safety(s *screen) {
	list := v.Plan.Safety
	if len(list) == 0 {
		return
	}
	s.heading(colorBad, "EMERGENCY ADDRESS NOT RELIABLE: %s of the named extensions", count(len(list), "phone"))
	changes := map[string]*plan.Change{}
	for i := range v.Plan.Changes {
		changes[v.Plan.Changes[i].ID] = &v.Plan.Changes[i]
	}
	var rows [][]string
	for _, i := range list[:v.shown(len(list))] {
		rows = append(rows, []string{clean(i.Extension), clean(i.Person), string(i.Device), i.Number, i.Status, repair(i, changes)})
	}
	s.table(columns{header: []string{"ext", "person", "device", "number", "address", ""}, flex: []int{1}}, rows)
	v.more(s, len(list))
}

// repair says what the plan does about an address that can't be relied on.
func repair(i plan.SafetyItem, changes map[string]*plan.Change) string {
	removed := false
	for _, id := range i.Changes {
		c := changes[id]
		switch {
		case c == nil: // the plan contradicts itself; nothing is claimed
		case c.Update() != nil && c.Update().Emergency != nil:
			return "this plan sets it"
		case c.Remove() != nil:
			removed = true
		}
	}
	if removed {
		return "this plan removes the phone"
	}
	return "no row changes it"
}

// losses are people left without a phone and numbers given up.
func (v *View) losses(s *screen) {
	if list := v.Plan.LeftWithout; len(list) > 0 {
		verb := "ARE"
		if len(list) == 1 {
			verb = "IS"
		}
		s.heading(colorBad, "%s %s LEFT WITHOUT A PHONE", peopleCount(len(list)), verb)
		for _, p := range list[:v.shown(len(list))] {
			s.line("%s", words("  ", clean(p.Extension), clean(p.Person)))
		}
		v.more(s, len(list))
	}
	if list := v.Plan.NumbersGivenUp; len(list) > 0 {
		needs := ""
		if slices.ContainsFunc(v.Breaches, func(b plan.Breach) bool { return b.Guard == "release-numbers" }) {
			needs = " (needs --release-numbers)"
		}
		s.heading(colorBad, "GIVEN UP FOR GOOD: %s%s", count(len(list), "number"), needs)
		for _, n := range list[:v.shown(len(list))] {
			s.line("%s", clean(n))
		}
		v.more(s, len(list))
	}
}

func peopleCount(n int) string {
	if n == 1 {
		return "1 PERSON"
	}
	return thousands(n) + " PEOPLE"
}

// costs are new billed lines and new ERLs, which the whole account sees.
func (v *View) costs(s *screen) {
	n := countKinds(v.Plan.Changes)
	if n[plan.KindAdd] > 0 {
		s.heading(colorWarn, "New lines that are billed: %s", thousands(n[plan.KindAdd]))
	}
	if n[plan.KindCreateLocation] > 0 {
		s.heading(colorWarn, "New emergency locations, visible to the whole account: %s", thousands(n[plan.KindCreateLocation]))
	}
}

func (v *View) problems(s *screen) {
	if list := v.Plan.Errors; len(list) > 0 {
		s.heading(colorBad, "%s in the sheets", count(len(list), "error"))
		v.problemLines(s, list, len(list)) // all that is wrong is shown in one pass
	}
	if list := v.Plan.Warnings; len(list) > 0 {
		s.heading(colorWarn, "%s", count(len(list), "warning"))
		v.problemLines(s, list, v.shown(len(list)))
		v.more(s, len(list))
	}
}

func (v *View) problemLines(s *screen, list []plan.Problem, n int) {
	for _, p := range list[:n] {
		s.line("%s", words(" ", clean(p.Cell.String()), quoted(clean(p.Value)))+": "+clean(p.Message))
	}
}

// shown is how many of n entries are listed.
func (v *View) shown(n int) int {
	if v.Limit <= 0 || v.Unchanged {
		return n
	}
	return min(n, v.Limit)
}

// more says how much of a list of n was left out, and how to see it.
func (v *View) more(s *screen, n int) { s.more(n-v.shown(n), " (-v shows all)") }
