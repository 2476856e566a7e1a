package plan_test

import (
	"fmt"
	"slices"

	"provision/plan"
)

// shows reports whether the phone is already all that the row says.
func (f *reference) shows(r *refRow, d *plan.Device) bool {
	name := r.NewName.Text
	if r.trades {
		name = r.name
	}
	return couldBe(r, d) && (name == "" || name == d.Name) &&
		(!r.NewSerial.IsSet() || same(r.NewSerial.Text, d.Serial)) && (!r.NewModel.IsSet() && !r.Model.IsSet() || f.modelWish(r) == d.ModelID) &&
		(!r.CommonPhone.IsSet() || (r.CommonPhone.Text == "yes") == d.CommonPhone) &&
		(!r.PhoneNumberID.IsSet() || slices.ContainsFunc(d.Lines, func(l plan.Line) bool { return string(l.NumberID) == r.PhoneNumberID.Text })) &&
		(r.trades || r.ReplaceWith.Form == plan.ReplaceNone || r.ReplaceWith.Form == plan.ReplaceInventory || r.target == d) &&
		f.met(r, &d.Emergency)
}

// keyless matches an extension's rows without keys with the phones that are
// left.
func (f *reference) keyless(e *plan.Extension) {
	rows := slices.DeleteFunc(f.of(e), func(r *refRow) bool { return !r.keyless || r.does != "" })
	spared := slices.ContainsFunc(f.rows, func(r *refRow) bool {
		return r.ext == e && r.Action == plan.ActionIgnore && !r.DeviceID.IsSet() && !r.Serial.IsSet() && !r.PhoneNumber.IsSet() && !r.DeviceName.IsSet()
	})
	if spared {
		for _, r := range f.of(e) {
			if r.Action != plan.ActionIgnore && (r.trades || slices.Contains(rows, r)) {
				r.fail("beside a row that ignores what no key names")
			}
		}
		return
	}
	removals := len(slices.DeleteFunc(slices.Clone(rows), func(r *refRow) bool { return r.Action != plan.ActionRemove }))
	if removals > 0 && removals < len(rows) {
		for _, r := range rows {
			f.unclear = f.unclear || r.trades // beside a swap that is done, see claimKeyless
			r.fail("one row keeps and one removes the phone")
		}
		return
	}
	alone := len(rows) == 1
	free := f.unclaimed(e)
	if removals == 0 && len(free) > 0 && (len(rows) != 1 || len(free) != 1) {
		rows = f.mostShown(rows, free)
		free = f.unclaimed(e)
	}
	wanted := map[*plan.Device][]*refRow{}
	var adds []*refRow
	for _, r := range rows {
		mine := slices.DeleteFunc(slices.Clone(free), func(d *plan.Device) bool { return !couldBe(r, d) })
		brings := slices.ContainsFunc(f.of(e), func(o *refRow) bool { return o.trades && !o.reached && o.target == nil })
		switch {
		case len(mine) == 1 && len(free) > 1 && r.Action == plan.ActionRemove && brings:
			r.fail("the phone that comes could be meant next time")
		case len(mine) == 1:
			wanted[mine[0]] = append(wanted[mine[0]], r)
		case len(mine) > 1:
			r.fail("several phones could be meant")
		case r.Action == plan.ActionRemove && brings:
			r.fail("the phone that comes could be meant next time")
		case r.trades && saysNothing(r), r.Action == plan.ActionRemove:
			r.does = "nothing"
		case r.trades, r.Action == plan.ActionUpdate, len(f.phones(e)) > 0:
			r.fail("no phone is left for the row")
		default:
			adds = append(adds, r)
		}
	}
	for d, rs := range wanted {
		for _, r := range rs {
			if f.claim(r, d); len(rs) > 1 {
				r.fail("several rows mean one phone")
			}
			brings := slices.ContainsFunc(f.of(e), func(o *refRow) bool { return o.trades && !o.reached && o.target == nil })
			mistakable := brings || !alone && r.Action != plan.ActionRemove
			if mistakable && !r.trades && r.PhoneNumberID.IsSet() && !slices.ContainsFunc(d.Lines, func(l plan.Line) bool { return string(l.NumberID) == r.PhoneNumberID.Text }) {
				r.fail("the next plan could take another phone for this one")
			}
		}
	}
	for _, r := range adds {
		if f.add(r); len(adds) > 1 {
			r.fail("several rows add a line without number or name")
		}
	}
}

