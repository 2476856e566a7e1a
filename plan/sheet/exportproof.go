package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"provision/plan"
)

// wholeRow is the column of trouble that concerns a row as a whole.
const wholeRow = colNone

// proven tries the rows: they are written, read and planned as if somebody had
// given them back as they are. What is in the way is taken out until nothing
// is; each round takes out something of every row that is in trouble, so there
// is an end.
func (e *exporter) proven(rows []*exportRow) ([]*exportRow, error) {
	for len(rows) > 0 {
		trouble, err := e.try(rows)
		if err != nil {
			return nil, err
		}
		if len(trouble) == 0 {
			return rows, nil
		}
		kept := rows[:0:0]
		for i, r := range rows {
			if found := trouble[i]; found == nil || r.mend(found) {
				kept = append(kept, r)
				continue
			}
			e.leave(r.dev, r.ext, trouble[i].message)
		}
		rows = kept
	}
	return rows, nil
}

// exportTrouble is what is in the way of a row.
type exportTrouble struct {
	columns []columnID
	message string // the first
}

// mend takes the values out that are in the way. It reports false if the row
// can't be saved.
func (r *exportRow) mend(t *exportTrouble) bool {
	changed := false
	for _, c := range t.columns {
		if c == colExtension || c == colDeviceID || c == wholeRow {
			continue
		}
		changed = r.takeOut(c) || changed
	}
	if changed {
		return true
	}
	if r.bare {
		return false
	}
	r.bare = true
	for _, c := range exportColumns {
		if c != colExtension && c != colDeviceID {
			changed = r.takeOut(c) || changed
		}
	}
	return changed
}

// try reads and plans the rows and gathers what is in the way, by row.
func (e *exporter) try(rows []*exportRow) (map[int]*exportTrouble, error) {
	d, err := readBack(rows)
	if err != nil {
		return nil, err
	}
	if len(d.Rows) != len(rows) {
		return nil, fmt.Errorf("try export: %d rows read of %d written", len(d.Rows), len(rows))
	}
	p, err := plan.Build(d, *e.s, plan.Options{Now: e.s.TakenAt})
	if err != nil {
		return nil, fmt.Errorf("try export: %w", err)
	}
	byLine := make(map[int]int, len(d.Rows))
	for i := range d.Rows {
		byLine[d.Rows[i].At.Row()] = i
	}
	found := map[int]*exportTrouble{}
	add := func(row int, message string, columns ...columnID) {
		if found[row] == nil {
			found[row] = &exportTrouble{message: message}
		}
		found[row].columns = append(found[row].columns, columns...)
	}
	for _, problem := range p.Errors {
		row, ok := byLine[problem.Cell.Row()]
		if !ok {
			continue // of the sheet: there are too many problems of rows to list
		}
		column := wholeRow
		if c := problem.Cell.Column(); c > 0 && c <= len(exportColumns) {
			column = exportColumns[c-1]
		}
		add(row, problem.Message, column)
	}
	for i := range p.Changes {
		for _, row := range p.Changes[i].Rows {
			add(row, "its row would ask for a change: "+p.Changes[i].Kind.String(), columnsOf(&p.Changes[i])...)
		}
	}
	if len(found) == 0 && (len(p.Errors) > 0 || len(p.Changes) > 0) {
		return nil, errors.New("try export: the rows would ask for changes that are of no row")
	}
	return found, nil
}

// columnsOf are the columns that ask for a change.
func columnsOf(c *plan.Change) []columnID {
	if c.Update() == nil {
		return []columnID{wholeRow}
	}
	var columns []columnID
	if c.Update().Name != nil {
		columns = append(columns, colDeviceName)
	}
	if c.Update().CommonPhone != nil {
		columns = append(columns, colCommonPhone)
	}
	if c.Update().Emergency != nil {
		columns = append(columns, colLocation, colStreet, colCustomerName)
	}
	return columns
}

// readBack reads the rows as a sheet.
func readBack(rows []*exportRow) (plan.Desired, error) {
	var buf bytes.Buffer
	records := make([][]string, 0, len(rows)+1)
	header := make([]string, len(exportColumns))
	for i, c := range exportColumns {
		header[i] = registry[c].name
	}
	records = append(records, header)
	for _, r := range rows {
		records = append(records, r.record())
	}
	if err := writeCSV(&buf, records); err != nil {
		return plan.Desired{}, err
	}
	return readExport(buf.Bytes())
}

// readExport reads a CSV that this package has written.
func readExport(text []byte) (plan.Desired, error) {
	opts := Options{Delimiter: ",", Encoding: "utf-8"}.withDefaults()
	names := &headerNames{index: newHeaderIndex(), limits: opts.Limits}
	f, ferr := newCSVFile(text, opts, names)
	if ferr != nil {
		return plan.Desired{}, ferr
	}
	r, err := f.reader(plan.SheetInfo{File: "export"}, names)
	if err != nil {
		return plan.Desired{}, fmt.Errorf("read export back: %w", err)
	}
	d := plan.Desired{Sheets: []plan.SheetInfo{r.Info()}}
	n := newNormaliser(&d, opts, r.Info(), 0)
	for {
		line, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return plan.Desired{}, fmt.Errorf("read export back: %w", err)
		}
		d.Rows = append(d.Rows, plan.Row{})
		if err := n.row(line, &d.Rows[len(d.Rows)-1]); err != nil {
			return plan.Desired{}, err
		}
	}
	n.finish(r.HeaderProblems())
	return d, nil
}
