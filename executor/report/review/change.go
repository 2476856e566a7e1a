package review

import (
	"slices"
	"strings"

	"provision/executor/report/wording"
	"provision/plan"
)

// Status says when a change is carried out.
type Status string

// The statuses of a planned change.
const (
	Ready       Status = "ready"
	Waits       Status = "waits"        // for another change of the plan
	BesideError Status = "beside_error" // shares something with a row in error
)

// Statuses lists all statuses.
func Statuses() []Status { return []Status{Ready, Waits, BesideError} }

// Words is the status for people.
func (s Status) Words() string {
	switch s {
	case Ready:
		return "ready"
	case Waits:
		return "waits for another change"
	case BesideError:
		return "shares something with a row in error"
	}
	return string(s)
}

// Change is one change.
type Change struct {
	ID                      string
	Kind                    plan.Kind
	Glyph                   string // + ~ <> -
	Site, Extension, Person string
	What                    string // all that it does, in one line
	Fields                  []Field
	Cell                    string   // the first cell that asks for it, and how many more rows do
	Cells                   []string // all cells, or rows, that ask for it
	Why                     string   // why the row means this object
	Status                  Status
	Needs                   []string // ids of changes that must succeed first
	After                   []string // ids of changes that must have ended
	Interrupts              bool     // a phone can't be used for some time
	GivesUp                 bool     // a number or device is given up for good
}

// Anchor is the change's id in a page.
func (c *Change) Anchor() string { return "c-" + c.ID }

// Group is some of the changes, under a heading.
type Group struct {
	Title   string
	Kind    plan.Kind // of a group by kind
	Changes []*Change
}

// ByKind lists the changes by kind, in listing order; kinds without changes
// are left out.
func (r *Review) ByKind() []Group {
	of := map[plan.Kind][]*Change{}
	for i := range r.Changes {
		c := &r.Changes[i]
		of[c.Kind] = append(of[c.Kind], c)
	}
	var out []Group
	for _, k := range plan.Kinds() {
		if len(of[k]) > 0 {
			out = append(out, Group{wording.KindTitle(k), k, of[k]})
		}
	}
	return out
}

// BySite lists the changes by site, by extension in it, and in listing order
// for each extension. Changes of no site, as new ERLs, come first.
func (r *Review) BySite() []Group {
	of := map[string][]*Change{}
	var sites []string
	for i := range r.Changes {
		c := &r.Changes[i]
		if of[c.Site] == nil {
			sites = append(sites, c.Site)
		}
		of[c.Site] = append(of[c.Site], c)
	}
	slices.Sort(sites)
	var out []Group
	for _, s := range sites {
		slices.SortStableFunc(of[s], func(a, b *Change) int { return compareExtensions(a.Extension, b.Extension) })
		out = append(out, Group{Title: s, Changes: of[s]})
	}
	return out
}

// compareExtensions orders extension numbers; what is of no extension comes
// first.
func compareExtensions(a, b string) int {
	if a == "" || b == "" {
		return strings.Compare(a, b)
	}
	return plan.CompareNumeric(a, b)
}

func (m *maker) changes() {
	m.r.Kinds = map[plan.Kind]int{}
	for _, k := range plan.Kinds() {
		m.r.Kinds[k] = 0
	}
	m.r.Changes = make([]Change, len(m.p.Changes))
	for i := range m.p.Changes {
		c := &m.p.Changes[i]
		m.r.Kinds[c.Kind]++
		m.r.Changes[i] = m.change(c)
		m.interrupts(c, &m.r.Changes[i])
		if c.Add() != nil {
			m.r.NewLines = append(m.r.NewLines, &m.r.Changes[i])
		}
	}
	m.finishing()
}

func (m *maker) change(c *plan.Change) Change {
	extension, person := m.whose(c)
	out := Change{
		ID: c.ID, Kind: c.Kind, Glyph: wording.Glyph(c.Kind), Site: wording.Clean(m.names.SiteOf(c)), Extension: wording.Clean(extension),
		Person: wording.Clean(person), What: wording.Clean(m.names.Describe(c)), Fields: m.names.fields(c), Cell: m.cellOf(c),
		Cells: m.cellsOf(c), Why: wording.Clean(c.Reason), Status: Ready, Needs: c.DependsOn(), After: c.Follows(),
		GivesUp: c.Remove() != nil && !c.Remove().KeepAssets,
	}
	if len(c.DependsOn())+len(c.Follows()) > 0 {
		out.Status = Waits
	}
	if c.Tainted {
		out.Status = BesideError
		out.Why = wording.Words("; ", out.Why, "shares something with a row in error")
	}
	return out
}

// whose is the extension of a change and its person. A device that is deleted is
// on none any more: then it is the row's that has it deleted, so that it stands
// beside what else becomes of that line.
func (m *maker) whose(c *plan.Change) (extension, person string) {
	if c.Unstock() == nil || c.ExtensionNumber() != "" {
		return c.ExtensionNumber(), c.Person()
	}
	for _, i := range c.Rows {
		if i >= 0 && i < len(m.p.Rows) && m.p.Rows[i].ExtensionNumber() != "" {
			return m.p.Rows[i].ExtensionNumber(), m.p.Rows[i].Person()
		}
	}
	return "", ""
}

// cellOf names the first cell that asks for a change, or the row where no cell
// does, and how many more rows ask for it. File and sheet are left out where
// there is only one sheet.
func (m *maker) cellOf(c *plan.Change) string {
	var at plan.Cell
	switch cells := c.Cells.List(); {
	case len(cells) > 0:
		at = cells[0]
	case len(c.Rows) > 0 && c.Rows[0] >= 0 && c.Rows[0] < len(m.p.Rows):
		at = m.p.Rows[c.Rows[0]].At
	case m.p.Options.Prune != "" && c.Remove() != nil:
		return "--prune"
	default:
		return ""
	}
	t := m.place(at)
	if more := len(c.Rows) - 1; more > 0 {
		t += " +" + wording.Thousands(more)
	}
	return t
}

// cellsOf names all cells, or rows, that ask for a change.
func (m *maker) cellsOf(c *plan.Change) []string {
	var out []string
	for _, at := range c.Cells.List() {
		out = append(out, m.place(at))
	}
	if len(out) > 0 {
		return out
	}
	for _, i := range c.Rows {
		if i >= 0 && i < len(m.p.Rows) {
			out = append(out, m.place(m.p.Rows[i].At))
		}
	}
	return out
}

func (m *maker) place(at plan.Cell) string {
	t := m.names.Short(at.String())
	if at.Column() == 0 && m.names.alone != "" {
		t = "row " + t
	}
	return wording.Clean(t)
}

// finishing counts the updates of phones that the plan adds: an add and its
// name are two changes of one row.
func (m *maker) finishing() {
	m.r.AllNameIt = true
	for i := range m.p.Changes {
		u := m.p.Changes[i].Update()
		if u == nil || m.p.Changes[i].Kind != plan.KindUpdate {
			continue
		}
		if add := m.names.changes[u.Device.Change]; add == nil || add.Add() == nil {
			continue
		}
		m.r.Finishing++
		m.r.AllNameIt = m.r.AllNameIt && u.Name != nil
	}
}
