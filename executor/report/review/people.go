package review

import (
	"cmp"
	"slices"

	"provision/executor/report/wording"
	"provision/plan"
)

// people lists whom the plan concerns, by extension number.
func (m *maker) people() {
	at := map[string]int{}
	note := func(ext, person, site string, kind plan.Kind) {
		if ext == "" {
			return
		}
		i, known := at[ext]
		if !known {
			i = len(m.r.People)
			at[ext] = i
			m.r.People = append(m.r.People, Affected{Extension: ext, Person: person, Site: site})
		}
		a := &m.r.People[i]
		a.Person, a.Site = cmp.Or(a.Person, person), cmp.Or(a.Site, site)
		a.Changes++
		if !slices.Contains(a.Kinds, kind) {
			a.Kinds = append(a.Kinds, kind)
		}
	}
	for i := range m.r.Changes {
		c := &m.r.Changes[i]
		note(c.Extension, c.Person, c.Site, c.Kind)
		if other, person, site := m.partner(&m.p.Changes[i]); other != "" {
			note(other, person, site, c.Kind)
		}
	}
	slices.SortStableFunc(m.r.People, func(a, b Affected) int { return compareExtensions(a.Extension, b.Extension) })
}

// partner is the other extension of a swap, if the plan tells its number, its
// person and site.
func (m *maker) partner(c *plan.Change) (extension, person, site string) {
	if c.Swap() == nil || c.Swap().TargetOn == "" {
		return "", "", ""
	}
	number := m.names.numbers[c.Swap().TargetOn]
	for _, i := range c.Rows {
		if i >= 0 && i < len(m.p.Rows) && m.p.Rows[i].ExtensionNumber() == number {
			person, site = m.p.Rows[i].Person(), m.p.Rows[i].Site()
		}
	}
	return wording.Clean(number), wording.Clean(person), wording.Clean(site)
}

// interrupts notes the phones that a change takes out of use for some time,
// each once: a swapped phone restarts with another line, one that is removed
// stops, and one that gets another serial is another phone.
func (m *maker) interrupts(c *plan.Change, out *Change) {
	note := func(device plan.DeviceID, ext, person, site, why string) {
		if device == "" {
			return
		}
		out.Interrupts = true
		if m.interrupted[device] {
			return
		}
		m.interrupted[device] = true
		m.r.Interrupted = append(m.r.Interrupted, Interrupted{
			Extension: ext, Person: person, Site: site, Device: wording.Clean(string(device)), Why: why, Change: c.ID,
		})
	}
	switch {
	case c.Swap() != nil:
		note(c.Swap().Source.ID, out.Extension, out.Person, out.Site, "swapped: its line goes to another phone")
		if other, person, site := m.partner(c); other != "" {
			note(c.Swap().Target.ID, other, person, site, "swapped: its line goes to another phone")
		}
	case c.Remove() != nil:
		note(c.Remove().Device, out.Extension, out.Person, out.Site, "its line is removed")
	case c.SetSerial() != nil:
		note(c.SetSerial().Device.ID, out.Extension, out.Person, out.Site, "it is replaced by another serial or model")
	}
}
