package sheet

import "strings"

// sylkFields are the fields that a record of a SYLK file may have, by the
// record's name (Microsoft, SYLK file format; what programs write goes a little
// beyond it). A record is its name and fields, each a letter and a value, parted
// by semicolons.
var sylkFields = map[string]string{
	"B": "YXD", "C": "XYRCKEPNSDHAGT", "F": "XYRCPNFDSWMKEHGZ", "P": "PFESLMN", "O": "ADEGHIKLMPRVCT", "W": "NASRBO",
	"NN": "NEKGF", "NE": "EFS", "NU": "LF", "NL": "CF",
}

// isSYLK reports whether a file that begins with these bytes is SYLK, whatever
// program it names. A table whose first column is ID begins as SYLK does, and
// its next row may look like a record; so every whole line that is there counts,
// up to the first twenty, there are two at least, and one tells a place in the
// sheet or is the file's end.
func isSYLK(head []byte) bool {
	const most, least = 20, 2 // records
	lines := strings.Split(strings.ReplaceAll(string(head), "\r\n", "\n"), "\n")
	if !strings.HasPrefix(lines[0], "ID;P") || len(lines) < 2 {
		return false
	}
	lines = lines[1 : len(lines)-1] // what has no end yet may be cut
	seen, placed := 0, false
	for _, line := range lines[:min(len(lines), most)] {
		name, rest, more := strings.Cut(line, ";")
		switch {
		case name == "E" && !more:
			return seen > 0
		case !more || !isSYLKRecord(name, rest):
			return false
		case strings.Contains(";"+rest, ";X") || strings.Contains(";"+rest, ";Y"):
			placed = true
		}
		seen++
	}
	return seen >= least && placed
}

// isSYLKRecord judges what stands behind a record's name. A semicolon within a
// value is written twice; what stands in quotation marks may hold anything.
func isSYLKRecord(name, rest string) bool {
	letters, known := sylkFields[name]
	if !known {
		return false
	}
	for _, field := range strings.Split(strings.ReplaceAll(rest, ";;", ""), ";") {
		if field == "" || !strings.Contains(letters, field[:1]) {
			return false
		}
		switch field[0] {
		case 'X', 'Y':
			if !isDigits(field[1:]) {
				return false
			}
		case 'K': // a text, number or error
			return true
		}
	}
	return true
}
