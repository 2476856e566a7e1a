package plan

import (
	"cmp"
	"slices"
	"strings"
)

// people finds each row's extension, checks what the row asserts of it, and
// gathers the rows by extension.
func (b *builder) people() error {
	b.works = newPieces[work](len(b.d.Rows))
	for i := range b.d.Rows {
		w := b.works.at(i)
		w.i, w.row, w.bad = int32(i), &b.d.Rows[i], b.d.Rows[i].Invalid
		b.checkShape(w)
		if w.row.PhoneNumber.IsSet() {
			b.numbered = append(b.numbered, w)
		}
		switch w.row.Action {
		case ActionStock:
			w.verdict = stocksSite
			b.stocks = append(b.stocks, w)
		case ActionUnstock:
			w.verdict = unstocksDevice
			b.unstocks = append(b.unstocks, w)
		case ActionEnsure, ActionAdd, ActionUpdate, ActionSwap, ActionRemove, ActionIgnore:
			b.person(w)
		}
	}
	if err := b.pruneGroups(); err != nil {
		return err
	}
	b.gatherPhones()
	b.keepProtected()
	return nil
}

// person finds the extension of a row and puts the row into its group.
func (b *builder) person(w *work) {
	place := b.findExtension(w)
	if w.row.Action == ActionIgnore {
		w.verdict = passive
	}
	if place < 0 {
		return
	}
	g := b.group(place)
	w.g = g
	g.addRow(w)
	if w.row.Action != ActionIgnore && !w.row.Invalid {
		b.checkPerson(w)
	}
}

// group is the group of the extension at a place in the account, made if there
// is none yet.
func (b *builder) group(place int) *group {
	at := &b.groupAt[place]
	if *at == nil {
		if len(b.grown) == cap(b.grown) {
			b.grown = make([]group, 0, 256)
		}
		b.grown = append(b.grown, group{ext: &b.s.Extensions[place]})
		*at = &b.grown[len(b.grown)-1]
		b.groups = append(b.groups, *at)
	}
	return *at
}

// groupOf is the group of the extension with the id; nil if no row names it.
func (b *builder) groupOf(id ExtensionID) *group {
	if i := b.ix.extPlace(id); i >= 0 {
		return b.groupAt[i]
	}
	return nil
}

// nobody is the place of an extension that is not on the account.
const nobody = -1

// findExtension looks by number, or by e-mail where there is none, and tells the
// extension's place in the account. A row that is ignored or unreadable anyway
// fails quietly.
func (b *builder) findExtension(w *work) int {
	r := w.row
	quiet := r.Invalid || r.Action == ActionIgnore
	fail := func(v Value, code, msg string) int {
		if !quiet {
			b.failValue(w, v, code, msg)
		}
		return nobody
	}
	if r.Extension.IsSet() {
		if i := b.ix.numberPlace(r.Extension.Text); i >= 0 {
			return i
		}
		if found := b.ix.zeroNumbers[r.Extension.Text]; len(found) > 0 {
			return b.restored(w, found, quiet)
		}
		return b.missing(w, r.Extension, "extension_unknown", "extension "+r.Extension.Text+" is not on the account", quiet)
	}
	if !r.Email.IsSet() {
		return fail(Value{}, "extension_missing", "the row names no extension: fill extension or email")
	}
	switch found := b.ix.byEmail(r.Email.Text); len(found) {
	case 0:
		return b.missing(w, r.Email, "email_unknown", "no extension has the e-mail address "+r.Email.Text, quiet)
	case 1:
		return found[0]
	default:
		numbers := b.numbersAt(found)
		slices.SortFunc(numbers, CompareNumeric)
		return fail(r.Email, "email_ambiguous", "extensions "+strings.Join(numbers, ", ")+" have the e-mail address "+r.Email.Text+": fill extension")
	}
}

// numbersAt are the numbers of the extensions at some places.
func (b *builder) numbersAt(places []int) []string {
	numbers := make([]string, len(places))
	for i, place := range places {
		numbers[i] = b.s.Extensions[place].Number
	}
	return numbers
}

// BareNumber is an extension number without its leading zeros, as a spreadsheet
// program leaves it.
func BareNumber(number string) string { return strings.TrimLeft(number, "0") }

