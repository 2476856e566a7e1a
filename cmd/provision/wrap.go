package main

import (
	"strings"
	"unicode/utf8"

	"provision/executor/report/wording"
)

// count says a number of things, as reports do: "1 row", "2,000 rows".
func count(n int, thing string) string { return wording.Count(n, thing) }

// changesAre says of changes that they are: "1 change is", "2 changes are".
func changesAre(n int) string {
	if n == 1 {
		return count(n, "change") + " is"
	}
	return count(n, "change") + " are"
}

// wrapText breaks a line at words so that it fits a terminal; further lines are
// indented. A width of 0 is none: texts that a program reads stay in one line.
func wrapText(text string, width int, indent string) string {
	if width <= len(indent)+minText || utf8.RuneCountInString(text) <= width {
		return text
	}
	var b strings.Builder
	column := 0
	for i, word := range words(text) {
		size := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+size > width:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += size
	}
	return b.String()
}

// minText is the narrowest text that is worth breaking.
const minText = 20

// words splits at spaces, but keeps what stands in quotes together, as far as
// it is short: a command is to be copied in one piece.
func words(text string) []string {
	var all []string
	for i, part := range strings.Split(text, `"`) {
		quoted := i%2 == 1 && len(part) <= longestQuote
		pieces := []string{part}
		if !quoted {
			pieces = strings.Split(part, " ")
		}
		if i > 0 {
			all[len(all)-1] += `"` + pieces[0]
			pieces = pieces[1:]
		}
		all = append(all, pieces...)
	}
	return all
}

// longestQuote is the longest quoted text that is kept in one line.
const longestQuote = 70
