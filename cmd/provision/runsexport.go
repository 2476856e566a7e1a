package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"provision/cmd/provision/retain"
)

type runsExportOptions struct {
	run    string
	out    string
	redact bool
	force  bool
}

func newRunsExportCmd(a *app, run func(context.Context, *app, runsExportOptions) error) *cobra.Command {
	var o runsExportOptions
	cmd := &cobra.Command{
		Use:   "export RUN",
		Short: "write one run into an archive",
		Long: `export writes a run's folder into one file, a compressed tar archive of mode 0600: to
keep it elsewhere, or to hand it to whoever looks into it. The same content makes the same
file. An open run is exported as it is at that moment, with a warning; go on with the run
itself and not with a copy.

With --redact the archive holds a summary and the reports with tokens for persons, numbers
and places instead; nothing can be gone on with from it.` + exitHelp(exitOK, exitError, exitRefused),
		Example: `  provision runs export 20261124T160501Z -o run.tar.gz
  provision runs export 20261124T160501Z --redact -o run.tar.gz`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.run = args[0]
			return run(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&o.out, "output", "o", "", "write the archive into this file: .tar.gz")
	flags.BoolVar(&o.redact, "redact", false, "put tokens in the place of persons, numbers and places, and leave out everything else")
	flags.BoolVar(&o.force, "force", false, "write over a file that is there")
	return cmd
}

func runRunsExport(_ context.Context, a *app, o runsExportOptions) error {
	if o.out == "" {
		return withHint(usagef("name the archive with -o"), "for example: provision runs export "+o.run+" -o run.tar.gz")
	}
	st, err := openState(a.stateDir, a.env)
	if err != nil {
		return err
	}
	r, err := a.openRunFolder(a.runsDir, st, o.run)
	if err != nil {
		return err
	}
	if err := refuseInside(o.out, r.dir); err != nil {
		return err
	}
	if err := refuseExisting(o.force, o.out); err != nil {
		return err
	}
	info, _, _ := inspectRun(st, r)
	if info.Status == statusOpen {
		a.warn(fmt.Sprintf("warning: run %s is open (%s): the archive shows it as it is now", r.id, info.Why))
	}
	pack := func(w io.Writer) error { return retain.Pack(w, r.place(), retain.PackOptions{Live: true}) }
	if o.redact && info.Status != statusRedacted {
		if pack, err = a.packRedacted(r, info); err != nil {
			return err
		}
	}
	save, err := openSaved(o.out)
	if err != nil {
		return fmt.Errorf("export run %s: %w", r.id, err)
	}
	defer save.discard()
	err = save.commit(func(w io.Writer) error {
		z := gzip.NewWriter(w)
		if err := pack(z); err != nil {
			return err
		}
		return z.Close()
	})
	if err != nil {
		return fmt.Errorf("export run %s: %w", r.id, err)
	}
	a.say("archive: " + o.out)
	return nil
}

// packRedacted makes what writes the archive of a redacted twin.
func (a *app) packRedacted(r runFolder, info runInfo) (func(io.Writer) error, error) {
	p, state, err := loadRun(r)
	if err != nil {
		return nil, err
	}
	s, docs, err := a.redactedDocs(r, info, p, state)
	if err != nil {
		return nil, err
	}
	s.Redacted = s.Ended // the same content makes the same file
	files := map[string][]byte{}
	if files[retain.SummaryFile], err = s.Encode(); err != nil {
		return nil, err
	}
	for name, data := range docs {
		files[retain.ReportsDir+"/"+name] = data
	}
	return func(w io.Writer) error { return retain.PackFiles(w, r.id, files) }, nil
}

// refuseInside refuses to write an archive into the folder that it is made of.
func refuseInside(file, dir string) error {
	abs, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("find %s: %w", file, err)
	}
	if rel, err := filepath.Rel(dir, abs); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return usagef("%s lies in the run's own folder", file)
	}
	return nil
}
