package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// declarationRoom is how much of a part is looked at for its encoding, in bytes: the
// declaration stands at the very beginning.
const declarationRoom = 512

// xmlSource gives a part of a workbook in UTF-8. OOXML allows UTF-16 beside it,
// and small generators write whatever their language has, Latin-1 mostly. A
// part that was in another encoding comes without the declaration that says so.
func xmlSource(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, scanBuffer)
	head, err := b.Peek(declarationRoom)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	decoder := foreignXML(head)
	if decoder == nil {
		return b, nil
	}
	out := bufio.NewReaderSize(decoder.NewDecoder().Reader(b), scanBuffer)
	if head, err = out.Peek(declarationRoom); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	skip := 0
	if bytes.HasPrefix(head, utf8BOM) {
		skip = len(utf8BOM)
	}
	if end := bytes.Index(head, []byte("?>")); end >= 0 && bytes.HasPrefix(head[skip:], []byte("<?xml")) {
		skip = end + len("?>")
	}
	_, err = out.Discard(skip)
	return out, err
}

// foreignXML tells the encoding of a part by its first bytes; nil for UTF-8,
// and for what is none that is known: the scanner says then what is wrong.
func foreignXML(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, utf16LEBOM), bytes.HasPrefix(head, []byte("<\x00?\x00")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, utf16BEBOM), bytes.HasPrefix(head, []byte("\x00<\x00?")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	name := strings.ToLower(declaredEncoding(head))
	if name == "" || strings.HasPrefix(name, "utf") || strings.HasSuffix(name, "ascii") {
		return nil
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	return e
}

// declaredEncoding is the encoding that a part says it is in.
func declaredEncoding(head []byte) string {
	head = bytes.TrimPrefix(head, utf8BOM)
	end := bytes.Index(head, []byte("?>"))
	if end < 0 || !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	_, rest, found := bytes.Cut(head[:end], []byte("encoding"))
	if !found {
		return ""
	}
	return quoted(rest)
}

// sameCharset is for a decoder of texts that are UTF-8 by now, whatever their
// declaration calls it.
func sameCharset(_ string, r io.Reader) (io.Reader, error) { return r, nil }

// strange reports whether a part is one that the workbook library does not
// understand as it is: it is in another encoding, or its elements have no
// namespace. What can't be read is found out about when it is.
func strange(f *zip.File) bool {
	if f == nil {
		return false
	}
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close() //nolint:errcheck // nothing is written
	b := bufio.NewReaderSize(r, declarationRoom)
	head, err := b.Peek(declarationRoom)
	if err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	if foreignXML(head) != nil {
		return true
	}
	enc := declaredEncoding(head)
	return enc != "" && !equalFoldASCII(enc, "utf-8") || !named(io.LimitReader(b, rootRoom))
}

// rootRoom is how much of a part its root element's tag is sought in, in bytes.
// Generators declare every namespace there is in it, which takes some 5 KB.
const rootRoom = 64 << 10

// named reports whether the root element that a part begins with is in a
// namespace of OOXML.
func named(part io.Reader) bool {
	d := xml.NewDecoder(part)
	d.CharsetReader = sameCharset
	for {
		t, err := d.Token()
		if err != nil {
			return false
		}
		if root, ok := t.(xml.StartElement); ok {
			return strings.HasPrefix(root.Name.Space, "http://schemas.openxmlformats.org/") || strings.HasPrefix(root.Name.Space, "http://purl.oclc.org/ooxml/")
		}
	}
}
