package review

import (
	"slices"
	"strings"

	"provision/executor/report/wording"
	"provision/plan"
)

// Topic is what a [Question] is about.
type Topic string

// The topics, in the order in which a review asks.
const (
	AboutGuards      Topic = "guards"
	AboutErrors      Topic = "errors"
	AboutSafety      Topic = "unreliable_addresses"
	AboutLeftWithout Topic = "left_without_phone"
	AboutGivenUp     Topic = "numbers_given_up"
	AboutNewLines    Topic = "new_lines"
	AboutInterrupted Topic = "phones_interrupted"
	AboutLocations   Topic = "new_locations"
	AboutNotUndone   Topic = "not_undone"
	AboutPeople      Topic = "people_affected"
)

// Question is something that needs a yes.
type Question struct {
	Topic Topic
	Count int
	Title string // a short sentence with the count
	Grave bool   // it can do harm, or nothing can be sent
}

// Questions lists what needs a yes; what there is none of is left out.
func (r *Review) Questions() []Question {
	var out []Question
	ask := func(t Topic, n int, grave bool, title string) {
		if n > 0 {
			out = append(out, Question{t, n, title, grave})
		}
	}
	switch {
	case r.GuardsOff:
		out = append(out, Question{AboutGuards, len(r.Broken), "All guards are off (--guards=off): nothing refuses this plan, however many phones it removes or moves, or numbers it gives up", true})
	default:
		ask(AboutGuards, len(r.Broken), true, wording.Count(len(r.Broken), "guard")+" "+refuse(len(r.Broken))+" this plan: nothing is sent unless each is allowed by its flag")
	}
	ask(AboutErrors, len(r.Errors), true, wording.Count(len(r.Errors), "error")+" in the sheets: nothing is sent, unless --skip-bad-rows leaves these rows out")
	ask(AboutSafety, len(r.Safety), true, "Emergency address not reliable: "+wording.Count(len(r.Safety), "phone")+" of the named extensions")
	ask(AboutLeftWithout, len(r.LeftWithout), true, peopleAre(len(r.LeftWithout))+" left without a phone")
	ask(AboutGivenUp, len(r.NumbersGivenUp), true, "Given up for good: "+wording.Count(len(r.NumbersGivenUp), "number"))
	ask(AboutNewLines, len(r.NewLines), false, "New lines that are billed: "+wording.Thousands(len(r.NewLines)))
	ask(AboutInterrupted, len(r.Interrupted), false, "Phones that are interrupted: "+wording.Thousands(len(r.Interrupted)))
	ask(AboutLocations, len(r.NewLocations), false, "New emergency locations, visible to the whole account: "+wording.Thousands(len(r.NewLocations)))
	if r.Undo != nil {
		ask(AboutNotUndone, len(r.Undo.Not), false, "Not undone, stays as the run left it: "+wording.Thousands(len(r.Undo.Not)))
	}
	ask(AboutPeople, len(r.People), false, "People affected: "+wording.Thousands(len(r.People)))
	return out
}

// Asks reports whether something about the topic needs a yes.
func (r *Review) Asks(about Topic) bool {
	return slices.ContainsFunc(r.Questions(), func(q Question) bool { return q.Topic == about })
}

// Asked counts what each question is about; every topic of a plan made of
// sheets has an entry.
func (r *Review) Asked() map[Topic]int {
	n := map[Topic]int{}
	for _, t := range []Topic{AboutGuards, AboutErrors, AboutSafety, AboutLeftWithout, AboutGivenUp, AboutNewLines, AboutInterrupted, AboutLocations, AboutPeople} {
		n[t] = 0
	}
	for _, q := range r.Questions() {
		n[q.Topic] = q.Count
	}
	return n
}

func refuse(n int) string {
	if n == 1 {
		return "refuses"
	}
	return "refuse"
}

func peopleAre(n int) string {
	if n == 1 {
		return "1 person is"
	}
	return wording.Thousands(n) + " people are"
}

// KindsLine counts the changes by kind, and says of how many updates the phone
// is one that the plan adds.
func (r *Review) KindsLine() string {
	var parts []string
	for _, k := range plan.Kinds() {
		if r.Kinds[k] == 0 {
			continue
		}
		part := wording.Thousands(r.Kinds[k]) + " " + k.String()
		if k == plan.KindUpdate {
			part += r.ofAdded()
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// ofAdded is " (17 name an added phone)", or empty where no update does.
func (r *Review) ofAdded() string {
	one, more := "finishes", "finish"
	if r.AllNameIt {
		one, more = "names", "name"
	}
	switch r.Finishing {
	case 0:
		return ""
	case 1:
		return " (1 " + one + " an added phone)"
	}
	return " (" + wording.Thousands(r.Finishing) + " " + more + " an added phone)"
}

// RowsLine counts the rows by what planning made of them.
func (r *Review) RowsLine() string {
	n := r.Rows
	t := wording.Thousands(n.Total) + ": " + wording.Thousands(n.Changed) + " to change, " + wording.Thousands(n.NoOp) + " need nothing, " +
		wording.Thousands(n.Ignored) + " ignored, " + wording.Thousands(n.Invalid) + " in error"
	if n.Deferred > 0 {
		t += ", " + wording.Thousands(n.Deferred) + " left over as their extension is not there yet"
	}
	if n.Deselected > 0 {
		t += ", " + wording.Thousands(n.Deselected) + " not selected"
	}
	return t
}

// CallsLine says what the changes cost. The least time is what the rate limits
// make it: an apply also sends, reads back and waits for addresses to be judged.
func (r *Review) CallsLine() string {
	c := r.Calls
	if c == (Calls{}) {
		return "none"
	}
	takes := "they take at least " + wording.Lasting(c.LeastSeconds)
	if c.LeastSeconds == 0 {
		takes = "the rate limits hold none up, reading back what came of them takes longer"
	}
	return wording.Thousands(c.Medium) + " medium, " + wording.Thousands(c.Heavy) + " heavy, " + wording.Thousands(c.Light) + " light; " + takes
}

// Nothing says that nothing is to be done, and why; empty where something is.
func (r *Review) Nothing() string {
	switch {
	case len(r.Changes) > 0 || len(r.Errors) > 0:
		return ""
	case r.Undo != nil:
		return "Nothing to undo: all that can go back is as it was before run " + r.Undo.Run + "."
	case r.Rows.Deselected > 0:
		return "Nothing to do: nothing of what is selected is to be done; " + wording.Count(r.Rows.Deselected, "row") + " not selected."
	case r.Rows.Deferred > 0:
		return "Nothing to do now: the account is as the sheets say, but for the rows that are left over."
	}
	return "Nothing to do: the account is as the sheets say."
}
