package plan

import (
	"cmp"
	"slices"
)

// group is an extension that rows name, with its phones and rows. Most have one
// row and at most one device, for which there is room; there may be a million.
type group struct {
	ext    *Extension
	oneRow [1]*work
	oneDev [1]*Device
	more   *several // nil: what is above is all
	rank   int32    // place among the groups
	spared bool     // a row of action ignore without key: what no key names is left alone
}

// several is what a group has of which there is more than room for.
type several struct {
	rows   []*work
	all    []*Device
	phones []*Device
	pruned []*Device
	taken  map[*Device]bool // phones that rows claim, once asked for where there are several rows
}

// rows are the extension's rows, in an order that does not depend on the sheet's.
func (g *group) rows() []*work {
	switch {
	case g.more != nil:
		return g.more.rows
	case g.oneRow[0] == nil:
		return nil
	}
	return g.oneRow[:]
}

// all are the extension's devices of all types, by id.
func (g *group) all() []*Device {
	switch {
	case g.more != nil:
		return g.more.all
	case g.oneDev[0] == nil:
		return nil
	}
	return g.oneDev[:]
}

// phones are those of its devices that rows can mean.
func (g *group) phones() []*Device {
	switch {
	case g.more != nil:
		return g.more.phones
	case g.oneDev[0] == nil || unhandled(g.oneDev[0]):
		return nil
	}
	return g.oneDev[:]
}

// pruned are phones that no row mentions and that are taken off.
func (g *group) pruned() []*Device {
	if g.more == nil {
		return nil
	}
	return g.more.pruned
}

// taken are the phones that rows claim, where they were asked for.
func (g *group) taken() map[*Device]bool {
	if g.more == nil {
		return nil
	}
	return g.more.taken
}

// several makes room for more.
func (g *group) several() *several {
	if g.more == nil {
		g.more = &several{rows: slices.Clip(g.rows()), all: slices.Clip(g.all()), phones: g.phones()}
	}
	return g.more
}

func (g *group) addRow(w *work) {
	if g.more == nil && g.oneRow[0] == nil {
		g.oneRow[0] = w
		return
	}
	m := g.several()
	m.rows = append(m.rows, w)
}

func (g *group) addDevice(d *Device) {
	if g.more == nil && g.oneDev[0] == nil {
		g.oneDev[0] = d
		return
	}
	m := g.several()
	m.all = append(m.all, d)
}

// settle brings devices and rows into their order, once all are there.
func (g *group) settle() {
	m := g.more
	if m == nil {
		return
	}
	slices.SortFunc(m.all, byDeviceID)
	m.phones = m.all
	if slices.ContainsFunc(m.all, unhandled) {
		m.phones = slices.DeleteFunc(slices.Clone(m.all), unhandled)
	}
	slices.SortStableFunc(m.rows, compareRows)
}

// compareRows orders the rows of one extension by what they say; only rows
// that say the same are left in the sheet's order.
func compareRows(x, y *work) int {
	a, b := x.row, y.row
	return cmp.Or(
		cmp.Compare(a.DeviceID.Text, b.DeviceID.Text), cmp.Compare(a.Serial.Text, b.Serial.Text),
		cmp.Compare(a.PhoneNumber.Text, b.PhoneNumber.Text), cmp.Compare(a.DeviceName.Text, b.DeviceName.Text),
		cmp.Compare(a.Action, b.Action), cmp.Compare(a.NewName.Text, b.NewName.Text),
		cmp.Compare(a.ReplaceWith.Form, b.ReplaceWith.Form), cmp.Compare(a.ReplaceWith.Arg, b.ReplaceWith.Arg),
		cmp.Compare(a.DeviceType.Text, b.DeviceType.Text), cmp.Compare(a.Location.Text, b.Location.Text),
		cmp.Compare(a.Address.Line(), b.Address.Line()), cmp.Compare(a.CommonPhone.Text, b.CommonPhone.Text),
		cmp.Compare(a.PhoneNumberID.Text, b.PhoneNumberID.Text), cmp.Compare(a.AreaCode.Text, b.AreaCode.Text),
		cmp.Compare(a.CostCenter.Text, b.CostCenter.Text),
	)
}
