package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// xmlHandler is told of the elements of a part as they are scanned. Names come
// without their namespace prefix. The slices are valid during the call only.
type xmlHandler interface {
	start(name []byte, attrs []xmlAttr) error
	end(name []byte) error
	// text is called with pieces of character data. No entity is cut; they are
	// not resolved. In a literal piece, from a CDATA section, there are none.
	text(piece []byte, literal bool) error
}

type xmlAttr struct{ name, value []byte }

const (
	scanBuffer = 64 << 10 // bytes, at first
	longestTag = 4 << 20  // bytes; a rule over many single cells names them all in its tag
	maxDepth   = 256      // open elements; OOXML needs about ten
)

// xmlScanner checks that a part is well-formed XML in UTF-8 to its last byte,
// apart from the parser that the workbook library uses: that one's errors the
// library takes for the end of the sheet. It is deliberately at least as strict
// as encoding/xml, so that what passes here is parsed there to the end. It has
// no DTD and no other encodings, which OOXML has no use for.
type xmlScanner struct {
	src   io.Reader
	h     xmlHandler
	copy  io.Writer // gets the bytes that were scanned, as the handler left them; may be nil
	buf   []byte
	pos   int // next byte of buf to look at
	fill  int // end of the data in buf
	base  int64
	eof   bool
	names []byte // names of the open elements, one behind the other
	ends  []int  // end of each in names
	attrs []xmlAttr
	root  bool // the root element was seen
}

var errNotWellFormed = errors.New("XML that is cut or not well-formed")

func newXMLScanner(src io.Reader, h xmlHandler) *xmlScanner {
	return &xmlScanner{src: src, h: h, buf: make([]byte, scanBuffer)}
}

func (s *xmlScanner) malformed(what string) error {
	return fmt.Errorf("%w: %s near byte %d", errNotWellFormed, what, s.base+int64(s.pos))
}

// run scans the part to its end.
func (s *xmlScanner) run() error {
	if err := s.more(); err != nil {
		return err
	}
	if bytes.HasPrefix(s.buf[:s.fill], utf8BOM) {
		s.pos = len(utf8BOM)
	}
	for {
		if err := s.scanText(); err != nil {
			return err
		}
		if s.pos == s.fill {
			break
		}
		if err := s.scanMarkup(); err != nil {
			return err
		}
	}
	if len(s.ends) > 0 {
		return s.malformed(fmt.Sprintf("<%s> is never closed", s.top()))
	}
	if !s.root {
		return s.malformed("no element")
	}
	return s.putCopy(s.buf[:s.fill])
}

func (s *xmlScanner) putCopy(b []byte) error {
	if s.copy == nil {
		return nil
	}
	if _, err := s.copy.Write(b); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return nil
}

