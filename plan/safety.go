package plan

import (
	"maps"
	"slices"
)

// safety lists the phones of the named extensions whose emergency address
// can't be relied on, whether or not a row changes it.
func (b *builder) safety() []SafetyItem {
	var out []SafetyItem
	at := map[*Device]int{} // the places in out
	for _, g := range b.groups {
		for _, d := range g.phones() {
			status := b.addressTrouble(&d.Emergency)
			if status == "" {
				continue
			}
			item := SafetyItem{Extension: g.ext.Number, Person: g.ext.Name, Device: d.ID, Number: firstNumber(d), Status: status}
			if slices.Contains(g.pruned(), d) {
				item.Changes = append(item.Changes, b.ch.id(KindRemove, string(d.ID)))
			}
			at[d] = len(out)
			out = append(out, item)
		}
	}
	for _, c := range b.ch.all {
		if c.Kind != KindRemove && (c.Update() == nil || c.Update().Emergency == nil) {
			continue
		}
		for _, r := range c.Rows {
			w := b.works.at(r)
			i, listed := at[w.dev]
			if listed && !w.bad && w.off == chosen && !slices.Contains(out[i].Changes, c.ID) {
				out[i].Changes = append(out[i].Changes, c.ID)
			}
		}
	}
	return out
}

// addressTrouble is "missing", Invalid or Deprovisioned; empty if the address
// is valid or on its way.
func (b *builder) addressTrouble(e *Emergency) string {
	if e.LocationID == "" && e.Address.Street == "" {
		return "missing"
	}
	status := e.AddressStatus
	if status == "" && e.LocationID != "" {
		if l := b.ix.location(e.LocationID); l != nil {
			status = l.AddressStatus
		}
	}
	if status == statusInvalid || status == statusDeprovisioned {
		return status
	}
	return ""
}

// unmanaged lists the phones of the named extensions that no row claims. Where
// a row in error may mean any of them, none is listed.
func (b *builder) unmanaged() []Unmanaged {
	var out []Unmanaged
	for _, g := range b.groups {
		unclear := g.spared // an ignore row mentions them
		for _, w := range g.rows() {
			unclear = unclear || w.bad && w.dev == nil
		}
		if unclear {
			continue
		}
		for _, d := range g.unclaimed(func(d *Device) bool { return !slices.Contains(g.pruned(), d) }) {
			out = append(out, Unmanaged{Extension: g.ext.Number, Person: g.ext.Name, Device: d.ID, Type: d.Type, Name: d.Name, Number: firstNumber(d)})
		}
	}
	return out
}

// leftWithout lists the people who have a phone now and none in the end.
func (b *builder) leftWithout() []PersonRef {
	type count struct{ gone, come int }
	counts := map[int32]count{} // by the extension's place among the groups
	for i, c := range b.ch.all {
		if c.Remove() != nil {
			n := counts[b.ch.rank[i]]
			n.gone++
			counts[b.ch.rank[i]] = n
		}
	}
	for i, c := range b.ch.all {
		if n, ok := counts[b.ch.rank[i]]; ok && c.Add() != nil {
			n.come++
			counts[b.ch.rank[i]] = n
		}
	}
	var out []PersonRef
	for _, at := range slices.Sorted(maps.Keys(counts)) {
		g, n := b.groups[at], counts[at]
		if len(g.phones())-n.gone+n.come <= 0 {
			out = append(out, PersonRef{Extension: g.ext.Number, Person: g.ext.Name})
		}
	}
	return out
}

// numbersGivenUp lists the numbers that removals give up for good.
func numbersGivenUp(changes []*Change, ix *index) []string {
	var out []string
	for _, c := range changes {
		if c.Remove() == nil || c.Remove().KeepAssets {
			continue
		}
		for _, l := range ix.device(c.Remove().Device).Lines {
			if l.Number != "" {
				out = append(out, l.Number)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// assignedPhones counts the account's assigned phones of the types that rows
// match.
func assignedPhones(s *Snapshot) int {
	n := 0
	for i := range s.Devices {
		if d := &s.Devices[i]; d.Extension != "" && handled(d.Type) {
			n++
		}
	}
	return n
}
