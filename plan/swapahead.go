package plan

import "strconv"

// What is wrong with a swap is told at once as far as it can be known, so that
// nobody mends one mistake of a row to be told of the next.

// lacksSource reports whether a row is a swap that does not name its source.
func lacksSource(w *work) bool {
	r := w.row
	return r.Action == ActionSwap && !r.Invalid && !r.DeviceID.IsSet() && !r.Serial.IsSet()
}

// presume finds the phones that can only be the source of the rows that name
// none. They are for messages: such rows are in error.
func (b *builder) presume() {
	for _, w := range b.sourceless {
		if w.g == nil {
			continue
		}
		if d := onlySource(w.g.phones(), w.row); d != nil {
			if b.presumed == nil {
				b.presumed = map[*work]*Device{}
			}
			b.presumed[w] = d
		}
	}
}

// onlySource is the one phone of some that can be swapped and that a row can
// mean; nil if there is none or several. No row means any phone.
func onlySource(phones []*Device, r *Row) *Device {
	var only *Device
	for _, d := range phones {
		switch {
		case !swappable(d.Type), r != nil && r.DeviceType.IsSet() && r.DeviceType.Text != d.Type:
		case r != nil && r.PhoneNumber.IsSet() && !hasNumber(d, r.PhoneNumber.Text):
		case only != nil:
			return nil
		default:
			only = d
		}
	}
	return only
}

// presentSource is the phone on the row's line that leaves it, as far as that
// is known; else nil.
func (b *builder) presentSource(w *work) *Device {
	if w.source() != nil && w.source().Extension == w.ext().ID {
		return w.source()
	}
	return b.presumed[w]
}

// needSources puts swaps in error that name no source, with what to write, and
// tells what else is known to be missing of them.
func (b *builder) needSources() {
	for _, w := range b.sourceless {
		message, d := messageNeedsSource, b.presumed[w]
		switch {
		case d != nil && d == w.target():
			message += "; " + b.has(w.g) + ", which is what replace_with names"
		case d != nil:
			message += ": write device_id " + string(d.ID)
		case w.g != nil && b.ix.phonesKnown(w.ext().ID):
			message += "; " + b.has(w.g)
		}
		b.fail(w, w.row.ActionCell, string(w.row.Action), codeNeedsSource, message)
		if w.g == nil || w.target() == nil || w.target() == d {
			continue
		}
		b.betweenPlaces(w, d, w.target())
		partner := b.ix.extByID(w.target().Extension)
		if partner != nil && partner != w.ext() && w.row.ReplaceWith.Form != ReplaceExtension && !b.movesPhones(partner) {
			b.partnerMissing(w, partner, d, w.target())
		}
	}
}

// What is wrong with a swap without a source; the account adds what to write.
const (
	codeNeedsSource    = "swap_needs_source"
	messageNeedsSource = "a swap names its source, the phone that is on the line now, by device_id or serial"
)

// movesPhones reports whether some row may move a phone onto the extension.
func (b *builder) movesPhones(e *Extension) bool {
	g := b.groupOf(e.ID)
	if g == nil {
		return false
	}
	for _, w := range g.rows() {
		if w.moves || w.bad {
			return true
		}
	}
	return false
}

// partnerMissing refuses a swap that takes a phone from an extension for which
// no row says what it gets instead. leaves is the phone on the row's own line,
// nil if unknown.
func (b *builder) partnerMissing(w *work, partner *Extension, leaves, comes *Device) {
	b.failReplace(w, codePartnerMissing, "phone "+describe(comes)+" is on extension "+partner.Number+", and no row says which phone that gets instead; "+b.missingRow(partner, leaves, comes))
}

// nobodySwaps refuses a swap for the phone of an extension that no row swaps.
func (b *builder) nobodySwaps(w *work, partner *Extension) {
	phones := b.phonesOf(partner)
	leaves, comes := b.presentSource(w), onlySource(phones, nil)
	known := b.ix.phonesKnown(partner.ID)
	if !known {
		comes = nil
	}
	if known && comes == nil && !anySwappable(phones) {
		b.failReplace(w, codePartnerMissing, "extension "+partner.Number+" has no phone that could be swapped")
		return
	}
	b.failReplace(w, codePartnerMissing, b.nobodySwapsIt(partner, leaves, comes))
	b.betweenPlaces(w, leaves, comes)
}

const codePartnerMissing = "partner_missing"

func (b *builder) nobodySwapsIt(partner *Extension, leaves, comes *Device) string {
	return "no row swaps the phone of extension " + partner.Number + "; " + b.missingRow(partner, leaves, comes)
}

func anySwappable(phones []*Device) bool {
	for _, d := range phones {
		if swappable(d.Type) {
			return true
		}
	}
	return false
}

// missingRow writes the row that two extensions need to trade phones; what is
// not known is left open.
func (b *builder) missingRow(partner *Extension, leaves, comes *Device) string {
	source, instead := "...", "..."
	if comes != nil {
		source = string(comes.ID)
	}
	if leaves != nil {
		instead = "id:" + string(leaves.ID)
	}
	text := "the missing row: extension=" + strconv.Quote(partner.Number) + " action=swap device_id=" + source + " replace_with=" + instead
	if b.apart(leaves, comes) {
		text += " emergency_location=..."
	}
	return text
}

// phonesOf are the devices on an extension, also where no row names it.
func (b *builder) phonesOf(e *Extension) []*Device {
	if g := b.groupOf(e.ID); g != nil {
		return g.phones()
	}
	if b.phonesAt == nil {
		b.phonesAt = map[ExtensionID][]*Device{}
		for i := range b.s.Devices {
			if d := &b.s.Devices[i]; d.Extension != "" && handled(d.Type) {
				b.phonesAt[d.Extension] = append(b.phonesAt[d.Extension], d)
			}
		}
	}
	return b.phonesAt[e.ID]
}

// betweenPlaces refuses a swap of phones at different places whose row does not
// say where the phone will be. leaves is on the row's line, comes takes its
// place; either may be nil.
func (b *builder) betweenPlaces(w *work, leaves, comes *Device) {
	if !w.moves || w.row.Location.IsSet() || w.row.HasAddress() || !b.apart(leaves, comes) {
		return
	}
	a, c := b.presentAddress(&leaves.Emergency), b.presentAddress(&comes.Emergency)
	b.failReplace(w, "swap_between_places", "phone "+describe(comes)+" is at "+c.Line()+", the line of "+w.ext().Number+" at "+a.Line()+
		": say in emergency_location where the phone will be; keep means that it is carried to the person's place")
}

// apart reports whether two phones on extensions are known to be at different
// places.
func (b *builder) apart(x, y *Device) bool {
	if x == nil || y == nil || x.Extension == "" || y.Extension == "" {
		return false
	}
	from, to := &x.Emergency, &y.Emergency
	a, c := b.presentAddress(from), b.presentAddress(to)
	return a.Street != "" && c.Street != "" && (from.LocationID == "" || from.LocationID != to.LocationID) && !b.ix.samePlace(a, c)
}
