package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// UndoNeeds tells what the snapshot must read for [Undo].
func UndoNeeds(p *Plan, results map[string]Result) Needs {
	var n Needs
	exts, devs := map[string]bool{}, map[DeviceID]bool{}
	for i := range p.Rows {
		if len(p.Rows[i].Changes) > 0 && p.Rows[i].ExtensionNumber() != "" {
			exts[p.Rows[i].ExtensionNumber()] = true
		}
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		r := results[c.ID]
		if !r.Done {
			continue
		}
		if c.ExtensionNumber() != "" {
			exts[c.ExtensionNumber()] = true
		}
		ids := append([]DeviceID{r.Device}, r.Devices...)
		switch {
		case c.Swap() != nil:
			ids = append(ids, c.Swap().Source.ID, c.Swap().Target.ID)
		case c.Remove() != nil:
			ids = append(ids, c.Remove().Device)
			n.Numbers = n.Numbers || c.Remove().KeepAssets
			n.Locations = true
		case c.SetSerial() != nil:
			ids = append(ids, c.SetSerial().Device.ID)
		case c.Update() != nil:
			ids = append(ids, c.Update().Device.ID)
			n.Locations = n.Locations || c.Update().Emergency != nil
		}
		for _, id := range ids {
			if id != "" {
				devs[id] = true
			}
		}
	}
	n.Extensions = slices.SortedFunc(maps.Keys(exts), CompareNumeric[string])
	n.UnassignedDevices = slices.SortedFunc(maps.Keys(devs), CompareNumeric[DeviceID])
	return n
}

// rows are the run's rows with what the undo makes of each.
func (u *undoer) rows() []RowResult {
	did, added := map[int]bool{}, map[int]*seat{}
	for i := range u.p.Changes {
		if c := &u.p.Changes[i]; u.results[c.ID].Done {
			for _, row := range c.Rows {
				did[row] = true
			}
		}
	}
	for _, s := range u.seats {
		if s.added == nil {
			continue
		}
		for _, row := range s.added.Rows {
			added[row] = s
		}
	}
	out := make([]RowResult, len(u.p.Rows))
	for i := range u.p.Rows {
		was := &u.p.Rows[i]
		out[i] = RowResult{
			Sheet: was.Sheet, At: was.At, Raw: was.Raw, On: was.On, MatchedBy: was.MatchedBy, Phone: u.phoneNow(was, added[i]),
			Changes: u.byRow[i], Status: RowChanged,
		}
		if list := u.said[i]; len(list) > 0 {
			out[i].Message = "not undone: " + strings.Join(list, "; ")
		}
		if len(u.byRow[i]) > 0 {
			continue
		}
		out[i].Status = RowNoOp
		switch {
		case out[i].Message != "":
		case did[i]:
			out[i].Message = "is as it was before the run"
		default:
			out[i].Message = "the run did nothing for this row"
		}
	}
	return out
}

// phoneNow is the phone that a row's line has as the undo finds it, which need
// not be the one that the run found there: a line keeps its number while phones
// come and go. Of a line that is gone only the number is left. Added is the
// line that the run added for the row, nil if it added none.
func (u *undoer) phoneNow(row *RowResult, added *seat) *RowPhone {
	now := row.Claimed()
	now.Emergency = "" // as the run found it
	e := u.ix.extByNumber(row.ExtensionNumber())
	if e == nil || !u.ix.phonesKnown(e.ID) {
		return &now
	}
	id := now.Device
	if added != nil {
		id, now.Number = added.after, cmp.Or(added.number, now.Number)
	}
	d := u.ix.device(id)
	if now.Number != "" {
		d = u.ix.byNumber(now.Number)
	}
	now.Device = ""
	if d != nil && d.Extension == e.ID {
		now.Device, now.Emergency = d.ID, cmp.Or(u.b.addressTrouble(&d.Emergency), d.Emergency.AddressStatus)
	}
	return &now
}

// leftWithout lists the people who have a phone now, had one before the run
// and have none in the end.
func (u *undoer) leftWithout() []PersonRef {
	phones, gone := map[ExtensionID]int{}, map[ExtensionID]int{}
	for i := range u.s.Devices {
		if d := &u.s.Devices[i]; handled(d.Type) {
			phones[d.Extension]++
		}
	}
	for _, c := range u.ch.all {
		switch {
		case c.Remove() != nil:
			gone[c.ExtensionID()]++
		case c.Add() != nil:
			gone[c.ExtensionID()]--
		}
	}
	var out []PersonRef
	for ext, n := range gone {
		if n > 0 && phones[ext] <= n && u.hadPhone(ext) {
			e := u.ix.extByID(ext)
			if e != nil {
				out = append(out, PersonRef{Extension: e.Number, Person: e.Name})
			}
		}
	}
	slices.SortFunc(out, func(x, y PersonRef) int { return CompareNumeric(x.Extension, y.Extension) })
	return out
}

// hadPhone reports whether the extension had a phone before the run added
// lines to it.
func (u *undoer) hadPhone(ext ExtensionID) bool {
	for _, s := range u.seats {
		if s.ext != ext || s.added == nil {
			continue
		}
		for _, ref := range s.added.Requires().Exactly {
			if d := u.ix.device(ref.ID); ref.ID != "" && (d == nil || handled(d.Type)) {
				return true
			}
		}
	}
	return false
}

// safety lists the phones of the extensions that the undo concerns whose
// emergency address can't be relied on.
func (u *undoer) safety() []SafetyItem {
	exts := map[ExtensionID]bool{}
	for _, s := range u.seats {
		exts[s.ext] = true
	}
	var out []SafetyItem
	for i := range u.s.Devices {
		d := &u.s.Devices[i]
		e := u.ix.extByID(d.Extension)
		if e == nil || !exts[e.ID] || !handled(d.Type) {
			continue
		}
		status := u.b.addressTrouble(&d.Emergency)
		if status == "" {
			continue
		}
		item := SafetyItem{Extension: e.Number, Person: e.Name, Device: d.ID, Number: firstNumber(d), Status: status}
		for _, c := range u.ch.all {
			sets := c.Update() != nil && c.Update().Emergency != nil && (c.Update().Device.ID == d.ID || slices.Contains(c.Update().Carriers, DeviceRef{ID: d.ID}))
			if c.ExtensionID() == e.ID && sets || c.Remove() != nil && c.Remove().Device == d.ID {
				item.Changes = append(item.Changes, c.ID)
			}
		}
		out = append(out, item)
	}
	slices.SortFunc(out, func(x, y SafetyItem) int {
		return cmp.Or(CompareNumeric(x.Extension, y.Extension), CompareNumeric(x.Device, y.Device))
	})
	return out
}
