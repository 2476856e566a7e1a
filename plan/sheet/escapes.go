package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Programs write characters that XML can't hold as escapes: _x000D_. Two kinds
// of them the workbook library gets wrong. A text that was cut by UTF-16 units,
// as formulas and macros do, may end in half a character, an emoji's first
// unit: _xD83D_. The library takes it for nothing; here it becomes U+FFFD, which
// is reported at its cell. And in a formula's result it resolves none at all.

// errEscapes tells that a workbook has such escapes and must be recast.
var errEscapes = errors.New("escapes that the workbook library does not resolve")

// escapeLen is the length of an escape.
const escapeLen = len("_x000D_")

// oddEscapes reports whether a text has escapes that the library gets wrong. A
// result is one of a formula.
func oddEscapes(b []byte, result bool) bool {
	for {
		i := bytes.Index(b, []byte("_x"))
		if i < 0 {
			return false
		}
		n, ok := underscoreEscape(b[i:])
		switch {
		case !ok:
			b = b[i+1:]
		case result || utf16.IsSurrogate(n):
			return true
		default:
			b = b[i+escapeLen:]
		}
	}
}

// mendEscapes puts in place of such escapes, in the same room, what the library
// understands. A literal text has no references, so that there no character but
// U+FFFD can be put.
func mendEscapes(b []byte, result, literal bool) {
	for i := 0; i+escapeLen <= len(b); i++ {
		n, ok := underscoreEscape(b[i:])
		if !ok {
			continue
		}
		half, paired := underscoreEscape(b[i+escapeLen:])
		r := utf16.DecodeRune(n, half)
		switch {
		case utf16.IsSurrogate(n) && paired && r != utf8.RuneError && !literal:
			copy(b[i:], fmt.Sprintf("&#x%010X;", r)) // as long as two escapes
			i += escapeLen
		case utf16.IsSurrogate(n):
			// Soft hyphens fill the room: they are dropped from values.
			copy(b[i:], "\uFFFD\u00AD\u00AD")
		case result && !literal && n <= 0xFFF && validCharRef(fmt.Appendf(nil, "x%03X", n)):
			copy(b[i:], fmt.Sprintf("&#x%03X;", n))
		}
		i += escapeLen - 1
	}
}
