package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"provision/cmd/provision/wholefile"
	"provision/rcclient/rcsim"
)

// simGenerateOptions are the options of "provision sim generate".
type simGenerateOptions struct {
	extensions int
	devices    int
	erls       int
	erlRegime  bool
	unlisted   bool
	seed       uint64
	out        string
	sheet      string
	rows       int
	mix        string
	force      bool
}

func newSimGenerateCmd(a *app, run func(context.Context, *app, simGenerateOptions) error) *cobra.Command {
	var o simGenerateOptions
	cmd := &cobra.Command{
		Use:   "generate --extensions N -o account.json",
		Short: "make a simulated account, and a sheet for it",
		Long: `generate writes an account file for "provision sim" and "--server sim:FILE", and
with --sheet a sheet of rows for it. The same options and seed give the same
files.` + exitHelp(exitOK, exitError),
		Example: `  provision sim generate --extensions 200 --erls 5 --seed 1 -o account.json
  provision sim generate --extensions 6000 --erls 40 --seed 7 -o big.json \
      --sheet big.xlsx --rows 6000 --mix add=70,emergency=20,swap=5,remove=5`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("rows") {
				o.rows = o.extensions
			}
			return run(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&o.extensions, "extensions", 100, "how many extensions")
	flags.IntVar(&o.devices, "devices-per-extension", 1, "phones of an extension that has some")
	flags.IntVar(&o.erls, "erls", 10, "how many emergency response locations")
	flags.BoolVar(&o.erlRegime, "erl-regime", true, "emergency addresses are ERLs; false: plain addresses")
	flags.BoolVar(&o.unlisted, "unlisted-operations", false, "the account has the operation that writes serials and models of phones")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of all that is made up")
	flags.StringVarP(&o.out, "output", "o", "", "the account file to write")
	flags.StringVar(&o.sheet, "sheet", "", "write a sheet too: a name that ends in .xlsx or .csv")
	flags.IntVar(&o.rows, "rows", 0, "rows of the sheet (default: as many as extensions)")
	flags.StringVar(&o.mix, "mix", "add=70,emergency=20,swap=5,remove=5", "percent of each kind of row; they add up to 100")
	flags.BoolVar(&o.force, "force", false, "write over files that are there")
	return cmd
}

func (o simGenerateOptions) check() error {
	if o.out == "" {
		return usagef("-o FILE is missing: the account file to write")
	}
	if o.extensions < 1 || o.devices < 0 || o.erls < 0 || o.rows < 0 {
		return usagef("--extensions is at least 1, and no count is negative")
	}
	if o.sheet != "" {
		if _, err := sheetFormat(o.sheet); err != nil {
			return err
		}
	}
	return refuseExisting(o.force, o.out, o.sheet)
}

func runSimGenerate(_ context.Context, a *app, o simGenerateOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	mix, err := rcsim.ParseMix(o.mix)
	if err != nil {
		return usagef("--mix: %w", err)
	}
	account, rows, err := rcsim.Generate(rcsim.GenerateOptions{
		Extensions: o.extensions, DevicesPerExtension: o.devices, ERLs: o.erls, ERLRegime: o.erlRegime, UnlistedOperations: o.unlisted,
		Seed: o.seed, Rows: o.rows, Mix: mix,
	})
	if err != nil {
		return usagef("%w", err)
	}
	data, err := account.Encode()
	if err != nil {
		return err
	}
	if err := wholefile.Write(o.out, data, 0o644); err != nil {
		return fmt.Errorf("write account: %w", err)
	}
	made := fmt.Sprintf("made an account of %s: %s", count(o.extensions, "extension"), o.out)
	if o.sheet != "" {
		if err := writeSheet(o.sheet, rows); err != nil {
			return fmt.Errorf("write sheet: %w", err)
		}
		made += fmt.Sprintf("; a sheet of %s: %s", count(max(0, len(rows)-1), "row"), o.sheet)
	}
	a.say(made)
	if state := o.out + stateSuffix; fileExists(state) {
		a.warn(fmt.Sprintf("warning: %s, the state of an earlier account, is still there, and commands go on from it; begin from the new file with \"provision sim reset %s\"", state, o.out))
	}
	return nil
}
