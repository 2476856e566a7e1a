package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"provision/plan"
	"provision/templates"
)

// A template's second sheet shows one row for each action under our header, as
// it would be filled in. Who fills in the first sheet leaves it in the
// workbook, and its rows are nobody's goals. So it is told from a sheet of rows
// by its cells, all of them: only what is to the letter the examples of a
// template is left out, and never without a note.

// examplesName is the defined name that points at a template's examples; it
// tells that a sheet was made of them, also where somebody has changed it.
const examplesName = "provision_examples"

// exampleSums are the checksums of the examples of all templates so far; the
// last one is of today's. None is ever taken out: templates live long.
var exampleSums = []string{
	"a0ed6765afd56cd676191db0f144115babd6c65e8a8e4ba23bcf314d787d4867",
}

// maxExampleRows bounds what is read to tell examples, in rows.
const maxExampleRows = 64

// exampleTable is the sheet of examples: what a row shows, then our columns.
func exampleTable(columns []templates.Column, names []string) [][]string {
	table := make([][]string, len(names)+1)
	table[0] = []string{"Example"}
	for i, name := range names {
		table[i+1] = []string{name}
	}
	for _, c := range columns {
		table[0] = append(table[0], c.Name)
		for i, text := range c.Examples {
			table[i+1] = append(table[i+1], text)
		}
	}
	return table
}

// sumOfRows is the checksum of a sheet's texts, without empty cells and rows
// at the ends.
func sumOfRows(rows [][]string) string {
	h := sha256.New()
	gap := 0
	for _, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		if len(row) == 0 {
			gap++
			continue
		}
		_, _ = fmt.Fprintf(h, "%d %q\n", gap, row) // a hash takes all
		gap = 0
	}
	return hex.EncodeToString(h.Sum(nil))
}

// examples adds the sheet of examples to a template.
func (b *builder) examples(columns []templates.Column, names []string) {
	const widthOfNames = 26 // characters
	table := exampleTable(columns, names)
	b.page(templateExamples, table[0], table[1:])
	for i, c := range columns {
		b.note(templateExamples, i+2, noteOf(c))
	}
	b.do(func() error { return b.file.SetColWidth(templateExamples, "A", "A", widthOfNames) })
	b.do(func() error {
		return b.file.SetDefinedName(&excelize.DefinedName{Name: examplesName, RefersTo: fmt.Sprintf("%s!$A$1:$%s$%d", templateExamples, plan.ColumnName(len(table[0])), len(table))})
	})
}

// isExamples reports whether a sheet is the examples of a template, unchanged.
// A sheet that was one and has been changed since is an error: rows that
// somebody wrote there would be lost, or examples carried out.
func (b *Book) isExamples(s *sheetPart) (bool, error) {
	same := false
	if len(s.scan.rows) <= maxExampleRows {
		rows, err := b.textsOf(s)
		if err != nil {
			return false, err
		}
		same = slices.Contains(exampleSums, sumOfRows(rows))
	}
	if made := b.xlsx.archive.examples; same || made == "" || !strings.EqualFold(made, s.name) {
		return same, nil
	}
	return false, &FileError{Sheet: s.name, Reason: ReasonManySheets, Detail: "the sheet is the template's examples, but something in it was changed",
		Hint: "move rows of your own to the sheet to be filled in, then delete this one; or say which sheets to read with --sheet"}
}

// textsOf reads a short sheet as it is.
func (b *Book) textsOf(s *sheetPart) (rows [][]string, err error) {
	src, err := b.xlsx.source(s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, src.close()) }()
	for {
		row, err := src.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, slices.Clone(row.cells))
	}
}

// sheetOfName is the sheet that a defined name points at; the empty text for
// one that points elsewhere.
func sheetOfName(refersTo string) string {
	name, _, found := strings.Cut(refersTo, "!")
	if !found {
		return ""
	}
	if unquoted, ok := strings.CutPrefix(name, "'"); ok {
		name = strings.ReplaceAll(strings.TrimSuffix(unquoted, "'"), "''", "'")
	}
	return strings.TrimPrefix(name, "$")
}
