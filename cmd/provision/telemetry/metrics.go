package telemetry

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Metrics are what a command that works on runs left.
type Metrics struct {
	// Profile is the label of all; may be empty.
	Profile string
	// Ended is when the command, or its run, ended.
	Ended time.Time
	// ExitCode is what it ends with.
	ExitCode int
	// Success is when one ended with 0 the last time; zero: never, as far as
	// known. That of this command counts by itself.
	Success time.Time
	// Begun: a run was begun or gone on with; the rest is of it.
	Begun bool
	// Left counts changes that keep the run open.
	Left int
	// Unconfirmed counts phones whose emergency address is not confirmed.
	Unconfirmed int
	// Changes and Rows count by status.
	Changes, Rows map[string]int
}

// success is the metric that outlives a command that failed.
const success = "provision_last_success_timestamp_seconds"

// Text is the metrics in the text format.
func (m *Metrics) Text() []byte {
	var b bytes.Buffer
	all := `{profile="` + escape(m.Profile) + `"}`
	gauge := func(name, help string) { fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name) }
	one := func(name, help string, value int64) {
		gauge(name, help)
		fmt.Fprintf(&b, "%s%s %d\n", name, all, value)
	}
	by := func(name, help string, counts map[string]int) {
		gauge(name, help)
		for _, status := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(&b, "%s{profile=\"%s\",status=\"%s\"} %d\n", name, escape(m.Profile), escape(status), counts[status])
		}
	}
	one("provision_last_end_timestamp_seconds", "When the last run, apply or resume ended.", m.Ended.Unix())
	one("provision_last_exit_code", "The exit code that it ended with.", int64(m.ExitCode))
	if at := m.success(); !at.IsZero() {
		one(success, "When one ended with exit code 0 the last time.", at.Unix())
	}
	if m.Begun {
		one("provision_last_run_changes_left", "Changes that keep the last run open.", int64(m.Left))
		one("provision_last_run_addresses_not_confirmed", "Phones whose emergency address the last run left unconfirmed.", int64(m.Unconfirmed))
		by("provision_last_run_changes", "Changes of the last run by status.", m.Changes)
		by("provision_last_run_rows", "Rows of the last run by status.", m.Rows)
	}
	return b.Bytes()
}

func (m *Metrics) success() time.Time {
	if m.ExitCode == 0 {
		return m.Ended
	}
	return m.Success
}

// LastSuccess reads it out of metrics that were written before; zero if they do
// not say it.
func LastSuccess(text []byte) time.Time {
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, success+"{")
		if !ok {
			continue
		}
		at := strings.LastIndexByte(rest, ' ')
		if s, err := strconv.ParseInt(strings.TrimSpace(rest[at+1:]), 10, 64); err == nil {
			return time.Unix(s, 0)
		}
	}
	return time.Time{}
}

// escape writes a label's value as the text format wants it.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}
