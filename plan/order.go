package plan

import (
	"cmp"
	"strings"
)

// CompareNumeric orders ids and extension numbers as people do: a shorter run
// of digits first, "99" before "101", and other texts after them. Leading zeros
// count only where nothing else differs, so that the order is total.
func CompareNumeric[T ~string](x, y T) int {
	a, b := string(x), string(y)
	switch da, db := isDigits(a), isDigits(b); {
	case da && !db:
		return -1
	case db && !da:
		return 1
	case da && len(a) != len(b):
		ta, tb := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(ta), len(tb)), strings.Compare(ta, tb), strings.Compare(a, b))
	}
	return strings.Compare(a, b) // numbers of one length too
}

// fold is a name as names are compared: without regard to letter case and
// runs of spaces.
func fold(s string) string {
	if isFolded(s) {
		return s
	}
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// isFolded is the quick way out for texts that need no work.
func isFolded(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || c >= 'A' && c <= 'Z' || c < ' ' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

// sameName compares two names as fold does.
func sameName(a, b string) bool { return a == b || fold(a) == fold(b) }
