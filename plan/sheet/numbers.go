package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"provision/plan"
)

const (
	// maxExtension is the most digits of an extension number (API reference,
	// listExtensions, parameter extensionNumber).
	maxExtension = 8
	// maxID is the most characters of an id; those of the service are int64.
	maxID = 32
	// exactDigits is the number of digits that a spreadsheet keeps of a number.
	exactDigits = 15
)

// numberForm is what a text that looks like a number says about the digits
// that were meant.
type numberForm int

const (
	notNumber   numberForm = iota
	wholeNumber            // the digits are all there
	lostDigits             // some are not, or nobody can tell
)

// wholeDigits restores the digits of a text that a spreadsheet program wrote as
// a number: "101.0", "1.6502345678E+10". It tells "1.6502E+10", whose digits
// are not all there, from texts that are no such number.
func wholeDigits(s string) (string, numberForm) {
	if isDigits(s) {
		return s, wholeNumber
	}
	mantissa, exponent, scientific := strings.Cut(strings.ToUpper(s), "E")
	whole, fraction, pointed := strings.Cut(mantissa, ".")
	if !pointed {
		// A decimal comma.
		whole, fraction, pointed = strings.Cut(mantissa, ",")
	}
	if !isDigits(whole) || fraction != "" && !isDigits(fraction) || pointed && fraction == "" {
		return "", notNumber
	}
	if !scientific {
		switch {
		case !pointed:
			return s, wholeNumber
		case strings.Trim(fraction, "0") == "" && len(fraction) <= 2:
			return whole, wholeNumber
		}
		return "", notNumber
	}
	e, err := strconv.Atoi(strings.TrimPrefix(exponent, "+"))
	if err != nil {
		return "", notNumber
	}
	digits := whole + fraction
	if !pointed || len(whole) != 1 || e != len(fraction) || len(digits) > exactDigits || whole == "0" {
		return "", lostDigits
	}
	return digits, wholeNumber
}

// digitText brings a value that should be made of digits to these, as far as
// that needs no guess. It reports false where it has reported an error.
func (n *normaliser) digitText(c columnID, raw, text string) (string, bool) {
	kind := n.kind(c)
	if kind == kindNumber {
		n.countNumber(c)
	}
	if isDigits(text) {
		if kind == kindNumber && len(text) > exactDigits {
			n.fail(c, raw, "digits_lost", fmt.Sprintf("the cell holds a number of more than %d digits, of which the spreadsheet program kept no more; format it as text and type it anew", exactDigits))
			return "", false
		}
		return text, true
	}
	digits, form := wholeDigits(text)
	switch form {
	case wholeNumber:
		n.note(c, raw, "number_restored", fmt.Sprintf("the number was read as %q; format the column as text", digits))
		return digits, true
	case lostDigits:
		n.fail(c, raw, "scientific_notation", "the spreadsheet program turned the value into a number and lost digits; format the cell as text and type it anew")
		return "", false
	case notNumber:
	}
	return text, true
}

// digits normalises a number whose leading zeros count.
func (n *normaliser) digits(c columnID, raw string, most int) plan.Value {
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.Value{}
	}
	if text, ok = n.digitText(c, raw, text); !ok {
		return plan.Value{}
	}
	if !isDigits(text) || len(text) > most {
		n.fail(c, raw, "extension_invalid", fmt.Sprintf("an extension number is made of up to %d digits; %s", most, extensionHint(text)))
		return plan.Value{}
	}
	return plan.Value{Text: text, Cell: n.cell(c)}
}

// extensionHint says what to do about a text that is no extension number.
func extensionHint(text string) string {
	parts := strings.FieldsFunc(text, splitsValues)
	words := strings.Fields(strings.TrimFunc(text, func(r rune) bool { return !isLetterOrDigit(r) }))
	switch {
	case len(parts) > 1 && !slices.ContainsFunc(parts, func(s string) bool { return len(s) < 2 || !isDigits(s) || len(s) > maxExtension }) && !thousands(text):
		return "a row is about one extension, so give each a row of its own"
	case strings.IndexFunc(text, unicode.IsDigit) < 0 || len(words) > 2:
		return "type it as in 0101, or delete the row if it is a title, a total or a note"
	}
	return "format the column as text and type it as in 0101"
}

// splitsValues tells what people put between several values in one cell.
func splitsValues(r rune) bool { return strings.ContainsRune(",;/|&+ ", r) }

// thousands reports whether a text is one number in groups of three digits.
func thousands(text string) bool {
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	for i, g := range groups {
		if !isDigits(g) || i > 0 && len(g) != 3 || len(g) > 3 {
			return false
		}
	}
	return len(groups) == 2 && len(groups[0]) < 3
}

