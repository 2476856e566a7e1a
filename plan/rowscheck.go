package plan

import (
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// RowsCheck finds what is wrong with rows on every account: in a row by itself,
// and in rows that contradict each other. [Build] finds it too, and then says
// more of it; what both find has the same code and, but for what only the account
// tells, the same words.
//
// Rows are given one after the other and not kept. To find rows that share
// something it keeps 8 bytes for each key of a row, which are one to three of
// most. Only where some are alike the rows are to be given once more, so that
// it can say which:
//
//	for each sheet: Sheet, then Row for each of its rows
//	if Again: the same once more
//	Finish
type RowsCheck struct {
	b      builder
	d      Desired // the sheets only
	seed   maphash.Seed
	again  bool
	hashes keyHashes           // of the rows' keys
	people keyHashes           // of extensions, with what rows say of the person in the last bits
	shared map[uint64]*sharing // on the second pass, what several rows have
	kept   int                 // rows in shared
	beyond bool                // there are more of them than are looked at

	swapped map[uint64]bool // extensions of which some row may say which phone comes there
	asked   map[uint64]bool // extensions whose phone some row asks for by ext:
	anyone  bool            // whose phone a row may exchange is not known for all rows
	lonely  []Problem       // rows that ask for a phone that no row exchanges
}

// NewRowsCheck begins a check; country is that of addresses which name none, as
// [Options.Country].
func NewRowsCheck(country string) *RowsCheck {
	c := &RowsCheck{seed: maphash.MakeSeed(), swapped: map[uint64]bool{}, asked: map[uint64]bool{}}
	c.b.d = &c.d
	c.b.o.Country = country
	return c
}

// Sheet tells the i-th sheet, whose rows come next.
func (c *RowsCheck) Sheet(i int, s SheetInfo) {
	for len(c.d.Sheets) <= i {
		c.d.Sheets = append(c.d.Sheets, SheetInfo{})
	}
	c.d.Sheets[i] = s
}

// Row judges a row by itself. Of one that could not be read, as Invalid says,
// nothing more is told, but its keys count. The row may be changed afterwards,
// but not its texts.
func (c *RowsCheck) Row(r *Row) (errors, warnings []Problem) {
	b := &c.b
	b.errors, b.warns, b.sourceless = nil, nil, b.sourceless[:0]
	w := work{row: r}
	b.checkShape(&w)
	if lacksSource(&w) {
		b.fail(&w, r.ActionCell, string(r.Action), codeNeedsSource, messageNeedsSource)
	}
	if statesPlace(r) {
		text := emText{location: r.Location.Text, addr: r.Address}
		text.addr.CustomerName = ""
		wish, _ := b.readStated(text, r.HasAddress())
		b.raise(&w, wish.said().wrong)
	}
	c.together(r, w.moves, r.Invalid || w.bad)
	return b.errors, b.warns
}

// statesPlace reports whether a row says where its phone is, and will be asked.
func statesPlace(r *Row) bool {
	return r.HasAddress() && !r.Invalid && isFor(r.Action) && r.Action != ActionRemove
}

// isFor reports whether an action is about the line of a person, and is heeded.
func isFor(a Action) bool {
	switch a {
	case ActionEnsure, ActionAdd, ActionUpdate, ActionSwap, ActionRemove:
		return true
	case ActionStock, ActionUnstock, ActionIgnore:
	}
	return false
}

// together notes what a row may share with others.
func (c *RowsCheck) together(r *Row, moves, bad bool) {
	use := rowUse{r: r, person: r.calls(), moves: moves, bad: bad}
	use.eachKey(func(kind sharedKind, text string, v Value) {
		hash := c.hash(kind, text)
		ofPerson := kind == sharesEmail || kind == sharesUserName
		switch {
		case !c.again && ofPerson:
			c.people.add(hash&^saidBits | c.hash(kind, fold(v.Text))&saidBits)
		case !c.again:
			c.hashes.add(hash)
		case ofPerson:
			c.keep(hash&^saidBits, kind, text, func() *rowUse { return use.kept(kind, v) })
		default:
			c.keep(hash, kind, text, func() *rowUse { return use.kept(kind, v) })
		}
	})
	c.partners(&use)
}

// saidBits are the bits of a hash that tell what is said of a person.
const saidBits = 1<<16 - 1

// maxShared is the most rows that share something which are looked at; who has
// more does well to begin with these.
const maxShared = 50_000

// keep remembers a row with what it shares with others, if it does.
func (c *RowsCheck) keep(hash uint64, kind sharedKind, text string, kept func() *rowUse) {
	s := c.shared[hash]
	switch {
	case s == nil:
	case c.kept >= maxShared:
		c.beyond = true
	case len(s.uses) > 0 && s.text != text: // another text of the same hash
	default:
		c.kept++
		s.kind, s.text = kind, strings.Clone(text)
		s.uses = append(s.uses, kept())
	}
}

func (c *RowsCheck) hash(kind sharedKind, text string) uint64 {
	return maphash.Comparable(c.seed, sharedKey{kind, text})
}

type sharedKey struct {
	kind sharedKind
	text string
}

// partners looks for rows that ask for the phone of an extension by ext:, and
// for those that say what that extension gets instead.
func (c *RowsCheck) partners(u *rowUse) {
	r := u.r
	if !isFor(r.Action) {
		return
	}
	if u.moves || u.bad {
		if r.Extension.IsSet() {
			c.swapped[c.hash(sharesNothing, BareNumber(r.Extension.Text))] = true
		} else {
			c.anyone = true
		}
	}
	if r.ReplaceWith.Form != ReplaceExtension || u.bad {
		return
	}
	number := r.ReplaceWith.Arg
	hash := c.hash(sharesNothing, BareNumber(number))
	switch {
	case !c.again:
		c.asked[hash] = true
	case !c.swapped[hash] && !c.anyone && len(c.lonely) < maxShared:
		c.lonely = append(c.lonely, Problem{Cell: r.ReplaceWith.Cell, Value: r.ReplaceWith.String(), Code: codePartnerMissing,
			Message: c.b.nobodySwapsIt(&Extension{Number: number}, nil, nil)})
	}
}

// Again ends the first pass, and reports whether there is something to be told
// for which all rows have to be given once more.
func (c *RowsCheck) Again() bool {
	c.again = true
	c.shared = map[uint64]*sharing{}
	for _, hash := range c.hashes.twice() {
		c.shared[hash] = &sharing{}
	}
	for _, hash := range c.people.apart() {
		c.shared[hash] = &sharing{}
	}
	c.hashes, c.people = keyHashes{}, keyHashes{}
	if c.anyone {
		return len(c.shared) > 0
	}
	for hash := range c.asked {
		if !c.swapped[hash] {
			return true
		}
	}
	return len(c.shared) > 0
}

// Finish tells what rows are in contradiction to each other, after the second
// pass.
func (c *RowsCheck) Finish() (errors, warnings []Problem) {
	b := &c.b
	b.errors, b.warns = c.lonely, nil
	for _, s := range slices.SortedFunc(maps.Values(c.shared), (*sharing).compare) {
		s.judge(b)
	}
	if c.beyond {
		b.warns = append(b.warns, Problem{Cell: c.d.Sheets[0].Cell(), Code: "too_many_alike", Message: strconv.Itoa(maxShared) + " rows share keys with others, and more were not compared; put right what is wrong of these and check again"})
	}
	return sortProblems(b.errors), sortProblems(b.warns)
}

// keyHashes are hashes of keys, parted by their first bits so that each part is
// sorted, and grows, by itself.
type keyHashes [256][]uint64

func (k *keyHashes) add(hash uint64) { k[hash>>56] = append(k[hash>>56], hash) }

// twice are the hashes that were added more than once.
func (k *keyHashes) twice() []uint64 {
	var out []uint64
	for _, part := range k {
		slices.Sort(part)
		for i := 1; i < len(part); i++ {
			if part[i] == part[i-1] && (i == 1 || part[i] != part[i-2]) {
				out = append(out, part[i])
			}
		}
	}
	return out
}

// apart are the hashes, less what is said, of which different things are said.
func (k *keyHashes) apart() []uint64 {
	var out []uint64
	for _, part := range k {
		slices.Sort(part)
		for i := 1; i < len(part); i++ {
			if part[i] != part[i-1] && part[i]&^saidBits == part[i-1]&^saidBits {
				out = append(out, part[i]&^saidBits)
			}
		}
	}
	return out
}

// sharing is a key that several rows have.
type sharing struct {
	kind sharedKind
	text string
	uses []*rowUse
}

func (s *sharing) compare(o *sharing) int {
	return cmp.Or(cmp.Compare(s.kind, o.kind), cmp.Compare(s.text, o.text))
}
