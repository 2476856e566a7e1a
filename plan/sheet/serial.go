package sheet

import (
	"fmt"
	"strings"

	"provision/plan"
)

// macDigits is the number of hex digits of a MAC address.
const macDigits = 12

// serial normalises a MAC address to 12 lower-case hex digits.
func (n *normaliser) serial(c columnID, raw string) plan.Value {
	text, ok := n.usable(c, raw, true)
	if !ok {
		return plan.Value{}
	}
	if k := n.kind(c); k == kindNumber && isWholeMAC(text) {
		n.countNumber(c)
	} else if k == kindNumber || k == kindPadded {
		n.fail(c, raw, "serial_as_number", "the cell holds a number: a MAC address of digits, or of digits and one E, was turned into it and can't be told; format the cell as text and type it anew")
		return plan.Value{}
	}
	if digits, form := wholeDigits(text); form == wholeNumber && digits != text && isWholeMAC(digits) {
		n.note(c, raw, "number_restored", fmt.Sprintf("the number was read as %q; format the column as text", digits))
		text = digits
	}
	mac, problem := parseMAC(text)
	if bare, ok := ciscoName(text); ok {
		mac, problem = parseMAC(bare)
		n.note(c, raw, "serial_restored", fmt.Sprintf("read as %q: Cisco's systems write SEP before a phone's MAC address", mac))
	}
	if problem == "" {
		if padded(text) {
			n.note(c, raw, "serial_restored", fmt.Sprintf("read as %q: each of its six parts has two digits", mac))
		}
		return plan.Value{Text: mac, Cell: n.cell(c)}
	}
	if problem == macForm && severalMACs(text) {
		problem = macSeveral
	}
	code := "serial_invalid"
	if _, form := wholeDigits(text); form == lostDigits || strings.ContainsAny(text, "+") && form == wholeNumber {
		code = "scientific_notation"
		problem = "the spreadsheet program turned the MAC address into a number and lost digits; format the cell as text and type it anew"
	}
	n.fail(c, raw, code, problem)
	return plan.Value{}
}

// ciscoName takes the SEP off the name that Cisco's systems give a phone: SEP
// and its MAC address.
func ciscoName(text string) (string, bool) {
	const sep = "SEP"
	if len(text) != len(sep)+macDigits || !strings.EqualFold(text[:len(sep)], sep) {
		return "", false
	}
	_, problem := parseMAC(text[len(sep):])
	return text[len(sep):], problem == ""
}

// isWholeMAC reports whether the digits of a number are those of a MAC address
// without doubt: as 12 they lost no zero in front, and as the last one is no
// zero they did not come from a text like 112233E6, which has fewer digits.
func isWholeMAC(digits string) bool {
	return len(digits) == macDigits && isDigits(digits) && digits[0] != '0' && digits[macDigits-1] != '0'
}

const (
	macForm    = "a MAC address is made of 12 hex digits, as in 00:0b:82:12:34:56"
	macTooFew  = "a MAC address has 12 hex digits, this one lacks some: leading zeros were probably lost; format the cell as text and type it anew"
	macNoPhone = "this MAC address is a placeholder; leave the cell empty or give the device's own"
	macSeveral = "the cell holds several MAC addresses, and a row is about one phone: give each a row of its own"
	macGroups  = "the digits of a MAC address stand in groups of two, four or six, as in 00:0b:82:12:34:56"
)

// parseMAC reads a MAC address in any notation: with colons, dashes, dots or
// spaces between groups of two, four or six digits, or nothing. In six groups
// the zero in front of a digit may be missing, as some systems write it. The
// second result says what is wrong.
func parseMAC(text string) (string, string) {
	if len(text) == 0 {
		return "", macForm
	}
	groups := strings.FieldsFunc(text, isMACSeparator)
	count := 0
	for _, g := range groups {
		for i := range len(g) {
			if hexDigit(g[i]) < 0 {
				return "", macForm
			}
		}
		count += len(g)
	}
	joined := strings.Join(groups, "")
	switch {
	case count == macDigits:
		if !evenGroups(groups) {
			return "", macGroups
		}
	case padded(text):
		joined = ""
		for _, g := range groups {
			joined += strings.Repeat("0", 2-len(g)) + g
		}
	case count == macDigits-1 || count == macDigits-2:
		return "", macTooFew
	default:
		return "", macForm
	}
	mac := strings.ToLower(joined)
	if strings.Trim(mac, "0") == "" || strings.Trim(mac, "f") == "" {
		return "", macNoPhone
	}
	return mac, ""
}

func isMACSeparator(r rune) bool { return r == ':' || r == '-' || r == '.' || r == ' ' }

// evenGroups reports whether all groups have the same number of digits.
func evenGroups(groups []string) bool {
	for _, g := range groups {
		if len(g) != len(groups[0]) || len(g)%2 != 0 {
			return false
		}
	}
	return true
}

// padded reports whether a text has six groups, of which some lack the zero in
// front. Points are left out: 1.2.3.4.5.6 is a version or the like.
func padded(text string) bool {
	if strings.ContainsAny(text, ". ") {
		return false
	}
	groups := strings.FieldsFunc(text, isMACSeparator)
	const parts = 6
	if len(groups) != parts || strings.Count(text, ":")+strings.Count(text, "-") != parts-1 {
		return false
	}
	short := false
	for _, g := range groups {
		short = short || len(g) == 1
		if len(g) > 2 {
			return false
		}
	}
	return short
}

// severalMACs reports whether a text is made of more than one MAC address.
func severalMACs(text string) bool {
	parts := strings.FieldsFunc(text, splitsValues)
	if len(parts) < 2 {
		return false
	}
	for _, p := range parts {
		if len(p) < macDigits {
			return false
		}
		if _, problem := parseMAC(p); problem != "" {
			return false
		}
	}
	return true
}
