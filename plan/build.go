package plan

import (
	"fmt"
	"hash/maphash"
	"regexp"
	"slices"
	"strings"
)

// Build compares the rows with the account and returns what is to be done. It
// is pure and deterministic: the same input gives the same bytes, and the
// order of rows changes no change and no id.
//
// An error means that the options make no sense. What is wrong with rows is
// in the plan's Errors and Warnings, each at its cell and with a stable code:
// a plan with errors still exists and can be shown.
//
// The plan points into the rows and the account, and its changes share what they
// have in common: what a change points to is read and never written.
func Build(d Desired, s Snapshot, o Options) (*Plan, error) {
	b, err := decided(&d, &s, o)
	if err != nil {
		return nil, err
	}
	return b.assemble(), nil
}

// decided is a builder that has settled what is to be done.
func decided(d *Desired, s *Snapshot, o Options) (*builder, error) {
	forbidden := map[int]string{}
	for {
		b, err := newBuilder(d, s, o)
		if err != nil {
			return nil, err
		}
		b.forbidden = forbidden
		if err := b.compareAll(); err != nil {
			return nil, err
		}
		if b.protectedRows() {
			continue
		}
		b.taint()
		if err := b.choose(); err != nil {
			return nil, err
		}
		return b, nil
	}
}

// compareAll makes the changes that the rows come to.
func (b *builder) compareAll() error {
	if err := b.people(); err != nil {
		return err
	}
	b.sources()
	b.targets()
	b.needSources()
	b.claimByKeys()
	b.claimLines()
	b.claimRest()
	b.conflicts()
	b.positions()
	b.takeFromInventory()
	b.wishes()
	b.components()
	b.stockRows()
	b.lineChanges()
	b.adviseLocations()
	return nil
}

// builder carries one call of Build.
type builder struct {
	d  *Desired
	s  *Snapshot
	o  Options
	ix *index

	works  pieces[work] // in the sheet's order
	making              // let go when the changes are made
	asked  rowChanges   // which changes each row asks for, once all are made
	ch     changeSet
	errors []Problem
	warns  []Problem
	notes  map[string]bool

	protect   *protection    // nil: nothing is protected
	forbidden map[int]string // rows that would change what is protected, and why not
}

// making is what the changes are made of.
type making struct {
	defaultName *regexp.Regexp
	serials     map[string]*work   // who wants which serial
	models      map[string]ModelID // by name and id, once asked for
	modelNames  map[ModelID]string // once asked for

	groups  []*group // by extension number
	groupAt []*group // by the extension's place in the account; nil: no row names it
	grown   []group  // room for groups

	named     []bool // devices that some row names, by their place in the account, see isNamed
	rowsNamed bool   // what rows name by their keys is among them
	places    map[string]*newPlace
	seed      maphash.Seed
	emTexts   map[uint64]*emWish // what rows of one text and site mean, by the hash of their emText
	share     sharer
	line      []*position // all positions, in order of extension
	unstocks  []*work
	stocks    []*work
	keys      [4]sought // room for seek
	nowhere   Emergency // of a line that does not exist yet
	numbered  []*work   // rows with a phone number
	replacing []*work   // rows with replace_with that are for an extension, in order of extension
	pruned    SiteID    // the site that is pruned, if one is

	sourceless []*work                   // swap rows without a source
	presumed   map[*work]*Device         // what can only be the source of such a row
	phonesAt   map[ExtensionID][]*Device // phones by extension, once asked for
	poolSwaps  map[*Device]*work         // rows that give a line a phone of the inventory, by the source

	slotsGone map[SiteID]int // free slots that the run's changes take, less those they give
}

func newBuilder(d *Desired, s *Snapshot, o Options) (*builder, error) {
	b := &builder{
		d: d, s: s, o: o, ix: newIndex(s), notes: map[string]bool{},
		making: making{
			groupAt: make([]*group, len(s.Extensions)), places: map[string]*newPlace{},
			emTexts: map[uint64]*emWish{}, seed: maphash.MakeSeed(), share: newSharer(),
		},
	}
	if o.DefaultNames != "" {
		re, err := regexp.Compile(o.DefaultNames)
		if err != nil {
			return nil, fmt.Errorf("default names: %w", err)
		}
		b.defaultName = re
	}
	if o.BulkSize < 0 {
		return nil, fmt.Errorf("bulk size %d: want 1 or more", o.BulkSize)
	}
	if o.Country != "" {
		b.o.Country = CanonicalCountry(o.Country)
		if !isAlpha2(b.o.Country) {
			return nil, fmt.Errorf("country %q: want an ISO 3166 code of two letters", o.Country)
		}
	}
	if len(o.KnownPlaces) > 0 {
		b.ix.known = newKnownPlaces(o.KnownPlaces)
	}
	if err := o.Guards.validate(); err != nil {
		return nil, err
	}
	if err := CheckPrune(o.Prune); err != nil {
		return nil, err
	}
	protect, err := newProtection(&b.o, b.ix)
	if err != nil {
		return nil, err
	}
	b.protect = protect
	b.errors = slices.Clone(d.Errors)
	b.warns = slices.Clone(d.Warnings)
	return b, nil
}

// fail puts a row in error. A zero cell means the row as a whole.
func (b *builder) fail(w *work, cell Cell, value, code, message string) {
	if cell.IsZero() {
		cell = w.row.At
	}
	w.bad = true
	b.errors = append(b.errors, Problem{Cell: cell, Value: value, Code: code, Message: message})
}

// failValue puts a row in error at the cell of one of its values.
func (b *builder) failValue(w *work, v Value, code, message string) {
	b.fail(w, v.Cell, v.Text, code, message)
}

func (b *builder) warn(w *work, cell Cell, value, code, message string) {
	if cell.IsZero() {
		cell = w.row.At
	}
	b.warns = append(b.warns, Problem{Cell: cell, Value: value, Code: code, Message: message})
}

// note adds a line about the plan as a whole, once.
func (b *builder) note(text string) { b.notes[text] = true }

// noteSheet adds a line about the row's sheet, once.
func (b *builder) noteSheet(w *work, text string) {
	b.notes[w.row.At.OnRow(0).String()+": "+text] = true
}

// describe names a phone for people: "70012 (Lobby, +16505550100)".
func describe(d *Device) string {
	var more []string
	if d.Name != "" {
		more = append(more, d.Name)
	}
	if n := firstNumber(d); n != "" {
		more = append(more, n)
	} else if d.Serial != "" {
		more = append(more, d.Serial)
	}
	if len(more) == 0 {
		return string(d.ID)
	}
	return string(d.ID) + " (" + strings.Join(more, ", ") + ")"
}

func describeAll(ds []*Device) string {
	parts := make([]string, len(ds))
	for i, d := range ds {
		parts[i] = describe(d)
	}
	return strings.Join(parts, "; ")
}

// whereIs says for people where a device is.
func (b *builder) whereIs(d *Device) string {
	if d.Extension == "" {
		return "unassigned in the inventory"
	}
	if e := b.ix.extByID(d.Extension); e != nil {
		return "on extension " + e.Number
	}
	return "on the extension with id " + string(d.Extension)
}

func firstNumber(d *Device) string {
	for _, l := range d.Lines {
		if l.Number != "" {
			return l.Number
		}
	}
	return ""
}

func isAlpha2(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
