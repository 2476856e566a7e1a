package main

import "github.com/spf13/cobra"

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
}

func (f *sheetFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.sheets, "sheet", "", "which sheets of a workbook to read: A,B or '*' (default: the only visible one with our header)")
	flags.StringVar(&f.hidden, "hidden", "", "what to do with hidden or filtered rows: read or skip (default: refuse)")
	flags.StringArrayVar(&f.mapping, "map", nil, `which of our columns one of theirs is: "Their Header=our_column"; may be repeated`)
	flags.StringVar(&f.mapFile, "map-file", "", "file of such mappings, one a line")
	flags.StringVar(&f.delimiter, "delimiter", "", "what separates the columns of a CSV file: , ; or tab (default: found out)")
	flags.StringVar(&f.encoding, "encoding", "", "encoding of a CSV file (default: found out)")
	flags.StringVar(&f.country, "country", "", "ISO code of the country of addresses that state none")
	flags.StringVar(&f.region, "region", "US", "ISO code of the country of phone numbers without a country code")
}
