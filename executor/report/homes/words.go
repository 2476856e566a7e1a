package homes

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"provision/plan"
)

// withoutWords replaces the parts of an address that stand as words of their
// own in a sentence about its row. State and country are no secrets.
func withoutWords(sentence, token string, a plan.Address) string {
	for _, part := range []string{a.Street, a.Street2, a.City, a.Zip} {
		sentence = replaceWord(sentence, strings.TrimSpace(part), token)
	}
	return sentence
}

// replaceWord replaces a text where no letter or digit stands beside it.
func replaceWord(sentence, word, token string) string {
	if word == "" {
		return sentence
	}
	var b strings.Builder
	for rest, before := sentence, ' '; ; {
		i := strings.Index(rest, word)
		if i < 0 {
			b.WriteString(rest)
			return b.String()
		}
		if i > 0 {
			before, _ = utf8.DecodeLastRuneInString(rest[:i])
		}
		after, _ := utf8.DecodeRuneInString(rest[i+len(word):])
		b.WriteString(rest[:i])
		if inWord(before) || inWord(after) {
			b.WriteString(word)
		} else {
			b.WriteString(token)
		}
		before, _ = utf8.DecodeLastRuneInString(word)
		rest = rest[i+len(word):]
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
