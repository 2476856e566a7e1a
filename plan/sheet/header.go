package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"provision/plan"
)

// rawRow is a row of a sheet before anything is known of its columns. The
// slices are valid until the next row is asked for.
type rawRow struct {
	line   int
	cells  []string
	kinds  []byte // of a workbook's cells; shorter than cells where the rest is empty
	hidden bool
}

func (r *rawRow) empty() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// named are the cells of a header up to the last that has a text.
func (r *rawRow) named() []string {
	cells := r.cells
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// rowSource gives a sheet's rows from the top; io.EOF at the end.
type rowSource interface {
	next() (*rawRow, error)
}

// layout is a sheet's header and what it means.
type layout struct {
	info     plan.SheetInfo
	whole    plan.Cell   // names the sheet
	heads    []plan.Cell // the header's cells, by position
	line     int         // of the header
	columns  []columnID  // by position
	at       [columnCount]int
	unknown  bool           // some column is none of ours
	unnamed  bool           // some column has no header
	twofold  bool           // what a column means is in doubt: no row can be trusted
	foreign  *foreignLayout // nil if the header is of no layout that is known
	noted    map[int]bool   // unnamed columns that were reported
	surplus  []int          // columns of values for which a CSV file has no column
	errors   []plan.Problem
	warnings []plan.Problem
	used     map[string]bool // folded headers that the operator's mapping named
}

// headerNames are the rules by which a header is read.
type headerNames struct {
	index   headerIndex
	mapping mapping
	limits  Limits
}

// column finds the column that a header cell names.
func (n *headerNames) column(cell string) (columnID, bool) {
	folded := foldHeader(cell)
	if id, ok := n.mapping.columns[folded]; ok {
		return id, true
	}
	return n.index.find(cell)
}

// known counts the columns of ours that a row names, and its non-empty cells.
// mapped tells that the operator's mapping names one of them.
func (n *headerNames) known(cells []string) (known, filled int, mapped bool) {
	var seen [columnCount]bool
	for _, c := range cells {
		if strings.TrimSpace(c) == "" {
			continue
		}
		filled++
		if id, ok := n.column(c); ok && id != colNone && !seen[id] {
			seen[id] = true
			known++
			_, ours := n.mapping.columns[foldHeader(c)]
			mapped = mapped || ours
		}
	}
	return known, filled, mapped
}

// surplusColumn is the header, in the workbook that is made of a CSV file, of
// what some row has more than the header has columns.
const surplusColumn = "provision: more values than columns"

// checkSurplus puts a row in error that has values for which the file had no
// column: what stands in the others may belong elsewhere.
func (l *layout) checkSurplus(line *Line) {
	for _, i := range l.surplus {
		if text := strings.TrimSpace(line.cells[i]); text != "" {
			line.Problems = append(line.Problems, plan.Problem{Cell: line.Cell(i), Value: line.cells[i], Code: "extra_value",
				Message: "the row had more values than columns, so they may stand in the wrong ones; put each into its column, and empty this cell"})
			return
		}
	}
}

// errNoHeader says that the rows that were looked at hold no header.
var errNoHeader = errors.New("no header found")

// findHeader reads rows up to the header: the first of the top rows that names
// two columns of ours, or one by the operator's mapping, or whose only cell is
// one that tells whose or which phone a row is about: Notes may be a title.
// loose takes misspelled names for the ones they are near to; it is for
// sheets in which there is no header otherwise. The row is valid until the
// source's next one; score is higher the better the row is as a header.
func (n *headerNames) findHeader(src rowSource, loose bool) (header *rawRow, score int, err error) {
	seen := 0
	var nearest *noHeaderError
	var below belowEachOther
	for seen < headerSearch {
		row, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		if row.empty() {
			continue
		}
		if len(row.cells) > n.limits.Columns && !(&rawRow{cells: row.cells[n.limits.Columns:]}).empty() {
			return nil, 0, tooManyColumns(n.limits)
		}
		seen++
		known, filled, mapped := n.known(row.cells)
		if known >= 2 || known == 1 && (filled == 1 && n.tellsPhone(row.cells) || mapped) {
			return row, 2 * known, nil
		}
		if known == 1 && nearest == nil {
			nearest = n.nearHeader(row)
		}
		below.look(n, row)
		if loose && filled >= 2 {
			if near := n.nearby(row.cells); known+near >= 2 {
				return row, 2*known + near, nil
			}
		}
	}
	if seen == 0 {
		return nil, 0, io.EOF
	}
	if nearest != nil {
		nearest.below = below.names()
		return nil, 0, nearest
	}
	return nil, 0, errNoHeader
}

// standAlone are the columns that can be the only one of a sheet.
var standAlone = []columnID{colExtension, colEmail, colDeviceID, colPhoneNumber, colPhoneNumberID, colSerial, colDeviceName}

// tellsPhone reports whether one of the cells names a column that can stand
// alone.
func (n *headerNames) tellsPhone(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool {
		id, ok := n.column(c)
		return ok && slices.Contains(standAlone, id)
	})
}

