package result

import (
	"strconv"

	"provision/executor/report/table"
	"provision/executor/report/timeline"
)

// tableBars is how many rows the table of the time line has at most; one more
// for each further process.
const tableBars = 240

// Tables are the sheets that the workbook of a report gets beside its own:
// numbers, and the time line where one is known.
func (r *Result) Tables() []*table.Table {
	numbers := &table.Table{Title: "Numbers", Header: []string{"number", "what became of it", "extension", "person", "row"}}
	for _, part := range []struct {
		what string
		list []Number
	}{{"assigned", r.Numbers.Assigned}, {"kept", r.Numbers.Kept}, {"given up", r.Numbers.GivenUp}} {
		p := table.Part{Name: part.what}
		for _, n := range part.list {
			p.Rows = append(p.Rows, []string{n.Number, part.what, n.Extension, n.Person, n.Row})
		}
		numbers.Parts = append(numbers.Parts, p)
	}
	out := []*table.Table{numbers}
	if !r.Timeline.Empty() {
		out = append(out, r.timeTable())
	}
	return out
}

// timeTable is the time line as a table: calls, the fullest minute, the limit.
func (r *Result) timeTable() *table.Table {
	t := &table.Table{Title: "Time line", Header: []string{"minutes"}}
	for _, g := range timeline.Groups() {
		t.Header = append(t.Header, g+": calls", g+": most in a minute", g+": limit per minute")
	}
	p := table.Part{Name: "Time line"}
	for _, b := range r.Timeline.Bars(tableBars) {
		label := b.Label
		if b.Resumed {
			label += " (resumed)"
		}
		row := []string{label}
		for i, g := range timeline.Groups() {
			limit := ""
			if l := r.Timeline.Limits[g]; l > 0 {
				limit = strconv.Itoa(l)
			}
			row = append(row, strconv.Itoa(b.Calls[i]), strconv.Itoa(b.Most[i]), limit)
		}
		p.Rows = append(p.Rows, row)
	}
	t.Parts = []table.Part{p}
	return t
}
