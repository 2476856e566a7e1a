package plan

import (
	"fmt"
	"slices"
	"strings"
)

// List is a compiled list of extensions or devices. An entry is
//
//   - a word that an object is known by (number, id, serial or name), without
//     regard to letter case,
//   - a range of numbers, "100-199": a number of as many digits as one of its
//     ends, between both,
//   - or a pattern, in which * stands for any characters and ? for one.
type List struct {
	exact  map[string]string // the folded word, and the entry as it was given
	ranges []span
	globs  []glob
	hit    map[string]bool // entries that something was found by
}

type span struct{ entry, low, high string }

type glob struct{ entry, pattern string }

// NewList compiles entries. Empty ones and ranges that run backwards are
// errors.
func NewList(entries []string) (*List, error) {
	l := &List{exact: make(map[string]string, len(entries)), hit: map[string]bool{}}
	for _, entry := range entries {
		text := strings.TrimSpace(entry)
		low, high, isRange := strings.Cut(text, "-")
		low, high = strings.TrimSpace(low), strings.TrimSpace(high)
		switch {
		case text == "":
			return nil, fmt.Errorf("an entry of the list is empty")
		case isRange && isDigits(low) && isDigits(high):
			if CompareNumeric(low, high) > 0 || len(low) > len(high) {
				return nil, fmt.Errorf("range %q runs backwards", text)
			}
			l.ranges = append(l.ranges, span{text, low, high})
		case strings.ContainsAny(text, "*?"):
			l.globs = append(l.globs, glob{text, fold(text)})
		default:
			l.exact[listWord(text)] = text
		}
	}
	return l, nil
}

// CheckList tells what is wrong with a list of extensions or devices, as the
// options and [Selection] take them.
func CheckList(entries []string) error {
	_, err := NewList(entries)
	return err
}

// NewExtensionList compiles a list of extensions by their numbers: as
// [NewList], but an entry that can be no number, range or pattern of numbers is
// an error.
func NewExtensionList(entries []string) (*List, error) {
	l, err := NewList(entries)
	if err != nil {
		return nil, fmt.Errorf("extensions: %w", err)
	}
	for _, e := range entries {
		if strings.Trim(e, "0123456789*?- ") != "" {
			return nil, fmt.Errorf("extensions %q: want a number, a range (100-199) or a pattern (1*)", e)
		}
	}
	return l, nil
}

// listWord is a word as lists compare it; a serial loses what stands between
// its digits.
func listWord(text string) string { return BareSerial(fold(text)) }

// between are the signs that people write between the digits of a MAC address.
var between = strings.NewReplacer(":", "", "-", "", ".", "", " ", "")

// BareSerial is a MAC address in any of the usual spellings as 12 lower-case hex
// digits. A serial that is none stays as it is: soft phones show other ids.
func BareSerial(serial string) string {
	bare := strings.ToLower(between.Replace(serial))
	if len(bare) != 12 || strings.Trim(bare, "0123456789abcdef") != "" {
		return serial
	}
	return bare
}

// Find returns the entry that one of an object's words fits.
func (l *List) Find(words ...string) (entry string, ok bool) {
	if l == nil {
		return "", false
	}
	for _, w := range words {
		if w == "" {
			continue
		}
		if entry, ok = l.fit(w); ok {
			l.hit[entry] = true
			return entry, true
		}
	}
	return "", false
}

func (l *List) fit(word string) (string, bool) {
	if len(l.exact) > 0 {
		if entry, ok := l.exact[listWord(word)]; ok {
			return entry, true
		}
	}
	if isDigits(word) {
		for _, r := range l.ranges {
			if len(word) >= len(r.low) && len(word) <= len(r.high) && CompareNumeric(r.low, word) <= 0 && CompareNumeric(word, r.high) <= 0 {
				return r.entry, true
			}
		}
	}
	for _, g := range l.globs {
		if globs(g.pattern, fold(word)) {
			return g.entry, true
		}
	}
	return "", false
}

// Unused are the entries that nothing was found by, in order.
func (l *List) Unused() []string {
	var out []string
	if l == nil {
		return nil
	}
	for _, entry := range l.exact {
		out = append(out, entry)
	}
	for _, r := range l.ranges {
		out = append(out, r.entry)
	}
	for _, g := range l.globs {
		out = append(out, g.entry)
	}
	out = slices.DeleteFunc(out, func(e string) bool { return l.hit[e] })
	slices.SortFunc(out, CompareNumeric)
	return slices.Compact(out)
}

// globs reports whether a text fits a pattern of * and ?, in time that grows
// with the product of their lengths at most.
func globs(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	i, j, star, from := 0, 0, -1, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, from = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
