package plan

import (
	"strings"

	"github.com/biter777/countries"
)

// SamePlace reports whether two addresses are the same door, by the rules of
// docs/places.md: case, punctuation, accents, the usual short forms of
// street suffixes, directions and unit designators, the place where the unit
// is written and the form of postcode, state and country do not count. Another
// house number, unit, kind of unit, street, suffix, direction, city, postcode,
// state or country makes another place, a unit that one of them lacks too, and
// so does an address without street. CustomerName is not part of a place.
//
// It is an equivalence: the addresses of a place have one key.
func SamePlace(a, b Address) bool {
	if a.Street == "" || b.Street == "" {
		return false
	}
	a.CustomerName, b.CustomerName = "", ""
	return a == b || placeKey(a) == placeKey(b)
}

// placeKey is what all spellings of a place have in common.
func placeKey(a Address) string {
	d := doorOf(a)
	return d.key()
}

// needsState tells the countries whose addresses must have a state (API
// reference, guide on emergency addresses).
func needsState(country string) bool {
	return country == "US" || country == "CA" || country == "GB"
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
	bare := strings.Join(strings.Fields(strings.ReplaceAll(up, ".", "")), " ")
	if code, ok := stateCodes(country)[bare]; ok {
		return code
	}
	return bare
}
