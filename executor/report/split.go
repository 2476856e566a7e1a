package report

import (
	"slices"
	"strings"

	"provision/plan"
)

// The parts into which a report's rows are split.
const (
	PartRetry   = "retry"   // it failed for a reason that is not in the sheet, or was not begun: run it again as it is
	PartFixMe   = "fix-me"  // the sheet is wrong: mend it, then run it
	PartUnknown = "unknown" // it may or may not have happened: look, then run it
)

// Part is some of the rows, as a sheet that can be planned.
type Part struct {
	Name   string
	Header []string
	Rows   [][]string
}

// Split sorts the rows that need somebody's attention into parts, each of which
// can be the next run's sheet. Rows that can't be told apart from each other
// (those of one extension, of one swap) go together, also where one of them is
// done: planned alone, the other could mean another phone. The worst of them
// decides: unknown, fix-me, retry.
//
// The columns are the operator's; column tells which of ours a header means by
// itself, so that one that was mapped by a flag gets the name of ours.
func Split(p *plan.Plan, r *Report, column func(header string) string) []Part {
	s := splitter{plan: p, report: r, errors: byRow(p.Errors), group: make([]int, len(p.Rows))}
	s.link()
	part := s.parts()
	header, place := s.columns(column)
	var out []Part
	for _, name := range []string{PartRetry, PartFixMe, PartUnknown} {
		rows := [][]string{}
		for i := range p.Rows {
			if part[s.find(i)] == name {
				rows = append(rows, s.record(i, header, place))
			}
		}
		if len(rows) > 0 {
			out = append(out, Part{Name: name, Header: header, Rows: rows})
		}
	}
	return out
}

type splitter struct {
	plan   *plan.Plan
	report *Report
	errors map[plan.Cell][]plan.Problem // by row
	group  []int                        // per row: a row of the same group; itself for the first
}

func (s *splitter) find(i int) int {
	for s.group[i] != i {
		s.group[i] = s.group[s.group[i]]
		i = s.group[i]
	}
	return i
}

func (s *splitter) unite(rows []int) {
	for _, r := range rows {
		if r >= 0 && r < len(s.group) && rows[0] >= 0 && rows[0] < len(s.group) {
			s.group[s.find(r)] = s.find(rows[0])
		}
	}
}

// link puts rows together that belong together. A new location or a site's
// stock, which many rows share, does not tie them.
func (s *splitter) link() {
	byExtension := map[string]int{}
	for i := range s.group {
		s.group[i] = i
	}
	for i := range s.plan.Rows {
		ext := s.plan.Rows[i].ExtensionNumber()
		if ext == "" {
			continue
		}
		if first, ok := byExtension[ext]; ok {
			s.unite([]int{first, i})
		} else {
			byExtension[ext] = i
		}
	}
	rowsOf := map[string][]int{}
	for i := range s.plan.Changes {
		if c := &s.plan.Changes[i]; ties(c) {
			s.unite(c.Rows)
			rowsOf[c.ID] = c.Rows
		}
	}
	for i := range s.plan.Changes {
		c := &s.plan.Changes[i]
		if !ties(c) || len(c.Rows) == 0 {
			continue
		}
		for _, id := range slices.Concat(c.DependsOn(), c.Follows()) {
			s.unite(append([]int{c.Rows[0]}, rowsOf[id]...))
		}
	}
}

func ties(c *plan.Change) bool { return c.Kind != plan.KindCreateLocation && c.Kind != plan.KindStock }

// parts finds the part of each group; none where all of it is done.
func (s *splitter) parts() map[int]string {
	tainted := map[string]bool{}
	for i := range s.plan.Changes {
		tainted[s.plan.Changes[i].ID] = s.plan.Changes[i].Tainted
	}
	order := []string{"", PartRetry, PartFixMe, PartUnknown}
	part := map[int]string{}
	for i := range s.report.Lines {
		l := &s.report.Lines[i]
		own := partOf(l)
		for _, c := range l.Changes {
			if own == PartRetry && tainted[c.ID] {
				own = PartFixMe // it waits for a row that is wrong
			}
		}
		g := s.find(i)
		if slices.Index(order, own) > slices.Index(order, part[g]) {
			part[g] = own
		}
	}
	return part
}

