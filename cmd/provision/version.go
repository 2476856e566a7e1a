package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"provision/executor/journal"
	"provision/plan"
)

func newVersionCmd(a *app) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "show the program's version and the formats it reads",
		Long:    "version shows the program's version, and the versions of plans and journals that it reads." + exitHelp(exitOK),
		Example: "  provision version\n  provision version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return writeJSON(a.stdout, versionInfo())
			}
			_, err := io.WriteString(a.stdout, versionText())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

// versionDoc is the version for scripts.
type versionDoc struct {
	Version       string `json:"version"`
	Commit        string `json:"commit"` // empty: unknown
	Date          string `json:"date"`   // of the commit; empty: unknown
	Go            string `json:"go"`
	OS            string `json:"os"`
	Arch          string `json:"arch"`
	PlanFormat    int    `json:"plan_format"`
	JournalFormat int    `json:"journal_format"`
}

func versionInfo() versionDoc {
	return versionDoc{
		Version: version, Commit: commit, Date: date, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		PlanFormat: plan.FormatVersion, JournalFormat: journal.FormatVersion,
	}
}

func versionText() string {
	v := versionInfo()
	built := ""
	if v.Commit != "" {
		built = fmt.Sprintf("commit %s of %s\n", v.Commit, v.Date)
	}
	return fmt.Sprintf("provision %s (%s, %s/%s)\n%splan format %d, journal format %d\n",
		v.Version, v.Go, v.OS, v.Arch, built, v.PlanFormat, v.JournalFormat)
}
