package sheet

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode/utf32"
)

// TestOddCSV reads texts as they come from old, careless and broken programs.
// want lists the rows as "extension|device name"; refused is in the message of
// a file that can't be read.
func TestOddCSV(t *testing.T) {
	t.Parallel()
	const head = "Ext,Device Name,Notes\n"
	utf32, err := utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewEncoder().String(head + "101,Zoë,n\n")
	must(t, err)
	for name, tc := range map[string]struct {
		text    string
		opts    Options
		want    []string
		refused string
	}{
		"caret":                  {text: "Ext^Device Name\n101^Desk\n", want: []string{"101|Desk"}},
		"unit separator":         {text: "Ext\x1fDevice Name\n101\x1fDesk\n", want: []string{"101|Desk"}},
		"blank by name":          {text: "Ext Email\n101 a@b.com\n", opts: Options{Delimiter: "space"}, want: []string{"101|"}},
		"sep with a blank":       {text: "sep= ;\r\nExt;Device Name\r\n101;Desk\r\n", want: []string{"101|Desk"}},
		"sep as a row":           {text: "sep=;;;\nExt;Device Name\n101;Desk\n", want: []string{"101|Desk"}},
		"sep and cr":             {text: "sep=;\rExt;Device Name\r101;Desk\r", want: []string{"101|Desk"}},
		"commas in the data":     {text: "Ext;Device Name;Notes\n101;Desk;a,b,c,d\n", want: []string{"101|Desk"}},
		"three line ends":        {text: head + "101,a,n\r\n102,b,n\r103,c,n\n", want: []string{"101|a", "102|b", "103|c"}},
		"cr, lf in a value":      {text: "Ext,Notes,Device Name\r101,\"a\nb\",Desk\r102,c,Hall\r", want: []string{"101|Desk", "102|Hall"}},
		"cr in a value":          {text: head + "101,Desk,\"a\rb\"\n102,Hall,\n", want: []string{"101|Desk", "102|Hall"}},
		"end of old systems":     {text: head + "101,Desk,n\n\x1a", want: []string{"101|Desk"}},
		"two marks":              {text: "\uFEFF\uFEFF" + head + "101,Desk,n\n", want: []string{"101|Desk"}},
		"utf-32":                 {text: utf32, want: []string{"101|Zoë"}},
		"space around quotes":    {text: head + "101, \"Desk, A\" ,n\n102,\"Hall\"  ,\"x\" \n103,c,\n", want: []string{"101|Desk, A", "102|Hall", "103|c"}},
		"quotes after a newline": {text: head + "101,\"De\nsk\" ,n\n102,\"x\",\"y\nz\"\t\n", want: []string{"101|De sk", "102|x"}},
		"marks in plain values":  {text: head + "101,27\" screen,n\n102,the \"big\" one,\n103, \"big\" one,\n", want: []string{`101|27" screen`, `102|the "big" one`, `103|"big" one`}},
		"titles with marks":      {text: "A 27\" list of \"June\n" + head + "101,Desk,n\n", want: []string{"101|Desk"}},
		"sixty title rows":       {text: strings.Repeat("Sent by mail\n", 60) + head + "101,Desk,n\n", want: []string{"101|Desk"}},
		"trailing delimiters":    {text: "Ext,Device Name,,,\n101,Desk,,,\n102,Hall,,,,,,\n", want: []string{"101|Desk", "102|Hall"}},
		"unclosed":               {text: head + "101,\"Desk,n\n102,Hall,n\n", refused: "B2 (line 2, character 5): the quotation mark begins a value that does not end"},
		"unclosed below others":  {text: "Title\n" + head + "101,\"a\nb\",n\n102,Hall,\"n\n", refused: "C5 (line 5, character 10)"},
		"text behind":            {text: head + "101,\"Desk\" x,n\n102,Hall,n\n", refused: "B2 (line 2, character 10): text behind the closing quotation mark"},
		"backslashes":            {text: head + "101,\"De\\\"sk\\\"\",n\n", refused: `written as \"`},
		"zeros behind":           {text: head + "101,Desk,n\n\x00\x00\x00", refused: "zero bytes, as files do that were not written to their end"},
		"a zero within":          {text: head + "101,Desk,n\n102,De\x00sk,n\n", refused: "a zero byte stands in line 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _, err := Read(t.Context(), []string{save(t, "a.csv", []byte(tc.text))}, tc.opts)
			if tc.refused != "" {
				var ferr *FileError
				if !errors.As(err, &ferr) || !strings.Contains(ferr.Error(), tc.refused) || ferr.Hint == "" {
					t.Errorf("got %v, want %q in it", err, tc.refused)
				}
				return
			}
			must(t, err)
			var got []string
			for _, r := range d.Rows {
				got = append(got, r.Extension.Text+"|"+r.DeviceName.Text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if len(d.Errors) > 0 {
				t.Errorf("got %v", d.Errors)
			}
		})
	}
}

// TestSwallowedRows: a value that a stray quotation mark has made of rows is an
// error at its cell.
func TestSwallowedRows(t *testing.T) {
	t.Parallel()
	d := readText(t, "Ext,Device Name,Site,Notes\n101,\"Desk,HQ,\n102,Hall,HQ,n\n103,Door,HQ,\"\n104,Gate,HQ,\"one, two\nthree\"\n", Options{})
	if diff := cmp.Diff([]string{"a.csv!B2 rows_in_value"}, codes(d.Errors)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if len(d.Rows) != 2 || !d.Rows[0].Invalid || d.Rows[1].Invalid {
		t.Errorf("got %+v", d.Rows)
	}
}

// TestCellLimits: what is beyond a limit names it and its flag.
func TestCellLimits(t *testing.T) {
	t.Parallel()
	wide := "Ext,Email" + strings.Repeat(",x", 40) + "\n101,a@b.com\n"
	long := "Ext,Email,Notes\n101,a@b.com,\"" + strings.Repeat("x\n", 2000) + "\"\n"
	for name, tc := range map[string]struct {
		text   string
		limits Limits
		want   string
	}{
		"columns": {wide, Limits{Columns: 20}, "has more than 20 columns"},
		"cell":    {long, Limits{CellBytes: 1024}, "C2 holds more than 1 KiB of text"},
		"rows":    {"Ext,Email\n1,\n2,\n3,\n", Limits{Rows: 2}, "has more than 2 rows"},
	} {
		_, _, err := Read(t.Context(), []string{save(t, "a.csv", []byte(tc.text))}, Options{Limits: tc.limits})
		var ferr *FileError
		if !errors.As(err, &ferr) || ferr.Reason != ReasonTooLarge || !strings.Contains(ferr.Detail, tc.want) || !strings.Contains(ferr.Hint, "--limit-") {
			t.Errorf("%s: got %v, want %q and the flag", name, err, tc.want)
		}
	}
}

// TestManyQuotes: a value of nothing but marks takes time by its length, not
// by the square of it.
func TestManyQuotes(t *testing.T) {
	t.Parallel()
	text := "extension,site\n101," + strings.Repeat(`"`, 4<<20+1) + "\n"
	_, _, err := Read(t.Context(), []string{save(t, "a.csv", []byte(text))}, Options{Limits: Limits{CellBytes: 8 << 20}})
	if err == nil || !strings.Contains(err.Error(), "B2 (line 2, character 5)") {
		t.Errorf("got %v", err)
	}
}
