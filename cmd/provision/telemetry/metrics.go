package telemetry

import (
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
	// Traced: it makes traces; SpansLost counts the spans that it lost so far.
	Traced    bool
	SpansLost int64
	// Begun: a run was begun or gone on with; the rest is of it.
	Begun bool
	// Left counts changes that keep the run open.
	Left int
	// Unconfirmed counts phones whose emergency address is not confirmed.
	Unconfirmed int
	// Changes and Rows count by status.
	Changes, Rows map[string]int

	// kept are the lines about the last run of a command of before.
	kept string
}

// Text is the metrics in the text format.
func (m *Metrics) Text() []byte {
	w := &writer{profile: m.Profile}
	w.one(&lastEnd, m.Ended.Unix())
	w.one(&lastCode, int64(m.ExitCode))
	if at := m.success(); !at.IsZero() {
		w.one(&lastSuccess, at.Unix())
	}
	if m.Traced {
		w.one(&lastLost, m.SpansLost)
	}
	if !m.Begun {
		w.b.WriteString(m.kept)
		return w.b.Bytes()
	}
	w.one(&runLeft, int64(m.Left))
	w.one(&runUnconfirmed, int64(m.Unconfirmed))
	by := func(f *Family, counts map[string]int) {
		w.head(f)
		for _, status := range slices.Sorted(maps.Keys(counts)) {
			w.metric(f, int64(counts[status]), status)
		}
	}
	by(&runChanges, m.Changes)
	by(&runRows, m.Rows)
	return w.b.Bytes()
}

func (m *Metrics) success() time.Time {
	if m.ExitCode == 0 {
		return m.Ended
	}
	return m.Success
}

// Keep takes out of metrics that were written before what outlives a command
// that failed or began no run: the last success, and what is known of the last
// run. Metrics of another profile are not taken.
func (m *Metrics) Keep(before []byte) {
	own := `{profile="` + escape(m.Profile) + `"`
	var kept strings.Builder
	for line := range strings.Lines(string(before)) {
		if !strings.HasSuffix(line, "\n") {
			break // cut short
		}
		name, rest, labeled := strings.Cut(line, own)
		switch {
		case labeled && name == lastSuccess.Name:
			at := strings.LastIndexByte(rest, ' ')
			if s, err := strconv.ParseInt(strings.TrimSpace(rest[at+1:]), 10, 64); err == nil {
				m.Success = time.Unix(s, 0)
			}
		case labeled && strings.HasPrefix(name, runPrefix), isHeadOfRun(line):
			kept.WriteString(line)
		}
	}
	if m.kept = kept.String(); !strings.Contains(m.kept, own) {
		m.kept = ""
	}
}

func isHeadOfRun(line string) bool {
	return strings.HasPrefix(line, "# HELP "+runPrefix) || strings.HasPrefix(line, "# TYPE "+runPrefix)
}
