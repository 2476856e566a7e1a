package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"provision/plan"
)

// normaliser turns lines into rows. One serves one sheet.
type normaliser struct {
	desired *plan.Desired
	opts    Options
	info    plan.SheetInfo
	sheet   int // index into desired.Sheets

	line    *Line
	at      *[columnCount]int
	current *plan.Row

	firstError       int              // index of the sheet's first in desired.Errors
	firstWarning     int              // and in desired.Warnings
	errors, warnings int              // reported of this sheet
	dropped          int              // problems beyond maxProblems
	numbers          [columnCount]int // cells that hold numbers, by column
	firstNumber      [columnCount]plan.Cell
	places           places
	check            *plan.RowsCheck // of all sheets; nil where the account will tell
	nobody           bool            // told that no column says whose the phones are
	raw              []string        // room for the rows' Raw
}

func newNormaliser(desired *plan.Desired, opts Options, info plan.SheetInfo, sheet int) *normaliser {
	return &normaliser{desired: desired, opts: opts, info: info, sheet: sheet, places: newPlaces(), firstError: len(desired.Errors), firstWarning: len(desired.Warnings)}
}

// row normalises one line into r, which is zero.
func (n *normaliser) row(line *Line, r *plan.Row) error {
	v, err := line.decoder.record(line)
	if err != nil {
		return unreadable(fmt.Sprintf("row %d", line.Row), err)
	}
	n.line, n.current, n.at = line, r, &line.layout.at
	r.Sheet = n.sheet
	r.At = line.layout.rowCell(line.Row)
	if !n.opts.KeepNoRows {
		r.Raw = n.copyRaw(line)
	}
	r.Invalid = line.merged || line.layout.twofold
	for _, p := range line.Problems {
		n.report(p)
	}
	n.finders(r, v)
	n.goals(r, v)
	n.address(r, v)
	n.person(r, v)
	n.rules(r)
	return nil
}

// repeatedHeader says that a row below the header is the header once more, as
// where sheets were put one below the other. It is no data.
func (n *normaliser) repeatedHeader(line *Line) {
	if n.warnings++; n.warnings > maxProblems {
		n.dropped++
		return
	}
	n.desired.Warnings = append(n.desired.Warnings, plan.Problem{Cell: line.layout.rowCell(line.Row), Code: "header_repeated", Message: "this row is the header once more and was left out"})
}

// countOf words a count.
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// rawRoom is how many texts are allocated together.
const rawRoom = 4096

// copyRaw takes over the line's texts, allocating for many rows at once.
func (n *normaliser) copyRaw(line *Line) []string {
	width := line.Len()
	if len(n.raw) < width {
		n.raw = make([]string, max(rawRoom, width))
	}
	raw := n.raw[:width:width]
	n.raw = n.raw[width:]
	for i := range raw {
		raw[i] = line.Text(i)
	}
	return raw
}

// finders normalises what finds the row's extension and device.
func (n *normaliser) finders(r *plan.Row, v *record) {
	r.Action, r.ActionCell = n.action(v.Action)
	r.Extension = n.digits(colExtension, v.Extension, maxExtension)
	r.Email = n.email(v.Email)
	r.UserName = n.text(colUserName, v.UserName, maxName)
	r.Site = n.text(colSite, v.Site, maxName)
	r.DeviceID = n.id(colDeviceID, v.DeviceID)
	r.PhoneNumber = n.phone(colPhoneNumber, v.PhoneNumber)
	r.Serial = n.serial(colSerial, v.Serial)
	r.DeviceName = n.text(colDeviceName, v.DeviceName, maxDeviceName)
	r.RowID = n.free(colRowID, v.RowID)
}

// goals normalises what the row wants of its line or device, but the address.
func (n *normaliser) goals(r *plan.Row, v *record) {
	r.NewName = n.text(colNewName, v.NewName, maxDeviceName)
	r.NewSerial = n.serial(colNewSerial, v.NewSerial)
	r.Model = n.text(colModel, v.Model, maxName)
	n.typeInModel(r)
	r.NewModel = n.text(colNewModel, v.NewModel, maxName)
	if t := n.word(colDeviceType, v.DeviceType, deviceTypes); t.IsSet() {
		r.DeviceType = t
	}
	r.PhoneNumberID = n.id(colPhoneNumberID, v.PhoneNumberID)
	r.AreaCode = n.areaCode(v.AreaCode)
	r.TollType = n.word(colTollType, v.TollType, tollTypes)
	r.CostCenter = n.text(colCostCenter, v.CostCenter, maxName)
	r.Location = n.location(v.EmergencyLocation)
	r.ReplaceWith = n.replaceWith(v.ReplaceWith)
	keep := n.word(colKeepAssets, v.KeepAssets, keepWords)
	r.KeepAssets, r.KeepCell = plan.Keep(keep.Text), keep.Cell
	r.CommonPhone = n.word(colCommonPhone, v.CommonPhone, yesNo)
	r.Quantity, r.QtyCell = n.quantity(v.Quantity)
}

