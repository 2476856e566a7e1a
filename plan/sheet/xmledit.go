package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// edit replaces the bytes from..to of a part by text; where both are the same
// it inserts.
type edit struct {
	from, to int
	text     string
}

// applyEdits carries out edits that do not overlap. Insertions at one place
// stay in their order.
func applyEdits(src []byte, edits []edit) ([]byte, error) {
	var b bytes.Buffer
	err := writeEdited(&b, src, edits)
	return b.Bytes(), err
}

// writeEdited writes a part with its edits, which do not overlap. Insertions at
// one place stay in their order.
func writeEdited(w io.Writer, src []byte, edits []edit) error {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	at := 0
	for _, e := range edits {
		if e.from < at || e.to < e.from || e.to > len(src) {
			return errors.New("edit part: two edits of one place")
		}
		if _, err := w.Write(src[at:e.from]); err != nil {
			return err
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			return err
		}
		at = e.to
	}
	_, err := w.Write(src[at:])
	return err
}

// element is an element of a part as bytes: where its tags are and what its
// start tag says.
type element struct {
	name       string // without prefix
	prefix     string // with its colon
	tag        []byte // the attributes as they stand in the start tag
	start, in  int    // of the start tag: its first byte, the byte behind it
	out, end   int    // of the end tag
	selfClosed bool
}

// attr is an attribute's value by its name without prefix; empty if there is
// none.
func (e *element) attr(name string) string {
	for a, rest := nextAttr(e.tag, 0); a.ok; a, rest = nextAttr(e.tag, rest) {
		if string(localName(e.tag[a.name:a.nameEnd])) == name {
			return plainText(e.tag[a.value:a.valueEnd])
		}
	}
	return ""
}

// appendChild adds text behind an element's last child. A self-closed element
// gets an end tag.
func (e *element) appendChild(src []byte, text string) edit {
	if !e.selfClosed {
		return edit{e.out, e.out, text}
	}
	tag := strings.TrimRight(strings.TrimSuffix(string(src[e.start:e.in]), "/>"), " ")
	return edit{e.start, e.end, tag + ">" + text + "</" + e.prefix + e.name + ">"}
}

// isPath reports whether the path below the root is made of these names.
func isPath(path []*element, names ...string) bool {
	if len(path) != len(names)+1 {
		return false
	}
	for i, n := range names {
		if path[i+1].name != n {
			return false
		}
	}
	return true
}

// setAttr sets an attribute in a start tag.
func setAttr(tag, name, value string) string {
	attr := name + `="` + escapeXML(value) + `"`
	b := []byte(tag)
	for a, rest := nextAttr(b, 1); a.ok; a, rest = nextAttr(b, rest) {
		if tag[a.name:a.nameEnd] == name {
			return tag[:a.name] + attr + tag[rest:]
		}
	}
	end := len(tag) - 1
	if strings.HasSuffix(tag, "/>") {
		end--
	}
	return strings.TrimRight(tag[:end], " \t\r\n") + " " + attr + tag[end:]
}

// escapeXML writes a text into an attribute or between tags. What XML can't
// hold becomes U+FFFD.
func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes all
	return b.String()
}

// escapeCell writes a text as a cell or a note holds it: what XML can't hold,
// and what would be taken for an escape of such a character, is escaped as
// OOXML has it (ECMA-376 part 1, 22.9.2.19).
func escapeCell(s string) string {
	var b strings.Builder
	from := 0
	for i := range len(s) {
		escape := s[i] < ' ' && s[i] != '\t' && s[i] != '\n'
		if s[i] == '_' && i+7 <= len(s) {
			_, escape = underscoreEscape([]byte(s[i : i+7]))
		}
		if escape {
			b.WriteString(escapeXML(s[from:i]))
			fmt.Fprintf(&b, "_x%04X_", s[i])
			from = i + 1
		}
	}
	if from == 0 {
		return escapeXML(s)
	}
	b.WriteString(escapeXML(s[from:]))
	return b.String()
}

// plainText is what a part's bytes between tags say.
func plainText(b []byte) string { return html.UnescapeString(string(b)) }
