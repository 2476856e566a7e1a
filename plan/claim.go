package plan

import (
	"slices"
	"strconv"
)

// claimRest matches, extension by extension, the rows whose name finds
// nothing and the rows without keys, after the others have claimed.
func (b *builder) claimRest() {
	var r rest
	for _, g := range b.groups {
		r.names, r.keyless, r.serials = r.names[:0], r.keyless[:0], r.serials[:0]
		for _, w := range g.rows() {
			switch {
			case w.bad || w.verdict != undecided:
			case w.bySerial:
				r.serials = append(r.serials, w)
			case w.byName:
				r.names = append(r.names, w)
			case w.keyless:
				r.keyless = append(r.keyless, w)
			}
		}
		if len(r.serials) > 0 {
			b.claimSerialless(g, r.serials)
		}
		if len(r.names) > 0 {
			b.claimUnnamed(g, r.names)
		}
		if g.spared {
			b.spare(g, r.keyless)
		} else if len(r.keyless) > 0 {
			b.claimKeyless(g, r.keyless)
		}
	}
}

// spare leaves the extension's phones alone that no key names, as a row of
// action ignore without key says. Another row without key contradicts it, also
// if there is no phone yet, and so does a swap: what comes is not named by a key.
func (b *builder) spare(g *group, rows []*work) {
	for _, w := range g.rows() {
		if w.moves && !w.bad && !slices.Contains(rows, w) {
			rows = append(rows, w)
		}
	}
	for _, w := range rows {
		b.fail(w, w.row.ActionCell, string(w.row.Action), codeIgnored, ignoredBeside(g.ext.Number))
	}
	for _, d := range g.unclaimed(func(*Device) bool { return true }) {
		b.name(d.ID)
	}
}

const codeIgnored = "phone_ignored"

func ignoredBeside(person string) string {
	return "another row says ignore for the phones of " + person + " that no key names: give the ignore row a key, or delete it"
}

// rest are the rows of one extension that keys have not settled.
type rest struct{ names, keyless, serials []*work }

// unclaimed are the extension's phones that no row has claimed and that pass
// the filter.
func (g *group) unclaimed(pass func(*Device) bool) []*Device {
	rows := g.rows()
	if len(rows) > 1 && g.more.taken == nil {
		g.more.taken = make(map[*Device]bool, len(g.phones()))
		for _, w := range rows {
			if w.dev != nil {
				g.more.taken[w.dev] = true
			}
		}
	}
	taken := g.taken()
	var out []*Device
	for _, d := range g.phones() {
		if !taken[d] && (len(rows) == 0 || rows[0].dev != d) && pass(d) {
			out = append(out, d)
		}
	}
	return out
}

// unnamed reports whether a phone counts as one that nobody named: what the
// service calls a new phone is not known.
func (b *builder) unnamed(d *Device, e *Extension) bool {
	return d.Name == "" || sameName(d.Name, e.Name) || b.defaultName != nil && b.defaultName.MatchString(d.Name)
}

// claimUnnamed lets a name that finds nothing claim, and then name, the only
// remaining unnamed phone; else it is an add.
func (b *builder) claimUnnamed(g *group, rows []*work) {
	if len(rows) > 1 {
		free := g.unclaimed(func(d *Device) bool { return b.unnamed(d, g.ext) })
		if len(free) > 1 {
			// An add that was made but not named yet looks just like this.
			for _, w := range rows {
				b.failValue(w, w.row.DeviceName, "unnamed_phones_unclear", "no phone of "+g.ext.Number+" is called "+w.row.DeviceName.Text+", and which of its unnamed phones is meant is unclear: "+describeAll(free)+"; give device_id or phone_number")
			}
			return
		}
	}
	for _, w := range rows {
		typ := w.row.DeviceType.Text
		free := g.unclaimed(func(d *Device) bool { return b.unnamed(d, g.ext) && (typ == "" || typ == d.Type) })
		if len(free) == 1 {
			w.name = w.row.DeviceName.Text
			b.claim(w, free[0], "only unnamed phone on "+g.ext.Number)
			continue
		}
		b.addLine(w, w.row.DeviceName)
	}
}

// What to do about rows that mean the same, behind the list of them.
const (
	keepOne      = "keep one of the rows"
	keepOrDevice = keepOne + ", or name different phones by device_id"
	keepOrOther  = keepOne + ", or let the others name other phones"
	keepOrNumber = keepOne + ", or tell the lines apart by phone_number or device_name"
)

// samePhone puts rows in error that would claim or add the same phone; each
// message names the others and what to do.
func (b *builder) samePhone(rows []*work, what, do string) {
	cells := cellsOf(rows)
	for _, w := range rows {
		b.fail(w, w.row.At, "", codeSamePhone, samePhoneAs(what, others(cells, w), do))
	}
}

const codeSamePhone = "same_phone"

func samePhoneAs(what, others, do string) string { return what + ": see " + others + "; " + do }

// cellsOf lists where rows are, in order.
func cellsOf(rows []*work) []Cell {
	cells := make([]Cell, len(rows))
	for i, w := range rows {
		cells[i] = w.row.At
	}
	slices.SortFunc(cells, Cell.Compare)
	return cells
}

// others lists some of the rows beside one, for messages.
func others(cells []Cell, w *work) string { return otherRows(cells, w.row.At) }

func otherRows(cells []Cell, at Cell) string {
	const most = 5
	s, n, itself := "", 0, false
	for _, c := range cells {
		if c == at && !itself {
			itself = true // files of one name in two folders have the same cells
			continue
		}
		if n == most {
			return s + " and " + strconv.Itoa(len(cells)-1-most) + " more"
		}
		if n > 0 {
			s += ", "
		}
		s += c.String()
		n++
	}
	return s
}
