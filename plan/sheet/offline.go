package sheet

import (
	"cmp"
	"context"
	"runtime/debug"
	"slices"

	"provision/plan"
)

// needsPerson are the actions whose rows are about somebody's line.
var needsPerson = map[plan.Action]bool{
	plan.ActionEnsure: true, plan.ActionAdd: true, plan.ActionUpdate: true, plan.ActionSwap: true, plan.ActionRemove: true,
}

// person reports a row about nobody's line, as planning does. Where a cell of
// the two holds something that could not be read, that was reported.
func (n *normaliser) person(r *plan.Row, v *record) {
	if n.check == nil || r.Invalid || !needsPerson[r.Action] || !blank(v.Extension) || !blank(v.Email) {
		return
	}
	p := plan.Problem{Cell: r.At, Code: "extension_missing", Message: "the row names no extension: fill extension or email"}
	if n.at[colExtension] < 0 && n.at[colEmail] < 0 {
		r.Invalid = true
		if n.nobody {
			return // told once for the sheet
		}
		n.nobody = true
		p.Cell, p.Message = n.line.layout.rowCell(n.line.layout.line), "no column is extension or email, so that the rows are about nobody's phone; add one, or say --map"
	}
	const few = 2 // cells
	if len(n.line.cells)-blanks(n.line.cells) <= few {
		p.Message += "; delete the row if it is a title, a total or a note"
	}
	n.report(p)
}

// blanks counts the cells that hold nothing.
func blanks(cells []string) (n int) {
	for _, c := range cells {
		if blank(c) {
			n++
		}
	}
	return n
}

// rules reports what is wrong with a row on every account, as planning does.
func (n *normaliser) rules(r *plan.Row) {
	if n.check == nil {
		return
	}
	r.Raw = n.line.cells // until the next row is read
	errs, warnings := n.check.Row(r)
	for _, p := range errs {
		n.report(p)
	}
	for _, p := range warnings {
		n.odd(p)
	}
}

// oddAreaCode tells of an area code that the North American plan does not
// have: neither its first digit is 0 or 1 nor its second 9, and N11 are
// services. Accounts of other countries have other codes, so it is no error.
func (n *normaliser) oddAreaCode(c columnID, code string) {
	if n.opts.Region != "US" && n.opts.Region != "CA" {
		return
	}
	if len(code) == 3 && code[0] >= '2' && code[1] != '9' && code[1:] != "11" {
		return
	}
	n.note(c, code, "area_code_unusual", "the United States and Canada have no such area code; theirs have three digits, as 650")
}

// crossCheck reads the files once more where rows may contradict each other, as
// their keys alone were kept, and tells which do.
func (c *collecting) crossCheck(ctx context.Context, paths []string) error {
	if !c.check.Again() {
		return nil
	}
	debug.FreeOSMemory() // the first reading's text, before there is a second one
	again := &collecting{opts: c.opts, names: c.names, used: map[string]bool{}, check: c.check}
	for _, path := range paths {
		if err := again.file(ctx, path); err != nil {
			return err
		}
	}
	errs, warnings := c.check.Finish()
	c.desired.Errors = c.inSheets(c.desired.Errors, errs)
	c.desired.Warnings = c.inSheets(c.desired.Warnings, warnings)
	return nil
}

// inSheets puts more problems where they belong in the order of the sheets, no
// more than are listed of one sheet.
func (c *collecting) inSheets(told, more []plan.Problem) []plan.Problem {
	if len(more) == 0 {
		return told
	}
	dropped := len(more) - min(len(more), maxProblems)
	told = append(told, more[:len(more)-dropped]...)
	place := map[plan.Cell]int{}
	for i := range slices.Backward(c.desired.Sheets) {
		place[c.desired.Sheets[i].Cell()] = i
	}
	last := func(p plan.Problem) int { // what is said of a sheet as a whole stands behind the rest
		if p.Cell.Row() == 0 {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(told, func(a, b plan.Problem) int {
		return cmp.Or(cmp.Compare(place[a.Cell.OnRow(0).Whole()], place[b.Cell.OnRow(0).Whole()]), cmp.Compare(last(a), last(b)), a.Cell.Compare(b.Cell))
	})
	if dropped > 0 {
		told = append(told, tooMany(c.desired.Sheets[0].Cell(), dropped))
	}
	return told
}
