package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestRecords holds records against the cells of rows that are decoded as they
// stand in the file and of such as have to be encoded.
func TestRecords(t *testing.T) {
	t.Parallel()
	const inline = `<worksheet><sheetData><row><c t="inlineStr"><is><t>ext</t></is></c><c t="inlineStr"><is><t>notes</t></is></c></row>` +
		`<row><c><v>101</v></c><c t="inlineStr"><is><t xml:space="preserve"> "a",&#13;&#10;b&#13;</t></is></c></row></sheetData></worksheet>`
	var workbook bytes.Buffer
	if err := zipParts(&workbook, workbookParts(inline, emptyTable)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, file string
		data       []byte
		rows       int
	}{
		{"as it stands", "a.csv", []byte("ext;notes;what\n101;\"a \"\"b\"\"; c\";x\n\n102;;\"two\r\nlines\"\n"), 2},
		{"short and long", "a.csv", []byte("ext,notes\n101\n102,\"a,b\",c\n103,x\n"), 3},
		{"loose marks", "a.csv", []byte("ext,notes\n101,a \"b\" c\n102, \"d,\"\"e\" \n103,x\n"), 3},
		{"one column", "a.csv", []byte("ext\n101\n\n\"\"\n \n102,x\n,x\n"), 3},
		{"workbook", "a.xlsx", workbook.Bytes(), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := checkRecords(t, save(t, c.file, c.data), Options{}); got != c.rows {
				t.Errorf("got %d rows, want %d", got, c.rows)
			}
		})
	}
}

// checkRecords decodes each row of a file's sheets and holds the record against
// the row's cells. It gives the number of rows.
func checkRecords(t *testing.T, path string, opts Options) (rows int) {
	t.Helper()
	book, err := Open(t.Context(), path, opts)
	if err != nil {
		return 0
	}
	defer book.Close() //nolint:errcheck // nothing is written
	for _, name := range book.Sheets() {
		r, err := book.Reader(name)
		if err != nil {
			return rows
		}
		for {
			line, err := r.Read()
			var ferr *FileError
			if errors.Is(err, io.EOF) || errors.As(err, &ferr) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			rows++
			rec, err := line.decoder.record(line)
			if err != nil {
				t.Fatalf("row %d: %v", line.Row, err)
			}
			for i, id := range line.layout.columns {
				// A csv.Reader takes both line ends for one.
				if want := strings.ReplaceAll(line.Text(i), "\r\n", "\n"); id != colNone && rec.field(id) != want && !line.blank() {
					t.Errorf("row %d: %s is %q, want %q", line.Row, registry[id].name, rec.field(id), want)
				}
			}
		}
	}
	return rows
}