// id normalises an id of the service, which is opaque.
func (n *normaliser) id(c columnID, raw string) plan.Value {
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.Value{}
	}
	if text, ok = n.digitText(c, raw, text); !ok {
		return plan.Value{}
	}
	if !isID(text) {
		n.fail(c, raw, "id_invalid", "an id is made of digits; copy it from the account or from an export")
		return plan.Value{}
	}
	return plan.Value{Text: text, Cell: n.cell(c)}
}

func isID(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_' {
			continue
		}
		return false
	}
	return s != "" && len(s) <= maxID
}

// phone normalises a phone number to E.164.
func (n *normaliser) phone(c columnID, raw string) plan.Value {
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.Value{}
	}
	if isNorthAmerican(text) {
		return plan.Value{Text: text, Cell: n.cell(c)}
	}
	// A link to a number, as directories keep it (RFC 3966); with a plus it is the whole number.
	const link = "tel:"
	linked := len(text) > len(link) && strings.EqualFold(text[:len(link)], link) && text[len(link)] == '+'
	if linked {
		text = text[len(link):]
	} else if n.kind(c) == kindNumber || isDigits(text) || strings.ContainsAny(text, "eE.") {
		if text, ok = n.digitText(c, raw, text); !ok {
			return plan.Value{}
		}
	}
	number, problem := parsePhone(text, n.opts.Region)
	if problem != "" {
		n.fail(c, raw, "phone_invalid", problem)
		return plan.Value{}
	}
	if linked {
		n.note(c, raw, "number_restored", fmt.Sprintf("the link was read as %q", number))
	}
	return plan.Value{Text: number, Cell: n.cell(c)}
}

// isNorthAmerican reports whether s is in E.164 already and has the form of
// a number of the North American plan: most are, and need no library.
func isNorthAmerican(s string) bool {
	return len(s) == 12 && s[0] == '+' && s[1] == '1' && isNorthAmericanForm(s[2:])
}

// parsePhone reads a phone number in any notation. The second result says what
// is wrong with it.
func parsePhone(text, region string) (string, string) {
	for _, r := range text {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return "", "a phone number is made of digits, without letters or an extension; write it as in +16505550100"
		}
	}
	number, err := phonenumbers.Parse(text, region)
	if err != nil {
		return "", "this is no phone number; write it with its country code, as in +16505550100"
	}
	if !phonenumbers.IsPossibleNumber(number) {
		hint := ""
		if !strings.HasPrefix(text, "+") {
			hint = ", or it lacks the + and country code"
		}
		return "", fmt.Sprintf("the number has too few or too many digits for country code %d%s; write it as in +16505550100", number.GetCountryCode(), hint)
	}
	if !strings.HasPrefix(text, "+") && number.GetCountryCode() == northAmerica && !isNorthAmericanForm(phonenumbers.GetNationalSignificantNumber(number)) {
		return "", "no number of North America has this form: it lacks the + and country code; write it as in +493012345678"
	}
	return phonenumbers.Format(number, phonenumbers.E164), ""
}

// northAmerica is the country code of the North American numbering plan.
const northAmerica = 1

// KnownRegion reports whether phone numbers of a country, by its ISO 3166
// alpha-2 code, are known.
func KnownRegion(code string) bool {
	return phonenumbers.GetCountryCodeForRegion(strings.ToUpper(code)) != 0
}

// isNorthAmericanForm reports whether ten digits have the form of a number of
// the North American plan: neither the area code nor what follows begins with 0
// or 1.
func isNorthAmericanForm(s string) bool {
	return len(s) == 10 && s[0] >= '2' && s[3] >= '2' && isDigits(s)
}

// areaCode normalises an area code (API reference, bulkAddDevicesV2,
// preferredAreaCode: two to four digits, the first no zero).
func (n *normaliser) areaCode(raw string) plan.Value {
	const c = colAreaCode
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.Value{}
	}
	if text, ok = n.digitText(c, raw, strings.Trim(text, "() ")); !ok {
		return plan.Value{}
	}
	if !isDigits(text) || len(text) < 2 || len(text) > 4 || text[0] == '0' {
		n.fail(c, raw, "area_code_invalid", "an area code has two to four digits and does not begin with 0, as in 650")
		return plan.Value{}
	}
	n.oddAreaCode(c, text)
	return plan.Value{Text: text, Cell: n.cell(c)}
}

// maxQuantity bounds the devices that one row may stock.
const maxQuantity = 10_000

// quantity normalises a count of devices, at least one.
func (n *normaliser) quantity(raw string) (int, plan.Cell) {
	const c = colQuantity
	text, ok := n.usable(c, raw, true)
	if !ok {
		return 0, plan.Cell{}
	}
	if digits, form := wholeDigits(text); form == wholeNumber {
		if q, err := strconv.Atoi(digits); err == nil && q >= 1 && q <= maxQuantity {
			return q, n.cell(c)
		}
	}
	n.fail(c, raw, "quantity_invalid", fmt.Sprintf("a quantity is a whole number from 1 to %d", maxQuantity))
	return 0, plan.Cell{}
}
