package plan

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/biter777/countries"
)

// SamePlace reports whether two addresses are the same door by plain
// comparison: letter case, spaces and punctuation do not count, a state or a
// country may be given by code or by name, and it does not matter whether the
// unit stands in Street or in Street2. Anything else that differs (a house
// number, a unit, a postcode, an abbreviation) makes another place, and so
// does an address without street. CustomerName is not part of a place.
func SamePlace(a, b Address) bool {
	if a.Street == "" || b.Street == "" {
		return false
	}
	a.CustomerName, b.CustomerName = "", ""
	if a == b {
		return true
	}
	return placeKey(a) == placeKey(b) && sameState(a, b)
}

// placeKey is what two addresses of one place have in common. The state is
// part of it only where an address needs one: elsewhere the service may leave
// it out, see sameState.
func placeKey(a Address) string {
	country := CanonicalCountry(a.Country)
	var k strings.Builder
	k.Grow(len(a.Street) + len(a.Street2) + len(a.City) + len(a.Zip) + 16)
	foldWords(&k, a.Street)
	k.WriteByte(' ')
	foldWords(&k, a.Street2)
	street := strings.TrimRight(k.String(), " ")
	k.Reset()
	k.WriteString(street)
	k.WriteByte('|')
	foldWords(&k, a.City)
	k.WriteByte('|')
	for _, r := range a.Zip {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			k.WriteRune(unicode.ToLower(r))
		} else if r == '-' && country == "US" {
			k.WriteByte('-')
		}
	}
	k.WriteByte('|')
	if needsState(country) {
		k.WriteString(CanonicalState(country, a.State))
	}
	k.WriteByte('|')
	k.WriteString(country)
	return k.String()
}

// sameState compares the states of two addresses of a country that can do
// without: one that is missing agrees with any.
func sameState(a, b Address) bool {
	if a.State == "" || b.State == "" {
		return !needsState(CanonicalCountry(a.Country)) || a.State == b.State
	}
	return CanonicalState(a.Country, a.State) == CanonicalState(b.Country, b.State)
}

// needsState tells the countries whose addresses must have a state (API
// reference, guide on emergency addresses).
func needsState(country string) bool {
	return country == "US" || country == "CA" || country == "GB"
}

// foldWords appends the words of s in lower case, one space between them.
// Punctuation parts words, but apostrophes and full stops vanish ("St." is
// "st", "O'Neil" is "oneil") unless a full stop stands between digits.
func foldWords(k *strings.Builder, s string) {
	gap, wrote := false, false
	var last rune
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && wrote {
				k.WriteByte(' ')
			}
			k.WriteRune(unicode.ToLower(r))
			gap, wrote = false, true
		case r == '\'' || r == '’':
		case r == '.':
			next, _ := utf8.DecodeRuneInString(s[i+1:])
			gap = gap || unicode.IsDigit(last) && unicode.IsDigit(next)
		default:
			gap = true
		}
		last = r
	}
}

// Line renders the address on one line for people: "1 Main St, Suite 5,
// Oakland, CA 94607, US".
func (a Address) Line() string {
	parts := make([]string, 0, 5)
	for _, p := range []string{a.Street, a.Street2, a.City, strings.TrimSpace(a.State + " " + a.Zip), a.Country} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// CanonicalCountry turns a country's code or English name into its ISO 3166
// alpha-2 code. What it does not know it returns trimmed, as written.
func CanonicalCountry(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || s == "US" || s == "CA" || s == "GB" {
		return s
	}
	if c := countries.ByName(s); c.IsValid() && c != countries.Unknown {
		return c.Alpha2()
	}
	return s
}

// CanonicalState turns the name of a state, province or part of a country
// into the code that the country's post uses. It knows the United States,
// Canada, Australia and the United Kingdom; elsewhere, and for what it does
// not know, it returns the text in upper case without outer spaces.
func CanonicalState(country, state string) string {
	up := strings.ToUpper(strings.TrimSpace(state))
	if up == "" {
		return ""
	}
	country = CanonicalCountry(country)
	up = strings.TrimPrefix(up, country+"-")
	if len(up) <= 3 && !strings.ContainsAny(up, ". ") {
		return up
	}
	bare := strings.Join(strings.Fields(strings.ReplaceAll(up, ".", "")), " ")
	if code, ok := stateCodes(country)[bare]; ok {
		return code
	}
	return bare
}
