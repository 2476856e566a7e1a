package plan

import (
	"fmt"
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

	defaultName *regexp.Regexp
	serials     map[string]*work   // who wants which serial
	models      map[string]ModelID // by name and id, once asked for
	modelNames  map[ModelID]string // once asked for

	works   []work
	groups  []*group // by extension number
	groupAt []*group // by the extension's place in the account; nil: no row names it
	errors  []Problem
	warns   []Problem
	notes   map[string]bool

	named     []bool // devices that some row names, by their place in the account, see isNamed
	rowsNamed bool   // what rows name by their keys is among them
	places    map[string]*newPlace
	emTexts   map[string]*emWish // what rows of one text and site mean, by emText.key
	share     sharer
	line      []*position // all positions, in order of extension
	unstocks  []*work
	stocks    []*work
	ch        changeSet
	keys      [4]sought // room for seek
	emKey     []byte    // room for emergencyOf
	nowhere   Emergency // of a line that does not exist yet
	grown     []group   // room for groups
	numbered  []*work   // rows with a phone number
	replacing []*work   // rows with replace_with that are for an extension, in order of extension

	protect   *protection    // nil: nothing is protected
	forbidden map[int]string // rows that would change what is protected, and why not
	pruned    SiteID         // the site that is pruned, if one is

	sourceless []*work                   // swap rows without a source
	presumed   map[*work]*Device         // what can only be the source of such a row
	phonesAt   map[ExtensionID][]*Device // phones by extension, once asked for
	poolSwaps  map[*Device]*work         // rows that give a line a phone of the inventory, by the source

	asked rowChanges // which changes each row asks for, once all are made

	slotsGone map[SiteID]int // free slots that the run's changes take, less those they give
}

// verdict is what matching made of a row.
type verdict uint8

const (
	undecided verdict = iota
	passive           // ignored, or nothing to be done and nothing claimed
	adds              // a new line
	keeps             // a line that exists, its phone is dev
	removes
	unstocksDevice
	stocksSite
)

// work is one row on its way through planning. A sheet may have a million rows,
// so that it is kept lean: what follows from another part, or concerns few rows,
// is elsewhere.
type work struct {
	i   int
	row *Row
	ext *Extension
	g   *group

	verdict verdict
	bad     bool // the row is in error
	later   bool // its extension is not on the account yet, and that is no error
	keyless bool
	byName  bool // only device_name was given, and it found nothing
	// bySerial: serial was given, and neither it nor another key found a phone.
	bySerial     bool
	writesSerial bool // the row's serial is the one that its phone shall have
	oneLine      bool // of the device it means the line of its phone_number only
	replaces     bool // replace_with is filled
	moves        bool // replace_with says which phone comes instead of the source
	reached      bool // the goal of replace_with holds already
	compared     bool // with the phone as it is
	off          deselection

	dev    *Device // the phone that is on the extension now and that the row claims
	how    string  // how it was matched
	note   string  // why nothing is to be done
	name   string  // the name that the phone shall have; empty: as it is
	gone   *Device // what a removal finds in the inventory, or an ignored row elsewhere
	source *Device
	target *Device // replace_with of the forms id, serial, name and ext
	pos    *position
	em     *emWish
	up     wish
	line   *AddLine // what an add asks for, as far as it could be told
	add    *Change  // the change that adds the line
}

// group is an extension that rows name, with its phones and rows.
type group struct {
	ext    *Extension
	all    []*Device        // of all types, by id
	phones []*Device        // those that rows can mean
	rows   []*work          // in an order that does not depend on the sheet's
	pruned []*Device        // phones that no row mentions and that are taken off
	taken  map[*Device]bool // phones that rows claim, once asked for where there are several rows
	rank   int32            // place among the groups
	spared bool             // a row of action ignore without key: what no key names is left alone
	oneRow [1]*work         // room for rows and all, of which most groups have one
	oneDev [1]*Device
}

func newBuilder(d *Desired, s *Snapshot, o Options) (*builder, error) {
	b := &builder{
		d: d, s: s, o: o, ix: newIndex(s),
		groupAt: make([]*group, len(s.Extensions)), notes: map[string]bool{},
		places: map[string]*newPlace{}, emTexts: map[string]*emWish{}, share: newSharer(),
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
