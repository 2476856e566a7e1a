package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// narrowing are the flags that limit what is done, and what each does. One
// that is set to nothing, most often from a shell variable that is not set,
// would not limit anything.
func narrowing(flag string) (verb string, ok bool) {
	switch flag {
	case "only", "extensions", "rows", "site", "limit":
		return "select", true
	case "protect-extensions", "protect-devices":
		return "protect", true
	}
	return "", false
}

// refuseEmpty refuses flags that were given with nothing, and variables that
// are set to nothing where they stand for a flag that narrows. Other empty
// variables count as unset. It comes before variables become flags.
func refuseEmpty(cmd *cobra.Command, env environ) error {
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value, set := env[envName(f.Name)]
		switch verb, narrows := narrowing(f.Name); {
		case f.Changed && holdsNothing(f):
			errs = append(errs, givenNothing(f.Name))
		case !f.Changed && narrows && set && strings.TrimSpace(value) == "":
			errs = append(errs, usagef("%s is set to nothing: name what it shall %s, or unset it", envName(f.Name), verb))
		}
	})
	return errors.Join(errs...)
}

func givenNothing(flag string) error {
	want := "give it a value"
	if verb, ok := narrowing(flag); ok {
		want = "name what it shall " + verb
	}
	return usagef("--%s is given with nothing: %s, or leave it away", flag, want)
}

// holdsNothing reports whether a text flag, or one of several texts, has no
// text.
func holdsNothing(f *pflag.Flag) bool {
	if several, ok := f.Value.(pflag.SliceValue); ok {
		return !slices.ContainsFunc(several.GetSlice(), func(s string) bool { return strings.TrimSpace(s) != "" })
	}
	return f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == ""
}
