package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// damagedBook is a workbook of a few hundred rows whose parts a test may spoil.
func damagedBook(t *testing.T, spoil func(parts map[string]string)) string {
	t.Helper()
	var sheet, shared strings.Builder
	sheet.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`)
	shared.WriteString(xmlHead + `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>extension</t></si><si><t>device_name</t></si>`)
	for i := range 400 {
		fmt.Fprintf(&sheet, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c></row>`, i+2, i+2, 1000+i, i+2, i+2)
		fmt.Fprintf(&shared, `<si><t>Desk %d</t></si>`, i)
	}
	sheet.WriteString(`</sheetData></worksheet>`)
	shared.WriteString(`</sst>`)
	parts := workbookParts(sheet.String(), shared.String())
	if spoil != nil {
		spoil(parts)
	}
	return saveParts(t, parts)
}

const (
	sheetPartName  = "xl/worksheets/sheet1.xml"
	sharedPartName = "xl/sharedStrings.xml"
)

func replacePart(name, old, repl string) func(map[string]string) {
	return func(parts map[string]string) {
		if !strings.Contains(parts[name], old) {
			panic("the part does not hold " + old)
		}
		parts[name] = strings.Replace(parts[name], old, repl, 1)
	}
}

// TestDamageIsRefused spoils a workbook in the ways in which the library gives
// fewer rows and no error, and in some others.
func TestDamageIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(map[string]string){
		"cut sheet":           func(p map[string]string) { p[sheetPartName] = p[sheetPartName][:len(p[sheetPartName])/2] },
		"cut before the end":  func(p map[string]string) { p[sheetPartName] = strings.TrimSuffix(p[sheetPartName], "</worksheet>") },
		"control character":   replacePart(sheetPartName, "<v>1200</v>", "<v>12\x0100</v>"),
		"bare ampersand":      replacePart(sheetPartName, `<c r="A300"><v>1298</v>`, `<c r="A300" t="str"><v>A & B</v>`),
		"ampersand at end":    replacePart(sheetPartName, `<v>1399</v>`, `<v>1399&</v>`),
		"bad utf-8":           replacePart(sheetPartName, `<v>1200</v>`, "<v>\xff</v>"),
		"row twice":           replacePart(sheetPartName, `<row r="300">`, `<row r="299">`),
		"cell in another row": replacePart(sheetPartName, `r="A300"`, `r="A301"`),
		"cells not in order":  replacePart(sheetPartName, `r="B300"`, `r="A300"`),
		"bad row number":      replacePart(sheetPartName, `<row r="300">`, `<row r="3x0">`),
		"text that is not":    replacePart(sheetPartName, `t="s"><v>300</v>`, `t="s"><v>402</v>`),
		"text by a word":      replacePart(sheetPartName, `t="s"><v>300</v>`, `t="s"><v>-1</v>`),
		"no table":            func(p map[string]string) { p[sheetPartName] = xmlHead + `<worksheet/>` },
		"two tables":          replacePart(sheetPartName, `</sheetData>`, `</sheetData><sheetData/>`),
		"cut texts":           func(p map[string]string) { p[sharedPartName] = p[sharedPartName][:len(p[sharedPartName])/2] },
		"no texts":            func(p map[string]string) { delete(p, sharedPartName) },
		"fewer texts":         replacePart(sharedPartName, "<si><t>Desk 20</t></si>", ""),
		"no sheet":            func(p map[string]string) { delete(p, sheetPartName) },
		"no workbook":         func(p map[string]string) { delete(p, "xl/workbook.xml") },
		"cut workbook":        replacePart("xl/workbook.xml", "</sheets></workbook>", ""),
		"no relationships":    func(p map[string]string) { delete(p, "xl/_rels/workbook.xml.rels") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantDamaged(t, damagedBook(t, spoil))
		})
	}
}

