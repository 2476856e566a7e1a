package sheet

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"provision/plan"
)

func encode16(t *testing.T, order unicode.Endianness, bom unicode.BOMPolicy, text string) []byte {
	t.Helper()
	b, err := unicode.UTF16(order, bom).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCSVForms(t *testing.T) {
	t.Parallel()
	const plain = "Ext,Device Name\n101,Zoë desk\n"
	latin, err := charmap.Windows1252.NewEncoder().Bytes([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		data      []byte
		opts      Options
		encoding  string
		delimiter string
		notes     int
	}{
		"plain":                 {data: []byte(plain), encoding: "utf-8", delimiter: ","},
		"crlf":                  {data: []byte(strings.ReplaceAll(plain, "\n", "\r\n")), encoding: "utf-8", delimiter: ","},
		"cr":                    {data: []byte(strings.ReplaceAll(plain, "\n", "\r")), encoding: "utf-8", delimiter: ","},
		"bom":                   {data: append(append([]byte{}, utf8BOM...), plain...), encoding: "utf-8 with a byte order mark", delimiter: ","},
		"semicolon":             {data: []byte(strings.ReplaceAll(plain, ",", ";")), encoding: "utf-8", delimiter: ";"},
		"tab":                   {data: []byte(strings.ReplaceAll(plain, ",", "\t")), encoding: "utf-8", delimiter: "tab"},
		"pipe":                  {data: []byte(strings.ReplaceAll(plain, ",", "|")), encoding: "utf-8", delimiter: "|"},
		"sep line":              {data: []byte("sep=;\r\n" + strings.ReplaceAll(plain, ",", ";")), encoding: "utf-8", delimiter: ";"},
		"odd sep line":          {data: []byte("\"SEP=~\"\n" + strings.ReplaceAll(plain, ",", "~")), encoding: "utf-8", delimiter: "~"},
		"utf-16le":              {data: encode16(t, unicode.LittleEndian, unicode.UseBOM, plain), encoding: "utf-16le", delimiter: ","},
		"utf-16be":              {data: encode16(t, unicode.BigEndian, unicode.UseBOM, plain), encoding: "utf-16be", delimiter: ","},
		"utf-16le without mark": {data: encode16(t, unicode.LittleEndian, unicode.IgnoreBOM, plain), encoding: "utf-16le", delimiter: ",", notes: 1},
		"windows-1252":          {data: latin, encoding: "windows-1252", delimiter: ",", notes: 1},
		"named encoding":        {data: latin, opts: Options{Encoding: "windows-1252"}, encoding: "windows-1252", delimiter: ","},
		"named delimiter":       {data: []byte(strings.ReplaceAll(plain, ",", "\t")), opts: Options{Delimiter: "tab"}, encoding: "utf-8", delimiter: "tab"},
		"commas above":          {data: []byte("List, of, all, our, phones,\n" + strings.ReplaceAll(plain, ",", ";")), encoding: "utf-8", delimiter: ";"},
		"quoted header":         {data: []byte("\"Ext\",\"Device Name\"\n101,Zoë desk\n"), encoding: "utf-8", delimiter: ","},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desired, detected, err := Read(t.Context(), []string{save(t, "a.csv", tc.data)}, tc.opts)
			if err != nil {
				t.Fatal(err)
			}
			if got := desired.Rows[0]; len(desired.Rows) != 1 || got.Extension.Text != "101" || got.DeviceName.Text != "Zoë desk" {
				t.Errorf("got %d rows, the first %q %q", len(desired.Rows), got.Extension.Text, got.DeviceName.Text)
			}
			d := detected[0]
			if d.Encoding != tc.encoding || d.Delimiter != tc.delimiter || len(d.Notes) != tc.notes || d.Format != FormatCSV {
				t.Errorf("got %+v", d)
			}
		})
	}
}

