package sheet

import (
	"fmt"
	"strings"

	"github.com/biter777/countries"

	"provision/plan"
)

// Most characters of an address's parts (API reference, bulkAddDevicesV2,
// PostalAddress).
const (
	maxStreet = 256
	maxCity   = 64
	maxState  = 64
	maxZip    = 10
)

// needState are the countries whose addresses must name a state, province or
// county (API reference, guide on emergency addresses).
var needState = map[string]bool{"US": true, "CA": true, "GB": true}

// address normalises street to customer_name. The address is one value: what it
// lacks is an error.
func (n *normaliser) address(r *plan.Row, v *record) {
	r.CustomerName = n.text(colCustomerName, v.CustomerName, maxName)
	if v.Street == "" && v.Street2 == "" && v.City == "" && v.State == "" && v.Zip == "" && v.Country == "" {
		return
	}
	a := plan.Address{
		Street:  n.part(colStreet, v.Street, maxStreet),
		Street2: n.part(colStreet2, v.Street2, maxStreet),
		City:    n.part(colCity, v.City, maxCity),
		State:   n.part(colState, v.State, maxState),
	}
	var known bool // the country
	a.Country, known = n.country(v.Country)
	first := n.firstPart(v)
	if first == colNone {
		return
	}
	if a.Country == "" && blank(v.Country) {
		a.Country, known = n.opts.Country, n.opts.Country != ""
	}
	if a.State != "" && known {
		a.State = n.places.state(a.Country, a.State)
	}
	a.Zip = n.zip(v.Zip, a.Country, a.State)
	n.complete(&a, v, first)
	n.noBox(colStreet, a.Street)
	n.noBox(colStreet2, a.Street2)
	a.CustomerName = r.CustomerName.Text
	r.Address, r.AddressCell = a, n.cell(first)
}

// firstPart finds the first filled column of the address, in the sheet's order.
func (n *normaliser) firstPart(v *record) columnID {
	best := colNone
	for c := colStreet; c <= colCountry; c++ {
		if n.at[c] < 0 || blank(v.field(c)) {
			continue
		}
		if best == colNone || n.at[c] < n.at[best] {
			best = c
		}
	}
	return best
}

// blank reports whether a cell shows nothing.
func blank(raw string) bool {
	text, _ := cleanText(raw)
	return text == ""
}

// part normalises a part of the address that is free text.
func (n *normaliser) part(c columnID, raw string, most int) string {
	text, ok := n.usable(c, raw, false)
	if !ok || n.tooLong(c, text, most) {
		return ""
	}
	return straighten(text)
}

// complete reports each part that the address lacks.
func (n *normaliser) complete(a *plan.Address, v *record, first columnID) {
	lacks := func(c columnID, raw, value, why string) {
		if value != "" || !blank(raw) {
			return // there, or reported already
		}
		at := c
		if n.at[c] < 0 {
			at = first
		}
		n.fail(at, "", "address_incomplete", fmt.Sprintf("the address has no %s%s; street to country are one value, so fill all of them or none", registry[c].name, why))
	}
	lacks(colStreet, v.Street, a.Street, "")
	lacks(colCity, v.City, a.City, "")
	if a.State == "" && needState[a.Country] {
		lacks(colState, v.State, a.State, ", which addresses in "+a.Country+" need")
	}
	lacks(colZip, v.Zip, a.Zip, "")
	lacks(colCountry, v.Country, a.Country, " and --country names none")
}

// noBox refuses post office boxes: no ambulance can go there, and the service
// refuses them.
func (n *normaliser) noBox(c columnID, text string) {
	if isPOBox(text) {
		n.fail(c, text, "po_box", "an emergency address can't be a P.O. box; give the street where the phone is")
	}
}

func isPOBox(text string) bool {
	if strings.IndexByte(text, 'x') < 0 && strings.IndexByte(text, 'X') < 0 {
		return false // as nearly all streets
	}
	lower := strings.ToLower(text)
	if !strings.Contains(lower, "box") {
		return false
	}
	words := strings.FieldsFunc(strings.ReplaceAll(lower, ".", ""), func(r rune) bool { return !isLetterOrDigit(r) })
	joined := " " + strings.Join(words, " ") + " "
	for _, form := range [...]string{" po box ", " p o box ", " pobox ", " post office box ", " postal box ", " post box "} {
		if strings.Contains(joined, form) {
			return true
		}
	}
	return len(words) == 2 && words[0] == "box" && isDigits(words[1])
}

// country normalises a country to its ISO 3166 alpha-2 code. The second result
// tells that it is known.
func (n *normaliser) country(raw string) (string, bool) {
	const c = colCountry
	text, ok := n.usable(c, raw, true)
	if !ok {
		return "", false
	}
	if code := n.places.country(text); code != "" {
		return code, true
	}
	n.fail(c, raw, "country_unknown", "this country is unknown; write its two-letter code, as in US")
	return text, false
}

