package sheet

import (
	"errors"
	"fmt"
	"io"
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
	unknown  bool         // some column is none of ours
	unnamed  bool         // some column has no header
	twofold  bool         // two columns mean the same of ours: no row can be trusted
	noted    map[int]bool // unnamed columns that were reported
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
	id, ok := n.index[folded]
	return id, ok
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

// errNoHeader says that the rows that were looked at hold no header.
var errNoHeader = errors.New("no header found")

// findHeader reads rows up to the header: the first of the top rows that names
// two columns of ours, or one by the operator's mapping, or whose only cell is
// one. The row is valid until the source's next one.
func (n *headerNames) findHeader(src rowSource) (*rawRow, int, error) {
	seen := 0
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
		if known, filled, mapped := n.known(row.cells); known >= 2 || known == 1 && (filled == 1 || mapped) {
			return row, known, nil
		}
	}
	if seen == 0 {
		return nil, 0, io.EOF
	}
	return nil, 0, errNoHeader
}

// newLayout reads a header. info tells the file and sheet.
func (n *headerNames) newLayout(info plan.SheetInfo, row *rawRow) *layout {
	cells := row.cells
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	l := &layout{info: info, whole: plan.RowCell(info.File, info.Sheet, 0), line: row.line, used: map[string]bool{}, noted: map[int]bool{}}
	for i := range l.at {
		l.at[i] = -1
	}
	for i, c := range cells {
		text, _ := cleanText(c)
		l.info.Header = append(l.info.Header, strings.Clone(text))
		l.heads = append(l.heads, l.whole.OnRow(row.line).In(i+1, l.info.Header[i]))
	}
	// A header that the operator mapped takes its column before one that
	// only bears the name.
	l.columns = make([]columnID, len(cells))
	for i := range l.columns {
		l.columns[i] = colNone
	}
	for i, header := range l.info.Header {
		folded := foldHeader(header)
		if id, ok := n.mapping.columns[folded]; ok {
			l.used[folded] = true
			l.take(i, id)
		}
	}
	for i, header := range l.info.Header {
		if l.used[foldHeader(header)] {
			continue
		}
		n.place(l, i, header)
	}
	l.info.Mapping = make([]string, len(l.columns))
	for i, id := range l.columns {
		if id == colNone {
			l.unknown = true
			l.unnamed = l.unnamed || l.info.Header[i] == ""
			continue
		}
		l.info.Mapping[i] = registry[id].name
	}
	return l
}

// place finds the column for the i-th header and says what is odd about it.
func (n *headerNames) place(l *layout, i int, header string) {
	folded := foldHeader(header)
	if folded == "" {
		return
	}
	if id, ok := n.index[folded]; ok {
		if at := l.at[id]; at >= 0 && l.used[foldHeader(l.info.Header[at])] {
			l.warn(i, "unknown_column", fmt.Sprintf("column %q is left out, because --map gives %s another one", header, registry[id].name))
			return
		}
		l.take(i, id)
		return
	}
	for j := range i {
		if foldHeader(l.info.Header[j]) == folded {
			l.fail(i, "duplicate_column", fmt.Sprintf("column %q stands twice, also at %s; rename or delete one", header, l.headerCell(j)))
			return
		}
	}
	switch meant := needsMap[folded]; {
	case meant != "":
		l.warn(i, "ambiguous_column", fmt.Sprintf(`column %q is kept for the report only: it could mean %s; say which with --map "%s=…", or silence this with --map "%s=-"`, header, meant, header, header))
	case n.index.near(header) != "":
		l.warn(i, "unknown_column", fmt.Sprintf(`column %q is none of ours and kept for the report only; did you mean %q? Rename it, or say --map "%s=%s"`, header, n.index.near(header), header, n.index.near(header)))
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
		l.fail(i, "duplicate_column", fmt.Sprintf("column %q means %s, as does %q at %s; rename or delete one", l.info.Header[i], registry[id].name, l.info.Header[at], l.headerCell(at)))
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
