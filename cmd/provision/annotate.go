package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"provision/plan"
	"provision/plan/sheet"
)

// checkAnnotate checks what --annotate is given.
func (o *validateOptions) checkAnnotate() error {
	if o.annotate == "" {
		return nil
	}
	if len(o.paths) != 1 {
		return usagef("--annotate marks one sheet at a time: name one file")
	}
	if want := bookEnding(o.paths[0]); strings.ToLower(filepath.Ext(o.annotate)) != want {
		return usagef("--annotate %s: the name ends in %s, as what is written is such a workbook", o.annotate, want)
	}
	return refuseExisting(o.force, o.annotate)
}

// annotate writes the sheet with its problems marked.
func (a *app) annotate(ctx context.Context, o validateOptions, d *plan.Desired) error {
	if o.annotate == "" {
		return nil
	}
	var buf bytes.Buffer
	var done sheet.Annotated
	err := a.withPrivateFolder(ctx, func(ctx context.Context, folder string) (err error) {
		opts := o.sheets.options()
		opts.TempDir = folder
		done, err = sheet.Annotate(ctx, &buf, o.paths[0], opts, d)
		return err
	})
	if err != nil {
		return err
	}
	if err := writePrivate(o.annotate, buf.Bytes()); err != nil {
		return fmt.Errorf("write annotated workbook: %w", err)
	}
	a.say(fmt.Sprintf("marked %s and %s: %s, sheet %q", count(done.Errors, "error"), count(done.Warns, "warning"), o.annotate, done.List))
	return nil
}
