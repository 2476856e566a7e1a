package plan

import (
	"fmt"
	"strconv"
	"strings"
)

// Values of [Options.Prune].
const (
	// PruneListed prunes the extensions that rows name.
	PruneListed = "listed-extensions"
	// PruneSite, followed by a site's name, code or id, prunes all extensions
	// of that site.
	PruneSite = "site:"
)

// CheckPrune tells what is wrong with a value of [Options.Prune].
func CheckPrune(scope string) error {
	site, ok := strings.CutPrefix(scope, PruneSite)
	if scope == "" || scope == PruneListed || ok && strings.TrimSpace(site) != "" {
		return nil
	}
	return fmt.Errorf("prune %q: want %s or %sNAME", scope, PruneListed, PruneSite)
}

// pruneSite is the site that is pruned, if one is.
func (o *Options) pruneSite() (string, bool) {
	site, ok := strings.CutPrefix(o.Prune, PruneSite)
	return strings.TrimSpace(site), ok
}

// Widen adds to the needs of the rows what the options ask for beside them.
func (o *Options) Widen(n Needs) Needs {
	if _, ok := o.pruneSite(); ok {
		n.Sites, n.AccountDevices = true, true
	}
	n.Sites = n.Sites || o.Select.Site != ""
	return n
}

// pruneGroups makes groups of the extensions that a site's pruning takes in
// and that no row names.
func (b *builder) pruneGroups() error {
	name, ok := b.o.pruneSite()
	if !ok {
		return nil
	}
	found := b.ix.sites(name)
	if len(found) == 0 {
		return fmt.Errorf("prune: no site is called %q; give the name, code or id of one", name)
	}
	if len(found) > 1 {
		return fmt.Errorf("prune: %d sites are called %q; give the name, code or id of one", len(found), name)
	}
	b.pruned = found[0].ID
	for i := range b.s.Extensions {
		if siteOf(b.s.Extensions[i].Site) == b.pruned {
			b.group(i)
		}
	}
	return nil
}

// prune decides which phones that no row mentions are taken off their lines.
// It is all or nothing: what a row in error, or one that was left out, would
// have mentioned is not known.
func (b *builder) prune() {
	if b.o.Prune == "" || !b.mayPrune() {
		return
	}
	for _, g := range b.groups {
		if b.pruned != "" && siteOf(g.ext.Site) != b.pruned {
			continue
		}
		for _, d := range b.notMentioned(g) {
			if why := b.keepsOut(g, d); why != "" {
				b.note("not pruned: phone " + describe(d) + " of " + g.ext.Number + ": " + why)
				continue
			}
			m := g.several()
			m.pruned = append(m.pruned, d)
		}
	}
}

// mayPrune reports whether all rows are there and understood.
func (b *builder) mayPrune() bool {
	refuse := func(text string) bool {
		for _, s := range b.d.Sheets[:min(1, len(b.d.Sheets))] {
			b.errors = append(b.errors, Problem{Cell: s.Cell(), Code: "prune_refused", Value: b.o.Prune, Message: "nothing is pruned: " + text})
		}
		return false
	}
	bad, later := 0, 0
	for w := range b.works.all() {
		if w.bad {
			bad++
		}
		if w.later {
			later++
		}
	}
	_, site := b.o.pruneSite()
	switch {
	case bad > 0 || len(b.errors) > 0:
		return refuse(rowsAre(max(bad, 1), "in error") + ", and which phones are meant there is not known")
	case later > 0:
		return refuse(rowsAre(later, "left over") + ", for want of the extension")
	case b.d.HiddenSkipped > 0:
		return refuse(rowsAre(b.d.HiddenSkipped, "hidden") + " and left out")
	case !b.o.Select.IsZero():
		return refuse("rows are deselected")
	case site && !b.s.DevicesComplete:
		return refuse("the account's device list could not be read")
	}
	return true
}

// rowsAre says how many rows are in a state: "1 row is hidden".
func rowsAre(n int, state string) string {
	if n == 1 {
		return "1 row is " + state
	}
	return strconv.Itoa(n) + " rows are " + state
}

// notMentioned are the extension's phones that no row claims or names.
func (b *builder) notMentioned(g *group) []*Device {
	if g.spared {
		return nil
	}
	return g.unclaimed(func(d *Device) bool { return !b.isNamed(d) || b.protect.device(d) != "" })
}

// keepsOut says why a phone is left where it is although no row mentions it.
func (b *builder) keepsOut(g *group, d *Device) string {
	if why := b.protect.extension(g.ext); why != "" {
		return why
	}
	if why := b.protect.device(d); why != "" {
		return why
	}
	if w := g.mayHaveBrought(d); w != nil {
		return "it may be the phone that " + w.row.At.String() + " brought from the inventory"
	}
	switch {
	case special(d):
		return "it is shared or a hot-desk phone"
	case len(d.Lines) > 1:
		return "it has several lines: a remove row with device_id takes it off"
	case g.ext.Type != "User" && g.ext.Type != "Limited":
		return "the extension is of type " + g.ext.Type
	case g.ext.Status == "Disabled" || g.ext.Status == "Frozen":
		return "the extension is " + strings.ToLower(g.ext.Status)
	}
	return ""
}

// mayHaveBrought is a row that gave the extension a phone of the inventory, of
// which nothing tells which one it was, and that this may be; nil if there is
// none.
func (g *group) mayHaveBrought(d *Device) *work {
	for _, w := range g.rows() {
		if w.moves && w.reached && w.target() == nil && !w.bad && len(candidates([]*Device{d}, w)) > 0 {
			return w
		}
	}
	return nil
}

// pruneChanges makes the removals. Device and number stay in the inventory.
func (b *builder) pruneChanges() {
	for _, g := range b.groups {
		for _, d := range g.pruned() {
			c := b.ch.add(KindRemove, string(d.ID))
			b.ch.on(g)
			c.Reason = "no row mentions it; --prune=" + b.o.Prune
			c.Effect = &RemoveLine{Device: d.ID, KeepAssets: true}
			c.Was, c.Becomes = factsOf(d), &Facts{Device: d.ID}
			c.condition().Holds = []Holding{{Device: DeviceRef{ID: d.ID}, Extension: g.ext.ID}}
		}
	}
}
