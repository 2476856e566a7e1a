package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// countingHandler records what the scanner says.
type countingHandler struct {
	starts int
	chars  int
}

func (c *countingHandler) start([]byte, []xmlAttr) error { c.starts++; return nil }
func (c *countingHandler) end([]byte) error              { return nil }
func (c *countingHandler) text(b []byte, _ bool) error   { c.chars += len(b); return nil }

func scanBytes(data []byte) (*countingHandler, error) {
	h := &countingHandler{}
	return h, newXMLScanner(bytes.NewReader(data), h).run()
}

func TestScannerTellsWellFormed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3*scanBuffer)
	for name, tc := range map[string]struct {
		data string
		ok   bool
	}{
		"plain":                  {`<?xml version="1.0" encoding="UTF-8"?><a b="1"><c/>text&amp;&#65;&#x41;é</a>`, true},
		"bom":                    {"\xEF\xBB\xBF<a/>", true},
		"prefix":                 {`<x:a xmlns:x="u"><x:b></x:b ></x:a>`, true},
		"comment and cdata":      {`<a><!-- - --><![CDATA[<&]]></a>`, true},
		"long text":              {"<a>" + long + "é</a>", true},
		"long cdata":             {"<a><![CDATA[" + long + "é]]]]></a>", true},
		"greater in attribute":   {`<a b="x>y"/>`, true},
		"empty":                  {"", false},
		"only text":              {"text", false},
		"cut tag":                {"<a><b", false},
		"cut element":            {"<a><b></b>", false},
		"bare ampersand":         {"<a>A & B</a>", false},
		"unknown entity":         {"<a>&nbsp;</a>", false},
		"ampersand in attribute": {`<a b="A & B"/>`, false},
		"control character":      {"<a>\x01</a>", false},
		"control reference":      {"<a>&#1;</a>", false},
		"bad utf-8":              {"<a>\xff</a>", false},
		"cut utf-8":              {"<a>\xc3", false},
		"mismatch":               {"<a><b></a></b>", false},
		"two roots":              {"<a/><b/>", false},
		"no quotes":              {"<a b=1/>", false},
		"no space":               {`<a b="1"c="2"/>`, false},
		"other encoding":         {`<?xml version="1.0" encoding="utf-16"?><a/>`, false},
		"doctype":                {`<!DOCTYPE a><a/>`, false},
		"section end in text":    {"<a>]]></a>", false},
		"less in attribute":      {`<a b="<"/>`, false},
		"long tag":               {"<a b='" + long + "'/>", true},
		"tag too long":           {"<a b='" + strings.Repeat("x", longestTag) + "'/>", false},
		"too deep":               {strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300), false},
		"double dash":            {"<a><!-- -- --></a>", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := scanBytes([]byte(tc.data))
			if (err == nil) != tc.ok {
				t.Errorf("got error %v, want ok %v", err, tc.ok)
			}
			if err != nil && !errors.Is(err, errNotWellFormed) {
				t.Errorf("got error %v, want errNotWellFormed", err)
			}
		})
	}
}

// FuzzScannerAgainstParser holds the scanner to its promise: what it lets pass,
// encoding/xml parses to the end.
func FuzzScannerAgainstParser(f *testing.F) {
	for _, s := range []string{
		`<?xml version="1.0" encoding="UTF-8"?><a b="1"><c/>text&amp;&#65;é</a>`,
		"<a><b></b>", "<a>&</a>", "<a><![CDATA[x]]></a>", `<x:a xmlns:x="u"><x:b y='2'/></x:a>`,
		"<a><!-- c --></a>", "<?pi x?><a/>", "<a>\x01</a>", "<a :b='1'/>", "<a><?xml version='1.1'?></a>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := scanBytes(data)
		if err != nil {
			return
		}
		starts, perr := parseStarts(data)
		if perr != nil {
			t.Fatalf("the scanner lets pass what the parser refuses: %v: %q", perr, data)
		}
		if starts != h.starts {
			t.Fatalf("got %d elements, the parser gives %d: %q", h.starts, starts, data)
		}
	})
}

func parseStarts(data []byte) (int, error) {
	// The scanner passes over a byte order mark, as workbook parts may have one.
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, utf8BOM)))
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		if strings.EqualFold(label, "us-ascii") {
			return r, nil
		}
		return nil, fmt.Errorf("charset %s", label)
	}
	starts := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return starts, nil
		}
		if err != nil {
			return starts, err
		}
		if _, ok := tok.(xml.StartElement); ok {
			starts++
		}
	}
}
