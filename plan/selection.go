package plan

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Selection says which part of the sheets is to be done now. The whole of the
// sheets is compared all the same: rows that are deselected keep the phones
// that they claim, so that a part does what it would do within the whole.
type Selection struct {
	// Only lists kinds of rows, see [RowKinds].
	Only []string `json:"only,omitempty"`
	// Extensions lists the rows' extensions by number, range or pattern.
	Extensions []string `json:"extensions,omitempty"`
	// Rows lists rows as the spreadsheet counts them: "5", "2-50", or with the
	// sheet's name in front, "moves.csv!2-50".
	Rows []string `json:"rows,omitempty"`
	// Site is the name, code or id of the extensions' site; for stock rows of
	// the slots'.
	Site string `json:"site,omitempty"`
	// Limit is the most changes, 0 for no limit. A row, and a swap with all
	// its rows, is done as a whole or not at all; new emergency locations that
	// are needed do not count.
	Limit int `json:"limit,omitempty"`
}

// IsZero reports whether all rows are selected.
func (s *Selection) IsZero() bool {
	return len(s.Only)+len(s.Extensions)+len(s.Rows) == 0 && s.Site == "" && s.Limit == 0
}

// RowKinds are the kinds that [Selection.Only] takes: a row's action, or what
// a row without one comes to. "update_emergency" are those updates that change
// the emergency address only; "update" has them too.
func RowKinds() []string {
	return []string{string(ActionAdd), string(ActionUpdate), KindUpdateEmergency.String(), string(ActionSwap), string(ActionRemove), string(ActionStock), string(ActionUnstock)}
}

// Check tells what is wrong with a selection, but for its site.
func (s *Selection) Check() error {
	for _, k := range s.Only {
		if !slices.Contains(RowKinds(), k) {
			return fmt.Errorf("only %q: want %s", k, strings.Join(RowKinds(), ", "))
		}
	}
	if _, err := NewExtensionList(s.Extensions); err != nil {
		return err
	}
	if _, err := rowRanges(s.Rows); err != nil {
		return err
	}
	if s.Limit < 0 {
		return fmt.Errorf("limit %d: want 1 or more", s.Limit)
	}
	return nil
}

// rowRange are some rows of one sheet, or of all.
type rowRange struct {
	sheet     string // file, sheet, or both; empty: all
	low, high int
}

func rowRanges(texts []string) ([]rowRange, error) {
	out := make([]rowRange, 0, len(texts))
	for _, text := range texts {
		r := rowRange{}
		rows := text
		if at := strings.LastIndexByte(text, '!'); at >= 0 {
			r.sheet, rows = text[:at], text[at+1:]
		}
		low, high, isRange := strings.Cut(rows, "-")
		if !isRange {
			high = low
		}
		var err1, err2 error
		r.low, err1 = strconv.Atoi(strings.TrimSpace(low))
		r.high, err2 = strconv.Atoi(strings.TrimSpace(high))
		if err1 != nil || err2 != nil || r.low < 1 || r.high < r.low {
			return nil, fmt.Errorf("rows %q: want rows as the spreadsheet counts them, as 5, 2-50 or moves.csv!2-50", text)
		}
		out = append(out, r)
	}
	return out, nil
}

func (r *rowRange) has(c Cell) bool {
	if c.Row() < r.low || c.Row() > r.high {
		return false
	}
	return r.sheet == "" || r.sheet == c.File() || r.sheet == c.Sheet() || r.sheet == c.File()+"!"+c.Sheet()
}

// chooser judges rows by what they are, whatever they come to.
type chooser struct {
	exts *List
	rows []rowRange
	site SiteID
	sel  *Selection
}

func (b *builder) newChooser() (*chooser, error) {
	sel := &b.o.Select
	if err := sel.Check(); err != nil {
		return nil, err
	}
	c := &chooser{sel: sel}
	if len(sel.Extensions) > 0 {
		c.exts, _ = NewExtensionList(sel.Extensions)
	}
	c.rows, _ = rowRanges(sel.Rows)
	if sel.Site != "" {
		found := b.ix.sites(sel.Site)
		if len(found) != 1 {
			if len(found) == 0 {
				return nil, fmt.Errorf("no site is called %q (--site): give the name, code or id of one", sel.Site)
			}
			return nil, fmt.Errorf("%d sites are called %q (--site): give the name, code or id of one", len(found), sel.Site)
		}
		c.site = found[0].ID
	}
	return c, nil
}

// deselects says by which flag a row is deselected for what it is.
func (b *builder) deselects(c *chooser, w *work) deselection {
	if c.exts != nil {
		if _, ok := c.exts.Find(w.extensionNumber()); !ok {
			return offExtensions
		}
	}
	if len(c.rows) > 0 && !slices.ContainsFunc(c.rows, func(r rowRange) bool { return r.has(w.row.At) }) {
		return offRows
	}
	if c.site != "" && b.siteOfRow(w) != c.site {
		return offSite
	}
	return chosen
}

