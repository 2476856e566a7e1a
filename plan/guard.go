package plan

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// minPercentLimit is the least that a percentage comes to: in a small account
// 2 % of the phones would forbid everything.
const minPercentLimit = 3

// DefaultGuards are the guards of a run that states none. A zero [Bound] in
// [Guards] means the same as its default here.
func DefaultGuards() Guards {
	return Guards{
		MaxRemovals:       Bound{Count: 10, HasCount: true, Percent: 2, HasPercent: true},
		MaxSwaps:          Bound{Count: 50, HasCount: true, Percent: 5, HasPercent: true},
		MaxAddressChanges: Bound{Count: 100, HasCount: true, Percent: 10, HasPercent: true},
		MaxAdds:           Bound{Count: 100, HasCount: true},
		MaxChanges:        Bound{None: true},
		MaxStale:          Bound{Percent: 10, HasPercent: true},
	}
}

// ParseBound reads a limit: "10", "2%", "10,2%" (in either order) or "none".
func ParseBound(s string) (Bound, error) {
	var b Bound
	text := strings.TrimSpace(s)
	if strings.EqualFold(text, "none") {
		return Bound{None: true}, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if pct, ok := strings.CutSuffix(part, "%"); ok {
			p, err := strconv.ParseFloat(strings.TrimSpace(pct), 64)
			if err != nil || b.HasPercent || math.IsNaN(p) || p < 0 || p > 100 {
				return Bound{}, boundError(s)
			}
			b.Percent, b.HasPercent = p, true
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || b.HasCount || n < 0 {
			return Bound{}, boundError(s)
		}
		b.Count, b.HasCount = n, true
	}
	return b, nil
}

// BoundForms says for people what [ParseBound] reads.
const BoundForms = "a count (10), a percentage of the account's phones (2%), both (10,2%) or none"

func boundError(s string) error {
	return fmt.Errorf("limit %q: want %s", s, BoundForms)
}

// String is the text form that [ParseBound] reads; the zero value is
// "default".
func (b Bound) String() string {
	pct := strconv.FormatFloat(b.Percent, 'f', -1, 64) + "%"
	switch {
	case b.HasCount && b.HasPercent:
		return strconv.Itoa(b.Count) + "," + pct
	case b.HasCount:
		return strconv.Itoa(b.Count)
	case b.HasPercent:
		return pct
	case b.None:
		return "none"
	default:
		return "default"
	}
}

// IsZero reports whether the bound states nothing, not even "none".
func (b Bound) IsZero() bool { return b == Bound{} }

// Limit is the number that the bound comes to where "assigned" phones are
// the 100 %. A percentage is rounded down but is not below 3; of a count and
// a percentage the lower counts, and the count is taken as it stands. False
// means that there is no limit.
func (b Bound) Limit(assigned int) (int, bool) {
	limit, ok := 0, false
	if b.HasPercent {
		// The small term keeps 0.29 * 100 from becoming 28.
		limit, ok = max(minPercentLimit, int(math.Floor(b.Percent*float64(assigned)/100+1e-9))), true
	}
	if b.HasCount && (!ok || b.Count < limit) {
		limit, ok = b.Count, true
	}
	return limit, ok
}

// words says where a limit that has a percentage comes from: "the lower of 10
// and 2% of 160 phones".
func (b Bound) words(assigned int) string {
	t := strconv.FormatFloat(b.Percent, 'f', -1, 64) + "% of " + strconv.Itoa(assigned) + " phones"
	if b.Percent*float64(assigned)/100 < minPercentLimit {
		t += ", but at least " + strconv.Itoa(minPercentLimit)
	}
	if b.HasCount {
		t = "the lower of " + strconv.Itoa(b.Count) + " and " + t
	}
	return t
}

// guardCount is one guard's name, bound and what the plan has of it.
type guardCount struct {
	guard string
	what  noun
	bound Bound
	count int
}

// noun is what a guard counts: of one, and of several.
type noun struct{ one, more string }

func (w noun) of(n int) string {
	if n == 1 {
		return w.one
	}
	return w.more
}

// GuardState is a guard and what a plan has of it. Its limit is "none" where
// there is none.
type GuardState struct {
	Breach
	Broken  bool
	Default string // what the guard is where nobody sets it; empty: it is that
}

// CheckGuards returns the guards that the plan breaks, in the order of the
// documentation. It never spoils the plan: who applies it decides. MaxStale
// is a guard of the run, not of the plan.
func (p *Plan) CheckGuards(g Guards) []Breach {
	if g.Off {
		return nil
	}
	var out []Breach
	for _, s := range p.GuardStates(g) {
		if s.Broken {
			out = append(out, s.Breach)
		}
	}
	return out
}

// GuardStates lists every guard of a plan in the order of the documentation,
// the broken ones as [Plan.CheckGuards] has them. That guards are off does not
// count here: it says what they would say.
func (p *Plan) GuardStates(g Guards) []GuardState {
	var out []GuardState
	def := DefaultGuards()
	defaults := p.guardCounts(def, def)
	for i, c := range p.guardCounts(g, def) {
		limit, ok := c.bound.Limit(p.AssignedPhones)
		text := "none"
		if ok {
			text = strconv.Itoa(limit)
		}
		if c.bound.HasPercent {
			text += " (" + c.bound.words(p.AssignedPhones) + ")"
		}
		out = append(out, GuardState{breach(c.guard, text, c.count, strconv.Itoa(c.count), c.what), ok && c.count > limit, otherThan(c.bound.String(), defaults[i].bound.String())})
	}
	n := p.Counts()[KindCreateLocation]
	out = append(out, GuardState{
		breach("max-new-locations", strconv.Itoa(g.MaxNewLocations), n, strconv.Itoa(n), noun{"new emergency response location", "new emergency response locations"}),
		n > g.MaxNewLocations, otherThan(strconv.Itoa(g.MaxNewLocations), strconv.Itoa(def.MaxNewLocations)),
	})
	n = len(p.LeftWithout)
	out = append(out, GuardState{
		breach("leave-without-phone", strconv.Itoa(g.LeaveWithoutPhone), n, strconv.Itoa(n), noun{"person left with no phone", "people left with no phone"}),
		n > g.LeaveWithoutPhone, otherThan(strconv.Itoa(g.LeaveWithoutPhone), strconv.Itoa(def.LeaveWithoutPhone)),
	})
	n = p.numbersReleased()
	limit, normal := "off", ""
	if g.ReleaseNumbers {
		limit, normal = "none", "off"
	}
	return append(out, GuardState{
		breach("release-numbers", limit, n, "", noun{"number given up for good", "numbers given up for good"}),
		n > 0 && !g.ReleaseNumbers, normal,
	})
}

// otherThan is the default of a guard that is set to something else.
func otherThan(set, normal string) string {
	if set == normal {
		return ""
	}
	return normal
}

func (p *Plan) guardCounts(g, def Guards) []guardCount {
	n := p.Counts()
	removals, addresses := 0, 0
	for i := range p.Changes {
		c := &p.Changes[i]
		if (c.Kind == KindRemove || c.Kind == KindUnstock) && !c.Uncounted {
			removals++
		}
		// The address of a phone that this plan adds is not a change of one.
		if c.Update() != nil && c.Update().Emergency != nil && c.Update().Device.ID != "" {
			addresses++
		}
	}
	or := func(b, d Bound) Bound {
		if b.IsZero() {
			return d
		}
		return b
	}
	return []guardCount{
		{"max-removals", noun{"removal", "removals"}, or(g.MaxRemovals, def.MaxRemovals), removals},
		{"max-swaps", noun{"swap", "swaps"}, or(g.MaxSwaps, def.MaxSwaps), n[KindSwap]},
		{"max-address-changes", noun{"change of an emergency address", "changes of an emergency address"}, or(g.MaxAddressChanges, def.MaxAddressChanges), addresses},
		{"max-adds", noun{"added line", "added lines"}, or(g.MaxAdds, def.MaxAdds), n[KindAdd]},
		{"max-changes", noun{"change", "changes"}, or(g.MaxChanges, def.MaxChanges), len(p.Changes)},
	}
}

// numbersReleased counts the numbers that the plan gives up: those that are
// known, and at least one for each removal that keeps nothing.
func (p *Plan) numbersReleased() int {
	removals := 0
	for i := range p.Changes {
		if r := p.Changes[i].Remove(); r != nil && !r.KeepAssets {
			removals++
		}
	}
	return max(removals, len(p.NumbersGivenUp))
}

func breach(guard, limit string, count int, value string, what noun) Breach {
	flag, allowed := "--"+guard, "none is allowed"
	if value != "" {
		flag += " " + value
	}
	switch {
	case limit == "1" || strings.HasPrefix(limit, "1 "):
		allowed = "allowed is " + limit
	case limit != "0" && limit != "off":
		allowed = "allowed are " + limit
	}
	them := "them"
	if count == 1 {
		them = "it"
	}
	return Breach{
		Guard: guard, Limit: limit, Count: count, Flag: flag,
		Message: fmt.Sprintf("%d %s; %s; %s allows %s", count, what.of(count), allowed, flag, them),
	}
}

// Counts tells how many changes of each kind the plan has; kinds without
// changes are there with zero.
func (p *Plan) Counts() map[Kind]int {
	m := make(map[Kind]int, len(Kinds()))
	for _, k := range Kinds() {
		m[k] = 0
	}
	for i := range p.Changes {
		m[p.Changes[i].Kind]++
	}
	return m
}

// validate refuses guards that no flag could have set.
func (g Guards) validate() error {
	for _, b := range []Bound{g.MaxRemovals, g.MaxSwaps, g.MaxAddressChanges, g.MaxAdds, g.MaxChanges, g.MaxStale} {
		if b.Count < 0 || b.Percent < 0 || b.Percent > 100 || math.IsNaN(b.Percent) {
			return fmt.Errorf("guard %s: a limit is not negative and a percentage at most 100", b)
		}
	}
	if slices.Min([]int{g.MaxNewLocations, g.LeaveWithoutPhone}) < 0 {
		return fmt.Errorf("guard: a limit is not negative")
	}
	return nil
}
