package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"provision/plan"
	"provision/plan/sheet"
)

func (f *sheetFlags) check() error {
	switch sheet.Hidden(f.hidden) {
	case sheet.HiddenRefuse, sheet.HiddenRead, sheet.HiddenSkip:
	default:
		return usagef("--hidden %q is neither read nor skip", f.hidden)
	}
	for _, c := range []struct {
		flag, code string
		known      func(string) bool
	}{{"country", f.country, sheet.KnownCountry}, {"region", f.region, sheet.KnownRegion}} {
		if c.code != "" && (len(c.code) != 2 || strings.Trim(strings.ToUpper(c.code), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
			return usagef("--%s %q is not an ISO country code of two letters", c.flag, c.code)
		}
		if c.code != "" && !c.known(c.code) {
			return usagef("--%s %q is no country that is known; write its ISO code of two letters, as in US", c.flag, c.code)
		}
	}
	if err := f.checkLimits(); err != nil {
		return err
	}
	for _, m := range f.mapping {
		if strings.LastIndex(m, "=") < 1 {
			return usagef(`--map %q is not of the form "Their Header=our_column"`, m)
		}
	}
	return nil
}

func (f *sheetFlags) options() sheet.Options {
	o := sheet.Options{
		Hidden: sheet.Hidden(f.hidden), MapFile: f.mapFile, Delimiter: f.delimiter, Encoding: f.encoding,
		Limits:  f.limits(),
		Country: strings.ToUpper(f.country), Region: strings.ToUpper(f.region), Map: map[string]string{},
	}
	if f.sheets != "" {
		for name := range strings.SplitSeq(f.sheets, ",") {
			o.Sheets = append(o.Sheets, strings.TrimSpace(name))
		}
	}
	for _, m := range f.mapping {
		at := strings.LastIndex(m, "=") // their header may hold one, our column does not
		o.Map[m[:at]] = strings.TrimSpace(m[at+1:])
	}
	return o
}

// readSheets reads the rows, and tells what was found out about the files that
// somebody should check.
func (a *app) readSheets(ctx context.Context, paths []string, f *sheetFlags) (plan.Desired, error) {
	if err := noSheetTwice(paths); err != nil {
		return plan.Desired{}, err
	}
	d, found, err := a.readSheetFiles(ctx, paths, f.options())
	if err != nil {
		return plan.Desired{}, err
	}
	if f.sheets != "" && !slices.ContainsFunc(found, func(one sheet.Detected) bool { return one.Sheet != "" }) {
		return plan.Desired{}, usagef("--sheet %s: none of the files is a workbook", f.sheets)
	}
	a.sayFound(found)
	return d, nil
}

// sayFound tells what was found out about the files that somebody should check.
func (a *app) sayFound(found []sheet.Detected) {
	for _, one := range found {
		name := plan.RowCell(one.File, one.Sheet, 0).String()
		a.phase(fmt.Sprintf("%s: %s below the header in row %d", name, count(one.DataRows, "row"), one.HeaderRow))
		for _, note := range one.Notes {
			a.say(name + ": " + note)
		}
		for _, skipped := range one.Skipped {
			a.say(one.File + ": not read: " + skipped)
		}
	}
}
