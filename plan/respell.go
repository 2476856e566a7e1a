package plan

import (
	"cmp"
	"maps"
	"slices"
)

// KnownPlace says what the service made of an address: who asks for Asked is
// shown Stored. CustomerName is empty in both.
type KnownPlace struct {
	Asked  Address `json:"asked"`
	Stored Address `json:"stored"`
}

// MayBeRespelled reports whether stored can be what the service made of the
// address that was asked for: house number, units, other texts beside the
// street, postcode, state and country agree, and directions do not contradict
// each other. City, street name and suffix may differ, as a service corrects
// them. Where no house number can be told, only the same place will do.
func MayBeRespelled(asked, stored Address) bool {
	if SamePlace(asked, stored) {
		return true
	}
	if asked.Street == "" || stored.Street == "" {
		return false
	}
	a, s := doorOf(asked), doorOf(stored)
	return a.number != "" && a.number == s.number &&
		a.zip != "" && a.zip == s.zip &&
		a.country != "" && a.country == s.country &&
		(a.state == s.state || !needsState(a.country) && (a.state == "" || s.state == "")) &&
		(a.directions == "" || s.directions == "" || a.directions == s.directions) &&
		slices.Equal(a.more, s.more) && sameUnits(a.units, s.units)
}

// Learned is what a change that was applied tells of the service's spelling:
// ok if it asked for an address and the service shows another spelling of the
// same door. An address that was there before the change tells nothing.
func (c *Change) Learned(stored Address) (known KnownPlace, ok bool) {
	var asked *Address
	switch {
	case c.Location() != nil:
		asked = &c.Location().Address
	case c.Add() != nil && c.Add().Emergency != nil:
		asked = c.Add().Emergency.Address
	case c.Update() != nil && c.Update().Emergency != nil:
		asked = c.Update().Emergency.Address
	}
	if asked == nil || SamePlace(*asked, stored) || !MayBeRespelled(*asked, stored) {
		return KnownPlace{}, false
	}
	if before := c.Requires().Emergency; before != nil && SamePlace(before.Address, stored) {
		return KnownPlace{}, false
	}
	known = KnownPlace{Asked: *asked, Stored: stored}
	known.Asked.CustomerName, known.Stored.CustomerName = "", ""
	return known, true
}

// MergeKnownPlaces adds what was learned to what was known, in an order of its
// own. Of an address that both tell of, the newer word counts.
func MergeKnownPlaces(known, learned []KnownPlace) []KnownPlace {
	byAsked := make(map[string]KnownPlace, len(known)+len(learned))
	for _, p := range slices.Concat(known, learned) {
		byAsked[placeKey(p.Asked)] = p
	}
	return sortKnown(slices.Collect(maps.Values(byAsked)))
}

func sortKnown(pairs []KnownPlace) []KnownPlace {
	slices.SortFunc(pairs, func(x, y KnownPlace) int {
		return cmp.Or(compareAddress(x.Asked, y.Asked), compareAddress(x.Stored, y.Stored))
	})
	return slices.Compact(pairs)
}

// sameUnits compares units where the service may have found out what kind a
// mere "#" is.
func sameUnits(a, b []unit) bool {
	byID := func(x, y unit) int { return cmp.Or(cmp.Compare(x.id, y.id), cmp.Compare(x.kind, y.kind)) }
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortFunc(a, byID)
	slices.SortFunc(b, byID)
	return slices.EqualFunc(slices.Compact(a), slices.Compact(b), func(x, y unit) bool {
		return x.id == y.id && (x.kind == y.kind || x.kind == genericUnit || y.kind == genericUnit)
	})
}

// knownPlaces are the places that the service calls otherwise than rows do:
// key -> the key that stands for all that are one.
type knownPlaces struct {
	pairs   []KnownPlace
	stand   map[string]string
	members map[string][]Address // by stand
	used    map[string]bool      // stands that were asked for
}

// newKnownPlaces joins the keys of pairs that may be respellings, as long as
// that is true of all that become one place by it: 12 Main St may be shown as
// 12 N Main St, and so may 12 S Main St have been, but they are two. Other
// pairs are left out, whoever wrote them.
func newKnownPlaces(pairs []KnownPlace) *knownPlaces {
	k := &knownPlaces{stand: map[string]string{}, members: map[string][]Address{}, used: map[string]bool{}}
	for _, p := range pairs {
		p.Asked.CustomerName, p.Stored.CustomerName = "", ""
		x, y := k.find(placeKey(p.Asked)), k.find(placeKey(p.Stored))
		if x == y {
			if len(k.members[x]) > 0 {
				k.pairs = append(k.pairs, p)
			}
			continue
		}
		k.join(p, x, y)
	}
	return k
}

func (k *knownPlaces) join(p KnownPlace, x, y string) {
	left, right := slices.Concat(k.members[x], []Address{p.Asked}), slices.Concat(k.members[y], []Address{p.Stored})
	for _, a := range left {
		for _, s := range right {
			if !MayBeRespelled(a, s) {
				return
			}
		}
	}
	if y < x {
		x, y = y, x
	}
	k.pairs = append(k.pairs, p)
	k.stand[x], k.stand[y] = x, x
	k.members[x] = slices.Concat(left, right)
	delete(k.members, y)
}

// find follows a key to the one that stands for it.
func (k *knownPlaces) find(key string) string {
	for {
		next, ok := k.stand[key]
		if !ok || next == key {
			return key
		}
		key = next
	}
}

// standFor is find, and notes that the known places were used.
func (k *knownPlaces) standFor(key string) string {
	if k == nil || len(k.stand) == 0 {
		return key
	}
	if _, known := k.stand[key]; !known {
		return key
	}
	key = k.find(key)
	k.used[key] = true
	return key
}

// usedPairs are the known places that bear on what was asked, in an order of
// their own.
func (k *knownPlaces) usedPairs() []KnownPlace {
	if k == nil {
		return nil
	}
	var out []KnownPlace
	for _, p := range k.pairs {
		if k.used[k.find(placeKey(p.Asked))] {
			out = append(out, p)
		}
	}
	return sortKnown(out)
}

func compareAddress(a, b Address) int {
	return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.State, b.State), cmp.Compare(a.City, b.City), cmp.Compare(a.Zip, b.Zip),
		cmp.Compare(a.Street, b.Street), cmp.Compare(a.Street2, b.Street2), cmp.Compare(a.CustomerName, b.CustomerName))
}