func TestCSVIsRefused(t *testing.T) {
	t.Parallel()
	const head = "ext,email\n"
	for name, tc := range map[string]struct {
		data   []byte
		opts   Options
		reason Reason
		detail string
	}{
		"unclosed quote":     {data: []byte(head + "101,\"a\n102,b\n"), reason: ReasonCSVSyntax, detail: "line 2"},
		"text behind quote":  {data: []byte(head + "101,\"a\"b\n102,c\n"), reason: ReasonCSVSyntax, detail: "line 2"},
		"zero bytes":         {data: []byte(head + "101,\x00\x00\x00b\n"), reason: ReasonFormat, detail: "no text"},
		"cut character":      {data: []byte(head + "101,Zoë\n102,Zo\xc3"), reason: ReasonDamaged, detail: "cut"},
		"cut utf-16":         {data: append(encode16(t, unicode.LittleEndian, unicode.UseBOM, head+"101,a\n"), 'x'), reason: ReasonDamaged, detail: "odd"},
		"unknown encoding":   {data: []byte(head + "101,a\n"), opts: Options{Encoding: "klingon"}, reason: ReasonEncoding, detail: "klingon"},
		"wrong encoding":     {data: []byte(head + "101,Zo\xeb\n"), opts: Options{Encoding: "utf-8"}, reason: ReasonEncoding, detail: "UTF-8"},
		"bad delimiter":      {data: []byte(head + "101,a\n"), opts: Options{Delimiter: ",,"}, reason: ReasonCSVSyntax, detail: "delimiter"},
		"no header":          {data: []byte("a,b\n1,2\n"), reason: ReasonNoHeader, detail: "none of the first"},
		"only blank lines":   {data: []byte("\n\n,\n"), reason: ReasonEmpty, detail: "empty"},
		"only a header":      {data: []byte(head), reason: ReasonEmpty, detail: "no row"},
		"header and blanks":  {data: []byte(head + ",\n , \n"), reason: ReasonEmpty, detail: "no row"},
		"only a mark":        {data: utf8BOM, reason: ReasonEmpty, detail: "empty"},
		"header far below":   {data: []byte(strings.Repeat("title\n", headerSearch) + head + "101,a\n"), reason: ReasonNoHeader},
		"one ordinary title": {data: []byte("Status\n101\n"), reason: ReasonNoHeader},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desired, _, err := Read(t.Context(), []string{save(t, "a.csv", tc.data)}, tc.opts)
			var ferr *FileError
			if !errors.As(err, &ferr) || ferr.Reason != tc.reason || !strings.Contains(ferr.Error(), tc.detail) {
				t.Fatalf("got error %v, want reason %s with %q", err, tc.reason, tc.detail)
			}
			if ferr.Hint == "" || ferr.File == "" {
				t.Errorf("got %+v, want the file and a hint", ferr)
			}
			if len(desired.Rows) != 0 || len(desired.Sheets) != 0 {
				t.Errorf("got %d rows of a refused file", len(desired.Rows))
			}
		})
	}
}