// typeInModel moves one of our device types out of the model, in layouts whose
// device type may be either.
func (n *normaliser) typeInModel(r *plan.Row) {
	if f := n.line.layout.foreign; f == nil || !f.typeIsModel || !r.Model.IsSet() {
		return
	}
	if t, ok := deviceTypes.words[foldWord(r.Model.Text)]; ok {
		r.DeviceType, r.Model = plan.Value{Text: t, Cell: r.Model.Cell}, plan.Value{}
	}
}

// cell is the cell of a column in the present line; a row as a whole for
// a column that the sheet has not.
func (n *normaliser) cell(c columnID) plan.Cell {
	if i := n.at[c]; i >= 0 {
		return n.line.Cell(i)
	}
	return n.current.At
}

func (n *normaliser) kind(c columnID) cellKind {
	if i := n.at[c]; i >= 0 {
		return kindOf(n.line.kind(i))
	}
	return kindAbsent
}

// fail reports an error at a column's cell; the row becomes invalid.
func (n *normaliser) fail(c columnID, value, code, message string) {
	n.report(plan.Problem{Cell: n.cell(c), Value: value, Code: code, Message: message})
}

func (n *normaliser) report(p plan.Problem) {
	n.current.Invalid = true
	if n.errors++; n.errors > maxProblems {
		n.dropped++
		return
	}
	n.desired.Errors = append(n.desired.Errors, p)
}

// note reports something that was put right, or is odd.
func (n *normaliser) note(c columnID, value, code, message string) {
	n.odd(plan.Problem{Cell: n.cell(c), Value: value, Code: code, Message: message})
}

func (n *normaliser) odd(p plan.Problem) {
	if n.warnings++; n.warnings > maxProblems {
		n.dropped++
		return
	}
	n.desired.Warnings = append(n.desired.Warnings, p)
}

// finish reports what concerns the sheet as a whole, and puts the problems in
// the order of the sheet.
func (n *normaliser) finish(errs, warnings []plan.Problem) {
	n.desired.Errors = append(n.desired.Errors, errs...)
	n.desired.Warnings = append(n.desired.Warnings, warnings...)
	for c, count := range n.numbers {
		if count == 0 {
			continue
		}
		n.desired.Warnings = append(n.desired.Warnings, plan.Problem{Cell: n.firstNumber[c], Code: "stored_as_number",
			Message: countOf(count, "cell of this column holds a number", "cells of this column hold numbers") + "; numbers lose leading zeros, so format the column as text"})
	}
	inOrder := func(a, b plan.Problem) int { return a.Cell.Compare(b.Cell) }
	slices.SortStableFunc(n.desired.Errors[n.firstError:], inOrder)
	slices.SortStableFunc(n.desired.Warnings[n.firstWarning:], inOrder)
	if n.dropped > 0 {
		n.desired.Errors = append(n.desired.Errors, tooMany(n.info.Cell(), n.dropped))
	}
}

// tooMany says of a sheet that more is wrong than is listed.
func tooMany(sheet plan.Cell, dropped int) plan.Problem {
	return plan.Problem{Cell: sheet, Code: "too_many_problems",
		Message: countOf(dropped, "further problem of this sheet is", "further problems of this sheet are") + " not listed; put right those that are and read it again"}
}

func (n *normaliser) layoutOf(r Reader) *layout {
	switch r := r.(type) {
	case *csvReader:
		return r.layout
	case *xlsxReader:
		return r.layout
	}
	return &layout{info: r.Info()}
}

