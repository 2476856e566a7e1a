package homes

import (
	"slices"
	"strconv"
	"strings"

	"provision/plan"
)

// Mask returns copies of plans without home addresses. Tokens are shared
// between the plans and counted in the last one first, so that it has the same
// tokens as it would have alone.
func Mask(plans ...*plan.Plan) []*plan.Plan {
	out := make([]*plan.Plan, len(plans))
	m := &masker{company: map[string]bool{}, tokens: map[string]string{}, texts: map[string]string{}}
	for _, p := range plans {
		m.learnCompany(p)
	}
	for _, p := range slices.Backward(plans) {
		m.learnHomes(p)
	}
	m.settle()
	for i, p := range plans {
		out[i] = m.plan(p)
	}
	return out
}

// masker knows what is whose.
type masker struct {
	company map[string]bool   // places of the company, by key
	tokens  map[string]string // of homes, by the place's key
	texts   map[string]string // what to replace in texts
	all     *strings.Replacer
	ids     map[string]string // of changes of the plan at hand, to be shown instead
}

// learnCompany gathers the places of company ERLs.
func (m *masker) learnCompany(p *plan.Plan) {
	add := func(a plan.Address) {
		if a.Street != "" {
			m.company[a.PlaceKey()] = true
		}
	}
	emergency := func(e *plan.Emergency) {
		if e != nil && !private(e) && (e.LocationID != "" || e.LocationName != "") {
			add(e.Address)
		}
	}
	lone := loneLocations(p)
	target := func(t *plan.EmergencyTarget) {
		if t != nil && t.Location != nil && !lone[t.Location.Change] {
			add(t.Place)
		}
	}
	for i := range p.Rows {
		// A row that names an ERL beside its address, and is right, is there.
		if r := &p.Rows[i]; r.Status != plan.RowInvalid && p.Stated(r, "emergency_location") != "" {
			add(rowAddress(p, r))
		}
	}
	for i := range p.Phones {
		emergency(p.Phones[i].Emergency())
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		if f := c.Before(); f != nil {
			emergency(f.Emergency)
		}
		// What is to be there is told by the change that makes it.
		if f := c.After(); f != nil && !lone[c.ID] && !goesTo(c, lone) {
			emergency(f.Emergency)
		}
		emergency(c.Requires().Emergency)
		if c.Location() != nil {
			if !lone[c.ID] {
				add(c.Location().Address)
			}
			if c.Location().Nearest != nil {
				add(c.Location().Nearest.Address)
			}
		}
		if c.Add() != nil {
			target(c.Add().Emergency)
		}
		if c.Update() != nil {
			target(c.Update().Emergency)
		}
	}
}

// goesTo reports whether a change gives a phone one of some new ERLs.
func goesTo(c *plan.Change, locations map[string]bool) bool {
	return slices.ContainsFunc(targets(c), func(t *plan.EmergencyTarget) bool { return t.Location != nil && locations[t.Location.Change] })
}

func private(e *plan.Emergency) bool { return e.Visibility == "Private" }

// loneLocations are the new ERLs that one extension alone asks for and that no
// row gives a name, by the ids of their changes. Such a place is more likely a
// home than an office.
func loneLocations(p *plan.Plan) map[string]bool {
	out := map[string]bool{}
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Location() == nil {
			continue
		}
		extensions := map[string]bool{}
		named := false
		for _, r := range c.Rows {
			if r >= 0 && r < len(p.Rows) {
				extensions[p.Rows[r].ExtensionNumber()] = true
				named = named || p.Stated(&p.Rows[r], "emergency_location") != ""
			}
		}
		if !named && len(extensions) < 2 {
			out[c.ID] = true
		}
	}
	return out
}

// rowAddress is the address that a row states, as far as its cells tell.
func rowAddress(p *plan.Plan, r *plan.RowResult) plan.Address {
	a := plan.Address{
		Street: p.Stated(r, "street"), Street2: p.Stated(r, "street2"), City: p.Stated(r, "city"),
		State: p.Stated(r, "state"), Zip: p.Stated(r, "zip"), Country: p.Stated(r, "country"),
	}
	if a.Country == "" && !a.IsZero() {
		a.Country = p.Options.Country
	}
	return a
}

