package review

import (
	"strings"

	"provision/executor/report/wording"
	"provision/plan"
)

// Names turns ids of a plan into what people call the things, as far as the
// plan tells: an extension by its number, a site by the sheet's word for it, a
// phone that is still to be made by the change that makes it.
type Names struct {
	changes map[string]*plan.Change
	numbers map[plan.ExtensionID]string
	sites   map[plan.SiteID]string // as the account calls them, or else as the sheet does
	// replaced are the adds whose phone gives way to another.
	replaced map[string]bool
	// alone is what all cells begin with where there is one sheet only.
	alone string
}

// NewNames learns what the plan tells.
func NewNames(p *plan.Plan) *Names {
	n := &Names{
		changes: make(map[string]*plan.Change, len(p.Changes)),
		numbers: map[plan.ExtensionID]string{},
		sites:   map[plan.SiteID]string{},
		alone:   OnlySheet(p.Sheets),

		replaced: map[string]bool{},
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		n.changes[c.ID] = c
		if c.ExtensionNumber() != "" {
			n.numbers[c.ExtensionID()] = c.ExtensionNumber()
		}
		if c.Swap() != nil && c.Swap().Source.Change != "" {
			n.replaced[c.Swap().Source.Change] = true
		}
		if c.On != nil && c.On.Site != "" && c.On.SiteName != "" {
			n.sites[c.On.Site] = c.On.SiteName
		}
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		n.partner(p, c)
		if c.Stock() != nil && n.sites[c.Stock().Site] == "" {
			n.sites[c.Stock().Site] = siteCell(p, c)
		}
	}
	return n
}

// partner learns the number of the other extension of a swap: that of the phone
// there, unless an earlier swap brings it, or else that of another row of the
// change. The rows alone do not tell it: a rotation that goes back has those of
// all its lines on each of its swaps.
func (n *Names) partner(p *plan.Plan, c *plan.Change) {
	if c.Swap() == nil || c.Swap().TargetOn == "" || n.numbers[c.Swap().TargetOn] != "" {
		return
	}
	target := c.Swap().Target.ID
	if f := p.PhoneOf(target); f != nil && f.Extension != "" && n.movedBy(c, target) == nil {
		n.numbers[c.Swap().TargetOn] = f.Extension
		return
	}
	for _, i := range c.Rows {
		if i >= 0 && i < len(p.Rows) && p.Rows[i].ExtensionNumber() != "" && p.Rows[i].ExtensionNumber() != c.ExtensionNumber() {
			n.numbers[c.Swap().TargetOn] = p.Rows[i].ExtensionNumber()
			return
		}
	}
}

// siteCell is what the change's rows call its site.
func siteCell(p *plan.Plan, c *plan.Change) string {
	for _, i := range c.Rows {
		if i < 0 || i >= len(p.Rows) {
			continue
		}
		if site := p.Stated(&p.Rows[i], "site"); site != "" {
			return site
		}
	}
	return ""
}

func (n *Names) extension(id plan.ExtensionID) string {
	if number := n.numbers[id]; number != "" {
		return "extension " + number
	}
	return "extension id " + string(id)
}

func (n *Names) site(c *plan.Change) string {
	if name := n.sites[c.Stock().Site]; name != "" {
		return wording.Quoted(name)
	}
	return "site " + string(c.Stock().Site)
}

// SiteOf is the site of a change: that of its extension, or, of a device that
// is on none, that where the device is or of the change that makes it, as far
// as the plan names it.
func (n *Names) SiteOf(c *plan.Change) string {
	if site := c.Site(); site != "" {
		return site
	}
	var id plan.SiteID
	switch {
	case c.Stock() != nil:
		id = c.Stock().Site
	case c.Unstock() != nil:
		if maker := n.changes[c.Unstock().Device.Change]; maker != nil && maker != c {
			return n.SiteOf(maker)
		}
		id = c.Before().More().Site
	}
	return n.sites[id]
}

// Ref names a phone.
func (n *Names) Ref(r plan.DeviceRef) string {
	if r.ID != "" {
		return string(r.ID)
	}
	c := n.changes[r.Change]
	switch {
	case c == nil:
		return "the new phone"
	case c.Stock() != nil:
		return "the new slot"
	case c.Add() != nil && n.replaced[r.Change]:
		return "placeholder of the add"
	}
	return "the new phone"
}

// movedBy is the earlier swap of the plan that moves a phone of swap c.
func (n *Names) movedBy(c *plan.Change, phone plan.DeviceID) *plan.Change {
	if phone == "" {
		return nil
	}
	for _, list := range [][]string{c.DependsOn(), c.Follows()} {
		for _, id := range list {
			if d := n.changes[id]; d != nil && d.Swap() != nil && (d.Swap().Source.ID == phone || d.Swap().Target.ID == phone) {
				return d
			}
		}
	}
	return nil
}

// OnlySheet is what the cells of the only sheet begin with; empty where there
// are several sheets.
func OnlySheet(sheets []plan.SheetInfo) string {
	if len(sheets) != 1 {
		return ""
	}
	at := sheets[0].Cell()
	return at.String() + "!"
}

// Short leaves out the file and the sheet of a cell where there is only one.
func (n *Names) Short(cell string) string { return strings.TrimPrefix(cell, n.alone) }
