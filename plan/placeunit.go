package plan

import (
	"slices"
	"strings"
)

// genericUnit is the designator that says nothing but "a unit".
const genericUnit = "unit"

const floorKind = "floor"

// unit is a part of a building: what kind it is said to be, and which.
type unit struct{ kind, id string }

func (u unit) String() string { return strings.TrimSpace(u.kind + " " + u.id) }

// cutUnits takes the units from the end of a segment of an address until none
// is left. keep is how many words must stay: a street needs a number and a
// name.
func cutUnits(words []string, keep int) (rest []string, units []unit) {
	for {
		u, n := unitAtEnd(words, keep == 0)
		if n == 0 || len(words)-n < keep {
			return words, units
		}
		words, units = words[:len(words)-n], append(units, u)
	}
}

// unitAtEnd finds a unit at the end of the words and says how many of them it
// is; none if there is no unit. alone: the segment is nothing but units.
func unitAtEnd(words []string, alone bool) (unit, int) {
	if len(words) == 0 {
		return unit{}, 0
	}
	last := words[len(words)-1]
	before := words[:len(words)-1]
	if kind := unitWords[last]; kind == floorKind || kind == "level" {
		n, ok := floorNumber(frenchOrdinal(last, lastOf(before)))
		if ok && (kind == floorKind || !isDigits(n)) {
			return unit{kind, n}, 2
		}
	}
	if kind, ok := loneUnits[last]; ok {
		_, behindSuffix := streetSuffixes[lastOf(before)]
		if !bareUnits[last] || behindSuffix || alone && len(before) == 0 {
			return unit{kind, ""}, 1
		}
	}
	return designated(words)
}

func lastOf(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// maxIDWords is how many words the identifier of a unit may be parted into
// ("4 B").
const maxIDWords = 3

// designated finds "designator identifier" at the end of the words.
func designated(words []string) (unit, int) {
	for n := 1; n <= maxIDWords && n < len(words); n++ {
		first := len(words) - n
		at := first - 1
		kind := unitWords[words[at]]
		if !isUnitID(words[first]) && (kind != floorKind || !namedFloors[words[first]]) {
			return unit{}, 0
		}
		if kind == "" {
			continue
		}
		// "Suite #5", "Apt No. 5": the first says what it is.
		if kind == genericUnit && at > 0 && unitWords[words[at-1]] != "" {
			at--
			kind = unitWords[words[at]]
		}
		return unit{kind, unitID(kind, words[first:])}, len(words) - at
	}
	return unit{}, 0
}

// isUnitID tells what can be a unit's identifier.
func isUnitID(w string) bool {
	return hasDigit(w) || isSingleLetter(w) || numberWords[w] != "" || ordinalWords[w] != ""
}

// unitID joins an identifier that was parted: 4 B and 4-B are 4B. Two numbers
// stay apart, as 1 1 is not 11.
func unitID(kind string, words []string) string {
	var b strings.Builder
	for i, w := range words {
		if n, ok := floorNumber(w); ok && kind == floorKind {
			w = n
		} else if n := numberWords[w]; n != "" {
			w = n
		}
		if i > 0 && startsWithDigit(w) && endsWithDigit(b.String()) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

func endsWithDigit(w string) bool { return w != "" && w[len(w)-1] >= '0' && w[len(w)-1] <= '9' }

// frenchOrdinal makes "2" of the word in front of "étage" ("2e", "3ème", "1er").
func frenchOrdinal(floor, w string) string {
	if !strings.HasPrefix(floor, "et") {
		return w
	}
	for _, end := range []string{"ieme", "eme", "er", "e"} {
		if n, ok := strings.CutSuffix(w, end); ok && isDigits(n) {
			return n
		}
	}
	return w
}

// floorNumber reads which floor is meant: "5", "5th", "fifth", "ground".
func floorNumber(w string) (string, bool) {
	if n := ordinal(w); n != "" {
		return n, true
	}
	if n := ordinalWords[w]; n != "" {
		return n, true
	}
	if n := numberWords[w]; n != "" {
		return n, true
	}
	return w, isDigits(w) || namedFloors[w]
}

// ordinal is the number of "1st", "22nd", "13th"; empty for anything else.
func ordinal(w string) string {
	if len(w) < 3 || !isDigits(w[:len(w)-2]) {
		return ""
	}
	n, end := w[:len(w)-2], w[len(w)-2:]
	want := "th"
	if len(n) < 2 || n[len(n)-2] != '1' {
		switch n[len(n)-1] {
		case '1':
			want = "st"
		case '2':
			want = "nd"
		case '3':
			want = "rd"
		}
	}
	if end != want {
		return ""
	}
	return n
}

// cutLeadingUnit takes a unit in front of a house number: "Flat 4 12 High St",
// and, where the post writes so, "Unit 4/12 High St".
func cutLeadingUnit(words []string, t speaks) (rest []string, u unit, ok bool) {
	if len(words) > 2 && unitWords[words[0]] != "" {
		if of, ok := unitAndNumber(words[1], t); ok {
			return append([]string{of[1]}, words[2:]...), unit{unitWords[words[0]], of[0]}, true
		}
	}
	for n := 2; n <= 3 && n+1 < len(words); n++ {
		u, used := designated(words[:n])
		if used == n && startsWithDigit(words[n]) {
			return words[n:], u, true
		}
	}
	return words, unit{}, false
}

// unitText lists units in an order that does not depend on the writer's.
func unitText(units []unit) string {
	texts := make([]string, len(units))
	for i, u := range units {
		texts[i] = u.String()
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), ",")
}