// restored takes the extension whose number lost its leading zeros in the
// sheet: the account has none of the number as it stands, and one that only
// they tell from it.
func (b *builder) restored(w *work, found []int, quiet bool) int {
	v, numbers := w.row.Extension, b.numbersAt(found)
	if len(found) == 1 {
		if !quiet {
			b.warn(w, v.Cell, v.Text, "extension_restored", "read as "+numbers[0]+": the account has no extension "+v.Text+", so a leading zero was lost; format the column as text and type "+numbers[0])
		}
		return found[0]
	}
	if !quiet {
		slices.Sort(numbers)
		b.failValue(w, v, "extension_ambiguous", "the account has no extension "+v.Text+", but "+strings.Join(numbers, " and ")+": format the column as text and type the one that is meant")
	}
	return nobody
}

// missing is a row whose extension is not on the account: an error, or left
// over if that was asked for. It is nobody.
func (b *builder) missing(w *work, v Value, code, msg string, quiet bool) int {
	switch {
	case quiet:
	case !b.o.DeferMissing:
		b.failValue(w, v, code, msg)
	case !w.bad:
		w.verdict, w.later, w.own().note = passive, true, msg+": the row is left over"
		b.warn(w, v.Cell, v.Text, "extension_deferred", w.note())
	}
	return nobody
}

const (
	codeEmailMismatch = "email_mismatch"
	codeNameMismatch  = "user_name_mismatch"
)

// checkPerson compares the extension with what the row asserts and with what
// can have a phone (API reference: devices belong to User and Limited).
func (b *builder) checkPerson(w *work) {
	r, e := w.row, w.ext()
	cell := r.Extension
	if !cell.IsSet() {
		cell = r.Email
	}
	if e.Type != "User" && e.Type != "Limited" {
		b.failValue(w, cell, "extension_type", "extension "+e.Number+" is of type "+e.Type+": only User and Limited extensions have phones")
	}
	if e.Status == "Disabled" || e.Status == "Frozen" {
		b.failValue(w, cell, "extension_status", "extension "+e.Number+" is "+strings.ToLower(e.Status)+": enable it first")
	}
	if r.Email.IsSet() && !sameName(r.Email.Text, e.Email) {
		b.failValue(w, r.Email, codeEmailMismatch, "extension "+e.Number+" has the e-mail address "+orNone(e.Email)+", not "+r.Email.Text)
	}
	if r.UserName.IsSet() && !sameName(r.UserName.Text, e.Name) {
		b.failValue(w, r.UserName, codeNameMismatch, "extension "+e.Number+" belongs to "+orNone(e.Name)+", not to "+r.UserName.Text)
	}
	if r.Site.IsSet() {
		if site, ok := b.site(w, r.Site); ok && site != siteOf(e.Site) {
			b.failValue(w, r.Site, "site_mismatch", "extension "+e.Number+" is at site "+orNone(cmp.Or(e.SiteName, string(e.Site)))+", not at "+r.Site.Text)
		}
	}
	if !b.ix.phonesKnown(e.ID) {
		b.failValue(w, cell, "snapshot_incomplete", "the phones of extension "+e.Number+" were not read")
	}
}

// site finds the one site that a cell names.
func (b *builder) site(w *work, v Value) (SiteID, bool) {
	switch found := b.ix.sites(v.Text); len(found) {
	case 0:
		b.failValue(w, v, "site_unknown", "no site is called "+v.Text)
		return "", false
	case 1:
		return found[0].ID, true
	default:
		b.failValue(w, v, "site_ambiguous", "several sites are called "+v.Text+": give the site's id")
		return "", false
	}
}

// gatherPhones gives the groups their devices, and groups and rows an order
// that does not depend on the sheet's.
func (b *builder) gatherPhones() {
	for i := range b.s.Devices {
		place := b.ix.holderPlace(i)
		if place < 0 || b.groupAt[place] == nil {
			continue
		}
		b.groupAt[place].addDevice(&b.s.Devices[i])
	}
	slices.SortFunc(b.groups, func(x, y *group) int {
		return cmp.Or(CompareNumeric(x.ext.Number, y.ext.Number), CompareNumeric(x.ext.ID, y.ext.ID))
	})
	for i, g := range b.groups {
		g.rank = int32(i)
		g.settle()
	}
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}
