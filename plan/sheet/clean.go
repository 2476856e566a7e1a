package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// isPlain reports whether s is printable ASCII without space at its ends,
// which most values are: nothing is to be cleaned there.
func isPlain(s string) bool {
	if s == "" {
		return true
	}
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cleanText takes out of a text what nobody typed on purpose: space at the
// ends, no-break and other odd spaces, line breaks, characters without width,
// decomposed accents. It reports whether anything but space at the ends
// changed.
func cleanText(s string) (string, bool) {
	if isPlain(s) {
		return s, false
	}
	trimmed := strings.Trim(s, " ")
	if isPlain(trimmed) {
		return trimmed, false
	}
	mapped := strings.Map(func(r rune) rune {
		switch {
		case isInvisible(r):
			return -1
		case r == '\r' || r == '\n' || r == '\t' || unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	mapped = strings.Trim(mapped, " ")
	changed := mapped != trimmed
	if changed {
		mapped = strings.Join(strings.Fields(mapped), " ")
	}
	return norm.NFC.String(mapped), changed
}

// isInvisible reports characters that take no width and carry no letter: marks
// of direction, joiners, byte order marks, soft hyphens.
func isInvisible(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069, r == 0xFEFF, r == 0x00AD:
		return true
	}
	return false
}

// cleanCode cleans a value that is made of ASCII by its nature (a number, an
// id, an address as the service takes it): as cleanText, and typographic quotes
// and dashes and full-width characters become the plain ones.
func cleanCode(s string) (string, bool) {
	if isPlain(s) {
		return s, false
	}
	text, changed := cleanText(s)
	if isPlain(text) {
		return text, changed
	}
	plain := straighten(foldWidth(text))
	return plain, changed || plain != text
}

// foldWidth turns full-width letters, digits and signs into the usual ones.
func foldWidth(s string) string {
	if isASCII(s) {
		return s
	}
	return width.Fold.String(s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// straighten turns typographic quotes, primes and dashes into ASCII.
func straighten(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u2018', '\u2019', '\u201A', '\u201B', '\u2032', '\u02BC', '\u00B4':
			return '\''
		case '\u201C', '\u201D', '\u201E', '\u201F', '\u2033':
			return '"'
		case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212':
			return '-'
		}
		return r
	}, s)
}

// unquoteFormula undoes the two ways in which people keep a spreadsheet program
// from reading a text as a number: ="00123" and a leading apostrophe, also where
// both or several were used, and the apostrophes around a value in which some
// programs export texts.
func unquoteFormula(s string) (string, bool) {
	text := s
	for {
		bare := text
		switch {
		case strings.HasPrefix(text, `="`) && strings.HasSuffix(text, `"`) && len(text) >= 3 && !strings.Contains(text[2:len(text)-1], `"`):
			bare = text[2 : len(text)-1]
		case len(text) > 2 && text[0] == '\'' && text[len(text)-1] == '\'':
			bare = text[1 : len(text)-1]
		case len(text) > 1 && text[0] == '\'':
			bare = text[1:]
		}
		if bare = strings.TrimSpace(bare); bare == text {
			return text, text != s
		}
		text = bare
	}
}

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