func wantDamaged(t *testing.T, path string) {
	t.Helper()
	temp := t.TempDir()
	desired, _, err := Read(t.Context(), []string{path}, Options{TempDir: temp})
	var ferr *FileError
	if !errors.As(err, &ferr) || ferr.Reason != ReasonDamaged {
		t.Errorf("got %v and %d rows, want the file refused as damaged", err, len(desired.Rows))
	}
	if len(desired.Rows) > 0 {
		t.Errorf("got %d rows of a damaged file", len(desired.Rows))
	}
	wantEmpty(t, temp)
}

func TestWholeBookIsRead(t *testing.T) {
	t.Parallel()
	d, _, err := Read(t.Context(), []string{damagedBook(t, nil)}, Options{})
	if err != nil || len(d.Rows) != 400 || d.Rows[399].DeviceName.Text != "Desk 399" {
		t.Errorf("got %d rows, %v", len(d.Rows), err)
	}
}

// TestFlippedBits flips one bit at many places of the file: either it is
// refused, or the bit lay where it means nothing and all rows are there.
func TestFlippedBits(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(damagedBook(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.xlsx")
	refused := 0
	for i := 0; i < len(data); i += 61 {
		spoiled := bytes.Clone(data)
		spoiled[i] ^= 1 << (i % 8)
		must(t, os.WriteFile(path, spoiled, 0o600))
		d, _, err := Read(t.Context(), []string{path}, Options{})
		if err != nil {
			refused++
			continue
		}
		if len(d.Rows) != 400 || d.Rows[399].DeviceName.Text != "Desk 399" {
			t.Errorf("bit %d of byte %d: got %d rows and no error", i%8, i, len(d.Rows))
		}
	}
	if refused < 10 {
		t.Errorf("got %d files refused, want most", refused)
	}
}

func TestCutFile(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(damagedBook(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	wantDamaged(t, save(t, "a.xlsx", data[:len(data)*2/3]))
}

// TestOddFiles gives what is no proper sheet and looks for one clear reason.
func TestOddFiles(t *testing.T) {
	t.Parallel()
	book, err := os.ReadFile(damagedBook(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	ole := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)...)
	for name, tc := range map[string]struct {
		file   string
		data   []byte
		reason Reason
		want   string
	}{
		"pdf as xlsx":      {"a.xlsx", []byte("%PDF-1.7\n..."), ReasonFormat, "PDF"},
		"pdf as csv":       {"a.csv", []byte("%PDF-1.7\n..."), ReasonFormat, "PDF"},
		"text as xlsx":     {"a.xlsx", []byte("ext,email\n1,2\n"), ReasonFormat, "no workbook"},
		"xlsx, no ending":  {"a", book, ReasonFormat, "no ending in its name"},
		"xlsx as csv":      {"a.csv", book, ReasonFormat, "named .csv"},
		"html as xls.csv":  {"a.csv", []byte("\n<html><table>"), ReasonFormat, "web page"},
		"json":             {"a.txt", []byte("{\"a\":1}"), ReasonFormat, "JSON"},
		"bzip2":            {"a.csv", []byte("BZh91AY&SYabc"), ReasonFormat, "bzip2"},
		"xz":               {"a.csv.xz", []byte("\xfd7zXZ\x00abc"), ReasonFormat, "xz"},
		"two encodings":    {"a.csv", []byte("ext,device_name\n101,B\u00fcro\n102,B\xfcro\n"), ReasonEncoding, "in part UTF-8"},
		"russian":          {"a.csv", []byte("ext,device_name\n101,\xd2\xe5\xeb\xe5\xf4\xee\xed\n"), ReasonEncoding, "windows-1251"},
		"chinese":          {"a.csv", []byte("ext,device_name\n101,\xb5\xe7\xbb\xb0\xd2\xbb\n102,\xb5\xe7\xbb\xb0\xb6\xfe\n"), ReasonEncoding, "--encoding"},
		"german of dos":    {"a.csv", []byte("ext,device_name\n101,B\x81ro M\x94ller\n"), ReasonEncoding, "--encoding"},
		"french of mac os": {"a.csv", []byte("ext,device_name\n101,Acc\x8fs libre\n"), ReasonEncoding, "macintosh"},
		"bytes as csv":     {"a.csv", []byte(strings.Repeat("ext,\x02\x03\x04\xe9\x07\n", 20)), ReasonFormat, "no text"},
		"one of ours":      {"a.csv", []byte("Reg\n\nDevice Name,Description,DN 1\nSEP1,x,1001\n"), ReasonNoHeader, `row 3 comes nearest: of its columns only "Device Name" is ours (device_name)`},
		"gzip":             {"a.csv.gz", []byte("\x1f\x8b\x08abc"), ReasonFormat, "gzip"},
		"xls by name":      {"a.xls", ole, ReasonUnsupported, ".xlsx"},
		"xls by content":   {"a.xlsx", ole, ReasonUnsupported, ".xls"},
		"html as xls":      {"a.xls", []byte("<META charset=x><TABLE><tr>"), ReasonFormat, "File > Save As"},
		"web archive":      {"a.xls", []byte("MIME-Version: 1.0\n"), ReasonFormat, "web archive"},
		"xml as xls":       {"a.xls", []byte(`<?xml version="1.0"?><Workbook/>`), ReasonFormat, "XML"},
		"rtf":              {"a.csv", []byte(`{\rtf1 x}`), ReasonFormat, "rtf"},
		"link":             {"a.gsheet", []byte(`{"url": "x"}`), ReasonFormat, "online sheet"},
		"sylk":             {"a.csv", []byte("ID;PWXL;N;E\n"), ReasonFormat, "SYLK"},
		"picture":          {"a.csv", []byte("\x89PNG\r\n"), ReasonFormat, "picture"},
		"old xls":          {"a.xls", []byte("\x09\x08\x10\x00"), ReasonFormat, "very old"},
		"xls with a word":  {"a.xls", slices.Concat(ole, utf16ASCII("Workbook"), utf16ASCII("WordDocument")), ReasonUnsupported, "old Excel workbook"},
		"sylk of others":   {"a.slk", []byte("ID;PCALC3\r\nP;Pcurrency\r\nC;Y1;X1;K\"ext\"\r\n"), ReasonFormat, "SYLK"},
		"word document":    {"a.doc", append(bytes.Clone(ole), utf16ASCII("WordDocument")...), ReasonFormat, "no workbook"},
		"lock file":        {"~$a.xlsx", []byte("\x05Admin"), ReasonFormat, "give a.xlsx"},
		"encrypted":        {"a.xlsx", append(ole, utf16ASCII("EncryptedPackage")...), ReasonEncrypted, "password"},
		"empty":            {"a.xlsx", nil, ReasonEmpty, "empty"},
		"zip of others":    {"a.xlsx", zipOf(t, map[string]string{"readme.txt": "x"}), ReasonFormat, "zip file"},
		"document":         {"a.xlsx", zipOf(t, map[string]string{"word/document.xml": "x"}), ReasonFormat, "no workbook"},
		"ods by content":   {"a.xlsx", zipOf(t, map[string]string{"mimetype": "x", "content.xml": "y"}), ReasonUnsupported, ".ods"},
		"xlsb by content":  {"a.xlsx", zipOf(t, map[string]string{"xl/workbook.bin": "x"}), ReasonUnsupported, ".xlsb"},
		"path out of it":   {"a.xlsx", zipOf(t, map[string]string{"../evil": "x", "xl/workbook.xml": "y"}), ReasonDamaged, "evil"},
		"not even a table": {"a.csv", []byte("hello"), ReasonNoHeader, "provision template"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			temp := t.TempDir()
			_, _, err := Read(t.Context(), []string{save(t, tc.file, tc.data)}, Options{TempDir: temp})
			var ferr *FileError
			if !errors.As(err, &ferr) || ferr.Reason != tc.reason || !strings.Contains(ferr.Error(), tc.want) {
				t.Fatalf("got %v, want reason %s with %q", err, tc.reason, tc.want)
			}
			if ferr.Hint == "" || strings.Contains(ferr.Error(), "\n") {
				t.Errorf("got %q, want one line with a hint", ferr.Error())
			}
			wantEmpty(t, temp)
		})
	}
	for file, data := range map[string][]byte{"a.xls": []byte("ext\temail\n1\t\n"), "a.xlsb": book, "a.ods": book} {
		d, found, err := Read(t.Context(), []string{save(t, file, data)}, Options{})
		if err != nil || len(d.Rows) == 0 || len(found[0].Notes) != 1 {
			t.Errorf("%s: got %d rows, %v, %v, want them read with a note on the name", file, len(d.Rows), found, err)
		}
	}
	// Letters of the West alone, a line of dashes, and words between quotation marks are what Windows-1252 is for.
	west := "ext,device_name,notes\n101,Tisch \xc4\xd6\xdc\xdf,\x97\x97\x97\x97\x97\n102,B\xfcro M\xf6ller,\x93\xc9t\xe9\x94\n103,Caf\xe9 cr\xe9\xe9,\x80 5\n"
	if d, found, err := Read(t.Context(), []string{save(t, "west.csv", []byte(west))}, Options{}); err != nil || found[0].Encoding != "windows-1252" || d.Rows[0].DeviceName.Text != "Tisch ÄÖÜß" {
		t.Errorf("got %v, %v, want a text in Windows-1252", found, err)
	}
	// A capital with an accent and a mark behind it looks like UTF-8.
	marked := "ext,device_name,notes\n101,\x84CAF\xc9\x94,caf\xe9\n102,B\xfcro M\xf6ller,\n103,Cr\xe8me br\xfbl\xe9e,\n"
	if d, found, err := Read(t.Context(), []string{save(t, "marked.csv", []byte(marked))}, Options{}); err != nil || found[0].Encoding != "windows-1252" || d.Rows[0].DeviceName.Text != "„CAFÉ”" {
		t.Errorf("got %v, %v, want a text in Windows-1252", found, err)
	}
	polish := "ext,device_name\n101,wąska łąka\n102,caf\xe9\n"
	if _, found, err := Read(t.Context(), []string{save(t, "polish.csv", []byte(polish))}, Options{}); err == nil && found[0].Encoding != "utf-8" {
		t.Errorf("a Polish text with one damaged byte was read as %s", found[0].Encoding)
	}
	if d, _, err := Read(t.Context(), []string{save(t, "id.csv", []byte("ID;Phone Number;Ext\n1;+16505550100;101\n"))}, Options{}); err != nil || len(d.Rows) != 1 {
		t.Errorf("a header that begins as SYLK does: got %v", err)
	}
	_, _, err = Read(t.Context(), []string{t.TempDir()}, Options{})
	var ferr *FileError
	if !errors.As(err, &ferr) || ferr.Reason != ReasonMissing {
		t.Errorf("a folder: got %v", err)
	}
}

func zipOf(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	must(t, zipParts(&buf, parts))
	return buf.Bytes()
}

func TestLimits(t *testing.T) {
	t.Parallel()
	path := damagedBook(t, nil)
	bomb := func(p map[string]string) { p["xl/bomb.xml"] = strings.Repeat(" ", ratioFloor+1) }
	for name, tc := range map[string]struct {
		path   string
		limits Limits
	}{
		"file":    {path, Limits{FileBytes: 100}},
		"members": {path, Limits{Members: 3}},
		"content": {path, Limits{UnpackedBytes: 1000}},
		"ratio":   {damagedBook(t, bomb), Limits{}},
	} {
		_, _, err := Read(t.Context(), []string{tc.path}, Options{Limits: tc.limits})
		var ferr *FileError
		if !errors.As(err, &ferr) || ferr.Reason != ReasonTooLarge {
			t.Errorf("%s: got %v, want it refused as too large", name, err)
		}
	}
}

// TestMembersTwice: the library takes the last of two parts of one name, others
// the first.
func TestMembersTwice(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	parts := workbookParts(xmlHead+`<worksheet><sheetData/></worksheet>`, emptyTable)
	for _, name := range append(slices.Sorted(maps.Keys(parts)), "XL/worksheets/Sheet1.xml") {
		f, err := z.Create(name)
		must(t, err)
		_, err = io.WriteString(f, parts[name])
		must(t, err)
	}
	must(t, z.Close())
	wantDamaged(t, save(t, "a.xlsx", buf.Bytes()))
}

// TestLibraryGivesLess holds the rows of the library against the scan.
func TestLibraryGivesLess(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*sheetScan){
		"a row more": func(s *sheetScan) { s.rows = append(s.rows, s.rows[5]) },
		"a cell more": func(s *sheetScan) {
			s.patterns = append(s.patterns, []byte{byte(kindNumber), 0, byte(kindText)})
			s.rows[100] = uint32(len(s.patterns) - 1)
		},
		"another cell": func(s *sheetScan) {
			s.patterns = append(s.patterns, []byte{0, 0, byte(kindText)})
			s.rows[399] = uint32(len(s.patterns) - 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book, err := Open(t.Context(), damagedBook(t, nil), Options{})
			must(t, err)
			defer func() { must(t, book.Close()) }()
			spoil(book.sheets[0].scan)
			r, err := book.Reader("Sheet1")
			must(t, err)
			for err == nil {
				_, err = r.Read()
			}
			var ferr *FileError
			if !errors.As(err, &ferr) || ferr.Reason != ReasonDamaged {
				t.Errorf("got %v, want it refused as damaged", err)
			}
		})
	}
}

func TestTempFolderIsPrivateAndRemoved(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	book, err := Open(t.Context(), damagedBook(t, nil), Options{TempDir: temp})
	must(t, err)
	left, err := os.ReadDir(temp)
	must(t, err)
	if len(left) != 1 {
		t.Fatalf("got %v in the folder, want one", left)
	}
	info, err := left[0].Info()
	must(t, err)
	if got := info.Mode().Perm(); got != 0o700 {
		t.Errorf("got mode %o, want 700", got)
	}
	must(t, book.Close())
	must(t, book.Close())
	wantEmpty(t, temp)
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	temp := t.TempDir()
	if _, _, err := Read(ctx, []string{damagedBook(t, nil)}, Options{TempDir: temp}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it cancelled", err)
	}
	wantEmpty(t, temp)
}

// TestChangedFile: what is read must be what the checksum was taken of.
func TestChangedFile(t *testing.T) {
	t.Parallel()
	path := save(t, "a.csv", []byte("ext,email\n1,\n"))
	book, err := Open(t.Context(), path, Options{})
	must(t, err)
	must(t, book.unchanged())
	must(t, os.WriteFile(path, []byte("ext,email\n1,\n2,\n"), 0o600))
	var ferr *FileError
	if err := book.unchanged(); !errors.As(err, &ferr) || ferr.Reason != ReasonChanged {
		t.Errorf("got %v, want the change told", err)
	}
	must(t, book.Close())
}

// TestCollectorIsSetBack uses a collector of its own, as other tests read at
// the same time; both set the process's values, so it runs alone.
func TestCollectorIsSetBack(t *testing.T) { //nolint:paralleltest // it looks at settings of the process
	before := debug.SetMemoryLimit(-1)
	var c collector
	c.acquire()
	c.acquire()
	c.keep(1 << 20)
	c.release()
	if got := debug.SetMemoryLimit(-1); got >= before {
		t.Errorf("got limit %d while reading, want one below %d", got, before)
	}
	c.release()
	if got := debug.SetMemoryLimit(-1); got != before {
		t.Errorf("got limit %d, want %d as before", got, before)
	}
}

// TestLibraryPanics: a panic of the library is an error of the file.
func TestLibraryPanics(t *testing.T) {
	t.Parallel()
	err := guarded(func() error {
		var f *excelize.File
		_, err := f.Rows("x")
		return err
	})
	if err == nil {
		t.Error("got no error")
	}
}
