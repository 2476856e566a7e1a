package plan

import "slices"

// judge tells what is wrong with rows that share a key, to the builder.
func (s *sharing) judge(b *builder) {
	switch s.kind {
	case sharesDevice, sharesSerial, sharesNumber:
		for _, uses := range byPerson(slices.DeleteFunc(slices.Clone(s.uses), func(u *rowUse) bool { return u.renews })) {
			if s.kind == sharesNumber || !usesApart(uses) {
				s.oneKey(b, uses)
			}
		}
		if s.kind == sharesNumber {
			s.twoExtensions(b)
		} else {
			s.twoPhones(b)
			s.newSerials(b)
		}
	case sharesName:
		s.oneKey(b, s.uses)
	case sharesKeyless:
		s.keyless(b)
	case sharesEmail:
		s.onePerson(b, codeEmailMismatch, "e-mail address")
	case sharesUserName:
		s.onePerson(b, codeNameMismatch, "name")
	case sharesWanted:
		s.wanted(b)
	case sharesNumberID:
		for _, u := range s.uses[min(1, len(s.uses)):] {
			b.warnUse(u, u.value, "number_wanted_twice", "the number with the id "+s.text+" is asked for by "+s.uses[0].r.At.String()+" too")
		}
	case sharesStock:
		if len(s.uses) > 0 {
			b.usesSamePhone(s.uses, stockedTwice(s.uses[0].value.Text), keepOne)
		}
	case sharesUnstock:
		s.sayTheSame(b, s.uses)
	case sharesNothing:
	}
}

func (b *builder) failUse(u *rowUse, v Value, code, message string) {
	u.bad = true
	b.failValue(&work{row: u.r}, v, code, message)
}

func (b *builder) warnUse(u *rowUse, v Value, code, message string) {
	b.warn(&work{row: u.r}, v.Cell, v.Text, code, message)
}

// usesSamePhone is what [builder.samePhone] is to rows that are planned.
func (b *builder) usesSamePhone(uses []*rowUse, what, do string) {
	if len(uses) < 2 || !slices.ContainsFunc(uses, func(u *rowUse) bool { return !u.bad }) {
		return
	}
	cells := cellsOfUses(uses)
	for _, u := range uses {
		b.failUse(u, Value{}, codeSamePhone, samePhoneAs(what, otherRows(cells, u.r.At), do))
	}
}

// columnOf is the column of the kinds by which rows of one person mean one phone.
func columnOf(kind sharedKind) string {
	for column, k := range columnKinds {
		if k == kind {
			return column
		}
	}
	return ""
}

// oneKey puts rows of one person in error that share a key. Rows that are all
// ignored are right where the person is not on the account.
func (s *sharing) oneKey(b *builder, uses []*rowUse) {
	if len(uses) < 2 || !slices.ContainsFunc(uses, func(u *rowUse) bool { return u.r.Action != ActionIgnore }) {
		return
	}
	person, text := uses[0].person, s.text
	if s.kind == sharesName {
		text = text[len(person)+1:]
	}
	b.usesSamePhone(uses, meansOnePhone(person, columnOf(s.kind), text), keepOrOther)
}

// twoExtensions puts rows in error that name one number for different people, as
// [builder.numbersApart] does.
func (s *sharing) twoExtensions(b *builder) {
	uses := slices.DeleteFunc(slices.Clone(s.uses), func(u *rowUse) bool { return u.r.Invalid || u.r.Action == ActionIgnore })
	var all firsts
	for _, u := range uses {
		all.add(u, u.person)
	}
	for _, u := range uses {
		if o := all.beside(u.person); o != nil && !u.bad {
			b.failUse(u, u.value, codeTwoExtensions, onTwoExtensions(s.text, o.person, o.r.At))
		}
	}
}

// firsts are the first of some rows, and the first of them that is for another
// person.
type firsts struct {
	one, other *rowUse
	person     string // of the first one
}

func (f *firsts) add(u *rowUse, person string) {
	switch {
	case f.one == nil:
		f.one, f.person = u, person
	case f.other == nil && person != f.person:
		f.other = u
	}
}

// beside is the first row that is not for a person; nil if there is none.
func (f *firsts) beside(person string) *rowUse {
	if f.one != nil && f.person == person {
		return f.other
	}
	return f.one
}

// plain reports whether a row that names a phone means one that is on its
// extension, and will be.
func (u *rowUse) plain() bool {
	switch u.r.Action {
	case ActionEnsure, ActionAdd, ActionUpdate:
		return u.r.ReplaceWith.Form == ReplaceNone
	case ActionSwap, ActionRemove, ActionStock, ActionUnstock, ActionIgnore:
	}
	return false
}

