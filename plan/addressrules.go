package plan

import (
	"slices"
	"strings"
)

// This file holds what an address must be like before it is sent at all.

// boxNames are what a box or a counter of the post is called, in words as
// addressWords parts them. What follows the first ones may be any text.
var boxNames = [][]string{
	{"po", "box"}, {"p", "o", "box"}, {"pobox"}, {"post", "office", "box"}, {"post", "box"}, {"gpo", "box"}, {"postal", "box"},
	{"general", "delivery"}, {"poste", "restante"}, {"locked", "bag"}, {"private", "bag"},
	{"postfach"}, {"case", "postale"}, {"boite", "postale"}, {"casilla", "postal"}, {"caixa", "postal"}, {"apartado", "postal"},
}

// boxShorts are boxes only in front of a number.
var boxShorts = []string{"box", "pob", "bp", "cp", "cs"}

// isPostBox recognises addresses that no ambulance can go to and that the
// service refuses, wherever in street and street2 they stand.
func isPostBox(a Address) bool {
	t := tongues(a.Country)
	t.plain = true
	for _, text := range []string{a.Street, a.Street2} {
		for _, words := range addressWords(foldAddress(text, t)) {
			if isBoxSegment(words) {
				return true
			}
		}
	}
	return false
}

func isBoxSegment(words []string) bool {
	if len(words) == 2 && slices.Contains(boxShorts, words[0]) && startsWithDigit(words[1]) {
		return true
	}
	for _, name := range boxNames {
		for i := 0; i+len(name) <= len(words); i++ {
			if !slices.Equal(words[i:i+len(name)], name) {
				continue
			}
			// Within a text only a box with its number is one: there may be a
			// Post Box Lane.
			after := words[i+len(name):]
			if i == 0 || len(after) == 0 || hasDigit(after[0]) || unitWords[after[0]] == genericUnit {
				return true
			}
		}
	}
	return false
}

// stateKnown reports whether the country has the state; it knows the United
// States and Canada, whose lists are complete here, and takes the word of
// others.
func stateKnown(country, state string) bool {
	if country != "US" && country != "CA" {
		return true
	}
	return knownStates[country][state]
}

// knownStates are the codes of the countries whose states are all known.
var knownStates = map[string]map[string]bool{"US": codesOf(usStates), "CA": codesOf(caProvinces)}

func codesOf(states map[string]string) map[string]bool {
	codes := make(map[string]bool, len(states))
	for _, code := range states {
		codes[code] = true
	}
	return codes
}

// postcodeFits reports whether a postcode has the form of its country's: five
// or nine digits in the United States, letter and digit in turns in Canada.
func postcodeFits(country, zip string) bool {
	code := postcode(country, zip)
	switch country {
	case "US":
		return len(code) == 5 && isDigits(code)
	case "CA":
		if len(code) != 6 {
			return false
		}
		for i := range 6 {
			if digit := code[i] >= '0' && code[i] <= '9'; digit != (i%2 == 1) {
				return false
			}
		}
		return true
	default:
		return strings.TrimSpace(zip) != ""
	}
}
