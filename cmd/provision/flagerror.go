package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError is an error of the flags, with the help that tells of them.
func flagError(cmd *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	switch {
	case !errors.As(err, &bad):
		err = usagef("%w", err)
	case strings.TrimSpace(bad.GetValue()) == "":
		err = givenNothing(bad.GetFlag().Name)
	default:
		err = usagef("--%s %q: %w", bad.GetFlag().Name, bad.GetValue(), wanted(bad))
	}
	return withHint(err, fmt.Sprintf("see \"%s --help\"", cmd.CommandPath()))
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
