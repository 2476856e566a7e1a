package sheet

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// allSheets reports whether every visible sheet with our header is asked for.
func (o Options) allSheets() bool { return len(o.Sheets) == 1 && o.Sheets[0] == "*" }

// named reports whether the operator named the sheet.
func (o Options) named(sheet string) bool {
	if o.allSheets() {
		return false
	}
	for _, s := range o.Sheets {
		if strings.EqualFold(strings.TrimSpace(s), sheet) {
			return true
		}
	}
	return false
}

// wanted reports whether a sheet's contents have to be proven: it was named, or
// none was and it is visible.
func (b *Book) wanted(s sheetPart) bool {
	if len(b.opts.Sheets) > 0 && !b.opts.allSheets() {
		return b.opts.named(s.name)
	}
	return !s.hidden
}

// choose takes the workbook's sheets that are to be read.
func (b *Book) choose() error {
	if len(b.opts.Sheets) > 0 && !b.opts.allSheets() {
		return b.chooseNamed()
	}
	found, err := b.look()
	if err != nil {
		return err
	}
	if len(found.withHeader) == 0 {
		// A header whose names are all misspelled is better than none.
		for _, s := range found.without {
			if b.hasHeader(&s, true) == nil {
				found.withHeader = append(found.withHeader, s)
			}
		}
	}
	for _, s := range found.without {
		if !slices.ContainsFunc(found.withHeader, func(w sheetPart) bool { return w.name == s.name }) {
			b.notes = append(b.notes, fmt.Sprintf("sheet %q has no header of ours", s.name))
		}
	}
	if err := b.chosen(&found); err != nil {
		return err
	}
	b.sheets = found.withHeader
	return nil
}

// sheetsFound is a workbook's sheets by what they hold.
type sheetsFound struct {
	withHeader, without []sheetPart // visible ones; without: neither a header of ours nor empty
	visible             []sheetPart
	examples            int   // visible ones with the template's examples
	first               error // why the first visible sheet with rows of its own is not read, or nil
}

// look sorts the workbook's sheets by what they hold, and notes what is passed over.
func (b *Book) look() (sheetsFound, error) {
	var found sheetsFound
	for _, s := range b.xlsx.archive.sheets {
		if s.hidden {
			b.notes = append(b.notes, fmt.Sprintf("sheet %q is hidden; it is read only if --sheet names it", s.name))
			continue
		}
		found.visible = append(found.visible, s)
		err := b.hasHeader(&s, false)
		if err == nil {
			own, err := b.isExamples(&s)
			if err != nil {
				return found, err
			}
			if own {
				found.examples++
				b.notes = append(b.notes, fmt.Sprintf("sheet %q holds the template's examples, unchanged", s.name))
				continue
			}
		}
		switch {
		case err == nil:
			found.withHeader = append(found.withHeader, s)
		case errors.Is(err, io.EOF):
			b.notes = append(b.notes, fmt.Sprintf("sheet %q is empty", s.name))
		case errors.Is(err, errNoHeader):
			found.without = append(found.without, s)
		default:
			return found, err
		}
		found.first = cmp.Or(found.first, err)
	}
	return found, nil
}

// chosen is nil if what was found can be read: one sheet, or several where all are asked for.
func (b *Book) chosen(found *sheetsFound) error {
	headers, visible := found.withHeader, found.visible
	switch {
	case len(visible) == 0:
		return &FileError{Reason: ReasonNoSheet, Detail: "all sheets are hidden", Hint: "name the one to read with --sheet"}
	case len(headers) == 0 && found.examples == len(visible):
		return &FileError{Reason: ReasonEmpty, Detail: "it holds the template's examples only", Hint: "fill in a sheet of your own"}
	case len(headers) == 0 && len(visible) == 1:
		return b.headerError(&visible[0], found.first)
	case len(headers) == 0:
		return b.headerError(&sheetPart{}, errNoHeader)
	case len(headers) > 1 && !b.opts.allSheets():
		return &FileError{Reason: ReasonManySheets, Detail: "several sheets have our header: " + quoteSheets(headers), Hint: fmt.Sprintf("say which to read with --sheet %q, or --sheet '*' for all", headers[0].name)}
	}
	return nil
}

func (b *Book) chooseNamed() error {
	for _, name := range b.opts.Sheets {
		found := false
		for _, s := range b.xlsx.archive.sheets {
			if strings.EqualFold(strings.TrimSpace(name), s.name) {
				found = true
			}
		}
		if !found {
			return &FileError{Reason: ReasonNoSheet, Detail: fmt.Sprintf("there is no sheet %q", name), Hint: "it has " + quoteSheets(b.xlsx.archive.sheets)}
		}
	}
	for _, s := range b.xlsx.archive.sheets {
		if b.opts.named(s.name) {
			b.sheets = append(b.sheets, s)
			continue
		}
		b.notes = append(b.notes, fmt.Sprintf("sheet %q is not named by --sheet", s.name))
	}
	return nil
}

// hasHeader reports by its error whether a sheet has our header.
func (b *Book) hasHeader(s *sheetPart, loose bool) error {
	src, err := b.xlsx.source(s)
	if err != nil {
		return err
	}
	_, _, err = b.names.findHeader(src, loose)
	if closeErr := src.close(); closeErr != nil && err == nil {
		err = closeErr
	}
	return err
}

func quoteSheets(sheets []sheetPart) string {
	names := make([]string, len(sheets))
	for i, s := range sheets {
		names[i] = s.name
	}
	return quoteNames(names)
}

func quoteNames(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, ", ")
}
