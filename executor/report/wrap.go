package report

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// wrap breaks a text at spaces so that no line is wider than width, and leaves
// the spaces inside a line as they are. Only a word that is wider than a whole
// line is broken inside. A number stays with the word behind it.
func wrap(t string, width int) string {
	if width <= 0 {
		return t
	}
	var out []string
	for line := range strings.SplitSeq(t, "\n") {
		out = append(out, wrapLine(line, width)...)
	}
	return strings.Join(out, "\n")
}

func wrapLine(line string, width int) []string {
	if text.StringWidthWithoutEscSequences(line) <= width {
		return []string{line}
	}
	var out []string
	now, gap := "", ""
	for _, word := range unbreakable(line) {
		switch {
		case word == "":
			gap += " "
			continue
		case now == "" && len(gap)+text.StringWidthWithoutEscSequences(word) > width:
			now = word // no room for an indent
		case now == "":
			now = gap + word
		case text.StringWidthWithoutEscSequences(now+gap+word) <= width:
			now += gap + word
		default:
			out = append(out, now)
			now = word
		}
		gap = " "
		for text.StringWidthWithoutEscSequences(now) > width {
			first, rest, broken := strings.Cut(text.WrapHard(now, width), "\n")
			if !broken || first == "" {
				break
			}
			out = append(out, first)
			now = strings.ReplaceAll(rest, "\n", "")
		}
	}
	return append(out, now)
}

// unbreakable splits a line into words; an empty word is one more space. A
// number and the word behind it are one word.
func unbreakable(line string) []string {
	words := strings.Split(line, " ")
	var out []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		number := text.StripEscape(w) // it may be where a colour begins
		if isDigits(strings.ReplaceAll(number, ",", "")) && !strings.HasSuffix(number, ",") && i+1 < len(words) && words[i+1] != "" &&
			text.StringWidthWithoutEscSequences(words[i+1]) < longWord {
			w += " " + words[i+1]
			i++
		}
		out = append(out, w)
	}
	return out
}

// longWord is from where on a word does not keep a number company.
const longWord = 20

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
