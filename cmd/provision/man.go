package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newManCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "write the manual pages into a folder",
		Long: `man writes a manual page for the program and for each command into a folder, which
is made if need be. Pages that are there are written anew. Their date is that of
SOURCE_DATE_EPOCH (seconds since 1970) where it is set, so that packages can be
built twice alike.` + exitHelp(exitOK, exitError),
		Example: `  provision man /usr/local/share/man/man1
  provision man man && man man/provision-plan.1`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return writeManual(a, cmd.Root(), args[0]) },
	}
}

// writeManual writes a page for each command below root.
func writeManual(a *app, root *cobra.Command, dir string) error {
	date, err := manualDate(a)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a manual is for everybody
		return fmt.Errorf("make the folder of the manual: %w", err)
	}
	return writePages(root, dir, date)
}

func manualDate(a *app) (time.Time, error) {
	epoch := a.env["SOURCE_DATE_EPOCH"]
	if epoch == "" {
		return a.now().UTC(), nil
	}
	var seconds int64
	if _, err := fmt.Sscanf(epoch, "%d", &seconds); err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q, not a number of seconds since 1970", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// writePages writes the page of a command and those of the commands below it.
func writePages(cmd *cobra.Command, dir string, date time.Time) error {
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand() {
			continue
		}
		if err := writePages(c, dir, date); err != nil {
			return err
		}
	}
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	f, err := os.OpenFile(filepath.Join(dir, name+".1"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644) //nolint:gosec // a manual is for everybody
	if err != nil {
		return fmt.Errorf("write the manual page of %s: %w", cmd.CommandPath(), err)
	}
	cmd.DisableAutoGenTag = true
	header := &doc.GenManHeader{Title: strings.ToUpper(name), Section: "1", Source: "provision " + version, Manual: "provision", Date: &date}
	err = doc.GenMan(cmd, header, f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("write the manual page of %s: %w", cmd.CommandPath(), err)
	}
	return nil
}
