package review

import "provision/executor/report/wording"

// Guard is a guard and what the plan has of what it limits.
type Guard struct {
	Name, Limit string
	Count       int
	Flag        string // what allows it
	Broken      bool
	Message     string
	Default     string // what it is where nobody sets it; empty: it is that
}

// Bound is the limit for people, who are to see that somebody set it.
func (g *Guard) Bound() string {
	if g.Default == "" {
		return g.Limit
	}
	return "set to " + g.Limit + "; the default is " + g.Default
}

// GuardsSet are the guards that are set to something else than their default.
func (r *Review) GuardsSet() []Guard {
	var out []Guard
	for _, g := range r.Guards {
		if g.Default != "" {
			out = append(out, g)
		}
	}
	return out
}

// GuardsLine says how many guards refuse the plan and how many are not at their
// default.
func (r *Review) GuardsLine() string {
	set := ""
	switch n := len(r.GuardsSet()); n {
	case 0:
	case 1:
		set = "; 1 is not at its default"
	default:
		set = "; " + wording.Thousands(n) + " are not at their default"
	}
	switch n := len(r.Broken); {
	case r.GuardsOff:
		return "All guards are off" + set
	case n > 0:
		return wording.Count(n, "guard") + " of " + wording.Thousands(len(r.Guards)) + " " + refuse(n) + set
	}
	return "No guard refuses: all " + wording.Thousands(len(r.Guards)) + " of them" + set
}

// Verdict is what a guard says of the plan.
func (r *Review) Verdict(g Guard) string {
	switch {
	case !g.Broken:
		return "passes"
	case r.GuardsOff:
		return "would refuse"
	}
	return "refuses"
}