func saysNothing(r *refRow) bool {
	return r.name == "" && (!r.Location.IsSet() || r.Location.Text == "keep") && !r.HasAddress() && !r.CustomerName.IsSet() && !r.CommonPhone.IsSet()
}

// mostShown lets as many rows as can be claim a phone that is already as they
// say, by trying all ways; it returns the others.
func (f *reference) mostShown(rows []*refRow, free []*plan.Device) []*refRow {
	best := -1
	var ways [][]*plan.Device
	var try func(i, n int, got []*plan.Device)
	try = func(i, n int, got []*plan.Device) {
		if i == len(rows) {
			if n > best {
				best, ways = n, nil
			}
			if n == best {
				ways = append(ways, slices.Clone(got))
			}
			return
		}
		try(i+1, n, append(got, nil))
		for _, d := range free {
			if !slices.Contains(got, d) && f.shows(rows[i], d) {
				try(i+1, n+1, append(got, d))
			}
		}
	}
	try(0, 0, nil)
	for _, w := range ways {
		for i := range rows {
			if (w[i] == nil) != (ways[0][i] == nil) {
				f.unclear = true // which rows are served is left open
			}
		}
		if best < len(rows) && fmt.Sprint(w) != fmt.Sprint(ways[0]) {
			f.unclear = true // and so what is left for the others
		}
	}
	var left []*refRow
	for i, r := range rows {
		if d := ways[0][i]; d != nil {
			f.claim(r, d)
		} else {
			left = append(left, r)
		}
	}
	return left
}

// conflicts are rows that mean the same phone, or one number on two
// extensions.
func (f *reference) conflicts() {
	type pair struct{ a, b *refRow }
	var bad []pair
	for i, a := range f.rows {
		for _, b := range f.rows[:i] {
			if a.does == "stock" || b.does == "stock" || a.does == "unstock" || b.does == "unstock" {
				continue
			}
			number := a.PhoneNumber.IsSet() && a.PhoneNumber.Text == b.PhoneNumber.Text
			ignored := a.Action == plan.ActionIgnore || b.Action == plan.ActionIgnore
			if a.ext == nil || a.ext != b.ext {
				if number && !ignored && (a.ext != nil || a.later) && (b.ext != nil || b.later) && !sameMissing(a, b) {
					bad = append(bad, pair{a, b})
				}
				continue
			}
			apart := a.line != "" && b.line != "" && a.line != b.line && a.does == "keep" && b.does == "keep"
			switch {
			case number,
				a.DeviceID.IsSet() && a.DeviceID.Text == b.DeviceID.Text && !apart,
				a.Serial.IsSet() && a.Serial.Text == b.Serial.Text && !apart,
				sameKnownName(a, b),
				a.dev != nil && a.dev == b.dev && !apart && a.bad == "" && b.bad == "":
				bad = append(bad, pair{a, b})
			}
		}
	}
	for _, p := range bad {
		p.a.fail("means the same phone as another row")
		p.b.fail("means the same phone as another row")
	}
}

// sameMissing: both wait for one extension.
func sameMissing(a, b *refRow) bool {
	return a.later && b.later && a.Extension.Text == b.Extension.Text && same(a.Email.Text, b.Email.Text)
}

// nameIsKey: a name is all that the row knows its phone by.
func nameIsKey(r *refRow) bool {
	return r.DeviceName.IsSet() && !r.DeviceID.IsSet() && !r.Serial.IsSet() && !r.PhoneNumber.IsSet()
}

// sameKnownName: both know their phone by one name, the old or the new.
func sameKnownName(a, b *refRow) bool {
	if !nameIsKey(a) || !nameIsKey(b) {
		return false
	}
	for _, x := range []string{a.DeviceName.Text, a.NewName.Text} {
		for _, y := range []string{b.DeviceName.Text, b.NewName.Text} {
			if x != "" && same(x, y) {
				return true
			}
		}
	}
	return false
}
