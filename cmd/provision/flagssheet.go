package main

import (
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

// limits puts the flags in the form in which sheets are read by.
func (f *sheetFlags) limits() sheet.Limits {
	return sheet.Limits{FileBytes: f.fileMiB << 20, UnpackedBytes: f.unpackedMiB << 20, Members: f.parts, Rows: f.rows, Columns: f.columns, CellBytes: f.cellKiB << 10}
}
