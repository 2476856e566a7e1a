package main

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"provision/plan"
)

// parse runs a command's flags without its work.
func parse(t *testing.T, cmd *cobra.Command, args ...string) error {
	t.Helper()
	cmd.SetArgs(args)
	cmd.SetOut(io.Discard)
	cmd.SetErr(io.Discard)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	return cmd.ExecuteContext(t.Context())
}

// The flags of apply win over the plan's guards; those that are not given leave them as they are.
func TestGuardFlags(t *testing.T) {
	t.Parallel()
	var got applyOptions
	cmd := newApplyCmd(&app{}, func(_ context.Context, _ *app, o applyOptions) error { got = o; return nil })
	if err := parse(t, cmd, "plan.json", "--max-removals", "40", "--release-numbers", "--max-swaps", "5%"); err != nil {
		t.Fatal(err)
	}
	if err := got.guards.check(); err != nil {
		t.Fatal(err)
	}
	base := plan.DefaultGuards()
	base.MaxAdds = plan.Bound{Count: 7, HasCount: true}
	want := base
	want.MaxRemovals = plan.Bound{Count: 40, HasCount: true}
	want.MaxSwaps = plan.Bound{Percent: 5, HasPercent: true}
	want.ReleaseNumbers = true
	if g := got.guards.over(base); g != want {
		t.Errorf("guards %+v, want %+v", g, want)
	}
	if given := got.guards.given(); len(given) != 3 || given[0] != "--max-removals=40" {
		t.Errorf("given %q, want the three flags", given)
	}
}

// Without flags the guards are the documented ones.
func TestGuardDefaults(t *testing.T) {
	t.Parallel()
	var got planOptions
	cmd := newPlanCmd(&app{}, func(_ context.Context, _ *app, o planOptions) error { got = o; return nil })
	if err := parse(t, cmd, "a.csv", "b.csv"); err != nil {
		t.Fatal(err)
	}
	if got.plan.guards.guards != plan.DefaultGuards() || len(got.sheets) != 2 {
		t.Errorf("guards %+v of %q", got.plan.guards.guards, got.sheets)
	}
	cmd = newPlanCmd(&app{}, func(_ context.Context, _ *app, o planOptions) error { return o.plan.check() })
	if err := parse(t, cmd, "a.csv", "--guards", "off"); err != nil {
		t.Error(err)
	}
	for _, bad := range [][]string{{"--guards", "no"}, {"--max-new-locations", "-1"}, {"--prune"}, {"--bulk-size", "0"}, {"--max-adds", "1,2"}} {
		cmd := newPlanCmd(&app{}, func(_ context.Context, _ *app, o planOptions) error { return o.plan.check() })
		if err := parse(t, cmd, append([]string{"a.csv"}, bad...)...); codeOf(err) != exitError {
			t.Errorf("%q gave %v, want an error", bad, err)
		}
	}
}

// What a run was told at its begin is journaled, so that resume keeps to it.
func TestTerms(t *testing.T) {
	t.Parallel()
	want := terms{skipBadRows: true, bulkSize: 4, maxStale: plan.Bound{Count: 3, HasCount: true}, guardsOff: true}
	st := journalStateOf(want.note("--skip-bad-rows"))
	if got := termsOf(&plan.Plan{}, st); got != want {
		t.Errorf("terms %+v, want %+v", got, want)
	}
	p := &plan.Plan{Options: plan.Options{BulkSize: 9, Guards: plan.Guards{Off: true}}}
	if got := termsOf(p, journalStateOf()); got != (terms{bulkSize: 9, guardsOff: true}) {
		t.Errorf("terms without a note %+v, want the plan's", got)
	}
}

// The first interrupt stops gracefully and cancels what only reads; it is told why.
func TestInterrupts(t *testing.T) {
	t.Parallel()
	i := &interrupts{stop: make(chan struct{})}
	ctx, cancel := i.context(t.Context())
	defer cancel()
	if i.stopped() || ctx.Err() != nil {
		t.Fatal("stopped before anything happened")
	}
	i.stopAt(t.Context(), time.Unix(0, 0), time.Unix(1, 0), func(string) {})
	<-i.stop
	<-ctx.Done()
	i.stopNow("later")
	if i.why() != "--stop-at" {
		t.Errorf("stopped by %q, want the first reason", i.why())
	}
}
