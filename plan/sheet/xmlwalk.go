package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// walk calls open at each start tag and shut at each end tag, with the path of
// elements down to it. Only shut sees where the element ends. Elements are
// told by their names without prefix; they may be kept. The part is in UTF-8
// and in memory; of the sheets, which are large, it was proven to be
// well-formed, so that here only what would lead astray is refused.
func walk(src []byte, open, shut func(path []*element)) error {
	w := &walker{src: src, open: open, shut: shut, names: map[string]string{}}
	for {
		i := bytes.IndexByte(src[w.at:], '<')
		if i < 0 {
			break
		}
		w.at += i
		if err := w.markup(); err != nil {
			return fmt.Errorf("read part: %w", err)
		}
	}
	if len(w.path) > 0 {
		return fmt.Errorf("read part: %w", io.ErrUnexpectedEOF)
	}
	return nil
}

// walker carries one call of walk.
type walker struct {
	src        []byte
	at         int // of the next byte to look at
	path       []*element
	open, shut func([]*element)
	names      map[string]string // each name once
	slab       []element         // of elements not used yet
}

var errTags = errors.New("tags do not match")

// markup passes what begins with the '<' at the present place.
func (w *walker) markup() error {
	rest := w.src[w.at:]
	for _, kind := range [...]struct{ begin, end string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}} {
		if !bytes.HasPrefix(rest, []byte(kind.begin)) {
			continue
		}
		n := bytes.Index(rest[len(kind.begin):], []byte(kind.end))
		if n < 0 {
			return io.ErrUnexpectedEOF
		}
		w.at += len(kind.begin) + n + len(kind.end)
		return nil
	}
	n := tagLen(rest)
	if n < 0 {
		return io.ErrUnexpectedEOF
	}
	begin := w.at
	w.at += n
	if n > 3 && rest[1] == '/' {
		return w.close(localName(bytes.TrimRight(rest[2:n-1], " \t\r\n")), begin)
	}
	return w.begin(rest[1:n-1], begin)
}

// tagLen is the length of the tag that b begins with, quotes regarded; -1 if
// it has no end.
func tagLen(b []byte) int {
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i + 1
		case c == '"' || c == '\'':
			quote = c
		}
	}
	return -1
}

// slabSize is how many elements are made at once.
const slabSize = 256

// begin takes a start tag, without its angle brackets.
func (w *walker) begin(tag []byte, at int) error {
	if len(w.slab) == 0 {
		w.slab = make([]element, slabSize)
	}
	e := &w.slab[0]
	w.slab = w.slab[1:]
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		e.selfClosed, tag = true, tag[:n-1]
	}
	n := 0
	for n < len(tag) && !isSpace(tag[n]) {
		n++
	}
	if !validName(tag[:n]) {
		return errors.New("a tag without a proper name")
	}
	local := localName(tag[:n])
	e.name, e.prefix, e.tag, e.start, e.in = w.name(local), w.name(tag[:n-len(local)]), tag[n:], at, w.at
	w.path = append(w.path, e)
	if len(w.path) > maxDepth {
		return errors.New("elements nested too deep")
	}
	if w.open != nil {
		w.open(w.path)
	}
	if e.selfClosed {
		return w.close(local, w.at)
	}
	return nil
}

// close takes an end tag, or the end of a self-closed element.
func (w *walker) close(name []byte, at int) error {
	n := len(w.path) - 1
	if n < 0 || w.path[n].name != string(name) {
		return errTags
	}
	e := w.path[n]
	e.out, e.end = at, w.at
	if w.shut != nil {
		w.shut(w.path)
	}
	w.path = w.path[:n]
	return nil
}

func (w *walker) name(b []byte) string {
	name, ok := w.names[string(b)]
	if !ok {
		name = string(b)
		w.names[name] = name
	}
	return name
}

// attrAt is where an attribute's name, with its prefix, and its value stand.
type attrAt struct {
	name, nameEnd, value, valueEnd int
	ok                             bool
}

// nextAttr finds the first attribute of a start tag behind a place, and the
// place behind it.
func nextAttr(tag []byte, from int) (attrAt, int) {
	eq := bytes.IndexByte(tag[min(from, len(tag)):], '=')
	if eq < 0 {
		return attrAt{}, len(tag)
	}
	a := attrAt{nameEnd: from + eq}
	for a.nameEnd > from && isSpace(tag[a.nameEnd-1]) {
		a.nameEnd--
	}
	a.name = a.nameEnd
	for a.name > from && !isSpace(tag[a.name-1]) {
		a.name--
	}
	a.value = from + eq + 1
	for a.value < len(tag) && isSpace(tag[a.value]) {
		a.value++
	}
	if a.value == len(tag) || tag[a.value] != '"' && tag[a.value] != '\'' {
		return attrAt{}, len(tag)
	}
	end := bytes.IndexByte(tag[a.value+1:], tag[a.value])
	if end < 0 {
		return attrAt{}, len(tag)
	}
	a.value++
	a.valueEnd, a.ok = a.value+end, true
	return a, a.valueEnd + 1
}
