package sheet

import (
	"fmt"
	"hash/maphash"
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
	if n.keys == nil || r.Invalid || !needsPerson[r.Action] || !blank(v.Extension) || !blank(v.Email) {
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

// shape reports columns that do not go together on any account, as planning
// does.
func (n *normaliser) shape(r *plan.Row) {
	if n.keys == nil {
		return
	}
	errs, warnings := plan.CheckRow(r)
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

// maxKeys bounds the keys that are remembered to find them twice; of a longer
// sheet the first ones are.
const maxKeys = 200_000

// seenKeys remembers where phones were named, by what and for whom.
type seenKeys struct {
	seed maphash.Seed
	at   map[uint64]keyAt
}

// keyAt is the row that named a phone first, and whose it said the phone is.
// It points to no text of the row, which would keep all of the row's cells.
type keyAt struct {
	row    plan.Cell
	person digits
}

// digits are up to 16 decimal digits, four bits each and one more than the
// digit, so that leading zeros count.
type digits uint64

// packDigits packs an extension number; false for what is none.
func packDigits(s string) (digits, bool) {
	var d digits
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' || len(s) > 16 {
			return 0, false
		}
		d = d<<4 | digits(s[i]-'0'+1)
	}
	return d, s != ""
}

func (d digits) String() string {
	var text []byte
	for ; d != 0; d >>= 4 {
		text = append(text, '0'+byte(d&15)-1)
	}
	slices.Reverse(text)
	return string(text)
}

func newSeenKeys() *seenKeys { return &seenKeys{seed: maphash.MakeSeed(), at: map[uint64]keyAt{}} }

// phones tells of a phone that rows of different extensions name as theirs: a
// phone is at one of them only. Who plans is told more exactly there, so only
// the check without an account does it.
func (n *normaliser) phones(r *plan.Row) {
	if n.keys == nil || r.Invalid || !needsPerson[r.Action] {
		return
	}
	person, ok := packDigits(r.Extension.Text)
	if !ok {
		return
	}
	for _, k := range [...]struct {
		column columnID
		v      plan.Value
	}{{colDeviceID, r.DeviceID}, {colPhoneNumber, r.PhoneNumber}, {colSerial, r.Serial}} {
		if !k.v.IsSet() {
			continue
		}
		key := maphash.String(n.keys.seed, registry[k.column].name+"="+k.v.Text)
		first, ok := n.keys.at[key]
		switch {
		case !ok && len(n.keys.at) < maxKeys:
			n.keys.at[key] = keyAt{row: r.At, person: person}
		case ok && first.person != person:
			n.note(k.column, k.v.Text, "phone_twice", fmt.Sprintf("%s names it for extension %s already, and a phone is at one extension only", first.row, first.person))
		}
	}
}
