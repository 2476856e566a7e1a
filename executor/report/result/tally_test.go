package result_test

import (
	"encoding/csv"
	"encoding/json"
	"html"
	"io"
	"strconv"
	"strings"

	"provision/executor/report/result"
)

// tally are the numbers that every form has to agree on.
type tally struct {
	rows                    int
	status                  map[string]int
	assigned, kept, givenUp int
}

func (c tally) same(o tally) bool {
	if c.rows != o.rows || c.assigned != o.assigned || c.kept != o.kept || c.givenUp != o.givenUp || len(c.status) != len(o.status) {
		return false
	}
	for s, n := range c.status {
		if o.status[s] != n {
			return false
		}
	}
	return true
}

// tallyTable counts what a report's table says, in CSV or in a sheet.
func tallyTable(records [][]string) tally {
	c := tally{status: map[string]int{}}
	at := map[string]int{}
	for i, h := range records[0] {
		at[h] = i
	}
	cell := func(r []string, name string) string {
		if i := at[name]; i < len(r) {
			return strings.TrimPrefix(r[i], "'")
		}
		return ""
	}
	for _, r := range records[1:] {
		c.rows++
		c.status[cell(r, "status")]++
		for name, n := range map[string]*int{"phone_number_assigned": &c.assigned, "phone_number_kept": &c.kept, "phone_number_given_up": &c.givenUp} {
			if cell(r, name) != "" {
				*n++
			}
		}
	}
	return c
}

func tallies(t failer, r run) map[string]tally {
	t.Helper()
	rep, res := r.report(), r.result(nil)
	out := map[string]tally{}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(written(t, rep.WriteCSV), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out["csv"] = tallyTable(records)
	f := openXLSX(t, written(t, func(w io.Writer) error { return rep.WriteXLSX(w, "", res.Tables()...) }))
	if records, err = f.GetRows("Rows"); err != nil {
		t.Fatal(err)
	}
	out["xlsx"] = tallyTable(records)
	if records, err = f.GetRows("Numbers"); err != nil {
		t.Fatal(err)
	}
	numbers := tally{rows: out["csv"].rows, status: out["csv"].status}
	for _, n := range records[1:] {
		switch n[1] {
		case "assigned":
			numbers.assigned++
		case "kept":
			numbers.kept++
		case "given up":
			numbers.givenUp++
		}
	}
	out["xlsx numbers"] = numbers
	var list []map[string]any
	if err := json.Unmarshal([]byte(written(t, rep.WriteJSON)), &list); err != nil {
		t.Fatal(err)
	}
	out["json"] = tallyJSON(list)
	out["html"] = tallyHTML(t, written(t, res.WriteHTML))
	out["result"] = tallyResult(t, written(t, res.WriteJSON), len(rep.Lines)+len(rep.Others), out["csv"].status)
	return out
}

func tallyJSON(list []map[string]any) tally {
	c := tally{rows: len(list), status: map[string]int{}}
	for _, o := range list {
		c.status[o["status"].(string)]++
		for name, n := range map[string]*int{"phone_number_assigned": &c.assigned, "phone_number_kept": &c.kept, "phone_number_given_up": &c.givenUp} {
			if o[name] != "" {
				*n++
			}
		}
	}
	return c
}

func tallyHTML(t failer, page string) tally {
	t.Helper()
	c := tally{status: map[string]int{}}
	for _, m := range itemStatus.FindAllStringSubmatch(page, -1) {
		c.rows++
		c.status[html.UnescapeString(m[1])]++
	}
	tiles := tile.FindAllStringSubmatch(page, -1)
	for i, n := range []*int{&c.assigned, &c.kept, &c.givenUp} {
		v, err := strconv.Atoi(strings.ReplaceAll(tiles[i][1], ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		*n = v
	}
	return c
}

// tallyResult reads the result's own document, in which entries that no row
// stands for are counted as changes only.
func tallyResult(t failer, text string, entries int, status map[string]int) tally {
	t.Helper()
	var doc result.Result
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, c := range doc.Counts {
		rows += c.Rows
		if c.Rows > status[string(c.Status)] {
			return tally{}
		}
	}
	if rows > entries {
		return tally{}
	}
	return tally{rows: entries, status: status, assigned: len(doc.Numbers.Assigned), kept: len(doc.Numbers.Kept), givenUp: len(doc.Numbers.GivenUp)}
}
