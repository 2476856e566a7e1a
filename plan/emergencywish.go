package plan

import "hash/maphash"

// emText is what a row says of its emergency address, with the site where it
// is to be understood.
type emText struct {
	location string
	addr     Address
	site     SiteID
}

// emText is what the row says.
func (w *work) emText() emText {
	text := emText{location: w.row.Location.Text, site: siteOf(w.ext().Site)}
	if w.row.HasAddress() {
		text.addr = w.row.Address
		text.addr.CustomerName = ""
	}
	return text
}

// emWish is what such a text means in this account. Rows of the same text and
// site share it; every row may have one of its own.
type emWish struct {
	says *work   // the first row of the text
	next *emWish // of another text with the same hash

	none, keep bool
	byName     bool             // the row names a location
	fresh      bool             // no location fits: a new one is to be made
	stated     *EmergencyTarget // the row's address, complete; nil: it states none
	loc        *Location
	name       string // of the location, where the row gives one that the account has not
	trouble    *emTrouble
}

// emTrouble is what is to be said of a wish.
type emTrouble struct {
	wrong  []emProblem // wrong in any case
	needed []emProblem // wrong only if the phone's address is not as wished already
	remark string      // worth a warning where the location is used
}

// emProblem is a problem at the row's location or address cell.
type emProblem struct {
	atAddress     bool
	part          string // our column of the address that is wrong by itself; empty: the address as a whole
	code, message string
}

// addr is the address that the row states, complete; zero if it states none.
func (e *emWish) addr() Address {
	if e.stated == nil {
		return Address{}
	}
	return e.stated.Place
}

// said is what is to be said of the wish.
func (e *emWish) said() emTrouble {
	if e.trouble == nil {
		return emTrouble{}
	}
	return *e.trouble
}

// say is that, to be filled.
func (e *emWish) say() *emTrouble {
	if e.trouble == nil {
		e.trouble = &emTrouble{}
	}
	return e.trouble
}

// emergencyOf is what the row wishes of the emergency address.
func (b *builder) emergencyOf(w *work) *emWish {
	if w.em != nil {
		return w.em
	}
	text := w.emText()
	hash := maphash.Comparable(b.seed, text)
	for wish := b.emTexts[hash]; wish != nil; wish = wish.next {
		if wish.says.emText() == text {
			w.em = wish
			return wish
		}
	}
	w.em = b.readWish(text, w.row.HasAddress())
	w.em.says, w.em.next = w, b.emTexts[hash]
	b.emTexts[hash] = w.em
	return w.em
}

// forgetWishes lets go of what texts mean, and of the lines that were found the
// same, once what each row wants of its phone is known.
func (b *builder) forgetWishes() {
	for w := range b.works.all() {
		w.em = nil
	}
	b.emTexts, b.share.lines = map[uint64]*emWish{}, map[AddLine]*AddLine{}
}
