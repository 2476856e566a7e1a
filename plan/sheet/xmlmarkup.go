package sheet

import (
	"bytes"
	"fmt"
)

// scanMarkup passes what begins with the '<' at the current position.
func (s *xmlScanner) scanMarkup() error {
	// Twelve bytes tell all kinds of markup apart.
	if s.fill-s.pos < 12 && !s.eof {
		if err := s.more(); err != nil {
			return err
		}
	}
	if rest := s.buf[s.pos:s.fill]; len(rest) > 1 && (rest[1] == '!' || rest[1] == '?') {
		return s.scanSection(rest)
	}
	end, err := s.tagEnd()
	if err != nil {
		return err
	}
	tag := s.buf[s.pos+1 : end] // without < and >
	if len(tag) > 0 && tag[0] == '/' {
		err = s.closeTag(tag[1:])
	} else {
		err = s.openTag(tag)
	}
	s.pos = end + 1
	return err
}

// scanSection passes what begins with "<!" or "<?".
func (s *xmlScanner) scanSection(rest []byte) error {
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.scanDelimited("<!--", "-->", s.checkComment)
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return s.scanCDATA()
	case bytes.HasPrefix(rest, []byte("<?")):
		return s.scanDelimited("<?", "?>", s.checkInstruction)
	}
	return s.malformed("a declaration, which workbooks have no use for")
}