// extensionNumber is the number of the row's extension; empty if it has none.
func (w *work) extensionNumber() string {
	if w.ext() != nil {
		return w.ext().Number
	}
	return w.row.Extension.Text
}

// anyRow reports whether there is a row of some kind.
func (b *builder) anyRow(fits func(w *work) bool) bool {
	for w := range b.works.all() {
		if fits(w) {
			return true
		}
	}
	return false
}

// selectsSomething refuses a selection that no row fits, and flags that leave
// no row together: most likely something is mistyped. Of a list of extensions,
// which may be longer than the sheets, the entries that no row is of are noted.
// Kinds are not judged, as which rows are of one depends on what is done
// already.
func (b *builder) selectsSomething(c *chooser) error {
	none := func(fits func(w *work) bool) bool { return !b.anyRow(fits) }
	if err := b.unusedExtensions(c); err != nil {
		return err
	}
	for i := range c.rows {
		if none(func(w *work) bool { return c.rows[i].has(w.row.At) }) {
			return fmt.Errorf("no row has number %s (--rows)", c.sel.Rows[i])
		}
	}
	if c.site != "" && none(func(w *work) bool { return b.siteOfRow(w) == c.site }) {
		return fmt.Errorf("no row is of site %q (--site)", c.sel.Site)
	}
	if given := c.given(); len(given) > 0 && none(func(w *work) bool { return w.off == chosen }) {
		return fmt.Errorf("no row is selected by %s together", strings.Join(given, " and "))
	}
	return nil
}

// unusedExtensions notes the entries of the list of extensions that no row is
// of, and refuses the list if that is all of it.
func (b *builder) unusedExtensions(c *chooser) error {
	var unused []string
	missed := map[string]bool{}
	for _, e := range c.exts.Unused() {
		missed[e] = true
	}
	for _, e := range c.sel.Extensions {
		switch e = strings.TrimSpace(e); {
		case !missed[e]:
			continue
		case isDigits(e):
			unused = append(unused, e)
			continue
		}
		one, err := NewList([]string{e}) // a row may fit several entries
		if err != nil {
			return err
		}
		if !b.anyRow(func(w *work) bool { _, ok := one.Find(w.extensionNumber()); return ok }) {
			unused = append(unused, e)
		}
	}
	switch text := "no row is of extension " + shortList(unused, 10) + " (--extensions)"; {
	case len(unused) == 0:
		return nil
	case len(unused) == len(c.sel.Extensions):
		return errors.New(text)
	default:
		b.note(text)
		return nil
	}
}

// shortList lists the first few of some texts.
func shortList(texts []string, most int) string {
	if len(texts) <= most {
		return strings.Join(texts, ", ")
	}
	return strings.Join(texts[:most], ", ") + " and " + strconv.Itoa(len(texts)-most) + " more"
}

// given are the flags that judge rows by what they are.
func (c *chooser) given() []string {
	var out []string
	if c.exts != nil {
		out = append(out, "--extensions")
	}
	if len(c.rows) > 0 {
		out = append(out, "--rows")
	}
	if c.site != "" {
		out = append(out, "--site")
	}
	return out
}

// siteOfRow is the site of the row's extension or slots; empty if it can't be
// told.
func (b *builder) siteOfRow(w *work) SiteID {
	switch {
	case w.ext() != nil:
		return siteOf(w.ext().Site)
	case w.row.Action == ActionStock:
		if found := b.ix.sites(w.row.Site.Text); len(found) == 1 {
			return found[0].ID
		}
	case w.row.Action == ActionUnstock && w.dev != nil:
		return siteOf(w.dev.Site)
	}
	return ""
}

// wanted reports whether Only takes in a row that asks for these changes.
func (c *chooser) wanted(w *work, asked []*Change) bool {
	if len(c.sel.Only) == 0 {
		return true
	}
	kind := w.kind()
	if slices.Contains(c.sel.Only, kind) {
		return true
	}
	return kind == string(ActionUpdate) && slices.Contains(c.sel.Only, KindUpdateEmergency.String()) &&
		!slices.ContainsFunc(asked, func(c *Change) bool { return c.Kind != KindUpdateEmergency && c.Kind != KindCreateLocation })
}

// kind is what a row with changes does: what it asserts, or what it comes to.
// The steps that finish its goal are of the same kind.
func (w *work) kind() string {
	if w.row.Action != ActionEnsure {
		return string(w.row.Action)
	}
	switch {
	case w.verdict == adds, w.pos() != nil && w.pos().placeholder:
		return string(ActionAdd)
	case w.moves:
		return string(ActionSwap)
	}
	return string(ActionUpdate)
}