// learnHomes gives each home a token, in the order of rows and changes.
func (m *masker) learnHomes(p *plan.Plan) {
	for i := range p.Rows {
		m.learn(rowAddress(p, &p.Rows[i]))
	}
	for _, k := range p.Options.KnownPlaces {
		m.learn(k.Asked)
		m.learn(k.Stored)
	}
	lone := loneLocations(p)
	emergency := func(e *plan.Emergency) {
		if e == nil {
			return
		}
		if private(e) || e.LocationID == "" && e.LocationName == "" {
			m.learn(e.Address)
			if m.isHome(e.Address) {
				m.text(e.LocationName, m.tokens[e.Address.PlaceKey()])
			}
		}
	}
	for i := range p.Phones {
		emergency(p.Phones[i].Emergency())
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		for _, f := range []*plan.Facts{c.Before(), c.After()} {
			if f != nil && c.Location() == nil {
				emergency(f.Emergency)
			}
		}
		emergency(c.Requires().Emergency)
		if c.Location() != nil && lone[c.ID] {
			m.learn(c.Location().Address)
			m.text(c.Location().Name, m.tokens[c.Location().Address.PlaceKey()])
		}
		for _, t := range targets(c) {
			if t.Address != nil {
				m.learn(*t.Address)
			}
			m.learn(t.Place)
		}
	}
}

// targets are the emergency addresses that a change sets.
func targets(c *plan.Change) []*plan.EmergencyTarget {
	var out []*plan.EmergencyTarget
	if c.Add() != nil && c.Add().Emergency != nil {
		out = append(out, c.Add().Emergency)
	}
	if c.Update() != nil && c.Update().Emergency != nil {
		out = append(out, c.Update().Emergency)
	}
	return out
}

// learn notes an address that is a home unless the company is there, and how
// it is spelled.
func (m *masker) learn(a plan.Address) {
	if a.Street == "" && a.Street2 == "" && a.Zip == "" || m.company[a.PlaceKey()] {
		return
	}
	key := a.PlaceKey()
	token := m.tokens[key]
	if token == "" {
		token = "home-" + strconv.Itoa(len(m.tokens)+1)
		m.tokens[key] = token
	}
	m.spell(a, token)
}

// spell notes the texts by which an address may stand inside a sentence.
func (m *masker) spell(a plan.Address, token string) {
	m.text(a.Line(), token)
	for _, parts := range [][]string{
		{a.Street, a.Street2, a.City, a.State, a.Zip}, {a.Street, a.Street2, a.City}, {a.Street, a.City}, {a.Street, a.Street2}, {a.Street},
		{a.Street2, a.City}, {a.City, strings.TrimSpace(a.State + " " + a.Zip)},
	} {
		parts = slices.DeleteFunc(parts, func(t string) bool { return t == "" })
		m.text(strings.Join(parts, ", "), token)
	}
}

// leastText is how long a text has to be to be looked for in sentences: a
// shorter one stands there for other reasons.
const leastText = 5

func (m *masker) text(t, token string) {
	t = strings.TrimSpace(t)
	if len(t) >= leastText && token != "" && m.texts[t] == "" {
		m.texts[t] = token
	}
}

// settle makes the replacer: of two texts that begin at the same place the
// longer one is meant.
func (m *masker) settle() {
	var olds []string
	for t := range m.texts {
		olds = append(olds, t)
	}
	slices.SortFunc(olds, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	pairs := make([]string, 0, 2*len(olds))
	for _, t := range olds {
		pairs = append(pairs, t, m.texts[t])
	}
	m.all = strings.NewReplacer(pairs...)
}

// isHome reports whether an address was given a token.
func (m *masker) isHome(a plan.Address) bool { return m.tokens[a.PlaceKey()] != "" }

// address is what may be shown of an address.
func (m *masker) address(a plan.Address) plan.Address {
	if t := m.tokens[a.PlaceKey()]; t != "" && !a.IsZero() {
		return plan.Address{Street: t}
	}
	return a
}