// tagEnd finds the '>' of the tag at the current position, outside of quotes,
// and reads on until it is in the buffer.
func (s *xmlScanner) tagEnd() (int, error) {
	scanned, quote := 1, byte(0)
	for {
		for i, c := range s.buf[s.pos+scanned : s.fill] {
			switch {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '>':
				return s.pos + scanned + i, nil
			case c == '"' || c == '\'':
				quote = c
			}
		}
		if s.eof {
			return 0, s.malformed("a tag that is cut")
		}
		scanned = s.fill - s.pos
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

// scanDelimited passes a comment or processing instruction.
func (s *xmlScanner) scanDelimited(begin, end string, check func([]byte) error) error {
	for {
		rest := s.buf[s.pos+len(begin) : s.fill]
		if i := bytes.Index(rest, []byte(end)); i >= 0 {
			if err := s.checkChars(rest[:i]); err != nil {
				return err
			}
			if err := check(rest[:i]); err != nil {
				return err
			}
			s.pos += len(begin) + i + len(end)
			return nil
		}
		if s.eof {
			return s.malformed(begin + " without " + end)
		}
		if err := s.more(); err != nil {
			return err
		}
	}
}

func (s *xmlScanner) checkComment(body []byte) error {
	if bytes.Contains(body, []byte("--")) || bytes.HasSuffix(body, []byte("-")) {
		return s.malformed("-- inside a comment")
	}
	return nil
}

// checkInstruction refuses declarations of another encoding than UTF-8 (or
// its subset ASCII), which this scanner could not judge.
func (s *xmlScanner) checkInstruction(body []byte) error {
	name, rest, _ := bytes.Cut(body, []byte(" "))
	if !validName(bytes.TrimRight(name, "\r\n\t")) {
		return s.malformed("a processing instruction without a name")
	}
	if string(name) != "xml" {
		return nil
	}
	if i := bytes.Index(rest, []byte("version")); i >= 0 {
		if v := quoted(rest[i:]); v != "1.0" {
			return s.malformed("XML version " + v)
		}
	}
	i := bytes.Index(rest, []byte("encoding"))
	if i < 0 {
		return nil
	}
	if enc := quoted(rest[i:]); !equalFoldASCII(enc, "utf-8") && !equalFoldASCII(enc, "utf8") && !equalFoldASCII(enc, "us-ascii") {
		return s.malformed("encoding " + enc)
	}
	return nil
}

// quoted gives the first text in quotes within b.
func quoted(b []byte) string {
	i := bytes.IndexAny(b, `"'`)
	if i < 0 {
		return ""
	}
	body, _, _ := bytes.Cut(b[i+1:], b[i:i+1])
	return string(body)
}

// scanCDATA passes a CDATA section, whatever its length.
func (s *xmlScanner) scanCDATA() error {
	if len(s.ends) == 0 {
		return s.malformed("CDATA outside of the root element")
	}
	s.pos += len("<![CDATA[")
	for {
		rest := s.buf[s.pos:s.fill]
		i := bytes.Index(rest, []byte("]]>"))
		piece := rest
		if i >= 0 {
			piece = rest[:i]
		} else if !s.eof {
			// The end may lie across the buffer's end, as may a character.
			piece = rest[:wholeRunes(rest)]
		}
		if err := s.checkChars(piece); err != nil {
			return err
		}
		if err := s.h.text(piece, true); err != nil {
			return err
		}
		s.pos += len(piece)
		if i >= 0 {
			s.pos += len("]]>")
			return nil
		}
		if s.eof {
			return s.malformed("CDATA without an end")
		}
		if err := s.more(); err != nil {
			return err
		}
	}
}

// wholeRunes gives the length of the part of b that surely ends between two
// characters and in front of a section end that is cut: up to eight bytes less
// than all.
func wholeRunes(b []byte) int {
	n := max(0, len(b)-8)
	for n > 0 && b[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

// checkChars checks data in which neither '<' nor '&' means anything.
func (s *xmlScanner) checkChars(b []byte) error {
	for i := 0; i < len(b); {
		switch classes[b[i]] {
		case classHigh:
			n, err := s.special(b[i:])
			if err != nil {
				return err
			}
			i += n
		case classBad:
			return s.malformed(fmt.Sprintf("control character 0x%02x", b[i]))
		default:
			i++
		}
	}
	return nil
}

func (s *xmlScanner) top() []byte {
	begin := 0
	if n := len(s.ends); n > 1 {
		begin = s.ends[n-2]
	}
	return s.names[begin:s.ends[len(s.ends)-1]]
}

// openTag takes a start tag, without its angle brackets.
func (s *xmlScanner) openTag(tag []byte) error {
	selfClosing := false
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		selfClosing, tag = true, tag[:n-1]
	}
	n := 0
	for n < len(tag) && !isSpace(tag[n]) {
		n++
	}
	name := tag[:n]
	if !validName(name) {
		return s.malformed("a tag without a proper name")
	}
	if err := s.parseAttrs(tag[n:]); err != nil {
		return err
	}
	if len(s.ends) == 0 {
		if s.root {
			return s.malformed("a second root element")
		}
		s.root = true
	}
	local := localName(name)
	if err := s.h.start(local, s.attrs); err != nil {
		return err
	}
	if selfClosing {
		return s.h.end(local)
	}
	if len(s.ends) >= maxDepth {
		return s.malformed("elements nested too deep")
	}
	s.names = append(s.names, name...)
	s.ends = append(s.ends, len(s.names))
	return nil
}

// closeTag takes an end tag, without its angle brackets and slash.
func (s *xmlScanner) closeTag(name []byte) error {
	name = trimSpaceRight(name)
	if len(s.ends) == 0 || !bytes.Equal(name, s.top()) {
		return s.malformed(fmt.Sprintf("</%.40s> that closes nothing", name))
	}
	err := s.h.end(localName(name))
	s.names = s.names[:len(s.names)-len(name)]
	s.ends = s.ends[:len(s.ends)-1]
	return err
}

// parseAttrs splits what follows a tag's name into s.attrs.
func (s *xmlScanner) parseAttrs(b []byte) error {
	s.attrs = s.attrs[:0]
	for {
		i := 0
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i == len(b) {
			return nil
		}
		if i == 0 {
			return s.malformed("attributes without a space between them")
		}
		b = b[i:]
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return s.malformed("an attribute without a value")
		}
		name, value := trimSpaceRight(b[:eq]), b[eq+1:]
		for len(value) > 0 && isSpace(value[0]) {
			value = value[1:]
		}
		if !validName(name) || len(value) == 0 || value[0] != '"' && value[0] != '\'' {
			return s.malformed("an attribute without a proper name or without quotes")
		}
		end := bytes.IndexByte(value[1:], value[0])
		if end < 0 {
			return s.malformed("an attribute's value that is cut")
		}
		if err := s.checkValue(value[1 : end+1]); err != nil {
			return err
		}
		s.attrs = append(s.attrs, xmlAttr{localName(name), value[1 : end+1]})
		b = value[end+2:]
	}
}

// checkValue checks an attribute's value.
func (s *xmlScanner) checkValue(b []byte) error {
	for i := 0; i < len(b); {
		switch classes[b[i]] {
		case classAmp, classHigh:
			n, err := s.special(b[i:])
			if err != nil {
				return err
			}
			i += n
		case classBad, classMarkup:
			return s.malformed("a character that may not stand in an attribute")
		default:
			i++
		}
	}
	return nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// trimSpaceRight takes XML's space off the end of b.
func trimSpaceRight(b []byte) []byte {
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// validName reports whether a tag or attribute name is one that OOXML could
// use: ASCII letters, digits, '_', '-', '.', at most one colon.
func validName(b []byte) bool {
	colons := 0
	for i, c := range b {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_':
		case c == ':' && i > 0 && i < len(b)-1 && colons == 0:
			colons++
		case i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return len(b) > 0
}

// localName takes the namespace prefix off a name.
func localName(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// equalFoldASCII compares two short texts without regard to case.
func equalFoldASCII(a, b string) bool {
	return bytes.EqualFold([]byte(a), []byte(b))
}
