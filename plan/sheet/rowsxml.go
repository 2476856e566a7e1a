package sheet

import (
	"bytes"
	"fmt"
	"strconv"
)

// rowsXML are rows of texts as a sheet's part holds them. The library would put
// those of a long sheet into a file in the folder for temporary files.
type rowsXML struct {
	style int
	text  []byte
}

// add writes a row. An empty text is no cell.
func (x *rowsXML) add(row int, cells []string) {
	x.text = append(x.text, `<row r="`...)
	x.text = append(strconv.AppendInt(x.text, int64(row), 10), `">`...)
	for i, v := range cells {
		if v == "" {
			continue
		}
		x.text = append(append(x.text, `<c r="`...), cellName(i+1, row)...)
		x.text = append(strconv.AppendInt(append(x.text, `" s="`...), int64(x.style), 10), `" t="inlineStr"><is><t xml:space="preserve">`...)
		if v = cut(v, maxCellText); isPlain(v) && !bytes.ContainsAny([]byte(v), "_<>&'\"") {
			x.text = append(x.text, v...)
		} else {
			x.text = append(x.text, escapeCell(v)...)
		}
		x.text = append(x.text, `</t></is></c>`...)
	}
	x.text = append(x.text, `</row>`...)
}

// cellRoom is about what a cell takes beside its text, in bytes.
const cellRoom = 76

// maxRoom bounds the room that is made before the rows are known, in bytes.
const maxRoom = 128 << 20

// room makes room for the rows of a CSV text, as delimiters and lines tell.
func (x *rowsXML) room(text []byte, delimiter rune) {
	cells := bytes.Count(text, []byte(string(delimiter))) + bytes.Count(text, []byte("\n"))
	x.text = make([]byte, 0, min(len(text)+cells*cellRoom, maxRoom))
}

// addRows puts rows behind those that the sheets of a workbook have. They are
// forgotten where they were.
func (p *packageEditor) addRows(rest map[string]*rowsXML) error {
	for _, s := range p.archive.sheets {
		rows := rest[s.name]
		if rows == nil {
			continue
		}
		part := p.name(s.part)
		src, err := p.part(part)
		if err != nil {
			return err
		}
		at := -1
		if err := walk(src, nil, func(path []*element) {
			if isPath(path, "sheetData") && !path[1].selfClosed {
				at = path[1].out
			}
		}); err != nil {
			return err
		}
		if at < 0 {
			return fmt.Errorf("sheet %s has no place for rows", s.name)
		}
		head, tail := src[:at], src[at:]
		text := rows.text
		if cap(text)-len(text) >= len(src) {
			// In the room that is there: the rows may be many.
			text = text[:len(text)+len(src)]
			copy(text[len(head):], rows.text)
			copy(text, head)
			copy(text[len(head)+len(rows.text):], tail)
		} else {
			text = bytes.Join([][]byte{head, rows.text, tail}, nil)
		}
		delete(rest, s.name)
		p.set(part, text)
	}
	return nil
}
