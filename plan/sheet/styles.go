package sheet

import "strings"

type xmlStyles struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	CellFormats []struct {
		Format int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

// kinds tells for each style of the workbook what a number in it is shown as: a
// number, a date, or a number filled up with zeros.
func (x *xmlStyles) kinds() []byte {
	custom := make(map[int]string, len(x.Formats))
	for _, f := range x.Formats {
		custom[f.ID] = f.Code
	}
	kinds := make([]byte, len(x.CellFormats))
	for i, f := range x.CellFormats {
		kinds[i] = formatKind(f.Format, custom)
	}
	return kinds
}

func formatKind(id int, custom map[int]string) byte {
	code, ok := custom[id]
	switch {
	case !ok && isBuiltInDate(id), ok && isDateFormat(code):
		return pack(kindDate, 0)
	case ok && len(code) > 1 && len(code) <= 15 && strings.Trim(code, "0") == "":
		return pack(kindPadded, len(code))
	}
	return pack(kindNumber, 0)
}

// isBuiltInDate knows the number formats that the file format defines without
// spelling them out (ECMA-376 part 1, 18.8.30): 14 to 22 and 45 to 47 for all
// languages, 27 to 36 and 50 to 58 for East Asian ones.
func isBuiltInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// isDateFormat reports whether a format code shows a date or a time: it has one
// of their letters outside of quotes, escapes and brackets.
func isDateFormat(code string) bool {
	code, _, _ = strings.Cut(code, ";")
	inQuotes, inBrackets := false, false
	for i := 0; i < len(code); i++ {
		c := code[i] | 0x20
		switch {
		case code[i] == '"':
			inQuotes = !inQuotes
		case inQuotes:
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '[':
			inBrackets = true
		case code[i] == ']':
			inBrackets = false
		case inBrackets:
			// [h], [mm] and [ss] are elapsed time; [Red] and [$-409] are not.
			if (c == 'h' || c == 'm' || c == 's') && i > 0 && code[i-1] == '[' && (i+1 < len(code) && (code[i+1] == ']' || code[i+1]|0x20 == c)) {
				return true
			}
		case c == 'y' || c == 'm' || c == 'd' || c == 'h' || c == 's':
			return !strings.EqualFold(code, "standard")
		}
	}
	return false
}
