package plan

// position is a phone line whose phone is to be exchanged.
type position struct {
	w *work
	// holder is on the line now; nil for a line that this plan adds.
	holder *Device
	// placeholder: the holder is the device of an add, which is deleted once
	// the replacement is there.
	placeholder bool
	want        *Device // what shall come; nil: a free phone, or a new slot
	slot        bool    // a new slot of the site is to come
	site        SiteID  // of inventory and new
	next        *position
	prev        *position
	comp        *component
	calls       []*Change // the swaps that touch the line, in their order
	stocked     *Change   // the stock change that makes the new slot, and which one it is
	slotNo      int
}

// ext is the extension of the position's line.
func (p *position) ext() *Extension { return p.w.ext() }

// positions gathers every exchange and checks that together they make sense:
// each phone is wanted once, and who gives a phone up has a row that says what
// comes instead.
func (b *builder) positions() {
	if len(b.replacing) == 0 {
		return
	}
	b.exchanges()
	wantedBy, holder := b.byPhone()
	b.goneButWanted(wantedBy)
	failed := b.placeholdersNeeded(wantedBy)
	for _, p := range b.line {
		if p.want != nil && !p.w.bad && !b.link(p, holder) {
			failed = append(failed, p)
		}
	}
	b.failWithPartners(failed, wantedBy)
	b.line = dropBad(b.line)
	for _, p := range b.line {
		if p.want != nil && p.want.Extension != "" {
			p.next = holder[p.want]
			p.next.prev = p
		}
	}
}

// exchanges gathers the lines whose phone is to be exchanged.
func (b *builder) exchanges() {
	for _, w := range b.replacing {
		if w.bad || w.row.Action == ActionIgnore || w.reached {
			continue
		}
		switch {
		case w.moves && w.verdict == keeps:
			b.exchange(w, w.dev, false)
		case !w.moves && w.verdict == adds:
			b.exchange(w, nil, true)
		case !w.moves && w.verdict == keeps:
			b.exchangePlaceholder(w)
		}
	}
}

// placeholdersNeeded refuses to delete placeholders that other rows name: as
// what comes onto their line, or as what has left it. It returns the positions
// that it refuses.
func (b *builder) placeholdersNeeded(wantedBy map[*Device]*position) []*position {
	var failed []*position
	for _, p := range b.line {
		if !p.placeholder || p.holder == nil || p.w.bad {
			continue
		}
		if q := wantedBy[p.holder]; q != nil {
			b.failReplace(p.w, "placeholder_wanted", "phone "+describe(p.holder)+" would be deleted as the placeholder of an add, but "+q.w.row.At.String()+" takes it")
			failed = append(failed, p)
		} else if o := b.swapOf(p.holder); o != nil {
			b.failReplace(p.w, "source_of_swap", "phone "+describe(p.holder)+" would be deleted as the placeholder of an add, but it is the source of "+o.row.At.String()+sourceOfSwap)
			failed = append(failed, p)
		}
	}
	return failed
}

// failWithPartners puts in error who waits for a phone of a row in error.
func (b *builder) failWithPartners(failed []*position, wantedBy map[*Device]*position) {
	for len(failed) > 0 {
		p := failed[len(failed)-1]
		failed = failed[:len(failed)-1]
		if p.holder == nil {
			continue
		}
		if q := wantedBy[p.holder]; q != nil && !q.w.bad {
			b.failReplace(q.w, "partner_in_error", "the row of extension "+p.ext().Number+", which gives the phone up, is in error")
			failed = append(failed, q)
		}
	}
}

// goneButWanted refuses removals of a phone that lies in the inventory and
// comes onto a line by another row, and that one where the phone is to be left
// alone.
func (b *builder) goneButWanted(wantedBy map[*Device]*position) {
	for _, g := range b.groups {
		for _, w := range g.rows() {
			if w.gone() == nil {
				continue
			}
			switch p := wantedBy[w.gone()]; {
			case p == nil || p.w.bad:
			case w.row.Action == ActionIgnore:
				b.failReplace(p.w, "device_ignored", "device "+describe(w.gone())+" is to be left alone: see "+w.row.At.String())
			default:
				b.fail(w, Cell{}, "", "replacement_wanted_twice", "device "+describe(w.gone())+" comes to extension "+p.ext().Number+" by "+p.w.row.At.String())
			}
		}
	}
}

