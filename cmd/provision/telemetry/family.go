package telemetry

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Family is what all metrics of one name have in common.
type Family struct {
	Name string
	// Help is what the text format says of it.
	Help string
	// Counter: it only grows while the process lives; else it is a gauge.
	Counter bool
	// Labels beside profile.
	Labels []string
	// Served: it is on the page of --metrics-listen only.
	Served bool
}

// The families. docs/metrics.md lists them, which a test holds it to.
var (
	lastEnd     = Family{Name: "provision_last_end_timestamp_seconds", Help: "When the last run, apply or resume ended."}
	lastCode    = Family{Name: "provision_last_exit_code", Help: "The exit code that it ended with."}
	lastSuccess = Family{Name: "provision_last_success_timestamp_seconds", Help: "When one ended with exit code 0 the last time."}
	lastLost    = Family{Name: "provision_last_spans_lost", Help: "Spans of its traces that the collector did not take."}

	runLeft        = Family{Name: runPrefix + "changes_left", Help: "Changes that keep the last run open."}
	runUnconfirmed = Family{Name: runPrefix + "addresses_not_confirmed", Help: "Phones whose emergency address the last run left unconfirmed."}
	runChanges     = Family{Name: runPrefix + "changes", Help: "Changes of the last run by status.", Labels: []string{"status"}}
	runRows        = Family{Name: runPrefix + "rows", Help: "Rows of the last run by status.", Labels: []string{"status"}}
)

// runPrefix is how the names of families begin that are about the last run.
const runPrefix = "provision_last_run_"

// Families are all of them, in the order in which they are written.
func Families() []Family {
	return []Family{
		buildInfo, inboxStart, inboxLook, inboxWorking, inboxSheets, callsTotal, changesTotal,
		lastEnd, lastCode, lastSuccess, lastLost, runLeft, runUnconfirmed, runChanges, runRows,
	}
}

// writer writes the text format.
type writer struct {
	b       bytes.Buffer
	profile string
}

// head writes what comes before a family's metrics.
func (w *writer) head(f *Family) {
	kind := "gauge"
	if f.Counter {
		kind = "counter"
	}
	fmt.Fprintf(&w.b, "# HELP %s %s\n# TYPE %s %s\n", f.Name, f.Help, f.Name, kind)
}

// one writes a family that has one metric.
func (w *writer) one(f *Family, value int64) {
	w.head(f)
	w.metric(f, value)
}

// metric writes one metric; the values are those of the family's labels.
func (w *writer) metric(f *Family, value int64, values ...string) {
	w.b.WriteString(f.Name + `{profile="` + escape(w.profile) + `"`)
	for i, v := range values {
		w.b.WriteString(`,` + f.Labels[i] + `="` + escape(v) + `"`)
	}
	w.b.WriteString("} " + strconv.FormatInt(value, 10) + "\n")
}

// escape writes a label's value as the text format wants it.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}
