package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"provision/executor/report"
)

// writeReports writes the report in all its forms into the run's folder.
func (a *app) writeReports(r runFolder, rep *report.Report) error {
	tmp, err := os.MkdirTemp(r.dir, "tmp-")
	if err != nil {
		return fmt.Errorf("write reports: %w", err)
	}
	forms := []struct {
		name  string
		write func(io.Writer) error
	}{
		{reportCSV, rep.WriteCSV},
		{reportXLSX, func(w io.Writer) error { return rep.WriteXLSX(w, tmp) }},
		{reportJSON, rep.WriteJSON},
	}
	var errs []error
	for _, form := range forms {
		var buf bytes.Buffer
		err := form.write(&buf)
		if err == nil {
			err = writePrivate(r.file(form.name), buf.Bytes())
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("write %s: %w", form.name, err))
		}
	}
	errs = append(errs, os.RemoveAll(tmp))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	a.say("report: " + r.file(reportXLSX))
	return nil
}

func (a *app) writeReportText(w io.Writer, rep *report.Report) error {
	return rep.WriteText(w, widthOf(w), a.color() && isTerminal(w))
}