func dropBad(ps []*position) []*position {
	out := ps[:0]
	for _, p := range ps {
		if p.w.bad {
			p.w.own().pos = nil
			continue
		}
		out = append(out, p)
	}
	return out
}

func (b *builder) exchange(w *work, holder *Device, placeholder bool) {
	p := &position{w: w, holder: holder, placeholder: placeholder, want: w.target(), site: siteOf(w.ext().Site)}
	p.slot = w.row.ReplaceWith.Form == ReplaceNew
	if w.row.ReplaceWith.Form == ReplaceInventory && w.row.ReplaceWith.Arg != "" {
		site, ok := b.site(w, Value{Text: w.row.ReplaceWith.Arg, Cell: w.row.ReplaceWith.Cell})
		if !ok {
			return
		}
		p.site = site
	}
	w.own().pos = p
	b.line = append(b.line, p)
}

// exchangePlaceholder goes on with an add of which only the line was made:
// the extension's only phone, without serial, is the placeholder.
func (b *builder) exchangePlaceholder(w *work) {
	if w.row.ReplaceWith.Form == ReplaceInventory || w.target() == w.dev {
		w.reached = true
		return
	}
	if len(w.g.phones()) == 1 && isSlot(w.dev) && !w.row.DeviceID.IsSet() {
		if w.name == "" {
			w.name = w.row.DeviceName.Text
		}
		b.exchange(w, w.dev, true)
		return
	}
	b.failReplace(w, "replacement_not_met", w.ext().Number+" has "+describe(w.dev)+" instead of "+describe(w.target())+", which is not taken for an add's placeholder: a swap row with device_id="+string(w.dev.ID)+" exchanges them")
}

// byPhone indexes the positions by the phone that they want and that they
// hold; a phone that two want puts both in error.
func (b *builder) byPhone() (wantedBy, holder map[*Device]*position) {
	wantedBy, holder = make(map[*Device]*position, len(b.line)), make(map[*Device]*position, len(b.line))
	for _, p := range b.line {
		if p.holder != nil {
			holder[p.holder] = p
		}
	}
	for _, p := range b.line {
		if p.want == nil {
			continue
		}
		if o := wantedBy[p.want]; o != nil {
			b.failReplace(p.w, codeWantedTwice, wantedTwice("phone "+describe(p.want), o.w.row.At))
			if !o.w.bad {
				b.failReplace(o.w, codeWantedTwice, wantedTwice("phone "+describe(p.want), p.w.row.At))
			}
			continue
		}
		wantedBy[p.want] = p
	}
	return wantedBy, holder
}

const codeWantedTwice = "replacement_wanted_twice"

func wantedTwice(phone string, at Cell) string {
	return phone + " is wanted by " + at.String() + " too"
}

// link finds who holds the wanted phone; false if the row is in error.
func (b *builder) link(p *position, holder map[*Device]*position) bool {
	if p.want.Extension == "" {
		return true
	}
	if q := holder[p.want]; q != nil {
		if q.w.bad {
			b.failReplace(p.w, "partner_in_error", "the row of extension "+q.ext().Number+", which gives the phone up, is in error")
			b.betweenPlaces(p.w, p.holder, p.want)
			return false
		}
		return true
	}
	partner := b.ix.extByID(p.want.Extension)
	if partner == nil {
		b.failReplace(p.w, "device_elsewhere", "phone "+describe(p.want)+" is "+b.whereIs(p.want))
		return false
	}
	if g := b.groupOf(partner.ID); g != nil {
		for _, o := range g.rows() {
			if o.bad {
				b.failReplace(p.w, "partner_in_error", "the row of extension "+partner.Number+", which has the phone, is in error")
				b.betweenPlaces(p.w, p.holder, p.want)
				return false
			}
		}
	}
	b.partnerMissing(p.w, partner, p.holder, p.want)
	b.betweenPlaces(p.w, p.holder, p.want)
	return false
}
