package sheet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"provision/plan"
)

// Annotated is what [Annotate] has marked.
type Annotated struct {
	List   string // name of the sheet that lists the problems
	Errors int
	Warns  int
}

// Annotate writes the operator's own workbook with what is wrong in it: the
// cells that d's problems name are colored and get a note, and a first sheet
// lists them with links. Everything else stays as it is: only the parts that
// hold the marks are changed, all others are copied byte for byte. The marks of
// an earlier check are taken off first. Of a CSV file a workbook is made.
//
// The path is the one that d was read from, alone. A workbook that was marked
// reads like the one it was made from: notes and colors say nothing to the
// reader, and the list has no header of ours.
func Annotate(ctx context.Context, w io.Writer, path string, opts Options, d *plan.Desired) (Annotated, error) {
	src, err := openSource(ctx, path, opts.withDefaults())
	if err != nil {
		return Annotated{}, err
	}
	defer src.close() //nolint:errcheck // nothing is written
	a, err := newAnnotator(ctx, src, d)
	if err != nil {
		return Annotated{}, fmt.Errorf("annotate %s: %w", path, err)
	}
	if err := a.run(ctx); err != nil {
		return Annotated{}, fmt.Errorf("annotate %s: %w", path, err)
	}
	if err := a.pkg.writeTo(w); err != nil {
		return Annotated{}, fmt.Errorf("annotate %s: %w", path, err)
	}
	return Annotated{List: a.list, Errors: len(d.Errors), Warns: len(d.Warnings)}, nil
}

// markSource is a file that gets marks, as a workbook.
type markSource struct {
	path  string
	r     io.ReaderAt
	size  int64
	opts  Options
	csv   *csvRows // of a CSV file; nil for a workbook
	sheet string   // of a CSV file: what it is called in the workbook
	close func() error
}

func openSource(ctx context.Context, path string, opts Options) (*markSource, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", path, err)
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, info.Size()), head); err == nil && isZip(head) {
		return &markSource{path: path, r: f, size: info.Size(), opts: opts, close: f.Close}, nil
	}
	defer f.Close() //nolint:errcheck // nothing is written
	if info.Size() > opts.Limits.FileBytes {
		return nil, tooLarge("is too large", "")
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	src, err := workbookOf(path, data, opts)
	return src, errors.Join(err, ctx.Err())
}

// editor opens the workbook for changes.
func (s *markSource) editor() (*packageEditor, error) {
	pkg, err := newPackageEditor(s.r, s.size, s.opts.Limits)
	if err == nil && s.csv != nil {
		err = pkg.addRows(map[string]*lateRows{s.sheet: s.csv.late()})
	}
	return pkg, err
}

// sheetName makes a name of a sheet out of any text.
func sheetName(text string) string {
	name := []rune(strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return '_'
		}
		return r
	}, clean(text)), "' "))
	if len(name) == 0 {
		return "Rows"
	}
	return string(name[:min(len(name), 31)])
}

// annotator carries one call of [Annotate].
type annotator struct {
	src    *markSource
	d      *plan.Desired
	pkg    *packageEditor
	styles *styleEditor
	list   string // name of the sheet that lists the problems
	old    *oldList
	byName map[string]*markedSheet // by name in lower case
	order  []*markedSheet
	lines  []listLine
}

// markedSheet is a sheet that gets marks, or loses some.
type markedSheet struct {
	name, part string
	first      int // column of a problem that concerns a whole row
	cells      map[[2]int]*markedCell
	before     map[string]string
}

// markedCell is what is wrong in one cell.
type markedCell struct {
	warning bool // and nothing worse
	texts   []string
}

func newAnnotator(ctx context.Context, src *markSource, d *plan.Desired) (*annotator, error) {
	pkg, err := src.editor()
	if err != nil {
		return nil, err
	}
	a := &annotator{src: src, d: d, pkg: pkg, byName: map[string]*markedSheet{}}
	if a.styles, err = newStyleEditor(pkg); err != nil {
		return nil, err
	}
	if a.old, err = readOldList(ctx, src, pkg.archive.sheets); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *annotator) run(ctx context.Context) error {
	for name := range a.old.was {
		a.sheet(name)
	}
	for _, p := range a.d.Errors {
		a.problem(p, false)
	}
	for _, p := range a.d.Warnings {
		a.problem(p, true)
	}
	slices.SortFunc(a.order, func(x, y *markedSheet) int { return cmp.Compare(x.name, y.name) })
	for _, s := range a.order {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.mark(s); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	if err := a.writeList(); err != nil {
		return err
	}
	return a.styles.finish()
}

// sheet finds a sheet of the workbook by its name; nil if there is none.
func (a *annotator) sheet(name string) *markedSheet {
	if a.src.csv != nil {
		name = a.src.sheet
	}
	key := strings.ToLower(name)
	if s := a.byName[key]; s != nil {
		return s
	}
	for _, p := range a.pkg.archive.sheets {
		if !strings.EqualFold(p.name, name) {
			continue
		}
		s := &markedSheet{name: p.name, part: a.pkg.name(p.part), first: 1, cells: map[[2]int]*markedCell{}}
		for _, info := range a.d.Sheets {
			if i := slices.IndexFunc(info.Header, func(h string) bool { return h != "" }); strings.EqualFold(info.Sheet, name) && i >= 0 {
				s.first = i + 1
			}
		}
		a.byName[key] = s
		a.order = append(a.order, s)
		return s
	}
	return nil
}

// problem puts a problem to its cell and into the list.
func (a *annotator) problem(p plan.Problem, warning bool) {
	line := listLine{warning: warning, value: p.Value, message: p.Message, where: p.Cell}
	if s := a.sheet(p.Cell.Sheet()); s != nil && p.Cell.Row() > 0 {
		row := p.Cell.Row()
		if a.src.csv != nil {
			row = a.src.csv.row(row)
		}
		col := cmp.Or(p.Cell.Column(), s.first)
		if row > 0 && col <= lastColumn {
			line.sheet, line.row, line.col = s, row, col
			at := [2]int{row, col}
			c := s.cells[at]
			if c == nil {
				c = &markedCell{warning: true}
				s.cells[at] = c
			}
			kind := "Please look: "
			if !warning {
				c.warning, kind = false, "Please mend: "
			}
			c.texts = append(c.texts, kind+clean(p.Message))
		}
	}
	a.lines = append(a.lines, line)
}

// mark puts the marks of a sheet into its parts.
func (a *annotator) mark(s *markedSheet) error {
	src, err := a.pkg.part(s.part)
	if err != nil {
		return err
	}
	cells := &cellsEditor{src: src, styles: a.styles, unmark: true, was: a.old.was[s.name]}
	var edits []cellEdit
	notes := &notesEditor{pkg: a.pkg, sheet: s.part}
	for at, c := range s.cells {
		color := errorColor
		if c.warning {
			color = warningColor
		}
		edits = append(edits, cellEdit{row: at[0], col: at[1], fill: color})
		notes.notes = append(notes.notes, cellNote{row: at[0], col: at[1], text: strings.Join(c.texts, "\n")})
	}
	slices.SortFunc(notes.notes, func(x, y cellNote) int { return cmp.Or(x.row-y.row, x.col-y.col) })
	if cells.drawing, err = notes.run(); err != nil {
		return err
	}
	part := a.pkg.change(s.part)
	if part.rows == nil {
		cells.edits = edits
	}
	part.text = src
	if part.edits, err = cells.run(); err != nil {
		return err
	}
	s.before = cells.before
	if part.rows != nil {
		s.before = part.rows.mark(a.styles, edits)
	}
	return nil
}