func TestDamagedUTF8IsToldByCell(t *testing.T) {
	t.Parallel()
	d := readText(t, "ext,device_name\n101,Zoë\n102,Zoé\n103,Naïve\n104,Zo\xff\n", Options{})
	if diff := cmp.Diff([]string{"a.csv!B5 text_damaged"}, codes(d.Errors)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		header   string
		opts     Options
		mapping  []string
		errors   []string
		warnings []string
		hint     string // in the first problem's message
	}{
		"aliases":           {header: "EXT,Extension_Number,MAC-Address", mapping: []string{"extension", "", "serial"}, errors: []string{"a.csv!B1 duplicate_column"}},
		"spelling":          {header: "ext, e Mail ,Postal_Code,E R L", mapping: []string{"extension", "email", "zip", "emergency_location"}},
		"same twice":        {header: "ext,color,Color,site", mapping: []string{"extension", "", "", "site"}, warnings: []string{"a.csv!B1 unknown_column", "a.csv!C1 duplicate_column"}},
		"bare words":        {header: "ext,email,Name,Location,Number,Type,Status,ID", mapping: []string{"extension", "email", "", "", "", "", "", ""}, warnings: []string{"a.csv!C1 ambiguous_column", "a.csv!D1 ambiguous_column", "a.csv!E1 ambiguous_column", "a.csv!F1 ambiguous_column", "a.csv!G1 ambiguous_column", "a.csv!H1 ambiguous_column"}, hint: "--map"},
		"near miss":         {header: "ext,email,countyr", mapping: []string{"extension", "email", ""}, errors: []string{"a.csv!C1 misspelled_column"}, hint: `did you mean "country"`},
		"near one there":    {header: "ext,email,extensoin", mapping: []string{"extension", "email", ""}, warnings: []string{"a.csv!C1 unknown_column"}, hint: `did you mean "extension"`},
		"all misspelled":    {header: "Extensoin,Devise Name,Emergancy Location", mapping: []string{"", "", ""}, errors: []string{"a.csv!A1 misspelled_column", "a.csv!B1 misspelled_column", "a.csv!C1 misspelled_column"}, hint: `did you mean "extension"`},
		"near, said not":    {header: "ext,email,Acton", opts: Options{Map: map[string]string{"Acton": "-"}}, mapping: []string{"extension", "email", ""}},
		"another word":      {header: "ext,email,County", mapping: []string{"extension", "email", ""}, warnings: []string{"a.csv!C1 unknown_column"}},
		"markers":           {header: "Extension*,MAC Address (required),Site [Optional]", mapping: []string{"extension", "serial", "site"}},
		"emergency address": {header: "ext,Emergency Address - Street,E911  Street Address - Line 2,Emergency City,E911 State/Province/County,Emergency Zip Code,911 Address Country", mapping: []string{"extension", "street", "street2", "city", "state", "zip", "country"}},
		"911":               {header: "Ext,911 Street,911 City,911 State,911 Zip", mapping: []string{"extension", "street", "city", "state", "zip"}},
		"whole address":     {header: "ext,email,Emergency Address", mapping: []string{"extension", "email", ""}, warnings: []string{"a.csv!C1 ambiguous_column"}, hint: "split a whole address"},
		"directory number":  {header: "Device Name,Directory Number,MAC Address,Email", mapping: []string{"device_name", "", "serial", "email"}, warnings: []string{"a.csv!B1 ambiguous_column"}, hint: "extension or phone_number"},
		"another first":     {header: "ext,email,Line Name", mapping: []string{"extension", "email", ""}, warnings: []string{"a.csv!C1 unknown_column"}},
		"work email":        {header: "ext,Work Email", mapping: []string{"extension", "email"}},
		"two serials":       {header: "Ext,MAC Address,Serial Number", mapping: []string{"extension", "serial", ""}, errors: []string{"a.csv!C1 duplicate_column"}, hint: `--map "Serial Number=-"`},
		"explained":         {header: "Extension,MAC Address (sticker on the back),Email [manager]", mapping: []string{"extension", "", ""}, errors: []string{"a.csv!B1 misspelled_column", "a.csv!C1 misspelled_column"}, hint: `did you mean "serial"`},
		"forms":             {header: "Extension (4-6 digits),MAC Address (12 hex digits),Phone Number [E.164],Zip (5 digits),Street (no PO box),State (2-letter code),Country (ISO),City", mapping: []string{"extension", "serial", "phone_number", "zip", "street", "state", "country", "city"}},
		"numbers apart":     {header: "Nebenstelle,Straße,Hausnummer,PLZ,Ort", mapping: []string{"extension", "street", "", "zip", "city"}, errors: []string{"a.csv!C1 house_number_apart"}, hint: `put both into "Straße"`},
		"number before":     {header: "ext,E911 Street No.,E911 Street,city", mapping: []string{"extension", "", "street", "city"}, errors: []string{"a.csv!B1 house_number_apart"}},
		"number behind":     {header: "ext,Calle,Número,ciudad", mapping: []string{"extension", "street", "", "city"}, errors: []string{"a.csv!C1 house_number_apart"}},
		"number elsewhere":  {header: "No.,ext,street,city,Number", mapping: []string{"", "extension", "street", "city", ""}, warnings: []string{"a.csv!A1 unknown_column", "a.csv!E1 ambiguous_column"}},
		"number of another": {header: "ext,Street (without number),City,Street (number),Customer Name (number)", mapping: []string{"extension", "", "city", "", ""}, errors: []string{"a.csv!B1 misspelled_column", "a.csv!D1 misspelled_column", "a.csv!E1 misspelled_column"}},
		"a second one":      {header: "Extension,Email,City (2)", mapping: []string{"extension", "email", ""}, errors: []string{"a.csv!C1 misspelled_column"}, hint: `did you mean "city"`},
		"numbered":          {header: "1. Extension,2) MAC Address,10. Device Name", mapping: []string{"extension", "serial", "device_name"}},
		"serials, MAC last": {header: "Ext,Serial Number,MAC Address", mapping: []string{"extension", "serial", ""}, errors: []string{"a.csv!C1 duplicate_column"}, hint: `--map "Serial Number=-"`},
		"two tables":        {header: "Ext,MAC,Ext", mapping: []string{"extension", "serial", ""}, errors: []string{"a.csv!C1 duplicate_column"}, hint: "side by side"},
		"status":            {header: "ext,email,Status", mapping: []string{"extension", "email", ""}, warnings: []string{"a.csv!C1 ambiguous_column"}, hint: "by itself it means no column of ours"},
		"German":            {header: "Nebenstelle,E-Mail,MAC-Adresse,Modell,Strasse,PLZ,Ort,Land", mapping: []string{"extension", "email", "serial", "model", "street", "zip", "city", "country"}},
		"French":            {header: "Numero de poste,Courriel,Adresse MAC,Modèle,Rue,Ville,Code postal,Province,Pays", mapping: []string{"extension", "email", "serial", "model", "street", "city", "zip", "state", "country"}},
		"Spanish":           {header: "Extensio\u0301n,Correo electrónico,Dirección MAC,Calle,Ciudad,Provincia,Código postal,Pais", mapping: []string{"extension", "email", "serial", "street", "city", "state", "zip", "country"}},
		"Durchwahl":         {header: "Durchwahl,MAC-Adresse,Gerätename", mapping: []string{"", "serial", "device_name"}, warnings: []string{"a.csv!A1 ambiguous_column"}, hint: "extension or phone_number"},
		"explained again":   {header: "Extension,Email,Email (manager)", mapping: []string{"extension", "email", ""}, warnings: []string{"a.csv!C1 unknown_column"}, hint: `did you mean "email"`},
		"lone title":        {header: "Comments\n\next,email", mapping: []string{"extension", "email"}},
		"of our own report": {header: "ext,email,Provision Says", mapping: []string{"extension", "email", ""}},
		"unknown":           {header: "ext,email,Badge", mapping: []string{"extension", "email", ""}, warnings: []string{"a.csv!C1 unknown_column"}},
		"no header":         {header: "ext,,email", mapping: []string{"extension", "", "email"}, warnings: []string{"a.csv!B2 no_header"}},
		"map":               {header: "Ext,Name,Badge", opts: Options{Map: map[string]string{"name": "Device Name", "BADGE": "-"}}, mapping: []string{"extension", "device_name", ""}},
		"map takes a name":  {header: "Ext,Phone Name,device_name", opts: Options{Map: map[string]string{"Phone Name": "device_name"}}, mapping: []string{"extension", "device_name", ""}, warnings: []string{"a.csv!C1 unknown_column"}},
		"map makes it twin": {header: "Ext,A,B", opts: Options{Map: map[string]string{"A": "notes", "B": "notes"}}, mapping: []string{"extension", "notes", ""}, errors: []string{"a.csv!C1 duplicate_column"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := strings.Repeat(",", strings.Count(tc.header, ","))
			if name == "no header" {
				row = ",x,"
			}
			d := readText(t, tc.header+"\n101"+row+"\n", tc.opts)
			if diff := cmp.Diff(tc.mapping, d.Sheets[0].Mapping); diff != "" {
				t.Errorf("mapping (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tc.errors...), codes(d.Errors)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tc.warnings...), codes(d.Warnings)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			wantInvalid := len(tc.errors) > 0
			if d.Rows[0].Invalid != wantInvalid {
				t.Errorf("got row invalid %v, want %v", d.Rows[0].Invalid, wantInvalid)
			}
			if all := append(append([]plan.Problem{}, d.Errors...), d.Warnings...); tc.hint != "" && !strings.Contains(all[0].Message, tc.hint) {
				t.Errorf("got %q, want %q in it", all[0].Message, tc.hint)
			}
		})
	}
}

func TestMappingMistakes(t *testing.T) {
	t.Parallel()
	sheet := save(t, "a.csv", []byte("Nebenstelle,Name\n101,x\n"))
	for name, tc := range map[string]struct {
		opts Options
		want string
	}{
		"no such column":  {Options{Map: map[string]string{"Nebenstelle": "extensoin"}}, `did you mean "extension"`},
		"no such header":  {Options{Map: map[string]string{"Nebenstelle": "extension", "Nam": "user_name"}}, `no sheet has a column "Nam"`},
		"no header named": {Options{Map: map[string]string{" ": "extension"}}, "no header"},
		"no such file":    {Options{MapFile: "/nonexistent/map"}, "no such mapping file"},
		"no equals sign":  {Options{MapFile: save(t, "map", []byte("# ours\nNebenstelle\n"))}, "line 2"},
		"bad column":      {Options{MapFile: save(t, "map", []byte("Nebenstelle=ext\nName=nix\n"))}, "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := Read(t.Context(), []string{sheet}, tc.opts)
			var ferr *FileError
			if !errors.As(err, &ferr) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	desired, _, err := Read(t.Context(), []string{sheet}, Options{
		MapFile: save(t, "map", []byte("\xEF\xBB\xBF# ours\n\nNebenstelle = extension\nName=email\n")),
		Map:     map[string]string{"Name": "user_name"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := desired.Rows[0]; r.Extension.Text != "101" || r.UserName.Text != "x" {
		t.Errorf("got %+v", r)
	}
}

// TestSeveralFiles tells all that is wrong with all files in one pass.
func TestSeveralFiles(t *testing.T) {
	t.Parallel()
	good := save(t, "good.csv", []byte("ext,email\n101,a@b.com\n"))
	bad := save(t, "bad.csv", []byte("ext,email\n102,x\n"))
	desired, detected, err := Read(t.Context(), []string{good, "/nonexistent/x.csv", bad, save(t, "e.csv", nil)}, Options{})
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("got error %v, want one for each of two files", err)
	}
	if len(desired.Rows) != 2 || desired.Rows[1].Sheet != 1 || len(desired.Sheets) != 2 || len(detected) != 2 {
		t.Errorf("got %d rows of %d sheets", len(desired.Rows), len(desired.Sheets))
	}
	if diff := cmp.Diff([]string{"bad.csv!B2 email_invalid"}, codes(desired.Errors)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if s := desired.Sheets[0]; len(s.SHA256) != 64 || s.File != "good.csv" || s.Path != good {
		t.Errorf("got %+v", s)
	}
}
