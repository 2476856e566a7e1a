package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"provision/executor/report/review"
	"provision/executor/report/table"
	"provision/executor/report/wording"
	"provision/plan"
)

// sheetReview is the first sheet of a plan's workbook.
const sheetReview = "Review"

// WritePlanXLSX writes the review as a workbook: a first sheet with what needs
// a yes and the counts, with links to the others, then a sheet for each kind of
// change (before and after side by side, the words that differ in bold), one
// for errors and warnings, and one for phones that are left alone. Every text
// is a typed string in text format, so that no cell is a formula. Links lead to
// places in the workbook only.
//
// A sheet of more than 16 MB lies in a file of mode 0600 in the folder tmpDir
// while it is written (empty: the system's).
func WritePlanXLSX(w io.Writer, r *review.Review, tmpDir string) (err error) {
	f := excelize.NewFile(excelize.Options{TmpDir: tmpDir})
	defer func() { err = errors.Join(err, f.Close()) }()
	book, err := newPlanBook(f)
	if err == nil {
		err = book.fill(r)
	}
	if err == nil {
		err = f.Write(w)
	}
	if err != nil {
		return fmt.Errorf("write plan as XLSX: %w", err)
	}
	return nil
}

// planBook is the workbook being written.
type planBook struct {
	workbook
	title int // the style of a line that stands for itself
	link  int // that of cells that lead to another sheet
}

func newPlanBook(f *excelize.File) (*planBook, error) {
	b := &planBook{workbook: workbook{file: f}}
	wrapped := &excelize.Alignment{WrapText: true, Vertical: "top"}
	// 49 is the number format "@": text.
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.text, excelize.Style{NumFmt: 49, Alignment: wrapped}},
		{&b.head, excelize.Style{NumFmt: 49, Font: boldFont(""), Alignment: wrapped}},
		{&b.title, excelize.Style{NumFmt: 49, Font: boldFont("")}},
		{&b.alarm, excelize.Style{NumFmt: 49, Font: boldFont("B00020")}},
		{&b.link, excelize.Style{NumFmt: 49, Font: &excelize.Font{Color: "0A4FA8", Underline: "single", Family: bookFont, Size: 11}}},
	} {
		id, err := f.NewStyle(&s.style)
		if err != nil {
			return nil, err
		}
		*s.id = id
	}
	// The library writes these in a form that some programs refuse.
	f.Pkg.Store("docProps/core.xml", []byte(coreProperties))
	return b, f.SetSheetName("Sheet1", sheetReview)
}

// bookFont is what the library writes plain cells in; a font without a name is
// whatever a program has.
const bookFont = "Calibri"

func boldFont(color string) *excelize.Font {
	return &excelize.Font{Bold: true, Color: color, Family: bookFont, Size: 11}
}

// planSheet is a sheet of the workbook and its rows.
type planSheet struct {
	name   string
	header []string
	widths []float64
	rows   [][]any
}

func (b *planBook) fill(r *review.Review) error {
	sheets := b.sheets(r)
	if err := b.first(r, sheets); err != nil {
		return fmt.Errorf("sheet %s: %w", sheetReview, err)
	}
	for _, s := range sheets {
		if _, err := b.file.NewSheet(s.name); err != nil {
			return err
		}
		if err := b.sheet(s); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	return nil
}

// sheets are all sheets but the first.
func (b *planBook) sheets(r *review.Review) []planSheet {
	var out []planSheet
	add := func(name string, header []string, widths []float64, rows [][]any) {
		if len(rows) > 0 {
			out = append(out, planSheet{name, header, widths, rows})
		}
	}
	problems := func(level string, list []review.Problem) [][]any {
		var rows [][]any
		for _, p := range list {
			rows = append(rows, b.texts(level, p.Full, p.Value, p.Message))
		}
		return rows
	}
	add("Problems", []string{"level", "cell", "value", "what is the matter"}, []float64{10, 30, 30, 90},
		append(problems("error", r.Errors), problems("warning", r.Warnings)...))
	for _, g := range r.ByKind() {
		var rows [][]any
		for _, c := range g.Changes {
			rows = append(rows, b.change(c))
		}
		add(sheetName(g.Kind.String()), []string{"ext", "person", "site", "what", "before", "after", "cell", "why", "status", "change", "after changes"},
			[]float64{10, 22, 16, 18, 40, 40, 10, 26, 14, 18, 18}, rows)
	}
	var people, alone, rest [][]any
	for _, p := range r.People {
		people = append(people, b.texts(p.Extension, p.Person, p.Site, kindNames(p.Kinds)))
	}
	add("People", []string{"ext", "person", "site", "what"}, []float64{10, 30, 24, 50}, people)
	for _, u := range r.Unmanaged {
		alone = append(alone, b.texts(u.Extension, u.Person, u.Device, u.Type, u.Name, u.Number))
	}
	add("Left alone", []string{"ext", "person", "device", "type", "name", "number"}, []float64{10, 30, 20, 14, 30, 18}, alone)
	for _, l := range slices.Concat(r.Left, r.Unchanged) {
		rest = append(rest, b.texts(l.Cell, l.Extension, l.Person, rowWords(l.Status), l.MatchedBy, l.Message))
	}
	add("No change", []string{"row", "ext", "person", "status", "matched by", "why"}, []float64{14, 10, 30, 16, 30, 60}, rest)
	return out
}

// kindNames names kinds of changes for people.
func kindNames(kinds []plan.Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, wording.KindName(k))
	}
	return strings.Join(names, ", ")
}

