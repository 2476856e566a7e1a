package plan

import (
	"cmp"
	"slices"
)

// finding is what planning found out about a row, in less room than it took to
// find it.
type finding struct {
	on      *Extension
	phone   *RowPhone
	how     string
	message string
	status  RowStatus // zero: it depends on whether the row asks for changes
}

// rowResults says, row by row in the sheet's order, what planning made of it. It
// lets go of the rows on the way: the results need as much room.
func (b *builder) rowResults() []RowResult {
	found := b.findings()
	asked := b.ch.askedBy(len(b.d.Rows))
	out := make([]RowResult, 0, len(b.d.Rows))
	var ids arena[string]
	for at, piece := range found {
		for i := range piece {
			out = append(out, rowResult(&b.d.Rows[len(out)], &piece[i], asked.by(len(out)), &ids))
		}
		found[at] = nil
	}
	return out
}

func rowResult(r *Row, f *finding, asked []*Change, ids *arena[string]) RowResult {
	o := RowResult{Sheet: narrow(r.Sheet), Status: f.status, At: r.At, Raw: r.Raw, On: f.on, MatchedBy: f.how, Phone: f.phone, Message: f.message}
	switch {
	case o.Status != 0:
	case len(asked) > 0:
		o.Status = RowChanged
		o.Changes = ids.take(len(asked))
		for _, c := range asked {
			if !slices.Contains(o.Changes, c.ID) {
				o.Changes = append(o.Changes, c.ID)
			}
		}
	default:
		o.Status = RowNoOp
		o.Message = cmp.Or(f.message, "is as the row says")
	}
	return o
}

// findings are what planning found out about the rows, which it lets go.
func (b *builder) findings() pieces[finding] {
	first := b.firstErrors()
	out := make(pieces[finding], 0, len(b.works))
	for at, piece := range b.works {
		found := make([]finding, len(piece))
		for i := range piece {
			found[i] = b.finding(&piece[i], first)
		}
		out = append(out, found)
		b.works[at] = nil
	}
	return out
}

// finding is what planning found out about a row; first are the first messages
// of the rows in error.
func (b *builder) finding(w *work, first map[Cell]string) finding {
	r := w.row
	f := finding{on: w.ext(), phone: b.rowPhone(w), how: w.how, message: w.note()}
	if w.g == nil && r.Extension.IsSet() {
		f.on = &Extension{Number: r.Extension.Text}
	}
	switch {
	case w.off != chosen:
		f.status, f.message = RowDeselected, b.leftNote(w)
	case w.bad:
		f.status, f.message = RowInvalid, cmp.Or(first[r.At.Whole()], "the row is in error")
	case w.later:
		f.status = RowDeferred
	case r.Action == ActionIgnore:
		f.status = RowIgnored
	}
	return f
}

// rowPhone is the phone that the row claims; nil if there is nothing to say.
func (b *builder) rowPhone(w *work) *RowPhone {
	switch d := w.dev; {
	case d != nil:
		return &RowPhone{
			Device: d.ID, Number: cmp.Or(w.lineNumber(), firstNumber(d)),
			Emergency: cmp.Or(b.addressTrouble(&d.Emergency), d.Emergency.AddressStatus),
		}
	case w.line != nil && w.line.Number.Number != "":
		return &RowPhone{Number: w.line.Number.Number}
	}
	return nil
}

// firstErrors is the first message of each row in error.
func (b *builder) firstErrors() map[Cell]string {
	m := map[Cell]string{}
	for _, p := range b.errors {
		if k := p.Cell.Whole(); m[k] == "" {
			m[k] = p.Message
		}
	}
	return m
}
