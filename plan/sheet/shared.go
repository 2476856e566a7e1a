package sheet

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// textTable is a workbook's table of shared texts, held in one piece.
type textTable struct {
	data []byte
	ends []uint32
}

// text gives the text of an index.
func (t *textTable) text(i int) (string, bool) {
	if i < 0 || i >= len(t.ends) {
		return "", false
	}
	begin := uint32(0)
	if i > 0 {
		begin = t.ends[i-1]
	}
	return string(t.data[begin:t.ends[i]]), true
}

// sharedHandler counts the texts of the shared table and keeps them where
// a table is given.
type sharedHandler struct {
	table      *textTable
	limits     Limits
	length     int // of the present text, in bytes
	depth      int
	items      int
	begin      int   // of the present text in table.data
	told       int64 // size of the table, in bytes, that the collector knows of
	inText     bool
	inPhonetic bool
}

func (h *sharedHandler) start(name []byte, _ []xmlAttr) error {
	h.depth++
	switch string(name) {
	case "si":
		if h.depth == 2 {
			h.items++
			h.length = 0
		}
	case "t":
		h.inText = !h.inPhonetic
	case "rPh":
		h.inPhonetic = true
	}
	return nil
}

func (h *sharedHandler) end(name []byte) error {
	h.depth--
	switch string(name) {
	case "t":
		h.inText = false
	case "rPh":
		h.inPhonetic = false
	case "si":
		if h.depth == 1 && h.table != nil {
			return h.endItem()
		}
	}
	return nil
}

func (h *sharedHandler) text(piece []byte, literal bool) error {
	if !h.inText {
		return nil
	}
	if h.length += len(piece); h.length > h.limits.CellBytes {
		return tooLongCell("a cell", h.limits)
	}
	if h.table == nil {
		if oddEscapes(piece, false) {
			return errEscapes
		}
		return nil
	}
	if literal {
		h.table.data = append(h.table.data, piece...)
	} else {
		h.table.data = appendUnescaped(h.table.data, piece)
	}
	return nil
}

func (h *sharedHandler) endItem() error {
	t := h.table
	t.data = append(t.data[:h.begin], unescapeUnderscores(t.data[h.begin:])...)
	if len(t.data) > math.MaxUint32 {
		return tooLarge("holds more than 4 GiB of text", "")
	}
	h.begin = len(t.data)
	t.ends = append(t.ends, uint32(len(t.data))) //nolint:gosec // checked above
	if size := int64(cap(t.data)) + 4*int64(cap(t.ends)); size > h.told {
		gc.grow(size - h.told)
		h.told = size
	}
	return nil
}

// appendUnescaped appends character data with its entities resolved. The
// scanner has proven them.
func appendUnescaped(to, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return append(to, b...)
		}
		to = append(to, b[:i]...)
		b = b[i:]
		end := bytes.IndexByte(b, ';')
		if end < 0 {
			return append(to, b...)
		}
		to = appendEntity(to, string(b[1:end]))
		b = b[end+1:]
	}
}

func appendEntity(to []byte, name string) []byte {
	switch name {
	case "amp":
		return append(to, '&')
	case "lt":
		return append(to, '<')
	case "gt":
		return append(to, '>')
	case "quot":
		return append(to, '"')
	case "apos":
		return append(to, '\'')
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if err != nil {
		return to
	}
	return utf8.AppendRune(to, rune(n))
}

// unescapeUnderscores resolves the escapes by which OOXML writes characters
// that XML can't hold: _x000D_ (ECMA-376 part 1, 22.9.2.19). It works in place.
func unescapeUnderscores(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return b
	}
	out := b[:0]
	for i := 0; i < len(b); {
		if n, ok := underscoreEscape(b[i:]); ok {
			if half, ok := underscoreEscape(b[i+escapeLen:]); ok && utf16.IsSurrogate(n) && utf16.DecodeRune(n, half) != utf8.RuneError {
				n = utf16.DecodeRune(n, half)
				i += escapeLen
			}
			out = utf8.AppendRune(out, n) // less than the bytes of an escape; U+FFFD for half a character
			i += escapeLen
			continue
		}
		out = append(out, b[i])
		i++
	}
	return out
}

func underscoreEscape(b []byte) (rune, bool) {
	if len(b) < escapeLen || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, false
	}
	n := rune(0)
	for _, c := range b[2:6] {
		d := hexDigit(c)
		if d < 0 {
			return 0, false
		}
		n = n*16 + rune(d) //nolint:gosec // below 16
	}
	return n, true
}
