package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"provision/plan"
)

// listName is the name of the sheet that lists the problems.
const listName = "provision problems"

// listTitle begins the list's first cell, by which it is known again.
const listTitle = "provision has checked this workbook"

// The columns of the list. The last three are hidden: they tell the next check
// what to take back. Each begins with a word, so that no row can look like a
// header of ours, whatever the sheet and its columns are called.
var listHeader = []string{"Where", "Kind", "What stands there", "What to do", "the sheet", "the cell", "the fill before"}

const (
	listSheet = "sheet: "
	listCell  = "cell: "
	listFill  = "fill: "
)

// listLine is one line of the list.
type listLine struct {
	where    plan.Cell
	sheet    *markedSheet // nil: no cell
	row, col int
	warning  bool
	value    string
	message  string
}

// oldList is what an earlier check has left.
type oldList struct {
	name string // of its sheet; empty: none
	part string
	was  map[string]map[string]string // by sheet and cell: the fill before
}

// readOldList finds and reads the list of an earlier check, which a
// spreadsheet program may have saved anew since.
func readOldList(ctx context.Context, src *markSource, sheets []sheetPart) (*oldList, error) {
	old := &oldList{was: map[string]map[string]string{}}
	found := false
	for _, s := range sheets {
		found = found || strings.HasPrefix(s.name, listName)
	}
	if !found || src.csv != nil {
		return old, nil
	}
	ours := func(s sheetPart) bool { return strings.HasPrefix(s.name, listName) }
	w, err := openWorkbook(ctx, src.path, src.opts, ours)
	if err == nil {
		for i := range w.archive.sheets {
			if s := &w.archive.sheets[i]; err == nil && ours(*s) {
				err = old.read(w, s)
			}
		}
	}
	if err := errors.Join(err, w.close()); err != nil {
		return nil, fmt.Errorf("read the list of an earlier check: %w", err)
	}
	return old, nil
}

// read takes a sheet that is called like a list, if it is one.
func (o *oldList) read(w *workbook, s *sheetPart) (err error) {
	src, err := w.source(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.close()) }()
	for {
		row, err := src.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if row.line == 1 {
			if len(row.cells) == 0 || !strings.HasPrefix(row.cells[0], listTitle) {
				return nil
			}
			o.name, o.part = s.name, s.part
			continue
		}
		o.take(row.cells)
	}
}

// take learns from a row what one mark has covered.
func (o *oldList) take(r []string) {
	if len(r) < len(listHeader)-1 {
		return
	}
	sheet, ok1 := strings.CutPrefix(r[4], listSheet)
	cell, ok2 := strings.CutPrefix(r[5], listCell)
	if !ok1 || !ok2 {
		return
	}
	if o.was[sheet] == nil {
		o.was[sheet] = map[string]string{}
	}
	fill := ""
	if len(r) > 6 {
		fill = strings.TrimPrefix(r[6], listFill)
	}
	o.was[sheet][cell] = fill
}

// writeList writes the list: into the part of an earlier one, or as a new first
// sheet.
func (a *annotator) writeList() error {
	a.list = a.old.name
	if a.list != "" {
		// Its notes and links to elsewhere, if somebody made some, go with it.
		a.pkg.set(a.pkg.name(a.old.part), a.listXML())
		return nil
	}
	taken := map[string]bool{}
	for _, s := range a.pkg.archive.sheets {
		taken[strings.ToLower(s.name)] = true
	}
	a.list = listName
	for n := 2; taken[a.list]; n++ {
		a.list = listName + " " + strconv.Itoa(n)
	}
	part := a.pkg.fresh("xl/worksheets/sheet%d.xml")
	a.pkg.set(part, a.listXML())
	a.pkg.declare(part, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")
	id, err := a.pkg.relate(a.pkg.book, relWorksheet, part)
	if err != nil {
		return err
	}
	return a.pkg.addFirstSheet(a.list, id)
}

// name is how people call the line's cell: with the column's header.
func (l *listLine) name(csv bool) string {
	if l.sheet == nil {
		return l.where.String()
	}
	name := cellName(l.col, l.row)
	if !csv {
		name = l.sheet.name + "!" + name
	}
	if h := l.where.Header(); h != "" {
		name += " (" + h + ")"
	}
	return name
}