// nearHeader describes a row of which one cell names a column.
func (n *headerNames) nearHeader(row *rawRow) *noHeaderError {
	for _, c := range row.cells {
		if id, ok := n.column(c); ok && id != colNone {
			return &noHeaderError{line: row.line, header: strings.Clone(clean(c)), means: registry[id].name}
		}
	}
	return nil
}

// nearby counts the cells that are near the name of a column.
func (n *headerNames) nearby(cells []string) int {
	near := 0
	for _, c := range cells {
		if _, ok := n.column(c); !ok && n.index.near(c) != colNone {
			near++
		}
	}
	return near
}

// newLayout reads a header. info tells the file and sheet.
func (n *headerNames) newLayout(info plan.SheetInfo, row *rawRow) *layout {
	cells := row.named()
	l := &layout{info: info, whole: info.Cell(), line: row.line, used: map[string]bool{}, noted: map[int]bool{}}
	for i := range l.at {
		l.at[i] = -1
	}
	for i, c := range cells {
		text, _ := cleanText(c)
		l.info.Header = append(l.info.Header, strings.Clone(text))
		l.heads = append(l.heads, l.whole.OnRow(row.line).In(i+1, l.info.Header[i]))
	}
	l.columns = make([]columnID, len(cells))
	for i := range l.columns {
		l.columns[i] = colNone
	}
	l.foreign = layoutOf(l.info.Header)
	if l.foreign != nil {
		l.info.Layout = l.foreign.name
	}
	n.assign(l)
	l.info.Mapping = make([]string, len(l.columns))
	for i, id := range l.columns {
		if id == colNone {
			l.unknown = true
			l.unnamed = l.unnamed || l.info.Header[i] == ""
			if l.info.Header[i] == surplusColumn {
				l.surplus = append(l.surplus, i)
			}
			continue
		}
		l.info.Mapping[i] = registry[id].name
	}
	return l
}

// assign finds the columns of the headers. A header that the operator mapped
// takes its column before one that only bears the name, and what a foreign
// layout says comes between the two.
func (n *headerNames) assign(l *layout) {
	done := make([]bool, len(l.columns))
	for i, header := range l.info.Header {
		folded := foldHeader(header)
		if id, ok := n.mapping.columns[folded]; ok {
			l.used[folded] = true
			done[i] = true
			l.take(i, id)
		}
	}
	for i, header := range l.info.Header {
		if l.foreign == nil || done[i] {
			continue
		}
		if id, ok := l.foreign.column(foldHeader(header)); ok {
			done[i] = true
			l.take(i, id)
		}
	}
	for i, header := range l.info.Header {
		if !done[i] {
			done[i] = n.place(l, i, header)
		}
	}
	for i, header := range l.info.Header {
		if !done[i] {
			n.unplaced(l, i, header)
		}
	}
}

// place gives the i-th header the column that it names, if it names one.
func (n *headerNames) place(l *layout, i int, header string) bool {
	id, ok := n.index.find(header)
	if !ok {
		return foldHeader(header) == ""
	}
	if at := l.at[id]; at >= 0 && l.used[foldHeader(l.info.Header[at])] {
		l.warn(i, "unknown_column", fmt.Sprintf("column %q is left out, because --map gives %s another one", header, registry[id].name))
		return true
	}
	l.take(i, id)
	return true
}

