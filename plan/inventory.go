package plan

import (
	"cmp"
	"slices"
	"strconv"
)

// stockShape checks a stock row: how many free slots a site shall have.
func (b *builder) stockShape(w *work) {
	r := w.row
	switch {
	case !r.Site.IsSet():
		b.fail(w, r.ActionCell, string(r.Action), "stock_needs_site", "stock says in site where the slots shall be")
	case r.QtyCell.IsZero():
		b.fail(w, r.ActionCell, string(r.Action), "stock_needs_quantity", "stock says in quantity how many free slots the site shall have")
	case r.Quantity < 0:
		b.fail(w, r.QtyCell, strconv.Itoa(r.Quantity), "quantity_negative", "a quantity is not negative")
	}
	if r.ReplaceWith.Form != ReplaceNone {
		b.failReplace(w, "replace_with_not_here", "replace_with belongs to swap and add, not to stock")
	}
}

// takeFromInventory gives the positions that ask for a free phone one each:
// in the order of extensions, by device id, never one that a row names.
func (b *builder) takeFromInventory() {
	left := map[freeKey][]*Device{}
	short := map[freeKey]bool{}
	for _, p := range b.line {
		if p.w.bad || p.want != nil || p.slot {
			continue
		}
		k := freeKey{p.site, TypeOtherPhone}
		if p.holder != nil && !p.placeholder {
			k.typ = p.holder.Type
		}
		free, ok := left[k]
		if !ok {
			free = slices.DeleteFunc(slices.Clone(b.ix.free(k)), func(d *Device) bool { return b.isNamed(d) })
		}
		if len(free) == 0 {
			short[k] = true
			left[k] = free
			b.failReplace(p.w, "inventory_empty", "the inventory of site "+string(k.site)+" has no free "+k.typ+" without serial left: stock some, or use new")
			b.failWaiting(p)
			continue
		}
		p.want, left[k] = free[0], free[1:]
	}
	if len(short) > 0 {
		b.line = dropBad(b.line)
	}
}

// failWaiting puts those in error that wait, one after the other, for the
// phone of a position in error.
func (b *builder) failWaiting(p *position) {
	for q := p.prev; q != nil && !q.w.bad; q = q.prev {
		b.failReplace(q.w, "partner_in_error", "the row of extension "+p.ext().Number+", which gives the phone up, is in error")
	}
}

// stockRows settles unstock rows and finds how many slots each site needs:
// what new asks for, and what its free slots lack after the run's other
// changes.
func (b *builder) stockRows() {
	b.slotsGone = map[SiteID]int{}
	b.unstockRows()
	bySite, sites := map[SiteID][]*work{}, map[*work]SiteID{}
	for _, w := range b.stocks {
		if w.bad {
			continue
		}
		site, ok := b.site(w, w.row.Site)
		if !ok {
			continue
		}
		if !b.s.DevicesComplete {
			b.failValue(w, w.row.Site, "snapshot_incomplete", "how many slots are free can't be told without the account's device list")
			continue
		}
		sites[w], w.how = site, "site"
		bySite[site] = append(bySite[site], w)
	}
	for _, w := range b.stocks {
		if ws := bySite[sites[w]]; len(ws) > 1 && ws[0] == w {
			b.samePhone(ws, stockedTwice(w.row.Site.Text), keepOne)
		}
	}
	b.prune() // every row is judged by now
	b.countSlots()
	need := map[SiteID]*siteNeed{}
	for _, w := range b.stocks {
		if w.bad {
			continue
		}
		free := b.ix.freeSlots(sites[w]) - b.slotsGone[sites[w]]
		if lack := w.row.Quantity - free; lack > 0 {
			n := b.siteNeed(need, sites[w])
			n.row, n.lack = w, lack
			continue
		}
		w.verdict, w.own().note = passive, "the site will have "+strconv.Itoa(free)+" free slots"
	}
	for _, p := range b.line {
		if p.slot {
			n := b.siteNeed(need, p.site)
			n.lines = append(n.lines, p)
		}
	}
	b.stock(need)
}

func stockedTwice(site string) string { return "several rows stock site " + site }

// siteNeed is what one site needs of new slots.
type siteNeed struct {
	site  SiteID
	row   *work // the stock row, if there is one
	lack  int
	lines []*position // those that take a new slot at once
}

func (b *builder) siteNeed(m map[SiteID]*siteNeed, site SiteID) *siteNeed {
	if m[site] == nil {
		m[site] = &siteNeed{site: site}
	}
	return m[site]
}

// stock makes the calls that stock sites, each of up to 50 slots. The first
// slots are for the lines that wait for one.
func (b *builder) stock(need map[SiteID]*siteNeed) {
	sites := make([]*siteNeed, 0, len(need))
	for _, n := range need {
		sites = append(sites, n)
	}
	slices.SortFunc(sites, func(x, y *siteNeed) int { return cmp.Compare(x.site, y.site) })
	for _, n := range sites {
		total, level := len(n.lines)+n.lack, 0
		for from := 0; from < total; from += MaxStockPerCall {
			c := b.ch.add(KindStock, string(n.site), strconv.Itoa(from/MaxStockPerCall))
			q := min(MaxStockPerCall, total-from)
			c.Effect = &StockSlots{Quantity: q, Site: n.site}
			c.Becomes = &Facts{Type: TypeOtherPhone, Rare: &RareFacts{Site: n.site}}
			c.Reason = "site lacks free slots"
			if from < len(n.lines) {
				c.Reason = "new slots for swaps"
			}
			for i, p := range n.lines[min(from, len(n.lines)):min(from+q, len(n.lines))] {
				p.stocked, p.slotNo = c, i
				b.ch.by(c, p.w, p.w.row.ReplaceWith.Cell)
			}
			if n.row != nil && from+q > len(n.lines) {
				more := from + q - max(from, len(n.lines))
				c.Stock().Level = &SlotLevel{Free: level, Goal: level + more}
				level += more
				b.ch.by(c, n.row, n.row.row.QtyCell)
			}
		}
	}
}

// countSlots counts, site by site, how the run's changes alter the number of
// free slots: swaps take some and give back others, removals leave some.
func (b *builder) countSlots() {
	for _, p := range b.line {
		if p.want != nil && p.want.Extension == "" && isSlot(p.want) {
			b.slotsGone[siteOf(p.want.Site)]++
		}
		// Who waits for no one's phone gives its own to the inventory.
		if p.prev == nil && !p.placeholder && isSlot(p.holder) {
			b.slotsGone[b.homeOf(p.holder, p.ext())]--
		}
	}
	for _, g := range b.groups {
		for _, w := range g.rows() {
			if w.verdict == removes && !w.bad && isSlot(w.dev) && w.row.KeepAssets != KeepNumber && w.row.KeepAssets != KeepNone {
				b.slotsGone[b.homeOf(w.dev, w.ext())]--
			}
		}
		for _, d := range g.pruned() {
			if isSlot(d) {
				b.slotsGone[b.homeOf(d, g.ext)]--
			}
		}
	}
}

// homeOf is the site that a device counts for once it is in the inventory.
func (b *builder) homeOf(d *Device, e *Extension) SiteID {
	if d.Site != "" {
		return d.Site
	}
	return siteOf(e.Site)
}
