package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

var (
	utf8BOM    = []byte{0xEF, 0xBB, 0xBF}
	utf16LEBOM = []byte{0xFF, 0xFE}
	utf16BEBOM = []byte{0xFE, 0xFF}
	utf32LEBOM = []byte{0xFF, 0xFE, 0, 0}
	utf32BEBOM = []byte{0, 0, 0xFE, 0xFF}
)

// decoded is the text of a CSV file in UTF-8 and what was found out on the way.
type decoded struct {
	text     []byte
	encoding string
	note     string // a guess that was made, for people; empty if there was none
}

// decodeText brings the bytes of a text file to UTF-8. hint names the encoding
// or is empty.
func decodeText(data []byte, hint string) (decoded, *FileError) {
	d, err := decodeBytes(data, hint)
	if err != nil {
		return d, err
	}
	d.text = bytes.TrimPrefix(trimEnd(d.text), utf8BOM) // a second mark, of a text that was saved twice
	return d, checkZeros(d.text)
}

func decodeBytes(data []byte, hint string) (decoded, *FileError) {
	if hint != "" {
		return decodeAs(data, hint)
	}
	switch {
	case bytes.HasPrefix(data, utf8BOM):
		return decodeUTF8(data[len(utf8BOM):], "utf-8 with a byte order mark")
	case bytes.HasPrefix(data, utf32LEBOM):
		return decodeUTF32(data, utf32.LittleEndian, "utf-32le")
	case bytes.HasPrefix(data, utf32BEBOM):
		return decodeUTF32(data, utf32.BigEndian, "utf-32be")
	case bytes.HasPrefix(data, utf16LEBOM):
		return decodeUTF16(data, unicode.LittleEndian, "utf-16le", "")
	case bytes.HasPrefix(data, utf16BEBOM):
		return decodeUTF16(data, unicode.BigEndian, "utf-16be", "")
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return decodeZeros(data)
	}
	if utf8.Valid(data) {
		return decoded{text: data, encoding: "utf-8"}, nil
	}
	if ferr := checkControls(data); ferr != nil {
		return decoded{}, ferr
	}
	return decodeUTF8(data, "utf-8")
}

// checkControls refuses bytes of which so many are characters that steer a
// printer of old, that they are no text in any encoding.
func checkControls(data []byte) *FileError {
	const few, share = 16, 100
	n := 0
	for _, b := range data {
		if b < ' ' && (b < '\t' || b > '\r') && !slices.Contains(delimiters[:], rune(b)) {
			n++
		}
	}
	if n <= few || n <= len(data)/share {
		return nil
	}
	return &FileError{Reason: ReasonFormat, Detail: "is no text, whatever its name says", Hint: hintGive}
}

// isWestern reports whether bytes can be a text in Windows-1252: none of them is
// one that it lacks, and letters beyond ASCII stand by themselves, as those of
// Western Europe do. In other alphabets whole words are made of such bytes.
func isWestern(data []byte) bool {
	const long, kinds = 4, 3 // of a run
	inRuns, letters := 0, 0
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		begin, seen, different := i, [256]bool{}, 0
		for ; i < len(data) && data[i] >= utf8.RuneSelf; i++ {
			switch data[i] {
			case 0x81, 0x8D, 0x8F, 0x90, 0x9D:
				return false
			}
			if !seen[data[i]] {
				seen[data[i]] = true
				different++
			}
		}
		letters += i - begin
		if i-begin >= long && different >= kinds {
			inRuns += i - begin
		}
	}
	return 2*inRuns <= letters
}

// decodeUTF8 takes bytes that are or seem to be UTF-8. Where bytes are in it
// that are not, the rest of the text tells: many proper multi-byte characters
// mean a damaged UTF-8 text, none an older encoding, few nothing.
func decodeUTF8(data []byte, name string) (decoded, *FileError) {
	good, either, bad, cut := countRunes(data)
	switch {
	case bad == 0 && cut:
		e := damaged("the last character of the text is cut")
		e.Hint = "fetch or save the file again"
		return decoded{}, e
	case bad == 0:
		return decoded{text: data, encoding: name}, nil
	case good > 2*bad || name != "utf-8":
		return decoded{text: bytes.ToValidUTF8(data, []byte("\uFFFD")), encoding: name,
			note: "the file holds bytes that are no UTF-8; the cells that have them are reported"}, nil
	case good > either || 2*either > bad:
		// As one or the other, some names would be read wrong.
		return decoded{}, &FileError{Reason: ReasonEncoding, Detail: "its text is in part UTF-8 and in part of another encoding", Hint: "save it as CSV UTF-8 or .xlsx, or name the encoding with --encoding, as in windows-1252"}
	}
	if !isWestern(data) {
		return decoded{}, &FileError{Reason: ReasonEncoding, Detail: "its text is neither UTF-8 nor Windows-1252, and what it is can't be told",
			Hint: "save it as CSV UTF-8 or .xlsx, or name the encoding with --encoding, as in windows-1252, windows-1251, shift_jis, gbk or macintosh"}
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return decoded{}, &FileError{Reason: ReasonEncoding, Detail: "its text is neither UTF-8 nor Windows-1252", Hint: "save it as CSV UTF-8, or name the encoding with --encoding", Err: err}
	}
	return decoded{text: text, encoding: "windows-1252",
		note: "the file is no UTF-8 and was read as Windows-1252; check names with accents, or name the encoding with --encoding"}, nil
}