// usable cleans a value and sees to the wounds that no column can have: error
// cells, lost characters, dates where none belong. It reports false where
// there is nothing to go on with. code tells that the value is ASCII by nature.
func (n *normaliser) usable(c columnID, raw string, code bool) (string, bool) {
	if raw == "" {
		return "", false
	}
	text, changed, unquoted := raw, false, false
	plain := isPlain(raw)
	switch {
	case plain: // as nearly all values are
	case code:
		text, changed = cleanCode(raw)
	default:
		text, changed = cleanText(raw)
	}
	if code {
		if bare, ok := unquoteFormula(text); ok {
			text, unquoted = bare, true
		}
	}
	if text == "" {
		return "", false
	}
	if text[0] == '#' || n.kind(c) == kindError {
		if errorCells[strings.ToUpper(text)] || n.kind(c) == kindError {
			n.fail(c, raw, "error_cell", "the cell shows the spreadsheet error "+text+"; put the value in its place")
			return "", false
		}
	}
	if standsForNothing(text) {
		switch {
		case c == colDeviceName || c == colNewName || c == colCustomerName:
			n.note(c, raw, "stands_for_nothing", fmt.Sprintf("%q is taken for a name; leave the cell empty if there is none", text))
		case !anyText[c]:
			n.fail(c, raw, "stands_for_nothing", "the value stands for nothing; leave the cell empty")
			return "", false
		}
	}
	if n.kind(c) == kindDate {
		n.fail(c, raw, "date_cell", "the cell holds a date: the spreadsheet program took the value for one and did not keep what was typed; format the cell as text and type it anew")
		return "", false
	}
	if !plain && strings.ContainsRune(text, '\uFFFD') {
		n.fail(c, raw, "text_damaged", "a character of the value was lost when the file was saved; save the sheet anew as CSV UTF-8 or .xlsx")
		return "", false
	}
	switch {
	case changed:
		n.note(c, raw, "cleaned", fmt.Sprintf("read as %q, without characters that can't be seen or typed", text))
	case unquoted:
		n.note(c, raw, "cleaned", fmt.Sprintf("read as %q, without the signs around it that keep spreadsheet programs from taking it for a number", text))
	}
	return text, true
}

// nothings are what people and programs write into a cell that they have no
// value for. As an ERL or the floor of an address they would be taken for one.
var nothings = map[string]bool{
	"n/a": true, "n.a.": true, "null": true, "<null>": true, "(null)": true, "nil": true, "nan": true, "none": true, "(none)": true,
	"tbd": true, "tba": true, "-": true, "--": true, "---": true, "?": true, "??": true, `\n`: true,
}

// standsForNothing is asked of every value: most are told by their length or
// first letter.
func standsForNothing(text string) bool {
	const longest = len("(none)")
	return len(text) <= longest && strings.IndexByte(`nNtT-?(<\`, text[0]) >= 0 && nothings[strings.ToLower(text)]
}

// anyText are the columns in which such a text may be meant, also as a name,
// and those that say what their words are.
var anyText = map[columnID]bool{
	colAction: true, colUserName: true, colDeviceName: true, colNewName: true, colCustomerName: true, colRowID: true, colNotes: true,
	colDeviceType: true, colTollType: true, colKeepAssets: true, colCommonPhone: true,
}

// errorCells are what spreadsheet programs show in place of a value.
var errorCells = map[string]bool{
	"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NULL!": true, "#NUM!": true,
	"#SPILL!": true, "#CALC!": true, "#GETTING_DATA": true, "#FIELD!": true, "#BLOCKED!": true, "#CONNECT!": true,
	"#UNKNOWN!": true, "#ERROR!": true,
}

// Most characters of texts. Names of devices: API reference, updateDevice
// (64 by description). The others are bounds of ours against a column that
// holds something else.
const (
	maxDeviceName = 64
	maxName       = 256
)

// text normalises a free text that the service knows: a name.
func (n *normaliser) text(c columnID, raw string, most int) plan.Value {
	text, ok := n.usable(c, raw, false)
	if !ok {
		return plan.Value{}
	}
	if n.tooLong(c, text, most) {
		return plan.Value{}
	}
	if k := n.kind(c); k == kindNumber {
		n.countNumber(c)
	}
	return plan.Value{Text: text, Cell: n.cell(c)}
}

// free takes a text of the operator's own as it is.
func (n *normaliser) free(c columnID, raw string) plan.Value {
	if raw == "" {
		return plan.Value{}
	}
	text, _ := cleanText(raw)
	if text == "" {
		return plan.Value{}
	}
	return plan.Value{Text: text, Cell: n.cell(c)}
}

func (n *normaliser) tooLong(c columnID, text string, most int) bool {
	if len(text) <= most || len([]rune(text)) <= most {
		return false
	}
	n.fail(c, text, "too_long", fmt.Sprintf("%d characters, more than the %d that are possible; shorten it", len([]rune(text)), most))
	return true
}

func (n *normaliser) countNumber(c columnID) {
	if n.numbers[c] == 0 {
		n.firstNumber[c] = n.cell(c)
	}
	n.numbers[c]++
}
