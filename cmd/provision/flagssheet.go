package main

import (
	"math"

	"github.com/spf13/cobra"

	"provision/plan/sheet"
)

// sheetFlags say how sheets are read.
type sheetFlags struct {
	sheets    string
	hidden    string
	mapping   []string
	mapFile   string
	delimiter string
	encoding  string
	country   string
	region    string

	fileMiB     int64
	unpackedMiB int64
	parts       int
	rows        int
	columns     int
	cellKiB     int
}

func (f *sheetFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.sheets, "sheet", "", "which sheets of a workbook to read: A,B or '*' (default: the only visible one with our header)")
	flags.StringVar(&f.hidden, "hidden", "", "what to do with hidden or filtered rows: read or skip (default: refuse)")
	flags.StringArrayVar(&f.mapping, "map", nil, `which of our columns one of theirs is: "Their Header=our_column"; may be repeated`)
	flags.StringVar(&f.mapFile, "map-file", "", "file of such mappings, one a line")
	flags.StringVar(&f.delimiter, "delimiter", "", "what separates the columns of a CSV file: , ; | tab or any other character (default: found out)")
	flags.StringVar(&f.encoding, "encoding", "", "encoding of a CSV file (default: found out)")
	flags.StringVar(&f.country, "country", "", "ISO code of the country of addresses that state none")
	flags.StringVar(&f.region, "region", "US", "ISO code of the country of phone numbers without a country code")
	f.registerLimits(cmd)
}

// registerLimits adds the limits that keep a sheet from using up the machine.
func (f *sheetFlags) registerLimits(cmd *cobra.Command) {
	flags, d := cmd.Flags(), sheet.DefaultLimits()
	name := func(flag string) string { return flag[len("--"):] }
	flags.Int64Var(&f.fileMiB, name(sheet.FlagFile), d.FileBytes>>20, "largest sheet file, in MiB")
	flags.Int64Var(&f.unpackedMiB, name(sheet.FlagUnpacked), d.UnpackedBytes>>20, "largest workbook unpacked, in MiB")
	flags.IntVar(&f.parts, name(sheet.FlagMembers), d.Members, "most parts that a workbook may be made of")
	flags.IntVar(&f.rows, name(sheet.FlagRows), d.Rows, "most rows of a sheet that hold anything")
	flags.IntVar(&f.columns, name(sheet.FlagColumns), d.Columns, "most columns of a sheet")
	flags.IntVar(&f.cellKiB, name(sheet.FlagCell), d.CellBytes>>10, "longest text of a cell, in KiB")
}

// checkLimits refuses limits that nothing could keep to.
func (f *sheetFlags) checkLimits() error {
	const mostSize = 1 << 20 // MiB or KiB
	for _, l := range []struct {
		flag        string
		value, most int64
	}{
		{sheet.FlagFile, f.fileMiB, mostSize}, {sheet.FlagUnpacked, f.unpackedMiB, mostSize}, {sheet.FlagCell, int64(f.cellKiB), mostSize},
		{sheet.FlagMembers, int64(f.parts), math.MaxInt64}, {sheet.FlagRows, int64(f.rows), math.MaxInt64}, {sheet.FlagColumns, int64(f.columns), math.MaxInt64},
	} {
		switch {
		case l.value < 1:
			return usagef("%s %d: want 1 or more", l.flag, l.value)
		case l.value > l.most:
			return usagef("%s %d: want at most %d", l.flag, l.value, l.most)
		}
	}
	return nil
}

// limits puts the flags in the form in which sheets are read by.
func (f *sheetFlags) limits() sheet.Limits {
	return sheet.Limits{FileBytes: f.fileMiB << 20, UnpackedBytes: f.unpackedMiB << 20, Members: f.parts, Rows: f.rows, Columns: f.columns, CellBytes: f.cellKiB << 10}
}
