package sheet

import "strings"

// headerIndex maps folded headers to columns.
type headerIndex map[string]columnID

func newHeaderIndex() headerIndex {
	index := make(headerIndex, 4*columnCount)
	for id, def := range registry {
		index[foldHeader(def.name)] = columnID(id)
		for _, alias := range def.aliases {
			index[foldHeader(alias)] = columnID(id)
		}
	}
	return index
}

// markers are what people write behind a header for those who fill the column.
var markers = []string{"required", "optional", "mandatory", "requiredfield", "optionalfield", "ifany", "ifapplicable"}

// emergencyPrefixes stand before the names of address columns where a sheet has
// several addresses.
var emergencyPrefixes = []string{"emergencyserviceaddress", "emergencyaddress", "emergency", "e911address", "e911", "911address", "911"}

// find gives the column that a header names: by name or alias, also with a
// marker or the form of its values behind it, or in another language, and the
// parts of an emergency address with this before.
func (x headerIndex) find(header string) (columnID, bool) {
	if id, ok := x.findNamed(header); ok {
		return id, true
	}
	bare := withoutForm(header)
	id, ok := x.findNamed(bare)
	if !ok {
		id, ok = abroadIndex[foldAbroad(bare)]
	}
	if !ok || isNumberOf(id, header, bare) {
		return colNone, false
	}
	return id, true
}

func (x headerIndex) findNamed(header string) (columnID, bool) {
	folded := foldHeader(header)
	if id, ok := x[folded]; ok {
		return id, true
	}
	for _, m := range markers {
		if bare, ok := strings.CutSuffix(folded, m); ok && bare != "" {
			folded = bare
			break
		}
	}
	if id, ok := x[folded]; ok {
		return id, true
	}
	for _, p := range emergencyPrefixes {
		bare, ok := strings.CutPrefix(folded, p)
		if !ok {
			continue
		}
		if id, ok := x[bare]; ok && (id >= colStreet && id <= colCustomerName || id == colLocation) {
			return id, true
		}
	}
	return colNone, false
}

// near finds the column that a header was probably meant to be: one slip in a
// short word, two in a long one, though not at its very begin, where another
// word begins (line name, site name); colNone if nothing is near. Of several equally
// near ones it is the first of the registry.
func (x headerIndex) near(header string) columnID {
	// What stands in brackets may explain the column, or make it another one: MAC address (12 digits), email (manager).
	if i := strings.IndexAny(header, "([{"); i > 0 {
		if id, ok := x.find(header[:i]); ok {
			return id
		}
	}
	folded := foldHeader(header)
	const shortest, long = 4, 7 // letters
	if len(folded) < shortest || otherWords[folded] {
		return colNone
	}
	allowed := 1
	if len(folded) > long {
		allowed = 2
	}
	best, bestDistance := colNone, allowed+1
	for name, id := range x {
		d := EditDistance(folded, name, bestDistance+1)
		if d > 1 && folded[0] != name[0] {
			continue
		}
		if d < bestDistance || d == bestDistance && d <= allowed && id < best {
			best, bestDistance = id, d
		}
	}
	return best
}

// nearName is the name of the near column; empty if there is none.
func (x headerIndex) nearName(header string) string {
	if id := x.near(header); id != colNone {
		return registry[id].name
	}
	return ""
}

// otherWords are headers that are near one of ours and mean something else.
var otherWords = map[string]bool{
	"county": true, "mode": true, "mail": true, "sites": true, "users": true, "unit": true, "suite": true, "date": true,
	"zone": true, "side": true, "size": true, "note1": true, "note2": true, "citycode": true, "statecode": true,
}

// EditDistance counts the insertions, deletions, replacements and swaps of
// neighbours between two texts; it gives limit or more as soon as that is sure.
func EditDistance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
