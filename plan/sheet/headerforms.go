package sheet

import (
	"slices"
	"strings"
	"unicode"
)

// withoutForm takes off a header what does not name its column: a number in
// front (2. Extension), and in brackets behind it how its values are to be
// written (4 digits). What else stands in brackets may make it another column.
func withoutForm(header string) string {
	header = strings.TrimSpace(header)
	if n := numbering(header); n > 0 {
		header = strings.TrimSpace(header[n:])
	}
	begin := strings.LastIndexAny(header, "([{")
	if begin <= 0 || !strings.ContainsRune(")]}", rune(header[len(header)-1])) || !isForm(header[begin+1:len(header)-1]) {
		return header
	}
	return header[:begin]
}

// numbering is the length of a number with its point or bracket, as columns of
// a form have it.
func numbering(header string) int {
	const most = 2
	n := 0
	for n < len(header) && n < most && header[n] >= '0' && header[n] <= '9' {
		n++
	}
	if n == 0 || n+1 >= len(header) || header[n] != '.' && header[n] != ')' || header[n+1] != ' ' {
		return 0
	}
	return n + 1
}

// formWords are the words in which a form is told.
var formWords = []string{
	"digit", "digits", "number", "numbers", "numeric", "char", "chars", "character", "characters", "letter", "letters", "hex", "hexadecimal",
	"text", "format", "formatted", "plain", "iso", "alpha", "e164", "e", "g", "eg", "example", "code", "codes", "abbreviation", "abbreviated",
	"no", "without", "with", "and", "or", "only", "max", "min", "maximum", "minimum", "up", "to", "exactly", "leading", "zeros", "zeroes", "xx",
	"space", "spaces", "dash", "dashes", "colon", "colons", "separator", "separators", "punctuation", "po", "box", "boxes", "country",
	"include", "including", "if", "known", "available", "needed", "any", "applicable", "required", "optional", "mandatory", "please",
}

// isForm reports whether a text in brackets only says how values are written:
// it is made of the words for that and of numbers, which alone say nothing:
// city (2) is another city.
func isForm(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	told := false
	for _, w := range words {
		switch {
		case isDigits(w):
		case slices.Contains(formWords, w):
			told = true
		default:
			return false
		}
	}
	return told
}

// inWords are columns whose values are words and no numbers or codes.
var inWords = []columnID{colUserName, colDeviceName, colNewName, colStreet, colStreet2, colCity, colCustomerName}

// isNumberOf reports whether the form of a header makes it the number or code of
// what the column names in words, or says that these lack it: street (number),
// street (without number), customer name (code).
func isNumberOf(id columnID, header, bare string) bool {
	if !slices.Contains(inWords, id) {
		return false
	}
	_, form, _ := strings.Cut(header, bare)
	form = strings.ToLower(form)
	return strings.Contains(form, "number") || strings.Contains(form, "code")
}

// houseNumbers are headers, folded, of what a street lacks where both stand in
// columns of their own.
var houseNumbers = []string{
	"housenumber", "houseno", "housenr", "house#", "streetnumber", "streetno", "streetnr", "street#", "buildingnumber", "civicnumber", "civicno",
	"hausnummer", "hausnr", "numerodecalle", "numeroexterior", "numerodecasa", "numeroderue", "numerocivique", "nocivique", "ncivique",
}

// bareNumbers are headers that mean this right behind the street.
var bareNumbers = []string{"number", "no", "nr", "#", "num", "numero", "n", "nº"}

// isHouseNumber reports whether the i-th header is that of the house numbers that
// the column street lacks.
func (l *layout) isHouseNumber(i int) bool {
	street := l.at[colStreet]
	if street < 0 {
		return false
	}
	folded := foldAbroad(withoutForm(l.info.Header[i]))
	if i == street+1 && slices.Contains(bareNumbers, folded) || i == street-1 && folded == "numero" {
		return true
	}
	return slices.ContainsFunc(houseNumbers, func(name string) bool {
		before, ok := strings.CutSuffix(folded, name)
		return ok && (before == "" || slices.Contains(emergencyPrefixes, before))
	})
}