// sheetName makes a name that a workbook takes: it is one of ours, so only its
// length could be wrong.
func sheetName(t string) string { return t[:min(len(t), 31)] }

// change is the row of a change. Its values stand one below the other in the
// cells what, before and after.
func (b *planBook) change(c *review.Change) []any {
	var names []string
	var before, after []excelize.RichTextRun
	for i, f := range c.Fields {
		names = append(names, f.Name)
		was, is := f.Marked()
		end := "\n"
		if i == len(c.Fields)-1 {
			end = ""
		}
		before, after = b.runs(before, was, end), b.runs(after, is, end)
	}
	row := b.texts(c.Extension, c.Person, c.Site, strings.Join(names, "\n"))
	row = append(row, b.rich(before), b.rich(after))
	return append(row, b.texts(strings.Join(c.Cells, "\n"), c.Why, c.Status.Words(), c.ID, strings.Join(slices.Concat(c.Needs, c.After), "\n"))...)
}

func (b *planBook) runs(runs []excelize.RichTextRun, spans []review.Span, end string) []excelize.RichTextRun {
	for _, s := range spans {
		run := excelize.RichTextRun{Text: s.Text}
		if s.Changed {
			run.Font = boldFont("")
		}
		runs = append(runs, run)
	}
	if end != "" {
		runs = append(runs, excelize.RichTextRun{Text: end})
	}
	return runs
}

// rich is a cell of parts; a text that is too long, or all of one kind, is a
// plain one.
func (b *planBook) rich(runs []excelize.RichTextRun) any {
	var all strings.Builder
	plain := true
	for _, r := range runs {
		all.WriteString(r.Text)
		plain = plain && r.Font == nil
	}
	if plain || all.Len() > maxXLSXCell {
		return b.texts(all.String())[0]
	}
	return excelize.Cell{StyleID: b.text, Value: runs}
}

// maxXLSXCell is how many characters a cell of a workbook holds.
const maxXLSXCell = 32767

// texts makes typed strings; what is longer than a cell holds is cut and says so.
func (b *planBook) texts(texts ...string) []any {
	for i, t := range texts {
		if utf8.RuneCountInString(t) > maxXLSXCell {
			const mark = "… (cut)"
			texts[i] = string([]rune(t)[:maxXLSXCell-utf8.RuneCountInString(mark)]) + mark
		}
	}
	return b.cells(b.text, texts...)
}

// textsOf are the texts of a row's cells.
func textsOf(row []any) []string {
	out := make([]string, len(row))
	for i, cell := range row {
		c, _ := cell.(excelize.Cell)
		switch v := c.Value.(type) {
		case string:
			out[i] = v
		case []excelize.RichTextRun:
			for _, run := range v {
				out[i] += run.Text
			}
		}
	}
	return out
}

// paper prints a sheet across the page, as many pages long as it takes.
func (b *planBook) paper(sheet string) error {
	landscape, fit, wide, high := "landscape", true, 1, 0
	return errors.Join(
		b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}),
		b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}),
	)
}

// sheet writes a table: header frozen and repeated in print, filter on.
func (b *planBook) sheet(s planSheet) error {
	last, err := excelize.CoordinatesToCellName(len(s.header), len(s.rows)+1)
	if err != nil {
		return err
	}
	if err := b.file.AutoFilter(s.name, "A1:"+last, nil); err != nil {
		return err
	}
	if err := b.paper(s.name); err != nil {
		return err
	}
	sw, err := b.file.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, width := range s.widths {
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := sw.SetRow("A1", b.cells(b.head, s.header...)); err != nil {
		return err
	}
	for i, row := range s.rows {
		if err := sw.SetRow(fmt.Sprintf("A%d", i+2), row, table.RowHeight(s.widths, textsOf(row))); err != nil {
			return err
		}
	}
	return sw.Flush()
}
