package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"provision/cmd/provision/doctor"
	"provision/plan"
)

type doctorOptions struct {
	sheets  []string
	service serviceFlags
	reading sheetFlags
	json    bool
	root    *cobra.Command
}

func newDoctorCmd(a *app, run func(context.Context, *app, doctorOptions) error) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor [SHEET...]",
		Short: "look whether a run could work: configuration, folders, service, permissions",
		Long: `doctor looks at the configuration and the profile, the credentials, the folders and
their room, locks and open runs, and asks the service: does it answer, which
account is it, which scopes and features are missing for what the sheets need,
the rate limits of each group, the emergency regime, whether the account-wide
device list answers, and how far the clocks are apart. It makes one call in each
group and changes nothing. Each check is ok, a warning or failed, with what to do.` +
			exitHelp(exitOK, exitError, exitSheet, exitStale, exitInterrupted),
		Example: `  provision doctor --profile nightly
  provision doctor onboarding.xlsx --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.sheets, o.root = args, cmd.Root()
			return run(cmd.Context(), a, o)
		},
	}
	o.service.register(cmd)
	o.reading.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

// patient is what doctor gathers while it looks.
type patient struct {
	*app
	o      doctorOptions
	report *doctor.Report
	// worst are errors with an exit code of their own: of a sheet, of another
	// account.
	worst error
}

func runDoctor(ctx context.Context, a *app, o doctorOptions) error {
	p := &patient{app: a, o: o, report: &doctor.Report{Checks: []doctor.Check{}, Limits: []doctor.Limit{}}}
	configured := p.configuration(ctx)
	needs, err := p.sheetNeeds(ctx)
	if err != nil {
		return err
	}
	p.folders()
	if configured && p.credentials(ctx) {
		if err := p.service(ctx, needs); err != nil {
			return err
		}
	}
	if err := p.show(); err != nil {
		return err
	}
	switch {
	case p.worst != nil:
		return p.worst
	case p.report.Status == doctor.Failed:
		return silent(kindUsage, "something failed")
	}
	return nil
}

func (p *patient) show() error {
	if p.o.json {
		return writeJSON(p.stdout, p.report)
	}
	if err := p.report.WriteText(p.stdout); err != nil {
		return fmt.Errorf("write what was found: %w", err)
	}
	return nil
}

// sheetNeeds reads the sheets, if any, and says what their rows need. Only an
// interrupt is an error.
func (p *patient) sheetNeeds(ctx context.Context) (doctor.Needs, error) {
	if len(p.o.sheets) == 0 {
		return doctor.NeedsOf(nil), nil
	}
	var d plan.Desired
	err := p.o.reading.check()
	if err == nil {
		d, err = p.readSheets(ctx, p.o.sheets, &p.o.reading)
	}
	switch {
	case codeOf(err) == exitInterrupted:
		return doctor.Needs{}, err
	case err != nil:
		p.report.Add("sheets", doctor.Failed, "see \"provision validate\"", "%s", errorText(err))
		return doctor.NeedsOf(nil), nil
	case len(d.Errors) > 0:
		p.report.Add("sheets", doctor.Failed, "\"provision validate\" lists them", "%s of %s", count(len(d.Errors), "error"), count(len(d.Rows), "row"))
		p.worst = errors.Join(p.worst, silent(kindSheet, "errors in the sheet"))
	default:
		p.report.Add("sheets", doctor.OK, "", "%s of %s", count(len(d.Rows), "row"), count(len(d.Sheets), "sheet"))
	}
	return doctor.NeedsOf(&d), nil
}
