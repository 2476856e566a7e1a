package report

import (
	"maps"
	"slices"

	"provision/executor/report/redact"
	"provision/plan"
)

// Redacted is the report with tokens in the place of persons, numbers,
// extensions and rows. What nobody can know the content of is left out: the
// user's own columns, and messages, of which only is told that there are some.
// Statuses, codes, times, counts and the ids of devices and requests stay.
func (r *Report) Redacted(t *redact.Tokens) *Report {
	if !t.On() {
		return r
	}
	out := *r
	out.sheets, out.columns = make([]plan.SheetInfo, len(r.sheets)), nil
	out.place = make([][]int, len(r.sheets))
	out.Changes = maps.Clone(r.Changes)
	rows := map[string]string{} // tokens by source
	out.Lines, out.Others = redactLines(r.Lines, t, rows), redactLines(r.Others, t, rows)
	out.Causes = slices.Clone(r.Causes)
	for i := range out.Causes {
		c := &out.Causes[i]
		c.Message = t.Text(c.Message)
		c.Sources = nil
		for _, s := range r.Causes[i].Sources {
			if token := rows[s]; token != "" {
				c.Sources = append(c.Sources, token)
			}
		}
	}
	out.Safety = slices.Clone(r.Safety)
	for i := range out.Safety {
		s := &out.Safety[i]
		s.Extension, s.Person, s.Number = t.Extension(s.Extension), t.Person(s.Person), t.Number(s.Number)
	}
	if r.Approval != nil {
		a := *r.Approval
		a.By, a.Note, a.Key = t.Person(a.By), t.Text(a.Note), ""
		out.Approval = &a
	}
	return &out
}

func redactLines(lines []Line, t *redact.Tokens, rows map[string]string) []Line {
	out := slices.Clone(lines)
	for i := range out {
		l := &out[i]
		source := "(no row)"
		if !l.At.IsZero() {
			source = t.Source(l.At)
		}
		rows[l.Source] = source
		l.Raw, l.At, l.Source = nil, plan.Cell{}, source
		l.MatchedBy, l.Message = t.Text(l.MatchedBy), t.Text(l.Message)
		l.Person, l.Extension, l.Site = t.Person(l.Person), t.Extension(l.Extension), t.Site(l.Site)
		l.Number, l.NumberKept, l.NumberGivenUp = t.Number(l.Number), t.Number(l.NumberKept), t.Number(l.NumberGivenUp)
		l.ApprovedBy = t.Person(l.ApprovedBy)
		l.Changes = slices.Clone(l.Changes)
		for j := range l.Changes {
			l.Changes[j].ID = t.Change(l.Changes[j].ID)
		}
	}
	return out
}
