package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"provision/plan"
)

// WriteJSON writes the report as a JSON array with one object a line for each
// input row, in sheet order, and then one for each of [Report.Others]. An object has the user's columns under their
// headers and then ours; all values are texts but changes (a list) and attempts
// (a number). What the journal does not know is an empty text.
func (r *Report) WriteJSON(w io.Writer) error {
	out := bufio.NewWriter(w)
	keys := make([][][]byte, len(r.sheets))
	for i, s := range r.sheets {
		for _, k := range objectKeys(s.Header) {
			keys[i] = append(keys[i], encodeJSON(k))
		}
	}
	var buf bytes.Buffer
	for i, l := range r.all() {
		buf.Reset()
		if i == 0 {
			buf.WriteString("[\n")
		} else {
			buf.WriteString(",\n")
		}
		var own [][]byte
		if s := l.Sheet; s >= 0 && s < len(keys) {
			own = keys[s]
		}
		appendObject(&buf, l, own)
		if _, err := out.Write(buf.Bytes()); err != nil {
			return fmt.Errorf("write report as JSON: %w", err)
		}
	}
	end := "\n]\n"
	if r.entries() == 0 {
		end = "[]\n"
	}
	if _, err := out.WriteString(end); err != nil {
		return fmt.Errorf("write report as JSON: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write report as JSON: %w", err)
	}
	return nil
}

// appendObject writes one line: the sheet's columns, then ours.
func appendObject(buf *bytes.Buffer, l *Line, keys [][]byte) {
	buf.WriteByte('{')
	for i, key := range keys {
		value := ""
		if i < len(l.Raw) {
			value = l.Raw[i]
		}
		buf.Write(key)
		buf.WriteByte(':')
		buf.Write(encodeJSON(value))
		buf.WriteByte(',')
	}
	cells := l.cells()
	for i, name := range Columns() {
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.WriteString(`"` + name + `":`)
		switch name {
		case "changes":
			list := l.Changes
			if list == nil {
				list = []LineChange{}
			}
			buf.Write(encodeJSON(list))
		case "attempts":
			buf.Write(encodeJSON(l.Attempts))
		default:
			buf.Write(encodeJSON(cells[i]))
		}
	}
	buf.WriteByte('}')
}

// objectKeys makes the keys of one sheet's columns unique: a column of one of
// our names is "name (sheet)", one without a header "(column C)", and a further
// one of the same name gets its column's letters.
func objectKeys(header []string) []string {
	keys := make([]string, 0, len(header))
	for i, key := range header {
		letters := " (column " + plan.ColumnName(i+1) + ")"
		if key == "" {
			key = letters[1:]
		}
		if slices.Contains(Columns(), key) {
			key += " (sheet)"
		}
		for slices.Contains(keys, key) {
			key += letters
		}
		keys = append(keys, key)
	}
	return keys
}

// encodeJSON encodes what cannot fail to be encoded, and leaves <, > and & as
// they are.
func encodeJSON(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}
