package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"provision/plan"
	"provision/plan/sheet"
	"provision/plan/snapshot"
)

type exportOptions struct {
	service    serviceFlags
	out        string
	force      bool
	extensions []string
	site       string
}

func newExportCmd(a *app, run func(context.Context, *app, exportOptions) error) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export [-o FILE]",
		Short: "write the live account as a sheet",
		Long: `export writes the phones of the account as a sheet in our columns: a workbook (.xlsx)
or CSV (.csv), by the file's name; without -o, CSV to stdout. Planned as it is, it
needs no change: edit it and plan.

What no row can say is left out and named on stderr: soft phones, unassigned
devices, phones of extensions that can't have any. The file holds names, numbers
and addresses; only you can read it.` + exitHelp(exitOK, exitError, exitInterrupted),
		Example: `  provision export -o live.xlsx
  provision export -o sales.csv --extensions 100-199,205
  provision export -o berlin.xlsx --site Berlin`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), a, o) },
	}
	o.service.register(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&o.out, "output", "o", "", "the file to write: .xlsx or .csv")
	flags.BoolVar(&o.force, "force", false, "write over a file that is there")
	flags.StringSliceVar(&o.extensions, "extensions", nil, "only these extensions: numbers, ranges (100-199), patterns (1*), or @FILE with one a line")
	flags.StringVar(&o.site, "site", "", "only the extensions of this site, by name, code or id")
	return cmd
}

func runExport(ctx context.Context, a *app, o exportOptions) (err error) {
	format := sheet.FormatCSV
	if o.out != "" && o.out != "-" {
		if format, err = sheetFormat(o.out); err != nil {
			return err
		}
		if err := refuseExisting(o.force, o.out); err != nil {
			return err
		}
	}
	chosen, err := extensionList(o.extensions)
	if err != nil {
		return err
	}
	live, err := a.readAccount(ctx, o.service, "export", plan.Needs{AllExtensions: true, Sites: true, Locations: true})
	if err != nil {
		return err
	}
	opts := sheet.ExportOptions{Format: format}
	if chosen != nil {
		opts.Extension = func(number string) bool { _, ok := chosen.Find(number); return ok }
	}
	if o.site != "" {
		if opts.Site, err = siteOf(&live, o.site); err != nil {
			return err
		}
	}
	out, err := sheet.Export(live, opts)
	if err != nil {
		return err
	}
	for _, entry := range chosen.Unused() {
		a.warn("warning: no extension of the account is " + entry)
	}
	a.tellLeftOut(out.Left)
	if len(out.Rows) == 0 {
		return errors.New("nothing to export: the account has no phone that a row can mean")
	}
	return a.writeExport(o.out, format, &out)
}

// readAccount reads a part of the account for a command that only looks.
func (a *app) readAccount(ctx context.Context, f serviceFlags, command string, needs plan.Needs) (live plan.Snapshot, err error) {
	stops := catchSignals(a.log, a.say, leave)
	defer stops.end()
	reading, cancel := stops.context(ctx)
	defer cancel()
	s, err := a.connect(reading, f, connectOptions{command: command, readOnly: true})
	if err != nil {
		return live, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	s.waits.listen(a.tellLongWait)
	defer s.waits.listen(nil)
	var unread []error
	live, err = snapshot.Take(reading, s.client, needs, snapshot.Options{
		Now:      a.now(),
		Progress: func(what string) { a.phase("reading: " + what) },
		Unread: func(ext plan.ExtensionID, err error) {
			unread = append(unread, fmt.Errorf("read the devices of the extension with id %s: %w", ext, err))
		},
	})
	// An account that was read in part would be taken for all of it.
	return live, explainService(errors.Join(append(unread, err)...))
}

// siteOf finds the one site that a text means, as planning does.
func siteOf(live *plan.Snapshot, text string) (plan.SiteID, error) {
	switch found := plan.FindSites(live, text); len(found) {
	case 0:
		names := make([]string, len(live.Sites))
		for i := range live.Sites {
			names[i] = live.Sites[i].Name
		}
		return "", withHint(usagef("--site %q is no site of the account", text), "it has "+strings.Join(names, ", "))
	case 1:
		return found[0].ID, nil
	default:
		return "", usagef("--site %q means several sites: give its id", text)
	}
}

// tellLeftOut names what is not in the export, by reason.
func (a *app) tellLeftOut(left []sheet.LeftOut) {
	const most = 10
	var reasons []string
	by := map[string][]string{}
	for _, l := range left {
		if by[l.Reason] == nil {
			reasons = append(reasons, l.Reason)
		}
		name := string(l.Device)
		if l.Extension != "" {
			name += " of " + l.Extension
		}
		if l.Name != "" {
			name += " (" + oneLine(l.Name) + ")"
		}
		by[l.Reason] = append(by[l.Reason], name)
	}
	for _, reason := range reasons {
		names := by[reason]
		more := ""
		if len(names) > most {
			names, more = names[:most], fmt.Sprintf(" and %d more", len(names)-most)
		}
		a.warn(fmt.Sprintf("not in the export: %s, as %s: %s%s", count(len(by[reason]), "device"), reason, strings.Join(names, ", "), more))
	}
}

func (a *app) writeExport(path, format string, out *sheet.Exported) error {
	if path == "" || path == "-" {
		return sheet.WriteSheet(a.stdout, format, out.Header, out.Rows)
	}
	var buf bytes.Buffer
	if err := sheet.WriteSheet(&buf, format, out.Header, out.Rows); err != nil {
		return err
	}
	if err := writePrivate(path, buf.Bytes()); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	a.say(fmt.Sprintf("exported %s to %s", count(len(out.Rows), "phone"), path))
	return nil
}