// more reads further bytes behind those that are not used up yet.
func (s *xmlScanner) more() error {
	if s.eof {
		return nil
	}
	if s.pos > 0 {
		if err := s.putCopy(s.buf[:s.pos]); err != nil {
			return err
		}
		copy(s.buf, s.buf[s.pos:s.fill])
		s.base += int64(s.pos)
		s.fill -= s.pos
		s.pos = 0
	}
	if s.fill == len(s.buf) {
		if len(s.buf) >= longestTag {
			return s.malformed("a tag longer than " + fmt.Sprint(longestTag) + " bytes")
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for s.fill < len(s.buf) {
		n, err := s.src.Read(s.buf[s.fill:])
		s.fill += n
		if errors.Is(err, io.EOF) {
			s.eof = true
			return nil
		}
		if err != nil {
			return err
		}
		if n > 0 && s.fill > len(s.buf)/2 {
			return nil
		}
	}
	return nil
}

// Classes of bytes in character data.
const (
	classPlain = iota
	classMarkup
	classAmp
	classBracket
	classHigh
	classBad
)

func buildClasses() (t [256]byte) {
	for i := range t {
		switch {
		case i == '<':
			t[i] = classMarkup
		case i == '&':
			t[i] = classAmp
		case i == ']':
			t[i] = classBracket
		case i >= utf8.RuneSelf:
			t[i] = classHigh
		case i < ' ' && i != '\t' && i != '\n' && i != '\r':
			t[i] = classBad
		}
	}
	return t
}

// classes is a constant table.
var classes = buildClasses()

// longestEntity is room for "&#x10FFFF;" and the named entities, in bytes.
const longestEntity = 16

// scanText passes character data up to the next '<' or the end of the part.
func (s *xmlScanner) scanText() error {
	for {
		begin := s.pos
		stop, err := s.passText()
		if err != nil {
			return err
		}
		if s.pos > begin {
			if err := s.emitText(s.buf[begin:s.pos]); err != nil {
				return err
			}
		}
		if stop {
			return nil
		}
		if s.eof {
			if s.pos < s.fill {
				return s.malformed("a character that is cut")
			}
			return nil
		}
		if err := s.more(); err != nil {
			return err
		}
	}
}

// passText moves over the data that is in the buffer. It reports true in front
// of a '<' and false where more bytes are needed.
func (s *xmlScanner) passText() (bool, error) {
	for s.pos < s.fill {
		s.pos += plainLen(s.buf[s.pos:s.fill])
		if s.pos == s.fill {
			break
		}
		switch classes[s.buf[s.pos]] {
		case classMarkup:
			return true, nil
		case classBracket:
			if s.fill-s.pos < len("]]>") && !s.eof {
				return false, nil
			}
			if bytes.HasPrefix(s.buf[s.pos:s.fill], []byte("]]>")) {
				return false, s.malformed("]]> outside of a CDATA section")
			}
			s.pos++
		case classBad:
			return false, s.malformed(fmt.Sprintf("control character 0x%02x", s.buf[s.pos]))
		case classAmp, classHigh:
			if s.fill-s.pos < longestEntity && !s.eof {
				return false, nil
			}
			n, err := s.special(s.buf[s.pos:s.fill])
			if err != nil {
				return false, err
			}
			s.pos += n
		}
	}
	return false, nil
}

// plainLen is the number of bytes up to the first one that means something.
func plainLen(b []byte) int {
	for i, c := range b {
		if classes[c] != classPlain {
			return i
		}
	}
	return len(b)
}

// special checks the entity or the multi-byte character that b begins with and
// gives its length.
func (s *xmlScanner) special(b []byte) (int, error) {
	if b[0] == '&' {
		n := entityLen(b)
		if n == 0 {
			return 0, s.malformed("& that begins no entity")
		}
		return n, nil
	}
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n <= 1 || r == 0xFFFE || r == 0xFFFF {
		return 0, s.malformed("bytes that are no UTF-8")
	}
	return n, nil
}

func (s *xmlScanner) emitText(piece []byte) error {
	if len(s.ends) == 0 {
		if len(bytes.TrimSpace(piece)) > 0 {
			return s.malformed("text outside of the root element")
		}
		return nil
	}
	return s.h.text(piece, false)
}

// entityLen gives the length of the entity at the start of b, 0 if there is
// none that XML knows without a DTD.
func entityLen(b []byte) int {
	end := bytes.IndexByte(b[:min(len(b), longestEntity)], ';')
	if end < 2 {
		return 0
	}
	body := b[1:end]
	switch string(body) {
	case "amp", "lt", "gt", "quot", "apos":
		return end + 1
	}
	if body[0] != '#' {
		return 0
	}
	if !validCharRef(body[1:]) {
		return 0
	}
	return end + 1
}

// validCharRef reports whether digits ("65", "x41") name a character that XML
// allows.
func validCharRef(digits []byte) bool {
	base := 10
	if len(digits) > 0 && digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	if len(digits) == 0 {
		return false
	}
	n := 0
	for _, c := range digits {
		d := hexDigit(c)
		if d < 0 || d >= base {
			return false
		}
		n = n*base + d
		if n > utf8.MaxRune {
			return false
		}
	}
	return n == '\t' || n == '\n' || n == '\r' || n >= ' ' && n <= 0xD7FF || n >= 0xE000 && n <= 0xFFFD || n >= 0x10000
}

// hexDigit gives the value of a hexadecimal digit, -1 for any other byte.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
