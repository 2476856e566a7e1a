package main

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/executor"
	"provision/executor/journal"
	"provision/plan"
	"provision/rcclient"
)

// Flags of metrics; whoever writes or pushes them reads these.
const (
	metricsFlag          = "metrics-file"
	metricsPushFlag      = "metrics-push"
	metricsPushJobFlag   = "metrics-push-job"
	metricsPushLabelFlag = "metrics-push-label"
	metricsListenFlag    = "metrics-listen" // of an inbox that watches
)

// execFlags are the flags of every command that applies changes.
type execFlags struct {
	settle          time.Duration
	maxAge          time.Duration
	addressDeadline time.Duration
	stopAt          string
	sealTo          []string
	flags           *pflag.FlagSet
}

func (f *execFlags) register(cmd *cobra.Command) {
	f.flags = cmd.Flags()
	f.flags.DurationVar(&f.settle, "settle", executor.DefaultSettle, "how long after a lost answer a reading proves that the call had no effect (service time)")
	f.flags.DurationVar(&f.maxAge, "max-age", executor.DefaultMaxAge, "how old a reading may be for a change to be sent (service time)")
	f.flags.DurationVar(&f.addressDeadline, "address-deadline", executor.DefaultAddressDeadline, "how long to wait for an emergency address to be confirmed (service time)")
	f.flags.String(metricsFlag, "", "leave how it ended in this file, as metrics for node_exporter's textfile collector (NAME.prom)")
	f.flags.String(metricsPushFlag, "", "push how it ended to this Pushgateway, as http://127.0.0.1:9091")
	f.flags.String(metricsPushJobFlag, "provision", "the job label of what is pushed")
	f.flags.StringArray(metricsPushLabelFlag, nil, "a further label of what is pushed, as instance=host7; may be repeated")
	f.flags.StringVar(&f.stopAt, "stop-at", "", "begin no new work after the next time that it is, as 06:00")
	registerSealTo(f.flags, &f.sealTo)
}

func (f *execFlags) check(now time.Time) error {
	for _, d := range []struct {
		flag  string
		value time.Duration
	}{{"settle", f.settle}, {"max-age", f.maxAge}, {"address-deadline", f.addressDeadline}} {
		if d.value <= 0 {
			return usagef("--%s %s: want a duration above 0, as 2m", d.flag, d.value)
		}
	}
	if len(f.sealTo) > 0 {
		if _, err := recipientsOf(f.sealTo); err != nil {
			return err
		}
	}
	if f.stopAt != "" {
		_, err := parseStopAt(f.stopAt, now)
		return err
	}
	return nil
}

// terms are what a run was told at its begin and keeps to when it goes on.
// They are journaled as a note.
type terms struct {
	skipBadRows bool
	bulkSize    int
	maxStale    plan.Bound
	guardsOff   bool
}

// noteTerms is the code of the note that holds the terms.
const noteTerms = "terms"

func (t terms) note(text string) journal.Note {
	return journal.Note{Code: noteTerms, Text: text, Data: map[string]string{
		"skip_bad_rows": strconv.FormatBool(t.skipBadRows),
		"bulk_size":     strconv.Itoa(t.bulkSize),
		"max_stale":     t.maxStale.String(),
		"guards_off":    strconv.FormatBool(t.guardsOff),
	}}
}

// termsOf reads them back. A run that was killed before the note was durable
// has sent nothing and has the plan's own; rows in error are refused unless they
// are left out, so that was agreed then.
func termsOf(p *plan.Plan, state journal.State) terms {
	t := terms{
		skipBadRows: len(p.Errors) > 0, bulkSize: p.Options.BulkSize,
		maxStale: p.Options.Guards.MaxStale, guardsOff: p.Options.Guards.Off,
	}
	for _, n := range state.Notes {
		if n.Code != noteTerms {
			continue
		}
		t.skipBadRows = n.Data["skip_bad_rows"] == "true"
		t.guardsOff = n.Data["guards_off"] == "true"
		if size, err := strconv.Atoi(n.Data["bulk_size"]); err == nil {
			t.bulkSize = size
		}
		if b, err := plan.ParseBound(n.Data["max_stale"]); err == nil {
			t.maxStale = b
		}
	}
	return t
}

// options are the executor's.
func (f *execFlags) options(t terms, scale float64, stop <-chan struct{}) executor.Options {
	return executor.Options{
		BulkSize: t.bulkSize, MaxAge: f.maxAge, Settle: f.settle, AddressDeadline: f.addressDeadline,
		MaxStale: t.maxStale, NoStaleLimit: t.guardsOff, SkipTainted: t.skipBadRows,
		Scale: rcclient.Scale(scale), Stop: stop,
	}
}

// arm makes --stop-at and --seal-to work from now on.
func (f *execFlags) arm(ctx context.Context, a *app, stops *interrupts) (err error) {
	if len(f.sealTo) > 0 {
		if a.sealTo, err = recipientsOf(f.sealTo); err != nil {
			return err
		}
	}
	if f.stopAt == "" {
		return nil
	}
	at, err := parseStopAt(f.stopAt, a.now())
	if err != nil {
		return err
	}
	a.say("will stop at " + at.Format("2006-01-02 15:04"))
	stops.stopAt(ctx, at, a.now(), a.say)
	return nil
}
