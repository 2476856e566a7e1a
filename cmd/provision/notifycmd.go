package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"provision/cmd/provision/config"
	"provision/cmd/provision/notify"
)

type notifyTestOptions struct {
	event string
	json  bool
}

func newNotifyCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "notify",
		Short: "try who is told of runs",
		Long: `notify looks after the notifications of a profile: who is told that a run started,
was held, is done, left something over, failed, or left an emergency address
unconfirmed.` + exitHelp(exitOK, exitError),
		Example: "  provision notify test --profile nightly",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newNotifyTestCmd(a, runNotifyTest))
	return cmd
}

func newNotifyTestCmd(a *app, run func(context.Context, *app, notifyTestOptions) error) *cobra.Command {
	var o notifyTestOptions
	cmd := &cobra.Command{
		Use:   "test",
		Short: "send a test message to everybody who is told of an event",
		Long: `test sends a message that is marked as a test to each webhook and hook of the
profile that is told of the event, and says what came of it. Numbers and names in
it are invented.` + exitHelp(exitOK, exitError),
		Example: `  provision notify test --profile nightly
  provision notify test --profile nightly --event address-not-confirmed`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.event, "event", "", "send this event only: start, held, done, partial, failed, address-not-confirmed (default: each receiver its first one)")
	cmd.Flags().BoolVar(&o.json, "json", false, "write one JSON document to stdout instead of text")
	return cmd
}

// testDelivery is what came of one test message.
type testDelivery struct {
	Event config.Event `json:"event"`
	notify.Delivery
	Delivered bool   `json:"delivered"`
	Problem   string `json:"problem,omitempty"`
}

func runNotifyTest(ctx context.Context, a *app, o notifyTestOptions) error {
	if a.profile == nil {
		return withHint(usagef("there is no profile, so nobody is told"), "name one with --profile")
	}
	events := config.Events()
	if o.event != "" {
		if !slices.Contains(events, config.Event(o.event)) {
			return usagef("--event %q is none of %s", o.event, joinEvents(events))
		}
		events = []config.Event{config.Event(o.event)}
	}
	var all []testDelivery
	failed := 0
	told := map[string]bool{}
	for _, e := range events {
		for _, d := range a.teller.Without(told).Tell(ctx, testMessage(a, e), nil) {
			told[d.Receiver] = true
			one := testDelivery{Event: e, Delivery: d, Delivered: d.Err == nil}
			if d.Err != nil {
				one.Problem = d.Err.Error()
				failed++
			}
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return withHint(usagef("profile %s tells nobody of that", a.profile.Name), "see notifications in "+a.profile.File)
	}
	if err := a.showDeliveries(all, o.json); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%s of %d could not be told", count(failed, "receiver"), len(all))
	}
	return nil
}

func (a *app) showDeliveries(all []testDelivery, asJSON bool) error {
	if asJSON {
		return writeJSON(a.stdout, map[string]any{"deliveries": all})
	}
	for _, d := range all {
		result := "told"
		if !d.Delivered {
			result = "NOT told: " + d.Problem
		}
		if _, err := fmt.Fprintf(a.stdout, "%s (%s), %s: %s\n", d.Receiver, d.Kind, d.Event, result); err != nil {
			return err
		}
	}
	return nil
}

func joinEvents(events []config.Event) string {
	var words []string
	for _, e := range events {
		words = append(words, string(e))
	}
	return strings.Join(words, ", ")
}

// testMessage is a message of nobody.
func testMessage(a *app, e config.Event) *notify.Message {
	return &notify.Message{
		Event: e, Test: true, Time: a.now(), Run: "20000101T000000Z-000000", Sheets: []string{"test.csv"}, Outcome: string(e),
		Changes: map[string]int{"applied": 2, "failed": 1}, Rows: map[string]int{"applied": 2, "failed": 1}, Unconfirmed: 1,
		Private: notify.Private{Reason: "this is a test", Folder: "/nowhere", Rows: []notify.Row{
			{Source: "test.csv!2", Status: "failed", Extension: "000", Person: "Nobody", Number: "+10000000000", Message: "this is a test"},
		}},
	}
}
