package report

import (
	"iter"
)

// others makes the lines of what no row's line tells of.
func (b *builder) others(lines []Line) []Line {
	var out []Line
	told := make(map[string]bool, len(b.plan.Changes))
	for i := range lines {
		for _, c := range lines[i].Changes {
			told[c.ID] = true
		}
	}
	for _, e := range b.plan.Errors {
		if e.Cell.Row() == 0 {
			out = append(out, Line{Sheet: -1, Source: e.Cell.String(), Status: Invalid, ErrorCode: e.Code, Message: e.Message})
		}
	}
	if n := b.plan.HiddenSkipped; n > 0 {
		out = append(out, Line{Sheet: -1, Source: "(hidden rows)", Status: Ignored, Message: hiddenText(n)})
	}
	for i := range b.plan.Changes {
		c := &b.plan.Changes[i]
		if told[c.ID] {
			continue
		}
		l := Line{Sheet: -1, Source: b.sourceOf(c), MatchedBy: c.Reason, Extension: c.ExtensionNumber(), Person: c.Person()}
		if f := c.Before(); f != nil {
			l.DeviceID, l.Number = string(f.Device), f.Number
			if f.Emergency != nil {
				l.Emergency = f.Emergency.AddressStatus
			}
		}
		b.fold(&l, c)
		b.foldEffect(&l, c)
		b.explain(&l, []string{c.ID})
		out = append(out, l)
	}
	return out
}

// hiddenText accounts for rows that were left out because they are hidden.
func hiddenText(n int) string { return "hidden and left out: " + count(n, "row") + " (--hidden=skip)" }

// withoutRow says where a change comes from that no row asks for.
func (b *builder) withoutRow() string {
	if b.plan.Options.Prune != "" {
		return "(--prune=" + b.plan.Options.Prune + ")"
	}
	return "(no row)"
}

// all are the report's entries: those of the input rows, then the others.
func (r *Report) all() iter.Seq2[int, *Line] {
	return func(yield func(int, *Line) bool) {
		for i := range r.Lines {
			if !yield(i, &r.Lines[i]) {
				return
			}
		}
		for i := range r.Others {
			if !yield(len(r.Lines)+i, &r.Others[i]) {
				return
			}
		}
	}
}

// entries is how many there are.
func (r *Report) entries() int { return len(r.Lines) + len(r.Others) }
