package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/plan"
)

// selectFlags say which part of the sheets is done.
type selectFlags struct {
	selection plan.Selection
	flags     *pflag.FlagSet
}

func (f *selectFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.flags = flags
	flags.StringSliceVar(&f.selection.Only, "only", nil, "do only rows of these kinds: add, update, update_emergency, swap, remove, stock, unstock")
	flags.StringSliceVar(&f.selection.Extensions, "extensions", nil, "do only rows of these extensions: numbers, ranges (100-199), patterns (1*), or @FILE with one a line")
	flags.StringSliceVar(&f.selection.Rows, "rows", nil, "do only these rows, as the spreadsheet counts them: 2-50, or moves.csv!2-50")
	flags.StringVar(&f.selection.Site, "site", "", "do only rows of extensions at this site (name, code or id)")
	flags.IntVar(&f.selection.Limit, "limit", 0, "do only the first rows, of no more than this many changes (default: no limit)")
}

func (f *selectFlags) check() error {
	if f.flags != nil && f.flags.Changed("limit") && f.selection.Limit == 0 {
		return usagef("--limit 0: want 1 or more")
	}
	if len(f.selection.Extensions) > 0 {
		entries, err := readList(f.selection.Extensions)
		if err != nil {
			return usagef("--extensions: %w", err)
		}
		f.selection.Extensions = entries
	}
	if err := f.selection.Check(); err != nil {
		return usagef("--%w", err)
	}
	return nil
}

// extensionList is a list of extensions as --extensions takes it; nil if it was
// not given.
func extensionList(given []string) (*plan.List, error) {
	if len(given) == 0 {
		return nil, nil
	}
	entries, err := readList(given)
	if err != nil {
		return nil, usagef("--extensions: %w", err)
	}
	l, err := plan.NewExtensionList(entries)
	if err != nil {
		return nil, usagef("--%w", err)
	}
	return l, nil
}
