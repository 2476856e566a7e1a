package plan

import (
	"slices"
	"strings"
	"unicode"
)

// door is an address taken apart into what must agree for two addresses to be
// one door.
type door struct {
	number     string // house number; empty: none was found
	street     string // see streetKey
	directions string
	units      []unit
	more       []string // other texts, as a building's name
	city       string
	zip        string
	state      string
	country    string
}

// doorOf takes an address apart.
func doorOf(a Address) door {
	country := CanonicalCountry(a.Country)
	t := tongues(country)
	d := door{country: country, zip: postcode(country, a.Zip), state: stateKey(country, a.State, t)}
	for i, words := range addressWords(foldAddress(a.City, t)) {
		if i > 0 {
			d.city += ","
		}
		d.city += cityKey(words, t)
	}
	segments := addressWords(foldAddress(a.Street, t))
	mains := len(segments)
	segments = append(segments, addressWords(foldAddress(a.Street2, t))...)
	d.readSegments(segments, mains, t)
	slices.Sort(d.more)
	return d
}

// readSegments tells the street from units and other texts; the first mains
// segments are those of Address.Street.
func (d *door) readSegments(segments [][]string, mains int, t speaks) {
	main := -1
	for i, words := range segments {
		rest, u, ok := cutLeadingUnit(words, t)
		if ok {
			d.units = append(d.units, u)
		}
		rest, units := d.cutSegment(rest, i < mains)
		d.units = append(d.units, units...)
		segments[i] = rest
		if len(rest) == 0 {
			continue
		}
		if main < 0 || isHouseNumber(rest[0]) && !isHouseNumber(segments[main][0]) {
			main = i
		}
	}
	for i, words := range segments {
		switch {
		case len(words) == 0:
		case i == main:
			d.readStreet(words, t)
		default:
			d.more = append(d.more, strings.Join(words, " "))
		}
	}
}

// cutSegment takes the units of a segment. One that is nothing but units, or a
// bare identifier behind the street, leaves nothing.
func (d *door) cutSegment(words []string, inStreet bool) (rest []string, units []unit) {
	if rest, units := cutUnits(words, 0); len(rest) == 0 {
		return rest, units
	}
	if !inStreet && len(words) <= maxIDWords && !slices.ContainsFunc(words, func(w string) bool { return !isUnitID(w) }) {
		return nil, []unit{{genericUnit, unitID(genericUnit, words)}}
	}
	return cutUnits(words, 2)
}

func isHouseNumber(w string) bool { return startsWithDigit(w) || numberWords[w] != "" }

// readStreet parts house number and street.
func (d *door) readStreet(words []string, t speaks) {
	if t.english || t.french {
		d.number, words = cutNumber(words, t)
		if of, ok := unitAndNumber(d.number, t); ok {
			d.number = of[1]
			d.units = append(d.units, unit{genericUnit, of[0]})
		}
	}
	d.street, d.directions = streetKey(words, t)
	if d.number == "" && !t.english {
		d.number = numberInside(words)
	}
}

// cutNumber takes the house number in front of a street.
func cutNumber(words []string, t speaks) (number string, rest []string) {
	if len(words) > 2 && unitWords[words[0]] == genericUnit && startsWithDigit(words[1]) {
		words = words[1:] // "No. 12 High Street"
	}
	switch {
	case len(words) > 1 && startsWithDigit(words[0]):
		number, rest = words[0], words[1:]
		f := rest[0]
		if len(rest) > 1 && (strings.Contains(f, "/") || t.french && (f == "bis" || f == "ter" || f == "quater")) {
			number, rest = number+" "+f, rest[1:]
		}
		return number, rest
	case len(words) > 2 && numberWords[words[0]] != "":
		return numberWords[words[0]], words[1:]
	}
	return "", words
}

// unitAndNumber parts "4/12" and "10-123" where the post reads them so.
func unitAndNumber(number string, t speaks) (of [2]string, ok bool) {
	sep := ""
	switch {
	case t.slashUnit:
		sep = "/"
	case t.hyphenUnit:
		sep = "-"
	default:
		return of, false
	}
	u, n, ok := strings.Cut(number, sep)
	return [2]string{u, n}, ok && u != "" && n != "" && !strings.ContainsAny(n, sep+" ")
}

// numberInside finds the house number of a street whose country writes it
// behind the name: the last word with a digit.
func numberInside(words []string) string {
	for i := len(words) - 1; i >= 0; i-- {
		if startsWithDigit(words[i]) {
			if i+1 < len(words) && isSingleLetter(words[i+1]) {
				return words[i] + words[i+1]
			}
			return words[i]
		}
	}
	return ""
}

// key is what all spellings of one door have in common.
func (d *door) key() string {
	var k strings.Builder
	k.Grow(96)
	for i, part := range []string{d.number, d.street, unitText(d.units), strings.Join(d.more, ","), d.city, d.zip, d.stateInKey(), d.country} {
		if i > 0 {
			k.WriteByte('|')
		}
		k.WriteString(part)
	}
	return k.String()
}

// stateInKey is the state where addresses of the country have one. Elsewhere
// city and postcode say it, and the service may leave it out.
func (d *door) stateInKey() string {
	if asksState(d.country) {
		return d.state
	}
	return ""
}

// asksState tells the countries whose postal addresses hold a state or what
// stands for one (ISO 3166 codes; Universal Postal Union, addressing systems).
func asksState(country string) bool {
	switch country {
	case "US", "CA", "GB", "AU", "AE", "BR", "CN", "ES", "HK", "IN", "IT", "JM", "JP", "KR", "KY", "MX", "MY", "PG", "TW", "VE":
		return true
	default:
		return false
	}
}

func stateKey(country, state string, t speaks) string {
	var all []string
	for _, words := range addressWords(foldAddress(CanonicalState(country, state), t)) {
		all = append(all, words...)
	}
	return strings.Join(all, " ")
}

// postcode writes a postcode in one way: letters and digits only. Of a US ZIP
// code the first five digits count: the other four are made from street and
// unit (USPS Publication 28, 215).
func postcode(country, zip string) string {
	var b strings.Builder
	for _, r := range zip {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	code := b.String()
	switch country {
	case "US", "PR", "GU", "VI", "AS", "MP":
		if (len(code) == 5 || len(code) == 9) && isDigits(code) {
			return code[:5]
		}
	default:
		// "D-10115", "CH-8001": the country once more.
		if digits := strings.TrimPrefix(strings.TrimPrefix(code, country), postPrefixes[country]); isDigits(digits) {
			return digits
		}
	}
	return code
}

// postPrefixes are the letters before a postcode on mail from abroad where
// they are not the ISO code.
var postPrefixes = map[string]string{"DE": "D", "FR": "F", "AT": "A", "BE": "B", "IT": "I", "ES": "E", "LU": "L", "NO": "N", "SE": "S", "PT": "P"}
