package plan

import (
	"slices"
	"strings"
)

// sharedKind is what rows may share.
type sharedKind uint8

const (
	sharesNothing  sharedKind = iota
	sharesDevice              // device_id
	sharesSerial              // serial, or new_serial
	sharesNumber              // phone_number
	sharesName                // device_name or new_name of one person's phone, where it is the only key
	sharesKeyless             // the person of rows without key
	sharesEmail               // the extension of rows that say its e-mail address
	sharesUserName            // the extension of rows that say its name
	sharesWanted              // the phone that replace_with names
	sharesNumberID            // phone_number_id
	sharesStock               // the site of stock rows
	sharesUnstock             // the device of unstock rows
)

// columnKinds are the kinds by which rows of one person mean one phone, by the name
// of their column.
var columnKinds = map[string]sharedKind{"device_id": sharesDevice, "serial": sharesSerial, "phone_number": sharesNumber, "device_name": sharesName}

// rowUse is a row that has a key. What is kept of a row is all that rows that
// share it are judged by.
type rowUse struct {
	r      *Row
	person string // as the row calls it
	moves  bool
	bad    bool

	renews bool   // has the serial as new_serial
	value  Value  // of the key
	says   string // of rows without key: all that the row says
}

// calls is what the row calls its person; empty for none.
func (r *Row) calls() string {
	if !isFor(r.Action) && r.Action != ActionIgnore {
		return ""
	}
	if r.Extension.IsSet() {
		return r.Extension.Text
	}
	return fold(r.Email.Text)
}

// kept is the row to be remembered with a key: it holds no more of the row's
// texts than are asked for, as a text may hold the whole row's.
func (u *rowUse) kept(kind sharedKind, v Value) *rowUse {
	out := *u
	from := u.r
	clone := func(v Value) Value { return Value{Text: strings.Clone(v.Text), Cell: v.Cell} }
	r := &Row{At: from.At, Invalid: from.Invalid, Action: from.Action, ActionCell: from.ActionCell}
	r.ReplaceWith = Replacement{Form: from.ReplaceWith.Form, Arg: strings.Clone(from.ReplaceWith.Arg)}
	r.Extension, r.PhoneNumber, r.NewSerial = clone(from.Extension), clone(from.PhoneNumber), clone(from.NewSerial)
	r.DeviceID = Value{Text: strings.Clone(from.DeviceID.Text)}
	if kind == sharesKeyless {
		out.says = from.says()
	}
	out.r, out.person, out.value = r, strings.Clone(u.person), clone(v)
	out.renews = kind == sharesSerial && v.Cell == from.NewSerial.Cell && from.NewSerial.IsSet()
	return &out
}

// eachKey gives what the row may share with others.
func (u *rowUse) eachKey(put func(kind sharedKind, text string, v Value)) {
	r := u.r
	switch {
	case r.Action == ActionStock:
		if r.Site.IsSet() && !u.bad {
			put(sharesStock, fold(r.Site.Text), r.Site)
		}
		return
	case r.Action == ActionUnstock:
		if !u.bad {
			put(sharesUnstock, r.DeviceID.Text+"\x00"+r.Serial.Text, Value{})
		}
		return
	case u.person == "":
		return
	}
	keyless := true
	r.keys(func(column, text string) {
		if text == "" {
			return
		}
		keyless = false
		switch kind := columnKinds[column]; kind {
		case sharesName:
			put(kind, u.person+"\x00"+text, Value{})
		case sharesDevice:
			put(kind, text, r.DeviceID)
		case sharesSerial:
			put(kind, text, r.Serial)
		case sharesNumber:
			put(kind, text, r.PhoneNumber)
		case sharesNothing, sharesKeyless, sharesEmail, sharesUserName, sharesWanted, sharesNumberID, sharesStock, sharesUnstock:
		}
	})
	if keyless && (!u.bad || r.Action == ActionIgnore) {
		put(sharesKeyless, u.person, Value{})
	}
	if r.Action != ActionIgnore && !r.Invalid {
		u.goalKeys(put)
	}
}

// goalKeys gives what a row that is heeded may share with others.
func (u *rowUse) goalKeys(put func(kind sharedKind, text string, v Value)) {
	r := u.r
	if r.Extension.IsSet() && r.Email.IsSet() {
		put(sharesEmail, r.Extension.Text, r.Email)
	}
	if r.Extension.IsSet() && r.UserName.IsSet() {
		put(sharesUserName, r.Extension.Text, r.UserName)
	}
	if u.bad || r.Action == ActionRemove {
		return
	}
	if r.NewSerial.IsSet() && r.NewSerial.Text != r.Serial.Text && r.ReplaceWith.Form == ReplaceNone {
		put(sharesSerial, r.NewSerial.Text, r.NewSerial)
	}
	if r.PhoneNumberID.IsSet() && (r.Action == ActionAdd || r.Action == ActionEnsure) {
		put(sharesNumberID, r.PhoneNumberID.Text, r.PhoneNumberID)
	}
	switch r.ReplaceWith.Form {
	case ReplaceID, ReplaceSerial, ReplaceExtension:
		put(sharesWanted, r.ReplaceWith.String(), Value{Text: r.ReplaceWith.String(), Cell: r.ReplaceWith.Cell})
	case ReplaceNone, ReplaceName, ReplaceInventory, ReplaceNew:
	}
}

// says is all that a row without key says of its phone, for comparison.
func (r *Row) says() string {
	a := r.Address
	return strings.Join([]string{
		string(r.Action), r.NewName.Text, r.NewSerial.Text, r.Model.Text, r.NewModel.Text, r.DeviceType.Text,
		r.PhoneNumberID.Text, r.AreaCode.Text, r.TollType.Text, r.CostCenter.Text, r.Location.Text, a.Street, a.Street2, a.City, a.State,
		a.Zip, a.Country, r.CustomerName.Text, r.ReplaceWith.String(), string(r.KeepAssets), r.CommonPhone.Text,
	}, "\x00")
}

// usesApart reports whether the rows mean different lines of one phone, as far
// as that can be told of them.
func usesApart(uses []*rowUse) bool {
	seen := map[string]bool{}
	for _, u := range uses {
		r := u.r
		number := r.PhoneNumber.Text
		whole := r.Invalid || r.Action == ActionIgnore || u.moves || r.Action == ActionRemove && r.DeviceID.IsSet()
		if number == "" || whole || seen[number] {
			return false
		}
		seen[number] = true
	}
	return true
}

// byPerson parts rows by what they call their person, in the order of the first
// of each.
func byPerson(uses []*rowUse) [][]*rowUse {
	var out [][]*rowUse
	at := map[string]int{}
	for _, u := range uses {
		i, ok := at[u.person]
		if !ok {
			i = len(out)
			at[u.person] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], u)
	}
	return out
}

func cellsOfUses(uses []*rowUse) []Cell {
	cells := make([]Cell, len(uses))
	for i, u := range uses {
		cells[i] = u.r.At
	}
	slices.SortFunc(cells, Cell.Compare)
	return cells
}
