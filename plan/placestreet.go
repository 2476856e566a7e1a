package plan

import (
	"slices"
	"strings"
)

// streetKey writes the street behind the house number in one way. The parts
// (direction, name, suffix, direction) stay apart by colons, so that no part
// of one street is taken for another part of a second.
func streetKey(words []string, t speaks) (key, directions string) {
	switch {
	case t.english || t.french:
		s := streetParts(words, t)
		return s.front + ":" + s.typ + ":" + strings.Join(s.name, " ") + ":" + s.suffix + ":" + s.back, strings.TrimSpace(s.front + " " + s.back)
	case t.german:
		return strings.Join(germanStreet(words), " "), ""
	default:
		return strings.Join(words, " "), ""
	}
}

type street struct {
	front  string // direction in front of the name
	typ    string // French type in front of the name
	name   []string
	suffix string
	back   string // direction behind the suffix
}

// streetParts reads a street from its outer ends. A word counts as direction
// or suffix only where something is left to be the name: N St is a street that
// is called N, and Avenue E one that is called E.
func streetParts(words []string, t speaks) street {
	var s street
	name := words
	if t.french && len(name) > 1 {
		typ, ok := streetTypesFrench[name[0]]
		_, suffix := streetSuffixes[name[1]]
		if ok && (!t.english || !suffix || len(name) > 2) { // Avenue Road is a road
			s.typ, name = typ, name[1:]
		}
	}
	name, s.back = cutBack(name, t, s.typ != "")
	if n := len(name); t.english && n > 1 {
		if suffix, ok := streetSuffixes[name[n-1]]; ok {
			s.suffix, name = suffix, name[:n-1]
		}
	}
	name, s.front = cutFront(name, t)
	s.name = streetName(name, t)
	return s
}

func direction(w string, t speaks, french bool) string {
	if t.english {
		if d := directionals[w]; d != "" {
			return d
		}
	}
	if french {
		return directionalsFrench[w]
	}
	return ""
}

// cutBack takes the direction behind a street.
func cutBack(words []string, t speaks, french bool) (rest []string, back string) {
	n := len(words)
	leaves := func(k int) bool {
		_, suffix := streetSuffixes[words[0]]
		return n-k > 1 || n-k == 1 && !suffix
	}
	if n > 2 && leaves(2) && isSingleLetter(words[n-1]) && isSingleLetter(words[n-2]) {
		if d := direction(words[n-2]+words[n-1], t, french); d != "" {
			return words[:n-2], d
		}
	}
	if n > 1 && leaves(1) {
		if d := direction(words[n-1], t, french); d != "" {
			return words[:n-1], d
		}
	}
	return words, ""
}

// cutFront takes the direction in front of a street's name.
func cutFront(words []string, t speaks) (rest []string, front string) {
	if !t.english {
		return words, ""
	}
	if len(words) > 2 && isSingleLetter(words[0]) && isSingleLetter(words[1]) {
		if d := directionals[words[0]+words[1]]; d != "" {
			return words[2:], d
		}
	}
	if len(words) > 1 {
		if d := directionals[words[0]]; d != "" {
			return words[1:], d
		}
	}
	return words, ""
}

// streetName writes the words of a street's own name in one way.
func streetName(words []string, t speaks) []string {
	if len(words) == 0 {
		return nil
	}
	out := make([]string, 0, len(words)+1)
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		out = append(out, nameWord(w, next, len(words) > 1, t)...)
	}
	return out
}

// nameWord is one word of a name, or the words that it is short for. Only
// numbers have a short form where they are the whole name.
func nameWord(w, next string, several bool, t speaks) []string {
	if n := ordinal(w); n != "" && t.english {
		return []string{n}
	}
	if n := ordinalWords[w]; n != "" && t.english {
		return []string{n}
	}
	if !several {
		return []string{w}
	}
	if t.english {
		inner := innerWords[next]
		road := inner == "road" || inner == "route" || inner == "highway"
		switch {
		case w == "st" && road:
			return []string{"state"}
		case w == "co" && road:
			return []string{"county"}
		case w == "cr" && hasDigit(next):
			return []string{"county", "road"}
		}
	}
	if full := innerWords[w]; full != "" {
		return []string{full}
	}
	return []string{w}
}

// germanStreet spells "Hauptstr." in full and joins a letter to the house
// number in front of it.
func germanStreet(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		if stem, ok := strings.CutSuffix(w, "str"); ok {
			w = stem + "strasse"
		}
		if n := len(out); n > 0 && isSingleLetter(w) && isDigits(out[n-1]) {
			out[n-1] += w
			continue
		}
		out = append(out, w)
	}
	return out
}

// cityKey writes the name of a city in one way.
func cityKey(words []string, t speaks) string {
	if !t.english && !t.french || len(words) < 2 {
		return strings.Join(words, " ")
	}
	out := slices.Clone(words)
	for i, w := range out {
		switch {
		case w == "st":
			out[i] = "saint"
		case w == "ste":
			out[i] = "sainte"
		case w == "mt" && i == 0:
			out[i] = "mount"
		case w == "ft" && i == 0:
			out[i] = "fort"
		case i == 0 && directionals[w] != "" && t.english:
			out[i] = directionals[w]
		}
	}
	return strings.Join(out, " ")
}