// twoPhones tells of a phone that rows of different people name as theirs. Where
// both mean that it is there one of them is wrong on any account; a phone that is
// swapped or removed may have been at one of them before.
func (s *sharing) twoPhones(b *builder) {
	certain := func(u *rowUse) bool { return u.plain() && (s.kind == sharesDevice || !u.r.NewSerial.IsSet()) }
	var before, there firsts
	for _, u := range s.uses {
		if u.renews || u.r.Invalid || u.r.Action == ActionIgnore || !u.r.Extension.IsSet() {
			continue // whose extension an e-mail address is only the account tells
		}
		person := BareNumber(u.person) // leading zeros may be lost
		o := there.beside(person)
		wrong := o != nil && certain(u)
		if !wrong {
			o = before.beside(person)
		}
		before.add(u, person)
		if certain(u) {
			there.add(u, person)
		}
		if o == nil || u.bad {
			continue
		}
		message := o.r.At.String() + " names it for extension " + o.person + " already, and a phone is at one extension only"
		if wrong {
			b.failUse(u, u.value, "phone_twice", message)
		} else {
			b.warnUse(u, u.value, "phone_twice", message)
		}
	}
}

// newSerials puts rows in error that give one serial to phones of different
// people, or name a phone by the serial that another person's shall have.
func (s *sharing) newSerials(b *builder) {
	var renewing firsts
	for _, u := range s.uses {
		if u.renews && u.r.Extension.IsSet() {
			renewing.add(u, BareNumber(u.person))
		}
	}
	for _, u := range s.uses {
		switch {
		case u.bad, u.r.Invalid, !u.r.Extension.IsSet():
		case !u.renews && (u.r.NewSerial.IsSet() || !u.plain() && u.r.Action != ActionRemove):
		default:
			if o := renewing.beside(BareNumber(u.person)); o != nil {
				b.failUse(u, u.value, codeSerialTwice, wantedTwice("the serial "+s.text, o.r.At))
			}
		}
	}
}

// keyless judges a person's rows without key.
func (s *sharing) keyless(b *builder) {
	has := func(a Action) bool {
		return slices.ContainsFunc(s.uses, func(u *rowUse) bool { return u.r.Action == a })
	}
	uses := slices.DeleteFunc(slices.Clone(s.uses), func(u *rowUse) bool { return u.bad || u.r.Action == ActionIgnore })
	removes := slices.ContainsFunc(uses, func(u *rowUse) bool { return u.r.Action == ActionRemove })
	keeps := slices.ContainsFunc(uses, func(u *rowUse) bool { return u.r.Action != ActionRemove })
	switch {
	case has(ActionIgnore):
		for _, u := range uses {
			b.failUse(u, Value{Text: string(u.r.Action), Cell: u.r.ActionCell}, codeIgnored, ignoredBeside(u.person))
		}
	case removes && keeps:
		b.usesSamePhone(uses, removedAndKept(uses[0].person), keepOrDevice)
	default:
		s.sayTheSame(b, uses)
	}
}

// sayTheSame warns of rows that say the same as one before them. That is no
// error on every account: a person may have two phones that both are as the rows
// say.
func (s *sharing) sayTheSame(b *builder, uses []*rowUse) {
	first := map[string]*rowUse{}
	for _, u := range uses {
		if o := first[u.says]; o != nil {
			b.warnUse(u, Value{}, "row_twice", "the row says the same as "+o.r.At.String()+": delete one of them, or tell by keys which phones are meant")
			continue
		}
		first[u.says] = u
	}
}

// onePerson puts rows in error that say that one extension is of different
// people: numbers are used again, and collide where companies merge.
func (s *sharing) onePerson(b *builder, code, what string) {
	for _, u := range s.uses[min(1, len(s.uses)):] {
		if first := s.uses[0]; !sameName(u.value.Text, first.value.Text) {
			b.failUse(u, u.value, code, "extension "+s.text+" has one "+what+", and by "+first.r.At.String()+" it is "+first.value.Text+", not "+u.value.Text)
		}
	}
}

// wanted puts rows in error that bring one phone onto several lines.
func (s *sharing) wanted(b *builder) {
	if len(s.uses) < 2 {
		return
	}
	what := "phone "
	switch s.uses[0].r.ReplaceWith.Form {
	case ReplaceSerial:
		what = "the phone with the serial "
	case ReplaceExtension:
		what = "the phone of extension "
	case ReplaceID, ReplaceNone, ReplaceName, ReplaceInventory, ReplaceNew:
	}
	for i, u := range s.uses {
		o := s.uses[0]
		if i == 0 {
			o = s.uses[1]
		}
		b.failUse(u, u.value, codeWantedTwice, wantedTwice(what+u.r.ReplaceWith.Arg, o.r.At))
	}
}
