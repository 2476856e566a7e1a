package sheet

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// noHeaderError is errNoHeader with the row that comes nearest to a header.
type noHeaderError struct {
	line   int
	header string // its only column that is ours
	means  string
	below  string // two of our columns' names that stand below each other; empty if none do
}

func (e *noHeaderError) Error() string {
	return fmt.Sprintf("%v: row %d comes nearest", errNoHeader, e.line)
}

func (e *noHeaderError) Unwrap() error { return errNoHeader }

// belowEachOther looks for names of our columns that begin rows: those of a
// form, or of a table that was turned over.
type belowEachOther struct {
	seen  [columnCount]bool
	first []string
}

func (b *belowEachOther) look(n *headerNames, row *rawRow) {
	for i, c := range row.cells {
		if strings.TrimSpace(c) == "" {
			continue
		}
		if id, ok := n.column(c); ok && id != colNone && !b.seen[id] {
			b.seen[id] = true
			b.first = append(b.first, fmt.Sprintf("%q in %s", clean(c), cellName(i+1, row.line)))
		}
		return
	}
}

func (b *belowEachOther) names() string {
	if len(b.first) < 2 {
		return ""
	}
	return b.first[0] + " and " + b.first[1]
}

// spaced reports whether one of the top lines of a text would be a header if
// spaces were delimiters, as in lists that are made to be printed.
func (n *headerNames) spaced(text []byte) bool {
	for range headerSearch {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		cells := slices.DeleteFunc(wideSpace.Split(strings.TrimSpace(string(line)), -1), func(s string) bool { return s == "" })
		if known, _, _ := n.known(cells); known >= 2 {
			return true
		}
		if !more {
			return false
		}
		text = rest
	}
	return false
}

var wideSpace = regexp.MustCompile(`\s{2,}`)

// either says what to do about two headers, the i-th and one before it, that
// mean the same column.
func (l *layout) either(i, at int, id columnID) string {
	one, other := l.info.Header[at], l.info.Header[i]
	if foldHeader(one) == foldHeader(other) {
		return "rename or delete one; of two tables side by side put one below the other"
	}
	hint := ""
	if id == colSerial && namesMAC(one) != namesMAC(other) {
		hint = "; serial is the MAC address"
		if namesMAC(other) {
			other = one
		}
	}
	return fmt.Sprintf(`rename or delete one, or say --map "%s=-"%s`, other, hint)
}

// namesMAC reports whether a header of a serial speaks of the MAC address and
// not of a number that the maker gave.
func namesMAC(header string) bool { return strings.Contains(foldHeader(header), "mac") }
