package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"provision/executor/journal"
	"provision/plan"
)

func newVersionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "show the program's version and the formats it reads",
		Long:    "version shows the program's version, and the versions of plans and journals that it reads." + exitHelp(exitOK),
		Example: "  provision version",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.stdout, "provision %s (%s, %s/%s)\nplan format %d, journal format %d\n",
				version, runtime.Version(), runtime.GOOS, runtime.GOARCH, plan.FormatVersion, journal.FormatVersion)
			return err
		},
	}
}
