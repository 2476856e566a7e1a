package sheet

import (
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
	if k := n.kind(c); k == kindNumber || k == kindPadded {
		n.fail(c, raw, "serial_as_number", "the cell holds a number: a MAC address of digits, or of digits and one E, was turned into it and can't be told; format the cell as text and type it anew")
		return plan.Value{}
	}
	mac, problem := parseMAC(text)
	if problem == "" {
		return plan.Value{Text: mac, Cell: n.cell(c)}
	}
	code := "serial_invalid"
	if _, form := wholeDigits(text); form == lostDigits || strings.ContainsAny(text, "+") && form == wholeNumber {
		code = "scientific_notation"
		problem = "the spreadsheet program turned the MAC address into a number and lost digits; format the cell as text and type it anew"
	}
	n.fail(c, raw, code, problem)
	return plan.Value{}
}

// parseMAC reads a MAC address in any notation: with colons, dashes, dots,
// spaces or nothing between its digits. The second result says what is wrong.
func parseMAC(text string) (string, string) {
	var b [macDigits]byte
	count := 0
	for i := range len(text) {
		c := text[i]
		switch {
		case c == ':' || c == '-' || c == '.' || c == ' ':
			continue
		case hexDigit(c) < 0:
			return "", "a MAC address is made of 12 hex digits, as in 00:0b:82:12:34:56"
		}
		if count < macDigits {
			b[count] = c
			if c >= 'A' && c <= 'F' {
				b[count] = c + 'a' - 'A'
			}
		}
		count++
	}
	mac := string(b[:min(count, macDigits)])
	switch {
	case count == macDigits-1 || count == macDigits-2:
		return "", "a MAC address has 12 hex digits, this one lacks some: leading zeros were probably lost; format the cell as text and type it anew"
	case count != macDigits:
		return "", "a MAC address has 12 hex digits, as in 00:0b:82:12:34:56"
	case strings.Trim(mac, "0") == "" || strings.Trim(mac, "f") == "":
		return "", "this MAC address is a placeholder; leave the cell empty or give the device's own"
	}
	return mac, ""
}
