package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"provision/executor/report"
	"provision/executor/report/review"
)

// reviewFlags name the files that a plan is written to for people who review
// it; what is in them is what the terminal shows, and more of it.
type reviewFlags struct {
	html, xlsx, markdown string
	force                bool
}

func (f *reviewFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.html, "html", "", "write the plan as one HTML page to this file (mode 0600)")
	flags.StringVar(&f.xlsx, "xlsx", "", "write the plan as a workbook to this file (mode 0600)")
	flags.StringVar(&f.markdown, "markdown", "", "write the plan as Markdown to this file (mode 0600), for a ticket or a pull request")
	flags.BoolVar(&f.force, "force", false, "write over files of --html, --xlsx and --markdown that are there")
}

// reviewFiles are the files that reviewFlags name, open and not yet complete.
type reviewFiles []reviewFile

type reviewFile struct {
	flag  string
	saved *savedFile
	write func(io.Writer, *review.Review) error
}

// open opens the files before the account is read, so that a folder that can't
// be written is found out at once. others are what the command reads or writes
// besides.
func (f *reviewFlags) open(others ...string) (reviewFiles, error) {
	var files reviewFiles
	for _, form := range []struct {
		flag, path string
		write      func(io.Writer, *review.Review) error
	}{
		{"--html", f.html, report.WritePlanHTML},
		{"--xlsx", f.xlsx, writePlanXLSX},
		{"--markdown", f.markdown, report.WritePlanMarkdown},
	} {
		if form.path == "" {
			continue
		}
		if err := refuseShared(form.flag, form.path, others...); err != nil {
			files.discard()
			return nil, err
		}
		others = append(others, form.path)
		if err := refuseExisting(f.force, form.path); err != nil {
			files.discard()
			return nil, err
		}
		saved, err := openSaved(form.path)
		if err != nil {
			files.discard()
			return nil, withHint(fmt.Errorf("open the file of %s: %w", form.flag, err), "name a file in a folder that can be written")
		}
		files = append(files, reviewFile{form.flag, saved, form.write})
	}
	return files, nil
}

// writePlanXLSX keeps what a big workbook needs on disk in the system's folder
// for such files.
func writePlanXLSX(w io.Writer, r *review.Review) error { return report.WritePlanXLSX(w, r, "") }

// commit writes them all.
func (files reviewFiles) commit(r *review.Review) error {
	var errs []error
	for _, f := range files {
		if err := f.saved.commit(func(w io.Writer) error { return f.write(w, r) }); err != nil {
			errs = append(errs, fmt.Errorf("write the file of %s: %w", f.flag, err))
		}
	}
	return errors.Join(errs...)
}

func (files reviewFiles) discard() {
	for _, f := range files {
		f.saved.discard()
	}
}