// countRunes counts proper multi-byte characters and bytes that belong to none;
// either counts the characters that Windows-1252 has as a capital with an accent
// and a mark behind it. cut tells that the text ends within a character.
func countRunes(data []byte) (good, either, bad int, cut bool) {
	for len(data) > 0 {
		if data[0] < utf8.RuneSelf {
			data = data[1:]
			continue
		}
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n <= 1 {
			if len(data) < utf8.UTFMax && !utf8.FullRune(data) && good > 0 {
				return good, either, bad, true
			}
			bad++
		} else {
			good++
			if n == 2 && data[0] > 0xC3 && bytes.IndexByte(westernMarks, data[1]) >= 0 {
				either++
			}
		}
		data = data[n:]
	}
	return good, either, bad, false
}

// westernMarks are what may stand behind a word in Windows-1252: ‚ „ … ‹ ‘ ’ “ ”
// • – — ™ › a space that does not break, « ® ° ´ · º ».
var westernMarks = []byte("\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b\xa0\xab\xae\xb0\xb4\xb7\xba\xbb")

// decodeZeros takes a text without a byte order mark that holds zero bytes:
// UTF-16, if they stand where ASCII in UTF-16 has them.
func decodeZeros(data []byte) (decoded, *FileError) {
	sample := data[:min(len(data), 4096)&^1]
	even, odd := 0, 0
	for i, b := range sample {
		if b != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	const note = "the file has no byte order mark and was read as UTF-16; check the first rows"
	switch half := len(sample) / 2; {
	case half > 0 && odd > half*3/4 && even == 0:
		return decodeUTF16(data, unicode.LittleEndian, "utf-16le", note)
	case half > 0 && even > half*3/4 && odd == 0:
		return decodeUTF16(data, unicode.BigEndian, "utf-16be", note)
	}
	return decodeUTF8(data, "utf-8") // its caller tells where the zero bytes are
}

// checkZeros refuses texts with zero bytes, which no sheet has: where they stand
// tells what the file is.
func checkZeros(text []byte) *FileError {
	at := bytes.IndexByte(text, 0)
	if at < 0 {
		return nil
	}
	if len(bytes.TrimRight(text[at:], "\x00\r\n")) == 0 {
		e := damaged("it ends in %d zero bytes, as files do that were not written to their end", bytes.Count(text[at:], []byte{0}))
		e.Hint = "fetch or save the file again"
		return e
	}
	if share := bytes.Count(text, []byte{0}); share > 16 && share > len(text)/100 {
		return &FileError{Reason: ReasonFormat, Detail: "is no text: it holds zero bytes", Hint: hintGive}
	}
	return &FileError{Reason: ReasonFormat, Detail: fmt.Sprintf("is no text or damaged: a zero byte stands in line %d", 1+bytes.Count(text[:at], []byte("\n"))), Hint: "save the sheet anew as CSV UTF-8 or .xlsx"}
}

// dosEnd ended texts in systems that did not know a file's length.
const dosEnd = 0x1A

// trimEnd takes off what old programs put behind a text.
func trimEnd(text []byte) []byte { return bytes.TrimSuffix(text, []byte{dosEnd}) }

func decodeUTF32(data []byte, order utf32.Endianness, name string) (decoded, *FileError) {
	if len(data)%4 != 0 {
		e := damaged("UTF-32 text whose length is no multiple of four bytes")
		e.Hint = "fetch or save the file again"
		return decoded{}, e
	}
	text, err := utf32.UTF32(order, utf32.ExpectBOM).NewDecoder().Bytes(data)
	if err != nil {
		return decoded{}, &FileError{Reason: ReasonEncoding, Detail: "its text is no proper UTF-32", Hint: "save it as CSV UTF-8", Err: err}
	}
	return decoded{text: text, encoding: name}, nil
}

func decodeUTF16(data []byte, order unicode.Endianness, name, note string) (decoded, *FileError) {
	if len(data)%2 != 0 {
		e := damaged("UTF-16 text with an odd number of bytes")
		e.Hint = "fetch or save the file again"
		return decoded{}, e
	}
	text, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
	if err != nil {
		// Without a mark the decoder for texts that have none must be asked.
		text, err = unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	}
	if err != nil {
		return decoded{}, &FileError{Reason: ReasonEncoding, Detail: "its text is no proper UTF-16", Hint: "save it as CSV UTF-8", Err: err}
	}
	return decoded{text: bytes.TrimPrefix(text, utf8BOM), encoding: name, note: note}, nil
}

// decodeAs decodes with the encoding that the operator named.
func decodeAs(data []byte, name string) (decoded, *FileError) {
	enc, err := htmlindex.Get(name)
	if err != nil {
		return decoded{}, &FileError{Reason: ReasonEncoding, Detail: "the encoding " + name + " is unknown", Hint: "name one as in utf-8, utf-16le, windows-1252"}
	}
	text, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return decoded{}, &FileError{Reason: ReasonEncoding, Detail: "its text can't be read as " + name, Hint: "name another encoding", Err: err}
	}
	if enc == unicode.UTF8 && !utf8.Valid(data) {
		return decoded{}, &FileError{Reason: ReasonEncoding, Detail: "its text is no proper UTF-8", Hint: "name another encoding, or save it as CSV UTF-8"}
	}
	return decoded{text: bytes.TrimPrefix(text, utf8BOM), encoding: name}, nil
}
