package report

import (
	"fmt"
	"io"
	"slices"

	"provision/executor/report/review"
	"provision/plan"
)

// View is the review of a plan as a terminal shows it.
type View struct {
	Review *review.Review
	// Limit is how many entries of each list are shown, errors excepted, which
	// are always shown all; 0 or less: all.
	Limit int
	// Unchanged lists everything: all entries of every list, whatever Limit
	// says, and the rows that need nothing, which are only counted otherwise.
	Unchanged bool
}

// defaultLimit is [View.Limit] as [PlanView] sets it.
const defaultLimit = 25

// PlanView makes the view of a review. The caller may change its exported
// fields before it is written.
func PlanView(r *review.Review) *View {
	return &View{Review: r, Limit: defaultLimit}
}

// WritePlanText writes the view for a terminal of the given width (0: nothing
// is wrapped). It opens with what could do harm: breached guards, phones without
// a reliable emergency address, people left without a phone, numbers given up,
// lines to be billed, phones interrupted, new ERLs. Colours are the caller's
// decision.
func WritePlanText(w io.Writer, v *View, width int, color bool) error {
	s := &screen{width: width, color: color}
	v.guards(s)
	v.guardsSet(s)
	v.safety(s)
	v.losses(s)
	v.costs(s)
	v.problems(s)
	v.undo(s)
	v.changes(s)
	v.people(s)
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
	if v.Review.GuardsOff {
		s.heading(colorBad, "ALL GUARDS ARE OFF (--guards=off): nothing refuses this plan, however many phones it removes or moves, or numbers it gives up")
		return
	}
	if len(v.Review.Broken) == 0 {
		return
	}
	s.heading(colorBad, "GUARDS REFUSE THIS PLAN: nothing will be sent unless each is allowed by its flag")
	guardTable(s, v.Review.Broken, true)
}

func guardTable(s *screen, list []review.Guard, flag bool) {
	var rows [][]string
	for _, g := range list {
		row := []string{g.Name, g.Bound(), thousands(g.Count), ""}
		if flag {
			row[3] = g.Flag
		}
		rows = append(rows, row)
	}
	s.table(columns{header: []string{"guard", "limit", "count", "flag"}, flex: []int{1}}, rows)
}

// guardsSet lists the guards that pass and that somebody set, so that nobody
// takes a silent guard for one at its default; of guards that are off, those
// that would refuse.
func (v *View) guardsSet(s *screen) {
	var would, set []review.Guard
	for _, g := range v.Review.Guards {
		switch {
		case v.Review.GuardsOff && g.Broken:
			would = append(would, g)
		case !v.Review.GuardsOff && !g.Broken && g.Default != "" && len(v.Review.Changes) > 0:
			set = append(set, g)
		}
	}
	if n := len(would); n > 0 {
		s.heading(colorBad, "Without --guards=off %s would refuse this plan:", count(n, "guard"))
		guardTable(s, would, false)
	}
	if n := len(set); n > 0 {
		s.heading(colorWarn, "Guards that pass and are not at their default: %s", thousands(n))
		guardTable(s, set, false)
	}
}

func (v *View) safety(s *screen) {
	list := v.Review.Safety
	if len(list) == 0 {
		return
	}
	s.heading(colorBad, "EMERGENCY ADDRESS NOT RELIABLE: %s of the named extensions", count(len(list), "phone"))
	var rows [][]string
	for _, i := range list[:v.shown(len(list))] {
		rows = append(rows, []string{i.Extension, i.Person, i.Device, i.Number, i.Status, i.Repair})
	}
	s.table(columns{header: []string{"ext", "person", "device", "number", "address", ""}, flex: []int{1}}, rows)
	v.more(s, len(list))
}

// losses are people left without a phone and numbers given up.
func (v *View) losses(s *screen) {
	if list := v.Review.LeftWithout; len(list) > 0 {
		verb := "ARE"
		if len(list) == 1 {
			verb = "IS"
		}
		s.heading(colorBad, "%s %s LEFT WITHOUT A PHONE", peopleCount(len(list)), verb)
		for _, p := range list[:v.shown(len(list))] {
			s.line("%s", words("  ", p.Extension, p.Person))
		}
		v.more(s, len(list))
	}
	if list := v.Review.NumbersGivenUp; len(list) > 0 {
		needs := ""
		if slices.ContainsFunc(v.Review.Broken, func(b review.Guard) bool { return b.Name == "release-numbers" }) {
			needs = " (needs --release-numbers)"
		}
		s.heading(colorBad, "GIVEN UP FOR GOOD: %s%s", count(len(list), "number"), needs)
		for _, n := range list[:v.shown(len(list))] {
			s.line("%s", n)
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

// costs are new billed lines, phones that are interrupted, and new ERLs, which
// the whole account sees.
func (v *View) costs(s *screen) {
	r := v.Review
	if n := r.Kinds[plan.KindAdd]; n > 0 {
		s.heading(colorWarn, "New lines that are billed: %s", thousands(n))
	}
	v.interrupted(s)
	if n := len(r.NewLocations); n > 0 {
		s.heading(colorWarn, "New emergency locations, visible to the whole account: %s", thousands(n))
		var rows [][]string
		for _, l := range r.NewLocations[:v.shown(n)] {
			rows = append(rows, []string{l.Name, l.Address, words(" at ", l.NearestName, l.NearestAddress) + l.NearestNote})
		}
		s.table(columns{header: []string{"new", "at", "nearest existing one"}, flex: []int{0, 1, 2}}, rows)
		v.more(s, n)
	}
}

// interrupted counts the phones that can't be used for some time. They are
// listed where all is: each stands among the changes too.
func (v *View) interrupted(s *screen) {
	list := v.Review.Interrupted
	if len(list) == 0 {
		return
	}
	hint := " (-v names them)"
	if v.Unchanged {
		hint = ""
	}
	s.heading(colorWarn, "Phones that are interrupted (swapped, removed or replaced): %s%s", thousands(len(list)), hint)
	if !v.Unchanged {
		return
	}
	var rows [][]string
	for _, i := range list {
		rows = append(rows, []string{i.Extension, i.Person, i.Device, i.Why})
	}
	s.table(columns{header: []string{"ext", "person", "device", "why"}, flex: []int{1, 3}}, rows)
}

// people names whoever has a change, where everything is listed.
func (v *View) people(s *screen) {
	list := v.Review.People
	if !v.Unchanged || len(list) == 0 {
		return
	}
	s.heading(colorHead, "People affected: %s", thousands(len(list)))
	var rows [][]string
	for _, p := range list {
		rows = append(rows, []string{p.Extension, p.Person, p.Site, kindNames(p.Kinds)})
	}
	s.table(columns{header: []string{"ext", "person", "site", "what"}, flex: []int{1, 2, 3}}, rows)
}

func (v *View) problems(s *screen) {
	if list := v.Review.Errors; len(list) > 0 {
		s.heading(colorBad, "%s in the sheets", count(len(list), "error"))
		v.problemLines(s, list, len(list)) // all that is wrong is shown in one pass
	}
	if list := v.Review.Warnings; len(list) > 0 {
		s.heading(colorWarn, "%s", count(len(list), "warning"))
		v.problemLines(s, list, v.shown(len(list)))
		v.more(s, len(list))
	}
}

func (v *View) problemLines(s *screen, list []review.Problem, n int) {
	for _, p := range list[:n] {
		s.line("%s", words(" ", p.Full, quoted(shorten(p.Value)))+": "+p.Message)
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
