package main

import (
	"os"

	"provision/cmd/provision/telemetry"
	"provision/cmd/provision/wholefile"
	"provision/executor/report"
)

// metrics are what a command leaves for who watches; the file is --metrics-file.
type metrics struct {
	file string
	last telemetry.Metrics
}

// metricsFileMode lets the collector read it, which runs as another user. No
// person and no number is in it.
const metricsFileMode = 0o644

// measure keeps how a run ended.
func (a *app) measure(rep *report.Report, left int) {
	if a.metrics == nil {
		return
	}
	m := &a.metrics.last
	m.Begun, m.Left, m.Unconfirmed = true, left, len(rep.Concerns())
	m.Changes, m.Rows = countsOf(rep)
}

// writeMetrics writes the file. That it can't is said and changes nothing.
func (a *app) writeMetrics(code exitCode) {
	if a.metrics == nil {
		return
	}
	m := a.metrics.last
	m.Ended, m.ExitCode = a.now(), int(code)
	if a.profile != nil {
		m.Profile = a.profile.Name
	}
	before, err := os.ReadFile(a.metrics.file)
	if err == nil {
		m.Success = telemetry.LastSuccess(before)
	}
	if err := wholefile.Write(a.metrics.file, m.Text(), metricsFileMode); err != nil {
		a.warn("warning: metrics are not written: " + oneLine(err.Error()))
	}
}
