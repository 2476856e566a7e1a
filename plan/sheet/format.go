package sheet

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func isZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// textExtensions are the names under which text tables come.
var textExtensions = map[string]bool{".csv": true, ".tsv": true, ".tab": true, ".txt": true, "": true}

// otherExtensions are the names of formats that are not read. A file under one
// of them may still be a text or a workbook that only bears a wrong name, as
// the exports of many systems do.
var otherExtensions = map[string]bool{".xls": true, ".xlsb": true, ".ods": true, ".numbers": true}

// foreign is a format that is not read, told by the first bytes of a file.
type foreign struct {
	begins []string // any of them, in lower case; space before it does not count
	is     string
	hint   string
}

const (
	hintSaveAs   = "open it in a spreadsheet program and save it as .xlsx (File > Save As)"
	hintSaveAnew = "open it in a spreadsheet program and save it anew"
	hintGive     = "give a CSV or XLSX file"
)

// foreigners are looked at in this order.
var foreigners = []foreign{
	{[]string{"%pdf-"}, "is a PDF document, whatever its name says", "export the sheet as XLSX or CSV, not as PDF"},
	{[]string{"<!doctype html", "<html", "<table", "<head", "<body", "<meta", "<style", "<div"}, "is a web page, whatever its name says", hintSaveAs},
	{[]string{"<?xml", "<workbook", "<office:"}, "is XML text, whatever its name says", hintSaveAs},
	{[]string{"mime-version:"}, "is a web archive (.mht), whatever its name says", hintSaveAs},
	{[]string{`{\rtf`}, "is a text document (.rtf), no sheet", hintSaveAs},
	{[]string{`{"url"`, `{"doc_id"`}, "is only a link to an online sheet, not the sheet itself", "open it in the browser and download it as .xlsx (File > Download)"},
	{[]string{"{", "[{", "[["}, "is JSON, not a table", hintGive},
	{[]string{"id;pwxl", "id;pscalc"}, "is a SYLK file (.slk), whatever its name says", hintSaveAs},
	{[]string{"table\r\n0,1", "table\n0,1"}, "is a DIF file, whatever its name says", hintSaveAs},
	{[]string{"\x1f\x8b"}, "is packed with gzip", "unpack it first"},
	{[]string{"bzh91ay&sy"}, "is packed with bzip2", "unpack it first"},
	{[]string{"\xfd7zxz\x00", "\x28\xb5\x2f\xfd"}, "is packed with xz or zstd", "unpack it first"},
	{[]string{"7z\xbc\xaf", "rar!\x1a"}, "is a packed archive", "unpack it first"},
	{[]string{"\x89png", "\xff\xd8\xff", "gif8"}, "is a picture", "type the table into a sheet, or ask for the sheet itself"},
	{[]string{"\x09\x08", "\x09\x04\x06", "\x09\x02\x06", "\x09\x00\x04"}, "is a very old Excel sheet (.xls)", hintSaveAs},
}

// checkFormat refuses what is neither CSV nor XLSX. Its content counts; a name
// that promises a workbook where there is a text, or the other way round, is
// refused too, as something went wrong on the way.
func checkFormat(path string, head []byte, size int64) *FileError {
	ext := strings.ToLower(filepath.Ext(path))
	if strings.HasPrefix(filepath.Base(path), "~$") && size < 1024 {
		return &FileError{Reason: ReasonFormat, Detail: "is the lock that a spreadsheet program keeps beside an open workbook, not the workbook", Hint: "give " + strings.TrimPrefix(filepath.Base(path), "~$")}
	}
	if bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
		return oleError(path, size)
	}
	first := bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \r\n")
	lead := lowerASCII(first)
	if bytes.HasPrefix(lead, []byte("{")) && bytes.Contains(lead, []byte(`"format_version"`)) {
		return &FileError{Reason: ReasonFormat, Detail: "is a saved plan, not a sheet", Hint: fmt.Sprintf(`"provision show %[1]s" prints it, "provision apply %[1]s" carries it out`, path)}
	}
	if isSYLK(first) {
		lead = []byte("id;pwxl")
	}
	for _, f := range foreigners {
		if hasAnyPrefix(lead, f.begins...) {
			return &FileError{Reason: ReasonFormat, Detail: f.is, Hint: f.hint}
		}
	}
	zipped := isZip(head)
	switch {
	case zipped && textExtensions[ext]:
		name := "is named " + ext
		if ext == "" {
			name = "has no ending in its name"
		}
		return &FileError{Reason: ReasonFormat, Detail: name + ", but is a zip file or workbook", Hint: "name it .xlsx if it is a workbook"}
	case !zipped && (ext == ".xlsx" || ext == ".xlsm"):
		return &FileError{Reason: ReasonFormat, Detail: "is named " + ext + ", but is no workbook", Hint: "save it anew as .xlsx, or name it .csv if it is a text"}
	}
	return nil
}

// oddName tells of a file that is read although its name says that it can't be.
func oddName(path string, head []byte) string {
	ext := strings.ToLower(filepath.Ext(path))
	switch {
	case !otherExtensions[ext]:
		return ""
	case isZip(head):
		return "the file is named " + ext + ", but is an XLSX workbook and was read as one"
	}
	return "the file is named " + ext + ", but is a text and was read as CSV"
}

// lowerASCII makes letters small and leaves all other bytes as they are.
func lowerASCII(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

func hasAnyPrefix(b []byte, prefixes ...string) bool {
	for _, p := range prefixes {
		if bytes.HasPrefix(b, []byte(p)) {
			return true
		}
	}
	return false
}

// oleError tells apart what comes in a file of the old Office format, by the
// names of its streams: an encrypted workbook, an old one, and other documents.
func oleError(path string, size int64) *FileError {
	const most = 64 << 20
	var data []byte
	if size <= most {
		data, _ = os.ReadFile(path) // unread, it is taken for the most frequent case
	}
	switch {
	case bytes.Contains(data, utf16ASCII("EncryptedPackage")):
		return &FileError{Reason: ReasonEncrypted, Detail: "the workbook needs a password", Hint: "open it with the password and save it without one (File > Info > Protect Workbook > Encrypt with Password: leave it empty)"}
	case bytes.Contains(data, utf16ASCII("Workbook")) && strings.HasPrefix(strings.ToLower(filepath.Ext(path)), ".xl"):
		// Documents may be within it.
	case bytes.Contains(data, utf16ASCII("WordDocument")) || bytes.Contains(data, utf16ASCII("PowerPoint Document")) || bytes.Contains(data, utf16ASCII("__substg1.0")):
		return &FileError{Reason: ReasonFormat, Detail: "is an old Office document or mail, but no workbook", Hint: hintGive}
	}
	return unsupported("an old Excel workbook (.xls)")
}

func utf16ASCII(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

func unsupported(what string) *FileError {
	return &FileError{Reason: ReasonUnsupported, Detail: "is " + what + ", which is not read", Hint: hintSaveAs}
}