// unplaced says what is odd about a header that is none of ours.
func (n *headerNames) unplaced(l *layout, i int, header string) {
	if header == surplusColumn { // there can be several
		return
	}
	folded := foldHeader(header)
	for j := range i {
		if foldHeader(l.info.Header[j]) == folded && l.foreign == nil {
			l.warn(i, "duplicate_column", fmt.Sprintf("column %q is none of ours and stands twice, also at %s; both are kept for the report", header, l.headerCell(j)))
			return
		}
	}
	near := n.index.near(header)
	switch meant := needsMap[folded]; {
	case l.isHouseNumber(i):
		l.twofold = true
		l.fail(i, "house_number_apart", fmt.Sprintf(`column %q seems to hold the house numbers, and street is street and number in one: put both into %q, or say --map "%s=-" if they stand there already`, header, l.info.Header[l.at[colStreet]], header))
	case meant == noneOfOurs:
		l.warn(i, "ambiguous_column", fmt.Sprintf(`column %q is kept for the report only: by itself it means no column of ours; if it does here, say which with --map "%s=…", or silence this with --map "%s=-"`, header, header, header))
	case meant != "":
		l.warn(i, "ambiguous_column", fmt.Sprintf(`column %q is kept for the report only: it could mean %s; say which with --map "%s=…", or silence this with --map "%s=-"`, header, meant, header, header))
	case folded == foldHeader(plan.ReasonColumn): // of a part of an earlier run's report
	case l.foreign != nil && near == colNone: // known, and of no use to us
	case near != colNone && l.at[near] < 0 && near != colNotes && near != colRowID:
		name := registry[near].name
		l.twofold = true
		l.fail(i, "misspelled_column", fmt.Sprintf(`column %q is none of ours; did you mean %q? Rename it, or say --map "%s=%s"; if it is something else, say --map "%s=-"`, header, name, header, name, header))
	case near != colNone:
		name := registry[near].name
		l.warn(i, "unknown_column", fmt.Sprintf(`column %q is none of ours and kept for the report only; did you mean %q? Rename it, or say --map "%s=%s"`, header, name, header, name))
	default:
		l.warn(i, "unknown_column", fmt.Sprintf("column %q is none of ours and kept for the report only", header))
	}
}

// take gives the column to the i-th header, or reports that it is taken.
func (l *layout) take(i int, id columnID) {
	if id == colNone {
		return
	}
	if at := l.at[id]; at >= 0 {
		l.twofold = true
		l.fail(i, "duplicate_column", fmt.Sprintf("column %q means %s, as does %q at %s; %s", l.info.Header[i], registry[id].name, l.info.Header[at], l.headerCell(at), l.either(i, at, id)))
		return
	}
	l.at[id], l.columns[i] = i, id
}

func (l *layout) headerCell(i int) plan.Cell { return l.cell(i, l.line) }

// cell is the cell of the i-th column in a line of the sheet.
func (l *layout) cell(i, line int) plan.Cell {
	if i < len(l.heads) {
		return l.heads[i].OnRow(line)
	}
	return l.rowCell(line).In(i+1, "")
}

func (l *layout) fail(i int, code, message string) {
	l.errors = append(l.errors, plan.Problem{Cell: l.headerCell(i), Value: l.value(i), Code: code, Message: message})
}

func (l *layout) warn(i int, code, message string) {
	l.warnings = append(l.warnings, plan.Problem{Cell: l.headerCell(i), Value: l.value(i), Code: code, Message: message})
}

func (l *layout) value(i int) string {
	if i < len(l.info.Header) {
		return l.info.Header[i]
	}
	return ""
}

// noteUnnamed says once for each column without a header that it holds
// something, which is not read.
func (l *layout) noteUnnamed(i, line int, value string) {
	if i < len(l.info.Header) && l.info.Header[i] != "" || l.noted[i] || strings.TrimSpace(value) == "" {
		return
	}
	l.noted[i] = true
	l.warnings = append(l.warnings, plan.Problem{Cell: l.cell(i, line), Value: value, Code: "no_header",
		Message: fmt.Sprintf("column %s has no header, but holds values; they are not read", plan.ColumnName(i+1))})
}

// canonical gives the header by which gocsv decodes: our columns' names, and
// for the rest names that no column has.
func (l *layout) canonical() []string {
	names := make([]string, len(l.columns))
	for i, id := range l.columns {
		if id == colNone {
			names[i] = unknownName(i)
			continue
		}
		names[i] = registry[id].name
	}
	return names
}

// unknownName cannot be a column of ours, as those hold no space.
func unknownName(i int) string { return fmt.Sprintf("column %d", i+1) }

// rowCell names a row as a whole.
func (l *layout) rowCell(line int) plan.Cell {
	return l.whole.OnRow(line)
}
