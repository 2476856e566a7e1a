package plan

import (
	"strings"
	"unicode/utf8"
)

// GuardCell makes a text harmless in a CSV that a spreadsheet program opens:
// a text that could be taken for a formula gets an apostrophe in front. All
// others, signed numbers and phone numbers among them, stay as they are. The
// rule is reversible: UnguardCell(GuardCell(s)) == s for every s.
func GuardCell(s string) string {
	if isRisky(s) {
		return "'" + s
	}
	return s
}

// UnguardCell undoes [GuardCell].
func UnguardCell(s string) string {
	if strings.HasPrefix(s, "'") && isRisky(s) {
		return s[1:]
	}
	return s
}

// isRisky looks through apostrophes and spaces at the beginning, so that a
// guarded text is as risky as it was: that makes the rule reversible.
func isRisky(s string) bool {
	core := strings.TrimLeft(s, "' \u00a0")
	first, _ := utf8.DecodeRuneInString(core)
	switch first {
	case '=', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return true
	case '+', '-':
		return !isNumber(core[1:])
	}
	return false
}

// isNumber reports whether s is digits, with at most one point between them.
func isNumber(s string) bool {
	whole, fraction, point := strings.Cut(s, ".")
	return isDigits(whole) && (!point || isDigits(fraction))
}

// isDigits reports whether s is ASCII digits, at least one.
func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
