package review

import (
	"strings"
	"unicode"
)

// Span is a part of a text. Changed: the other text has other words there.
type Span struct {
	Text    string
	Changed bool
}

// maxWords is up to how many words two texts are compared word by word; longer
// ones are marked as a whole between what they begin and end with alike.
const maxWords = 400

// Marked parts before and after into spans, so that what differs can be
// marked. The spans of each put together are the text itself. Where one of the
// texts is empty, or they have no word in common, nothing is marked: all of it
// is another.
func (f Field) Marked() (before, after []Span) {
	if f.Before == "" || f.After == "" {
		return plain(f.Before), plain(f.After)
	}
	a, b := split(f.Before), split(f.After)
	keepA, keepB := make([]bool, len(a)), make([]bool, len(b))
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		keepA[start], keepB[start] = true, true
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
		keepA[endA], keepB[endB] = true, true
	}
	if endA-start <= maxWords && endB-start <= maxWords {
		common(a[start:endA], b[start:endB], keepA[start:endA], keepB[start:endB])
	}
	if !anyWord(a, keepA) {
		return plain(f.Before), plain(f.After)
	}
	return spans(a, keepA), spans(b, keepB)
}

// anyWord reports whether any of the kept is more than a space or a sign.
func anyWord(words []string, keep []bool) bool {
	for i, w := range words {
		if keep[i] && strings.IndexFunc(w, inWord) >= 0 {
			return true
		}
	}
	return false
}

func plain(t string) []Span {
	if t == "" {
		return nil
	}
	return []Span{{Text: t}}
}

// split parts a text into words and what stands between them. A hyphen inside
// a word is a part of it.
func split(t string) []string {
	var out []string
	begin, kind := 0, -1
	for i, r := range t {
		now := 0 // a space
		switch {
		case inWord(r), r == '-' && kind == 1 && i+1 < len(t) && inWord(rune(t[i+1])):
			now = 1
		case !unicode.IsSpace(r):
			now = 2
		}
		if i > 0 && now != kind {
			out = append(out, t[begin:i])
			begin = i
		}
		kind = now
	}
	return append(out, t[begin:])
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// common marks the longest row of words that both have in this order.
func common(a, b []string, keepA, keepB []bool) {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			keepA[i], keepB[j] = true, true
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
}

// spans joins neighbours of one kind. A space between two changed words is
// changed with them.
func spans(words []string, keep []bool) []Span {
	for i := 1; i+1 < len(words); i++ {
		if keep[i] && !keep[i-1] && !keep[i+1] && strings.TrimSpace(words[i]) == "" {
			keep[i] = false
		}
	}
	var out []Span
	for i, w := range words {
		if n := len(out); n > 0 && out[n-1].Changed == !keep[i] {
			out[n-1].Text += w
			continue
		}
		out = append(out, Span{w, !keep[i]})
	}
	return out
}
