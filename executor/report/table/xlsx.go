package table

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook (ECMA-376; a sheet's name has at most 31 characters).
const (
	maxCell = 32767
	maxName = 31
)

// cut says of a cell that it was longer than a workbook can hold.
const cut = "… (cut)"

const coreProperties = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
	`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>provision</dc:creator><cp:lastModifiedBy>provision</cp:lastModifiedBy></cp:coreProperties>`

// WriteXLSX writes the table as a workbook: a sheet for each part, header
// frozen and repeated on each printed page, filter on, and a last sheet with
// title and notes. Every cell is a typed string in text format.
//
// A sheet of more than 16 MB lies in a file of mode 0600 in the folder tmpDir
// while it is written (empty: the system's).
func (t *Table) WriteXLSX(w io.Writer, tmpDir string) (err error) {
	f := excelize.NewFile(excelize.Options{TmpDir: tmpDir})
	defer func() { err = errors.Join(err, f.Close()) }()
	// The library writes these in a form that some programs refuse.
	f.Pkg.Store("docProps/core.xml", []byte(coreProperties))
	b := &book{file: f, names: map[string]bool{}, exact: t.Exact}
	if err := b.fill(t); err != nil {
		return fmt.Errorf("write %s as XLSX: %w", t.Title, err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write %s as XLSX: %w", t.Title, err)
	}
	return nil
}

// AddSheet adds a table to a workbook that is being made, as one sheet of the
// table's title with the rows of all parts.
func AddSheet(f *excelize.File, t *Table) error {
	b := &book{file: f, names: map[string]bool{}, first: true}
	for _, name := range f.GetSheetList() {
		b.names[strings.ToLower(name)] = true
	}
	p := Part{Name: t.Title}
	for i := range t.Parts {
		p.Rows = append(p.Rows, t.Parts[i].Rows...)
	}
	err := b.styles()
	if err == nil {
		err = b.part(t.Header, p)
	}
	if err != nil {
		return fmt.Errorf("sheet %q: %w", t.Title, err)
	}
	return nil
}

// book is the workbook being written.
type book struct {
	file       *excelize.File
	text, head int
	names      map[string]bool // sheets' names in lower case
	exact      bool            // cells are not cleaned
	first      bool            // the file's own first sheet has got its name
}

// styles makes the styles of cells.
func (b *book) styles() error {
	border := []excelize.Border{{Type: "bottom", Color: "C0C0C0", Style: 1}}
	// 49 is the number format "@": text.
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.text, excelize.Style{NumFmt: 49, Border: border, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&b.head, excelize.Style{NumFmt: 49, Border: border, Font: &excelize.Font{Bold: true, Family: "Calibri", Size: 11}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
	} {
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

func (b *book) fill(t *Table) error {
	if err := b.styles(); err != nil {
		return err
	}
	parts := t.Parts
	if len(parts) == 0 {
		parts = []Part{{Name: "none"}}
	}
	for _, p := range parts {
		if err := b.part(t.Header, p); err != nil {
			return fmt.Errorf("sheet %q: %w", p.Name, err)
		}
	}
	about := Part{Name: "About", Rows: [][]string{{t.Title}}}
	for _, n := range t.Notes {
		about.Rows = append(about.Rows, []string{n})
	}
	return b.about(about)
}

// sheet makes a sheet of a name that fits and is not taken.
func (b *book) sheet(name string) (string, error) {
	name = sheetName(name)
	for n := 2; b.names[strings.ToLower(name)]; n++ {
		tail := " (" + strconv.Itoa(n) + ")"
		name = shorten(strings.TrimSuffix(name, " ("+strconv.Itoa(n-1)+")"), maxName-len(tail)) + tail
	}
	b.names[strings.ToLower(name)] = true
	if !b.first {
		b.first = true
		return name, b.file.SetSheetName("Sheet1", name)
	}
	_, err := b.file.NewSheet(name)
	return name, err
}

// sheetName makes a text one that a sheet can have: no []:*?/\ and no outer
// apostrophes. "History" is a name that spreadsheet programs keep for themselves.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return '_'
		}
		return r
	}, Clean(name))
	name = strings.Trim(shorten(strings.TrimSpace(name), maxName), "' ")
	switch {
	case name == "":
		return "none"
	case strings.EqualFold(name, "history"):
		return name + "_"
	}
	return name
}

// shorten cuts a text to n UTF-16 units, which is what a sheet's name is
// counted in.
func shorten(t string, n int) string {
	for i, r := range t {
		n--
		if r > 0xffff {
			n--
		}
		if n < 0 {
			return t[:i]
		}
	}
	return t
}

func (b *book) part(header []string, p Part) error {
	name, err := b.sheet(p.Name)
	if err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(max(1, len(header)), len(p.Rows)+1)
	if err != nil {
		return err
	}
	if err := errors.Join(b.file.AutoFilter(name, "A1:"+last, nil), b.layout(name)); err != nil {
		return err
	}
	sw, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	wide := widths(header, p.Rows)
	for i, width := range wide {
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := sw.SetRow("A1", b.cells(b.head, header)); err != nil {
		return err
	}
	for i, row := range p.Rows {
		if err := sw.SetRow("A"+strconv.Itoa(i+2), b.cells(b.text, row), RowHeight(wide, row)); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// layout sets a sheet up for print: landscape, as wide as the page, header on
// every page.
func (b *book) layout(name string) error {
	landscape, wide, high, fit := "landscape", 1, 0, true
	return errors.Join(
		b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}),
		b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}),
		b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L&A&RPage &P of &N"}),
		b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: quoteName(name) + "!$1:$1", Scope: name}),
	)
}

func quoteName(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// about writes the sheet with title and notes.
func (b *book) about(p Part) error {
	name, err := b.sheet(p.Name)
	if err != nil {
		return err
	}
	sw, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := sw.SetColWidth(1, 1, 100); err != nil {
		return err
	}
	for i, row := range p.Rows {
		style := b.text
		if i == 0 {
			style = b.head
		}
		if err := sw.SetRow("A"+strconv.Itoa(i+1), b.cells(style, row)); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// widths fits columns to their texts, within reason; long ones wrap.
func widths(header []string, rows [][]string) []float64 {
	const least, most = 8, 48
	w := make([]float64, len(header))
	for i, h := range header {
		longest := utf8.RuneCountInString(h) + 3 // the filter's arrow
		for _, row := range rows {
			if i < len(row) {
				longest = max(longest, min(most, utf8.RuneCountInString(row[i])))
			}
		}
		w[i] = float64(max(least, min(most, longest+1)))
	}
	return w
}

func (b *book) cells(style int, texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		if !b.exact {
			t = Clean(t)
		}
		out[i] = excelize.Cell{StyleID: style, Value: fit(t)}
	}
	return out
}

// fit cuts a text that is too long for a cell.
func fit(t string) string {
	if utf8.RuneCountInString(t) <= maxCell/2 { // even if all of them count twice
		return t
	}
	return shorten(t, maxCell-utf8.RuneCountInString(cut)) + cut
}
