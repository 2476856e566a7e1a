package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/plan/sheet"
)

// flagError is an error of the flags, with the help that tells of them.
func flagError(cmd *cobra.Command, err error) error {
	help := fmt.Sprintf("see \"%s --help\"", cmd.CommandPath())
	var bad *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &unknown):
		if hint := meantFlag(cmd, unknown.GetSpecifiedName()); hint != "" {
			help = hint
		}
		err = usagef("%w", err)
	case !errors.As(err, &bad):
		err = usagef("%w", err)
	case strings.TrimSpace(bad.GetValue()) == "":
		err = givenNothing(bad.GetFlag().Name)
	default:
		err = usagef("--%s %q: %w", bad.GetFlag().Name, bad.GetValue(), wanted(bad))
	}
	return withHint(err, help)
}

// meantFlag says what an unknown flag may have been meant for; empty if nothing
// is near.
func meantFlag(cmd *cobra.Command, name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, "_", "-"))
	switch name {
	case "dry-run", "dryrun":
		return `"provision plan" shows what would be done and changes nothing, "provision rehearse" carries a plan out on a copy of the account`
	case "":
		return ""
	}
	const shortest, long = 4, 7 // letters, as for the names of columns
	allowed := 1
	if len(name) > long {
		allowed = 2
	}
	var near, longer []string // longer: names that begin or end with it
	best := allowed + 1
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		d := sheet.EditDistance(name, f.Name, best+1)
		switch {
		case f.Hidden:
		case len(name) >= shortest && (strings.HasPrefix(f.Name, name+"-") || strings.HasSuffix(f.Name, "-"+name)):
			longer = append(longer, "--"+f.Name)
		case len(name) < shortest || d > best || d > allowed:
		case d < best:
			best, near = d, []string{"--" + f.Name}
		default:
			near = append(near, "--"+f.Name)
		}
	})
	const most = 3
	if len(near) == 0 && len(longer) <= most {
		near = longer
	}
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(near, ", ") + "?"
}

// wanted says what a flag takes, where it is of one of Go's own types: what
// they say of a wrong value is of parsing.
func wanted(bad *pflag.InvalidValueError) error {
	switch bad.GetFlag().Value.Type() {
	case "int", "int64", "uint64":
		return errors.New("want a whole number")
	case "float64":
		return errors.New("want a number")
	case "duration":
		return errors.New("want a duration with its unit, as 30s, 5m or 1h30m")
	case "bool":
		return errors.New("want true or false")
	}
	return bad.Unwrap()
}
