package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
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
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	size := len(src)
	for _, e := range edits {
		size += len(e.text)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range edits {
		if e.from < at || e.to < e.from || e.to > len(src) {
			return nil, errors.New("edit part: two edits of one place")
		}
		out = append(append(out, src[at:e.from]...), e.text...)
		at = e.to
	}
	return append(out, src[at:]...), nil
}

// element is an element of a part as bytes: where its tags are and what its
// start tag says.
type element struct {
	name       string // without prefix
	prefix     string // with its colon
	attrs      []xml.Attr
	start, in  int // of the start tag: its first byte, the byte behind it
	out, end   int // of the end tag
	selfClosed bool
}

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// inside is the place behind an element's last child. A self-closed element
// has none: see appendChild.
func (e *element) appendChild(src []byte, text string) edit {
	if !e.selfClosed {
		return edit{e.out, e.out, text}
	}
	tag := strings.TrimRight(strings.TrimSuffix(string(src[e.start:e.in]), "/>"), " ")
	return edit{e.start, e.end, tag + ">" + text + "</" + e.prefix + e.name + ">"}
}

// walk calls open at each start tag and shut at each end tag, with the path of
// elements down to it. Only shut sees where the element ends. Elements are
// told by their names without prefix.
func walk(src []byte, open, shut func(path []*element)) error {
	d := xml.NewDecoder(bytes.NewReader(src))
	d.CharsetReader = sameCharset
	var path []*element
	for {
		from := int(d.InputOffset())
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(path) > 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("read part: %w", err)
		}
		to := int(d.InputOffset())
		switch t := t.(type) {
		case xml.StartElement:
			e := &element{name: t.Name.Local, attrs: t.Attr, start: from, in: to, selfClosed: src[to-2] == '/'}
			if t.Name.Space != "" {
				e.prefix = t.Name.Space + ":"
			}
			path = append(path, e)
			if open != nil {
				open(path)
			}
		case xml.EndElement:
			if len(path) == 0 || path[len(path)-1].name != t.Name.Local {
				return errors.New("read part: tags do not match")
			}
			e := path[len(path)-1]
			e.out, e.end = from, to
			if e.selfClosed {
				e.out, e.end = e.in, e.in
			}
			if shut != nil {
				shut(path)
			}
			path = path[:len(path)-1]
		}
	}
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
	re := regexp.MustCompile(`(\s)` + regexp.QuoteMeta(name) + `\s*=\s*("[^"]*"|'[^']*')`)
	if loc := re.FindStringSubmatchIndex(tag); loc != nil {
		return tag[:loc[3]] + attr + tag[loc[1]:]
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

// plainText is what a part's bytes between tags say.
func plainText(b []byte) string { return html.UnescapeString(string(b)) }