// partOf is the part of one line by itself.
func partOf(l *Line) string {
	switch l.Status {
	case Ambiguous:
		return PartUnknown
	case Invalid, AddressInvalid, AddressDiffers:
		return PartFixMe
	case Failed:
		if notInSheet(l.ErrorCode) {
			return PartRetry
		}
		return PartFixMe
	case Stale, Blocked, Pending, Deferred:
		return PartRetry
	case Applied, NoOp, Ignored, Deselected, AddressPending:
	}
	return ""
}

// notInSheet tells the errors that another try may not meet: of the service,
// its limits, the app's permissions, operations that it lacks, objects that are
// gone (API reference, errors), and those of the run itself: what it could not
// read, gave up or could not put into a call.
func notInSheet(code string) bool {
	switch code {
	case "", "not_readable", "gave_up", "bad_call", "CMN-102", "CMN-109", "CMN-120", "CMN-201", "CMN-203", "CMN-301", "CMN-302", "CMN-304", "CMN-310", "CMN-401", "CMN-402", "CMN-408":
		return true
	}
	return false
}

// columns unites the sheets' columns by what they mean.
func (s *splitter) columns(column func(string) string) (header []string, place [][]int) {
	type key struct {
		ours, header string
		nth          int
	}
	at := map[key]int{}
	place = make([][]int, len(s.plan.Sheets))
	for i, sheet := range s.plan.Sheets {
		seen := map[key]int{}
		for j, text := range sheet.Header {
			k := key{header: text}
			if j < len(sheet.Mapping) && sheet.Mapping[j] != "" {
				k = key{ours: sheet.Mapping[j]}
			}
			seen[k]++
			k.nth = seen[k]
			where, ok := at[k]
			if !ok {
				where = len(header)
				at[k] = where
				switch meant := column(text); {
				case k.ours != "" && meant != k.ours:
					text = k.ours
				case k.ours == "" && meant != "":
					text = "kept: " + text
				}
				header = append(header, text)
			}
			place[i] = append(place[i], where)
		}
	}
	if !slices.Contains(header, plan.ReasonColumn) {
		header = append(header, plan.ReasonColumn)
	}
	return header, place
}

// lost are the errors of values that would look right as text, though it is not
// known what was typed.
var lost = map[string]bool{"date_cell": true, "digits_lost": true, "serial_as_number": true, "formula_without_value": true, "merged_cells": true}

// record is a row in its part.
func (s *splitter) record(i int, header []string, place [][]int) []string {
	l := &s.report.Lines[i]
	cells := make([]string, len(header))
	if l.Sheet < 0 || l.Sheet >= len(place) {
		return cells
	}
	put := func(j int, text string) {
		if j >= 0 && j < len(place[l.Sheet]) {
			cells[place[l.Sheet][j]] = text
		}
	}
	for j, raw := range l.Raw {
		put(j, raw)
	}
	var reasons []string
	errs := s.errors[s.plan.Rows[i].At.Whole()]
	for _, e := range errs {
		if lost[e.Code] && e.Cell.Column() > 0 {
			put(e.Cell.Column()-1, "#VALUE!")
			reasons = append(reasons, e.Cell.Header()+" held "+e.Value)
		}
	}
	if j := slices.IndexFunc(s.plan.Sheets[l.Sheet].Mapping, func(ours string) bool { return ours != "" }); l.Status == Invalid && len(errs) == 0 && j >= 0 && j < len(l.Raw) {
		// What is wrong stands elsewhere in the sheet (merged cells, two columns of one meaning) and is not seen here.
		put(j, "#VALUE!")
		reasons = append(reasons, s.plan.Sheets[l.Sheet].Header[j]+" held "+l.Raw[j])
	}
	reasons = append([]string{reasonOf(l)}, reasons...)
	cells[slices.Index(header, plan.ReasonColumn)] = strings.Join(reasons, "; ")
	return cells
}

func reasonOf(l *Line) string {
	if partOf(l) == "" {
		return string(l.Status) + ": it is here because another row of its extension or swap is; it is not done twice"
	}
	text := string(l.Status)
	if l.ErrorCode != "" {
		text += " (" + l.ErrorCode + ")"
	}
	if l.Message != "" {
		text += ": " + l.Message
	}
	return text
}
