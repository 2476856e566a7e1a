package sheet

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// Result is what became of one row.
type Result struct {
	Sheet string // empty for CSV
	Row   int    // of the sheet; in CSV the line
	Cells []string
	Bad   bool // it needs attention
}

// ColumnOf tells which of our columns a header means by itself; the empty text
// for one that means none.
func ColumnOf(header string) string {
	if id, ok := newHeaderIndex()[foldHeader(header)]; ok {
		return registry[id].name
	}
	return ""
}

// WriteResults writes a file as it is with columns of results at the right of
// each sheet that has rows among them; of a CSV it makes a workbook. Nothing
// else in it is changed.
func WriteResults(ctx context.Context, w io.Writer, path string, opts Options, columns []string, results []Result) error {
	src, err := openSource(ctx, path, opts.withDefaults())
	if err != nil {
		return err
	}
	defer src.close() //nolint:errcheck // nothing is written
	if err := writeResults(ctx, w, src, columns, results); err != nil {
		return fmt.Errorf("write results into %s: %w", path, err)
	}
	return nil
}

func writeResults(ctx context.Context, w io.Writer, src *markSource, columns []string, results []Result) error {
	pkg, err := src.editor()
	if err != nil {
		return err
	}
	styles, err := newStyleEditor(pkg)
	if err != nil {
		return err
	}
	bySheet := map[string][]Result{}
	for _, r := range results {
		if src.csv != nil {
			r.Sheet, r.Row = src.sheet, src.csv.row(r.Row)
		}
		bySheet[strings.ToLower(r.Sheet)] = append(bySheet[strings.ToLower(r.Sheet)], r)
	}
	for _, s := range pkg.archive.sheets {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows := bySheet[strings.ToLower(s.name)]
		if len(rows) == 0 {
			continue
		}
		part := pkg.name(s.part)
		old, err := pkg.part(part)
		if err != nil {
			return err
		}
		changed := pkg.change(part)
		changed.text = old
		if changed.rows != nil {
			changed.rows.mark(styles, resultCells(src.csv.last, styles, columns, rows))
			continue
		}
		last, err := lastUsed(old)
		if err != nil {
			return err
		}
		if changed.edits, err = (&cellsEditor{src: old, styles: styles, edits: resultCells(last, styles, columns, rows)}).run(); err != nil {
			return err
		}
	}
	if err := styles.finish(); err != nil {
		return err
	}
	return pkg.writeTo(w)
}

// lastUsed is the last column of a sheet that holds something.
func lastUsed(src []byte) (int, error) {
	last, col := 0, 0
	err := walk(src, func(at []*element) {
		switch e := at[len(at)-1]; {
		case isPath(at, "sheetData", "row"):
			col = 0
		case isPath(at, "sheetData", "row", "c"):
			col++
			if c, _, ok := parseCellName([]byte(e.attr("r"))); ok {
				col = c
			}
		case len(at) == 5 && at[3].name == "c":
			last = max(last, col)
		}
	}, nil)
	if err != nil {
		return 0, fmt.Errorf("read sheet: %w", err)
	}
	return last, nil
}

// resultCells are the new cells of a sheet: behind its last column, and the
// names of the columns on the row above the first result, which is the header
// or stands below it.
func resultCells(last int, styles *styleEditor, columns []string, rows []Result) []cellEdit {
	first := rows[0].Row
	text := styles.text(false, false, false, "")
	bad := styles.text(false, false, false, styles.solid(errorColor))
	head := styles.text(true, false, false, "")
	var cells []cellEdit
	for _, r := range rows {
		first = min(first, r.Row)
		for i, t := range r.Cells {
			style := text
			if i == 0 && r.Bad {
				style = bad
			}
			if t != "" {
				cells = append(cells, cellEdit{row: r.Row, col: last + 1 + i, write: true, text: t, style: style})
			}
		}
	}
	for i, name := range columns {
		cells = append(cells, cellEdit{row: max(first-1, 1), col: last + 1 + i, write: true, text: name, style: head})
	}
	return cells
}
