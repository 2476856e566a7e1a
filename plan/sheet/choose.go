package sheet

import (
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
	var withHeader, without, visible []sheetPart
	var firstErr error
	examples := 0
	for _, s := range b.xlsx.archive.sheets {
		if s.hidden {
			b.notes = append(b.notes, fmt.Sprintf("sheet %q is hidden; it is read only if --sheet names it", s.name))
			continue
		}
		visible = append(visible, s)
		err := b.hasHeader(&s, false)
		if err == nil {
			own, err := b.isExamples(&s)
			if err != nil {
				return err
			}
			if own {
				examples++
				b.notes = append(b.notes, fmt.Sprintf("sheet %q holds the template's examples, unchanged", s.name))
				continue
			}
		}
		switch {
		case err == nil:
			withHeader = append(withHeader, s)
		case errors.Is(err, io.EOF):
			b.notes = append(b.notes, fmt.Sprintf("sheet %q is empty", s.name))
		case errors.Is(err, errNoHeader):
			without = append(without, s)
		default:
			return err
		}
		if firstErr == nil {
			firstErr = err
		}
	}
	if len(withHeader) == 0 {
		// A header whose names are all misspelled is better than none.
		for _, s := range without {
			if b.hasHeader(&s, true) == nil {
				withHeader = append(withHeader, s)
			}
		}
	}
	for _, s := range without {
		if !slices.ContainsFunc(withHeader, func(w sheetPart) bool { return w.name == s.name }) {
			b.notes = append(b.notes, fmt.Sprintf("sheet %q has no header of ours", s.name))
		}
	}
	switch {
	case len(visible) == 0:
		return &FileError{Reason: ReasonNoSheet, Detail: "all sheets are hidden", Hint: "name the one to read with --sheet"}
	case len(withHeader) == 0 && examples == len(visible):
		return &FileError{Reason: ReasonEmpty, Detail: "it holds the template's examples only", Hint: "fill in a sheet of your own"}
	case len(withHeader) == 0 && len(visible) == 1:
		return b.headerError(&visible[0], firstErr)
	case len(withHeader) == 0:
		return b.headerError(&sheetPart{}, errNoHeader)
	case len(withHeader) > 1 && !b.opts.allSheets():
		return &FileError{Reason: ReasonManySheets, Detail: "several sheets have our header: " + quoteNames(withHeader), Hint: fmt.Sprintf("say which to read with --sheet %q, or --sheet '*' for all", withHeader[0].name)}
	}
	b.sheets = withHeader
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
			return &FileError{Reason: ReasonNoSheet, Detail: fmt.Sprintf("there is no sheet %q", name), Hint: "it has " + quoteNames(b.xlsx.archive.sheets)}
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

func quoteNames(sheets []sheetPart) string {
	names := make([]string, len(sheets))
	for i, s := range sheets {
		names[i] = fmt.Sprintf("%q", s.name)
	}
	return strings.Join(names, ", ")
}