// zip normalises a postal code. Of US ones, the zeros that a number lost are
// put back where the state shows that they were there.
func (n *normaliser) zip(raw, country, state string) string {
	const c = colZip
	text, ok := n.usable(c, raw, true)
	if !ok || n.tooLong(c, text, maxZip) {
		return ""
	}
	if kind := n.kind(c); kind == kindNumber {
		n.countNumber(c)
	}
	if digits, form := wholeDigits(text); form == wholeNumber && digits != text {
		n.note(c, raw, "number_restored", fmt.Sprintf("the number was read as %q; format the column as text", digits))
		text = digits
	} else if form == lostDigits {
		n.fail(c, raw, "scientific_notation", "the spreadsheet program turned the value into a number and lost digits; format the cell as text and type it anew")
		return ""
	}
	if country != "US" {
		zip, restored := foreignZip(strings.ToUpper(text), country)
		if restored {
			n.note(c, raw, "zip_restored", fmt.Sprintf("read as %q: a postal code of this country has %d digits, so the leading zero was lost; format the column as text", zip, len(zip)))
		}
		return zip
	}
	zip, restored, problem := parseZip(text, state)
	switch {
	case problem != "":
		n.fail(c, raw, "zip_invalid", problem)
		return ""
	case restored:
		n.note(c, raw, "zip_restored", fmt.Sprintf("read as %q: the leading zero was lost; format the column as text", zip))
	}
	return zip
}

// zipDigits tells for countries whose postal codes are digits only, always as
// many, and may begin with 0, how many they are (Universal Postal Union, postal
// addressing systems).
var zipDigits = map[string]int{
	"DE": 5, "ES": 5, "FI": 5, "FR": 5, "IT": 5, "KR": 5, "MX": 5, "MY": 5, "TR": 5, "UA": 5,
	"AU": 4, "NO": 4, "NZ": 4, "ZA": 4,
}

// foreignZip puts a leading zero back where the country's codes are of one
// length and just one digit is missing.
func foreignZip(text, country string) (zip string, restored bool) {
	if want := zipDigits[country]; want > 0 && len(text) == want-1 && isDigits(text) && text[0] != '0' {
		return "0" + text, true
	}
	return text, false
}

// lostZeros tells for the states and territories whose ZIP codes begin with 0
// with how many zeros they do (USPS publication 65, three-digit prefixes).
var lostZeros = map[string]int{"CT": 1, "MA": 1, "ME": 1, "NH": 1, "NJ": 1, "RI": 1, "VT": 1, "AE": 1, "PR": 2, "VI": 2}

// parseZip reads a US ZIP code, with or without the four digits behind it. The
// second result tells that leading zeros were put back, the third what is wrong.
func parseZip(text, state string) (zip string, restored bool, problem string) {
	base, more, dashed := strings.Cut(text, "-")
	if !dashed && len(text) == 9 && isDigits(text) {
		base, more, dashed = text[:5], text[5:], true
	}
	if !isDigits(base) || dashed && (!isDigits(more) || len(more) != 4) {
		return "", false, "a US ZIP code has five digits, or nine as in 02134-1234"
	}
	switch {
	case len(base) == 5:
	case len(base) < 5 && 5-len(base) <= lostZeros[state]:
		base, restored = strings.Repeat("0", 5-len(base))+base, true
	case len(base) == 4:
		return "", false, "a US ZIP code has five digits, and this one did not lose a leading zero, as those of this state have none; type it anew"
	default:
		return "", false, "a US ZIP code has five digits, or nine as in 02134-1234"
	}
	if dashed {
		base += "-" + more
	}
	return base, restored, ""
}

// KnownCountry reports whether a code is that of a country, as ISO 3166 alpha-2
// has it.
func KnownCountry(code string) bool {
	p := newPlaces()
	code = strings.ToUpper(code)
	return p.country(code) == code
}

// places looks up countries and states by name, and remembers: the library's
// search is slow and a sheet names few.
type places struct {
	countries map[string]string
	states    map[string]map[string]string // by country, folded name to code
}

func newPlaces() places {
	return places{countries: map[string]string{}, states: map[string]map[string]string{}}
}

// country gives the alpha-2 code of a country by code or name; empty if it is
// none.
func (p *places) country(text string) string {
	if code, ok := p.countries[text]; ok {
		return code
	}
	code := ""
	if found := countries.ByName(text); found != countries.Unknown && found.IsValid() {
		if a2 := found.Alpha2(); len(a2) == 2 {
			code = a2
		}
	} else {
		code = countriesAbroad[foldAbroad(text)]
	}
	p.countries[text] = code
	return code
}

// state gives the code that the country uses for a state by code or name; the
// text itself if it is none.
func (p *places) state(country, text string) string {
	names, ok := p.states[country]
	if !ok {
		names = statesOf(country)
		p.states[country] = names
	}
	if code, ok := names[text]; ok { // mostly it is written as the code
		return code
	}
	if code, ok := names[foldWord(strings.ReplaceAll(text, ".", ""))]; ok {
		return code
	}
	return text
}

// statesOf lists a country's states. Counties of the UK are used by name, not
// by code, as are the divisions of all countries but those below.
func statesOf(country string) map[string]string {
	names := map[string]string{}
	switch country {
	case "US", "CA", "AU":
	default:
		return names
	}
	for _, s := range countries.ByName(country).Subdivisions() {
		_, code, ok := strings.Cut(string(s), "-")
		if !ok {
			continue
		}
		names[code] = code
		names[foldWord(code)] = code
		names[foldWord(s.String())] = code
	}
	return names
}
